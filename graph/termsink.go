package graph

import "github.com/cayleygraph/quad"

// A BulkSink is a [Sink] that can also take the quads of one input from several cores, in any order
// and as bytes: for loads so large that a value for each term costs too much. A reader uses either
// way, or both, for one input.
type BulkSink interface {
	Sink

	// Bulk says whether the sink wants bytes. A small input is taken by Add to its end, which keeps its
	// order; so a reader that is told no asks again now and then, between two quads. Once it was told yes
	// it stays so.
	Bulk() bool

	// Shard returns a way in for one goroutine, where Bulk said yes. Several goroutines may call it at the
	// same time; the sink knows itself when no more comes.
	Shard() TermSink
}

// A TermSink takes quads term by term. It returns what [Sink.Add] returns.
type TermSink interface {
	// AddTerms adds a quad. The terms and their bytes are the caller's again when it returns.
	AddTerms(q *TermQuad, at Position) error
}

// A TermQuad is a quad of terms. Where there is no label, Label is the zero Term.
type TermQuad struct {
	Subject, Predicate, Object, Label Term
}

// A Term is a value as bytes.
type Term struct {
	Kind TermKind
	Text []byte // an IRI in its short form, the label of a blank node, the text of a literal
	More []byte // the language of a LangTerm, the datatype of a TypedTerm in short form
}

// A TermKind says what a term is.
type TermKind uint8

// The kinds of terms. A literal of type xsd:string is a StringTerm; numbers and times are TypedTerms.
const (
	NoTerm TermKind = iota
	IRITerm
	BlankTerm
	StringTerm
	LangTerm
	TypedTerm
)

// Value returns the value that a [Sink] gets for the term: nil if it is none.
func (t Term) Value() quad.Value {
	switch t.Kind {
	case IRITerm:
		return quad.IRI(t.Text)
	case BlankTerm:
		return quad.BNode(t.Text)
	case StringTerm:
		return quad.String(t.Text)
	case LangTerm:
		return quad.LangString{Value: quad.String(t.Text), Lang: string(t.More)}
	case TypedTerm:
		return Native(quad.TypedString{Value: quad.String(t.Text), Type: quad.IRI(t.More)})
	default:
		return nil
	}
}

// Quad returns the quad that a [Sink] gets.
func (q *TermQuad) Quad() quad.Quad {
	return quad.Quad{Subject: q.Subject.Value(), Predicate: q.Predicate.Value(), Object: q.Object.Value(), Label: q.Label.Value()}
}
