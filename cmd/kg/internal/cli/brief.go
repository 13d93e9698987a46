package cli

import (
	"bufio"
	"bytes"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

// tall is how many lines an answer may take on a terminal before its lists are only counted: about two
// screens, which one can still read as a whole.
const tall = 100

// sampled is how many rows show how tall an answer is.
const sampled = 500

// brief is a table for a terminal on which the whole of it would be tall: cells that hold several values,
// such as documents, say how many instead, beginning with the last column, until each row takes a line or
// two. It returns the titles of the columns that are counted, and the table as it is where that would not
// help.
func brief(t queries.Table, o encodeOptions) (queries.Table, []string) {
	whole := lines(t, o)
	if o.width == 0 || whole <= tall {
		return t, nil
	}
	short := withoutEmptyColumns(t)
	short.Columns = slices.Clone(short.Columns)
	var counted []string
	for i := len(short.Columns) - 1; i > 0; i-- {
		c := short.Columns[i]
		if !c.List || c.Type != queries.TypeEntity {
			continue
		}
		short.Columns[i] = queries.Column{Name: c.Name, Title: c.Title, Type: queries.TypeInteger}
		for _, row := range short.Rows {
			if len(row[i]) > 0 {
				row[i] = queries.Cell{{Term: quad.Int(len(row[i]))}}
			}
		}
		counted = append([]string{c.Title}, counted...)
		if aligned(short, o) && 3*lines(short, o) <= whole {
			return short, counted
		}
	}
	return t, nil
}

// aligned says whether a table has room for its columns side by side.
func aligned(t queries.Table, o encodeOptions) bool {
	cells := texts(t, o)
	return narrow(naturalWidths(t, cells), leastWidths(t, cells), o.width)
}

// lines counts the lines that a table takes on a terminal, those of its first rows where it has many.
func lines(t queries.Table, o encodeOptions) int {
	t.Rows = t.Rows[:min(len(t.Rows), sampled)]
	var text bytes.Buffer
	w := bufio.NewWriter(&text)
	encodeTable(w, t, o)
	if w.Flush() != nil { // a buffer takes everything
		return 0
	}
	return bytes.Count(text.Bytes(), []byte("\n"))
}
