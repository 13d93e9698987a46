package graph

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
)

// A Feed hands every quad of the inputs to the sink. Problems that the sink returns belong into the
// feed's own error, whether it goes on or stops at the first.
type Feed func(ctx context.Context, sink Sink) error

// Facts is the content of a graph before it is stored.
type Facts struct {
	// Stated is what was read, without duplicates, in the order of the inputs; then the schema.
	// It holds claims and their facts, the gazetteer and the schema, and nothing derived.
	Stated []quad.Quad

	// Derived is what the program concluded: facts labelled kg:derivation/…, and their derivations.
	Derived []quad.Quad

	Duplicates     int // quads that were read more than once
	DerivedIgnored int // derived quads in the inputs: they are concluded anew in every build
	SchemaIgnored  int // quads of kg:graph/schema in the inputs that the schema in force does not have

	claims int
}

// Gather runs the feed, checks every quad, and concludes what follows. The error holds every problem
// found, as [Problems]; nothing wrong is left out in silence.
//
// Derived quads among the inputs (those under kg:derivation/…, and facts about them) are left out and
// counted, so that an export of a whole graph can be read again. Of the graph kg:graph/schema the
// schema in force decides: its quads are always there, and others are left out and counted.
func Gather(ctx context.Context, feed Feed, o BuildOptions) (*Facts, error) {
	c := newCollector(o)
	problems, whole, err := c.read(ctx, feed)
	if err != nil {
		return nil, err
	}
	return c.conclude(ctx, problems, whole)
}

// read runs the feed. It returns the problems, and whether the inputs were read to their end.
func (c *collector) read(ctx context.Context, feed Feed) (problems Problems, whole bool, err error) {
	err = feed(ctx, c)
	if stop := context.Cause(ctx); stop != nil {
		return nil, false, stop
	}
	if err == nil {
		return c.all(), true, nil // a feed that did not pass them on must not hide them
	}
	if other := problems.Collect(err); other != nil {
		return nil, false, other
	}
	return problems, complete(err), nil
}

// all returns the problems that the sink told of.
func (c *collector) all() Problems {
	if c.stream == nil {
		return c.problems
	}
	return slices.Concat(c.problems, c.stream.problems)
}

// conclude adds what follows from what was gathered.
func (c *collector) conclude(ctx context.Context, problems Problems, whole bool) (*Facts, error) {
	if whole {
		problems = append(problems, c.unfinished()...)
	}
	if err := problems.Join(); err != nil {
		return nil, err
	}
	f := c.facts
	f.Stated = append(f.Stated, c.schemaQuads...)
	c.options.progress("concluding", len(f.Stated))
	f.Derived = Derive(c.schema, f.Stated)
	return f, context.Cause(ctx)
}

// complete says whether a feed read its inputs to the end, so that what is missing is missing: it
// returned no error, or a list of problems of which none is an accident of reading.
func complete(err error) bool {
	if err == nil {
		return true
	}
	several, ok := err.(Problems) //nolint:errorlint // a wrapped list, or one problem, is where a feed stopped
	return ok && !slices.ContainsFunc(several, func(p *Problem) bool { return p.Err != nil })
}

// All returns the stated and the derived quads.
func (f *Facts) All() []quad.Quad { return slices.Concat(f.Stated, f.Derived) }

// Counts sums the facts up.
func (f *Facts) Counts() Counts {
	n := Counts{Quads: len(f.Stated) + len(f.Derived), Stated: len(f.Stated), Claims: f.claims}
	for _, q := range f.Derived {
		if label, _ := q.Label.(quad.IRI); IsDerivation(label) {
			n.Derived++
		}
	}
	return n
}

// A collector is the sink of a build. It holds what it is given in memory, until that is too much: then
// it hands all of it, and what follows, to a stream.
type collector struct {
	flow        func() *stream // begins a stream; nil: everything is gathered
	stream      *stream
	options     BuildOptions
	schema      *Schema
	schemaQuads []quad.Quad
	inSchema    map[quad.Quad]bool

	facts    *Facts
	ids      map[quad.Value]uint32
	values   []quad.Value           // by id; quads share them
	spelling map[string]quad.Value  // how Cayley spells a value, where that can be the same for two
	seen     map[[4]uint32]struct{} // the quads
	claims   map[quad.IRI]*claimRecord
	order    []quad.IRI // claims as they were met
	single   map[[3]uint32]*singleRecord
	links    map[[4]uint32]Position // of what puts things in order, by the numbers of its terms
	ordering map[quad.Value]bool    // the predicates that do
	problems Problems
}

// A claimRecord is what the collector knows of a claim.
type claimRecord struct {
	fact    quad.Quad // invalid until the claim labels one
	at      Position  // of the fact or, until there is one, of the first fact about the claim
	sourced bool
}

// A singleRecord is the one value of a predicate that may have just one.
type singleRecord struct {
	value quad.Value
	at    Position
}

func newCollector(o BuildOptions) *collector {
	c := &collector{
		options:  o,
		schema:   o.Schema,
		inSchema: map[quad.Quad]bool{},
		facts:    &Facts{},
		ids:      map[quad.Value]uint32{},
		values:   []quad.Value{nil},
		spelling: map[string]quad.Value{},
		seen:     map[[4]uint32]struct{}{},
		claims:   map[quad.IRI]*claimRecord{},
		single:   map[[3]uint32]*singleRecord{},
		links:    map[[4]uint32]Position{},
		ordering: map[quad.Value]bool{},
	}
	for _, p := range orderedBy() {
		c.ordering[p] = true
	}
	c.schemaQuads = o.Schema.Quads()
	SortQuads(c.schemaQuads)
	c.schemaQuads = slices.Compact(c.schemaQuads)
	for _, q := range c.schemaQuads {
		c.inSchema[q] = true
	}
	return c
}

// Add takes a quad, or says what is wrong with it.
func (c *collector) Add(q quad.Quad, at Position) error {
	if c.stream != nil {
		return c.stream.Add(q, at)
	}
	p := c.add(q, at)
	if p == nil {
		if c.flow != nil && len(c.facts.Stated) >= c.options.hold() {
			return c.begin()
		}
		return nil
	}
	p.At = at
	c.problems = append(c.problems, p)
	return p
}

// begin hands what was gathered to a stream.
func (c *collector) begin() error {
	c.stream = c.flow()
	for _, q := range c.facts.Stated {
		if err := c.stream.own.take(q); err != nil {
			return c.stream.fail(err)
		}
	}
	for _, q := range c.schemaQuads {
		if err := c.stream.own.take(q); err != nil {
			return c.stream.fail(err)
		}
	}
	*c = collector{stream: c.stream, options: c.options, problems: c.problems}
	return nil
}

// Bulk says whether a stream takes the quads by now.
func (c *collector) Bulk() bool { return c.stream != nil }

// Shard returns a way into the stream.
func (c *collector) Shard() TermSink { return c.stream.Shard() }

func (c *collector) add(q quad.Quad, at Position) *Problem {
	if p := malformed(q); p != nil {
		return p
	}
	q.Object = storable(q.Object)
	label, _ := q.Label.(quad.IRI)
	subject, _ := q.Subject.(quad.IRI)
	switch {
	case IsDerivation(label) || IsDerivation(subject):
		c.facts.DerivedIgnored++
		return nil
	case label == SchemaIn:
		if !c.inSchema[q] {
			c.facts.SchemaIgnored++
		}
		return nil
	}
	key := [4]uint32{c.id(q.Subject), c.id(q.Predicate), c.id(q.Object), c.id(q.Label)}
	if _, again := c.seen[key]; again {
		c.facts.Duplicates++
		return nil
	}
	if p := c.schema.Check(q); p != nil {
		return p
	}
	if p := c.checkSpelling(q.Object); p != nil {
		return p
	}
	if p := c.checkSingle(q, key, at); p != nil {
		return p
	}
	if p := c.checkClaim(q, subject, label, at); p != nil {
		return p
	}
	c.seen[key] = struct{}{}
	if c.ordering[q.Predicate] {
		c.links[key] = at
	}
	c.facts.Stated = append(c.facts.Stated, quad.Quad{
		Subject: c.values[key[0]], Predicate: c.values[key[1]], Object: c.values[key[2]], Label: c.values[key[3]],
	})
	if n := len(c.facts.Stated); n%progressEvery == 0 {
		c.options.progress("reading", n)
	}
	return nil
}

// id numbers a value; equal values share a number, nil has 0.
func (c *collector) id(v quad.Value) uint32 {
	if v == nil {
		return 0
	}
	if id, ok := c.ids[v]; ok {
		return id
	}
	id := uint32(len(c.values))
	c.ids[v] = id
	c.values = append(c.values, v)
	return id
}

// malformed says what keeps a quad from being RDF.
func malformed(q quad.Quad) *Problem {
	fail := func(want string, v quad.Value) *Problem {
		found := "nothing"
		if v != nil {
			found = v.String()
		}
		return &Problem{Want: want, Found: found, Err: quad.ErrInvalid}
	}
	if q.Subject == nil || !isNode(q.Subject) {
		return fail("an IRI or a blank node as subject", q.Subject)
	}
	if iri, ok := q.Predicate.(quad.IRI); !ok || iri == "" {
		return fail("an IRI as predicate", q.Predicate)
	}
	if !quad.IsValidValue(q.Object) {
		return fail("a value as object", q.Object)
	}
	if q.Label != nil && !isNode(q.Label) {
		return fail("an IRI or a blank node as label", q.Label)
	}
	for _, v := range []quad.Value{q.Subject, q.Object, q.Label} {
		// Cayley's memstore takes such labels for its own numbers.
		if b, ok := v.(quad.BNode); ok && strings.HasPrefix(string(b), memoryNode) {
			return fail("a blank node whose label does not begin with "+memoryNode, v)
		}
	}
	return nil
}

func isNode(v quad.Value) bool {
	switch v := v.(type) {
	case quad.IRI:
		return v != ""
	case quad.BNode:
		return v != ""
	default:
		return false
	}
}

// storable turns a value into the one form of it that Cayley's stores keep whole: they compare times
// by the second, and take -0.0 for 0.0.
func storable(v quad.Value) quad.Value {
	if t, ok := v.(quad.TypedString); ok {
		v = Native(t)
	}
	switch n := v.(type) {
	case quad.Time:
		t := time.Time(n).UTC()
		if t.Nanosecond() != 0 {
			typed, _ := Lexical(quad.Time(t))
			return typed
		}
		return quad.Time(t)
	case quad.Float:
		if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) || f == 0 && math.Signbit(f) {
			typed, _ := Lexical(n)
			return typed
		}
	}
	return v
}

// checkSpelling refuses a value that Cayley would take for another one: it tells values apart by a
// spelling of its own, in which "1.5E+00"^^xsd:double is what it calls 1.5E0.
func (c *collector) checkSpelling(v quad.Value) *Problem {
	switch v.(type) {
	case quad.TypedString, quad.Float, quad.Bool, quad.Time:
	default:
		return nil
	}
	s := v.String()
	other, ok := c.spelling[s]
	if !ok {
		c.spelling[s] = v
		return nil
	}
	if other == v {
		return nil
	}
	return &Problem{
		Want: "one spelling of a value", Found: fmt.Sprintf("%s beside %s, which stores cannot tell apart", written(v), written(other)),
		Hint: "write both the same way",
	}
}

// written prints a literal as a file holds it.
func written(v quad.Value) string {
	if t, ok := Lexical(v); ok {
		v = t
	}
	return v.String()
}

// checkSingle refuses a second value of what has one by the schema, where no two documents could
// disagree: in the gazetteer, and among the facts about a claim.
func (c *collector) checkSingle(q quad.Quad, key [4]uint32, at Position) *Problem {
	if q.Label != Gazetteer && q.Label != Provenance {
		return nil
	}
	iri, _ := q.Predicate.(quad.IRI)
	p, ok := c.schema.Predicate(iri)
	if !ok || p.Many {
		return nil
	}
	k := [3]uint32{key[0], key[1], key[3]}
	first, ok := c.single[k]
	if !ok {
		c.single[k] = &singleRecord{value: q.Object, at: at}
		return nil
	}
	return &Problem{
		Want:  fmt.Sprintf("one %s of %s", p.Label, plain(q.Subject)),
		Found: fmt.Sprintf("%s beside %s%s", plain(q.Object), plain(first.value), seenAt(first.at)),
	}
}

// checkClaim holds that a claim labels one fact, and notes its document.
func (c *collector) checkClaim(q quad.Quad, subject, label quad.IRI, at Position) *Problem {
	if IsClaim(subject) {
		c.claim(subject, at).sourced = c.claims[subject].sourced || q.Predicate == ReadIn
	}
	if !IsClaim(label) {
		return nil
	}
	r := c.claim(label, at)
	if r.fact.IsValid() {
		return &Problem{
			Want:  fmt.Sprintf("one fact under %s", plain(label)),
			Found: fmt.Sprintf("a second one (the first: %s %s %s%s)", plain(r.fact.Subject), plain(r.fact.Predicate), plain(r.fact.Object), seenAt(r.at)),
			Hint:  "give it a claim id of its own",
		}
	}
	r.fact, r.at = q, at
	c.facts.claims++
	return nil
}

func (c *collector) claim(id quad.IRI, at Position) *claimRecord {
	r, ok := c.claims[id]
	if !ok {
		r = &claimRecord{at: at}
		c.claims[id] = r
		c.order = append(c.order, id)
	}
	return r
}

// unfinished lists what is wrong now that all is read: claims that miss something, links in a circle.
func (c *collector) unfinished() Problems {
	var ps Problems
	for _, id := range c.order {
		r := c.claims[id]
		switch {
		case !r.fact.IsValid():
			ps = append(ps, &Problem{At: r.at, Want: "a fact under " + plain(id), Found: "only facts about it"})
		case !r.sourced:
			ps = append(ps, &Problem{At: r.at, Want: "a document for every claim", Found: plain(id) + " without one", Hint: "name it: source_id in a table, dcterms:source in RDF"})
		}
	}
	return append(ps, circles(c.facts.Stated, func(link quad.Quad) Position {
		return c.links[[4]uint32{c.id(link.Subject), c.id(link.Predicate), c.id(link.Object), c.id(link.Label)}]
	})...)
}

// seenAt is " at FILE:LINE", or "" where that is not known.
func seenAt(at Position) string {
	if s := at.String(); s != "" {
		return " at " + s
	}
	return ""
}

// plain prints a value for people: IRIs without brackets.
func plain(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return string(iri)
	}
	return quad.StringOf(v)
}
