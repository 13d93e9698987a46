package loaders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// nquads is RDF 1.1 N-Quads: a quad a line, every IRI written in full.
func nquads() Format {
	return Format{
		Name:       "nquads",
		Extensions: []string{".nq", ".nquads"},
		MediaType:  "application/n-quads",
		Load: func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
			return loadStatements(ctx, r, name, o, sink, true)
		},
		claims: claimsStatements,
	}
}

// ntriples is RDF 1.1 N-Triples: N-Quads without the name of a graph.
func ntriples() Format {
	return Format{
		Name:       "ntriples",
		Extensions: []string{".nt", ".ntriples"},
		MediaType:  "application/n-triples",
		Load: func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
			return loadStatements(ctx, r, name, o, sink, false)
		},
		claims: func([]byte) bool { return false }, // N-Quads reads them as well
	}
}

// statements reads N-Quads and N-Triples, which differ in nothing but the graph.
type statements struct {
	terms  *terms
	graphs bool
}

func loadStatements(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink, graphs bool) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	return (&splitter{options: o, graphs: graphs, small: smallBlock}).load(ctx, r, name, sink)
}

// line reads the one statement that a line may hold and where it starts; without one, start is -1.
func (s *statements) line(b []byte, limit int) (q quad.Quad, start int, f *fault) {
	if len(b) > limit {
		return q, -1, &fault{want: fmt.Sprintf("a line of at most %d bytes", limit), found: "a longer one"}
	}
	i := skipBlanks(b, 0)
	if i == len(b) || b[i] == '#' {
		return q, -1, badUTF8(b)
	}
	start = i
	if q.Subject, i, f = s.subject(b, i); f != nil {
		return q, start, f
	}
	if q.Predicate, i, f = s.predicate(b, skipBlanks(b, i)); f != nil {
		return q, start, f
	}
	if q.Object, i, f = s.object(b, skipBlanks(b, i)); f != nil {
		return q, start, f
	}
	i = skipBlanks(b, i)
	if s.graphs && i < len(b) && (b[i] == '<' || b[i] == '_') {
		if q.Label, i, f = s.subject(b, i); f != nil {
			return q, start, f
		}
		i = skipBlanks(b, i)
	}
	if i == len(b) || b[i] != '.' {
		return q, start, s.wantEnd(b, i, q.Label != nil)
	}
	i = skipBlanks(b, i+1)
	if i == len(b) {
		return q, start, nil
	}
	if b[i] != '#' {
		return q, start, wantLineEnd(b, i)
	}
	if f := badUTF8(b[i:]); f != nil {
		return q, start, f.in(i)
	}
	return q, start, nil
}

// subject reads an IRI or a blank node: a subject or a graph.
func (s *statements) subject(b []byte, i int) (quad.Value, int, *fault) {
	if i < len(b) {
		switch b[i] {
		case '<':
			return s.terms.angled(b, i)
		case '_':
			return s.blank(b, i)
		}
	}
	return nil, 0, wantTerm(b, i, "a subject: an IRI in < > or a blank node like _:b1")
}

func (s *statements) predicate(b []byte, i int) (quad.Value, int, *fault) {
	if i < len(b) && b[i] == '<' {
		return s.terms.angled(b, i)
	}
	return nil, 0, wantTerm(b, i, "a predicate: an IRI in < >")
}

func (s *statements) object(b []byte, i int) (quad.Value, int, *fault) {
	if i < len(b) {
		switch b[i] {
		case '<':
			return s.terms.angled(b, i)
		case '"':
			return s.terms.quoted(b, i)
		case '_':
			return s.blank(b, i)
		}
	}
	return nil, 0, wantTerm(b, i, `an object: an IRI in < >, a string in " " or a blank node like _:b1`)
}

func (s *statements) blank(b []byte, i int) (quad.Value, int, *fault) {
	start := i + len("_:")
	if start > len(b) || b[i+1] != ':' {
		return nil, 0, &fault{at: i, want: "a blank node like _:b1", found: excerpt(b, i)}
	}
	end := labelEnd(b, start)
	if end == start {
		return nil, 0, &fault{at: start, want: "the label of a blank node, like b1", found: excerpt(b, start)}
	}
	return s.terms.blank(b[i:end]), end, nil
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

// claimsStatements accepts an input whose first statement is whole and right, or at least begins
// with two terms and ends in a point.
func claimsStatements(head []byte) bool {
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if line[0] != '<' && !bytes.HasPrefix(line, []byte("_:")) || !utf8.Valid(line) {
			return false
		}
		s := statements{terms: newTerms(Options{}), graphs: true}
		_, i, f := s.subject(line, 0)
		if f == nil {
			_, _, f = s.predicate(line, skipBlanks(line, i))
		}
		return f == nil && line[len(line)-1] == '.'
	}
	return false
}
