package cli

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/exporters"
	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// countExport prints what an export would hold.
func (a *app) countExport(cmd *cobra.Command, o exportOptions, f tableFlags, args []string) error {
	e, err := a.encoding(cmd)
	if err != nil {
		return err
	}
	s, err := a.open(cmd.Context())
	if err != nil {
		return err
	}
	chosen, err := a.selection(cmd.Context(), s, o.selectFlags, args)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	entities := map[quad.IRI]bool{}
	if !chosen.Empty {
		for q, err := range s.store.Subgraph(cmd.Context(), chosen.Selection) {
			if err != nil {
				return err
			}
			countQuad(s.schema, q, counts, entities)
		}
	}
	for id := range entities {
		if class, ok := s.schema.ClassOf(id); ok {
			counts["entities: "+class.Plural]++
		}
	}
	t := queries.Table{Question: "export", Columns: []queries.Column{column("what", queries.TypeText), column("count", queries.TypeInteger)}}
	for _, what := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(-cmp.Compare(strings.Count(b, ":"), strings.Count(a, ":")), cmp.Compare(a, b))
	}) {
		t.Rows = append(t.Rows, []queries.Cell{textCell(what), intCell(counts[what])})
	}
	chosen.noteCut(a)
	return a.answer(e, f, t)
}

// countQuad counts a quad under what it is.
func countQuad(schema *graph.Schema, q quad.Quad, counts map[string]int, entities map[quad.IRI]bool) {
	counts["quads"]++
	label, _ := q.Label.(quad.IRI)
	switch {
	case graph.IsClaim(label):
		counts["claims"]++
	case graph.IsDerivation(label):
		counts["derived facts"]++
	}
	for _, v := range []quad.Value{q.Subject, q.Object} {
		if iri, ok := v.(quad.IRI); ok && label != graph.SchemaIn && !graph.IsClaim(iri) && !graph.IsDerivation(iri) {
			if _, ok := schema.ClassOf(iri); ok {
				entities[iri] = true
			}
		}
	}
}

// A tally is how many quads passed, and how many of them stood in a graph.
type tally struct{ quads, named int }

// noteWritten says what was written, and what of it the format has no place for.
func (a *app) noteWritten(output string, format exporters.Format, n tally) {
	if output != "" && output != "-" {
		a.note("%s: %d quads as %s", output, n.quads, format.Name)
	}
	if n.named > 0 && !format.Graphs {
		a.note("%s has no graphs: the graph names (claims) of %d quads were left out; trig and nquads keep them", format.Name, n.named)
	}
}

// counted counts the quads that pass.
func (n *tally) counted(quads iter.Seq2[quad.Quad, error]) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for q, err := range quads {
			if err == nil {
				n.add(q)
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func (n *tally) add(q quad.Quad) {
	n.quads++
	if q.Label != nil {
		n.named++
	}
}

// claimsOf asks the question and lists the claims and derivations behind its answer.
func (a *app) claimsOf(ctx context.Context, o selectFlags) ([]quad.IRI, error) {
	catalog, err := a.catalog()
	if err != nil {
		return nil, err
	}
	q, err := catalog.Lookup(o.question)
	if err != nil {
		return nil, err
	}
	params := map[string]string{}
	for _, text := range o.params {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, usagef("kg export", "", "--param: want NAME=VALUE, found %q", text)
		}
		params[name] = value
	}
	t, err := a.run(ctx, q, params, &queryOptions{statedOnly: o.stated, claims: true})
	if err != nil {
		return nil, err
	}
	return answers.ClaimsIn(t), nil
}
