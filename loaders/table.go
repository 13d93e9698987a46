package loaders

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kg/graph"
)

// Limits of a table, in bytes. Both are far above what a person writes; a quote that is never closed
// reaches the first soon.
const (
	MaxCell = 64 << 10
	MaxLine = 1 << 20
)

// A Table reads rows from a CSV file whose first line names the columns. It knows the exact place of
// every cell and holds one row at a time.
type Table struct {
	file    string
	lines   *lines
	columns []string
	index   map[string]int
}

// NewTable reads the header. The columns may stand in any order, but each of those named must be
// there once, and no other. The file names the table in positions; the error is a [*graph.Problem],
// [graph.Problems] or the reader's.
func NewTable(r io.Reader, file string, columns ...string) (*Table, error) {
	t := &Table{file: file, lines: newLines(r, MaxLine), index: map[string]int{}}
	cells, err := t.record()
	if errors.Is(err, io.EOF) {
		return nil, &graph.Problem{
			At:    graph.Position{File: file, Line: 1, Column: 1},
			Want:  "a first line that names the columns: " + strings.Join(columns, ","),
			Found: "an empty file",
		}
	}
	if err != nil {
		return nil, err
	}
	if err := t.header(cells, columns); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Table) header(cells []cell, want []string) error {
	var problems graph.Problems
	if len(cells) == 1 && strings.ContainsAny(cells[0].text, ";\t") {
		return &graph.Problem{
			At:    t.at(cells[0]),
			Want:  "columns separated by commas",
			Found: quote([]byte(shown(cells[0].text)), ""),
			Hint:  "save it again as CSV with commas",
		}
	}
	var free []string // wanted columns that the header has not named: what a misspelt one may mean
	named := func(c cell) bool { return slices.Contains(want, c.text) }
	for _, w := range want {
		if !slices.ContainsFunc(cells, func(c cell) bool { return c.text == w }) {
			free = append(free, w)
		}
	}
	for i, c := range cells {
		first, again := t.index[c.text]
		switch {
		case again:
			problems = append(problems, &graph.Problem{
				At: t.at(c), Want: "each column once",
				Found: fmt.Sprintf("%q again; it is column %d already", c.text, first+1),
			})
		case !named(c):
			p := &graph.Problem{At: t.at(c), Want: "a column of this table", Found: fmt.Sprintf("%q", shown(c.text))}
			if near := graph.Nearest(c.text, free); near != "" {
				p.Hint = "did you mean " + near + "?"
				free = slices.DeleteFunc(free, func(w string) bool { return w == near })
			} else {
				p.Hint = "its columns are " + strings.Join(want, ", ")
			}
			problems = append(problems, p)
		}
		t.columns = append(t.columns, c.text)
		if !again {
			t.index[c.text] = i
		}
	}
	for _, w := range free {
		problems = append(problems, &graph.Problem{
			At: graph.Position{File: t.file, Line: cells[0].line}, Want: "a column " + w, Found: "none",
		})
	}
	return problems.Join()
}

// Next returns the next row that is not blank, and io.EOF after the last. A [*graph.Problem] or
// [graph.Problems] is about one row only: the caller may go on with the next. Any other error is the
// reader's, and final.
func (t *Table) Next() (Row, error) {
	for {
		cells, err := t.record()
		if err != nil {
			return Row{}, err
		}
		if !slices.ContainsFunc(cells, func(c cell) bool { return c.text != "" }) {
			continue
		}
		if err := t.check(cells); err != nil {
			return Row{}, err
		}
		return Row{file: t.file, columns: t.columns, index: t.index, cells: cells}, nil
	}
}

func (t *Table) check(cells []cell) error {
	var problems graph.Problems
	for _, c := range cells {
		if i := strings.IndexFunc(c.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			problems = append(problems, &graph.Problem{At: t.at(c), Want: "text", Found: excerpt([]byte(c.text), i) + " in the cell"})
		}
		if strings.TrimSpace(c.text) != c.text {
			problems = append(problems, &graph.Problem{
				At: t.at(c), Want: "a cell without blanks before or after its text", Found: fmt.Sprintf("%q", shown(c.text)),
			})
		}
	}
	if n := len(t.columns); len(cells) != n {
		p := &graph.Problem{
			At:    graph.Position{File: t.file, Line: cells[0].line},
			Want:  fmt.Sprintf("%d cells", n),
			Found: fmt.Sprint(len(cells)),
			Hint:  "an empty cell needs its comma too",
		}
		if len(cells) > n {
			p.At = t.at(cells[n])
			p.Hint = "a cell that holds a comma stands in quotes"
		}
		problems = append(problems, p)
	}
	return problems.Join()
}

func (t *Table) at(c cell) graph.Position {
	return graph.Position{File: t.file, Line: c.line, Column: c.column}
}

// line returns the next line; the byte order mark before the first is skipped.
func (t *Table) line() ([]byte, error) {
	b, err := t.lines.next()
	if errors.Is(err, errLongLine) {
		return nil, &graph.Problem{
			At:    graph.Position{File: t.file, Line: t.lines.number},
			Want:  fmt.Sprintf("a line of at most %d bytes", MaxLine),
			Found: "a longer one",
		}
	}
	if err != nil {
		return nil, err
	}
	if t.lines.number == 1 {
		if bytes.HasPrefix(b, []byte("\xFF\xFE")) || bytes.HasPrefix(b, []byte("\xFE\xFF")) {
			return nil, &graph.Problem{
				At:    graph.Position{File: t.file, Line: 1, Column: 1},
				Want:  "UTF-8 text",
				Found: "UTF-16",
				Hint:  "save it again as CSV in UTF-8",
			}
		}
		b = bytes.TrimPrefix(b, byteOrderMark)
	}
	if f := badUTF8(b); f != nil {
		return nil, f.problem(graph.Position{File: t.file, Line: t.lines.number, Column: column(b, f.at)})
	}
	return b, nil
}

// record reads the cells of the next line that is not empty, and of those after it that a quoted
// cell reaches into.
func (t *Table) record() ([]cell, error) {
	b, err := t.line()
	for err == nil && len(b) == 0 {
		b, err = t.line()
	}
	if err != nil {
		return nil, err
	}
	var cells []cell
	for at, col := 0, 1; ; {
		c := cell{line: t.lines.number, column: col}
		from := at
		if at < len(b) && b[at] == '"' {
			if b, at, err = t.quoted(&c, b, at); err != nil {
				return nil, err
			}
			if c.line != t.lines.number {
				from, col = 0, 1
			}
		} else {
			if n := bytes.IndexByte(b[at:], ','); n >= 0 {
				at += n
			} else {
				at = len(b)
			}
			if err := t.bare(&c, b[from:at]); err != nil {
				return nil, err
			}
		}
		cells = append(cells, c)
		if at == len(b) {
			return cells, nil
		}
		at++ // the comma
		col += utf8.RuneCount(b[from:at])
	}
}

// bare takes the text of a cell without quotes.
func (t *Table) bare(c *cell, text []byte) error {
	if n := bytes.IndexByte(text, '"'); n >= 0 {
		return strayQuote(t.at(*c), text, n)
	}
	if len(text) > MaxCell {
		return longCell(t.at(*c))
	}
	c.text = string(text)
	return nil
}

// strayQuote is the problem of a quote at text[n] in a cell that begins at a place, without quotes.
func strayQuote(at graph.Position, text []byte, n int) error {
	at.Column += utf8.RuneCount(text[:n])
	return &graph.Problem{
		At:    at,
		Want:  "no quote inside a cell without quotes",
		Found: excerpt(text, n),
		Hint:  `put the whole cell in quotes and write each quote in it twice: "a ""b"" c"`,
	}
}

func longCell(at graph.Position) error {
	return &graph.Problem{At: at, Want: fmt.Sprintf("a cell of at most %d bytes", MaxCell), Found: "a longer one"}
}

// quoted takes the text of a cell whose opening quote is b[at]. It returns the line on which the cell
// ends and where in it.
func (t *Table) quoted(c *cell, b []byte, at int) ([]byte, int, error) {
	text, b, at, err := quotedText(b, at+1, []byte{'"'}, false, t.line, func(found string) error { return t.unclosed(*c, found) })
	if err != nil {
		return nil, 0, err
	}
	if at < len(b) && b[at] != ',' {
		if c.line != t.lines.number { // most likely an earlier line lacks its closing quote
			return nil, 0, t.unclosed(*c, fmt.Sprintf("one on line %d with %s after it", t.lines.number, excerpt(b, at)))
		}
		pos := t.at(*c)
		pos.Column = column(b, at)
		return nil, 0, &graph.Problem{
			At:    pos,
			Want:  "a comma or the end of the line after the closing quote",
			Found: excerpt(b, at),
			Hint:  `a quote inside a cell in quotes is written twice: ""`,
		}
	}
	if len(text) > MaxCell {
		return nil, 0, longCell(t.at(*c))
	}
	c.text = text
	return b, at, nil
}

func (t *Table) unclosed(c cell, found string) error {
	return &graph.Problem{At: t.at(c), Want: `a quote that closes this cell`, Found: found}
}
