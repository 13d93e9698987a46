package audit

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// wordsDiffer compares numbers with the document's own words: "£1.4 billion" beside 1,400,000 is a slip.
// Words without a digit say nothing here.
func wordsDiffer(in *inspection) {
	for _, c := range in.claims {
		n, isNumber := c.Object.(quad.Int)
		p, ok := in.schema.Predicate(c.Predicate)
		if !isNumber || !ok || p.Unit == "" || c.Rank == graph.Deprecated {
			continue
		}
		unit, ok := in.schema.Unit(p.Unit)
		if !ok {
			continue
		}
		said := spoken(c.ReportedAs, unit)
		if len(said) == 0 {
			continue
		}
		ends := []*big.Rat{new(big.Rat).SetInt64(int64(n))}
		if up, ok := c.UpTo.(quad.Int); ok {
			ends = append(ends, new(big.Rat).SetInt64(int64(up)))
		}
		for _, end := range ends {
			if !slices.ContainsFunc(said, func(s *big.Rat) bool { return nearly(s, end) }) {
				in.report(c.ID, "a number that stands in \""+c.ReportedAs+"\"", in.inUnits(end, p.Unit)+offBy(said, end))
				break
			}
		}
	}
}

// nearly says whether two numbers are the same but for rounding: less than 6 in a thousand apart.
func nearly(a, b *big.Rat) bool {
	d := new(big.Rat).Sub(a, b)
	allowed := new(big.Rat).Mul(new(big.Rat).Abs(b), big.NewRat(6, 1000))
	return d.Abs(d).Cmp(allowed) <= 0
}

// offBy tells the factor of a slip.
func offBy(said []*big.Rat, n *big.Rat) string {
	for _, f := range []struct {
		size int64
		name string
	}{{1e3, "thousand"}, {1e6, "million"}, {1e9, "billion"}} {
		for _, s := range said {
			if nearly(s, new(big.Rat).Mul(n, big.NewRat(f.size, 1))) {
				return ", a " + f.name + "th of what it says"
			}
			if nearly(s, new(big.Rat).Quo(n, big.NewRat(f.size, 1))) {
				return ", a " + f.name + " times what it says"
			}
		}
	}
	return ""
}

// numberText is a number with its separators, and the words behind it.
var numberText = regexp.MustCompile(`(\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+\b|\d+(?:[.,'’]\d+)*)[ \x{a0}]?-?(\p{L}+|%)?(?:[ \x{a0}](\p{L}+))?`)

// spoken lists the numbers, in the base unit, that words may mean. Where a separator, a magnitude or a
// unit can be read in two ways, both are listed: what is looked for is a number that fits in none.
func spoken(words string, unit graph.Unit) []*big.Rat {
	var list []*big.Rat
	for _, m := range numberText.FindAllStringSubmatch(words, -1) {
		size, sized := magnitude(m[2])
		unitWord := m[3]
		if !sized {
			unitWord = m[2]
		}
		for _, n := range readings(m[1]) {
			n.Mul(n, size)
			for _, factor := range factors(unitWord, unit) {
				list = append(list, new(big.Rat).Mul(n, factor))
			}
		}
	}
	return list
}

// readings reads digits with separators: as thousands where three digits follow each, as a decimal point
// where there is one separator or the last is another than those before.
func readings(text string) []*big.Rat {
	separator := func(r rune) bool { return r < '0' || r > '9' }
	var list []*big.Rat
	add := func(s string) {
		if r, ok := new(big.Rat).SetString(s); ok {
			list = append(list, r)
		}
	}
	groups := strings.FieldsFunc(text, separator)
	thousands := len(groups[0]) <= 3
	for _, g := range groups[1:] {
		thousands = thousands && len(g) == 3
	}
	if len(groups) == 1 || thousands {
		add(strings.Join(groups, ""))
	}
	last := strings.LastIndexFunc(text, separator)
	if thousands && last > 0 && text[last] == ',' {
		return list // a comma before three digits parts thousands; a point may be either
	}
	if last > 0 && (text[last] == '.' || text[last] == ',') && !strings.Contains(text[:last], text[last:last+1]) {
		add(strings.Join(groups[:len(groups)-1], "") + "." + groups[len(groups)-1])
	}
	return list
}

// magnitude is the size of a word like million, in the languages of the documents. An m or a k alone
// stands directly behind its number.
func magnitude(word string) (*big.Rat, bool) {
	word = strings.ToLower(word)
	for _, m := range []struct {
		words string
		size  int64
	}{
		{" thousand thousands tausend duizend mille mila k hundredthousand ", 1e3},
		{" million millions millionen miljoen miljoenen mln mio mn m milioni milione millones millón miljoner miljon millioner ", 1e6},
		{" billion billions bn b milliarde milliarden miljard miljarden mrd mld milliard milliards miliardi miljarder ", 1e9},
		{" trillion trillions biljoen billionen ", 1e12},
	} {
		if word != "" && strings.Contains(m.words, " "+word+" ") {
			return big.NewRat(m.size, 1), true
		}
	}
	return big.NewRat(1, 1), false
}

// factors lists what a number may have to be multiplied with to be in the base unit.
func factors(word string, unit graph.Unit) []*big.Rat {
	rat := func(list ...int64) []*big.Rat {
		out := make([]*big.Rat, len(list))
		for i, n := range list {
			out[i] = big.NewRat(n, 1)
		}
		return out
	}
	word = strings.ToLower(word)
	is := func(words string) bool { return word != "" && strings.Contains(" "+words+" ", " "+word+" ") }
	switch unit.Measures {
	case "mass":
		switch {
		case is("t to ton tons tonne tonnes tonnen tonnellate toneladas ton."):
			return []*big.Rat{big.NewRat(1e6, 1), big.NewRat(90718474, 100), big.NewRat(101604691, 100)}
		case is("kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm chili quilos"):
			return rat(1e3)
		case is("g gr gram grams gramme grammes gramm grammi gramos"):
			return rat(1)
		case is("lb lbs pound pounds pond pfund"):
			return []*big.Rat{big.NewRat(45359237, 100000)}
		case is("oz ounce ounces"):
			return []*big.Rat{big.NewRat(28349523125, 1e9)}
		default:
			return []*big.Rat{big.NewRat(1e6, 1), big.NewRat(1e3, 1), big.NewRat(1, 1), big.NewRat(45359237, 100000), big.NewRat(28349523125, 1e9)}
		}
	case "bytes":
		switch {
		case is("tb terabyte terabytes"):
			return rat(1e12)
		case is("gb gigabyte gigabytes"):
			return rat(1e9)
		default:
			return rat(1, 1e6, 1e9, 1e12, 1e15)
		}
	default:
		return []*big.Rat{unit.Factor}
	}
}
