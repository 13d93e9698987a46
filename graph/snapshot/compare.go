package snapshot

import (
	"math"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/quad"
)

// compared returns the numbers of the values that compare as wanted, if Cayley compares values of that
// kind by what they are and not by how they are printed.
func (f *file) compared(op iterator.Operator, v quad.Value) (lo, hi uint32, ok bool) {
	least, most := v, v // the first and the last of the values that are equal to it
	switch value := v.(type) {
	case quad.IRI, quad.BNode, quad.String, quad.Int, quad.Time:
	case quad.Float:
		if math.IsNaN(float64(value)) { // which compares with nothing
			return 1, 1, true
		}
		if value == 0 {
			least, most = negativeZero(), quad.Float(0)
		}
	default:
		return 0, 0, false
	}
	first, err := AppendValue(nil, least)
	if err != nil {
		return 0, 0, false
	}
	last, err := AppendValue(nil, most)
	if err != nil {
		return 0, 0, false
	}
	begin, end := f.dict.ofKind(kind(first[0]))
	if kind(first[0]) == kindFloat && end > begin {
		nan, _ := AppendValue(nil, notANumber())
		if at, exact := f.dict.from(nan); exact {
			end = at
		}
	}
	from, _ := f.dict.from(first)
	after, exact := f.dict.from(last)
	if exact {
		after++
	}
	switch op {
	case iterator.CompareLT:
		return begin, from, true
	case iterator.CompareLTE:
		return begin, after, true
	case iterator.CompareGT:
		return after, end, true
	case iterator.CompareGTE:
		return from, end, true
	default:
		return 0, 0, false
	}
}
