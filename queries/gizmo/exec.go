package gizmo

import (
	"context"
	"fmt"
	"io"
	"reflect"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// exec is what the operators of one question share while it runs.
type exec struct {
	ctx    context.Context
	store  cayley.QuadStore
	slots  []cayley.Ref // the tags of the row being made: an operator sets its own, and resets them
	err    error        // why the operators stopped early; nil when the receiver of rows had enough
	budget uint         // ticks at which a try ends; zero: none
	ticks  uint         // counts work, so that the context is asked now and then
	mem    *meter
	open   []io.Closer // iterators asked about single nodes
	known  bool        // whether direct is decided
	// direct means that references of this store are their own keys, which saves an allocation each.
	direct bool
	view   questionView // the store, where it is one

	nodes, quads float64 // size of the store, for estimates
}

func newExec(ctx context.Context, store cayley.QuadStore, mem *meter) *exec {
	x := &exec{ctx: ctx, store: store, mem: mem}
	x.view, _ = store.(questionView)
	return x
}

// close closes what the operators opened.
func (x *exec) close() {
	for _, c := range x.open {
		if err := c.Close(); err != nil {
			x.fail(fmt.Errorf("reading the store: %w", err))
		}
	}
	x.open = nil
}

// tick reports whether to go on; every 256th call asks the context.
func (x *exec) tick() bool {
	x.ticks++
	if x.ticks&0xff == 0 {
		return x.alive()
	}
	return x.err == nil
}

func (x *exec) alive() bool {
	if x.err == nil {
		if err := x.ctx.Err(); err != nil {
			x.err = err
		}
	}
	if x.err == nil && x.budget > 0 && x.ticks > x.budget {
		x.err = errBudget
	}
	if x.err == nil && x.view != nil {
		if err := x.mem.with(x.view.Held()); err != nil {
			x.err = err
		}
	}
	return x.err == nil
}

// fail notes why the run ends.
func (x *exec) fail(err error) {
	if x.err == nil {
		x.err = err
	}
}

// key returns a comparable value that is the same for equal references.
func (x *exec) key(r cayley.Ref) any {
	if !x.known && r != nil {
		x.known = true
		if reflect.TypeOf(r).Comparable() {
			x.direct = r.Key() == any(r)
		}
	}
	if x.direct || r == nil {
		return r
	}
	return r.Key()
}

func (x *exec) same(a, b cayley.Ref) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return x.key(a) == x.key(b)
}

// count returns how many quads have a node at one end; a guess will do.
func (x *exec) count(d quad.Direction, r cayley.Ref) float64 {
	n, err := x.store.QuadIteratorSize(x.ctx, d, r)
	if err != nil {
		x.fail(fmt.Errorf("size of an index: %w", err))
		return 0
	}
	return float64(n.Size)
}

// stats asks the size of the store once.
func (x *exec) stats() (nodes, quads float64) {
	if x.quads == 0 {
		x.nodes, x.quads = 1, 1
		if st, err := x.store.Stats(x.ctx, false); err == nil {
			x.nodes, x.quads = max(1, float64(st.Nodes.Size)), max(1, float64(st.Quads.Size))
		}
	}
	return x.nodes, x.quads
}

// each walks an iterator of the store; it returns false when yield did or when something failed.
func (x *exec) each(it cayley.Iterator, yield func(cayley.Ref) bool) bool {
	scan := cayley.AsShape(it).Iterate()
	ok := true
	for ok && x.tick() && scan.Next(x.ctx) {
		ok = yield(scan.Result())
	}
	if err := scan.Err(); err != nil {
		x.fail(fmt.Errorf("reading the store: %w", err))
	}
	if err := scan.Close(); err != nil {
		x.fail(fmt.Errorf("reading the store: %w", err))
	}
	return ok && x.err == nil
}

// meter counts the bytes that a run holds.
type meter struct {
	used, limit int64
}

// add returns ErrMemory when the limit is passed.
func (m *meter) add(n int64) error {
	m.used += n
	return m.with(0)
}

// with returns ErrMemory when the limit is passed together with what the store holds for the run.
func (m *meter) with(n int64) error {
	if m.used+n > m.limit {
		return fmt.Errorf("%w: the engine holds %d bytes, %d are allowed", ErrMemory, m.used+n, m.limit)
	}
	return nil
}

// hold counts bytes and ends the run when they are too many.
func (x *exec) hold(n int64) bool {
	if err := x.mem.add(n); err != nil {
		x.fail(err)
		return false
	}
	return true
}
