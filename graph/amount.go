package graph

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"
)

// InUnit expresses n base units in the unit itself: cents in euros, grams in grams.
func (s *Schema) InUnit(name string, n int64) string {
	for _, u := range s.decimalUnits(name) {
		if u.Name == name {
			return decimal(n, u.digits)
		}
	}
	return decimal(n, 0)
}

// Scale expresses n base units in the largest decimal unit of the same measure that is not larger
// than n: 27,640,000 grams are 27.64 t, 450,000 are 450 kg. Every digit is kept.
func (s *Schema) Scale(unit string, n int64) (number, symbol string) {
	ladder := s.decimalUnits(unit)
	if len(ladder) == 0 {
		return decimal(n, 0), unit
	}
	size := len(strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	for _, u := range ladder[:len(ladder)-1] {
		if n != 0 && size > u.digits {
			return decimal(n, u.digits), u.Symbol
		}
	}
	last := ladder[len(ladder)-1]
	return decimal(n, last.digits), last.Symbol
}

type decimalUnit struct {
	Unit
	digits int
}

// decimalUnits lists the units that measure the same as the given one and are powers of ten of its
// base, the largest first. Currencies stand alone: none is ever expressed in another.
func (s *Schema) decimalUnits(name string) []decimalUnit {
	if known, ok := s.ladders.Load(name); ok {
		ladder, _ := known.([]decimalUnit)
		return ladder
	}
	unit, ok := s.Unit(name)
	if !ok {
		return nil
	}
	candidates := []Unit{unit}
	if unit.Measures != "money" {
		candidates = nil
		for _, other := range s.Units() {
			if u, ok := s.Unit(other); ok && u.Measures == unit.Measures {
				candidates = append(candidates, u)
			}
		}
	}
	var ladder []decimalUnit
	for _, u := range candidates {
		if digits, ok := powerOfTen(u.Factor); ok {
			ladder = append(ladder, decimalUnit{u, digits})
		}
	}
	slices.SortFunc(ladder, func(a, b decimalUnit) int { return cmp.Compare(b.digits, a.digits) })
	s.ladders.Store(name, ladder)
	return ladder
}

// powerOfTen says which power of ten r is.
func powerOfTen(r *big.Rat) (int, bool) {
	if !r.IsInt() {
		return 0, false
	}
	s := r.Num().String()
	return len(s) - 1, strings.TrimRight(s, "0") == "1"
}

// decimal prints n shifted by digits decimal places, without needless zeros behind the point.
func decimal(n int64, digits int) string {
	s := strings.TrimPrefix(strconv.FormatInt(n, 10), "-")
	if digits == 0 {
		return strconv.FormatInt(n, 10)
	}
	if pad := digits + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	whole, fraction := s[:len(s)-digits], strings.TrimRight(s[len(s)-digits:], "0")
	if n < 0 {
		whole = "-" + whole
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// Thousands parts the digits before the point with commas.
func Thousands(number string) string {
	whole, fraction, dotted := strings.Cut(number, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if dotted {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// HedgeWords says a hedge as people do.
func HedgeWords(q quad.IRI) string {
	switch q {
	case Approx:
		return "about"
	case Nearly:
		return "nearly"
	case AtLeast:
		return "at least"
	case AtMost:
		return "at most"
	case Estimated:
		return "an estimated"
	default:
		return ""
	}
}
