package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func markdownTable() Format {
	return Format{
		Name: "markdown", Extensions: []string{".md"}, MediaType: "text/markdown",
		About:  "what people read of the same rows, as a Markdown table with links to the documents",
		Graphs: true, View: true,
		Write: tabular(writeMarkdown),
	}
}

// writeMarkdown keeps the columns that a reader needs: what, how much, who says so, where.
func writeMarkdown(w io.Writer, t *factTable) error {
	out := bufio.NewWriter(w)
	at := map[string]int{}
	for i, c := range factColumns() {
		at[c.Name] = i
	}
	if t.About.Title != "" {
		fmt.Fprintf(out, "# %s\n\n", markdownText(t.About.Title))
	}
	fmt.Fprint(out, "| thing | fact | value | said by | document | published | claim |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, row := range t.Rows {
		cell := func(name string) string { return markdownText(cellText(row[at[name]])) }
		document := cell("source_title")
		if url := cellText(row[at["source_url"]]); url != "" && document != "" {
			document = "[" + document + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "", "|", "%7C").Replace(url) + ">)"
		}
		speaker := cell("speaker_name")
		switch {
		case row[at["inferred"]] == true:
			speaker = strings.TrimSpace(speaker + " (concluded)")
		case row[at["rule"]] != nil:
			speaker = "concluded by rule: " + cell("rule")
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n",
			cell("subject_name"), cell("predicate_label"), cell("value"), speaker, document, cell("published"), cell("claim"))
	}
	lines := t.About.Lines()
	if len(lines) > 0 && lines[0] == t.About.Title {
		lines = lines[1:]
	}
	for _, line := range lines {
		fmt.Fprintf(out, "\n%s\n", markdownText(line))
	}
	return out.Flush()
}

// markdownText escapes what Markdown, its tables or HTML would read.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case strings.ContainsRune("\\`*_[]<>|#", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
