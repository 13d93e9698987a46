package graph

import (
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// gatherTexts finds the names of entities, and the texts about them: literals that are no names, in facts
// and in what claims say about them. The entities are sorted.
func gatherTexts(quads iter.Seq2[quad.Quad, error]) ([]entityTexts, error) {
	found := map[quad.IRI]*entityTexts{}
	of := func(id quad.IRI) *entityTexts {
		e := found[id]
		if e == nil {
			e = &entityTexts{id: id}
			found[id] = e
		}
		return e
	}
	about := map[quad.IRI]quad.IRI{} // claim → subject
	onClaims := map[quad.IRI]*entityTexts{}
	for q, err := range quads {
		if err != nil {
			return nil, err
		}
		subject, ok := q.Subject.(quad.IRI)
		if !ok {
			continue
		}
		text := textOf(q.Object)
		if kind, naming := namingKind(q.Predicate); naming {
			if text != "" {
				of(subject).name(kind, text)
			}
			continue
		}
		if q.Label == SchemaIn {
			continue
		}
		if label, _ := q.Label.(quad.IRI); IsClaim(label) {
			about[label] = subject
		}
		if text == "" || IsDerivation(subject) {
			continue
		}
		predicate, _ := q.Predicate.(quad.IRI)
		if !IsClaim(subject) {
			of(subject).said(predicate, text)
			continue
		}
		if onClaims[subject] == nil {
			onClaims[subject] = &entityTexts{}
		}
		onClaims[subject].said(predicate, text)
	}
	for claim, e := range onClaims {
		if subject, ok := about[claim]; ok {
			to := of(subject)
			to.texts = append(to.texts, e.texts...)
		}
	}
	entities := make([]entityTexts, 0, len(found))
	for _, e := range found {
		if e.finish() {
			entities = append(entities, *e)
		}
	}
	slices.SortFunc(entities, func(a, b entityTexts) int { return strings.Compare(string(a.id), string(b.id)) })
	return entities, nil
}

// namingKind says whether a predicate gives a name, and of which kind.
func namingKind(predicate quad.Value) (kind byte, ok bool) {
	switch predicate {
	case Name:
		return rowName, true
	case AltLabel:
		return rowAlias, true
	default:
		return 0, false
	}
}
