package exporters_test

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
	"kg/graph"
)

// sequence yields the quads and then, if there is one, the error.
func sequence(err error, quads ...quad.Quad) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
		if err != nil {
			yield(quad.Quad{}, err)
		}
	}
}

// write exports the quads with the standard prefixes.
func write(t testing.TB, format string, quads ...quad.Quad) (string, error) {
	t.Helper()
	f, err := exporters.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = f.Write(&out, exporters.Document{Quads: sequence(nil, quads...), Namespaces: graph.DefaultNamespaces()})
	return out.String(), err
}

// quadFormats lists the formats that take any quads.
func quadFormats() []exporters.Format {
	return slices.DeleteFunc(exporters.Formats(), func(f exporters.Format) bool { return f.View })
}

// about is a quad with this object.
func about(object quad.Value) quad.Quad {
	return quad.Quad{Subject: quad.IRI("kg:agency/nca"), Predicate: quad.IRI("kg:seat"), Object: object}
}

func TestFormatsAreFoundByNameAndFile(t *testing.T) {
	want := []string{
		"nquads", "nquads-stream", "ntriples", "turtle", "trig", "jsonld", "jsonl", "cayley-json", "pquads",
		"gexf", "graphml", "cytoscape", "dot", "mermaid", "edgelist", "neo4j",
		"csv", "tsv", "json", "json-rows", "markdown", "xlsx", "parquet", "geojson", "timeline", "ftm", "stix", "schemaorg", "svg", "png", "story",
	}
	if diff := cmp.Diff(want, exporters.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for _, f := range quadFormats() {
		if f.About == "" || f.MediaType == "" || len(f.Extensions) == 0 || f.Write == nil {
			t.Errorf("%s is not complete: %+v", f.Name, f)
		}
		if g, err := exporters.ByName(f.Name); err != nil || g.Name != f.Name {
			t.Errorf("by the name %s: %s, %v", f.Name, g.Name, err)
		}
		for _, ext := range f.Extensions {
			if g, ok := exporters.ByFile("out/Facts" + strings.ToUpper(ext)); !ok || g.Name != f.Name {
				t.Errorf("by the extension %s: %s, %v", ext, g.Name, ok)
			}
		}
	}
	for _, name := range []string{"facts", "facts.doc", "nq", ""} {
		if f, ok := exporters.ByFile(name); ok {
			t.Errorf("%q asks for %s", name, f.Name)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	tests := []struct {
		name, format, want string
	}{
		{"a letter missing", "nquad", `, found "nquad"; did you mean nquads?`},
		{"none that is near", "visio", `, found "visio"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := exporters.ByName(tt.format)
			var p *graph.Problem
			want := "want an export format (" + strings.Join(exporters.Names(), ", ") + ")" + tt.want
			if !errors.As(err, &p) || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}

// What RDF does not have is refused by every format, and the quad is named.
func TestQuadsThatRDFDoesNotHave(t *testing.T) {
	iri := quad.IRI("kg:a")
	tests := []struct {
		name string
		quad quad.Quad
		want string // what the error says of the value
	}{
		{"no subject", quad.Quad{Predicate: iri, Object: iri}, "want an IRI or a blank node, found "},
		{"a literal as subject", quad.Quad{Subject: quad.String("x"), Predicate: iri, Object: iri}, `want an IRI or a blank node, found "x"`},
		{"a number as subject", quad.Quad{Subject: quad.Int(1), Predicate: iri, Object: iri}, `want an IRI or a blank node, found "1"^^<http://www.w3.org/2001/XMLSchema#integer>`},
		{"a blank node as predicate", quad.Quad{Subject: iri, Predicate: quad.BNode("b"), Object: iri}, "want an IRI, found _:b"},
		{"a literal as predicate", quad.Quad{Subject: iri, Predicate: quad.String("x"), Object: iri}, `want an IRI or a blank node, found "x"`},
		{"no predicate", quad.Quad{Subject: iri, Object: iri}, "want an IRI or a blank node, found "},
		{"no object", about(nil), "want an IRI, a blank node or a literal, found a value of type <nil>"},
		{"a literal as graph", quad.Quad{Subject: iri, Predicate: iri, Object: iri, Label: quad.String("g")}, `want an IRI or a blank node, found "g"`},
		{"an empty IRI", about(quad.IRI("")), `want an absolute IRI in UTF-8, found ""`},
		{"a relative IRI", about(quad.IRI("alice")), `want an absolute IRI in UTF-8, found "alice"`},
		{"an IRI with a scheme of digits", about(quad.IRI("1:a")), `want an absolute IRI in UTF-8, found "1:a"`},
		{"an IRI with a path before its colon", about(quad.IRI("a/b:c")), `want an absolute IRI in UTF-8, found "a/b:c"`},
		{"an IRI that looks like a blank node", about(quad.IRI("_:b")), `want an absolute IRI in UTF-8, found "_:b"`},
		{"an IRI that is not UTF-8", about(quad.IRI("http://x/\xff")), `want an absolute IRI in UTF-8, found "http://x/\xff"`},
		{"text that is not UTF-8", about(quad.String("a\xc3")), `want text in UTF-8, found "a\xc3"`},
		{"a surrogate", about(quad.String("a\xed\xa0\x80")), `want text in UTF-8, found "a\xed\xa0\x80"`},
		{"text in a language that is not UTF-8", about(quad.LangString{Value: "\xff", Lang: "en"}), `want text in UTF-8, found "\xff"`},
		{"typed text that is not UTF-8", about(quad.TypedString{Value: "\xff", Type: "xsd:date"}), `want text in UTF-8, found "\xff"`},
		{"a string of xsd:string that is not UTF-8", about(quad.TypedString{Value: "\xff", Type: "xsd:string"}), `want text in UTF-8, found "\xff"`},
		{"no language", about(quad.LangString{Value: "x"}), `want a language like en or nl-BE, found ""`},
		{"a language that begins with a digit", about(quad.LangString{Value: "x", Lang: "1a"}), `want a language like en or nl-BE, found "1a"`},
		{"a language that ends in a hyphen", about(quad.LangString{Value: "x", Lang: "en-"}), `want a language like en or nl-BE, found "en-"`},
		{"a language with a space", about(quad.LangString{Value: "x", Lang: "en us"}), `want a language like en or nl-BE, found "en us"`},
		{"a language that closes the line", about(quad.LangString{Value: "x", Lang: "en .\n<http://evil/>"}), `want a language like en or nl-BE, found "en .\n<http://evil/>"`},
		{"no datatype", about(quad.TypedString{Value: "x"}), `datatype: want an absolute IRI in UTF-8, found ""`},
		{"a relative datatype", about(quad.TypedString{Value: "x", Type: "date"}), `datatype: want an absolute IRI in UTF-8, found "date"`},
		{"a blank node without a label", about(quad.BNode("")), `want a blank node's label of letters and digits, found ""`},
		{"a blank node with a space", about(quad.BNode("a b")), `want a blank node's label of letters and digits, found "a b"`},
		{"a blank node that closes the line", about(quad.BNode("a .\n")), `want a blank node's label of letters and digits, found "a .\n"`},
		{"a blank node that ends in a dot", about(quad.BNode("a.")), `want a blank node's label of letters and digits, found "a."`},
		{"a blank node that begins with a hyphen", about(quad.BNode("-a")), `want a blank node's label of letters and digits, found "-a"`},
		{"a blank node that is not UTF-8", about(quad.BNode("a\xff")), `want a blank node's label of letters and digits, found "a\xff"`},
	}
	for _, format := range exporters.QuadNames() {
		for _, tt := range tests {
			t.Run(format+": "+tt.name, func(t *testing.T) {
				out, err := write(t, format, tt.quad)
				if err == nil || !strings.HasSuffix(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "writing the ") {
					t.Errorf("error %v, want one that ends: %s", err, tt.want)
				}
				if out != "" {
					t.Errorf("wrote %q", out)
				}
			})
		}
	}
	_, err := write(t, "nquads", about(quad.LangString{Value: "x"}))
	if want := `writing the object of <kg:agency/nca> <kg:seat>: want a language like en or nl-BE, found ""`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A brokenWriter takes some bytes and then fails.
type brokenWriter struct{ room int }

var errNoSpace = errors.New("no space left")

func (w *brokenWriter) Write(p []byte) (int, error) {
	n := min(w.room, len(p))
	w.room -= n
	if n < len(p) {
		return n, errNoSpace
	}
	return n, nil
}

func TestErrorsComeThrough(t *testing.T) {
	gone := errors.New("the store is gone")
	long, longer := about(quad.String(strings.Repeat("x", 10000))), about(quad.String(strings.Repeat("x", 20000)))
	for _, f := range quadFormats() {
		var out bytes.Buffer
		if err := f.Write(&out, exporters.Document{Quads: sequence(gone, about(quad.String("a"))), Namespaces: graph.DefaultNamespaces()}); !errors.Is(err, gone) {
			t.Errorf("%s: %v, want what the sequence said", f.Name, err)
		}
		if out.Len() > 0 && !strings.HasSuffix(out.String(), "\n") {
			t.Errorf("%s: ends within a line: %q", f.Name, out.String())
		}
		for _, room := range []int{0, 10, 5000, 15000} {
			if err := f.Write(&brokenWriter{room}, exporters.Document{Quads: sequence(nil, long, longer, about(quad.Int(1))), Namespaces: graph.DefaultNamespaces()}); !errors.Is(err, errNoSpace) {
				t.Errorf("%s: %v after %d bytes, want what the writer said", f.Name, err, room)
			}
		}
		out.Reset()
		empty := map[string]string{"jsonld": "[]\n", "cayley-json": "[]\n", "pquads": "\x00pq\x00\x01\x00\x00\x00\x02\x10\x01"}
		if err := f.Write(&out, exporters.Document{Quads: sequence(nil), Namespaces: graph.DefaultNamespaces()}); err != nil || out.String() != empty[f.Name] {
			t.Errorf("%s: of no quads %q, %v", f.Name, out.String(), err)
		}
	}
}

func TestOwnBase(t *testing.T) {
	ns, err := graph.NewNamespaces("urn:case:")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range quadFormats() {
		var out bytes.Buffer
		if err := f.Write(&out, exporters.Document{Quads: sequence(nil, about(quad.IRI("iri:geo:1,2"))), Namespaces: ns}); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(out.String(), "kg:seat", "urn:case:seat") // as Turtle may say
		for _, want := range []string{"urn:case:agency/nca", "urn:case:seat", "geo:1,2"} {
			if !strings.Contains(text, want) || strings.Contains(out.String(), "iri:") {
				t.Errorf("%s: %q does not hold %s", f.Name, out.String(), want)
			}
		}
	}
}

// lines splits what was written.
func lines(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(line string) bool { return line == "" })
}
