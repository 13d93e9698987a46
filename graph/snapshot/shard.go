package snapshot

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cayleygraph/quad"
)

// A Shard is one way into a [Builder]. Each goroutine that adds quads has its own; a shard itself is
// for one goroutine at a time.
type Shard struct {
	b     *Builder
	terms termTable
	preds []uint64 // a bit for each term that is a predicate
	rows  rowList  // of the table's numbers
	used  int64    // bytes, as the builder knows them
	wait  waiting
	text  [4][]byte // encoded values of the quad that is being added
}

// waiting is quads whose terms are not looked up yet: that is done for many terms at a time.
type waiting struct {
	lookup

	text  []byte
	terms [lookahead]textSpan // to look up
	n     int
	quads [lookahead / 4][4]byte // of each quad, what its terms are
	count int
	parts [4]textSpan // of the quad before
}

type textSpan struct{ from, end uint32 }

func (w *waiting) term(at textSpan) []byte { return w.text[at.from:at.end] }

// What a term of a waiting quad is: one of the quad before, by its part, or the next that is looked up.
const (
	noTerm byte = 10 + iota
	ownTerm
)

// flushEvery is how many quads pass between two looks at the memory in use.
const flushEvery = 1 << 12

// errFull says that there are more terms than numbers reach, which takes gigabytes.
var errFull = errors.New("too many values for one change")

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
	return s.add(subject, predicate, object, label)
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
	return s.add(s.text[0], s.text[1], s.text[2], s.text[3])
}

func (s *Shard) add(subject, predicate, object, label []byte) error {
	w := &s.wait
	q := &w.quads[w.count]
	parts := w.parts
	for i, term := range [4][]byte{subject, predicate, object, label} {
		switch {
		case len(term) == 0:
			q[i] = noTerm
			w.parts[i] = textSpan{}
		case w.count > 0 && bytes.Equal(w.term(parts[i]), term):
			q[i] = byte(i)
		case w.count > 0 && i == 0 && bytes.Equal(w.term(parts[3]), term):
			q[i] = 3 // what is said of a claim follows what it says
			w.parts[i] = parts[3]
		default:
			q[i] = ownTerm
			at := uint32(len(w.text))
			w.text = append(w.text, term...)
			w.parts[i] = textSpan{at, uint32(len(w.text))}
			w.terms[w.n] = w.parts[i]
			w.n++
		}
	}
	if w.count++; w.count < len(w.quads) && len(w.text) < chunkSize {
		return nil
	}
	before := s.rows.n
	if err := s.lookUp(); err != nil {
		return err
	}
	if s.b != nil && (s.rows.n/flushEvery != before/flushEvery || s.terms.full()) {
		return s.account()
	}
	return nil
}

// lookUp gives the terms of the quads that wait their numbers.
func (s *Shard) lookUp() error {
	w := &s.wait
	if len(s.terms.chunks)+lookahead > maxChunks {
		return errFull
	}
	s.terms.prepare(&w.lookup, w.n, func(i int) []byte { return w.term(w.terms[i]) })
	next := 0
	var before [4]uint32
	for _, q := range w.quads[:w.count] {
		var now [4]uint32
		for i, is := range q {
			switch is {
			case noTerm:
			case ownTerm:
				now[i] = s.terms.number(w.term(w.terms[next]), w.hashes[next])
				next++
			default:
				now[i] = before[is]
			}
		}
		before = now
		s.rows.add(row{now[0], now[1], now[2], now[3]})
		for int(now[1]/64) >= len(s.preds) {
			s.preds = append(s.preds, 0)
		}
		s.preds[now[1]/64] |= 1 << (now[1] % 64)
	}
	w.text, w.n, w.count = w.text[:0], 0, 0
	return nil
}

// count is how many quads the shard holds.
func (s *Shard) count() int { return s.rows.n + s.wait.count }

// size is about how many bytes the shard holds, and sorting its terms will take.
func (s *Shard) size() int64 {
	return int64(s.rows.n)*rowBytes + s.terms.size() + int64(len(s.wait.text))
}

// empty makes the shard ready for the next batch.
func (s *Shard) empty() {
	*s = Shard{b: s.b, terms: termTable{seed: s.terms.seed}, used: s.used, text: s.text}
}
