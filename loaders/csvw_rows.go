package loaders

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kg/graph"
)

// tableRows hands out the rows of a table of any kind, one by one: io.EOF after the last. A
// [*graph.Problem] is about one row only unless [isFinal] says otherwise. A record is valid until the
// next call.
type tableRows interface {
	next() (tableRecord, error)
}

// A tableRecord is a row as it stands in its file.
type tableRecord struct {
	cells  []cell
	number int // of the line, or of the sheet's row, that it begins on
}

// errFinal marks a problem after which no row can be read.
var errFinal = errors.New("the rest of the table cannot be read")

func isFinal(err error) bool {
	return errors.Is(err, errFinal) || errors.Is(err, ErrTorn) || errors.Is(err, ErrBomb)
}

// textRows reads rows of a text in a dialect.
type textRows struct {
	file  string
	lines *lines
	d     dialect
	cells []cell
	begun bool
}

func newTextRows(r io.Reader, file string, d dialect) *textRows {
	return &textRows{file: file, lines: newLines(r, MaxLine), d: d}
}

func (t *textRows) at(c cell) graph.Position {
	return graph.Position{File: t.file, Line: c.line, Column: c.column}
}

func (t *textRows) line() ([]byte, error) {
	b, err := t.lines.next()
	at := graph.Position{File: t.file, Line: t.lines.number}
	if errors.Is(err, errLongLine) {
		return nil, &graph.Problem{At: at, Want: fmt.Sprintf("a line of at most %d bytes", MaxLine), Found: "a longer one"}
	}
	if err != nil {
		return nil, err
	}
	if f := badUTF8(b); f != nil {
		at.Column = column(b, f.at)
		return nil, f.problem(at)
	}
	return b, nil
}

// next returns the next row that is no comment.
func (t *textRows) next() (tableRecord, error) {
	if !t.begun {
		t.begun = true
		for range t.d.skipRows {
			if _, err := t.lines.next(); err != nil && !errors.Is(err, errLongLine) {
				return tableRecord{}, err
			}
		}
	}
	for {
		b, err := t.line()
		if err != nil {
			return tableRecord{}, err
		}
		number := t.lines.number
		if t.d.comment != "" && bytes.HasPrefix(b, []byte(t.d.comment)) {
			if !t.d.commentUnsaid {
				continue
			}
			return tableRecord{}, &graph.Problem{
				At: graph.Position{File: t.file, Line: number, Column: 1}, Want: "a row", Found: excerpt(b, 0),
				Hint: `if it is a comment, the dialect says so: "commentPrefix": "#"; if it is not: null`,
			}
		}
		if err := t.split(b); err != nil {
			return tableRecord{}, err
		}
		if blank(t.cells) && (t.d.skipBlank || len(t.cells) == 1) {
			continue // a row of nothing, not even a delimiter, is no row of any table
		}
		return tableRecord{cells: t.cells[min(t.d.skipCols, len(t.cells)):], number: number}, nil
	}
}

func blank(cells []cell) bool {
	for _, c := range cells {
		if c.text != "" {
			return false
		}
	}
	return true
}

// split takes the cells of a row that begins with line b.
func (t *textRows) split(b []byte) error {
	t.cells = t.cells[:0]
	for at, col := 0, 1; ; {
		c := cell{line: t.lines.number, column: col}
		from := at
		begin := at
		if t.d.trimStart {
			for begin < len(b) && (b[begin] == ' ' || b[begin] == '\t') && !bytes.HasPrefix(b[begin:], []byte(t.d.delimiter)) {
				begin++
			}
			c.column += begin - at
		}
		var err error
		if q, size := utf8.DecodeRune(b[begin:]); t.d.quote != 0 && size > 0 && q == t.d.quote {
			if b, at, err = t.quoted(&c, b, begin+size); err != nil {
				return err
			}
			if c.line != t.lines.number {
				from, col = 0, 1
			}
		} else {
			if n := bytes.Index(b[begin:], []byte(t.d.delimiter)); n >= 0 {
				at = begin + n
			} else {
				at = len(b)
			}
			if err := t.bare(&c, b[begin:at]); err != nil {
				return err
			}
		}
		t.cells = append(t.cells, c)
		if at == len(b) {
			return nil
		}
		at += len(t.d.delimiter)
		col += utf8.RuneCount(b[from:at])
		if len(t.cells) > maxColumns {
			return &graph.Problem{At: t.at(c), Want: fmt.Sprintf("at most %d cells in a row", maxColumns), Found: "more"}
		}
	}
}

// maxColumns is how many columns the widest spreadsheets have.
const maxColumns = 16_384

func (t *textRows) bare(c *cell, text []byte) error {
	if t.d.trimEnd {
		text = bytes.TrimRight(text, " \t")
	}
	if t.d.quote != 0 {
		if n := bytes.IndexRune(text, t.d.quote); n >= 0 {
			return strayQuote(t.at(*c), text, n)
		}
	}
	if len(text) > MaxCell {
		return longCell(t.at(*c))
	}
	c.text = string(text)
	return nil
}

// quoted takes the text of a cell in quotes, from behind the opening one. It returns the line on which
// the cell ends and where in it.
func (t *textRows) quoted(c *cell, b []byte, at int) ([]byte, int, error) {
	text, b, at, err := quotedText(b, at, []byte(string(t.d.quote)), t.d.backslash, t.line, func(found string) error { return t.unclosed(*c, found) })
	if err != nil {
		return nil, 0, err
	}
	if t.d.trimEnd {
		for at < len(b) && (b[at] == ' ' || b[at] == '\t') && !bytes.HasPrefix(b[at:], []byte(t.d.delimiter)) {
			at++
		}
	}
	if at < len(b) && !bytes.HasPrefix(b[at:], []byte(t.d.delimiter)) {
		if c.line != t.lines.number { // most likely an earlier line lacks its closing quote
			return nil, 0, t.unclosed(*c, fmt.Sprintf("one on line %d with %s after it", t.lines.number, excerpt(b, at)))
		}
		pos := t.at(*c)
		pos.Column = column(b, at)
		return nil, 0, &graph.Problem{
			At: pos, Want: "the delimiter or the end of the line after the closing quote", Found: excerpt(b, at),
			Hint: `a quote inside a cell in quotes is written twice: ""`,
		}
	}
	if len(text) > MaxCell {
		return nil, 0, longCell(t.at(*c))
	}
	c.text = text
	if t.d.backslash {
		c.text = strings.ReplaceAll(strings.ReplaceAll(c.text, `\`+string(t.d.quote), string(t.d.quote)), `\\`, `\`)
	}
	return b, at, nil
}

// unescaped finds the first quote without a backslash before it.
func unescaped(b, quote []byte) int {
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\\':
			i++
		case bytes.HasPrefix(b[i:], quote):
			return i
		}
	}
	return -1
}

func (t *textRows) unclosed(c cell, found string) error {
	return &graph.Problem{At: t.at(c), Want: `a quote that closes this cell`, Found: found}
}
