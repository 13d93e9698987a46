package graph

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
)

// Datatypes in the short form of the store.
const (
	xsdInteger    quad.IRI = "xsd:integer"
	xsdDouble     quad.IRI = "xsd:double"
	xsdBoolean    quad.IRI = "xsd:boolean"
	xsdDateTime   quad.IRI = "xsd:dateTime"
	xsdDate       quad.IRI = "xsd:date"
	xsdGYearMonth quad.IRI = "xsd:gYearMonth"
	xsdGYear      quad.IRI = "xsd:gYear"
	xsdString     quad.IRI = "xsd:string"
)

// Native turns a typed literal (datatype in short form) into the value that Cayley compares by size:
// Int, Float, Bool or Time. It does so only if [Lexical] gives back the same text and datatype:
// "042"^^xsd:integer and a time with a zone offset stay typed strings, and lose nothing. Nor does it
// where Cayley would take two values for one: times within a second, and -0.0 beside 0.0.
func Native(t quad.TypedString) quad.Value {
	var v quad.Value
	text := string(t.Value)
	switch t.Type {
	case xsdString:
		return t.Value
	case xsdInteger:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v = quad.Int(n)
		}
	case xsdDouble:
		f, err := strconv.ParseFloat(text, 64)
		negativeZero := f == 0 && math.Signbit(f)
		if err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && !negativeZero {
			v = quad.Float(f)
		}
	case xsdBoolean:
		v = quad.Bool(text == "true")
	case xsdDateTime:
		if at, err := time.Parse(time.RFC3339, text); err == nil && at.Nanosecond() == 0 {
			v = quad.Time(at)
		}
	}
	if v != nil {
		if back, ok := Lexical(v); ok && back == t {
			return v
		}
	}
	return t
}

// Lexical returns the text and the datatype (short form) of a native value, and whether v is one.
func Lexical(v quad.Value) (quad.TypedString, bool) {
	switch v := v.(type) {
	case quad.Int:
		return quad.TypedString{Value: quad.String(strconv.FormatInt(int64(v), 10)), Type: xsdInteger}, true
	case quad.Float:
		return quad.TypedString{Value: quad.String(formatDouble(float64(v))), Type: xsdDouble}, true
	case quad.Bool:
		return quad.TypedString{Value: quad.String(strconv.FormatBool(bool(v))), Type: xsdBoolean}, true
	case quad.Time:
		return quad.TypedString{Value: quad.String(time.Time(v).UTC().Format(time.RFC3339Nano)), Type: xsdDateTime}, true
	default:
		return quad.TypedString{}, false
	}
}

// formatDouble prints the canonical form of XML Schema: one digit before the point, at least one
// after it, and an exponent without padding (1.0E0, -2.5E-3); or INF, -INF, NaN.
func formatDouble(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E") // "1.5", "-03"
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent) // it is FormatFloat's own
	return mantissa + "E" + strconv.Itoa(n)
}
