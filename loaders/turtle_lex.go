package loaders

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"kg/graph"
)

// A lexer holds the part of a Turtle or TriG input that is being read: from keep, where the term at
// hand begins, to end. Reading more may move the bytes; so offsets that outlive a call of more count
// from keep.
type lexer struct {
	r              io.Reader
	file           string
	limit          int
	buf            []byte
	keep, pos, end int
	before         byte  // what stood before buf[0]
	err            error // of r, once it came
	long           bool  // the term at hand is longer than the limit

	// The place of buf[mark]. It only ever moves forward, so that counting characters costs one
	// walk over the input, however long its lines are.
	mark, line, column int
	afterCR            bool
}

func newLexer(r io.Reader, file string, limit int) lexer {
	return lexer{r: r, file: file, limit: limit, buf: make([]byte, min(firstBuffer, limit+1)), line: 1, column: 1}
}

// more reads on. It returns false at the end of the input and when the term at hand is too long.
func (l *lexer) more() bool {
	if l.err != nil {
		return false
	}
	if l.end-l.keep > l.limit {
		l.long = true
		return false
	}
	if l.keep > 0 {
		l.before = l.buf[l.keep-1]
		if l.mark < l.keep {
			l.place(l.keep)
		}
		copy(l.buf, l.buf[l.keep:l.end])
		l.mark, l.pos, l.end, l.keep = l.mark-l.keep, l.pos-l.keep, l.end-l.keep, 0
	}
	if l.end == len(l.buf) {
		larger := make([]byte, min(2*len(l.buf), l.limit+1))
		copy(larger, l.buf)
		l.buf = larger
	}
	for range emptyReads {
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	l.err = io.ErrNoProgress
	return false
}

// ready says whether there is a byte at pos.
func (l *lexer) ready() bool { return l.pos < l.end || l.more() }

// have says whether there are n bytes at pos.
func (l *lexer) have(n int) bool {
	for l.end-l.pos < n {
		if !l.more() {
			return false
		}
	}
	return true
}

// sees says whether the next byte is c.
func (l *lexer) sees(c byte) bool { return l.ready() && l.buf[l.pos] == c }

// take passes the next byte if it is c.
func (l *lexer) take(c byte) bool {
	if !l.sees(c) {
		return false
	}
	l.pos++
	return true
}

// place is the position of buf[at], and becomes the mark.
func (l *lexer) place(at int) graph.Position {
	for ; l.mark < at && l.mark < l.end; l.mark++ {
		switch c := l.buf[l.mark]; {
		case c == '\n' && l.afterCR:
			l.afterCR = false
		case c == '\n' || c == '\r':
			l.line, l.column, l.afterCR = l.line+1, 1, c == '\r'
		default:
			l.afterCR = false
			if c&0xC0 != 0x80 { // the bytes after a character's first
				l.column++
			}
		}
	}
	return graph.Position{File: l.file, Line: l.line, Column: l.column}
}

// here is the position of what comes next.
func (l *lexer) here() graph.Position { return l.place(l.pos) }

// skipOrderMark passes a byte order mark at the start of the input, which is no column.
func (l *lexer) skipOrderMark() {
	if l.have(len(byteOrderMark)) && bytes.HasPrefix(l.buf[l.pos:l.end], byteOrderMark) {
		l.pos += len(byteOrderMark)
		l.mark = l.pos
	}
}

// skipBlank passes blanks and comments; the next term begins behind them.
func (l *lexer) skipBlank() *fault {
	for {
		l.keep = l.pos
		if !l.ready() {
			return nil
		}
		switch l.buf[l.pos] {
		case ' ', '\t', '\n', '\r':
			l.pos++
		case '#':
			for l.ready() && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
				l.pos++
			}
			if l.long {
				return nil
			}
			if f := badUTF8(l.buf[l.keep:l.pos]); f != nil {
				return f.in(l.keep)
			}
		default:
			return nil
		}
	}
}

// skipStatement passes what is left of a statement that could not be read: up to a point that ends
// its line. With graphs, a brace that ends its line ends the statement too; inside of a graph it is
// left to be read.
func (l *lexer) skipStatement(graphs, inGraph bool) {
	l.long = false
	ending, comment := false, false // a point or a brace, and only blanks since; a comment behind it
	for l.keep = l.pos; l.ready(); l.keep = l.pos {
		switch c := l.buf[l.pos]; {
		case c == '\n' || c == '\r':
			if ending {
				return
			}
			comment = false
		case comment, c == ' ', c == '\t':
		case c == '#' && ending:
			comment = true
		case c == '}' && inGraph:
			if !l.have(2) || strings.IndexByte(" \t\r\n", l.buf[l.pos+1]) >= 0 {
				return
			}
		default:
			ending = c == '.' || c == '}' && graphs
		}
		l.pos++
	}
}

// digits passes decimal digits and says how many there were.
func (l *lexer) digits() int {
	n := 0
	for l.ready() && classes[l.buf[l.pos]]&digit != 0 {
		l.pos++
		n++
	}
	return n
}

// scanNumber passes a number and names its datatype, which is empty if there is none.
func (l *lexer) scanNumber() string {
	if !l.take('+') {
		l.take('-')
	}
	whole, kind := l.digits(), "integer"
	if l.have(2) && l.buf[l.pos] == '.' {
		switch c := l.buf[l.pos+1]; {
		case classes[c]&digit != 0:
			l.pos++
			l.digits()
			kind = "decimal"
		case whole > 0 && l.exponentAt(1): // 1.E5
			l.pos++
		}
	}
	if whole == 0 && kind == "integer" {
		return ""
	}
	if l.exponentAt(0) {
		l.pos += 2 // its letter, and its sign or first digit
		l.digits()
		kind = "double"
	}
	return kind
}

// exponentAt says whether an exponent begins offset bytes further on.
func (l *lexer) exponentAt(offset int) bool {
	if !l.have(offset+2) || l.buf[l.pos+offset]|0x20 != 'e' {
		return false
	}
	c := l.buf[l.pos+offset+1]
	if classes[c]&digit != 0 {
		return true
	}
	return (c == '+' || c == '-') && l.have(offset+3) && classes[l.buf[l.pos+offset+2]]&digit != 0
}

// failed is the error of the input, if it failed and did not merely end.
func (l *lexer) failed() error {
	if l.err != nil && !errors.Is(l.err, io.EOF) {
		return l.err
	}
	return nil
}

// scanWord passes what may be the prefix of a name, or a keyword.
func (l *lexer) scanWord() {
	last := l.pos - l.keep
	for first := true; l.ready(); first = false {
		r, size := l.rune()
		if r == '.' && !first {
			l.pos++
			continue
		}
		if first && !nameStart(r) || !namePart(r) || r == '\uFFFD' && size == 1 {
			break
		}
		l.pos += size
		last = l.pos - l.keep
	}
	l.pos = l.keep + last
}

// rune decodes the character at pos.
func (l *lexer) rune() (rune, int) {
	if c := l.buf[l.pos]; c < 0x80 {
		return rune(c), 1
	}
	l.have(4) // at the end of the input there may be fewer
	return runeAt(l.buf[:l.end], l.pos)
}

// localEscapes are the characters that a backslash lets stand in a name.
const localEscapes = `_~.-!$&'()*+,;=/?#@%`

// scanLocal passes the part of a name behind its colon.
func (l *lexer) scanLocal() *fault {
	last := l.pos - l.keep
	for first := true; l.ready(); first = false {
		switch c := l.buf[l.pos]; {
		case c == ':', classes[c]&labelChar != 0 && (c != '-' || !first):
			l.pos++
		case c == '.' && !first:
			l.pos++
			continue
		case c == '%':
			if !l.have(3) || classes[l.buf[l.pos+1]]&hex4 == 0 || classes[l.buf[l.pos+2]]&hex4 == 0 {
				return &fault{at: l.pos, want: "two hexadecimal digits after %", hint: `a percent sign itself is written \%`}
			}
			l.pos += 3
		case c == '\\':
			if !l.have(2) || strings.IndexByte(localEscapes, l.buf[l.pos+1]) < 0 {
				return &fault{at: l.pos, want: "one of " + localEscapes + ` after \`}
			}
			l.pos += 2
		case c >= 0x80:
			r, size := l.rune()
			if r == '\uFFFD' && size == 1 || first && !nameStart(r) || !namePart(r) {
				l.pos = l.keep + last
				return nil
			}
			l.pos += size
		default:
			l.pos = l.keep + last
			return nil
		}
		last = l.pos - l.keep
	}
	l.pos = l.keep + last
	return nil
}

// scanLabel passes a blank node's label, whose "_:" has been passed.
func (l *lexer) scanLabel() bool {
	begin := l.pos - l.keep
	for l.ready() {
		r, size := l.rune()
		if r == '\uFFFD' && size == 1 || r != '.' && !namePart(r) {
			break
		}
		l.pos += size
	}
	end := labelEnd(l.buf[:l.pos], l.keep+begin)
	l.pos = end
	return end > l.keep+begin
}
