package queries

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// compareCells orders two cells of a column by its type: numbers as numbers, dates of any precision
// as dates, things by name. Lists are compared value by value. Empty cells are equal to each other.
func compareCells(c QuestionColumn, a, b Cell) int {
	for i := range min(len(a), len(b)) {
		if order := compareValues(c, a[i], b[i]); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareValues(c QuestionColumn, a, b Value) int {
	switch c.Type {
	case TypeDate:
		da, oka := graph.DateOf(a.Term)
		db, okb := graph.DateOf(b.Term)
		if oka && okb {
			return da.Compare(db)
		}
	case TypeQuantity, TypeInteger:
		na, oka := a.Term.(quad.Int)
		nb, okb := b.Term.(quad.Int)
		switch {
		case oka && okb:
			return cmp.Or(strings.Compare(a.Unit, b.Unit), cmp.Compare(na, nb), strings.Compare(a.key(), b.key()))
		case oka != okb: // what gives no number stands last
			return cmp.Or(strings.Compare(a.Unit, b.Unit), boolOrder(oka, okb))
		}
	case TypePredicate, TypeConcept:
		if len(c.Order) > 0 {
			if order := cmp.Compare(c.sortOrder(a), c.sortOrder(b)); order != 0 {
				return order
			}
		}
	case TypeEntity, TypeClaim, TypeText:
	}
	return cmp.Or(
		strings.Compare(graph.Fold(a.Plain()), graph.Fold(b.Plain())),
		strings.Compare(a.Plain(), b.Plain()),
		strings.Compare(a.key(), b.key()),
	)
}

// boolOrder puts what is true first.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// sortOrder ranks a predicate or concept by the column's own order; words that it does not list
// stand behind those that it does.
func (c QuestionColumn) sortOrder(v Value) int {
	iri, _ := v.Term.(quad.IRI)
	name := strings.TrimPrefix(string(iri), "kg:")
	if i := slices.Index(c.Order, name); i >= 0 {
		return i
	}
	return len(c.Order)
}

// sortRows orders rows by the head's keys, then by every column from the left. Empty cells stand
// last, whatever the direction.
func (q *Question) sortRows(rows [][]Cell) {
	type step struct {
		column     int
		descending bool
	}
	var steps []step
	for _, k := range q.Sort {
		steps = append(steps, step{q.column(k.Column), k.Descending})
	}
	for i := range q.Columns {
		steps = append(steps, step{i, false})
	}
	slices.SortStableFunc(rows, func(a, b []Cell) int {
		for _, s := range steps {
			x, y := a[s.column], b[s.column]
			if len(x) == 0 || len(y) == 0 {
				if order := boolOrder(len(x) > 0, len(y) > 0); order != 0 {
					return order
				}
				continue
			}
			order := compareCells(q.Columns[s.column], x, y)
			if s.descending {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
}
