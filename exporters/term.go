package exporters

import (
	"fmt"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A completer makes quads as RDF has them, for every format the same: full IRIs, numbers and times as
// typed literals, and plain strings without a datatype. A quad that RDF does not have (a literal as
// subject, text that is not UTF-8) is an error, as no reader would take it.
type completer struct {
	ns    graph.Namespaces
	known map[quad.IRI]quad.Value // IRIs that were completed a while ago: most come again
}

// mostKnown bounds what is remembered.
const mostKnown = 1 << 12

func newCompleter(ns graph.Namespaces) *completer {
	return &completer{ns: ns, known: map[quad.IRI]quad.Value{}}
}

// full returns the quad as RDF has it.
func (c *completer) full(q quad.Quad) (quad.Quad, error) {
	var result quad.Quad
	for _, d := range quad.Directions {
		v := q.Get(d)
		if v == nil && d == quad.Label {
			continue
		}
		v, err := c.value(v, d)
		if err != nil {
			return quad.Quad{}, fmt.Errorf("writing the %s of %s %s: %w", d, quad.StringOf(q.Subject), quad.StringOf(q.Predicate), err)
		}
		result.Set(d, v)
	}
	return result, nil
}

// value completes a term that stands in that direction of a quad.
func (c *completer) value(v quad.Value, d quad.Direction) (quad.Value, error) {
	iri, ok := v.(quad.IRI)
	if !ok {
		return fullValue(v, d, c.ns)
	}
	if full, ok := c.known[iri]; ok {
		return full, nil
	}
	full, err := fullValue(v, d, c.ns)
	if err == nil {
		if len(c.known) == mostKnown {
			clear(c.known)
		}
		c.known[iri] = full
	}
	return full, err
}

func fullValue(v quad.Value, d quad.Direction, ns graph.Namespaces) (quad.Value, error) {
	if t, ok := graph.Lexical(v); ok {
		v = t
	}
	v = ns.ExpandValue(v)
	switch t := v.(type) {
	case quad.IRI:
		return t, checkIRI(string(t))
	case quad.BNode:
		if d == quad.Predicate {
			return nil, fmt.Errorf("want an IRI, found %v", t)
		}
		if !blankLabel(string(t)) {
			return nil, fmt.Errorf("want a blank node's label of letters and digits, found %q", string(t))
		}
		return t, nil
	}
	if d != quad.Object {
		return nil, fmt.Errorf("want an IRI or a blank node, found %s", quad.StringOf(v))
	}
	switch t := v.(type) {
	case quad.String:
		return t, checkText(string(t))
	case quad.LangString:
		if !languageTag(t.Lang) {
			return nil, fmt.Errorf("want a language like en or nl-BE, found %q", t.Lang)
		}
		return t, checkText(string(t.Value))
	case quad.TypedString:
		if t.Type == "http://www.w3.org/2001/XMLSchema#string" {
			return t.Value, checkText(string(t.Value)) // RDF has one plain string, and this is its name
		}
		if err := checkIRI(string(t.Type)); err != nil {
			return nil, fmt.Errorf("datatype: %w", err)
		}
		return t, checkText(string(t.Value))
	default:
		return nil, fmt.Errorf("want an IRI, a blank node or a literal, found a value of type %T", v)
	}
}

func checkIRI(iri string) error {
	if !hasScheme(iri) || !utf8.ValidString(iri) {
		return fmt.Errorf("want an absolute IRI in UTF-8, found %q", iri)
	}
	return nil
}

// hasScheme says whether an IRI begins with a letter, and then letters, digits, +, - or . before a colon.
func hasScheme[T ~string | ~[]byte](iri T) bool {
	for i := range len(iri) {
		c := iri[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i == 0:
			return false
		case c == ':':
			return true
		case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		default:
			return false
		}
	}
	return false
}

func checkText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("want text in UTF-8, found %q", s)
	}
	return nil
}
