package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func graphML() Format {
	return Format{
		Name: "graphml", Extensions: []string{".graphml"}, MediaType: "application/graphml+xml",
		About:  "GraphML for Gephi, yEd, igraph, NetworkX: typed attributes, the claim on every edge",
		Graphs: true, View: true,
		Write: writeGraphML,
	}
}

// writeGraphML declares all keys before the first node, as readers of GraphML expect, with the types
// of their values.
func writeGraphML(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, xmlHeader)
	fmt.Fprint(out, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`+
		` xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">`+"\n")
	fmt.Fprintf(out, "  <desc>%s</desc>\n", xmlText(strings.Join(d.About.Lines(), "; ")))
	fmt.Fprint(out, `  <key id="n_label" for="node" attr.name="label" attr.type="string"/>`+"\n")
	for i, k := range n.NodeKeys {
		fmt.Fprintf(out, "  <key id=\"n%d\" for=\"node\" attr.name=\"%s\" attr.type=\"%s\"/>\n", i, xmlText(k.Name), k.Type)
	}
	fmt.Fprint(out, `  <key id="e_label" for="edge" attr.name="label" attr.type="string"/>`+"\n")
	fmt.Fprint(out, `  <key id="e_weight" for="edge" attr.name="weight" attr.type="double"/>`+"\n")
	for i, k := range n.EdgeKeys {
		fmt.Fprintf(out, "  <key id=\"e%d\" for=\"edge\" attr.name=\"%s\" attr.type=\"%s\"/>\n", i, xmlText(k.Name), k.Type)
	}
	fmt.Fprint(out, "  <graph edgedefault=\"directed\">\n")
	for _, node := range n.Nodes {
		fmt.Fprintf(out, "    <node id=\"%s\">\n      <data key=\"n_label\">%s</data>\n", xmlText(node.ID), xmlText(node.Label))
		graphMLData(out, "n", n.NodeKeys, node.Values)
		fmt.Fprint(out, "    </node>\n")
	}
	for _, e := range n.Edges {
		fmt.Fprintf(out, "    <edge id=\"%s\" source=\"%s\" target=\"%s\">\n", xmlText(e.ID), xmlText(e.Source), xmlText(e.Target))
		fmt.Fprintf(out, "      <data key=\"e_label\">%s</data>\n      <data key=\"e_weight\">%g</data>\n", xmlText(e.Label), e.Weight)
		graphMLData(out, "e", n.EdgeKeys, e.Values)
		fmt.Fprint(out, "    </edge>\n")
	}
	fmt.Fprint(out, "  </graph>\n</graphml>\n")
	return out.Flush()
}

const xmlHeader = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func graphMLData(out *bufio.Writer, prefix string, keys []Key, values map[string]any) {
	for i, k := range keys {
		if value, ok := values[k.Name]; ok {
			fmt.Fprintf(out, "      <data key=\"%s%d\">%s</data>\n", prefix, i, xmlText(attributeText(value)))
		}
	}
}
