package exporters_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/cayleygraph/quad"
	cayleyjson "github.com/cayleygraph/quad/json"
	"github.com/cayleygraph/quad/pquads"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// readAll reads what one of Cayley's own readers makes of a document.
func readAll(t *testing.T, r quad.Reader) []quad.Quad {
	t.Helper()
	var quads []quad.Quad
	for {
		q, err := r.ReadQuad()
		if errors.Is(err, io.EOF) {
			return quads
		}
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
}

// lexical is how quads leave the program: full IRIs, and numbers as text with a datatype.
func lexical(quads []quad.Quad) []quad.Quad {
	out := make([]quad.Quad, len(quads))
	for i, q := range quads {
		if v, ok := graph.Lexical(q.Object); ok {
			q.Object = v
		}
		out[i] = graph.DefaultNamespaces().ExpandQuad(q)
	}
	return out
}

func TestCayleyReadsProtobufQuads(t *testing.T) {
	text, err := write(t, "pquads", everyKind()...)
	if err != nil {
		t.Fatal(err)
	}
	got := readAll(t, pquads.NewReader(bytes.NewReader([]byte(text)), 0))
	if diff := cmp.Diff(lexical(everyKind()), got); diff != "" {
		t.Errorf("Cayley reads (-want +got):\n%s", diff)
	}
}

// Cayley does not undo its own escapes in literals with a datatype or a language, and takes text that
// looks like another kind of term for it. All else it reads as it is meant.
func TestCayleyReadsJSONQuads(t *testing.T) {
	var quads, want []quad.Quad
	for i, q := range lexical(everyKind()) {
		switch v := q.Object.(type) {
		case quad.LangString:
			continue // everyKind's has escapes
		case quad.String:
			if v == "" || v[0] == '<' || v[0] == '_' {
				q.Object = quad.TypedString{Value: v, Type: "http://www.w3.org/2001/XMLSchema#string"}
			}
		}
		quads, want = append(quads, everyKind()[i]), append(want, q)
	}
	text, err := write(t, "cayley-json", quads...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, readAll(t, cayleyjson.NewReader(bytes.NewReader([]byte(text))))); diff != "" {
		t.Errorf("Cayley reads (-want +got):\n%s", diff)
	}
}
