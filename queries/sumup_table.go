package queries

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// table prints the totals.
func (u *summingUp) table() (Table, error) {
	piles := u.divide()
	u.s.piles = nil
	for _, d := range piles {
		u.s.piles = append(u.s.piles, d.pile)
	}
	t := Table{Question: "sum", Columns: u.columns(), LeftOut: append(u.s.leftOut, u.excluded...)}
	sortLeftOut(t.LeftOut)
	totals, err := u.s.total()
	if err != nil {
		return t, err
	}
	naive := u.naive()
	type row struct {
		cells   []Cell
		measure quad.IRI
		amount  int64
		key     string
	}
	var rows []row
	done := 0
	for _, d := range piles {
		r := row{measure: d.pile.measure.IRI, key: d.key}
		var total Total
		if done < len(totals) && totals[done].Measure == d.pile.measure.IRI && len(totals[done].Keys) > 0 && totals[done].Keys[0].Label == d.key {
			total = totals[done]
			done++
			n, _ := total.Amount.Term.(quad.Int)
			r.amount = int64(n)
		}
		n := naive[d.pile.measure.IRI][d.key]
		if len(total.Parts) == 0 && (!u.r.Naive || n.claims == 0) {
			continue
		}
		r.cells = u.cells(d, total, n)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(b.amount, a.amount), cmp.Compare(a.key, b.key))
	})
	for _, r := range rows {
		t.Rows = append(t.Rows, r.cells)
	}
	t.Count = len(t.Rows)
	return t, nil
}

func (u *summingUp) columns() []Column {
	var list []Column
	for _, k := range u.keys {
		c := Column{Name: k.Name, Title: k.Name, Type: TypeEntity, List: true}
		if k.of == nil {
			c.Type, c.List = TypeText, false
		}
		list = append(list, c)
	}
	list = append(
		list,
		Column{Name: "measure", Title: "measure", Type: TypePredicate},
		Column{Name: "amount", Title: "amount", Type: TypeQuantity},
		Column{Name: "covers", Title: "covers", Type: TypeQuantity},
		Column{Name: "figures", Title: "figures", Type: TypeInteger},
	)
	if u.r.Naive {
		list = append(
			list,
			Column{Name: "naive", Title: "naive", Type: TypeQuantity},
			Column{Name: "naive_claims", Title: "claims in it", Type: TypeInteger},
			Column{Name: "too_much", Title: "too much", Type: TypeQuantity},
		)
	}
	return append(
		list,
		Column{Name: "adds_up", Title: "adds up", Type: TypeEntity, List: true},
		Column{Name: "claims", Title: "claims", Type: TypeClaim, List: true},
	)
}

func (u *summingUp) cells(d division, total Total, n naiveSum) []Cell {
	cells := slices.Clone(d.cells)
	measure := Value{Term: d.pile.measure.IRI, Label: d.pile.measure.Label}
	amount, covers := Cell(nil), Cell(nil)
	if len(total.Parts) > 0 {
		amount = Cell{total.Amount}
		covers = u.covers(d, total)
	}
	cells = append(cells, Cell{measure}, amount, covers, Cell{{Term: quad.Int(len(total.Parts))}})
	if u.r.Naive {
		sum, _ := total.Amount.Term.(quad.Int)
		cells = append(
			cells,
			Cell{Quantity(u.w.schema, d.pile.measure.Unit, n.amount)}, Cell{{Term: quad.Int(n.claims)}},
			Cell{Quantity(u.w.schema, d.pile.measure.Unit, n.amount-int64(sum))},
		)
	}
	var figures, claims Cell
	for _, p := range total.Parts {
		figures = append(figures, u.w.entity(p.Figure))
		claims = append(claims, Value{Term: p.Claim.ID, Label: shortID(p.Claim.ID)})
	}
	return append(cells, figures, claims)
}

// covers is the range that the parts of a total can mean together, which counts in whole ones: more than
// 0.5 arrests are one. An open range is "at least".
func (u *summingUp) covers(d division, total Total) Cell {
	r := reach{low: new(big.Rat), high: new(big.Rat)}
	for _, p := range total.Parts {
		r.add(p.Claim)
	}
	low := ceiling(r.low)
	if !low.IsInt64() {
		return nil
	}
	v := Quantity(u.w.schema, d.pile.measure.Unit, low.Int64())
	if d.open || r.high == nil {
		v.Qualifier = graph.AtLeast
	} else if high := floor(r.high); high.IsInt64() && high.Cmp(low) > 0 {
		v.setUpTo(u.w.schema, high.Int64())
	}
	return Cell{v}
}

// floor is the largest whole number that is not above.
func floor(r *big.Rat) *big.Int {
	return new(big.Int).Div(r.Num(), r.Denom()) // Euclidean: rounds down, as denominators are positive
}

// ceiling is the smallest whole number that is not below.
func ceiling(r *big.Rat) *big.Int {
	n := floor(new(big.Rat).Neg(r))
	return n.Neg(n)
}
