package loaders

import (
	"bytes"
	"hash/maphash"

	"kg/graph"
)

// A bulkReader hands its quads to a bulk sink as soon as they are read, in bytes, and allocates
// nothing for them.
type bulkReader struct {
	statements[graph.Term]
	sink  graph.BulkSink
	shard graph.TermSink // of the sink; made when there is something to read
	file  string
	terms [parts]graph.Term
	quad  graph.TermQuad
}

func (r *bulkReader) block(b *block, o Options) {
	b.quads, b.places, b.problems = b.quads[:0], b.places[:0], b.problems[:0]
	if r.shard == nil {
		r.shard = r.sink.Shard()
	}
	in := textLines{text: b.data}
	for line, ok := in.next(); ok; line, ok = in.next() {
		start, terms, f := r.line(line, o.MaxTerm, &r.terms)
		if f != nil {
			b.problems = append(b.problems, lineProblem{at: place{in.number, column(line, f.at)}, fault: f})
			if !o.KeepGoing {
				return
			}
			continue
		}
		if terms == 0 {
			continue
		}
		r.quad = graph.TermQuad{Subject: r.terms[inSubject], Predicate: r.terms[inPredicate], Object: r.terms[inObject]}
		if terms > 3 {
			r.quad.Label = r.terms[inLabel]
		}
		err := r.shard.AddTerms(&r.quad, graph.Position{File: r.file, Line: b.before + in.number, Column: start + 1})
		if err == nil {
			continue
		}
		b.problems = append(b.problems, lineProblem{at: place{in.number, start + 1}, err: err})
		var problems graph.Problems
		if !o.KeepGoing || problems.Collect(err) != nil {
			return
		}
	}
	b.lines = in.number
}

// countLines counts the lines of whole lines.
func countLines(b []byte) int {
	if bytes.IndexByte(b, '\r') >= 0 {
		in := textLines{text: b}
		for _, ok := in.next(); ok; _, ok = in.next() {
			continue
		}
		return in.number
	}
	n := bytes.Count(b, []byte("\n"))
	if len(b) > 0 && b[len(b)-1] != '\n' {
		n++
	}
	return n
}

// A termMaker makes terms in memory of its own, where they stay until the next term of the same part
// is made. IRIs that repeat are found again by what was written.
type termMaker struct {
	namespaces graph.Namespaces
	document   string
	seed       maphash.Seed
	known      [parts + 1][]knownIRI // the last for datatypes
	long       [parts + 1]knownIRI   // too long to be kept
	scratch    [parts][]byte
	slab       []byte // memory for IRIs to be known
}

// A knownIRI is an IRI as it was written, with its brackets, and behind that its short form.
type knownIRI struct {
	hash uint64
	both []byte
	size int // of what was written; 0: the slot is empty
}

const (
	inDatatype     = parts
	knownSlots     = 1 << 8
	xsdStringShort = "xsd:string"
)

func newTermMaker(o Options) *termMaker {
	m := &termMaker{namespaces: o.Namespaces, document: o.Document, seed: maphash.MakeSeed()}
	for i := range m.known {
		m.known[i] = make([]knownIRI, knownSlots)
	}
	return m
}

func (m *termMaker) iri(b []byte, i int, in part) (graph.Term, int, *fault) {
	text, end, f := m.angled(b, i, in)
	return graph.Term{Kind: graph.IRITerm, Text: text}, end, f
}

// angled makes the short form of the IRI that begins with the '<' at b[i].
func (m *termMaker) angled(b []byte, i int, in part) (short []byte, end int, f *fault) {
	n := bytes.IndexByte(b[i:], '>')
	if n < 0 {
		return nil, 0, openAngle(b, i)
	}
	end = i + n + 1
	written := b[i:end]
	hash := maphash.Bytes(m.seed, written)
	slot := &m.known[in][hash%knownSlots]
	if len(written) > internLength {
		slot = &m.long[in]
	}
	if slot.hash == hash && slot.size == len(written) && bytes.Equal(slot.both[:slot.size], written) {
		return slot.both[slot.size:], end, nil
	}
	decoded, f := decodeIRI(written[1:n])
	if f != nil {
		return nil, 0, f.in(i + 1)
	}
	if !absolute(decoded) {
		return nil, 0, notAbsolute(decoded).in(i)
	}
	if slot.both == nil {
		slot.both = m.room()
	}
	slot.hash, slot.size = hash, len(written)
	slot.both = m.namespaces.AppendShort(append(slot.both[:0], written...), decoded)
	return slot.both[slot.size:], end, nil
}

// room is memory for most IRIs; it saves an allocation for each slot.
func (m *termMaker) room() []byte {
	const each, together = 192, 256
	if len(m.slab) < each {
		m.slab = make([]byte, each*together)
	}
	b := m.slab[:0:each]
	m.slab = m.slab[each:]
	return b
}

func (m *termMaker) blankNode(written []byte, in part) graph.Term {
	text := append(append(m.scratch[in][:0], m.document...), '_')
	m.scratch[in] = append(text, written[len("_:"):]...)
	return graph.Term{Kind: graph.BlankTerm, Text: m.scratch[in]}
}

func (m *termMaker) literal(b []byte, i int) (graph.Term, int, *fault) {
	l, f := splitLiteral(b, i)
	if f != nil {
		return graph.Term{}, 0, f
	}
	t := graph.Term{Kind: graph.StringTerm}
	if t.Text, f = decodeStringTo(m.scratch[inObject], l.text); f != nil {
		return graph.Term{}, 0, f.in(i + 1)
	}
	if len(t.Text) != len(l.text) {
		m.scratch[inObject] = t.Text // escapes take more than what they stand for, so it has been moved
	}
	switch {
	case len(l.lang) > 0:
		t.Kind, t.More = graph.LangTerm, l.lang
	case l.datatype > 0:
		kind, _, f := m.angled(b, l.datatype, inDatatype)
		if f != nil {
			return graph.Term{}, 0, f
		}
		if string(kind) != xsdStringShort { // which is the type of what has none
			t.Kind, t.More = graph.TypedTerm, kind
		}
	}
	return t, l.end, nil
}
