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

// statements reads N-Quads and N-Triples, which differ in nothing but the graph. T is what a term
// becomes: a value, or bytes.
type statements[T any] struct {
	terms  maker[T]
	graphs bool
}

// A part is where in a statement a term stands.
type part int

const (
	inSubject part = iota
	inPredicate
	inObject
	inLabel
	parts
)

// A maker makes terms out of what an input writes. Each method returns where the term ends.
type maker[T any] interface {
	iri(b []byte, i int, in part) (T, int, *fault) // b[i] is '<'
	literal(b []byte, i int) (T, int, *fault)      // b[i] is '"', and the term an object
	blankNode(written []byte, in part) T           // "_:label"
}

func loadStatements(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink, graphs bool) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	return (&splitter{options: o, graphs: graphs, small: smallBlock}).load(ctx, r, name, sink)
}

// line reads the one statement that a line may hold into q, and where it starts; without one, start
// is -1. Where there is no label, that of q is left as it is, and three returned.
func (s *statements[T]) line(b []byte, limit int, q *[parts]T) (start, terms int, f *fault) {
	if len(b) > limit {
		return -1, 0, &fault{want: fmt.Sprintf("a line of at most %d bytes", limit), found: "a longer one"}
	}
	i := skipBlanks(b, 0)
	if i == len(b) || b[i] == '#' {
		return -1, 0, badUTF8(b)
	}
	start, terms = i, 3
	if q[inSubject], i, f = s.subject(b, i, inSubject); f != nil {
		return start, 0, f
	}
	if q[inPredicate], i, f = s.predicate(b, skipBlanks(b, i)); f != nil {
		return start, 0, f
	}
	if q[inObject], i, f = s.object(b, skipBlanks(b, i)); f != nil {
		return start, 0, f
	}
	i = skipBlanks(b, i)
	if s.graphs && i < len(b) && (b[i] == '<' || b[i] == '_') {
		if q[inLabel], i, f = s.subject(b, i, inLabel); f != nil {
			return start, 0, f
		}
		i = skipBlanks(b, i)
		terms++
	}
	if i == len(b) || b[i] != '.' {
		return start, 0, wantEnd(b, i, s.graphs, terms > 3)
	}
	i = skipBlanks(b, i+1)
	if i == len(b) {
		return start, terms, nil
	}
	if b[i] != '#' {
		return start, 0, wantLineEnd(b, i)
	}
	if f := badUTF8(b[i:]); f != nil {
		return start, 0, f.in(i)
	}
	return start, terms, nil
}

// subject reads an IRI or a blank node: a subject or a graph.
func (s *statements[T]) subject(b []byte, i int, in part) (none T, end int, f *fault) {
	if i < len(b) {
		switch b[i] {
		case '<':
			return s.terms.iri(b, i, in)
		case '_':
			return s.blank(b, i, in)
		}
	}
	return none, 0, wantTerm(b, i, "a subject: an IRI in < > or a blank node like _:b1")
}

func (s *statements[T]) predicate(b []byte, i int) (none T, end int, f *fault) {
	if i < len(b) && b[i] == '<' {
		return s.terms.iri(b, i, inPredicate)
	}
	return none, 0, wantTerm(b, i, "a predicate: an IRI in < >")
}

func (s *statements[T]) object(b []byte, i int) (none T, end int, f *fault) {
	if i < len(b) {
		switch b[i] {
		case '<':
			return s.terms.iri(b, i, inObject)
		case '"':
			return s.terms.literal(b, i)
		case '_':
			return s.blank(b, i, inObject)
		}
	}
	return none, 0, wantTerm(b, i, `an object: an IRI in < >, a string in " " or a blank node like _:b1`)
}

func (s *statements[T]) blank(b []byte, i int, in part) (none T, end int, f *fault) {
	start := i + len("_:")
	if start > len(b) || b[i+1] != ':' {
		return none, 0, &fault{at: i, want: "a blank node like _:b1", found: excerpt(b, i)}
	}
	end = labelEnd(b, start)
	if end == start {
		return none, 0, &fault{at: start, want: "the label of a blank node, like b1", found: excerpt(b, start)}
	}
	return s.terms.blankNode(b[i:end], in), end, nil
}

// A valueMaker makes values.
type valueMaker struct{ *terms }

func (m valueMaker) iri(b []byte, i int, _ part) (quad.Value, int, *fault) { return m.angled(b, i) }
func (m valueMaker) literal(b []byte, i int) (quad.Value, int, *fault)     { return m.quoted(b, i) }
func (m valueMaker) blankNode(written []byte, _ part) quad.Value           { return m.blank(written) }

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
		s := statements[quad.Value]{terms: valueMaker{newTerms(Options{})}, graphs: true}
		_, i, f := s.subject(line, 0, inSubject)
		if f == nil {
			_, _, f = s.predicate(line, skipBlanks(line, i))
		}
		return f == nil && line[len(line)-1] == '.'
	}
	return false
}
