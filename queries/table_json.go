package queries

import (
	"bufio"
	"bytes"
	"encoding/json"
)

// JSONVersion is that of the JSON envelope; "kg help formatting" is its contract.
const JSONVersion = 1

// A Member is one more member of the envelope.
type Member struct {
	Name  string
	Value any // as encoding/json takes it
}

type jsonColumn struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Type  Type   `json:"type"`
	List  bool   `json:"list"`
}

type jsonTally struct {
	Column string `json:"column"`
	Count  int    `json:"count"`
}

type jsonLeftOut struct {
	What   Value  `json:"what"`
	Amount Value  `json:"amount"`
	Claim  Value  `json:"claim"`
	Reason string `json:"reason"`
}

// WriteJSON writes the envelope with one row a line, so that a diff of two answers reads well. More
// members come last. The writer keeps its first error for Flush.
func (t Table) WriteJSON(w *bufio.Writer, more ...Member) {
	columns := make([]jsonColumn, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = jsonColumn(c)
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
	member("schema_version", JSONText(JSONVersion))
	member("question", JSONText(t.Question))
	member("params", JSONText(params))
	JSONList(w, "columns", len(columns), func(i int) { w.Write(JSONText(columns[i])) })
	w.WriteString(",\n")
	keys := t.keys()
	JSONList(w, "rows", len(t.Rows), func(i int) { writeRow(w, t, keys, t.Rows[i]) })
	w.WriteString(",\n")
	member("count", JSONText(t.Count))
	member("truncated", JSONText(t.Truncated))
	if t.Tally != nil {
		member("tally", JSONText(jsonTally{t.Tally.Column, t.Tally.N}))
	}
	JSONList(w, "left_out", len(t.LeftOut), func(i int) {
		l := t.LeftOut[i]
		w.Write(JSONText(jsonLeftOut(l)))
	})
	for _, m := range more {
		w.WriteString(",\n  \"" + m.Name + "\": ")
		w.Write(JSONText(m.Value))
	}
	w.WriteString("\n}\n")
}

// JSONList writes a member that is an array with one element a line.
func JSONList(w *bufio.Writer, name string, n int, element func(i int)) {
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

// WriteJSONL writes one row a line, and nothing else.
func (t Table) WriteJSONL(w *bufio.Writer) {
	keys := t.keys()
	for _, row := range t.Rows {
		writeRow(w, t, keys, row)
		w.WriteByte('\n')
	}
}

// keys are the columns' names as they stand in a row.
func (t Table) keys() []string {
	keys := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		keys[i] = string(JSONText(c.Name)) + ": "
		if i > 0 {
			keys[i] = ", " + keys[i]
		}
	}
	return keys
}

// writeRow prints one row as an object whose keys stand in the order of the columns.
func writeRow(w *bufio.Writer, t Table, keys []string, row []Cell) {
	w.WriteByte('{')
	for i, key := range keys {
		w.WriteString(key)
		writeCell(w, t.Columns[i].List, row[i])
	}
	w.WriteByte('}')
}

func writeCell(w *bufio.Writer, list bool, cell Cell) {
	if !list {
		if len(cell) == 0 {
			w.WriteString("null")
			return
		}
		w.Write(cell[0].appendJSON(w.AvailableBuffer()))
		return
	}
	w.WriteByte('[')
	for i, v := range cell {
		if i > 0 {
			w.WriteString(", ")
		}
		w.Write(v.appendJSON(w.AvailableBuffer()))
	}
	w.WriteByte(']')
}

// JSONText leaves <, > and & as they are: the output is no web page. What it is given can always be
// encoded: strings, numbers, and structs of them.
func JSONText(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
