package cli

import (
	"bufio"
	"bytes"
	"encoding/json"

	"kg/queries"
)

// schemaVersion is that of the JSON envelope; "kg help formatting" is its contract.
const schemaVersion = 1

type jsonColumn struct {
	Name  string       `json:"name"`
	Title string       `json:"title"`
	Type  queries.Type `json:"type"`
	List  bool         `json:"list"`
}

type jsonTally struct {
	Column string `json:"column"`
	Count  int    `json:"count"`
}

type jsonLeftOut struct {
	What   queries.Value `json:"what"`
	Amount queries.Value `json:"amount"`
	Claim  queries.Value `json:"claim"`
	Reason string        `json:"reason"`
}

// encodeJSON prints the envelope with one row a line, so that a diff of two answers reads well.
func encodeJSON(w *bufio.Writer, t queries.Table, _ encodeOptions) {
	columns := make([]jsonColumn, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = jsonColumn{c.Name, c.Title, c.Type, c.List}
	}
	params := t.Params
	if params == nil {
		params = map[string]any{}
	}
	w.WriteString("{\n")
	member := func(name string, value []byte) {
		w.WriteString(`  "` + name + `": `)
		w.Write(value)
		w.WriteString(",\n")
	}
	member("schema_version", toJSON(schemaVersion))
	member("question", toJSON(t.Question))
	member("params", toJSON(params))
	list(w, "columns", len(columns), func(i int) { w.Write(toJSON(columns[i])) })
	w.WriteString(",\n")
	list(w, "rows", len(t.Rows), func(i int) { writeRow(w, t, t.Rows[i]) })
	w.WriteString(",\n")
	member("count", toJSON(t.Count))
	member("truncated", toJSON(t.Truncated))
	if t.Tally != nil {
		member("tally", toJSON(jsonTally{t.Tally.Column, t.Tally.N}))
	}
	list(w, "left_out", len(t.LeftOut), func(i int) {
		l := t.LeftOut[i]
		w.Write(toJSON(jsonLeftOut(l)))
	})
	w.WriteString("\n}\n")
}

// list prints an array with one element a line.
func list(w *bufio.Writer, name string, n int, element func(i int)) {
	w.WriteString(`  "` + name + `": [`)
	for i := range n {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n    ")
		element(i)
	}
	if n > 0 {
		w.WriteString("\n  ")
	}
	w.WriteByte(']')
}

func encodeJSONL(w *bufio.Writer, t queries.Table, _ encodeOptions) {
	for _, row := range t.Rows {
		writeRow(w, t, row)
		w.WriteByte('\n')
	}
}

// writeRow prints one row as an object whose keys stand in the order of the columns.
func writeRow(w *bufio.Writer, t queries.Table, row []queries.Cell) {
	w.WriteByte('{')
	for i, c := range t.Columns {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Write(toJSON(c.Name))
		w.WriteString(": ")
		writeCell(w, c, row[i])
	}
	w.WriteByte('}')
}

func writeCell(w *bufio.Writer, c queries.Column, cell queries.Cell) {
	if !c.List {
		if len(cell) == 0 {
			w.WriteString("null")
			return
		}
		w.Write(toJSON(cell[0]))
		return
	}
	w.WriteByte('[')
	for i, v := range cell {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Write(toJSON(v))
	}
	w.WriteByte(']')
}

// toJSON leaves <, > and & as they are: the output is no web page. What it is given can always be
// encoded: strings, numbers, and structs of them.
func toJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
