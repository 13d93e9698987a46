package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func dot() Format {
	return Format{
		Name: "dot", Extensions: []string{".dot", ".gv"}, MediaType: "text/vnd.graphviz",
		About: "DOT for Graphviz: names as labels, the claim as tooltip of its edge; literals are left out",
		View:  true, Graphs: true,
		Write: writeDOT,
	}
}

// classLook is how a class is drawn.
type classLook struct{ shape, colour string }

// lookOf tells classes apart by shape as well as by colour, for readers who do not see colours. The
// colours are dark enough behind black text (contrast 7:1 and more).
func lookOf(class string) classLook {
	looks := map[string]classLook{
		"Platform": {"box", "#f4c7c3"}, "Agency": {"ellipse", "#c6dbef"}, "Operation": {"hexagon", "#d9d2e9"},
		"Event": {"octagon", "#fde9c9"}, "Seizure": {"folder", "#cfe8cf"}, "Figure": {"note", "#e3efd9"},
		"Location": {"house", "#e6e6e6"}, "Item": {"component", "#f2e2d2"}, "Company": {"parallelogram", "#d0e8e8"},
		"Source": {"tab", "#ffffff"},
	}
	if l, ok := looks[class]; ok {
		return l
	}
	return classLook{"plaintext", "#ffffff"}
}

func writeDOT(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	d.lose(n.attributes(), "attribute is left out: DOT shows names and facts between entities", "attributes are left out: DOT shows names and facts between entities")
	out := bufio.NewWriter(w)
	for _, line := range d.About.Lines() {
		fmt.Fprintf(out, "// %s\n", oneLine(line))
	}
	fmt.Fprint(out, "digraph kg {\n  graph [rankdir=LR, overlap=false, splines=true];\n  node [style=filled, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n")
	for _, node := range n.Nodes {
		look := lookOf(node.Class)
		fmt.Fprintf(out, "  %s [label=%s, shape=%s, fillcolor=%s, class=%s, tooltip=%s];\n",
			dotText(node.ID), dotText(node.Label), look.shape, dotText(look.colour), dotText(node.Class), dotText(node.Class+": "+node.ID))
	}
	for _, e := range n.Edges {
		style := ""
		if e.Values["backed_by"] == "derivation" {
			style = ", style=dashed"
		} else if e.Values["inferred"] == true {
			style = ", style=dotted"
		}
		fmt.Fprintf(out, "  %s -> %s [id=%s, label=%s, tooltip=%s%s];\n",
			dotText(e.Source), dotText(e.Target), dotText(e.ID), dotText(e.Label), dotText(edgeTip(e)), style)
	}
	fmt.Fprint(out, "}\n")
	return out.Flush()
}

// attributes counts the attributes of nodes that are no name, class or address.
func (n *Network) attributes() int {
	count := 0
	for _, node := range n.Nodes {
		for name := range node.Values {
			if name != "iri" && name != "class" {
				count++
			}
		}
	}
	return count
}

// edgeTip says who claims an edge, and where.
func edgeTip(e Edge) string {
	tip := attributeText(e.Values["claim"])
	if tip == "" {
		tip = attributeText(e.Values["backed_by"])
	}
	if speaker := attributeText(e.Values["speaker_name"]); speaker != "" {
		tip += ", said by " + speaker
	}
	if title := attributeText(e.Values["source_title"]); title != "" {
		tip += ", in: " + title
	}
	if e.Values["inferred"] == true {
		tip += ", concluded by the editors"
	}
	if rule := attributeText(e.Values["rule"]); rule != "" {
		tip += ", concluded by rule: " + rule
	}
	return tip
}

// dotText quotes text for DOT: only quotes and backslashes have a meaning, and lines do not go on.
func dotText(text string) string {
	text = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "", "\x00", "").Replace(text)
	return `"` + text + `"`
}

// oneLine keeps a text from ending the comment that it stands in.
func oneLine(text string) string {
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
}
