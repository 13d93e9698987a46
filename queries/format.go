package queries

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Quantity makes a value of n base units of the unit: grams, single things, cents.
func Quantity(schema *graph.Schema, unit string, n int64) Value {
	v := Value{Term: quad.Int(n), Unit: unit, InUnit: inUnit(schema, unit, n)}
	v.Number, v.Symbol = scale(schema, unit, n)
	return v
}

// ClaimedQuantity makes a value of what a claim says under a predicate with a unit: number, range,
// hedge, the document's words. A claim that gives no number has the words alone.
func ClaimedQuantity(schema *graph.Schema, unit string, c graph.Claim) Value {
	v := Value{Term: c.Object, Unit: unit}
	if n, ok := c.Object.(quad.Int); ok {
		v = Quantity(schema, unit, int64(n))
	}
	if n, ok := c.UpTo.(quad.Int); ok {
		v.setUpTo(schema, int64(n))
	}
	v.Qualifier, v.ReportedAs, v.Claim, v.Inferred = c.Qualifier, c.ReportedAs, c.ID, c.Basis == graph.Inferred
	v.Label = v.Text()
	return v
}

func (v *Value) setUpTo(schema *graph.Schema, n int64) {
	v.UpTo, v.UpToInUnit = quad.Int(n), inUnit(schema, v.Unit, n)
	v.UpToNumber, v.UpToSymbol = scale(schema, v.Unit, n)
}

// inUnit expresses n base units in the unit itself: cents in euros, grams in grams.
func inUnit(schema *graph.Schema, name string, n int64) string {
	if unit, ok := schema.Unit(name); ok {
		if digits, ok := powerOfTen(unit.Factor); ok {
			return decimal(n, digits)
		}
	}
	return decimal(n, 0)
}

// scale expresses n base units in the largest decimal unit of the same measure that is not larger
// than n: 27,640,000 grams are 27.64 t, 450,000 are 450 kg. Every digit is kept.
func scale(schema *graph.Schema, unit string, n int64) (number, symbol string) {
	ladder := decimalUnits(schema, unit)
	if len(ladder) == 0 {
		return decimal(n, 0), unit
	}
	size := new(big.Rat).SetInt64(n)
	size.Abs(size)
	for _, u := range ladder[:len(ladder)-1] {
		if size.Cmp(u.Factor) >= 0 {
			return decimal(n, u.digits), u.Symbol
		}
	}
	last := ladder[len(ladder)-1]
	return decimal(n, last.digits), last.Symbol
}

type decimalUnit struct {
	graph.Unit
	digits int
}

// decimalUnits lists the units that measure the same as the given one and are powers of ten of its
// base, the largest first. Currencies stand alone: none is ever expressed in another.
func decimalUnits(schema *graph.Schema, name string) []decimalUnit {
	unit, ok := schema.Unit(name)
	if !ok {
		return nil
	}
	candidates := []graph.Unit{unit}
	if unit.Measures != "money" {
		candidates = nil
		for _, other := range schema.Units() {
			if u, ok := schema.Unit(other); ok && u.Measures == unit.Measures {
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
	s := new(big.Int).Abs(big.NewInt(n)).String()
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

// Text is the value for people: "27.64 t", "about 1,500 GBP", "at least 2 t", "Sky ECC". What a
// reader must not overlook follows in brackets: an unnamed group, a conclusion of the editors.
func (v Value) Text() string {
	text := v.Plain()
	if v.Unnamed {
		text += " (unnamed group)"
	}
	if v.Inferred {
		text += " (inferred)"
	}
	return text
}

// Plain is [Value.Text] without the marks in brackets.
func (v Value) Plain() string {
	if v.Unit == "" {
		return v.plainTerm()
	}
	words := v.quantityText()
	if q := qualifierWords(v.Qualifier); q != "" && v.Number != "" {
		words = q + " " + words
	}
	return words
}

// quantityText is the quantity without its hedge.
func (v Value) quantityText() string {
	switch v.Term {
	case graph.SomeValue:
		if v.ReportedAs != "" {
			return v.ReportedAs + " (no number given)"
		}
		return "some (no number given)"
	case graph.NoValue:
		return "none"
	case graph.Withheld:
		return "withheld"
	}
	switch {
	case v.UpToNumber == "":
		return withSymbol(v.Number, v.Symbol)
	case v.UpToSymbol == v.Symbol:
		return thousands(v.Number) + " to " + withSymbol(v.UpToNumber, v.UpToSymbol)
	default:
		return withSymbol(v.Number, v.Symbol) + " to " + withSymbol(v.UpToNumber, v.UpToSymbol)
	}
}

func (v Value) plainTerm() string {
	if v.Label != "" {
		return v.Label
	}
	switch t := v.Term.(type) {
	case nil:
		return ""
	case quad.Int:
		return thousands(decimal(int64(t), 0))
	case quad.IRI:
		return string(t)
	default:
		return fmt.Sprint(native(t))
	}
}

func withSymbol(number, symbol string) string {
	switch symbol {
	case "":
		return thousands(number)
	case "%":
		return thousands(number) + symbol
	}
	if number == "1" { // "1 week"; no symbol but those of time is a plural
		symbol = strings.TrimSuffix(symbol, "s")
	}
	return thousands(number) + " " + symbol
}

// thousands parts the digits before the point with commas.
func thousands(number string) string {
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

// qualifierWords says a hedge as people do.
func qualifierWords(q quad.IRI) string {
	switch q {
	case graph.Approx:
		return "about"
	case graph.Nearly:
		return "nearly"
	case graph.AtLeast:
		return "at least"
	case graph.AtMost:
		return "at most"
	case graph.Estimated:
		return "an estimated"
	default:
		return ""
	}
}
