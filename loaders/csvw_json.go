package loaders

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kg/graph"
)

const (
	maxMetadata      = 16 << 20 // bytes of a metadata file: thousands of columns need one
	maxMetadataDepth = 64
)

// A node is a JSON value that knows where it stands in its file.
type node struct {
	kind    byte // '{' '[' '"' '0' 't' (true or false) 'n' (null)
	text    string
	number  json.Number
	truth   bool
	members []member
	items   []*node
	at      graph.Position
}

// A member is a name of an object with its value, in the order of the file.
type member struct {
	name  string
	value *node
	at    graph.Position
}

// get returns the value of a member, nil where the object has none of that name.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// what describes the node for a message.
func (n *node) what() string {
	switch n.kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return quote([]byte(shown(n.text)), "")
	case '0':
		return n.number.String()
	case 't':
		return fmt.Sprint(n.truth)
	default:
		return "null"
	}
}

// problem says what was wanted in the node's place.
func (n *node) problem(want, hint string) *graph.Problem {
	return &graph.Problem{At: n.at, Want: want, Found: n.what(), Hint: hint}
}

// parseMetadata reads a JSON document whole. The error is a [*graph.Problem].
func parseMetadata(file string, r io.Reader) (*node, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxMetadata+1))
	if err != nil {
		return nil, readProblem(file, err)
	}
	if len(text) > maxMetadata {
		return nil, &graph.Problem{At: graph.Position{File: file}, Want: fmt.Sprintf("a metadata file of at most %d bytes", maxMetadata), Found: "a longer one"}
	}
	text = bytes.TrimPrefix(text, byteOrderMark)
	p := &metadataParser{file: file, text: text, dec: json.NewDecoder(bytes.NewReader(text)), line: 1, column: 1}
	if f := badUTF8(text); f != nil {
		return nil, f.problem(p.at(f.at))
	}
	p.dec.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if end := p.start(); end < len(text) {
			return nil, &graph.Problem{At: p.at(end), Want: "the end of the file after the object", Found: excerpt(text, end)}
		}
		return n, nil
	}
	return nil, p.explain(err)
}

// A metadataParser makes nodes of the tokens of encoding/json.
type metadataParser struct {
	file         string
	text         []byte
	dec          *json.Decoder
	seen         int // offset whose place is line and column
	line, column int
}

// at is the place of an offset. Offsets are mostly asked for in rising order.
func (p *metadataParser) at(offset int) graph.Position {
	offset = min(offset, len(p.text))
	if offset < p.seen {
		p.seen, p.line, p.column = 0, 1, 1
	}
	part := p.text[p.seen:offset]
	if n := bytes.Count(part, []byte("\n")); n > 0 {
		p.line += n
		p.column = 1
		part = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	p.column += utf8.RuneCount(part)
	p.seen = offset
	return graph.Position{File: p.file, Line: p.line, Column: p.column}
}

// start is where the next token begins, from the end of the last one.
func (p *metadataParser) start() int {
	i := int(p.dec.InputOffset())
	for i < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[i]) >= 0 {
		i++
	}
	return i
}

func (p *metadataParser) value(depth int) (*node, error) {
	n := &node{at: p.at(p.start())}
	if depth > maxMetadataDepth {
		return nil, &graph.Problem{At: n.at, Want: fmt.Sprintf("at most %d objects and arrays within each other", maxMetadataDepth), Found: "more"}
	}
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		n.kind = byte(t)
		for p.dec.More() {
			if err := p.part(n, depth); err != nil {
				return nil, err
			}
		}
		_, err = p.dec.Token() // the closing bracket
	case string:
		n.kind, n.text = '"', t
	case json.Number:
		n.kind, n.number = '0', t
	case bool:
		n.kind, n.truth = 't', t
	default:
		n.kind = 'n'
	}
	return n, err
}

// part reads an item of an array or a member of an object.
func (p *metadataParser) part(n *node, depth int) error {
	if n.kind == '[' {
		item, err := p.value(depth + 1)
		n.items = append(n.items, item)
		return err
	}
	at := p.at(p.start())
	name, err := p.dec.Token()
	if err != nil {
		return err
	}
	m := member{at: at}
	m.name, _ = name.(string) // the decoder takes nothing else for a name
	if n.get(m.name) != nil {
		return &graph.Problem{At: at, Want: "each name once in an object", Found: quote([]byte(shown(m.name)), "") + " again"}
	}
	m.value, err = p.value(depth + 1)
	n.members = append(n.members, m)
	return err
}

// explain gives a JSON error its place.
func (p *metadataParser) explain(err error) error {
	var known *graph.Problem
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &syntax):
		i := min(max(int(syntax.Offset)-1, 0), len(p.text))
		for i < len(p.text) && strings.IndexByte(" \t\r\n,", p.text[i]) >= 0 {
			i++
		}
		found := excerpt(p.text, i)
		if i == len(p.text) {
			found = "the end of the file"
		}
		return &graph.Problem{At: p.at(i), Want: "JSON", Found: found, Hint: strings.TrimPrefix(syntax.Error(), "json: "), Err: err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &graph.Problem{At: p.at(len(p.text)), Want: "JSON", Found: "the end of the file", Err: err}
	default:
		return &graph.Problem{At: p.at(p.start()), Want: "JSON", Found: excerpt(p.text, p.start()), Err: err}
	}
}
