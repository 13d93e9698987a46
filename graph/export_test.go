package graph

import "github.com/cayleygraph/quad"

// ReadBack makes a claim out of its quads, the fact first, as a store does.
func ReadBack(quads []quad.Quad) Claim {
	fact := quads[0]
	c := Claim{ID: fact.Label.(quad.IRI), Subject: fact.Subject.(quad.IRI), Predicate: fact.Predicate.(quad.IRI), Object: fact.Object}
	for _, q := range quads[1:] {
		c.setFact(q.Predicate.(quad.IRI), q.Object)
	}
	return c
}

// FoldWords folds each word of a text.
func FoldWords(text string) []string { return foldWords(text) }

// Fit says how a text fits a name.
func Fit(key string, words []string, name string) (how MatchKind, distance int, ok bool) {
	return fit(key, words, Fold(name), func() []string { return foldWords(name) })
}
