package snapshot

import (
	"bytes"
	"fmt"
	"hash/maphash"

	"github.com/cayleygraph/quad"
)

// A Shard is one way into a [Builder]. Each goroutine that adds quads has its own; a shard itself is
// for one goroutine at a time.
type Shard struct {
	b      *Builder
	seed   maphash.Seed
	slots  []slot // hash table
	terms  []stored
	chunks [][]byte
	preds  []uint64 // a bit for each term that is a predicate
	quads  []row    // numbers of the shard's own
	last   row
	used   int64 // bytes, as the builder knows them
	text   [4][]byte
}

// A stored term is a place in the chunks.
type stored struct {
	chunk, at, size uint32
}

// A slot has the number of a term, 0 for none, and its hash: most terms that are not the one looked for
// are passed over without a look at them, which would be a look at memory that is in no cache.
type slot struct {
	hash, id uint32
}

// chunkSize is how many bytes of terms are allocated at a time.
const chunkSize = 1 << 20

// flushEvery is how many quads pass between two looks at the memory in use.
const flushEvery = 1 << 12

// Add adds a quad of encoded terms (see [AppendIRI], [AppendValue]). The label is empty where there is
// none. The shard copies what it keeps.
func (s *Shard) Add(subject, predicate, object, label []byte) error {
	for i, term := range [4][]byte{subject, predicate, object, label} {
		if len(term) == 0 && i < 3 {
			return fmt.Errorf("quad: %w: nothing where a value is needed", errTerm)
		}
		if len(term) > 0 && (term[0] == 0 || kind(term[0]) >= kindEnd) {
			return fmt.Errorf("quad: %w: of kind %d", errTerm, term[0])
		}
		// Of these kinds any bytes are a term.
		if len(term) > 0 && kind(term[0]) > kindString {
			if err := checkTerm(term); err != nil {
				return fmt.Errorf("quad: %w", err)
			}
		}
	}
	s.add(subject, predicate, object, label)
	if len(s.quads)%flushEvery == 0 && s.b != nil {
		return s.account()
	}
	return nil
}

func (s *Shard) add(subject, predicate, object, label []byte) {
	r := row{s.again(s.last.s, subject), s.again(s.last.p, predicate), s.intern(object), 0}
	if len(label) > 0 {
		r.l = s.again(s.last.l, label)
	}
	s.preds[r.p/64] |= 1 << (r.p % 64)
	s.quads = append(s.quads, r)
	s.last = r
}

// AddQuad adds a quad of Cayley.
func (s *Shard) AddQuad(q quad.Quad) error {
	for i, d := range quad.Directions {
		s.text[i] = s.text[i][:0]
		v := q.Get(d)
		if v == nil && d == quad.Label {
			continue
		}
		var err error
		if s.text[i], err = AppendValue(s.text[i], v); err != nil {
			return fmt.Errorf("the %s of a quad: %w", d, err)
		}
	}
	s.add(s.text[0], s.text[1], s.text[2], s.text[3])
	if len(s.quads)%flushEvery == 0 && s.b != nil {
		return s.account()
	}
	return nil
}

// again is intern for a term that is likely the one of the quad before.
func (s *Shard) again(id uint32, term []byte) uint32 {
	if id > 0 && bytes.Equal(s.term(id), term) {
		return id
	}
	return s.intern(term)
}

// intern returns the shard's number of a term.
func (s *Shard) intern(term []byte) uint32 {
	if 4*len(s.terms) >= 3*len(s.slots) {
		s.grow()
	}
	hash := uint32(maphash.Bytes(s.seed, term))
	mask := uint32(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		at := &s.slots[i]
		if at.id == 0 {
			*at = slot{hash, s.store(term)}
			return at.id
		}
		if at.hash == hash && bytes.Equal(s.term(at.id), term) {
			return at.id
		}
	}
}

func (s *Shard) store(term []byte) uint32 {
	n := len(s.chunks)
	if n == 0 || len(s.chunks[n-1])+len(term) > cap(s.chunks[n-1]) {
		s.chunks = append(s.chunks, make([]byte, 0, max(chunkSize, len(term))))
		n++
	}
	chunk := &s.chunks[n-1]
	s.terms = append(s.terms, stored{uint32(n - 1), uint32(len(*chunk)), uint32(len(term))})
	*chunk = append(*chunk, term...)
	id := uint32(len(s.terms))
	if int(id/64) >= len(s.preds) {
		s.preds = append(s.preds, 0)
	}
	return id
}

func (s *Shard) term(id uint32) []byte {
	t := &s.terms[id-1]
	return s.chunks[t.chunk][t.at : t.at+t.size]
}

// grow doubles the hash table.
func (s *Shard) grow() {
	before := s.slots
	s.slots = make([]slot, max(1024, 2*len(before)))
	mask := uint32(len(s.slots) - 1)
	for _, old := range before {
		if old.id == 0 {
			continue
		}
		at := old.hash & mask
		for s.slots[at].id != 0 {
			at = (at + 1) & mask
		}
		s.slots[at] = old
	}
}

// size is about how many bytes the shard holds, and sorting its terms will take.
func (s *Shard) size() int64 {
	n := int64(len(s.quads))*20 + int64(len(s.terms))*(16+16) + int64(len(s.slots))*8
	for _, c := range s.chunks {
		n += int64(cap(c))
	}
	return n
}

// empty makes the shard ready for the next batch.
func (s *Shard) empty() {
	*s = Shard{b: s.b, seed: s.seed, used: s.used, text: s.text, preds: make([]uint64, 1)}
}
