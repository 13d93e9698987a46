package exporters

import (
	"io"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func turtle() Format {
	return Format{
		Name: "turtle", Extensions: []string{".ttl"}, MediaType: "text/turtle",
		About: "Turtle, for people to read; has no graph names: claims are left out, unless kg export --rdf-star",
		Star:  true,
		Write: writeTurtle(false),
	}
}

func trig() Format {
	return Format{
		Name: "trig", Extensions: []string{".trig"}, MediaType: "application/trig",
		About:  "TriG: Turtle with a block for each graph, so with claims",
		Graphs: true,
		Write:  writeTurtle(true),
	}
}

// writeTurtle makes the Write of Turtle and TriG. What is known of the whole stands in comments.
func writeTurtle(graphs bool) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error {
		t := newTurtleWriter(d.Namespaces, graphs)
		for _, line := range d.About.Lines() {
			t.comments = append(t.comments, "# "+oneLine(line)+"\n")
		}
		if d.Star && !graphs {
			t.claims = newClaims(d.Namespaces)
		}
		return stream(w, d.Quads, d.Namespaces, t.add, t.end)
	}
}

// A turtleWriter abbreviates quads that follow each other: those of one graph share a block, those of
// one subject a statement. It holds the beginning of a document back to see which prefixes it needs;
// one that is needed only later is declared where it is.
type turtleWriter struct {
	prefixes []turtlePrefix // the longest namespace first
	graphs   bool
	claims   *claimNames // unless nil, claims are said of their facts, as RDF 1.2 does
	reifier  quad.Value  // of the quad that is being written, or nil
	comments []string    // stand before everything

	head     []byte // what is held back
	begun    bool   // and is no longer
	last     quad.Quad
	inside   bool // of a statement, about last's subject
	inGraph  bool // inside of the braces of last's graph
	anything bool // stands before
}

type turtlePrefix struct {
	graph.Prefix
	declared bool
}

func newTurtleWriter(ns graph.Namespaces, graphs bool) *turtleWriter {
	t := &turtleWriter{graphs: graphs}
	for _, p := range ns.Prefixes() {
		t.prefixes = append(t.prefixes, turtlePrefix{Prefix: p})
	}
	slices.SortStableFunc(t.prefixes, func(a, b turtlePrefix) int { return len(b.Namespace) - len(a.Namespace) })
	return t
}

// add appends a quad.
func (t *turtleWriter) add(b []byte, q quad.Quad) []byte {
	if !t.graphs {
		t.reifier = t.claims.of(q)
		q.Label = nil
	}
	if t.begun {
		return t.quad(t.declare(b, q), q)
	}
	t.declare(nil, q)
	if t.head = t.quad(t.head, q); len(t.head) < piece {
		return b
	}
	return t.begin(b)
}

// begin appends what was held back, behind the prefixes that it needs.
func (t *turtleWriter) begin(b []byte) []byte {
	for _, comment := range t.comments {
		b = append(b, comment...)
	}
	if len(t.comments) > 0 {
		b = append(b, '\n')
	}
	var names []turtlePrefix
	for _, p := range t.prefixes {
		if p.declared {
			names = append(names, p)
		}
	}
	slices.SortFunc(names, func(a, b turtlePrefix) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range names {
		b = p.append(b)
	}
	if len(names) > 0 && len(t.head) > 0 {
		b = append(b, '\n')
	}
	b = append(b, t.head...)
	t.head, t.begun = nil, true
	return b
}

func (p turtlePrefix) append(b []byte) []byte {
	b = append(append(b, "@prefix "...), p.Name...)
	return append(appendIRI(append(b, ": "...), p.Namespace), " .\n"...)
}

// declare sees to the prefixes that a quad needs. Within a document, what is open has to end first.
func (t *turtleWriter) declare(b []byte, q quad.Quad) []byte {
	for _, d := range quad.Directions {
		v := q.Get(d)
		iri, ok := v.(quad.IRI)
		if typed, literal := v.(quad.TypedString); literal && !bare(typed) {
			iri, ok = typed.Type, true
		}
		if !ok || d == quad.Predicate && iri == rdfType {
			continue
		}
		if p, _ := t.shorten(string(iri)); p != nil && !p.declared {
			p.declared = true
			if t.begun {
				b = p.append(t.close(b))
			}
		}
	}
	return b
}

// shorten finds the prefix of an IRI and what follows it. Only what needs no escape is shortened.
func (t *turtleWriter) shorten(iri string) (*turtlePrefix, string) {
	for i := range t.prefixes {
		if local, ok := strings.CutPrefix(iri, t.prefixes[i].Namespace); ok {
			if !localName(local) {
				return nil, ""
			}
			return &t.prefixes[i], local
		}
	}
	return nil, ""
}

// quad appends a quad whose prefixes are declared.
func (t *turtleWriter) quad(b []byte, q quad.Quad) []byte {
	if t.inside && q.Label == t.last.Label && q.Subject == t.last.Subject {
		if q.Predicate == t.last.Predicate {
			b = append(b, ", "...)
		} else {
			b = t.line(append(b, " ;"...), 1)
			b = append(t.predicate(b, q.Predicate), ' ')
		}
		t.last = q
		return t.object(b, q)
	}
	if t.inside && q.Label == t.last.Label {
		b = t.endStatement(b)
	} else {
		b = t.close(b)
	}
	if q.Label != nil && !t.inGraph {
		if t.anything {
			b = append(b, '\n')
		}
		b = append(t.term(b, q.Label), " {"...)
		b = t.line(b, 0)
		t.inGraph = true
	} else {
		b = t.separate(b)
	}
	t.last, t.inside, t.anything = q, true, true
	b = append(t.term(b, q.Subject), ' ')
	b = append(t.predicate(b, q.Predicate), ' ')
	return t.object(b, q)
}

// object appends an object and, behind ~, what reifies the triple.
func (t *turtleWriter) object(b []byte, q quad.Quad) []byte {
	b = t.term(b, q.Object)
	if t.reifier != nil {
		b = appendTerm(append(b, " ~ "...), t.reifier)
	}
	return b
}

// separate appends what stands between two statements.
func (t *turtleWriter) separate(b []byte) []byte {
	switch {
	case t.inGraph:
		return append(b, "    "...)
	case t.anything:
		return append(b, '\n')
	}
	return b
}

// line begins a new line within a statement (or, at depth 0, a block).
func (t *turtleWriter) line(b []byte, depth int) []byte {
	b = append(b, '\n')
	if t.inGraph || depth == 0 {
		depth++
	}
	for range depth {
		b = append(b, "    "...)
	}
	return b
}

func (t *turtleWriter) endStatement(b []byte) []byte {
	if t.inside {
		b = append(b, " .\n"...)
	}
	t.inside = false
	return b
}

// close ends what is open.
func (t *turtleWriter) close(b []byte) []byte {
	b = t.endStatement(b)
	if t.inGraph {
		b = append(b, "}\n"...)
	}
	t.inGraph = false
	return b
}

// end closes the document. One that is cut short says nothing wrong either.
func (t *turtleWriter) end(b []byte, _ bool) []byte {
	if t.begun {
		return t.close(b)
	}
	t.head = t.close(t.head)
	return t.begin(b)
}

func (t *turtleWriter) predicate(b []byte, v quad.Value) []byte {
	if v == rdfType {
		return append(b, 'a')
	}
	return t.term(b, v)
}

func (t *turtleWriter) term(b []byte, v quad.Value) []byte {
	switch v := v.(type) {
	case quad.IRI:
		if p, local := t.shorten(string(v)); p != nil {
			b = append(append(b, p.Name...), ':')
			return append(b, local...)
		}
	case quad.TypedString:
		if bare(v) {
			return append(b, v.Value...)
		}
		if p, local := t.shorten(string(v.Type)); p != nil {
			b = append(append(appendString(b, string(v.Value)), "^^"...), p.Name...)
			return append(append(b, ':'), local...)
		}
	}
	return appendTerm(b, v)
}
