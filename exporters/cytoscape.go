package exporters

import (
	"encoding/json"
	"io"
)

func cytoscape() Format {
	return Format{
		Name: "cytoscape", Extensions: []string{".cyjs"}, MediaType: "application/json",
		About:  "Cytoscape.js elements JSON, also for Cytoscape desktop: nodes and edges with typed data",
		Graphs: true, View: true,
		Write: writeCytoscape,
	}
}

type cytoscapeFile struct {
	FormatVersion string            `json:"format_version"`
	GeneratedBy   string            `json:"generated_by"`
	Data          map[string]string `json:"data"` // what is said of the whole
	Elements      cytoscapeElements `json:"elements"`
}

type cytoscapeElements struct {
	Nodes []cytoscapeElement `json:"nodes"`
	Edges []cytoscapeElement `json:"edges"`
}

type cytoscapeElement struct {
	Data    map[string]any `json:"data"`
	Classes string         `json:"classes,omitempty"`
}

func writeCytoscape(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	file := cytoscapeFile{
		FormatVersion: "1.0", GeneratedBy: orKG(d.About.Program), Data: d.About.fields(),
		Elements: cytoscapeElements{Nodes: []cytoscapeElement{}, Edges: []cytoscapeElement{}},
	}
	for _, node := range n.Nodes {
		data := withValues(node.Values, map[string]any{"id": node.ID, "name": node.Label, "label": node.Label})
		file.Elements.Nodes = append(file.Elements.Nodes, cytoscapeElement{Data: data, Classes: node.Class})
	}
	for _, e := range n.Edges {
		data := withValues(e.Values, map[string]any{
			"id": e.ID, "source": e.Source, "target": e.Target, "label": e.Label, "interaction": e.Label, "weight": e.Weight,
		})
		// source is taken by the node at which an edge begins
		if document, ok := e.Values["source"]; ok {
			data["document"] = document
		}
		file.Elements.Edges = append(file.Elements.Edges, cytoscapeElement{Data: data, Classes: e.Label})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(file)
}

// withValues adds attributes to data; the names in data win.
func withValues(values, data map[string]any) map[string]any {
	for name, value := range values {
		if _, taken := data[name]; !taken {
			data[name] = value
		}
	}
	return data
}

// fields is what is said of a document, for formats with named values.
func (a About) fields() map[string]string {
	fields := map[string]string{}
	for name, text := range map[string]string{
		"title": a.Title, "name": a.Title, "dataset": a.Dataset, "licence": a.Licence, "terms": a.Terms, "command": a.Command, "program": a.Program,
	} {
		if text != "" {
			fields[name] = text
		}
	}
	return fields
}
