package exporters_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A seenGraph is a graph as some program sees it: attributes are strings, numbers or truth values.
type seenGraph struct {
	Nodes map[string]map[string]any `json:"nodes"`
	Edges map[string]seenEdge       `json:"edges"`
}

type seenEdge struct {
	Source string         `json:"source"`
	Target string         `json:"target"`
	Data   map[string]any `json:"data"`
}

// wantGraph is the graph that all formats for graph tools show, read from that of Cytoscape.
func (w world) wantGraph(t *testing.T) seenGraph {
	t.Helper()
	var file struct {
		Elements struct {
			Nodes, Edges []struct{ Data map[string]any }
		}
	}
	w.read(t, "cytoscape", &file)
	g := seenGraph{map[string]map[string]any{}, map[string]seenEdge{}}
	text := func(v any) string { s, _ := v.(string); return s }
	for _, n := range file.Elements.Nodes {
		id := text(n.Data["id"])
		for _, name := range []string{"id", "name"} {
			delete(n.Data, name)
		}
		g.Nodes[id] = n.Data
	}
	for _, e := range file.Elements.Edges {
		id, source, target := text(e.Data["id"]), text(e.Data["source"]), text(e.Data["target"])
		for _, name := range []string{"id", "source", "target", "interaction"} {
			delete(e.Data, name)
		}
		if document, ok := e.Data["document"]; ok { // source is taken in Cytoscape
			delete(e.Data, "document")
			e.Data["source"] = document
		}
		g.Edges[id] = seenEdge{source, target, e.Data}
	}
	return g
}

// keep leaves of attributes those that the program was to find, and all that it found which nobody wrote.
func keep(found, wanted map[string]any, invented func(name string, value any) bool) map[string]any {
	kept := maps.Clone(found)
	for name, value := range found {
		if _, ok := wanted[name]; !ok && invented(name, value) {
			delete(kept, name)
		}
	}
	return kept
}

// Graph tools find the same nodes, edges, labels and attributes, with their types, as we wrote.
func TestGraphToolsReadOurGraphs(t *testing.T) {
	tellVersion(t, "networkx", "igraph")
	for _, w := range worlds(t) {
		want := w.wantGraph(t)
		for _, test := range []struct {
			question, format string
			invented         func(name string, value any) bool
		}{
			{"graphml_networkx", "graphml", func(name string, _ any) bool { return name == "id" }},
			{"gexf_networkx", "gexf", func(name string, _ any) bool {
				return slices.Contains([]string{"id", "start", "end", "kind"}, name) // what GEXF has of its own
			}},
			{"graphml_igraph", "graphml", func(name string, value any) bool { return name == "id" || value == false }}, // it knows no missing truth
		} {
			t.Run(w.name+": "+test.question, func(t *testing.T) {
				var got seenGraph
				ask(t, test.question, w.file(t, test.format), &got)
				for id, attributes := range got.Nodes {
					got.Nodes[id] = keep(attributes, want.Nodes[id], test.invented)
				}
				for id, e := range got.Edges {
					got.Edges[id] = seenEdge{e.Source, e.Target, keep(e.Data, want.Edges[id].Data, test.invented)}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff[:min(len(diff), 4000)])
				}
			})
		}
	}
}

// The types that graph tools are told are those of the values.
func TestTypesOfAttributesAreTold(t *testing.T) {
	got := string(tricky(t, "graphml"))
	for name, kind := range map[string]string{
		"itemCount": "long", "massGrams": "long", "geo:lat": "double", "aggregate": "boolean", "schema:startDate": "string", "inferred": "boolean", "claim": "string",
	} {
		if want := fmt.Sprintf(`attr.name="%s" attr.type="%s"`, name, kind); !contains(got, want) {
			t.Errorf("no key with %s", want)
		}
	}
}
