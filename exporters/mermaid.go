package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func mermaid() Format {
	return Format{
		Name: "mermaid", Extensions: []string{".mmd", ".mermaid"}, MediaType: "text/vnd.mermaid",
		About: "Mermaid flowchart for Markdown pages: names, facts between entities with their claims",
		View:  true, Graphs: true,
		Write: writeMermaid,
	}
}

// writeMermaid names nodes n0, n1, …: Mermaid reads words such as "end" in identifiers as its own.
func writeMermaid(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	d.lose(n.attributes(), "attribute is left out: Mermaid shows names and facts between entities", "attributes are left out: Mermaid shows names and facts between entities")
	out := bufio.NewWriter(w)
	for _, line := range d.About.Lines() {
		fmt.Fprintf(out, "%%%% %s\n", strings.NewReplacer("{", "(", "}", ")").Replace(oneLine(line)))
	}
	fmt.Fprint(out, "flowchart LR\n")
	names := map[string]string{}
	classes := map[string]bool{}
	for i, node := range n.Nodes {
		names[node.ID] = fmt.Sprint("n", i)
		open, closed := mermaidShape(node.Class)
		fmt.Fprintf(out, "  n%d%s%s%s\n", i, open, mermaidText(node.Label), closed)
		if !classes[node.Class] && node.Class != "" {
			classes[node.Class] = true
			fmt.Fprintf(out, "  classDef %s fill:%s,stroke:#333,color:#000\n", node.Class, lookOf(node.Class).colour)
		}
		if node.Class != "" {
			fmt.Fprintf(out, "  class n%d %s\n", i, node.Class)
		}
	}
	for _, e := range n.Edges {
		arrow := "-->"
		if e.Values["backed_by"] == "derivation" || e.Values["inferred"] == true {
			arrow = "-.->"
		}
		label := e.Label
		if claim := attributeText(e.Values["claim"]); claim != "" && e.Values["backed_by"] == "claim" {
			label += " [" + claim + "]"
		}
		fmt.Fprintf(out, "  %s %s|%s| %s\n", names[e.Source], arrow, mermaidText(label), names[e.Target])
	}
	return out.Flush()
}

func mermaidShape(class string) (open, closed string) {
	switch class {
	case "Agency":
		return "([", "])"
	case "Operation":
		return "{{", "}}"
	case "Event":
		return "(", ")"
	case "Seizure", "Figure":
		return "[/", "/]"
	case "Location":
		return "[[", "]]"
	default:
		return "[", "]"
	}
}

// mermaidText quotes text; characters that Mermaid or HTML read become entities as Mermaid writes
// them.
func mermaidText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case strings.ContainsRune("\"#;<>&`[]{}|\\", r), r < ' ', r == 0x7f:
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
