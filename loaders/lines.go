package loaders

import (
	"bytes"
	"errors"
	"io"
)

// errLongLine says that a line is longer than the limit. The rest of it has been skipped.
var errLongLine = errors.New("line too long")

// lines reads an input line by line: without their ends (LF, CR or CRLF), and without a byte order
// mark before the first.
type lines struct {
	cut    cutter
	now    textLines
	number int // of the line that next returned last
}

func newLines(r io.Reader, limit int) *lines { return &lines{cut: cutter{r: r, limit: limit}} }

// next returns the next line, which is valid until the call after. The error is io.EOF after the
// last line. A line that a failure of the input cut off is not returned.
func (l *lines) next() ([]byte, error) {
	for {
		if line, ok := l.now.next(); ok {
			if l.number++; len(line) > l.cut.limit {
				return nil, errLongLine
			}
			return line, nil
		}
		b, err := l.cut.next(l.now.text[:0])
		if err != nil {
			return nil, err
		}
		l.now = textLines{text: b}
	}
}

// textLines walks over text line by line. A line ends in LF, CR or CRLF, or with the text.
type textLines struct {
	text   []byte
	pos    int
	lf     int // no LF is in text[pos:lf]: text whose lines end in CR is not searched again and again
	number int // of the line that next returned last
}

// next returns the next line without its end, and whether there is one.
func (l *textLines) next() ([]byte, bool) {
	if l.pos == len(l.text) {
		return nil, false
	}
	if l.lf = max(l.lf, l.pos); l.lf < len(l.text) && l.text[l.lf] != '\n' {
		if n := bytes.IndexByte(l.text[l.lf:], '\n'); n >= 0 {
			l.lf += n
		} else {
			l.lf = len(l.text)
		}
	}
	end, after := l.lf, min(l.lf+1, len(l.text))
	if n := bytes.IndexByte(l.text[l.pos:l.lf], '\r'); n >= 0 {
		end = l.pos + n
		if after = end + 1; after == l.lf && after < len(l.text) {
			after++ // the LF of a CRLF
		}
	}
	line := l.text[l.pos:end]
	l.pos = after
	l.number++
	return line, true
}

const (
	firstBuffer = 64 << 10
	emptyReads  = 100 // in a row, after which a reader counts as broken
)

// A cutter cuts an input into blocks of whole lines.
type cutter struct {
	r       io.Reader
	limit   int    // of a line
	rest    []byte // begins a line, and has no end of one
	started bool
	err     error // of r, once it came
}

// next fills b with as many lines as one read gives, and at least one. It skips what is left of a
// line that is too long: such a line is in its block with one byte more than the limit. The error
// is io.EOF after the last block; a line that a failure of the input cut off is not returned.
func (c *cutter) next(b []byte) ([]byte, error) {
	b = append(b, c.rest...)
	c.rest = c.rest[:0]
	for searched := 0; ; {
		if end := lastLineEnd(b, searched); end > 0 {
			c.rest = append(c.rest, b[end:]...)
			return c.first(b[:end]), nil
		}
		searched = max(len(b)-1, 0)
		switch {
		case len(b) > c.limit+1: // and not only because of a CR that may end it
			return c.skip(b), nil
		case len(b) > 0 && errors.Is(c.err, io.EOF): // and the last line has no end
			return c.first(b), nil
		case c.err != nil:
			return nil, c.err
		}
		b = c.read(b)
	}
}

// lastLineEnd is where the last line that b holds in full ends, looking from the given place on; 0 if
// there is none. A CR that is the last byte may be half of a line's end.
func lastLineEnd(b []byte, from int) int {
	if n := bytes.LastIndexByte(b[from:], '\n'); n >= 0 {
		return from + n + 1
	}
	if n := bytes.LastIndexByte(b[from:max(len(b)-1, from)], '\r'); n >= 0 {
		return from + n + 1
	}
	return 0
}

// read appends what one read gives.
func (c *cutter) read(b []byte) []byte {
	if room := max(blockSize-len(b), len(b)/2+1); cap(b)-len(b) < room {
		b = append(make([]byte, 0, len(b)+room), b...)
	}
	for range emptyReads {
		n, err := c.r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if c.err = err; n > 0 || err != nil {
			return b
		}
	}
	c.err = io.ErrNoProgress
	return b
}

// first takes the byte order mark from the first block.
func (c *cutter) first(b []byte) []byte {
	if !c.started {
		c.started = true
		b = bytes.TrimPrefix(b, byteOrderMark)
	}
	return b
}

// skip makes a block of a line that is too long, and passes what is left of it.
func (c *cutter) skip(b []byte) []byte {
	line := bytes.Clone(c.first(b)[:c.limit+1])
	line = append(line, '\n')
	for {
		switch end := bytes.IndexAny(b, "\r\n"); {
		case end < 0 && c.err != nil:
			return line
		case end < 0:
			b = c.read(b[:0])
		case b[end] == '\r' && end+1 == len(b) && c.err == nil:
			b = c.read(append(b[:0], '\r')) // a LF may follow
		default:
			if end++; b[end-1] == '\r' && end < len(b) && b[end] == '\n' {
				end++
			}
			c.rest = append(c.rest, b[end:]...)
			return line
		}
	}
}
