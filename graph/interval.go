package graph

import (
	"math/big"

	"github.com/cayleygraph/quad"
)

// widening says by how much of its value a hedged figure reaches beyond its last digit, in per cent.
// "Nearly" reaches down only: what is nearly 28 is not 28.5. One table, so that it can be argued with.
func widening(qualifier quad.IRI) (below, above int64, widened bool) {
	switch qualifier {
	case Approx:
		return 10, 10, true
	case Nearly:
		return 10, 0, true
	default:
		return 0, 0, false
	}
}

// An Interval is the range of numbers that a claim covers, both ends included; nil is open.
type Interval struct {
	Low, High *big.Rat
}

// Covers returns the numbers, in the base unit, that a claim covers, and whether it gives a number.
// A figure covers half a unit of its last digit on both sides: 60,000 covers 55,000 to 65,000. The
// hedges atLeast and atMost put one end at the number itself and open the other; approx and nearly
// widen it.
func (c Claim) Covers() (Interval, bool) {
	low, ok := c.Object.(quad.Int)
	if !ok {
		return Interval{}, false
	}
	high, upper := low, c.LastDigit
	if n, ok := c.UpTo.(quad.Int); ok {
		high, upper = n, 0
	}
	i := Interval{
		Low:  reach(low, c.LastDigit, -1),
		High: reach(high, upper, +1),
	}
	if below, above, ok := widening(c.Qualifier); ok {
		i.Low.Sub(i.Low, share(low, below))
		if above == 0 {
			i.High = rat(high)
		}
		i.High.Add(i.High, share(high, above))
	}
	switch c.Qualifier {
	case AtLeast:
		i.Low, i.High = rat(low), nil
	case AtMost:
		i.Low, i.High = nil, rat(high)
	}
	return i, true
}

// reach is n plus (sign +1) or minus half of its last digit.
func reach(n quad.Int, digit, sign int64) *big.Rat {
	if digit == 0 {
		digit = shownDigit(n)
	}
	half := new(big.Rat).SetFrac(big.NewInt(digit*sign), big.NewInt(2))
	return half.Add(half, rat(n))
}

func share(n quad.Int, percent int64) *big.Rat {
	r := new(big.Rat).SetFrac(big.NewInt(percent), big.NewInt(100))
	return r.Mul(r, new(big.Rat).Abs(rat(n)))
}

func rat(n quad.Int) *big.Rat { return new(big.Rat).SetInt64(int64(n)) }

// Overlaps says whether a number can lie in both intervals.
func (i Interval) Overlaps(j Interval) bool {
	return !below(i.High, j.Low) && !below(j.High, i.Low)
}

func below(high, low *big.Rat) bool { return high != nil && low != nil && high.Cmp(low) < 0 }

// Conflict says whether two claims on one subject and predicate cannot both be right. Numbers agree
// when their intervals overlap, dates when they may mean the same day, other values when they are
// equal. A claim without a number conflicts with none, nor do claims that held at different times,
// a deprecated claim, or claims under a many-valued predicate.
func (p *Predicate) Conflict(a, b Claim) bool {
	if p.Many || a.Rank == Deprecated || b.Rank == Deprecated || !a.Valid.Overlaps(b.Valid) || missing(a) || missing(b) {
		return false
	}
	ia, oka := a.Covers()
	ib, okb := b.Covers()
	if oka && okb {
		return !ia.Overlaps(ib)
	}
	da, oka := DateOf(a.Object)
	db, okb := DateOf(b.Object)
	if oka && okb {
		return !da.Overlaps(db)
	}
	return a.Object != b.Object
}

func missing(c Claim) bool { return c.Object == SomeValue || c.Object == Withheld }
