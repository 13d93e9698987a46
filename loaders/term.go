package loaders

import (
	"bytes"
	"hash/maphash"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Terms repeat: predicates, classes, datatypes and labels all the time, subjects from line to line.
// A term that was made a moment ago is found again by the bytes it was written with, which saves its
// checking, its decoding and its memory. The tables are bounded, and terms too long to repeat stay
// out, so that memory does not grow with the input.
const (
	fewSlots     = 1 << 6 // what small inputs need; the tables of larger ones grow eightfold, twice
	internSlots  = 1 << 12
	internLength = 256
)

type slot struct {
	hash    uint64 // told apart from a neighbour's without a look at the text
	written string
	value   quad.Value
}

type interner struct {
	seed   maphash.Seed
	salt   uint64 // changes when terms change their meaning, which makes all that is remembered miss
	slots  []slot
	misses int
}

func newInterner() interner {
	return interner{seed: maphash.MakeSeed(), slots: make([]slot, fewSlots)}
}

// find returns the slot of a term, its hash, and whether the term is in it. The slot is good until the
// next call.
func (n *interner) find(written []byte) (*slot, uint64, bool) {
	h := maphash.Bytes(n.seed, written) ^ n.salt
	s := &n.slots[h&uint64(len(n.slots)-1)]
	if s.hash == h && s.value != nil && s.written == string(written) {
		return s, h, true
	}
	if n.misses++; n.misses > 2*len(n.slots) && len(n.slots) < internSlots {
		n.slots, n.misses = make([]slot, 8*len(n.slots)), 0
		s = &n.slots[h&uint64(len(n.slots)-1)]
	}
	return s, h, false
}

// keep remembers what a term means and returns it. Escapes always take more bytes than what they
// stand for; so a term without them is the one whose length stays, and can share these bytes.
func (s *slot) keep(hash uint64, written string, v quad.Value) quad.Value {
	if len(written) <= internLength {
		*s = slot{hash, written, v}
	}
	return v
}

// terms makes values out of terms as an input writes them.
type terms struct {
	namespaces graph.Namespaces
	document   string
	base       *baseIRI // nil: relative IRIs are refused
	names      interner // IRIs with their brackets, blank nodes with their _:
	literals   interner // from the first quote to the end of the datatype
}

func newTerms(o Options) *terms {
	return &terms{namespaces: o.Namespaces, document: o.Document, names: newInterner(), literals: newInterner()}
}

// forget drops all that is remembered: prefixes or the base have changed.
func (t *terms) forget() {
	const odd = 0x9E3779B97F4A7C15 // spreads neighbouring numbers over all bits
	t.names.salt += odd
	t.literals.salt += odd
}

// iri makes the value of "<…>", brackets included. Faults count from the opening bracket.
func (t *terms) iri(written []byte) (quad.Value, *fault) {
	s, hash, ok := t.names.find(written)
	if ok {
		return s.value, nil
	}
	raw := written[1 : len(written)-1]
	decoded, f := decodeIRI(raw)
	if f != nil {
		return nil, f.in(1)
	}
	relative := !absolute(decoded)
	if relative && t.base == nil {
		return nil, notAbsolute(decoded)
	}
	w := string(written)
	full := w[1 : len(w)-1]
	if len(decoded) != len(raw) {
		full = string(decoded)
	}
	if relative {
		full = t.base.resolve(full)
	}
	return s.keep(hash, w, quad.IRI(t.namespaces.Shorten(full))), nil
}

// blank makes the value of "_:label", renamed for the document. The key holds no '_', so that no two
// documents meet in one name.
func (t *terms) blank(written []byte) quad.Value {
	s, hash, ok := t.names.find(written)
	if ok {
		return s.value
	}
	w := string(written)
	return s.keep(hash, w, quad.BNode(t.document+"_"+w[len("_:"):]))
}

// literal makes the value of a literal: the text between its quotes, and the language or the
// datatype that follows, of which at most one is given.
func (t *terms) literal(text string, lang []byte, datatype quad.Value) quad.Value {
	switch {
	case len(lang) > 0:
		return quad.LangString{Value: quad.String(text), Lang: string(lang)}
	case datatype != nil:
		iri, _ := datatype.(quad.IRI)
		return graph.Native(quad.TypedString{Value: quad.String(text), Type: iri})
	default:
		return quad.String(text)
	}
}

// A literalParts is a literal in N-Quads' form, taken apart: a string in double quotes on one line
// and what follows it.
type literalParts struct {
	text, lang []byte
	datatype   int // where it begins, with a '<'; 0: there is none
	end        int
}

// splitLiteral takes apart the literal that begins at b[i].
func splitLiteral(b []byte, i int) (l literalParts, f *fault) {
	end, f := closingQuote(b, i+1)
	if f != nil {
		return l, f
	}
	l.text, l.end = b[i+1:end], end+1
	if l.end == len(b) {
		return l, nil
	}
	switch next := l.end; b[next] {
	case '@':
		stop, ok := langEnd(b, next)
		if !ok || stop < len(b) && b[stop] == '_' && !bytes.HasPrefix(b[stop:], []byte("_:")) {
			return l, badLanguage(b, next)
		}
		l.lang, l.end = b[next+1:stop], stop
	case '^':
		start := next + 2
		if start >= len(b) || b[next+1] != '^' || b[start] != '<' {
			return l, badDatatype(b, next)
		}
		n := bytes.IndexByte(b[start:], '>')
		if n < 0 {
			return l, openAngle(b, start)
		}
		l.datatype, l.end = start, start+n+1
	}
	return l, nil
}

// quoted makes the value of the literal that begins at b[i]. It returns where the literal ends.
func (t *terms) quoted(b []byte, i int) (quad.Value, int, *fault) {
	l, f := splitLiteral(b, i)
	if f != nil {
		return nil, 0, f
	}
	s, hash, ok := t.literals.find(b[i:l.end])
	if ok {
		return s.value, l.end, nil
	}
	decoded, f := decodeString(l.text)
	if f != nil {
		return nil, 0, f.in(i + 1)
	}
	var kind quad.Value
	if l.datatype > 0 {
		if kind, f = t.iri(b[l.datatype:l.end]); f != nil {
			return nil, 0, f.in(l.datatype)
		}
	}
	w := string(b[i:l.end])
	value := w[1 : 1+len(l.text)]
	if len(decoded) != len(l.text) {
		value = string(decoded)
	}
	return s.keep(hash, w, t.literal(value, l.lang, kind)), l.end, nil
}

// angled makes the value of the IRI that begins with the '<' at b[i] and returns where it ends.
func (t *terms) angled(b []byte, i int) (quad.Value, int, *fault) {
	n := bytes.IndexByte(b[i:], '>')
	if n < 0 {
		return nil, 0, openAngle(b, i)
	}
	v, f := t.iri(b[i : i+n+1])
	if f != nil {
		return nil, 0, f.in(i)
	}
	return v, i + n + 1, nil
}

// openAngle tells why no '>' follows the '<' at b[i].
func openAngle(b []byte, i int) *fault {
	if _, f := decodeIRI(b[i+1:]); f != nil {
		return f.in(i + 1)
	}
	return &fault{at: i, want: "> at the end of the IRI that begins here", found: "the end of the line"}
}

// closingQuote finds the '"' that ends the string whose text begins at b[i].
func closingQuote(b []byte, i int) (int, *fault) {
	start := i
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return 0, &fault{
				at:    start - 1,
				want:  `" at the end of the string that begins here`,
				found: "the end of the line",
				hint:  `a line break inside a string is written \n`,
			}
		}
		slashes := 0
		for i+n-1-slashes >= start && b[i+n-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + n, nil
		}
		i += n + 1
	}
}

func badLanguage(b []byte, i int) *fault {
	f := &fault{at: i, want: "a language tag like @en or @nl-BE", found: excerpt(b, i)}
	if strings.Contains(f.found, "_") {
		f.hint = "its parts are joined by -"
	}
	return f
}

func badDatatype(b []byte, i int) *fault {
	at := i
	for at < len(b) && at < i+2 && b[at] == '^' {
		at++
	}
	f := &fault{at: at, want: "a datatype like ^^<http://www.w3.org/2001/XMLSchema#date>", found: excerpt(b, at)}
	if at < i+2 {
		f.hint = "a datatype follows two ^"
	}
	if rest, ok := bytes.CutPrefix(b[at:], []byte("xsd:")); ok {
		f.hint = "did you mean <http://www.w3.org/2001/XMLSchema#" + string(rest[:wordEnd(rest)]) + ">?"
	}
	return f
}

// wordEnd is the length of the ASCII word that b begins with.
func wordEnd(b []byte) int {
	n := 0
	for n < len(b) && classes[b[n]]&labelChar != 0 {
		n++
	}
	return n
}
