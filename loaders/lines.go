package loaders

import (
	"bytes"
	"errors"
	"io"
)

// errLongLine says that a line is longer than the limit. The rest of it has been skipped.
var errLongLine = errors.New("line too long")

const (
	firstBuffer = 64 << 10
	emptyReads  = 100 // in a row, after which a reader counts as broken
)

// lines cuts an input into lines without their ends (LF, CR or CRLF), one at a time.
type lines struct {
	r          io.Reader
	limit      int
	number     int // of the line that next returned last
	buf        []byte
	start, end int   // of what is read and not yet handed out
	lf         int   // no LF is in buf[start:lf]: lines that end in CR are not searched again and again
	halfEnd    bool  // a CR ended the last line, and its LF may follow
	err        error // of r, once it came
}

func newLines(r io.Reader, limit int) *lines {
	return &lines{r: r, limit: limit, buf: make([]byte, min(firstBuffer, limit+1))}
}

// next returns the next line, which is valid until the call after. The error is io.EOF after the
// last line. A line that a failure of the input cut off is not returned.
func (l *lines) next() ([]byte, error) {
	l.endWhole()
	for scanned := 0; ; {
		stop := l.lineEnd(l.start + scanned)
		scanned = l.end - l.start
		switch {
		case stop < l.end:
			line := l.buf[l.start:stop]
			l.pass(stop)
			return l.checked(line)
		case errors.Is(l.err, io.EOF) && scanned > 0:
			line := l.buf[l.start:l.end]
			l.start = l.end
			l.number++
			return l.checked(line)
		case l.err != nil:
			return nil, l.err
		case scanned > l.limit:
			l.skip()
			return nil, errLongLine
		}
		l.fill()
		if scanned == 0 {
			l.endWhole()
		}
	}
}

func (l *lines) checked(line []byte) ([]byte, error) {
	if len(line) > l.limit {
		return nil, errLongLine
	}
	return line, nil
}

// lineEnd returns where the first CR or LF at or after from is, l.end if there is none.
func (l *lines) lineEnd(from int) int {
	l.lf = max(l.lf, l.start)
	if l.lf < l.end && l.buf[l.lf] != '\n' {
		if n := bytes.IndexByte(l.buf[l.lf:l.end], '\n'); n >= 0 {
			l.lf += n
		} else {
			l.lf = l.end
		}
	}
	if n := bytes.IndexByte(l.buf[from:l.lf], '\r'); n >= 0 {
		return from + n
	}
	return l.lf
}

// pass goes on behind the line end at buf[stop].
func (l *lines) pass(stop int) {
	l.halfEnd = l.buf[stop] == '\r'
	l.start = stop + 1
	l.number++
}

// endWhole skips the LF of a CRLF.
func (l *lines) endWhole() {
	if l.halfEnd && l.start < l.end {
		l.halfEnd = false
		if l.buf[l.start] == '\n' {
			l.start++
		}
	}
}

// skip drops the line at hand without keeping it.
func (l *lines) skip() {
	for {
		l.start = l.end
		if l.err != nil {
			l.number++
			return
		}
		l.fill()
		if stop := l.lineEnd(l.start); stop < l.end {
			l.pass(stop)
			return
		}
	}
}

// fill reads more, in a larger buffer if this one is full.
func (l *lines) fill() {
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.lf = max(l.lf-l.start, 0)
		l.start = 0
	}
	if l.end == len(l.buf) {
		larger := make([]byte, min(2*len(l.buf), l.limit+1))
		copy(larger, l.buf)
		l.buf = larger
	}
	for range emptyReads {
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		if l.err = err; n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
