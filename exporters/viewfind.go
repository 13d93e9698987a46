package exporters

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/cayleygraph/quad"
)

// of returns the facts about a subject under a predicate.
func (v *View) of(subject, predicate quad.IRI) []Fact {
	compare := func(f Fact, _ struct{}) int {
		return cmp.Or(cmp.Compare(f.Subject, subject), cmp.Compare(f.Predicate, predicate))
	}
	from, _ := slices.BinarySearchFunc(v.Facts, struct{}{}, compare)
	to := from
	for to < len(v.Facts) && compare(v.Facts[to], struct{}{}) == 0 {
		to++
	}
	return v.Facts[from:to]
}

// literal is the text of the preferred value of a predicate, and whether there is one.
func (v *View) literal(subject, predicate quad.IRI) (string, bool) {
	facts := v.of(subject, predicate)
	if len(facts) == 0 {
		return "", false
	}
	return v.word(v.Preferred(facts).Object), true
}

// degrees is a coordinate, if it is on earth.
func (v *View) degrees(subject, predicate quad.IRI, most float64) (float64, bool) {
	text, _ := v.literal(subject, predicate)
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n >= -most && n <= most
}
