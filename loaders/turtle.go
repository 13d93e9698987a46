package loaders

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// turtle is RDF 1.1 Turtle: triples with prefixes, abbreviations and nested blank nodes.
func turtle() Format {
	return Format{
		Name:       "turtle",
		Extensions: []string{".ttl", ".turtle"},
		MediaType:  "text/turtle",
		Load: func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
			return loadTurtle(ctx, r, name, o, sink, false)
		},
		claims: func([]byte) bool { return false }, // TriG reads it as well
	}
}

// parser reads Turtle and, with graphs, TriG. Its methods return false when they cannot go on: then
// fault says what the input has wrong, or stop what else went wrong.
type parser struct {
	lexer
	terms    *terms
	out      *delivery
	graphs   bool
	maxDepth int

	prefixes map[string]string
	label    quad.Value // of the graph at hand
	inGraph  bool
	depth    int
	blanks   int // that have no label

	typeIRI, first, rest, empty   quad.Value
	integer, decimal, double, yes quad.IRI

	fault *graph.Problem
	stop  error
}

func loadTurtle(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink, graphs bool) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	rdf := func(local string) quad.Value { return quad.IRI(o.Namespaces.Shorten(rdfPrefix + local)) }
	xsd := func(local string) quad.IRI { return quad.IRI(o.Namespaces.Shorten(xsdPrefix + local)) }
	p := &parser{
		lexer:    newLexer(watched{ctx, r}, name, o.MaxTerm),
		terms:    newTerms(o),
		out:      &delivery{ctx: ctx, sink: sink, report: newReport(name, o)},
		graphs:   graphs,
		maxDepth: o.MaxDepth,
		prefixes: map[string]string{},
		typeIRI:  rdf("type"), first: rdf("first"), rest: rdf("rest"), empty: rdf("nil"),
		integer: xsd("integer"), decimal: xsd("decimal"), double: xsd("double"), yes: xsd("boolean"),
	}
	if o.Base != "" {
		if !absolute([]byte(o.Base)) {
			return &graph.Problem{
				At:    graph.Position{File: name},
				Want:  "a base that is an absolute IRI like https://example.org/",
				Found: strconv.Quote(o.Base),
			}
		}
		p.setBase(o.Base)
	}
	p.skipOrderMark()
	for {
		ok := p.blank()
		if ok && !p.ready() {
			if p.failed() == nil && !p.inGraph {
				return p.out.end(io.EOF, p.here())
			}
			ok = p.fail(p.pos, "} at the end of the graph", "")
		}
		if ok && p.statement() {
			continue
		}
		switch {
		case p.stop != nil:
			return p.stop
		case p.failed() != nil:
			return p.out.end(p.failed(), p.here())
		}
		if err := p.out.report.add(p.fault); err != nil {
			return err
		}
		p.fault, p.depth = nil, 0
		p.skipStatement(p.graphs, p.inGraph)
		if !p.ready() && p.failed() == nil {
			return p.out.end(io.EOF, p.here())
		}
	}
}

// statement reads one statement of a document: a directive, triples, or what a graph begins or ends
// with.
func (p *parser) statement() bool {
	switch c := p.buf[p.pos]; {
	case p.inGraph:
		return p.graphStatement()
	case c == '@':
		return p.atDirective()
	case p.graphs && c == '{':
		p.pos++
		p.label, p.inGraph = nil, true
		return true
	case classes[c]&alpha != 0:
		switch p.keyword() {
		case "PREFIX":
			return p.prefix()
		case "BASE":
			return p.base()
		case "GRAPH":
			if p.graphs {
				return p.namedGraph()
			}
		}
	}
	if !p.triples() {
		return false
	}
	if p.inGraph { // it was the name of one
		return true
	}
	return p.blank() && p.point()
}

// point reads the end of a statement.
func (p *parser) point() bool {
	return p.take('.') || p.fail(p.pos, "; , or . after the object", "")
}

// triples reads a subject and all that is said about it, or the name of a graph and its brace.
func (p *parser) triples() bool {
	switch {
	case p.sees('['):
		return p.bracketedSubject()
	case p.sees('('):
		head, ok := p.listSubject()
		return ok && p.blank() && p.predicates(head)
	default:
		subject, ok := p.subject()
		return ok && p.blank() && (p.opensGraph(subject) || p.predicates(subject))
	}
}

// opensGraph reads the brace behind a graph's name, if there is one.
func (p *parser) opensGraph(name quad.Value) bool {
	if !p.graphs || p.inGraph || !p.take('{') {
		return false
	}
	p.label, p.inGraph = name, true
	return true
}

// bracketedSubject reads a subject in brackets. With triples inside it can stand alone.
func (p *parser) bracketedSubject() bool {
	p.pos++
	node := p.newBlank()
	if !p.blank() {
		return false
	}
	if p.take(']') {
		return p.blank() && (p.opensGraph(node) || p.predicates(node))
	}
	if !p.properties(node) || !p.blank() {
		return false
	}
	if p.sees('.') || p.inGraph && p.sees('}') {
		return true
	}
	return p.predicates(node)
}

func (p *parser) listSubject() (quad.Value, bool) {
	head, some := p.openList()
	if head == nil {
		return nil, false
	}
	return head, !some || p.items(head)
}

func (p *parser) subject() (quad.Value, bool) {
	if p.ready() {
		switch c := p.buf[p.pos]; {
		case c == '<':
			return p.angled()
		case c == '_':
			return p.labelled()
		case c == ':' || classes[c]&alpha != 0 || c >= 0x80:
			return p.name("a subject: an IRI in < >, a name like ex:a, a blank node")
		}
	}
	return nil, p.fail(p.pos, "a subject: an IRI in < >, a name like ex:a, a blank node", "")
}

// predicates reads what is said about a subject, up to what ends it.
func (p *parser) predicates(subject quad.Value) bool {
	for {
		predicate, ok := p.predicate()
		if !ok || !p.objects(subject, predicate) {
			return false
		}
		if !p.sees(';') {
			return true
		}
		for p.take(';') {
			if !p.blank() {
				return false
			}
		}
		if !p.ready() || bytes.IndexByte([]byte(".]}"), p.buf[p.pos]) >= 0 {
			return true
		}
	}
}

func (p *parser) predicate() (quad.Value, bool) {
	const want = "a predicate: an IRI in < >, a name like ex:a, or the word a"
	if p.ready() {
		switch c := p.buf[p.pos]; {
		case c == '<':
			return p.angled()
		case c == ':' || classes[c]&alpha != 0 || c >= 0x80:
			if c == 'a' && p.keyword() == "A" {
				p.pos++
				return p.typeIRI, true
			}
			return p.name(want)
		}
	}
	return nil, p.fail(p.pos, want, "")
}

// objects reads the objects of one predicate, and the blanks behind the last.
func (p *parser) objects(subject, predicate quad.Value) bool {
	for {
		if !p.blank() || !p.object(subject, predicate) || !p.blank() {
			return false
		}
		if !p.take(',') {
			return true
		}
	}
}

// object reads one object and hands out its triple before those that are nested in it.
func (p *parser) object(subject, predicate quad.Value) bool {
	const want = `an object: an IRI in < >, a name like ex:a, a literal, a blank node, [ ] or ( )`
	if !p.ready() {
		return p.fail(p.pos, want, "")
	}
	at := p.here()
	var v quad.Value
	var ok bool
	switch c := p.buf[p.pos]; {
	case c == '<':
		v, ok = p.angled()
	case c == '"' || c == '\'':
		v, ok = p.literal()
	case c == '_':
		v, ok = p.labelled()
	case c == '[':
		return p.bracketedObject(subject, predicate, at)
	case c == '(':
		head, some := p.openList()
		return head != nil && p.emit(subject, predicate, head, at) && (!some || p.items(head))
	case classes[c]&digit != 0, c == '+', c == '-', c == '.':
		v, ok = p.number(want)
	case c == ':' || classes[c]&alpha != 0 || c >= 0x80:
		v, ok = p.nameOrTruth(want)
	default:
		return p.fail(p.pos, want, "")
	}
	return ok && p.emit(subject, predicate, v, at)
}

func (p *parser) bracketedObject(subject, predicate quad.Value, at graph.Position) bool {
	p.pos++
	node := p.newBlank()
	if !p.blank() || !p.emit(subject, predicate, node, at) {
		return false
	}
	return p.take(']') || p.properties(node)
}

// properties reads what brackets hold, and the closing one.
func (p *parser) properties(node quad.Value) bool {
	if !p.deeper() || !p.predicates(node) {
		return false
	}
	p.depth--
	return p.take(']') || p.fail(p.pos, "; , or ] after the object", "")
}

// openList reads the beginning of a list: its first node, and whether it has items; of an empty list
// all of it.
func (p *parser) openList() (head quad.Value, some bool) {
	p.pos++
	if !p.blank() {
		return nil, false
	}
	if p.take(')') {
		return p.empty, false
	}
	return p.newBlank(), true
}

// items reads the items of a list that begins with the given node, and the closing parenthesis.
func (p *parser) items(node quad.Value) bool {
	if !p.deeper() {
		return false
	}
	for {
		if !p.ready() {
			return p.fail(p.pos, "an item of the list, or )", "")
		}
		if !p.object(node, p.first) || !p.blank() {
			return false
		}
		at := p.here()
		if p.take(')') {
			p.depth--
			return p.emit(node, p.rest, p.empty, at)
		}
		next := p.newBlank()
		if !p.emit(node, p.rest, next, at) {
			return false
		}
		node = next
	}
}

func (p *parser) deeper() bool {
	if p.depth++; p.depth <= p.maxDepth {
		return true
	}
	return p.fail(p.pos, "at most "+strconv.Itoa(p.maxDepth)+" brackets within each other", "")
}

// newBlank makes a node that has no label in the input. No label leads to its name, which has a '-'
// where those have a '_' behind the document's key.
func (p *parser) newBlank() quad.Value {
	p.blanks++
	return quad.BNode(p.terms.document + "-" + strconv.Itoa(p.blanks))
}

func (p *parser) emit(s, predicate, o quad.Value, at graph.Position) bool {
	if p.long {
		return p.tooLong()
	}
	if p.stop = p.out.cancelled(); p.stop == nil {
		p.stop = p.out.add(quad.Quad{Subject: s, Predicate: predicate, Object: o, Label: p.label}, at)
	}
	return p.stop == nil
}
