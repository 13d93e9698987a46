package snapshot

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sort"
)

// A sorter sorts rows, in memory as far as that reaches, and through the spill beyond.
type sorter struct {
	by      ordering
	cols    int // how many leading columns of the ordering the added rows are not sorted by yet
	most    row // the largest number in each column
	room    int // rows that may be held
	expect  int // rows that will come, at most
	workers int
	spill   *spill

	chunk   []row
	sources []func() ([]row, error) // sorted rows
}

// add takes rows; it copies them.
func (s *sorter) add(rows []row) error {
	if s.chunk == nil {
		s.chunk = make([]row, 0, min(s.expect, s.room))
	}
	for len(rows) > 0 {
		if len(s.chunk) >= s.room {
			if err := s.spillChunk(); err != nil {
				return err
			}
		}
		n := min(len(rows), s.room-len(s.chunk))
		s.chunk = append(s.chunk, rows[:n]...)
		rows = rows[n:]
	}
	return nil
}

func (s *sorter) sorted() []row {
	return radixSortBy(s.chunk, make([]row, len(s.chunk)), s.by[:s.cols], s.most, s.workers)
}

func (s *sorter) spillChunk() error {
	rows := s.sorted()
	section, err := s.spill.section(func(w *bufio.Writer) error { return writeRows(w, rows) })
	if err != nil {
		return err
	}
	s.sources = append(s.sources, readRows(section))
	s.chunk = s.chunk[:0]
	return nil
}

// rowBatch is how many rows are handed over at a time, at most.
const rowBatch = 1 << 13

// each yields all rows in order, without those that are there twice. The sorter is empty afterwards.
func (s *sorter) each(ctx context.Context, yield func([]row) error) error {
	rows := s.sorted()
	s.chunk = nil
	sources := s.sources
	if len(rows) > 0 {
		sources = append(sources, func() ([]row, error) {
			batch := rows[:min(len(rows), rowBatch)]
			rows = rows[len(batch):]
			if len(batch) == 0 {
				return nil, io.EOF
			}
			return batch, nil
		})
	}
	s.sources = nil
	return mergeRows(ctx, sources, s.by, yield)
}

// A rowHead is a source of rows in a merge, with what is at hand of it.
type rowHead struct {
	rows []row
	more func() ([]row, error)
}

// mergeRows merges sorted sources into one, without what is there twice.
func mergeRows(ctx context.Context, sources []func() ([]row, error), by ordering, yield func([]row) error) error {
	var heads []*rowHead
	for _, source := range sources {
		h := &rowHead{more: source}
		ok, err := h.fill()
		if err != nil {
			return err
		}
		if ok {
			heads = append(heads, h)
		}
	}
	less := func(a, b *rowHead) bool { return a.rows[0].less(b.rows[0], by) }
	heapify(heads, less)
	out := make([]row, 0, rowBatch)
	var last row // no quad has the subject 0
	for len(heads) > 0 {
		h := heads[0]
		rows := h.rows[:h.leading(heads, by)]
		h.rows = h.rows[len(rows):]
		for len(rows) > 0 {
			n := min(len(rows), cap(out)-len(out))
			for _, r := range rows[:n] {
				if r != last {
					out = append(out, r)
					last = r
				}
			}
			if rows = rows[n:]; len(out) < cap(out) {
				continue
			}
			if err := context.Cause(ctx); err != nil {
				return err
			}
			if err := yield(out); err != nil {
				return err
			}
			out = out[:0]
		}
		ok, err := h.fill()
		if err != nil {
			return err
		}
		if !ok {
			heads[0] = heads[len(heads)-1]
			heads = heads[:len(heads)-1]
		}
		sink(heads, 0, less)
	}
	if len(out) > 0 {
		return yield(out)
	}
	return nil
}

// leading returns how many rows of the first of several heads come before those of the others. There is
// often a whole stretch of them.
func (h *rowHead) leading(heads []*rowHead, by ordering) int {
	if len(heads) == 1 {
		return len(h.rows)
	}
	bound := heads[1].rows[0]
	if len(heads) > 2 && heads[2].rows[0].less(bound, by) {
		bound = heads[2].rows[0]
	}
	lo, hi := 0, 1 // the row at lo comes first, whether others are equal to it or not
	for hi < len(h.rows) && h.rows[hi].less(bound, by) {
		lo, hi = hi, 2*hi+1
	}
	hi = min(hi, len(h.rows))
	return lo + 1 + sort.Search(hi-lo-1, func(i int) bool { return !h.rows[lo+1+i].less(bound, by) })
}

func (h *rowHead) fill() (bool, error) {
	for len(h.rows) == 0 {
		var err error
		if h.rows, err = h.more(); errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}

func heapify[T any](heap []T, less func(a, b T) bool) {
	for i := len(heap)/2 - 1; i >= 0; i-- {
		sink(heap, i, less)
	}
}

// sink moves an element of a heap down to its place.
func sink[T any](heap []T, i int, less func(a, b T) bool) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && less(heap[child+1], heap[child]) {
			child++
		}
		if !less(heap[child], heap[i]) {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}

// oneBatch is a source of rows that are at hand.
func oneBatch(rows []row) func() ([]row, error) {
	return func() ([]row, error) {
		batch := rows
		rows = nil
		return batch, endOf(batch)
	}
}

// endOf says that a source is done when it has nothing more to give.
func endOf(batch []row) error {
	if len(batch) == 0 {
		return io.EOF
	}
	return nil
}
