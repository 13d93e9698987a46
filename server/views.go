package server

import (
	"container/list"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"kg/graph"
)

// Bounds of what the clocks may cost, whatever dates are asked for. One view is built at a time, because
// a build takes a processor for as long as it lasts.
const (
	openViews    = 8  // are kept open; the one asked for last stays
	buildingMost = 4  // are built, or wait for it
	waitingMost  = 32 // requests wait for views
	viewTime     = 2 * time.Minute
)

// views are the stores that the clocks make of the one that is served: each is built once, kept while it
// is asked for, and given back when its last request ends.
type views struct {
	open  openView
	shelf *shelf
	log   *slog.Logger
	turn  chan struct{} // who has it builds
	stop  context.CancelFunc
	ctx   context.Context //nolint:containedctx // builds outlive the requests that ask for them
	work  sync.WaitGroup

	mu                        sync.Mutex
	all                       map[viewKey]*view
	order                     list.List // the one asked for last in front
	building, waiting         int
	built, refused, abandoned int64
}

type openView func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error)

type viewKey struct {
	digest string
	clock  graph.Clock
}

// A view is a store, or will be one.
type view struct {
	key   viewKey
	at    *list.Element
	ready chan struct{} // closed when the rest is known
	held  *held
	err   error
	users int // the views among them
}

func newViews(open openView, s *shelf, log *slog.Logger) *views {
	if open == nil {
		open = func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error) {
			return graph.OpenView(ctx, base, clock, "", graph.BuildOptions{Schema: base.Schema(), Namespaces: base.Namespaces()})
		}
	}
	v := &views{open: open, shelf: s, log: log, turn: make(chan struct{}, 1), all: map[viewKey]*view{}}
	v.ctx, v.stop = context.WithCancel(context.Background())
	return v
}

// take returns the view that a clock makes of a store, and how to give it back. A build goes on when the
// one who asked for it leaves: who asks again finds it.
func (v *views) take(ctx context.Context, base *held, clock graph.Clock) (*held, func(), error) {
	one, err := v.find(base, clock)
	if err != nil {
		return nil, nil, err
	}
	select {
	case <-one.ready:
	default:
		if err := v.await(ctx, one); err != nil {
			v.give(one)
			return nil, nil, err
		}
	}
	if one.err != nil {
		v.give(one)
		return nil, nil, one.err
	}
	return one.held, func() { v.give(one) }, nil
}

// find returns the view, which may not be ready yet. Its build begins if nobody has asked for it before.
func (v *views) find(base *held, clock graph.Clock) (*view, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	k := viewKey{base.digest, clock}
	one, ok := v.all[k]
	switch {
	case ok:
		v.order.MoveToFront(one.at)
	case v.ctx.Err() != nil:
		return nil, &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "the server is ending", retry: 5}
	case v.building >= buildingMost:
		v.refused++
		return nil, &refusal{
			status: http.StatusTooManyRequests, code: codeTooMany,
			message: "too many dates are being worked out; ask again for this one", retry: 2,
		}
	default:
		one = &view{key: k, ready: make(chan struct{}), users: 2} // these and the build
		one.at = v.order.PushFront(one)
		v.all[k] = one
		v.building++
		v.shelf.again(base)
		v.work.Go(func() { v.build(one, base) })
	}
	one.users++
	return one, nil
}

// await waits until a view is ready.
func (v *views) await(ctx context.Context, one *view) error {
	v.mu.Lock()
	if v.waiting >= waitingMost {
		v.refused++
		v.mu.Unlock()
		return &refusal{status: http.StatusTooManyRequests, code: codeTooMany, message: "too many requests wait for dates that are being worked out", retry: 2}
	}
	v.waiting++
	v.mu.Unlock()
	defer func() {
		v.mu.Lock()
		v.waiting--
		v.mu.Unlock()
	}()
	select {
	case <-one.ready:
		return nil
	case <-ctx.Done():
		v.mu.Lock()
		v.abandoned++
		v.mu.Unlock()
		return &refusal{
			status: http.StatusServiceUnavailable, code: codeUnavailable, cause: ctx.Err(),
			message: "what was known by that date is still being worked out; ask again", retry: 5,
		}
	}
}

// build builds a view, after those that came before it.
func (v *views) build(one *view, base *held) {
	store, left, err := v.make(base, one.key.clock)
	v.mu.Lock()
	v.building--
	if err != nil {
		one.err = err
		v.forget(one)
	} else {
		v.built++
		store.Remember(rememberedBytes / openViews)
		one.held = &held{
			Store: store, digest: base.digest, users: 1, clock: clockOf(one.key.clock, left),
		}
	}
	close(one.ready)
	v.evict()
	v.mu.Unlock()
	if err := v.shelf.give(base); err != nil {
		v.log.Warn("closing the old store", "reason", err)
	}
	v.give(one) // the build's own
}

// make opens a view when it is its turn. It has no request whose handler would catch a fault.
func (v *views) make(base *held, clock graph.Clock) (store *graph.Store, left graph.ViewCounts, err error) {
	ctx, cancel := context.WithTimeout(v.ctx, viewTime)
	defer cancel()
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-ctx.Done():
		return nil, left, ctx.Err()
	}
	defer func() {
		if fault := recover(); fault != nil {
			v.log.Error("a fault of the program", "clock", clock.String(), "fault", fault, "stack", string(debug.Stack()))
			store, err = nil, fmt.Errorf("what was %s: %v", clock, fault)
		}
	}()
	return v.open(ctx, base.Store, clock)
}

// evict forgets the views that are too many, those asked for the longest time ago first.
func (v *views) evict() {
	for at := v.order.Back(); at != nil && len(v.all)-v.building > openViews; {
		one := at.Value.(*view) //nolint:forcetypeassert // nothing else is put in
		at = at.Prev()
		select {
		case <-one.ready:
			v.forget(one)
		default: // it is being built
		}
	}
}

// forget leaves a view to those who use it; the last of them closes it.
func (v *views) forget(one *view) {
	if v.all[one.key] != one {
		return
	}
	delete(v.all, one.key)
	v.order.Remove(one.at)
	v.drop(one)
}

// drop counts one user less.
func (v *views) drop(one *view) {
	if one.users--; one.users > 0 || one.held == nil {
		return
	}
	if err := one.held.Close(); err != nil {
		v.log.Warn("closing a view", "clock", one.key.clock.String(), "reason", err)
	}
}

func (v *views) give(one *view) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop(one)
}

// clear forgets all views: their store was replaced.
func (v *views) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range v.all {
		v.forget(one)
	}
}

// close ends what is being built and gives everything back.
func (v *views) close() {
	v.mu.Lock()
	v.stop()
	v.mu.Unlock()
	v.work.Wait()
	v.clear()
}

// viewStats are for the metrics.
type viewStats struct {
	open, waiting             int
	built, refused, abandoned int64
}

func (v *views) stats() viewStats {
	v.mu.Lock()
	defer v.mu.Unlock()
	return viewStats{len(v.all) - v.building, v.waiting, v.built, v.refused, v.abandoned}
}
