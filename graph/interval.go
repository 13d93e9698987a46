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
// ends of a range are as precise as the finer of them: 17 to 20 does not reach up to 25. The hedges
// atLeast and atMost put one end at the number itself and open the other; approx and nearly widen it.
func (c Claim) Covers() (Interval, bool) {
	low, ok := c.Object.(quad.Int)
	if !ok {
		return Interval{}, false
	}
	high, digit := low, c.LastDigit
	if digit == 0 {
		digit = shownDigit(low)
	}
	upper := digit
	if n, ok := c.UpTo.(quad.Int); ok {
		high, upper = n, min(digit, shownDigit(n))
		if c.LastDigit == 0 {
			digit = upper
		}
	}
	i := Interval{
		Low:  reach(low, digit, -1),
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
	half := new(big.Rat).SetFrac(big.NewInt(digit*sign), big.NewInt(2))
	return half.Add(half, rat(n))
}

func share(n quad.Int, percent int64) *big.Rat {
	r := new(big.Rat).SetFrac(big.NewInt(percent), big.NewInt(100))
	return r.Mul(r, new(big.Rat).Abs(rat(n)))
}

func rat(n quad.Int) *big.Rat { return new(big.Rat).SetInt64(int64(n)) }

// Overlaps says whether a whole number, and a base unit counts in whole ones, lies in both intervals:
// 746 and 747 arrests meet at half an arrest, which is none.
func (i Interval) Overlaps(j Interval) bool {
	return holdsWhole(i.Low, i.High) && holdsWhole(j.Low, j.High) && holdsWhole(i.Low, j.High) && holdsWhole(j.Low, i.High)
}

// holdsWhole says whether a whole number lies from low to high; nil is open.
func holdsWhole(low, high *big.Rat) bool {
	if low == nil || high == nil {
		return true
	}
	floor := new(big.Int).Div(high.Num(), high.Denom()) // Euclidean: rounds down, as denominators are positive
	return low.Cmp(new(big.Rat).SetInt(floor)) <= 0
}

// Conflict says whether two claims on one subject and predicate cannot both be right. Numbers agree
// when their intervals overlap, dates when they may mean the same day, other values when they are
// equal; "none" agrees with numbers that may be 0. No conflict have claims that held at different
// times, claims under a many-valued predicate, and a claim that gives no number, is deprecated, or is
// a printed conversion (its rate is not the figure's).
func (p *Predicate) Conflict(a, b Claim) bool {
	if p.Many || !disputable(a) || !disputable(b) || !a.Valid.Overlaps(b.Valid) {
		return false
	}
	ia, oka := a.number()
	ib, okb := b.number()
	if oka && okb {
		return !ia.Overlaps(ib)
	}
	sa, oka := a.days()
	sb, okb := b.days()
	if oka && okb {
		return !sa.Overlaps(sb)
	}
	return a.Object != b.Object
}

func disputable(c Claim) bool {
	return !missing(c) && c.Rank != Deprecated && c.ConvertedFrom == ""
}

func missing(c Claim) bool { return c.Object == SomeValue || c.Object == Withheld }

// number is what the claim covers, where "none" is 0.
func (c Claim) number() (Interval, bool) {
	if c.Object == NoValue {
		return Interval{Low: rat(0), High: rat(0)}, true
	}
	return c.Covers()
}

// days is the time in which the date of the claim lies.
func (c Claim) days() (Span, bool) {
	from, ok := DateOf(c.Object)
	if !ok {
		return Span{}, false
	}
	if until, ok := DateOf(c.UpTo); ok {
		return Span{from, until}, true
	}
	return Span{from, from}, true
}
