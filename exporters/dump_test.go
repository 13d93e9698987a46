package exporters_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
	"kg/graph"
)

// printing is a dump of one quad, as a store hands it over.
func printing(q quad.Quad) exporters.Dumper {
	return func(w io.Writer, _ bool, printer graph.TermPrinter) error {
		var line []byte
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object} {
			if t, ok := graph.Lexical(v); ok {
				v = t
			}
			var t graph.Term
			switch v := graph.DefaultNamespaces().ExpandValue(v).(type) {
			case quad.IRI:
				t = graph.Term{Kind: graph.IRITerm, Text: []byte(v)}
			case quad.BNode:
				t = graph.Term{Kind: graph.BlankTerm, Text: []byte(v)}
			case quad.String:
				t = graph.Term{Kind: graph.StringTerm, Text: []byte(v)}
			case quad.LangString:
				t = graph.Term{Kind: graph.LangTerm, Text: []byte(v.Value), More: []byte(v.Lang)}
			case quad.TypedString:
				t = graph.Term{Kind: graph.TypedTerm, Text: []byte(v.Value), More: []byte(v.Type)}
			}
			var err error
			if line, err = printer(line, t); err != nil {
				return err
			}
			line = append(line, ' ')
		}
		_, err := w.Write(append(line, ".\n"...))
		return err
	}
}

// The fast way writes, and refuses, what the other one does.
func TestDumpsWriteTheSameLines(t *testing.T) {
	objects := []quad.Value{
		quad.IRI("http://x/a b"), quad.IRI("http://x/ü"), quad.IRI("kg:a"), quad.IRI("iri:kg:a"), quad.IRI("http://x/\\"), quad.IRI(""), quad.IRI("alice"), quad.IRI("http://x/\xff"),
		quad.BNode("b1"), quad.BNode("a b"), quad.BNode(""), quad.BNode("ü"), nil,
		quad.String(""), quad.String("a\"\\\n\t\b\f\r\x01\x7f"), quad.String("\uffff\ufffe\ufffd"), quad.String("🚓"), quad.String("\xff"), quad.String("\ufeffx"),
		quad.LangString{Value: "x", Lang: "nl-BE"},
		quad.LangString{Value: "x"},
		quad.LangString{Value: "\xff", Lang: "en"},
		quad.LangString{Value: "x", Lang: "en us"},
		quad.TypedString{Value: "x", Type: "xsd:string"},
		quad.TypedString{Value: "2020", Type: "xsd:gYear"},
		quad.TypedString{Value: "x", Type: "date"},
		quad.TypedString{Value: "x", Type: "http://x/>"},
		quad.Int(-3), quad.Float(0.5), quad.Bool(false),
	}
	for _, object := range objects {
		q := about(object)
		for _, format := range []string{"nquads", "nquads-stream"} {
			f, err := exporters.ByName(format)
			if err != nil {
				t.Fatal(err)
			}
			want, refused := write(t, format, q)
			var got bytes.Buffer
			err = f.Write(&got, exporters.Document{Dump: printing(q), Namespaces: graph.DefaultNamespaces()})
			if (err == nil) != (refused == nil) {
				t.Errorf("%v: %v, and the fast way %v", object, refused, err)
			}
			if err == nil {
				if diff := cmp.Diff(want, got.String()); diff != "" {
					t.Errorf("%v (-want +got):\n%s", object, diff)
				}
			}
		}
	}
	gone := errors.New("the store is gone")
	f, _ := exporters.ByName("nquads")
	if err := f.Write(io.Discard, exporters.Document{Dump: func(io.Writer, bool, graph.TermPrinter) error { return gone }}); !errors.Is(err, gone) {
		t.Errorf("%v, want what the store said", err)
	}
}
