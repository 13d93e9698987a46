package graph

import (
	"bytes"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A streamShard is the way into a stream of one goroutine.
type streamShard struct {
	stream      *stream
	main, links *snapshot.Shard
	predicates  map[string]*streamPredicate
	right       map[string]bool // kinds of quads that the schema has nothing against
	key         []byte
	encoded     [4][]byte
}

// A streamPredicate is what is known of a predicate.
type streamPredicate struct {
	number byte // in keys of right
	schema *Predicate
	ours   bool
	links  bool
}

const (
	// predicatesKnown is how many predicates a shard remembers, and rightKnown how many kinds of quads.
	predicatesKnown = 250
	rightKnown      = 1 << 14
)

// add takes a quad of values.
func (h *streamShard) add(q quad.Quad, at Position) error {
	if p := malformed(q); p != nil {
		return h.stream.refuse(p, at)
	}
	q.Object = storable(q.Object)
	label, _ := q.Label.(quad.IRI)
	subject, _ := q.Subject.(quad.IRI)
	if IsDerivation(label) || IsDerivation(subject) || label == SchemaIn {
		return nil // concluded anew; the schema in force is there already
	}
	if p := h.stream.options.Schema.Check(q); p != nil {
		return h.stream.refuse(p, at)
	}
	return h.stream.fail(h.take(q))
}

// take stores a quad that is right.
func (h *streamShard) take(q quad.Quad) error {
	if err := h.main.AddQuad(q); err != nil {
		return err //nolint:wrapcheck // says what it was doing
	}
	if p, _ := q.Predicate.(quad.IRI); h.stream.linking[p] {
		return h.links.AddQuad(q) //nolint:wrapcheck // says what it was doing
	}
	return nil
}

// AddTerms takes a quad of bytes. Most quads are of a kind that was looked at before; the others are
// made values and looked at whole.
func (h *streamShard) AddTerms(q *TermQuad, at Position) error {
	if startsWith(&q.Label, derivationPath) || startsWith(&q.Subject, derivationPath) || isIRI(&q.Label, SchemaIn) {
		return nil
	}
	p := h.predicate(&q.Predicate)
	literal, integer := notPlain, int64(0)
	if q.Object.Kind == TypedTerm {
		literal, integer = q.Object.plain()
	}
	if p == nil || !plainTerms(q, literal) || !h.isRight(p, q, literal) {
		return h.add(q.Quad(), at)
	}
	for i, t := range [4]*Term{&q.Subject, &q.Predicate, &q.Object, &q.Label} {
		b := h.encoded[i][:0]
		switch t.Kind {
		case IRITerm:
			b = snapshot.AppendIRI(b, t.Text)
		case BlankTerm:
			b = snapshot.AppendBlank(b, t.Text)
		case StringTerm:
			b = snapshot.AppendString(b, t.Text)
		case LangTerm:
			b = snapshot.AppendLangString(b, t.Text, t.More)
		case TypedTerm:
			if literal == plainInteger {
				b = snapshot.AppendInt(b, integer)
			} else {
				b = snapshot.AppendTypedString(b, t.Text, t.More)
			}
		case NoTerm: // a label; plainTerms lets no other through
		}
		h.encoded[i] = b
	}
	e := &h.encoded
	if err := h.main.Add(e[0], e[1], e[2], e[3]); err != nil {
		return h.stream.fail(err)
	}
	if p.links {
		return h.stream.fail(h.links.Add(e[0], e[1], e[2], e[3]))
	}
	return nil
}

func startsWith(t *Term, prefix quad.IRI) bool {
	return t.Kind == IRITerm && len(t.Text) >= len(prefix) && string(t.Text[:len(prefix)]) == string(prefix)
}

func isIRI(t *Term, iri quad.IRI) bool { return t.Kind == IRITerm && string(t.Text) == string(iri) }

// plainTerms says whether the terms make a quad, by their looks alone: if not, [malformed] will tell.
func plainTerms(q *TermQuad, literal plainLiteral) bool {
	node := func(t *Term) bool {
		return t.Kind == IRITerm && len(t.Text) > 0 ||
			t.Kind == BlankTerm && len(t.Text) > 0 && !bytes.HasPrefix(t.Text, []byte(memoryNode))
	}
	if !node(&q.Subject) || q.Predicate.Kind != IRITerm || q.Label.Kind != NoTerm && !node(&q.Label) {
		return false
	}
	switch q.Object.Kind {
	case StringTerm:
		return true
	case LangTerm:
		return len(q.Object.More) > 0
	case TypedTerm:
		return literal != notPlain
	case NoTerm:
		return false
	default:
		return node(&q.Object)
	}
}

// predicate looks a predicate up; nil where there are too many to remember.
func (h *streamShard) predicate(t *Term) *streamPredicate {
	if p, ok := h.predicates[string(t.Text)]; ok {
		return p
	}
	if len(h.predicates) >= predicatesKnown || t.Kind != IRITerm || len(t.Text) == 0 {
		return nil
	}
	iri := quad.IRI(t.Text)
	p := &streamPredicate{number: byte(len(h.predicates)), ours: ours(iri), links: h.stream.linking[iri]}
	p.schema, _ = h.stream.options.Schema.Predicate(iri)
	h.predicates[string(iri)] = p
	return p
}

// isRight says whether the schema has nothing against a quad. What [Schema.Check] looks at is put into a
// key: the predicate, the class of the subject, and of the object what its range asks for. A kind of
// quad that is not known yet is checked once; false says that it has to be looked at whole.
func (h *streamShard) isRight(p *streamPredicate, q *TermQuad, literal plainLiteral) bool {
	if p.schema == nil {
		return !p.ours
	}
	if !p.ours && !(q.Subject.Kind == IRITerm && hasPrefix(q.Subject.Text, "kg:")) {
		return true
	}
	h.key = append(h.key[:0], p.number)
	h.key = appendClass(h.key, &q.Subject)
	h.key = append(h.key, 0)
	switch o := &q.Object; p.schema.Range {
	case RangeEntity:
		if o.Kind != IRITerm {
			return false
		}
		h.key = appendClass(h.key, o)
	case RangeConcept:
		if o.Kind != IRITerm {
			return false
		}
		h.key = append(h.key, o.Text...)
	case RangeText, RangeName:
		if len(o.Text) == 0 || o.Text[0] <= ' ' || o.Text[0] >= 0x80 || o.Kind != StringTerm && o.Kind != LangTerm {
			return false
		}
		h.key = append(h.key, byte(o.Kind))
	case RangeAny:
		h.key = append(h.key, byte(o.Kind))
	case RangeDate:
		if literal != plainDate {
			return false
		}
	case RangeInteger:
		if literal != plainInteger {
			return false
		}
	case RangeURL, RangeDecimal, RangeBoolean:
		return false
	}
	if h.right[string(h.key)] {
		return true
	}
	if h.stream.options.Schema.Check(q.Quad()) != nil {
		return false
	}
	if len(h.right) >= rightKnown {
		clear(h.right)
	}
	h.right[string(h.key)] = true
	return true
}

// appendClass appends what [Schema.ClassOf] looks at: the path of an entity of ours, and whether a slug
// follows.
func appendClass(key []byte, t *Term) []byte {
	if t.Kind != IRITerm {
		return append(key, '_')
	}
	if !hasPrefix(t.Text, "kg:") {
		return append(key, '-')
	}
	slash := bytes.IndexByte(t.Text, '/')
	switch {
	case slash < 0:
		return append(key, "kg:"...)
	case slash == len(t.Text)-1:
		return append(append(key, t.Text...), '/') // without a slug it is of no class
	default:
		return append(key, t.Text[:slash+1]...)
	}
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}
