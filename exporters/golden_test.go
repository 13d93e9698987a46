package exporters_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
	"kg/graph"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// everyKind is a small graph with every kind of term, in an order that breaks up subjects and graphs.
func everyKind() []quad.Quad {
	nca := quad.IRI("kg:agency/nca")
	claim := func(n int) quad.Value { return quad.IRI(fmt.Sprint("kg:claim/A-", n)) }
	q := func(s quad.Value, p quad.IRI, o, g quad.Value) quad.Quad {
		return quad.Quad{Subject: s, Predicate: p, Object: o, Label: g}
	}
	return []quad.Quad{
		q(nca, "rdf:type", quad.IRI("kg:Agency"), nil),
		q(nca, "rdf:type", quad.IRI("rdf:type"), nil),
		q(nca, "schema:name", quad.String("National Crime Agency"), nil),
		q(nca, "skos:altLabel", quad.LangString{Value: "Het \"NCA\"\n", Lang: "nl-BE"}, nil),
		q(nca, "skos:altLabel", quad.String(""), nil),
		q(nca, "kg:itemCount", quad.Int(746), nil),
		q(nca, "kg:itemCount", quad.TypedString{Value: "042", Type: "xsd:integer"}, nil),
		q(nca, "kg:itemCount", quad.TypedString{Value: "-0", Type: "xsd:integer"}, nil),
		q(nca, "kg:share", quad.TypedString{Value: "1.5", Type: "xsd:decimal"}, nil),
		q(nca, "kg:share", quad.TypedString{Value: "1.50", Type: "xsd:decimal"}, nil),
		q(nca, "kg:share", quad.Float(2.5e-3), nil),
		q(nca, "kg:share", quad.Float(math.Inf(1)), nil),
		q(nca, "kg:isPublic", quad.Bool(true), nil),
		q(nca, "kg:isPublic", quad.TypedString{Value: "1", Type: "xsd:boolean"}, nil),
		q(nca, "rdf:type", quad.String("a class that is text"), nil),
		q(quad.BNode("b1"), "schema:startDate", quad.TypedString{Value: "2021-03-09T06:00:00+01:00", Type: "xsd:dateTime"}, nil),
		q(quad.BNode("b1"), "schema:endDate", quad.TypedString{Value: "soon", Type: "http://other.example/t"}, nil),
		q(nca, "kg:seat", quad.IRI("kg:location/uk"), claim(1)),
		q(nca, "kg:seat", quad.BNode("b1"), claim(1)),
		q(nca, "rdfs:comment", quad.String("back\\slash \x01 \u2028 🚓"), claim(1)),
		q(quad.IRI("iri:kg:x"), "kg:seat", quad.IRI("iri:iri:x"), claim(1)),
		q(nca, "kg:seat", quad.IRI("urn:x:y"), claim(2)),
		q(nca, "schema:name", quad.String("<looks like an IRI>"), quad.BNode("g")),
		q(nca, "schema:name", quad.String("_:b1"), nil),
	}
}

func TestGoldenDocuments(t *testing.T) {
	for _, f := range quadFormats() {
		t.Run(f.Name, func(t *testing.T) {
			got, err := write(t, f.Name, everyKind()...)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", f.Name+f.Extensions[0])
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
			if again, err := write(t, f.Name, everyKind()...); err != nil || again != got {
				t.Errorf("the same quads give another document (%v)", err)
			}
		})
	}
}

func TestNumbersWithoutQuotes(t *testing.T) {
	tests := []struct {
		kind string
		bare []string
		not  []string
	}{
		{"integer", []string{"0", "7", "-7", "10", "123456789012345678901234567890"}, []string{"", "-", "+7", "042", "-0", "1.0", " 1", "1e3", "½"}},
		{"decimal", []string{"0.0", "1.5", "-0.25", "10.0"}, []string{"", ".", "1", "1.", ".5", "1.50", "01.5", "+1.5", "-0.0", "1.5.5", "1.5E1"}},
		{"double", []string{"0.0E0", "1.0E0", "-2.5E-3", "1.0E10"}, []string{"", "1", "1.0", "1E0", "1.0e0", "10.0E0", "0.5E0", "1.0E+1", "1.0E01", "1.0E-0", "INF", "NaN", "-0.0E0", "1.50E0"}},
		{"boolean", []string{"true", "false"}, []string{"", "1", "0", "TRUE"}},
		{"date", nil, []string{"2020-07-02", "1", "true"}},
		{"long", nil, []string{"1"}},
	}
	for _, tt := range tests {
		for i, text := range append(tt.bare, tt.not...) {
			got, err := write(t, "turtle", about(quad.TypedString{Value: quad.String(text), Type: quad.IRI("xsd:" + tt.kind)}))
			if err != nil {
				t.Fatal(err)
			}
			want := "kg:seat " + text + " .\n"
			if i >= len(tt.bare) {
				want = fmt.Sprintf("kg:seat %q^^xsd:%s .\n", text, tt.kind)
			}
			if !strings.HasSuffix(got, want) {
				t.Errorf("%s %q: %s, want it to end in %s", tt.kind, text, got, want)
			}
		}
	}
}

// A prefix that is met when the beginning of the document has been written is declared on the spot.
func TestLatePrefixes(t *testing.T) {
	var quads []quad.Quad
	for i := range 2000 {
		quads = append(quads, quad.Quad{
			Subject: quad.IRI(fmt.Sprint("http://x/", i)), Predicate: quad.IRI("http://x/p"),
			Object: quad.String(strings.Repeat("x", 40)), Label: quad.IRI("http://x/g"),
		})
	}
	last := quads[len(quads)-1]
	last.Predicate = quad.IRI("prov:value")
	quads = append(quads, last)
	for _, format := range []string{"turtle", "trig"} {
		got, err := write(t, format, quads...)
		if err != nil {
			t.Fatal(err)
		}
		end := "@prefix prov: <http://www.w3.org/ns/prov#> .\n\n<http://x/1999> prov:value \"" + strings.Repeat("x", 40) + "\" .\n"
		if format == "trig" {
			end = "}\n@prefix prov: <http://www.w3.org/ns/prov#> .\n\n<http://x/g> {\n    <http://x/1999> prov:value \"" + strings.Repeat("x", 40) + "\" .\n}\n"
		}
		if !strings.HasSuffix(got, end) {
			t.Errorf("%s ends:\n%s", format, got[len(got)-400:])
		}
	}
}

// However much is written, a writer keeps little: what has been written is not held back.
func TestWritersStream(t *testing.T) {
	for _, f := range quadFormats() {
		if f.Name == "nquads" { // sorts
			continue
		}
		const most = 256 << 10
		var out bytes.Buffer
		given := 0
		quads := func(yield func(quad.Quad, error) bool) {
			for i := range 50000 {
				q := about(quad.String(fmt.Sprint("text number ", i)))
				q.Predicate = quad.IRI(fmt.Sprint("kg:p", i%3000))
				q.Label = quad.IRI(fmt.Sprint("kg:claim/", i/1000))
				if given += 20; given > out.Len()+most {
					t.Errorf("%s: holds back more than %d bytes", f.Name, most)
					return
				}
				if !yield(q, nil) {
					return
				}
			}
		}
		if err := f.Write(&out, exporters.Document{Quads: quads, Namespaces: graph.DefaultNamespaces()}); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
