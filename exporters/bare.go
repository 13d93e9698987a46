package exporters

import (
	"strings"

	"github.com/cayleygraph/quad"
)

const (
	rdfType   quad.IRI = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	xsdPrefix quad.IRI = "http://www.w3.org/2001/XMLSchema#"
)

// bare says whether Turtle may write a literal without quotes and datatype. Only canonical forms are
// written so: a reader that makes numbers of them and prints these again gives back the same text,
// and 042 or +1.50 would not come back.
func bare(t quad.TypedString) bool {
	text := string(t.Value)
	kind, ok := strings.CutPrefix(string(t.Type), string(xsdPrefix))
	if !ok {
		return false
	}
	if kind == "boolean" {
		return text == "true" || text == "false"
	}
	number := strings.TrimPrefix(text, "-")
	switch kind {
	case "integer":
		return whole(number) && text != "-0"
	case "decimal":
		before, after, ok := strings.Cut(number, ".")
		return ok && whole(before) && fraction(after) && text != "-0.0"
	case "double":
		mantissa, exponent, ok := strings.Cut(number, "E")
		before, after, point := strings.Cut(mantissa, ".")
		return ok && point && len(before) == 1 && whole(before) && fraction(after) &&
			whole(strings.TrimPrefix(exponent, "-")) && exponent != "-0" && (before != "0" || text == "0.0E0")
	}
	return false
}

// whole says whether s is a number as people write it: without a sign and needless zeros.
func whole(s string) bool { return digits(s) && (s == "0" || s[0] != '0') }

// fraction says whether s can stand behind a point without a needless zero.
func fraction(s string) bool { return digits(s) && (s == "0" || s[len(s)-1] != '0') }

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
