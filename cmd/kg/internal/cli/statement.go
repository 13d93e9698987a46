package cli

import (
	"context"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// reader makes the tables that the server sends too.
func (s *session) reader() *answers.Reader {
	return &answers.Reader{Store: s.store, Schema: s.schema, Places: s.project.places}
}

// value shows an IRI or a literal by what people call it.
func (s *session) value(ctx context.Context, v quad.Value) (queries.Value, error) {
	return s.reader().Value(ctx, v)
}

// shortID is an identifier as people write it: A-SEED-010, derivation/1f…, platform/sky-ecc.
func shortID(iri quad.IRI) string { return answers.ShortID(iri) }

// claimValue shows what a claim says, with its unit, hedge and range.
func (s *session) claimValue(ctx context.Context, c graph.Claim) (queries.Value, error) {
	return s.reader().ClaimValue(ctx, c)
}

// predicate shows a predicate by its label or, seen from the object, by the inverse label.
func (s *session) predicate(iri quad.IRI, inverse bool) queries.Value {
	return s.reader().Predicate(iri, inverse)
}

// cell is a cell of one entity or literal; empty for nothing.
func (s *session) cell(ctx context.Context, terms ...quad.Value) (queries.Cell, error) {
	return s.reader().Cell(ctx, terms...)
}
