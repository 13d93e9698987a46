package cli

import (
	"context"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// vocabulary tells the lint of Gizmo texts which names the graph knows.
type vocabulary struct {
	ctx     context.Context //nolint:containedctx // lives as long as one run
	session *session
}

// Predicate says whether the schema or a quad of the store has the predicate.
func (v *vocabulary) Predicate(p quad.IRI) bool {
	if _, ok := v.session.schema.Predicate(p); ok {
		return true
	}
	for _, err := range v.session.store.Match(v.ctx, graph.Pattern{Predicate: p}) {
		return err == nil
	}
	return false
}

// Entity says whether the store has the node.
func (v *vocabulary) Entity(e quad.IRI) bool { return v.session.store.Has(e) }

// Nearest lists what may have been meant, the likeliest first.
func (v *vocabulary) Nearest(unknown quad.IRI, predicates bool) []quad.IRI {
	var words []string
	if predicates {
		for _, p := range v.session.schema.Predicates() {
			words = append(words, string(p.IRI))
		}
	} else {
		entities, err := v.session.entities(v.ctx)
		if err != nil {
			return nil
		}
		for _, e := range entities {
			words = append(words, string(e.iri))
		}
	}
	if near := graph.Nearest(string(unknown), words); near != "" {
		return []quad.IRI{quad.IRI(near)}
	}
	return nil
}
