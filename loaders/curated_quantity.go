package loaders

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

const hintMissing = "someValue, noValue or withheld stand for a number that is not given"

// quantity reads a number in a unit, and the upper end of a range.
func (r *claimRow) quantity() {
	unit, ok := r.unit()
	if !ok {
		return
	}
	low, ok := r.number("value", unit)
	if !ok {
		return
	}
	r.claim.Object = low.Base
	r.claim.Exact = low.Exact
	if low.LastDigit != lastDigitShown(low.Base) {
		r.claim.LastDigit = low.LastDigit
	}
	if r.Text("value_max") == "" {
		return
	}
	high, ok := r.number("value_max", unit)
	if !ok {
		return
	}
	if high.Base < low.Base {
		r.fail("value_max", &graph.Problem{Want: "a number that is not below " + r.Text("value"), Found: r.Text("value_max")})
	}
	r.claim.UpTo = high.Base
}

func (r *claimRow) number(column string, unit graph.Unit) (graph.Quantity, bool) {
	q, err := unit.ParseQuantity(r.Text(column))
	if p := asProblem(err); p != nil {
		if !strings.ContainsAny(r.Text(column), "0123456789") {
			p.Hint = hintMissing
		}
		r.fail(column, p)
		return q, false
	}
	if q.Base < 0 {
		r.fail(column, &graph.Problem{Want: "a number that is not below zero", Found: r.Text(column)})
		return q, false
	}
	return q, true
}

// lastDigitShown is the last digit that someone who sees only the base number takes for the last one
// given: the 4 of 27640000.
func lastDigitShown(base quad.Int) int64 {
	one := graph.Unit{Factor: big.NewRat(1, 1)}
	q, err := one.ParseQuantity(strconv.FormatInt(int64(base), 10))
	if err != nil {
		return 0
	}
	return q.LastDigit
}

// upToDate reads the later end of a range of dates; nothing else but numbers has one.
func (r *claimRow) upToDate(p *graph.Predicate, from string) {
	text := r.Text("value_max")
	if text == "" {
		return
	}
	if p.Range != graph.RangeDate {
		r.fail("value_max", &graph.Problem{Want: "no upper end for " + p.Name, Found: strconv.Quote(shown(text))})
		return
	}
	until := r.day("value_max")
	if problem := backwards(from, text); problem != nil {
		r.fail("value_max", problem)
		return
	}
	if !until.IsZero() {
		r.claim.UpTo = until.Value()
	}
}

// dates checks that what one document tells of a thing does not end before it starts.
func (r *claimRow) dates(v quad.Value) {
	d, ok := graph.DateOf(v)
	if !ok || r.claim.Subject == "" {
		return
	}
	key := spanKey{r.claim.Subject, quad.IRI(r.Text("source_id"))}
	span := r.spans[key]
	switch r.predicate.IRI {
	case graph.StartDate:
		span.From = d
	case graph.EndDate:
		span.Until = d
	default:
		return
	}
	if span.Backwards() {
		r.fail("value", &graph.Problem{Want: "an end that is not before the start", Found: span.String()})
		return
	}
	r.spans[key] = span
}
