package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"kg/graph"
)

func gexf() Format {
	return Format{
		Name: "gexf", Extensions: []string{".gexf"}, MediaType: "application/gexf+xml",
		About:  "GEXF 1.3 for Gephi: typed attributes, labels, weights, dates for its timeline",
		Graphs: true, View: true,
		Write: writeGEXF,
	}
}

// writeGEXF writes a graph whose time is in whole days. An imprecise date reaches from its first day
// to its last; what has no date has no time and is always shown.
func writeGEXF(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, xmlHeader)
	fmt.Fprint(out, `<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`+
		` xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">`+"\n")
	fmt.Fprint(out, "  <meta>\n")
	fmt.Fprintf(out, "    <creator>%s</creator>\n", xmlText(orKG(d.About.Program)))
	fmt.Fprintf(out, "    <description>%s</description>\n  </meta>\n", xmlText(strings.Join(d.About.Lines(), "; ")))
	fmt.Fprint(out, "  <graph defaultedgetype=\"directed\" mode=\"dynamic\" timeformat=\"date\" timerepresentation=\"interval\">\n")
	gexfKeys(out, "node", n.NodeKeys)
	gexfKeys(out, "edge", n.EdgeKeys)
	fmt.Fprint(out, "    <nodes>\n")
	for _, node := range n.Nodes {
		fmt.Fprintf(out, "      <node id=\"%s\" label=\"%s\"%s>\n", xmlText(node.ID), xmlText(node.Label), gexfTime(node.Start, node.End))
		gexfValues(out, n.NodeKeys, node.Values)
		fmt.Fprint(out, "      </node>\n")
	}
	fmt.Fprint(out, "    </nodes>\n    <edges>\n")
	for _, e := range n.Edges {
		fmt.Fprintf(out, "      <edge id=\"%s\" source=\"%s\" target=\"%s\" kind=\"%s\" label=\"%s\" weight=\"%.1f\"%s>\n",
			xmlText(e.ID), xmlText(e.Source), xmlText(e.Target), xmlText(e.Predicate), xmlText(e.Label), e.Weight, gexfTime(e.Start, e.End))
		gexfValues(out, n.EdgeKeys, e.Values)
		fmt.Fprint(out, "      </edge>\n")
	}
	fmt.Fprint(out, "    </edges>\n  </graph>\n</gexf>\n")
	return out.Flush()
}

func orKG(program string) string {
	if program == "" {
		return "kg"
	}
	return program
}

func gexfKeys(out *bufio.Writer, class string, keys []Key) {
	fmt.Fprintf(out, "    <attributes class=\"%s\" mode=\"static\">\n", class)
	for i, k := range keys {
		title := k.Name
		fmt.Fprintf(out, "      <attribute id=\"%s%d\" title=\"%s\" type=\"%s\"/>\n", class[:1], i, xmlText(title), k.Type)
	}
	fmt.Fprint(out, "    </attributes>\n")
}

func gexfValues(out *bufio.Writer, keys []Key, values map[string]any) {
	class := "n"
	if len(keys) > 0 && keys[0].Name == edgeKeys()[0].Name {
		class = "e"
	}
	fmt.Fprint(out, "        <attvalues>\n")
	for i, k := range keys {
		if value, ok := values[k.Name]; ok {
			fmt.Fprintf(out, "          <attvalue for=\"%s%d\" value=\"%s\"/>\n", class, i, xmlText(attributeText(value)))
		}
	}
	fmt.Fprint(out, "        </attvalues>\n")
}

// gexfTime is the span of a node or edge. Gephi refuses a span that ends before it begins, so one that
// runs backwards is left out; the dates themselves stand in the attributes.
func gexfTime(start, end graph.Date) string {
	const day = "2006-01-02"
	text := ""
	if !start.IsZero() && !end.IsZero() && end.Last().Before(start.First()) {
		return ""
	}
	if !start.IsZero() {
		text += ` start="` + start.First().Format(day) + `"`
	}
	if !end.IsZero() {
		text += ` end="` + end.Last().Format(day) + `"`
	}
	return text
}
