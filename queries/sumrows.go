package queries

import (
	"github.com/cayleygraph/quad"
)

// sum turns the records of a question that sums into one row a total.
func (q *Question) sum(w *world, records []record) ([]*group, []LeftOut, error) {
	measure, amount := q.column(colMeasure), q.column(colAmount)
	var keys []int
	for _, name := range q.Sum {
		keys = append(keys, q.column(name))
	}
	var amounts []Amount
	for _, r := range records {
		if len(r.cells[measure]) == 0 || len(r.cells[amount]) == 0 || len(r.claims) == 0 {
			continue
		}
		predicate, _ := r.cells[measure][0].Term.(quad.IRI)
		a := Amount{Figure: r.figure, Measure: predicate, Claims: r.claims, Inferred: r.linkInferred}
		for _, i := range keys {
			if len(r.cells[i]) == 0 {
				continue
			}
			a.Keys = append(a.Keys, r.cells[i][0])
		}
		if len(a.Keys) == len(keys) {
			amounts = append(amounts, a)
		}
	}
	totals, leftOut, err := Sum(w.ctx, w.store, amounts)
	if err != nil {
		return nil, nil, err
	}
	var rows []*group
	for _, t := range totals {
		g := &group{cells: make([]Cell, len(q.Columns))}
		for j, i := range keys {
			g.cells[i] = Cell{t.Keys[j]}
		}
		g.cells[measure] = Cell{w.value(q.Columns[measure], t.Measure)}
		g.cells[amount] = Cell{t.Amount}
		q.parts(w, g, t)
		rows = append(rows, g)
	}
	return rows, leftOut, nil
}

// parts fills the columns that tell what a total is made of.
func (q *Question) parts(w *world, g *group, t Total) {
	for i, c := range q.Columns {
		for _, p := range t.Parts {
			switch c.Name {
			case colFigures:
				g.cells[i] = g.cells[i].add(w.entity(p.Figure))
			case colSaidBy:
				g.cells[i] = g.cells[i].add(w.known(p.Claim.Speaker)...)
			case colSources:
				g.cells[i] = g.cells[i].add(w.known(p.Claim.Source)...)
			case colClaims:
				g.cells[i] = g.cells[i].add(Value{Term: p.Claim.ID, Label: shortID(p.Claim.ID)})
			}
		}
		if c.Name == colFacts {
			g.cells[i] = Cell{{Term: quad.Int(len(t.Parts))}}
		}
		if c.List {
			w.sortCell(c, g.cells[i])
		}
	}
}

// known is the entity, or nothing where there is none.
func (w *world) known(id quad.IRI) Cell {
	if id == "" {
		return nil
	}
	return Cell{w.entity(id)}
}
