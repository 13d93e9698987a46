package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"kg/queries"
)

// An encoding prints a whole table.
type encoding struct {
	name string
	// encode writes to a buffered writer that the caller flushes, so it need not look at errors.
	encode func(w *bufio.Writer, t queries.Table, o encodeOptions)
}

// encodeOptions is what an encoding needs beside the table.
type encodeOptions struct {
	ids   bool    // identifiers instead of names
	paint painter // colours
	width int     // columns of the terminal; 0: no terminal, nothing is wrapped
}

// encodings lists what --format takes.
func encodings() []encoding {
	return []encoding{
		{"table", encodeTable},
		{"tsv", encodeTSV},
		{"csv", encodeCSV},
		{"json", func(w *bufio.Writer, t queries.Table, _ encodeOptions) { t.WriteJSON(w) }},
		{"jsonl", func(w *bufio.Writer, t queries.Table, _ encodeOptions) { t.WriteJSONL(w) }},
		{"md", encodeMarkdown},
	}
}

func formatNames() []string {
	var names []string
	for _, e := range encodings() {
		names = append(names, e.name)
	}
	return names
}

// write prints the table through one buffered writer.
func (e encoding) write(w io.Writer, t queries.Table, o encodeOptions) error {
	out := bufio.NewWriterSize(w, 1<<16)
	e.encode(out, t, o)
	if err := out.Flush(); err != nil {
		return &writeError{err}
	}
	return nil
}

// A field is one column of the encodings that hold only text; a quantity column becomes three.
type field struct {
	name  string
	value func(row []queries.Cell) string
}

// fields lays a table out for tsv and csv.
func fields(t queries.Table, o encodeOptions) []field {
	var list []field
	for i, c := range t.Columns {
		switch c.Type {
		case queries.TypeQuantity:
		case queries.TypeInteger:
			list = append(list, field{c.Name, func(row []queries.Cell) string { return joinCell(row[i], integerText) }})
			continue
		default:
			list = append(list, field{c.Name, func(row []queries.Cell) string { return cellText(row[i], o.ids) }})
			continue
		}
		list = append(list,
			field{c.Name, func(row []queries.Cell) string { return joinCell(row[i], numberText) }},
			field{c.Name + "_unit", func(row []queries.Cell) string { return joinCell(row[i], unitText) }},
			field{c.Name + "_text", func(row []queries.Cell) string { return cellText(row[i], false) }},
		)
	}
	return list
}

// cellText is a cell as one piece of text, without colour.
func cellText(cell queries.Cell, ids bool) string {
	return joinCell(cell, func(v queries.Value) string { return valueText(v, ids) })
}

func joinCell(cell queries.Cell, text func(queries.Value) string) string {
	switch len(cell) {
	case 0:
		return ""
	case 1:
		return text(cell[0])
	}
	parts := make([]string, len(cell))
	for i, v := range cell {
		parts[i] = text(v)
	}
	return strings.Join(parts, "; ")
}

func encodeTSV(w *bufio.Writer, t queries.Table, o encodeOptions) {
	columns := fields(t, o)
	line := func(text func(field) string) {
		for i, c := range columns {
			if i > 0 {
				w.WriteByte('\t')
			}
			writeTSV(w, text(c))
		}
		w.WriteByte('\n')
	}
	line(func(f field) string { return f.name })
	for _, row := range t.Rows {
		line(func(f field) string { return f.value(row) })
	}
}

// writeTSV escapes the characters that part cells and rows.
func writeTSV(w *bufio.Writer, s string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '\t':
			w.WriteString(`\t`)
		case '\n':
			w.WriteString(`\n`)
		case '\r':
			w.WriteString(`\r`)
		case '\\':
			w.WriteString(`\\`)
		default:
			w.WriteByte(c)
		}
	}
}

func encodeCSV(w *bufio.Writer, t queries.Table, o encodeOptions) {
	columns := fields(t, o)
	line := func(text func(field) string) {
		for i, c := range columns {
			if i > 0 {
				w.WriteByte(',')
			}
			writeCSV(w, text(c), len(columns) == 1)
		}
		w.WriteString("\r\n")
	}
	line(func(f field) string { return f.name })
	for _, row := range t.Rows {
		line(func(f field) string { return f.value(row) })
	}
}

// writeCSV quotes a field where RFC 4180 asks for it, where a reader would trim it, and where it is
// empty and alone, since that line would be taken for no row at all.
func writeCSV(w *bufio.Writer, s string, alone bool) {
	if !strings.ContainsAny(s, "\",\r\n") && strings.TrimSpace(s) == s && !(alone && s == "") {
		w.WriteString(s)
		return
	}
	w.WriteByte('"')
	w.WriteString(strings.ReplaceAll(s, `"`, `""`))
	w.WriteByte('"')
}

func encodeMarkdown(w *bufio.Writer, t queries.Table, o encodeOptions) {
	if len(t.Columns) == 0 {
		return
	}
	for _, c := range t.Columns {
		fmt.Fprintf(w, "| %s ", markdownCell(c.Title))
	}
	w.WriteString("|\n")
	for _, c := range t.Columns {
		if rightAligned(c) {
			w.WriteString("| ---: ")
		} else {
			w.WriteString("| --- ")
		}
	}
	w.WriteString("|\n")
	for _, row := range t.Rows {
		for i := range t.Columns {
			fmt.Fprintf(w, "| %s ", markdownCell(cellText(row[i], o.ids)))
		}
		w.WriteString("|\n")
	}
}

// markdownCell keeps a cell on its line and in its column.
func markdownCell(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "\r\n", "<br>", "\n", "<br>", "\r", "<br>", "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`").Replace(s)
}

// rightAligned says whether a column's values are read by their last digit.
func rightAligned(c queries.Column) bool {
	return c.Type == queries.TypeQuantity || c.Type == queries.TypeInteger
}
