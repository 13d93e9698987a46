package graph_test

import (
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func TestTermsAreValues(t *testing.T) {
	term := func(kind graph.TermKind, text, more string) graph.Term {
		return graph.Term{Kind: kind, Text: []byte(text), More: []byte(more)}
	}
	tests := []struct {
		name string
		term graph.Term
		want quad.Value
	}{
		{"none", graph.Term{}, nil},
		{"an IRI", term(graph.IRITerm, "kg:a", ""), quad.IRI("kg:a")},
		{"a blank node", term(graph.BlankTerm, "b1", ""), quad.BNode("b1")},
		{"text", term(graph.StringTerm, "x", ""), quad.String("x")},
		{"empty text", term(graph.StringTerm, "", ""), quad.String("")},
		{"text in a language", term(graph.LangTerm, "x", "nl-BE"), quad.LangString{Value: "x", Lang: "nl-BE"}},
		{"a number", term(graph.TypedTerm, "42", "xsd:integer"), quad.Int(42)},
		{"a number that is not canonical", term(graph.TypedTerm, "042", "xsd:integer"), quad.TypedString{Value: "042", Type: "xsd:integer"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.term.Value()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	q := graph.TermQuad{Subject: tests[1].term, Predicate: tests[1].term, Object: tests[6].term, Label: tests[2].term}
	want := quad.Quad{Subject: quad.IRI("kg:a"), Predicate: quad.IRI("kg:a"), Object: quad.Int(42), Label: quad.BNode("b1")}
	if diff := cmp.Diff(want, q.Quad()); diff != "" {
		t.Errorf("quad (-want +got):\n%s", diff)
	}
}
