package exporters

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

func csvTable() Format {
	return Format{
		Name: "csv", Extensions: []string{".csv"}, MediaType: "text/csv",
		About:  "a fact a row with claim, speaker and document, for spreadsheets and scripts",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			out := csv.NewWriter(w)
			if err := out.Write(factHeader()); err != nil {
				return err
			}
			for _, row := range t.Rows {
				if err := out.Write(texts(row)); err != nil {
					return err
				}
			}
			out.Flush()
			return out.Error()
		}),
	}
}

func tsvTable() Format {
	return Format{
		Name: "tsv", Extensions: []string{".tsv"}, MediaType: "text/tab-separated-values",
		About:  "the same rows, parted by tabs; a tab or a new line in a cell becomes a space",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			out := bufio.NewWriter(w)
			fmt.Fprintln(out, strings.Join(factHeader(), "\t"))
			for _, row := range t.Rows {
				cells := texts(row)
				for i := range cells {
					cells[i] = tsvCell(cells[i])
				}
				fmt.Fprintln(out, strings.Join(cells, "\t"))
			}
			return out.Flush()
		}),
	}
}

func jsonTable() Format {
	return Format{
		Name: "json", Extensions: []string{".json"}, MediaType: "application/json",
		About:  "the same rows as one JSON document, with what is known of the whole",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			type document struct {
				About map[string]string `json:"about"`
				Count int               `json:"count"`
				Facts []jsonRow         `json:"facts"`
			}
			out := document{About: t.About.fields(), Count: len(t.Rows), Facts: []jsonRow{}}
			for _, row := range t.Rows {
				out.Facts = append(out.Facts, row)
			}
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			return enc.Encode(out)
		}),
	}
}

func rowsTable() Format {
	return Format{
		Name: "json-rows", Extensions: []string{".rows.jsonl"}, MediaType: "application/jsonl",
		About:  "the same rows, a JSON object a line",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			for _, row := range t.Rows {
				if err := enc.Encode(jsonRow(row)); err != nil {
					return err
				}
			}
			return nil
		}),
	}
}

func markdownTable() Format {
	return Format{
		Name: "markdown", Extensions: []string{".md"}, MediaType: "text/markdown",
		About:  "what people read of the same rows, as a Markdown table with links to the documents",
		Graphs: true, View: true,
		Write: tabular(writeMarkdown),
	}
}

// tabular makes the Write of a format of fact tables.
func tabular(write func(io.Writer, *factTable) error) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error {
		t, err := newFactTable(d)
		if err != nil {
			return err
		}
		return write(w, t)
	}
}

// jsonRow is a row as an object with its members in the order of the columns; empty cells are left
// out.
type jsonRow []any

// MarshalJSON writes the object.
func (r jsonRow) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, c := range factColumns() {
		if r[i] == nil {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		value, err := marshalPlain(r[i])
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, '"'), c.Name...), '"', ':')
		b = append(b, value...)
	}
	return append(b, '}'), nil
}

// marshalPlain is json.Marshal without the escapes for HTML.
func marshalPlain(value any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
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
