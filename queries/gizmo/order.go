package gizmo

import (
	"cmp"
	"math/big"
	"strings"

	"github.com/cayleygraph/quad"
)

// Compare orders values: first by kind (numbers, dates, booleans, texts, other literals, IRIs, blank
// nodes), within a kind by what they mean. Integers and floats are compared as the numbers they are;
// dates by where they start, and of two that start together the wider one comes first; texts by
// their characters, then by language. Nil stands last.
func Compare(a, b quad.Value) int {
	ka, kb := kindOf(a), kindOf(b)
	if ka != kb {
		return cmp.Compare(ka, kb)
	}
	switch ka {
	case kindNumber:
		if c := compareNumbers(a, b); c != 0 {
			return c
		}
		_, ia := a.(quad.Int)
		_, ib := b.(quad.Int)
		return cmp.Compare(btoi(ib), btoi(ia)) // 42 before 42.0: equal, but not the same
	case kindDate:
		pa, _ := periodOf(a)
		pb, _ := periodOf(b)
		if c := pa.start.Compare(pb.start); c != 0 {
			return c
		}
		if c := pb.end.Compare(pa.end); c != 0 {
			return c
		}
	case kindBool:
		return cmp.Compare(btoi(bool(a.(quad.Bool))), btoi(bool(b.(quad.Bool))))
	case kindText:
		ta, la := textOf(a)
		tb, lb := textOf(b)
		if c := strings.Compare(ta, tb); c != 0 {
			return c
		}
		return strings.Compare(la, lb)
	case kindNone:
		return 0
	case kindOther, kindIRI, kindBNode:
	}
	return strings.Compare(quad.StringOf(a), quad.StringOf(b))
}

type kind int

const (
	kindNumber kind = iota
	kindDate
	kindBool
	kindText
	kindOther
	kindIRI
	kindBNode
	kindNone
)

func kindOf(v quad.Value) kind {
	switch v := v.(type) {
	case nil:
		return kindNone
	case quad.Int, quad.Float:
		return kindNumber
	case quad.Time:
		return kindDate
	case quad.Bool:
		return kindBool
	case quad.String, quad.LangString:
		return kindText
	case quad.IRI:
		return kindIRI
	case quad.BNode:
		return kindBNode
	case quad.TypedString:
		if _, ok := periodOfTyped(v); ok {
			return kindDate
		}
		if _, ok := decimalOf(v); ok {
			return kindNumber
		}
	}
	return kindOther
}

// decimalOf reads the numbers that Cayley keeps as text.
func decimalOf(v quad.TypedString) (*big.Rat, bool) {
	switch xsdName(v.Type) {
	case "decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
		"negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte":
		if len(v.Value) > 1000 || strings.ContainsAny(string(v.Value), "/eE_xXpP") {
			return nil, false // not a decimal, or one made to cost time
		}
		return new(big.Rat).SetString(string(v.Value))
	default:
		return nil, false
	}
}

func compareNumbers(a, b quad.Value) int {
	if x, ok := a.(quad.Int); ok {
		if y, ok := b.(quad.Int); ok {
			return cmp.Compare(x, y)
		}
	}
	if x, ok := a.(quad.Float); ok {
		if y, ok := b.(quad.Float); ok {
			return cmp.Compare(x, y)
		}
	}
	x, xok := ratOf(a)
	y, yok := ratOf(b)
	if !xok || !yok { // NaN and the infinities have no exact form
		return cmp.Compare(floatOf(a), floatOf(b))
	}
	return x.Cmp(y)
}

func ratOf(v quad.Value) (*big.Rat, bool) {
	switch v := v.(type) {
	case quad.Int:
		return new(big.Rat).SetInt64(int64(v)), true
	case quad.Float:
		r := new(big.Rat).SetFloat64(float64(v))
		return r, r != nil
	case quad.TypedString:
		return decimalOf(v)
	default:
		return nil, false
	}
}

func floatOf(v quad.Value) float64 {
	if f, ok := v.(quad.Float); ok {
		return float64(f)
	}
	r, ok := ratOf(v)
	if !ok {
		return 0
	}
	f, _ := r.Float64()
	return f
}

func textOf(v quad.Value) (text, lang string) {
	switch v := v.(type) {
	case quad.String:
		return string(v), ""
	case quad.LangString:
		return string(v.Value), v.Lang
	default:
		return quad.StringOf(v), ""
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
