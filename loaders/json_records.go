package loaders

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A jsonRecord is one value of an input that holds many, with the way that its quads and its problems
// take.
type jsonRecord struct {
	text  jsonText
	root  jsonNode
	file  string
	lines bool // and no value goes on in the next one
	out   *delivery
}

// add hands over a quad that stands at the offset. It returns nil if reading shall go on.
func (r *jsonRecord) add(q quad.Quad, offset int) error {
	if err := r.out.cancelled(); err != nil {
		return err
	}
	return r.out.add(q, r.text.position(r.file, offset))
}

// fail tells a problem. It returns nil if reading shall go on.
func (r *jsonRecord) fail(f *fault) error {
	return r.out.report.add(f.problem(r.text.position(r.file, f.at)))
}

// read parses the text and, if it is JSON, gives it to do.
func (r *jsonRecord) read(text []byte, at place, maxDepth int, do func(*jsonRecord) error) error {
	r.text = jsonText{b: text, first: at, marks: r.text.marks[:0]}
	if len(r.text.marks) == 0 {
		r.text.marks = append(r.text.marks, at)
	}
	var f *fault
	if r.root, f = parseJSON(text, maxDepth); f != nil {
		if f.at == len(text) && r.lines && f.hint == "" {
			f.found, f.hint = "the end of the line", "each value stands on one line"
		}
		return r.fail(f)
	}
	return do(r)
}

// loadJSONLines reads JSON Lines: one value a line. After a problem it goes on with the next line.
func loadJSONLines(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink, do func(*jsonRecord) error) error {
	var (
		record = jsonRecord{file: name, lines: true, out: &delivery{ctx: ctx, sink: sink, report: newReport(name, o)}}
		in     = newLines(watched{ctx, r}, o.MaxTerm)
	)
	for {
		line, err := in.next()
		at := graph.Position{File: name, Line: in.number, Column: 1}
		switch {
		case errors.Is(err, errLongLine):
			f := &fault{want: fmt.Sprintf("a line of at most %d bytes", o.MaxTerm), found: "a longer one"}
			err = record.out.report.add(f.problem(at))
		case err != nil:
			at.Line, at.Column = at.Line+1, 0
			return record.out.end(err, at)
		case !blankLine(line):
			err = record.read(line, place{in.number, 1}, o.MaxDepth, do)
		}
		if err == nil {
			err = record.out.cancelled()
		}
		if err != nil {
			return err
		}
	}
}

func blankLine(line []byte) bool {
	for _, c := range line {
		if !isJSONBlank(c) {
			return false
		}
	}
	return true
}

// loadJSONArray reads one array, an element at a time. After a problem within an element it goes on
// with the next.
func loadJSONArray(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink, do func(*jsonRecord) error) error {
	var (
		record = jsonRecord{file: name, out: &delivery{ctx: ctx, sink: sink, report: newReport(name, o)}}
		in     = &elements{r: watched{ctx, r}, at: place{1, 1}, limit: o.MaxTerm}
	)
	for {
		text, at, f := in.next()
		switch {
		case f != nil:
			return record.out.end(f.problem(graph.Position{File: name, Line: at.line, Column: at.column}), graph.Position{})
		case text == nil:
			return record.out.end(in.err, graph.Position{File: name, Line: in.at.line, Column: in.at.column})
		}
		if err := record.read(text, at, o.MaxDepth, do); err != nil {
			return err
		}
		if err := record.out.cancelled(); err != nil {
			return err
		}
	}
}

// elements cuts the array that an input is into its elements.
type elements struct {
	r     io.Reader
	limit int // of an element, in bytes
	buf   []byte
	pos   int
	at    place // of buf[pos]
	err   error // of r, once it came
	state arrayState
}

type arrayState int

const (
	beforeArray arrayState = iota
	beforeFirst
	beforeNext
	afterElement
	afterArray
)

// next returns the text of the next element, valid until the call after, and where it begins. Without
// one the error of the reader is in e.err: io.EOF after the array.
func (e *elements) next() ([]byte, place, *fault) {
	for {
		c, ok := e.peek()
		if !ok {
			if errors.Is(e.err, io.EOF) && e.state != afterArray {
				return nil, e.at, &fault{want: "] at the end of the array", found: "the end of the file", hint: "is the file cut off?"}
			}
			return nil, e.at, nil
		}
		switch {
		case e.state == beforeArray && c == '[':
			e.skip()
			e.state = beforeFirst
		case e.state == beforeArray:
			return nil, e.at, e.want("[ at the beginning of an array")
		case e.state == afterArray:
			return nil, e.at, e.want("nothing more after the array")
		case c == ']' && e.state != beforeNext:
			e.skip()
			e.state = afterArray
		case e.state == afterElement && c == ',':
			e.skip()
			e.state = beforeNext
		case e.state == afterElement:
			return nil, e.at, e.want(", or ] after an element")
		case c == ',' || c == ']' || c == '}':
			return nil, e.at, e.want("an element of the array")
		default:
			e.state = afterElement
			return e.element()
		}
	}
}

func (e *elements) want(what string) *fault {
	f := &fault{want: what, found: excerpt(e.buf[e.pos:], 0)}
	if e.state == beforeNext && e.buf[e.pos] == ']' {
		f.hint = noLastComma
	}
	return f
}

// peek goes to the next byte that is no blank.
func (e *elements) peek() (byte, bool) {
	for {
		for e.pos < len(e.buf) {
			if c := e.buf[e.pos]; !isJSONBlank(c) {
				e.ahead(2 * excerptLength) // for a message
				return c, true
			}
			e.skip()
		}
		if !e.fill() {
			return 0, false
		}
	}
}

// ahead sees to it that n bytes can be looked at, if there are as many.
func (e *elements) ahead(n int) {
	for more := true; more && len(e.buf)-e.pos < n; {
		more = e.fill()
	}
}

// skip passes one ASCII byte.
func (e *elements) skip() {
	e.at = walk(e.at, e.buf[e.pos:e.pos+1])
	e.pos++
}

// fill drops what has been read and reads more.
func (e *elements) fill() bool {
	if e.err != nil {
		return false
	}
	n := copy(e.buf, e.buf[e.pos:])
	e.buf, e.pos = e.buf[:n], 0
	c := cutter{r: e.r}
	e.buf = c.read(e.buf)
	e.err = c.err
	return len(e.buf) > n || e.err == nil
}

// element cuts out the element that begins here: up to the bracket or quote that closes it, or as far
// as a word goes. Whether it is right is not looked at.
func (e *elements) element() ([]byte, place, *fault) {
	start := e.at
	depth, inString, escaped := 0, false, false
	for n := 0; ; n++ {
		if n > e.limit {
			return nil, start, &fault{want: fmt.Sprintf("an element of at most %d bytes", e.limit), found: "a longer one"}
		}
		if e.pos+n == len(e.buf) && !e.fill() {
			if !errors.Is(e.err, io.EOF) {
				return nil, e.at, nil
			}
			return e.take(n), start, nil
		}
		switch c := e.buf[e.pos+n]; {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			if inString = !inString; !inString && depth == 0 {
				return e.take(n + 1), start, nil
			}
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return e.take(n + 1), start, nil
			}
			if depth < 0 {
				return e.take(n), start, nil
			}
		case depth == 0 && (c == ',' || isJSONBlank(c)):
			return e.take(n), start, nil
		}
	}
}

func (e *elements) take(n int) []byte {
	text := e.buf[e.pos : e.pos+n]
	e.at = walk(e.at, text)
	e.pos += n
	return text
}
