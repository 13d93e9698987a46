package exporters_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func TestJSONLines(t *testing.T) {
	labelled := about(quad.Int(746))
	labelled.Label = quad.IRI("kg:claim/A-1")
	tests := []struct {
		name string
		quad quad.Quad
		want string // after the subject and the predicate
	}{
		{"an IRI", about(quad.IRI("kg:location/uk")), `"object":{"id":"https://example.org/kg/location/uk"}`},
		{"a blank node", about(quad.BNode("b1")), `"object":{"id":"_:b1"}`},
		{"text", about(quad.String("London")), `"object":{"value":"London"}`},
		{"empty text is there", about(quad.String("")), `"object":{"value":""}`},
		{"text in a language", about(quad.LangString{Value: "Londen", Lang: "nl"}), `"object":{"value":"Londen","lang":"nl"}`},
		{"a number stays text", about(quad.Int(math.MaxInt64)), `"object":{"value":"9223372036854775807","type":"http://www.w3.org/2001/XMLSchema#integer"}`},
		{"a date", about(quad.TypedString{Value: "2020", Type: "xsd:gYear"}), `"object":{"value":"2020","type":"http://www.w3.org/2001/XMLSchema#gYear"}`},
		{"truth", about(quad.Bool(false)), `"object":{"value":"false","type":"http://www.w3.org/2001/XMLSchema#boolean"}`},
		{"a claim", labelled, `"object":{"value":"746","type":"http://www.w3.org/2001/XMLSchema#integer"},"graph":{"id":"https://example.org/kg/claim/A-1"}`},
		{"signs of HTML stay", about(quad.String("<a> & b")), `"object":{"value":"<a> & b"}`},
		{"control characters", about(quad.String("\x00\n\x7f")), "\"object\":{\"value\":\"\\u0000\\n\x7f\"}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := write(t, "jsonl", tt.quad)
			if err != nil {
				t.Fatal(err)
			}
			want := `{"subject":{"id":"https://example.org/kg/agency/nca"},"predicate":{"id":"https://example.org/kg/seat"},` + tt.want + "}\n"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSONLinesKeepTheOrder(t *testing.T) {
	got, err := write(t, "jsonl", about(quad.String("b")), about(quad.String("a")), about(quad.String("b")))
	if err != nil || len(lines(got)) != 3 || !strings.Contains(lines(got)[0], `"b"`) || !strings.Contains(lines(got)[1], `"a"`) {
		t.Errorf("%s, %v", got, err)
	}
}

type term struct {
	ID, Value, Type, Lang *string
}

// value reads a term back.
func (x *term) value(ns graph.Namespaces) quad.Value {
	switch {
	case x == nil:
		return nil
	case x.ID != nil && strings.HasPrefix(*x.ID, "_:"):
		return quad.BNode((*x.ID)[2:])
	case x.ID != nil:
		return quad.IRI(ns.Shorten(*x.ID))
	case x.Lang != nil:
		return quad.LangString{Value: quad.String(*x.Value), Lang: *x.Lang}
	case x.Type != nil:
		return graph.Native(quad.TypedString{Value: quad.String(*x.Value), Type: quad.IRI(ns.Shorten(*x.Type))})
	default:
		return quad.String(*x.Value)
	}
}

func TestJSONLinesLoseNothing(t *testing.T) {
	ns := graph.DefaultNamespaces()
	var quads []quad.Quad
	for _, v := range []quad.Value{
		quad.IRI("kg:agency/nca"), quad.IRI("iri:kg:x"), quad.IRI("http://x/a b<>"), quad.IRI("http://x/\u2028"), quad.BNode("b"),
		quad.String(""), quad.String("\x00\x1f\x7f\u2028\ufffd\uffff🚓\"\\"), quad.String("1"), quad.String("_:b"), quad.String("kg:x"),
		quad.LangString{Value: "", Lang: "nl-BE"},
		quad.TypedString{Value: "042", Type: "xsd:integer"},
		quad.TypedString{Value: "", Type: "http://x/t"},
		quad.Int(math.MinInt64), quad.Float(5e-324), quad.Bool(true),
		quad.TypedString{Value: "INF", Type: "xsd:double"},
		quad.TypedString{Value: "kg:x", Type: "iri:kg:t"},
	} {
		q := about(v)
		quads = append(quads, q)
		q.Label = quad.IRI("kg:claim/A")
		quads = append(quads, q)
	}
	out, err := write(t, "jsonl", quads...)
	if err != nil {
		t.Fatal(err)
	}
	var got []quad.Quad
	dec := json.NewDecoder(bytes.NewReader([]byte(out)))
	dec.DisallowUnknownFields()
	for dec.More() {
		var line struct{ Subject, Predicate, Object, Graph *term }
		if err := dec.Decode(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, quad.Quad{Subject: line.Subject.value(ns), Predicate: line.Predicate.value(ns), Object: line.Object.value(ns), Label: line.Graph.value(ns)})
	}
	if diff := cmp.Diff(quads, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}
