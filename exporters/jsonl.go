package exporters

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"iter"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func jsonl() Format {
	return Format{
		Name: "jsonl", Extensions: []string{".jsonl", ".ndjson"}, MediaType: "application/jsonl",
		About:  "one JSON object a quad: subject, predicate, object (id, or value with type or lang), graph",
		Graphs: true,
		Write:  plain(writeJSONL),
	}
}

// jsonQuad is one line. Members stand in this order, and IRIs are full.
type jsonQuad struct {
	Subject   jsonTerm  `json:"subject"`
	Predicate jsonTerm  `json:"predicate"`
	Object    jsonTerm  `json:"object"`
	Graph     *jsonTerm `json:"graph,omitempty"`
}

// jsonTerm is an IRI or blank node ("id"), or a literal ("value", with "type" where it is no plain
// string and "lang" where it has a language). Numbers stay text, so that no reader rounds them.
type jsonTerm struct {
	ID    string  `json:"id,omitempty"`
	Value *string `json:"value,omitempty"`
	Type  string  `json:"type,omitempty"`
	Lang  string  `json:"lang,omitempty"`
}

// writeJSONL streams: the lines stand in the order of the quads. On an error what was written ends
// with a whole line.
func writeJSONL(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
	complete := newCompleter(ns)
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for q, err := range quads {
		if err == nil {
			q, err = complete.full(q)
		}
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		line := jsonQuad{Subject: toJSON(q.Subject), Predicate: toJSON(q.Predicate), Object: toJSON(q.Object)}
		if q.Label != nil {
			g := toJSON(q.Label)
			line.Graph = &g
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

func toJSON(v quad.Value) jsonTerm {
	switch v := v.(type) {
	case quad.IRI:
		return jsonTerm{ID: string(v)}
	case quad.BNode:
		return jsonTerm{ID: v.String()}
	case quad.LangString:
		s := string(v.Value)
		return jsonTerm{Value: &s, Lang: v.Lang}
	case quad.TypedString:
		s := string(v.Value)
		return jsonTerm{Value: &s, Type: string(v.Type)}
	default:
		s := quad.ToString(v)
		return jsonTerm{Value: &s}
	}
}
