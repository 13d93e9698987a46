package audit

import (
	"math/big"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// amount is the number of a claim in the largest unit that fits, for people.
func (in *inspection) amount(c graph.Claim) string {
	n, isNumber := c.Object.(quad.Int)
	p, ok := in.schema.Predicate(c.Predicate)
	if !isNumber || !ok {
		return quad.StringOf(c.Object)
	}
	return in.inUnits(new(big.Rat).SetInt64(int64(n)), p.Unit)
}

// inUnits prints base units, to whole ones, in the largest unit that fits.
func (in *inspection) inUnits(n *big.Rat, unit string) string {
	whole := new(big.Int)
	if _, ok := whole.SetString(n.FloatString(0), 10); !ok || !whole.IsInt64() {
		return n.FloatString(0) + " (in the base unit)"
	}
	number, symbol := in.schema.Scale(unit, whole.Int64())
	number = graph.Thousands(number)
	if symbol == "%" {
		return number + symbol
	}
	return strings.TrimSpace(number + " " + symbol)
}
