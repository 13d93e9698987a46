package server

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kg/graph"
)

// A shelf holds the store that is served. A request takes it and gives it back, so that a store that
// has been replaced closes when its last request ends.
type shelf struct {
	open    func(ctx context.Context) (*graph.Store, error)
	stamp   func() string
	log     *slog.Logger
	changed func() // called when another store is served; may be nil

	refreshing sync.Mutex // held by the one who looks for a new store

	mu  sync.Mutex
	now *held
}

// A held is an open store with the number of those who use it, the shelf among them.
type held struct {
	*graph.Store

	stamp  string
	digest string // of the dataset
	users  int
	clock  *clockJSON // what the clocks of a request left out; nil for the store itself

	tagged sync.Once
	tag    string // the ETag of what is answered from it without clocks
}

func newShelf(ctx context.Context, open func(context.Context) (*graph.Store, error), stamp func() string, log *slog.Logger) (*shelf, error) {
	s := &shelf{open: open, stamp: stamp, log: log}
	first, err := s.fetch(ctx)
	s.now = first
	return s, err
}

// rememberedBytes bounds what the store keeps of what it has read.
const rememberedBytes = 64 << 20

// fetch opens the store. The stamp is taken before: a change meanwhile is seen as one.
func (s *shelf) fetch(ctx context.Context) (*held, error) {
	stamp := ""
	if s.stamp != nil {
		stamp = s.stamp()
	}
	store, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	store.Remember(rememberedBytes)
	return &held{Store: store, stamp: stamp, digest: digestOf(store), users: 1}, nil
}

// digestOf names the version of a dataset. A store that does not know its inputs is told by when it was
// built.
func digestOf(store *graph.Store) string {
	m := store.Manifest()
	if m.Digest != "" {
		return m.Digest
	}
	return m.Built.UTC().Format("20060102T150405.000000000")
}

// take returns the store; the caller calls give when done.
func (s *shelf) take() *held {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		s.now.users++
	}
	return s.now
}

// again takes a store for someone else beside one who has it already.
func (s *shelf) again(h *held) {
	s.mu.Lock()
	h.users++
	s.mu.Unlock()
}

// give gives a store back, and closes it when nobody holds it any more.
func (s *shelf) give(h *held) error {
	s.mu.Lock()
	h.users--
	last := h.users == 0
	s.mu.Unlock()
	if last {
		return h.Close()
	}
	return nil
}

// refresh looks whether the store was replaced, and if so serves the new one.
func (s *shelf) refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	s.mu.Lock()
	before := s.now
	s.mu.Unlock()
	if s.stamp == nil || before == nil || s.stamp() == before.stamp {
		return nil
	}
	next, err := s.fetch(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.now = next
	s.mu.Unlock()
	if s.changed != nil {
		s.changed()
	}
	s.log.Info("the store was replaced", "dataset", next.digest)
	return s.give(before)
}

// watch refreshes every so often, until the context ends. What cannot be opened is told once.
func (s *shelf) watch(ctx context.Context, every time.Duration) {
	if s.stamp == nil {
		return
	}
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	told := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		err := s.refresh(ctx)
		switch {
		case err == nil:
			told = ""
		case errors.Is(err, ctx.Err()):
			return
		case err.Error() != told:
			told = err.Error()
			s.log.Warn("the new store does not open; the old one is served on", "reason", told)
		}
	}
}

func (s *shelf) close() error {
	s.mu.Lock()
	h := s.now
	s.now = nil
	s.mu.Unlock()
	if h == nil {
		return nil
	}
	return s.give(h)
}
