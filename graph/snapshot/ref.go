package snapshot

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// A node is Cayley's reference to a value: a number, and the file that gave it. A reference that was
// got before an edit stays good after it: whoever takes one finds the value's number in the new file.
type node struct {
	f  *file
	id uint32
}

// Key returns what tells nodes apart.
func (n node) Key() any { return uint64(n.f.generation)<<32 | uint64(n.id) }

// A link is Cayley's reference to a quad. It holds the numbers of all four values, so that whether a
// quad has a value is a comparison, and no look at the file.
type link struct {
	f          *file
	s, p, o, l uint32
}

// linkKey tells quads apart.
type linkKey struct{ generation, s, p, o, l uint32 }

// Key returns what tells quads apart.
func (q link) Key() any { return linkKey{q.f.generation, q.s, q.p, q.o, q.l} }

func (q link) get(d quad.Direction) uint32 {
	switch d {
	case quad.Subject:
		return q.s
	case quad.Predicate:
		return q.p
	case quad.Object:
		return q.o
	case quad.Label:
		return q.l
	default:
		return 0
	}
}

// in returns the node's number in a file, or 0 where the file does not have it.
func (n node) in(f *file) (uint32, error) {
	if n.f == f {
		return n.id, nil
	}
	term, err := n.f.term(n.id)
	if err != nil {
		return 0, err
	}
	return f.find(term)
}

// numberIn returns the number in a file of any reference to a node, or 0.
func numberIn(f *file, ref cayley.Ref) (uint32, error) {
	switch ref := ref.(type) {
	case *node:
		return ref.in(f)
	case node:
		return ref.in(f)
	case cayley.PreFetchedValue:
		return f.findValue(ref.NameOf())
	default:
		return 0, nil
	}
}

// asNode returns the node of a reference, and whether it is one.
func asNode(ref cayley.Ref) (node, bool) {
	if p, ok := ref.(*node); ok {
		return *p, true
	}
	n, ok := ref.(node)
	return n, ok
}

// asLink returns the quad of a reference, and whether it is one.
func asLink(ref cayley.Ref) (link, bool) {
	if p, ok := ref.(*link); ok {
		return *p, true
	}
	q, ok := ref.(link)
	return q, ok
}

// linkIn returns a quad's numbers in a file, and whether the file has all its values.
func linkIn(f *file, ref cayley.Ref) (link, bool, error) {
	q, ok := asLink(ref)
	if !ok || q.f == f {
		return q, ok, nil
	}
	out := link{f: f}
	for _, part := range []struct{ from, to *uint32 }{{&q.s, &out.s}, {&q.p, &out.p}, {&q.o, &out.o}, {&q.l, &out.l}} {
		if *part.from == 0 {
			continue
		}
		var err error
		if *part.to, err = (node{q.f, *part.from}).in(f); err != nil || *part.to == 0 {
			return link{}, false, err
		}
	}
	return out, true, nil
}
