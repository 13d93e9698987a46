package snapshot

import (
	"sync"
	"time"

	"github.com/cayleygraph/quad"
)

const (
	// writeEvery is how long quads wait for others before a new file is made.
	writeEvery = time.Second

	// writeRoom is how many bytes of quads wait at most.
	writeRoom = 256 << 20
)

// NewQuadWriter returns a writer that adds quads. They wait until a second has passed, or as long as
// the last new file took, whichever is more, or until the writer is closed; then they go into a new
// file together. What is there already is not added again.
func (s *Store) NewQuadWriter() (quad.WriteCloser, error) {
	if s.options.ReadOnly {
		return nil, ErrReadOnly
	}
	if _, err := s.file(); err != nil {
		return nil, err
	}
	return &writer{store: s, wait: newShard(), every: writeEvery}, nil
}

type writer struct {
	store *Store

	mu     sync.Mutex
	wait   *Shard
	every  time.Duration
	timer  *time.Timer // runs while something waits
	err    error       // of a write that nobody was told of
	closed bool
}

// WriteQuad adds a quad.
func (w *writer) WriteQuad(q quad.Quad) error {
	_, err := w.WriteQuads([]quad.Quad{q})
	return err
}

// WriteQuads adds quads, and returns how many it took.
func (w *writer) WriteQuads(qs []quad.Quad) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, ErrClosed
	}
	if w.err != nil {
		return 0, w.err
	}
	for i, q := range qs {
		if err := w.wait.AddQuad(q); err != nil {
			return i, err
		}
	}
	switch {
	case w.wait.size() > writeRoom:
		w.flush()
	case w.timer == nil && w.wait.count() > 0:
		w.timer = time.AfterFunc(w.every, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.flush()
		})
	}
	return len(qs), w.err
}

// flush makes the new file. What could not be written is lost to the writer, which takes no more: the
// error comes with the next call.
func (w *writer) flush() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	if w.wait.count() == 0 || w.err != nil {
		return
	}
	start := time.Now()
	w.err = w.store.change(func(*file) (*Shard, []link, error) { return w.wait, nil, nil })
	w.every = max(writeEvery, time.Since(start))
	w.wait = newShard()
}

// Close writes what waits.
func (w *writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.flush()
	return w.err
}
