package queries

import (
	"github.com/cayleygraph/quad"

	"kg/graph"
)

// sum turns the records of a question that sums into one row a total.
func (q *Question) sum(w *world, records []record) ([]*group, []LeftOut, error) {
	measure, amount := q.column(colMeasure), q.column(colAmount)
	var keys []int
	for _, name := range q.Sum {
		keys = append(keys, q.column(name))
	}
	var amounts []Amount
	var leftOut []LeftOut
	for _, r := range records {
		if len(r.cells[measure]) == 0 || len(r.cells[amount]) == 0 {
			continue
		}
		predicate, _ := r.cells[measure][0].Term.(quad.IRI)
		a := Amount{Figure: r.figure, Measure: predicate, Claims: r.claims, Inferred: r.linkInferred}
		missing := ""
		for _, i := range keys {
			if len(r.cells[i]) == 0 {
				missing = q.Columns[i].Title
				continue
			}
			a.Keys = append(a.Keys, r.cells[i][0])
		}
		switch {
		case len(r.claims) == 0:
			leftOut = append(leftOut, LeftOut{What: w.entity(r.figure), Amount: r.cells[amount][0], Reason: "no document gives it"})
		case missing != "":
			claim := Value{Term: r.claims[0].ID, Label: shortID(r.claims[0].ID)}
			leftOut = append(leftOut, LeftOut{What: w.entity(r.figure), Amount: r.cells[amount][0], Claim: claim, Reason: "no " + missing + " given"})
		default:
			amounts = append(amounts, a)
		}
	}
	totals, others, err := Sum(w.ctx, w.store, amounts)
	if err != nil {
		return nil, nil, err
	}
	leftOut = append(others, leftOut...)
	sortLeftOut(leftOut)
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
	claims := make([]graph.Claim, len(t.Parts))
	for i, p := range t.Parts {
		claims[i] = p.Claim
	}
	for i, c := range q.Columns {
		switch c.Name {
		case colFigures:
			for _, p := range t.Parts {
				g.cells[i] = append(g.cells[i], w.entity(p.Figure))
			}
		case colSaidBy:
			g.cells[i] = w.entities(claims, func(c graph.Claim) quad.IRI { return c.Speaker })
		case colSources:
			g.cells[i] = w.entities(claims, func(c graph.Claim) quad.IRI { return c.Source })
		case colClaims:
			for _, claim := range claims {
				g.cells[i] = append(g.cells[i], Value{Term: claim.ID, Label: shortID(claim.ID)})
			}
		case colFacts:
			g.cells[i] = Cell{{Term: quad.Int(len(t.Parts))}}
		}
		if c.List {
			w.sortCell(c, g.cells[i])
		}
	}
}
