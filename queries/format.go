package queries

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Quantity makes a value of n base units of the unit: grams, single things, cents.
func Quantity(schema *graph.Schema, unit string, n int64) Value {
	v := Value{Term: quad.Int(n), Unit: unit, InUnit: schema.InUnit(unit, n)}
	v.Number, v.Symbol = schema.Scale(unit, n)
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
	v.UpTo, v.UpToInUnit = quad.Int(n), schema.InUnit(v.Unit, n)
	v.UpToNumber, v.UpToSymbol = schema.Scale(v.Unit, n)
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
	if q := graph.HedgeWords(v.Qualifier); q != "" && v.Number != "" {
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
		return graph.Thousands(v.Number) + " to " + withSymbol(v.UpToNumber, v.UpToSymbol)
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
		return graph.Thousands(strconv.FormatInt(int64(t), 10))
	case quad.IRI:
		return string(t)
	default:
		return fmt.Sprint(native(t))
	}
}

func withSymbol(number, symbol string) string {
	switch symbol {
	case "":
		return graph.Thousands(number)
	case "%":
		return graph.Thousands(number) + symbol
	}
	if number == "1" { // "1 week"; no symbol but those of time is a plural
		symbol = strings.TrimSuffix(symbol, "s")
	}
	return graph.Thousands(number) + " " + symbol
}
