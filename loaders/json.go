package loaders

import (
	"bytes"
	"fmt"
	"sort"
	"unicode/utf8"

	"kg/graph"
)

// A jsonNode is a JSON value that remembers where it stands. The standard library's decoder forgets
// that, takes the last of two members of one name, and replaces what is no UTF-8.
type jsonNode struct {
	kind    byte   // one of { [ " 0 t f n; the first is an object, 0 any number
	at      int    // offset of its first byte
	text    string // of a string, without quotes and escapes; of a number, as it is written
	members []jsonMember
	items   []jsonNode
}

type jsonMember struct {
	name  string
	at    int // of the name
	value jsonNode
}

// member finds a member of an object; nil if there is none.
func (n *jsonNode) member(name string) *jsonNode {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i].value
		}
	}
	return nil
}

// describe names a value in a message.
func (n *jsonNode) describe() string {
	switch n.kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return quote([]byte(shown(n.text)), "")
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	default:
		return shown(n.text)
	}
}

// A jsonText is some JSON in an input.
type jsonText struct {
	b     []byte
	first place   // where b[0] stands, line and column from 1
	marks []place // where each markEvery-th byte stands, as far as that was asked for
}

// markEvery bounds what has to be counted again to find the column of a byte in a long line.
const markEvery = 4 << 10

// place tells line and column of the byte at an offset.
func (t *jsonText) place(offset int) place {
	offset = min(offset, len(t.b))
	if t.marks == nil {
		t.marks = []place{t.first}
	}
	for len(t.marks) <= offset/markEvery {
		from := (len(t.marks) - 1) * markEvery
		t.marks = append(t.marks, walk(t.marks[len(t.marks)-1], t.b[from:from+markEvery]))
	}
	from := offset / markEvery * markEvery
	return walk(t.marks[offset/markEvery], t.b[from:offset])
}

// walk moves a place over some bytes. Bytes within a character count for nothing.
func walk(at place, b []byte) place {
	for _, c := range b {
		switch {
		case c == '\n':
			at.line, at.column = at.line+1, 1
		case utf8.RuneStart(c):
			at.column++
		}
	}
	return at
}

func (t *jsonText) position(file string, offset int) graph.Position {
	at := t.place(offset)
	return graph.Position{File: file, Line: at.line, Column: at.column}
}

// parseJSON reads a text that holds one value and nothing else.
func parseJSON(b []byte, maxDepth int) (jsonNode, *fault) {
	p := jsonParser{b: b, maxDepth: maxDepth}
	if f := badUTF8(b); f != nil {
		return jsonNode{}, f
	}
	p.blanks()
	n, f := p.value(0)
	if f != nil {
		return jsonNode{}, f
	}
	if p.blanks(); p.i < len(b) {
		return jsonNode{}, &fault{at: p.i, want: "nothing more after the value", found: p.excerpt()}
	}
	return n, nil
}

type jsonParser struct {
	b        []byte
	i        int
	maxDepth int
}

func (p *jsonParser) blanks() {
	for p.i < len(p.b) && isJSONBlank(p.b[p.i]) {
		p.i++
	}
}

func isJSONBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *jsonParser) excerpt() string {
	if p.i >= len(p.b) {
		return "the end of the text"
	}
	if n := wordEnd(p.b[p.i:]); n > 0 {
		return excerpt(p.b[:p.i+n], p.i)
	}
	return excerpt(p.b, p.i)
}

// want is a fault at the place reached.
func (p *jsonParser) want(what string) *fault {
	return &fault{at: p.i, want: what, found: p.excerpt(), hint: p.guess()}
}

// guess tells what JSON does not have and other notations do.
func (p *jsonParser) guess() string {
	if p.i >= len(p.b) {
		return ""
	}
	switch c := p.b[p.i]; {
	case c == '\'':
		return `strings stand in double quotes: "…"`
	case c == '/' || c == '#':
		return "JSON has no comments"
	case (c == '}' || c == ']') && bytes.HasSuffix(bytes.TrimRight(p.b[:p.i], " \t\r\n"), []byte(",")):
		return noLastComma
	case c == 'T' || c == 'F' || c == 'N':
		return "true, false and null are lower-case"
	case c == '+' || c == '.':
		return "a number begins with a digit or -"
	default:
		return ""
	}
}

const (
	wantJSON    = "a JSON value"
	noLastComma = "JSON has no comma after the last of several"
)

func (p *jsonParser) value(depth int) (jsonNode, *fault) {
	if p.i >= len(p.b) {
		return jsonNode{}, p.want(wantJSON)
	}
	switch c := p.b[p.i]; {
	case c == '{' || c == '[':
		if depth >= p.maxDepth {
			return jsonNode{}, &fault{at: p.i, want: fmt.Sprintf("at most %d brackets within each other", p.maxDepth), found: "more"}
		}
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case c == '"':
		at := p.i
		s, f := p.quoted()
		return jsonNode{kind: '"', at: at, text: s}, f
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if end := p.i + len(word); end <= len(p.b) && string(p.b[p.i:end]) == word {
			n := jsonNode{kind: word[0], at: p.i}
			p.i = end
			return n, nil
		}
	}
	return jsonNode{}, p.want(wantJSON)
}

func (p *jsonParser) object(depth int) (jsonNode, *fault) {
	n := jsonNode{kind: '{', at: p.i}
	p.i++
	if p.blanks(); p.i < len(p.b) && p.b[p.i] == '}' {
		p.i++
		return n, nil
	}
	for {
		p.blanks()
		if p.i >= len(p.b) || p.b[p.i] != '"' {
			return n, p.want(`the name of a member in " "`)
		}
		m := jsonMember{at: p.i}
		var f *fault
		if m.name, f = p.quoted(); f != nil {
			return n, f
		}
		if p.blanks(); p.i >= len(p.b) || p.b[p.i] != ':' {
			return n, p.want(": and a value after the name of a member")
		}
		p.i++
		p.blanks()
		if m.value, f = p.value(depth); f != nil {
			return n, f
		}
		n.members = append(n.members, m)
		if p.blanks(); p.i < len(p.b) && p.b[p.i] == ',' {
			p.i++
			continue
		}
		if p.i < len(p.b) && p.b[p.i] == '}' {
			p.i++
			return n, twice(n.members)
		}
		return n, p.want(", or } after a member")
	}
}

// twice finds a name that two members have: whichever a reader took, it would lose the other.
func twice(members []jsonMember) *fault {
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return members[order[i]].name < members[order[j]].name })
	var first *jsonMember
	for i := 1; i < len(order); i++ {
		again := &members[order[i]]
		if members[order[i-1]].name == again.name && (first == nil || again.at < first.at) {
			first = again
		}
	}
	if first == nil {
		return nil
	}
	return &fault{at: first.at, want: "each member once", found: quote([]byte(shown(first.name)), "") + " again"}
}

func (p *jsonParser) array(depth int) (jsonNode, *fault) {
	n := jsonNode{kind: '[', at: p.i}
	p.i++
	if p.blanks(); p.i < len(p.b) && p.b[p.i] == ']' {
		p.i++
		return n, nil
	}
	for {
		p.blanks()
		item, f := p.value(depth)
		if f != nil {
			return n, f
		}
		n.items = append(n.items, item)
		if p.blanks(); p.i < len(p.b) && p.b[p.i] == ',' {
			p.i++
			continue
		}
		if p.i < len(p.b) && p.b[p.i] == ']' {
			p.i++
			return n, nil
		}
		return n, p.want(", or ] after an element")
	}
}

func (p *jsonParser) number() (jsonNode, *fault) {
	start := p.i
	digits := func() bool {
		from := p.i
		for p.i < len(p.b) && classes[p.b[p.i]]&digit != 0 {
			p.i++
		}
		return p.i > from
	}
	if p.b[p.i] == '-' {
		p.i++
	}
	zero := p.i < len(p.b) && p.b[p.i] == '0'
	whole := p.i
	if !digits() {
		return jsonNode{}, p.want("a digit")
	}
	if zero && p.i > whole+1 {
		return jsonNode{}, &fault{at: start, want: "a number", found: excerpt(p.b[:p.i], start), hint: "a number does not begin with 0; is it text?"}
	}
	if p.i < len(p.b) && p.b[p.i] == '.' {
		if p.i++; !digits() {
			return jsonNode{}, p.want("a digit after the point")
		}
	}
	if p.i < len(p.b) && (p.b[p.i] == 'e' || p.b[p.i] == 'E') {
		if p.i++; p.i < len(p.b) && (p.b[p.i] == '+' || p.b[p.i] == '-') {
			p.i++
		}
		if !digits() {
			return jsonNode{}, p.want("a digit of the exponent")
		}
	}
	return jsonNode{kind: '0', at: start, text: string(p.b[start:p.i])}, nil
}
