package loaders

import (
	"bytes"
	"context"
	"io"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// trig is RDF 1.1 TriG: Turtle with graphs in braces.
func trig() Format {
	return Format{
		Name:       "trig",
		Extensions: []string{".trig"},
		MediaType:  "application/trig",
		Load: func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
			return loadTurtle(ctx, r, name, o, sink, true)
		},
		claims: claimsTrig,
	}
}

// namedGraph reads the name of a graph and the opening brace, after the word GRAPH.
func (p *parser) namedGraph() bool {
	p.pos += len("GRAPH")
	if !p.blank() {
		return false
	}
	var name quad.Value
	var ok bool
	if p.take('[') {
		name, ok = p.newBlank(), p.blank() && (p.take(']') || p.fail(p.pos, "] and the graph in braces", ""))
	} else {
		name, ok = p.subject()
	}
	if !ok || !p.blank() {
		return false
	}
	return p.opensGraph(name) || p.fail(p.pos, "{ and the triples of the graph", "")
}

// graphStatement reads triples inside of a graph, or its end.
func (p *parser) graphStatement() bool {
	if p.take('}') {
		p.label, p.inGraph = nil, false
		return true
	}
	if !p.triples() || !p.blank() {
		return false
	}
	return p.take('.') || p.sees('}') || p.fail(p.pos, "; , . or } after the object", "")
}

// claimsTrig accepts an input that begins with a directive, or with something like a subject.
func claimsTrig(head []byte) bool {
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		word, _, _ := bytes.Cut(bytes.ToUpper(line), []byte(" "))
		switch string(word) {
		case "@PREFIX", "@BASE", "PREFIX", "BASE", "GRAPH":
			return true
		}
		if end := bytes.IndexByte(line, '>'); line[0] == '<' && end > 0 {
			_, f := decodeIRI(line[1:end])
			return f == nil && line[1] != '?' && line[1] != '!'
		}
		return bytes.HasPrefix(line, []byte("_:"))
	}
	return false
}
