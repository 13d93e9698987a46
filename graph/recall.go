package graph

import (
	"sync"

	"github.com/cayleygraph/quad"
)

// A recall keeps what was read of a store that does not change, up to a number of bytes. It has two
// halves: what is asked for moves to the fresh one, and when that is full the stale one is forgotten. A
// nil recall keeps nothing. Several goroutines may use it at once; what it holds must not be changed.
type recall[K comparable, V any] struct {
	half int // bytes

	mu           sync.RWMutex
	fresh, stale map[K]V
	used         int
}

func newRecall[K comparable, V any](bytes int) *recall[K, V] {
	return &recall[K, V]{half: bytes / 2, fresh: map[K]V{}}
}

// get returns what is kept under a key.
func (r *recall[K, V]) get(k K, weigh func(V) int) (V, bool) {
	if r == nil {
		var none V
		return none, false
	}
	r.mu.RLock()
	v, ok := r.fresh[k]
	if ok || r.stale == nil {
		r.mu.RUnlock()
		return v, ok
	}
	v, ok = r.stale[k]
	r.mu.RUnlock()
	if ok {
		r.put(k, v, weigh(v))
	}
	return v, ok
}

// put keeps a value of a size. One that would take much of the room is not kept.
func (r *recall[K, V]) put(k K, v V, size int) {
	if r == nil || size > r.half/8 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.fresh[k]; known {
		return
	}
	if r.used+size > r.half {
		r.fresh, r.stale, r.used = map[K]V{}, r.fresh, 0
	}
	r.fresh[k] = v
	r.used += size
}

// recalled are the parts of what a store remembers.
type recalled struct {
	names       *recall[quad.IRI, string]
	facts       *recall[Pattern, []quad.Quad]
	claims      *recall[quad.IRI, Claim]
	derivations *recall[quad.IRI, Derivation]
	documents   *recall[quad.IRI, Document]
}

// Remember has the store keep what it reads and decodes, in up to about as many bytes: names, the facts of
// a thing, claims, derivations. It is for stores that answer question after question; call it before the
// first one. Nothing that is kept can become wrong, because an open store does not change.
func (s *Store) Remember(bytes int) {
	s.recalled = recalled{
		names:       newRecall[quad.IRI, string](bytes / 8),
		facts:       newRecall[Pattern, []quad.Quad](bytes / 2),
		claims:      newRecall[quad.IRI, Claim](bytes / 4),
		derivations: newRecall[quad.IRI, Derivation](bytes / 16),
		documents:   newRecall[quad.IRI, Document](bytes / 16),
	}
}

// What an entry takes beside its texts, in bytes: the key, and its share of the map.
const recallEntry = 100

func weighName(name string) int { return recallEntry + 50 + len(name) }

func weighQuads(qs []quad.Quad) int {
	n := recallEntry + 100
	for _, q := range qs {
		n += 64 + weighValue(q.Subject) + weighValue(q.Predicate) + weighValue(q.Object) + weighValue(q.Label)
	}
	return n
}

func weighClaim(c Claim) int {
	n := recallEntry + 400 + len(c.ID) + len(c.Subject) + len(c.Predicate) + len(c.Source) + len(c.Speaker) + len(c.ReportedAs)
	n += weighValue(c.Object) + weighIRIs(c.DerivedFrom)
	for _, note := range c.Notes {
		n += 16 + len(note)
	}
	return n
}

func weighDerivation(d Derivation) int {
	return recallEntry + 200 + weighQuads([]quad.Quad{d.Fact}) + 32*len(d.Rules) + weighIRIs(d.From)
}

func weighDocument(Document) int { return recallEntry + 100 }

func weighIRIs(list []quad.IRI) int {
	n := 0
	for _, iri := range list {
		n += 16 + len(iri)
	}
	return n
}

func weighValue(v quad.Value) int {
	switch v := v.(type) {
	case nil:
		return 0
	case quad.IRI:
		return 16 + len(v)
	case quad.String:
		return 16 + len(v)
	case quad.LangString:
		return 32 + len(v.Value)
	case quad.TypedString:
		return 32 + len(v.Value) + len(v.Type)
	default:
		return 48
	}
}
