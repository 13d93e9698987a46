package loaders

import (
	"slices"

	"kg/graph"
)

// A Row is a row of a [Table]. It stays valid when the next one is read.
type Row struct {
	file    string
	columns []string
	index   map[string]int
	cells   []cell
}

// A cell is the text of a cell without its quotes, and where it begins.
type cell struct {
	text         string
	line, column int
}

// Columns names the columns in the order of the file.
func (r Row) Columns() []string { return slices.Clone(r.columns) }

// Record returns the texts of the cells in the order of the file.
func (r Row) Record() []string {
	texts := make([]string, len(r.cells))
	for i, c := range r.cells {
		texts[i] = c.text
	}
	return texts
}

// Text returns the text in a column, "" where the table has no such column.
func (r Row) Text(column string) string {
	if i, ok := r.index[column]; ok {
		return r.cells[i].text
	}
	return ""
}

// At is the place of the cell in a column; of the row where the table has no such column.
func (r Row) At(column string) graph.Position {
	at := graph.Position{File: r.file, Line: r.cells[0].line}
	if i, ok := r.index[column]; ok {
		at.Line, at.Column = r.cells[i].line, r.cells[i].column
	}
	return at
}
