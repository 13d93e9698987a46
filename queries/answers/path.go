package answers

import (
	"context"
	"errors"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// hopColumns are the columns that tell of one fact of a hop.
func hopColumns() []queries.Column {
	return []queries.Column{
		Column("from", queries.TypeEntity),
		Column("predicate", queries.TypePredicate),
		Column("to", queries.TypeEntity),
		Column("direction", queries.TypeText),
		List("said_by", queries.TypeEntity),
		List("sources", queries.TypeEntity),
		List("claims", queries.TypeClaim),
		Column("preferred", queries.TypeText),
		Column("rule", queries.TypeText),
	}
}

// Paths finds the shortest ways between two entities: one row a fact. The answer itself comes with it.
func (r *Reader) Paths(ctx context.Context, from, to string, o graph.PathOptions) (queries.Table, graph.PathAnswer, error) {
	t := queries.Table{Question: "path", Params: map[string]any{}}
	t.Columns = append([]queries.Column{Column("path", queries.TypeInteger), Column("hop", queries.TypeInteger)}, hopColumns()...)
	var ends [2]quad.IRI
	for i, end := range []struct{ name, text string }{{"from", from}, {"to", to}} {
		var err error
		if ends[i], err = r.Store.Find(ctx, end.text); err != nil {
			return t, graph.PathAnswer{}, err
		}
		if t.Params[end.name], err = r.Value(ctx, ends[i]); err != nil {
			return t, graph.PathAnswer{}, err
		}
	}
	answer, err := r.Store.Paths(ctx, ends[0], ends[1], o)
	if err != nil {
		return t, graph.PathAnswer{}, err
	}
	for i, path := range answer.Paths {
		for j, hop := range path {
			rows, err := r.hopRows(ctx, hop)
			if err != nil {
				return t, graph.PathAnswer{}, err
			}
			for _, row := range rows {
				t.Rows = append(t.Rows, append([]queries.Cell{Int(i + 1), Int(j + 1)}, row...))
			}
		}
	}
	return t, answer, nil
}

// HopInferred says whether no documents state a fact, or what it follows from.
func (r *Reader) HopInferred(ctx context.Context, f graph.HopFact) (bool, error) {
	if !f.Derived() {
		return len(f.Claims) > 0 && f.Claims[0].Basis == graph.Inferred, nil
	}
	for _, d := range f.Derivations {
		if inferred, err := r.InferredOnly(ctx, d); err != nil || !inferred {
			return false, err
		}
	}
	return true, nil
}

// hopRows makes one row of each fact of a hop.
func (r *Reader) hopRows(ctx context.Context, h graph.Hop) ([][]queries.Cell, error) {
	from, errFrom := r.Cell(ctx, h.From)
	to, errTo := r.Cell(ctx, h.To)
	if err := errors.Join(errFrom, errTo); err != nil {
		return nil, err
	}
	var rows [][]queries.Cell
	for _, f := range h.Facts {
		predicate := r.Predicate(f.Predicate, f.Backward)
		inferred, err := r.HopInferred(ctx, f)
		if err != nil {
			return nil, err
		}
		predicate.Inferred = inferred
		direction := "forward"
		if f.Backward {
			direction = "backward"
		}
		var speakers, sources, claims []quad.Value
		for _, c := range f.Claims {
			speakers, sources, claims = AppendNew(speakers, c.Speaker), AppendNew(sources, c.Source), AppendNew(claims, c.ID)
		}
		var rules []string
		for _, d := range f.Derivations {
			claims = AppendNew(claims, d.ID)
			for _, from := range d.From {
				if graph.IsClaim(from) {
					claims = AppendNew(claims, from)
				}
			}
			rules = append(rules, d.Rules...)
		}
		var cells [3]queries.Cell
		for i, terms := range [][]quad.Value{speakers, sources, claims} {
			var err error
			if cells[i], err = r.Cell(ctx, terms...); err != nil {
				return nil, err
			}
		}
		rows = append(rows, []queries.Cell{
			from,
			{predicate},
			to, Text(direction), cells[0], cells[1], cells[2],
			Text(f.Rule), Text(strings.Join(rules, "; ")),
		})
	}
	return rows, nil
}

// Near lists what lies around an entity: one row a fact. The answer itself comes with it.
func (r *Reader) Near(ctx context.Context, text string, o graph.NearOptions) (queries.Table, graph.NearAnswer, error) {
	t := queries.Table{Question: "near", Columns: append([]queries.Column{Column("depth", queries.TypeInteger)}, hopColumns()...)}
	id, err := r.Store.Find(ctx, text)
	if err != nil {
		return t, graph.NearAnswer{}, err
	}
	name, err := r.Value(ctx, id)
	if err != nil {
		return t, graph.NearAnswer{}, err
	}
	t.Params = map[string]any{"entity": name}
	answer, err := r.Store.Near(ctx, id, o)
	if err != nil {
		return t, graph.NearAnswer{}, err
	}
	for _, n := range answer.Neighbours {
		rows, err := r.hopRows(ctx, n.Hop)
		if err != nil {
			return t, graph.NearAnswer{}, err
		}
		for _, row := range rows {
			t.Rows = append(t.Rows, append([]queries.Cell{Int(n.Depth)}, row...))
		}
	}
	return t, answer, nil
}
