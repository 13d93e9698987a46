package loaders

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// literal makes a literal of a value object. The direction of text has no place in RDF 1.1.
func (j *jsonldQuads) literal(m map[string]any) (quad.Value, *fault) {
	datatype, typed := m["@type"].(string)
	if datatype == "@json" {
		text, err := sortedJSON(m["@value"])
		if err != nil {
			return nil, &fault{want: "JSON as the value of a literal", found: err.Error()}
		}
		return quad.TypedString{Value: quad.String(text), Type: "rdf:JSON"}, nil
	}
	var kind quad.IRI
	if typed {
		if f := plainIRI(datatype); f != nil {
			return nil, f
		}
		kind = quad.IRI(j.doc.options.Namespaces.Shorten(datatype))
	}
	switch v := m["@value"].(type) {
	case string:
		if language, ok := m["@language"].(string); ok {
			return langString(v, j.doc.spelt(language))
		}
		if !typed {
			return quad.String(v), nil
		}
		return graph.Native(quad.TypedString{Value: quad.String(v), Type: kind}), nil
	case bool:
		if !typed {
			kind = "xsd:boolean"
		}
		return graph.Native(quad.TypedString{Value: quad.String(strconv.FormatBool(v)), Type: kind}), nil
	case json.Number:
		return jsonldNumber(string(v), kind), nil
	default:
		return nil, &fault{want: "text, a number, true or false as @value", found: "something else"}
	}
}

// jsonldNumber makes a literal of a number: an integer where it is whole, else a double in the
// canonical form. The digits of an integer stay, and those of a number with another datatype.
func jsonldNumber(text string, kind quad.IRI) quad.Value {
	lexical, whole := wholeNumber(text)
	switch {
	case kind == "" && whole:
		kind = "xsd:integer"
	case kind == "" || kind == "xsd:double":
		kind, lexical = "xsd:double", text
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			typed, _ := graph.Lexical(quad.Float(f))
			lexical = string(typed.Value)
		}
	case !whole:
		lexical = text
	}
	return graph.Native(quad.TypedString{Value: quad.String(lexical), Type: kind})
}

// mostDigits is what an integer may have in JSON-LD: from 10^21 on, numbers are doubles.
const mostDigits = 21

// wholeNumber prints a number without point and exponent, if it has no fraction.
func wholeNumber(text string) (string, bool) {
	sign := ""
	digits, isNegative := strings.CutPrefix(text, "-")
	if isNegative {
		sign = "-"
	}
	mantissa, power, _ := strings.Cut(strings.ToLower(digits), "e")
	n := 0
	if power != "" {
		var err error
		if n, err = strconv.Atoi(power); err != nil || n > mostDigits || n < -len(mantissa) {
			return "", strings.Trim(mantissa, "0.") == ""
		}
	}
	before, after, _ := strings.Cut(mantissa, ".")
	all := before + after
	point := len(before) + n
	if point > len(all) {
		all += strings.Repeat("0", point-len(all))
	}
	fraction := all[max(min(point, len(all)), 0):]
	if strings.Trim(fraction, "0") != "" || point < 0 && strings.Trim(all, "0") != "" {
		return "", false
	}
	all = strings.TrimLeft(all[:max(point, 0)], "0")
	switch {
	case all == "":
		return "0", true
	case len(all) > mostDigits:
		return "", false
	}
	return sign + all, true
}

// sortedJSON prints a value with the members of objects in order and nothing between them. Numbers
// stay as they are written.
func sortedJSON(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
