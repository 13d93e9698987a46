package loaders

import (
	"math/big"
	"regexp"
	"strings"
)

// A numberFormat reads numbers as people write them: 1.234,5 or 12 %. Without a pattern it only takes
// out the group character and puts a point for the decimal character.
type numberFormat struct {
	pattern      string // as given; "" for none
	decimal      string
	group        string // "": digits are not grouped
	grouping     []int  // sizes of groups from the right, the last repeating; nil: anywhere
	minInt       int
	minFraction  int
	maxFraction  int
	minExponent  int
	exponent     bool
	shift        int // 2 for %, 3 for ‰
	shiftSign    string
	requiresSign bool
}

// numberPattern is the part of Unicode's number patterns that the format understands: grouping, digits
// that must and may be there, an exponent, % and ‰. Groups: sign, integer part, fraction, exponent, rate.
var numberPattern = regexp.MustCompile(`^([+-]?)([#,]*[0,]*)(?:\.(0*#*))?(?:E([+]?)(0+))?([%‰]?)$`)

// parseNumberFormat reads a format. The result says what is wrong with the pattern, "" if nothing.
func parseNumberFormat(pattern, decimal, group string) (*numberFormat, string) {
	f := &numberFormat{pattern: pattern, decimal: decimal, group: group}
	if f.decimal == "" {
		f.decimal = "."
	}
	if f.decimal == f.group {
		return nil, "the same character for groups and decimals"
	}
	if pattern == "" {
		return f, ""
	}
	g := numberPattern.FindStringSubmatch(pattern)
	if g == nil || g[2] == "" && g[3] == "" || strings.HasPrefix(g[2], ",") || strings.HasSuffix(g[2], ",") || strings.Contains(g[2], ",,") {
		return nil, "a pattern that is not of the form #,##0.00, 0.0E0 or 0%"
	}
	if f.group == "" && strings.Contains(g[2], ",") {
		f.group = ","
		if f.decimal == "," {
			return nil, "groups in the pattern, and no groupChar beside decimalChar"
		}
	}
	f.requiresSign = g[1] == "+"
	groups := strings.Split(g[2], ",")
	for i := len(groups) - 1; i > 0; i-- {
		f.grouping = append(f.grouping, len(groups[i]))
	}
	if f.grouping == nil {
		f.group = ""
	}
	f.minInt = strings.Count(g[2], "0")
	f.minFraction, f.maxFraction = strings.Count(g[3], "0"), len(g[3])
	f.exponent, f.minExponent = g[5] != "", len(g[5])
	switch g[6] {
	case "%":
		f.shift, f.shiftSign = 2, "%"
	case "‰":
		f.shift, f.shiftSign = 3, "‰"
	}
	return f, ""
}

// plain turns a text into digits with a point, and says whether it is of the format.
func (f *numberFormat) plain(text string) (string, bool) {
	sign := ""
	if text != "" && (text[0] == '+' || text[0] == '-') {
		sign, text = strings.TrimPrefix(text[:1], "+"), text[1:]
	} else if f.requiresSign {
		return "", false
	}
	shift := f.shift
	if f.pattern == "" {
		if rest, ok := strings.CutSuffix(text, "%"); ok {
			text, shift = rest, 2
		} else if rest, ok := strings.CutSuffix(text, "‰"); ok {
			text, shift = rest, 3
		}
	} else if rest, ok := strings.CutSuffix(text, f.shiftSign); ok {
		text = rest
	} else {
		return "", false
	}
	mantissa, exponent, hasExponent := text, "", false
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent, hasExponent = text[:i], text[i+1:], true
		d := strings.TrimLeft(exponent, "+-")
		if len(exponent)-len(d) > 1 || len(d) == 0 || digits(d, len(d)) != len(d) || len(d) < f.minExponent {
			return "", false
		}
	}
	if f.pattern != "" && hasExponent != f.exponent {
		return "", false
	}
	whole, fraction, hasPoint := strings.Cut(mantissa, f.decimal)
	whole, ok := f.ungroup(whole)
	if !ok || digits(fraction, len(fraction)) != len(fraction) || hasPoint && fraction == "" || whole == "" && fraction == "" {
		return "", false
	}
	if f.pattern != "" && (len(whole) < f.minInt || len(fraction) < f.minFraction || len(fraction) > f.maxFraction) {
		return "", false
	}
	if shift > 0 {
		whole, fraction = shiftPoint(whole, fraction, shift)
	}
	if whole == "" {
		whole = "0"
	}
	number := sign + whole
	if fraction != "" {
		number += "." + fraction
	}
	if hasExponent {
		number += "E" + exponent
	}
	return number, true
}

// ungroup takes the group characters out of the digits before the point.
func (f *numberFormat) ungroup(s string) (string, bool) {
	if f.group == "" || !strings.Contains(s, f.group) {
		return s, digits(s, len(s)) == len(s)
	}
	groups := strings.Split(s, f.group)
	for i, g := range groups {
		fromRight := len(groups) - 1 - i
		if g == "" || digits(g, len(g)) != len(g) {
			return "", false
		}
		if f.grouping == nil {
			continue
		}
		size := f.grouping[min(fromRight, len(f.grouping)-1)]
		if i == 0 && len(g) > size || i > 0 && len(g) != size {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// shiftPoint moves the point to the left: 12.5 % is 0.125.
func shiftPoint(whole, fraction string, n int) (string, string) {
	if len(whole) <= n {
		whole = strings.Repeat("0", n-len(whole)+1) + whole
	}
	fraction = strings.TrimRight(whole[len(whole)-n:]+fraction, "0")
	return whole[:len(whole)-n], fraction
}

var (
	xsdIntegerText = regexp.MustCompile(`^[+-]?[0-9]+$`)
	xsdDecimalText = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
	xsdDoubleText  = regexp.MustCompile(`^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)$`)
)

// exact is the number in a plain decimal text, nil if it is none.
func exact(text string) *big.Rat {
	if !xsdDecimalText.MatchString(text) {
		return nil
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return n
}
