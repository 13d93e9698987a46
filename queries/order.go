package queries

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// compareCells orders two cells of a column by its type: numbers as numbers, dates of any precision
// as dates, things by name. Lists are compared value by value. Empty cells are equal to each other.
func (o *ordering) compareCells(c QuestionColumn, a, b Cell) int {
	for i := range min(len(a), len(b)) {
		if order := o.compareValues(c, a[i], b[i]); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

// An ordering compares values. It remembers what each of them is compared by, because to find that out
// takes longer than to compare it.
type ordering struct {
	folded map[string]string
	dates  map[quad.Value]dated
}

type dated struct {
	date graph.Date
	ok   bool
}

func newOrdering() *ordering {
	return &ordering{folded: map[string]string{}, dates: map[quad.Value]dated{}}
}

func (o *ordering) fold(text string) string {
	return remember(o.folded, text, func() string { return graph.Fold(text) })
}

func (o *ordering) date(v quad.Value) (graph.Date, bool) {
	d := remember(o.dates, v, func() dated {
		date, ok := graph.DateOf(v)
		return dated{date, ok}
	})
	return d.date, d.ok
}

func (o *ordering) compareValues(c QuestionColumn, a, b Value) int {
	switch c.Type {
	case TypeDate:
		da, oka := o.date(a.Term)
		db, okb := o.date(b.Term)
		if oka && okb {
			return da.Compare(db)
		}
	case TypeQuantity, TypeInteger:
		na, oka := a.Term.(quad.Int)
		nb, okb := b.Term.(quad.Int)
		switch {
		case oka && okb:
			if order := cmp.Or(strings.Compare(a.Unit, b.Unit), cmp.Compare(na, nb)); order != 0 {
				return order
			}
			return strings.Compare(a.key(), b.key())
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
	if x, y := a.Plain(), b.Plain(); x != y {
		return cmp.Or(strings.Compare(o.fold(x), o.fold(y)), strings.Compare(x, y))
	}
	return strings.Compare(a.key(), b.key())
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

// ending returns a function that says whether the context has ended; it asks now and then.
func ending(ctx context.Context) func() bool {
	calls, over := 0, false
	return func() bool {
		if calls++; calls%256 == 0 && !over {
			over = ctx.Err() != nil
		}
		return over
	}
}

// sortRows orders rows by the head's keys, then by every column from the left. Empty cells stand
// last, whatever the direction. Once the context has ended, the rest is left as it is.
func (q *Question) sortRows(ctx context.Context, rows [][]Cell) {
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
	o := newOrdering()
	over := ending(ctx)
	slices.SortStableFunc(rows, func(a, b []Cell) int {
		if over() {
			return 0
		}
		for _, s := range steps {
			x, y := a[s.column], b[s.column]
			if len(x) == 0 || len(y) == 0 {
				if order := boolOrder(len(x) > 0, len(y) > 0); order != 0 {
					return order
				}
				continue
			}
			order := o.compareCells(q.Columns[s.column], x, y)
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
