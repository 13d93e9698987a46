package graph_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// bases are namespaces that a user may put behind kg:, the treacherous ones included.
func bases() []string {
	return []string{
		graph.DefaultBase,
		"http://localhost:8080/kg#",
		"urn:kg:",
		"https://schema.org/kg/",              // inside another namespace
		"https://schema.org/startDate/",       // inside a term of another namespace
		"http://www.w3.org/",                  // around several others
		"http://www.w3.org/2001/XMLSchema#x/", // beside the terms of another
		"https:",                              // a scheme alone
	}
}

func namespaces(t testing.TB, base string) graph.Namespaces {
	t.Helper()
	ns, err := graph.NewNamespaces(base)
	if err != nil {
		t.Fatalf("NewNamespaces(%q): %v", base, err)
	}
	return ns
}

func TestShortenAndExpand(t *testing.T) {
	tests := []struct {
		name, full, short string
	}{
		{"an IRI of our own", "https://example.org/kg/platform/sky-ecc", "kg:platform/sky-ecc"},
		{"a term of a standard vocabulary", "http://www.w3.org/ns/prov#wasAttributedTo", "prov:wasAttributedTo"},
		{"schema.org is the one with https", "https://schema.org/name", "schema:name"},
		{"schema.org with http is somewhere else", "http://schema.org/name", "http://schema.org/name"},
		{"a namespace itself", "http://www.w3.org/2001/XMLSchema#", "xsd:"},
		{"a namespace without its last character", "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2001/XMLSchema"},
		{"the rest may hold colons", "https://example.org/kg/a:b", "kg:a:b"},
		{"the rest may be an IRI", "https://example.org/kg/http://x/", "kg:http://x/"},
		{"an address of the web", "https://www.europol.europa.eu/", "https://www.europol.europa.eu/"},
		{"a geo URI is no coordinate predicate", "geo:51.27,4.34", "iri:geo:51.27,4.34"},
		{"a full IRI that looks short", "kg:platform/sky-ecc", "iri:kg:platform/sky-ecc"},
		{"a full IRI that looks escaped", "iri:kg:x", "iri:iri:kg:x"},
		{"schemes are compared as they are written", "KG:x", "KG:x"},
		{"no scheme", "alice", "alice"},
		{"nothing before the colon", ":x", ":x"},
		{"nothing at all", "", ""},
	}
	ns := graph.DefaultNamespaces()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ns.Shorten(tt.full); got != tt.short {
				t.Errorf("Shorten(%q) = %q, want %q", tt.full, got, tt.short)
			}
			if got := ns.Expand(tt.short); got != tt.full {
				t.Errorf("Expand(%q) = %q, want %q", tt.short, got, tt.full)
			}
		})
	}
}

func TestNormalGivesOneNameToFullAndShort(t *testing.T) {
	tests := []struct {
		name, base, iri, want string
	}{
		{"the full form", graph.DefaultBase, "https://example.org/kg/platform/anom", "kg:platform/anom"},
		{"the short form", graph.DefaultBase, "kg:platform/anom", "kg:platform/anom"},
		{"an escape that was not needed", graph.DefaultBase, "iri:https://example.org/kg/platform/anom", "kg:platform/anom"},
		{"an escape that is needed", graph.DefaultBase, "iri:kg:platform/anom", "iri:kg:platform/anom"},
		{"the innermost of nested namespaces", "https://schema.org/kg/", "schema:kg/platform/anom", "kg:platform/anom"},
		{"the namespace around", "http://www.w3.org/", "kg:ns/prov#Agent", "prov:Agent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := namespaces(t, tt.base).Normal(tt.iri); got != tt.want {
				t.Errorf("Normal(%q) = %q, want %q", tt.iri, got, tt.want)
			}
		})
	}
}

func TestBaseIsRefused(t *testing.T) {
	tests := []struct {
		name, base, want string
	}{
		{"nothing", "", "an absolute IRI"},
		{"no scheme", "example.org/kg/", "an absolute IRI"},
		{"a path", "/kg/", "an absolute IRI"},
		{"an end that would run into the name", "https://example.org/kg", "ends in /, # or :"},
		{"a space", "https://example.org/my kg/", "an absolute IRI"},
		{"an angle bracket", "https://example.org/<kg>/", "an absolute IRI"},
		{"bytes that are not UTF-8", "https://example.org/\xff/", "an absolute IRI"},
		{"a line break at the end", "https://example.org/kg/\n", "an absolute IRI"},
		{"a scheme that is a prefix", "schema:kg/", "whose scheme is no prefix"},
		{"a scheme that is our own prefix", "kg:", "whose scheme is no prefix"},
		{"the scheme that escapes", "iri:", "whose scheme is no prefix"},
		{"the namespace of another prefix", "https://schema.org/", "which is that of schema:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := graph.NewNamespaces(tt.base)
			var p *graph.Problem
			if !errors.As(err, &p) {
				t.Fatalf("NewNamespaces(%q) = %v, want a Problem", tt.base, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("message %q does not say %q", err, tt.want)
			}
		})
	}
}

func TestPrefixesAreListedInOrder(t *testing.T) {
	var names []string
	for _, p := range namespaces(t, "urn:x:").Prefixes() {
		names = append(names, p.Name)
		if p.Name == "kg" && p.Namespace != "urn:x:" {
			t.Errorf("kg: stands for %q", p.Namespace)
		}
	}
	want := []string{"dcterms", "geo", "kg", "owl", "prov", "rdf", "rdfs", "schema", "skos", "xsd"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("prefixes (-want +got):\n%s", diff)
	}
}

func TestNamespacesOfNothingTranslateNothing(t *testing.T) {
	var ns graph.Namespaces
	for _, x := range []string{"kg:x", "https://example.org/kg/x", "iri:x", ""} {
		if got := ns.Expand(ns.Shorten(x)); got != x {
			t.Errorf("Expand(Shorten(%q)) = %q", x, got)
		}
	}
}

func TestQuadsAreTranslatedTermByTerm(t *testing.T) {
	ns := graph.DefaultNamespaces()
	full := quad.Quad{
		Subject:   quad.IRI("https://example.org/kg/figure/f"),
		Predicate: quad.IRI("http://purl.org/dc/terms/issued"),
		Object:    quad.TypedString{Value: "kg:x", Type: "http://www.w3.org/2001/XMLSchema#gYear"},
		Label:     quad.BNode("kg:x"),
	}
	short := quad.Quad{
		Subject:   quad.IRI("kg:figure/f"),
		Predicate: quad.IRI("dcterms:issued"),
		Object:    quad.TypedString{Value: "kg:x", Type: "xsd:gYear"},
		Label:     quad.BNode("kg:x"),
	}
	if diff := cmp.Diff(short, ns.ShortenQuad(full)); diff != "" {
		t.Errorf("short (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(full, ns.ExpandQuad(short)); diff != "" {
		t.Errorf("full (-want +got):\n%s", diff)
	}
	for _, v := range []quad.Value{nil, quad.String("kg:x"), quad.LangString{Value: "kg:x", Lang: "nl"}, quad.Int(1), quad.Bool(true)} {
		if got := ns.ShortenValue(ns.ExpandValue(v)); got != v {
			t.Errorf("%v became %v", v, got)
		}
	}
}

func FuzzNamespaces(f *testing.F) {
	for _, x := range []string{
		"", ":", "::", "kg:", "iri:", "iri:iri:", "kg:kg:x", "schema:kg/x", "https://schema.org/", "https://schema.org/kg/x",
		"https://schema.org/startDate/x", "http://www.w3.org/ns/prov#x", "http://www.w3.org/2001/XMLSchema#x/y", "geo:1,2",
		"https://example.org/kg/platform/sky-ecc", "urn:kg:x", "https://example.org/kg", "KG:x", "\xff:\x00", "alice",
	} {
		f.Add(x)
	}
	var all []graph.Namespaces
	for _, base := range bases() {
		all = append(all, namespaces(f, base))
	}
	f.Fuzz(func(t *testing.T, x string) {
		for i, ns := range all {
			short := ns.Shorten(x)
			if got := ns.Expand(short); got != x {
				t.Errorf("base %q: Expand(Shorten(%q)) = Expand(%q) = %q", bases()[i], x, short, got)
			}
			if got := string(ns.AppendShort([]byte("x"), []byte(x))); got != "x"+short {
				t.Errorf("base %q: AppendShort appends %q, Shorten says %q", bases()[i], got[1:], short)
			}
			normal := ns.Normal(x)
			if got := ns.Normal(normal); got != normal {
				t.Errorf("base %q: Normal(%q) = %q, and again %q", bases()[i], x, normal, got)
			}
			// A full form that looks short needs its escape: nobody could tell which is meant.
			if got := ns.Normal(ns.Expand(x)); got != normal && !strings.HasPrefix(normal, "iri:") {
				t.Errorf("base %q: %q is %q, its full form %q", bases()[i], x, normal, got)
			}
			if ns.Expand(normal) != ns.Expand(x) {
				t.Errorf("base %q: Normal(%q) = %q means another node", bases()[i], x, normal)
			}
		}
	})
}
