package exporters

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"kg/graph"
)

// A Dumper writes the quads of a document as lines of terms, faster than one quad after the other:
// sorted and each once, or as they come.
type Dumper func(w io.Writer, sorted bool, printer graph.TermPrinter) error

// printTerm appends a full term as N-Quads has it. What it refuses and escapes is what [completer] and
// appendTerm do, for terms as bytes.
func printTerm(b []byte, t graph.Term) ([]byte, error) {
	switch t.Kind {
	case graph.IRITerm:
		return printIRI(b, t.Text)
	case graph.BlankTerm:
		if !blankLabel(string(t.Text)) {
			return b, fmt.Errorf("want a blank node's label of letters and digits, found %q", t.Text)
		}
		return append(append(b, "_:"...), t.Text...), nil
	case graph.StringTerm, graph.LangTerm, graph.TypedTerm:
		if !utf8.Valid(t.Text) {
			return b, fmt.Errorf("want text in UTF-8, found %q", t.Text)
		}
	default:
		return b, fmt.Errorf("want an IRI, a blank node or a literal, found a term of kind %d", t.Kind)
	}
	b = appendText(b, t.Text)
	switch {
	case t.Kind == graph.LangTerm && !languageTag(string(t.More)):
		return b, fmt.Errorf("want a language like en or nl-BE, found %q", t.More)
	case t.Kind == graph.LangTerm:
		b = append(append(b, '@'), t.More...)
	case t.Kind == graph.TypedTerm && string(t.More) != string(xsdPrefix)+"string":
		var err error
		if b, err = printIRI(append(b, "^^"...), t.More); err != nil {
			return b, fmt.Errorf("datatype: %w", err)
		}
	}
	return b, nil
}

func printIRI(b, iri []byte) ([]byte, error) {
	if !utf8.Valid(iri) || !hasScheme(iri) {
		return b, fmt.Errorf("want an absolute IRI in UTF-8, found %q", iri)
	}
	for _, c := range iri {
		if c <= ' ' || special[c] {
			return appendIRI(b, string(iri)), nil
		}
	}
	return append(append(append(b, '<'), iri...), '>'), nil
}

// special marks what appendIRI escapes.
var special = [256]bool{'<': true, '>': true, '"': true, '{': true, '}': true, '|': true, '^': true, '`': true, '\\': true} //nolint:gochecknoglobals // a table that nobody changes

// appendText is appendString: most text has nothing to escape.
func appendText(b, text []byte) []byte {
	for i, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c == 0x7F || c == 0xEF && bytes.HasPrefix(text[i:], []byte("\xEF\xBF")) {
			return appendString(b, string(text))
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
