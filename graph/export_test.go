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

// Recall is a recall for tests.
type Recall[K comparable, V any] struct{ *recall[K, V] }

// NewRecall makes one.
func NewRecall[K comparable, V any](bytes int) Recall[K, V] {
	return Recall[K, V]{newRecall[K, V](bytes)}
}

// Get returns what is kept under a key.
func (r Recall[K, V]) Get(k K, weigh func(V) int) (V, bool) { return r.get(k, weigh) }

// Put keeps a value.
func (r Recall[K, V]) Put(k K, v V, size int) { r.put(k, v, size) }

// Len is how many entries are kept.
func (r Recall[K, V]) Len() int { return len(r.fresh) + len(r.stale) }
