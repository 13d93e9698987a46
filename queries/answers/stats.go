package answers

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

// Stats counts what is in the graph.
func (r *Reader) Stats(ctx context.Context) (queries.Table, error) {
	st, err := r.Store.Stats(ctx)
	if err != nil {
		return queries.Table{}, err
	}
	t := queries.Table{
		Question: "stats",
		Columns: []queries.Column{
			Column("counted", queries.TypeText), Column("what", TypeAny), Column("number", queries.TypeInteger),
		},
	}
	for _, total := range []struct {
		what string
		n    int
	}{
		{"quads", st.Quads},
		{"claims", st.Claims},
		{"derived facts", st.Derived},
		{"gazetteer facts", st.Gazetteer},
		{"facts about claims", st.Provenance},
		{"schema facts", st.Schema},
	} {
		t.Rows = append(t.Rows, []queries.Cell{Text("graph"), Text(total.what), Int(total.n)})
	}
	for _, part := range []struct {
		counted string
		by      map[quad.IRI]int
	}{
		{"entities of class", st.Classes},
		{"claims read in", st.Documents},
		{"claims said by", st.Speakers},
		{"facts of predicate", st.Predicates},
	} {
		if err := r.countRows(ctx, &t, part.counted, part.by); err != nil {
			return t, err
		}
	}
	return t, nil
}

// countRows adds one row a counted thing, the most frequent first.
func (r *Reader) countRows(ctx context.Context, t *queries.Table, counted string, by map[quad.IRI]int) error {
	things := slices.SortedFunc(maps.Keys(by), func(a, b quad.IRI) int {
		return cmp.Or(cmp.Compare(by[b], by[a]), strings.Compare(string(a), string(b)))
	})
	for _, iri := range things {
		what := Text("nobody named")
		if iri != "" {
			v, err := r.Value(ctx, iri)
			if err != nil {
				return err
			}
			if c, ok := r.Schema.Class(iri); ok {
				v.Label = cmp.Or(c.Plural, c.Label)
			}
			if p, ok := r.Schema.Predicate(iri); ok && p.Money != "" {
				v.Label += " in " + p.Unit // the same word for every currency
			}
			what = queries.Cell{v}
		}
		t.Rows = append(t.Rows, []queries.Cell{Text(counted), what, Int(by[iri])})
	}
	return nil
}
