package graph

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// A Unit is a measure of mass, count, time or money, with the exact factor to its base unit: grams,
// single things, cents.
type Unit struct {
	Name     string // "tonne", "GBP"
	Symbol   string // "t", "GBP"
	Measures string // "mass", "count", "money"
	Factor   *big.Rat
}

func newUnit(name string, y unitYAML) (Unit, error) {
	f := new(big.Rat)
	if len(y.Factor) <= maxNumberText && decimalText.MatchString(y.Factor) {
		f.SetString(y.Factor)
	}
	if f.Sign() <= 0 {
		return Unit{}, fmt.Errorf("want as factor a decimal number greater than 0, found %q", y.Factor)
	}
	return Unit{Name: name, Symbol: y.Symbol, Measures: y.Measures, Factor: f}, nil
}

func currencyUnit(code string, digits int) Unit {
	f := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	return Unit{Name: code, Symbol: code, Measures: "money", Factor: new(big.Rat).SetInt(f)}
}

// A Quantity is a number as a document gives it, converted to the base unit.
type Quantity struct {
	Base      quad.Int // in the base unit
	Exact     string   // the value before rounding; set only when Rounded
	Rounded   bool     // the conversion was not whole; rounded half to even
	LastDigit int64    // the size of the last digit given, in the base unit, at least 1
}

// decimalText is a plain decimal number: no sign but minus, no exponent, no thousands separator.
var decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// maxNumberText bounds the arithmetic, in bytes: no number that fits in the base unit needs more.
const maxNumberText = 64

// ParseQuantity reads a decimal number ("27.64") in the unit and converts it exactly. The error is a
// *[Problem] without a position.
func (u Unit) ParseQuantity(text string) (Quantity, error) {
	if len(text) > maxNumberText {
		return Quantity{}, &Problem{
			Want:  fmt.Sprintf("a number of at most %d digits", maxNumberText),
			Found: fmt.Sprintf("%d characters that begin with %q", utf8.RuneCountInString(text), firstRunes(text, 20)),
		}
	}
	if !decimalText.MatchString(text) {
		return Quantity{}, &Problem{Want: "a number like 27.64 (no thousands separator)", Found: fmt.Sprintf("%q", text)}
	}
	value, _ := new(big.Rat).SetString(text)
	base := value.Mul(value, u.Factor)
	whole := roundHalfEven(base)
	if !whole.IsInt64() {
		return Quantity{}, &Problem{
			Want:  "a quantity of at most 9223372036854775807 in the base unit",
			Found: fmt.Sprintf("%s %s, which is %s", text, u.Name, whole),
		}
	}
	q := Quantity{Base: quad.Int(whole.Int64()), LastDigit: u.lastDigit(text)}
	if !base.IsInt() {
		q.Rounded = true
		digits, _ := base.FloatPrec() // exact: factors are decimal numbers
		q.Exact = base.FloatString(digits)
	}
	return q, nil
}

// lastDigit is the place value of the last digit that carries information: the last decimal of
// "27.64" (a hundredth), the 6 of "60000" (ten thousand), times the unit.
func (u Unit) lastDigit(text string) int64 {
	text = strings.TrimPrefix(text, "-")
	whole, decimals, _ := strings.Cut(text, ".")
	ten := big.NewInt(10)
	place := new(big.Rat)
	if decimals != "" {
		place.SetFrac(big.NewInt(1), new(big.Int).Exp(ten, big.NewInt(int64(len(decimals))), nil))
	} else {
		zeros := len(whole) - len(strings.TrimRight(whole, "0"))
		if zeros == len(whole) {
			zeros = 0 // a plain zero is exact
		}
		place.SetInt(new(big.Int).Exp(ten, big.NewInt(int64(zeros)), nil))
	}
	n := roundHalfEven(place.Mul(place, u.Factor))
	if !n.IsInt64() {
		return 1 << 62
	}
	return max(1, n.Int64())
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func roundHalfEven(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int)) // Euclidean: 0 <= m < denominator
	switch m.Lsh(m, 1).Cmp(r.Denom()) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	return q
}

// shownDigit is the place value of the last digit that a base number itself shows: what a reader of
// 27640000 would assume.
func shownDigit(n quad.Int) int64 {
	if n == 0 {
		return 1
	}
	d := int64(1)
	for n%10 == 0 {
		n /= 10
		d *= 10
	}
	return d
}
