package snapshot

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A termWriter writes the terms of a file, which come in order, each once.
type termWriter struct {
	section *sectionWriter
	starts  []uint64 // of blocks
	kinds   [kindEnd + 1]uint32
	terms   uint32
	before  []byte
	buf     []byte
}

func (w *termWriter) add(term []byte) {
	w.buf = w.buf[:0]
	if w.terms%blockTerms == 0 {
		w.starts = append(w.starts, w.section.Length)
		w.buf = binary.AppendUvarint(w.buf, uint64(len(term)))
		w.buf = append(w.buf, term...)
	} else {
		shared := sharedPrefix(w.before, term)
		w.buf = binary.AppendUvarint(w.buf, uint64(shared))
		w.buf = binary.AppendUvarint(w.buf, uint64(len(term)-shared))
		w.buf = append(w.buf, term[shared:]...)
	}
	w.section.write(w.buf)
	w.before = append(w.before[:0], term...)
	w.terms++
	for k := kind(term[0]) + 1; k <= kindEnd; k++ {
		w.kinds[k] = w.terms + 1
	}
}

// finish returns where the blocks begin, packed, and the first number of each kind.
func (w *termWriter) finish() (blocks []byte, kinds [kindEnd + 1]uint32) {
	var bits bitWriter
	width := widthOf(w.section.Length)
	for _, start := range append(w.starts, w.section.Length) {
		bits.addLong(start, width)
	}
	w.kinds[0], w.kinds[kindIRI] = 1, 1
	for k := range w.kinds {
		w.kinds[k] = max(w.kinds[k], 1)
	}
	return bits.finish(), w.kinds
}

// A termHead is a run in the merge of terms.
type termHead struct {
	run    *run
	source termSource
	id     uint32
	term   []byte
}

// mergeTerms writes the terms of all runs, and fills in which number each term of each run gets.
func mergeTerms(ctx context.Context, runs []*run, to *termWriter, step func(done int)) error {
	var heads []*termHead
	for _, r := range runs {
		r.remap = make([]uint32, r.terms+1)
		h := &termHead{run: r, source: r.source()}
		ok, err := h.advance()
		if err != nil {
			return err
		}
		if ok {
			heads = append(heads, h)
		}
	}
	less := func(a, b *termHead) bool { return bytes.Compare(a.term, b.term) < 0 }
	heapify(heads, less)
	for len(heads) > 0 {
		h := heads[0]
		if to.terms == 0 || !bytes.Equal(h.term, to.before) {
			if to.terms == maxTerms {
				return fmt.Errorf("more than %d different values", uint32(maxTerms))
			}
			to.add(h.term)
			if to.terms%checkEvery == 0 {
				if err := context.Cause(ctx); err != nil {
					return err
				}
				step(int(to.terms))
			}
		}
		h.run.remap[h.id] = to.terms
		ok, err := h.advance()
		if err != nil {
			return err
		}
		if !ok {
			heads[0] = heads[len(heads)-1]
			heads = heads[:len(heads)-1]
		}
		sink(heads, 0, less)
	}
	return nil
}

func (h *termHead) advance() (bool, error) {
	var err error
	h.id, h.term, err = h.source.next()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return err == nil, err
}
