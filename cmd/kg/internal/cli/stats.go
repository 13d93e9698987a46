package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/queries"
)

func newStats(a *app) *cobra.Command {
	var f tableFlags
	c := &cobra.Command{
		Use:   "stats",
		Short: "Count what is in the graph",
		Long: `stats counts the quads of the graph by kind, the entities of each class, the claims
read in each document and attributed to each speaker, and the facts of each
predicate.`,
		Example: `  kg stats
  kg stats --json`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, err := s.statsTable(cmd.Context())
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	return c
}

func (s *session) statsTable(ctx context.Context) (queries.Table, error) {
	st, err := s.store.Stats(ctx)
	if err != nil {
		return queries.Table{}, err
	}
	t := queries.Table{
		Question: "stats",
		Columns: []queries.Column{
			column("counted", queries.TypeText), column("what", typeAny), column("number", queries.TypeInteger),
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
		t.Rows = append(t.Rows, []queries.Cell{textCell("graph"), textCell(total.what), intCell(total.n)})
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
		if err := s.countRows(ctx, &t, part.counted, part.by); err != nil {
			return t, err
		}
	}
	return t, nil
}

// countRows adds one row a counted thing, the most frequent first.
func (s *session) countRows(ctx context.Context, t *queries.Table, counted string, by map[quad.IRI]int) error {
	things := slices.SortedFunc(maps.Keys(by), func(a, b quad.IRI) int {
		return cmp.Or(cmp.Compare(by[b], by[a]), strings.Compare(string(a), string(b)))
	})
	for _, iri := range things {
		what := textCell("nobody named")
		if iri != "" {
			v, err := s.value(ctx, iri)
			if err != nil {
				return err
			}
			if c, ok := s.schema.Class(iri); ok {
				v.Label = orElse(c.Plural, c.Label)
			}
			what = queries.Cell{v}
		}
		t.Rows = append(t.Rows, []queries.Cell{textCell(counted), what, intCell(by[iri])})
	}
	return nil
}
