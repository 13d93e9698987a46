package graph

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// DefaultBase is the namespace behind the prefix kg: unless the user sets another one.
const DefaultBase = "https://example.org/kg/"

// escapePrefix marks a full IRI whose own scheme looks like one of our prefixes.
const escapePrefix = "iri"

// A Prefix is a short name for a namespace: "prov" for "http://www.w3.org/ns/prov#".
type Prefix struct {
	Name, Namespace string
}

// Namespaces translates between the short IRIs of the store ("kg:platform/sky-ecc") and the full
// IRIs of files that others read. The translation is a bijection: Expand(Shorten(x)) == x for
// every x. The zero value knows no prefix; use [NewNamespaces].
type Namespaces struct {
	prefixes []Prefix // longest namespace first, so that nested namespaces resolve one way
}

// baseIRI is a scheme and what may stand in an IRI after it. What [url.Parse] asks for is another
// thing: it takes spaces in a path and refuses urn:x:100%/.
var baseIRI = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:([^\x00-\x20<>"{}|\\^` + "`" + `\x{FFFD}]*[/#:])?$`)

// NewNamespaces returns the standard prefixes, with kg: standing for base.
// The base must be an absolute IRI that ends in '/', '#' or ':'; the error is a *[Problem].
func NewNamespaces(base string) (Namespaces, error) {
	if !baseIRI.MatchString(base) {
		return Namespaces{}, &Problem{Want: "as base an absolute IRI that ends in /, # or :, like " + DefaultBase, Found: fmt.Sprintf("%q", base)}
	}
	ps := []Prefix{
		{"kg", base},
		{"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
		{"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
		{"xsd", "http://www.w3.org/2001/XMLSchema#"},
		{"owl", "http://www.w3.org/2002/07/owl#"},
		{"skos", "http://www.w3.org/2004/02/skos/core#"},
		{"prov", "http://www.w3.org/ns/prov#"},
		{"dcterms", "http://purl.org/dc/terms/"},
		{"schema", "https://schema.org/"},
		{"geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"},
	}
	scheme, _, _ := strings.Cut(base, ":")
	for i, p := range ps {
		if scheme == p.Name || scheme == escapePrefix { // full names would read like short ones
			return Namespaces{}, &Problem{Want: "as base an IRI whose scheme is no prefix, like " + DefaultBase, Found: fmt.Sprintf("%q", base)}
		}
		if i > 0 && p.Namespace == base {
			return Namespaces{}, &Problem{Want: "as base a namespace of your own, like " + DefaultBase, Found: base + ", which is that of " + p.Name + ":"}
		}
	}
	slices.SortStableFunc(ps, func(a, b Prefix) int { return len(b.Namespace) - len(a.Namespace) })
	return Namespaces{prefixes: ps}, nil
}

// DefaultNamespaces returns the standard prefixes with [DefaultBase] behind kg:.
func DefaultNamespaces() Namespaces {
	ns, err := NewNamespaces(DefaultBase)
	if err != nil {
		panic(err) // DefaultBase is a constant of this file
	}
	return ns
}

// Prefixes lists the known prefixes in alphabetical order.
func (ns Namespaces) Prefixes() []Prefix {
	ps := slices.Clone(ns.prefixes)
	slices.SortFunc(ps, func(a, b Prefix) int { return strings.Compare(a.Name, b.Name) })
	return ps
}

// Shorten turns a full IRI into the form kept in the store. An IRI of no known namespace is kept
// as it is; one whose scheme could be mistaken for a prefix is kept behind "iri:".
func (ns Namespaces) Shorten(full string) string {
	for _, p := range ns.prefixes {
		if rest, ok := strings.CutPrefix(full, p.Namespace); ok {
			return p.Name + ":" + rest
		}
	}
	if scheme, _, ok := strings.Cut(full, ":"); ok && (scheme == escapePrefix || ns.namespace(scheme) != "") {
		return escapePrefix + ":" + full
	}
	return full
}

// AppendShort appends the short form of a full IRI to dst.
func (ns Namespaces) AppendShort(dst, full []byte) []byte {
	for i := range ns.prefixes {
		p := &ns.prefixes[i]
		if n := len(p.Namespace); len(full) >= n && string(full[:n]) == p.Namespace {
			return append(append(append(dst, p.Name...), ':'), full[n:]...)
		}
	}
	if scheme, _, ok := bytes.Cut(full, []byte(":")); ok && (string(scheme) == escapePrefix || ns.hasPrefix(scheme)) {
		dst = append(dst, escapePrefix+":"...)
	}
	return append(dst, full...)
}

// Expand turns an IRI of the store into the full IRI. An IRI that is full already is returned as it is.
func (ns Namespaces) Expand(short string) string {
	name, rest, ok := strings.Cut(short, ":")
	if !ok {
		return short
	}
	if name == escapePrefix {
		return rest
	}
	if n := ns.namespace(name); n != "" {
		return n + rest
	}
	return short
}

// AppendFull appends what Expand returns to dst.
func (ns Namespaces) AppendFull(dst, short []byte) []byte {
	name, rest, ok := bytes.Cut(short, []byte(":"))
	if !ok {
		return append(dst, short...)
	}
	if string(name) == escapePrefix {
		return append(dst, rest...)
	}
	for i := range ns.prefixes {
		if p := &ns.prefixes[i]; p.Name == string(name) {
			return append(append(dst, p.Namespace...), rest...)
		}
	}
	return append(dst, short...)
}

// Normal returns the one name that the store uses for an IRI given in either form.
func (ns Namespaces) Normal(iri string) string { return ns.Shorten(ns.Expand(iri)) }

func (ns Namespaces) namespace(name string) string {
	for _, p := range ns.prefixes {
		if p.Name == name {
			return p.Namespace
		}
	}
	return ""
}

func (ns Namespaces) hasPrefix(name []byte) bool {
	for i := range ns.prefixes {
		if ns.prefixes[i].Name == string(name) {
			return true
		}
	}
	return false
}

// ShortenValue shortens an IRI, and the datatype of a typed literal; other values stay.
func (ns Namespaces) ShortenValue(v quad.Value) quad.Value { return mapIRIs(v, ns.Shorten) }

// ExpandValue is the inverse of [Namespaces.ShortenValue].
func (ns Namespaces) ExpandValue(v quad.Value) quad.Value { return mapIRIs(v, ns.Expand) }

// ShortenQuad shortens every term of a quad.
func (ns Namespaces) ShortenQuad(q quad.Quad) quad.Quad { return mapQuad(q, ns.ShortenValue) }

// ExpandQuad expands every term of a quad.
func (ns Namespaces) ExpandQuad(q quad.Quad) quad.Quad { return mapQuad(q, ns.ExpandValue) }

func mapIRIs(v quad.Value, f func(string) string) quad.Value {
	switch v := v.(type) {
	case quad.IRI:
		return quad.IRI(f(string(v)))
	case quad.TypedString:
		return quad.TypedString{Value: v.Value, Type: quad.IRI(f(string(v.Type)))}
	default:
		return v
	}
}

func mapQuad(q quad.Quad, f func(quad.Value) quad.Value) quad.Quad {
	return quad.Quad{Subject: f(q.Subject), Predicate: f(q.Predicate), Object: f(q.Object), Label: f(q.Label)}
}
