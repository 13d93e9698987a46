package snapshot

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/shape"
)

// planned is a shape that is run over the orders of one file.
type planned struct {
	store    *Store
	f        *file
	relation relation
}

// BuildIterator returns the rows as an iterator of Cayley.
func (p planned) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	r := &rowsShape{planned: p}
	if v, ok := qs.(*View); ok {
		r.refs = &v.refs
	}
	return legacy(r)
}

// Optimize does nothing: the plan is made when the rows are read.
func (p planned) Optimize(shape.Optimizer) (shape.Shape, bool) { return p, false }

// rowsShape is a relation as an iterator.
type rowsShape struct {
	leaf
	planned
	refs  *refs // of the view that asks, if it is one
	costs *cayley.IteratorCosts
}

func (r *rowsShape) String() string {
	return fmt.Sprintf("Snapshot(%s)", strings.Join(r.relation.names(), ","))
}
func (r *rowsShape) AsLegacy() cayley.Iterator                             { return legacy(r) }
func (r *rowsShape) Optimize(context.Context) (cayley.IteratorShape, bool) { return r, false }
func (r *rowsShape) Iterate() cayley.Scanner                               { return &rowsScan{rowReader: rowReader{shape: r}} }

func (r *rowsShape) Lookup() cayley.Index { return &rowsIndex{rowReader: rowReader{shape: r}} }

func (r *rowsShape) Stats(context.Context) (cayley.IteratorCosts, error) {
	if r.costs != nil {
		return *r.costs, nil
	}
	c := cayley.IteratorCosts{NextCost: 2}
	err := r.f.guarded(func() {
		const most = 1 << 40 // Cayley multiplies sizes, and does not look for overflow
		c.Size.Size = int64(min(r.relation.estimate(r.f, false), most))
		c.ContainsCost = 2 + int64(min(r.relation.estimate(r.f, true), 1<<20))
	})
	if err == nil {
		r.costs = &c
	}
	return c, err
}

// A rowReader reads rows in batches, so that the guard is set up once for many.
type rowReader struct {
	leaf
	shape *rowsShape
	x     *execution
	names []string
	rows  cursor
	width int
	batch []uint32
	at    int // of the current row
	ended bool
	size  int // of the next batch, in rows
}

func (r *rowReader) String() string { return r.shape.String() }

func (r *rowReader) Err() error {
	if r.x == nil {
		return nil
	}
	return r.x.err
}

func (r *rowReader) open(given bool) {
	s := r.shape.store
	r.x = &execution{f: r.shape.f, ctx: context.Background(), room: s.options.MaxMemory}
	r.names = r.shape.relation.names()
	r.width = 1 + len(r.names)
	r.rows = r.shape.relation.open(r.x, given, false)
	r.size = 16
}

// fill reads the next batch.
func (r *rowReader) fill(ctx context.Context, begin func()) (some bool) {
	if r.x != nil && r.x.err != nil {
		return false
	}
	var err error
	func() {
		defer r.shape.f.guard(debug.SetPanicOnFault(true), &err)
		begin()
		r.x.ctx = ctx
		if r.shape.store.closed.Load() {
			r.x.err = ErrClosed
		} else if r.x.err == nil {
			r.x.err = context.Cause(ctx)
		}
		r.at, r.batch = 0, r.batch[:0]
		for len(r.batch) < r.size*r.width && !r.ended && r.x.err == nil {
			r.batch = append(r.batch, make([]uint32, r.width)...)
			if !r.rows.next(r.batch[len(r.batch)-r.width:]) {
				r.batch = r.batch[:len(r.batch)-r.width]
				r.ended = true
			}
		}
		r.size = min(2*r.size, 1024)
	}()
	if err != nil {
		if r.x == nil {
			r.x = &execution{f: r.shape.f}
		}
		r.x.err = err
	}
	return r.x.err == nil && len(r.batch) > 0
}

func (r *rowReader) row() []uint32 {
	if r.at >= len(r.batch) {
		return nil
	}
	return r.batch[r.at : r.at+r.width]
}

// Result returns the value of the row.
func (r *rowReader) Result() cayley.Ref {
	row := r.row()
	if row == nil || row[0] == 0 {
		return nil
	}
	return r.shape.refs.of(r.shape.f, row[0])
}

// TagResults returns the tags of the row.
func (r *rowReader) TagResults(to map[string]cayley.Ref) {
	row := r.row()
	if row == nil {
		return
	}
	for i, name := range r.names {
		switch id := row[1+i]; id {
		case absent:
		case 0:
			to[name] = nil
		default:
			to[name] = r.shape.refs.of(r.shape.f, id)
		}
	}
}

// RowTags returns the names of the tags that every row may have.
func (r *rowReader) RowTags() []string { return r.shape.relation.names() }

// RowRefs copies the tags of the row, in the order of their names: nil for one that it does not have.
func (r *rowReader) RowRefs(into []cayley.Ref) {
	row := r.row()
	if row == nil {
		return
	}
	for i := range into {
		into[i] = nil
		if id := row[1+i]; id != absent && id != 0 {
			into[i] = r.shape.refs.of(r.shape.f, id)
		}
	}
}

// rowsScan yields all rows.
type rowsScan struct{ rowReader }

func (r *rowsScan) Next(ctx context.Context) bool {
	r.at += r.width
	if r.at < len(r.batch) {
		return true
	}
	return r.fill(ctx, func() {
		if r.x == nil {
			r.open(false)
			r.rows.begin(0)
		}
	})
}

// rowsIndex yields the rows of one value at a time.
type rowsIndex struct{ rowReader }

func (r *rowsIndex) Contains(ctx context.Context, ref cayley.Ref) bool {
	id, err := numberIn(r.shape.f, ref)
	if err == nil && id == 0 {
		r.batch = r.batch[:0]
		return false
	}
	return r.fill(ctx, func() {
		if r.x == nil {
			r.open(true)
			r.x.err = err
		}
		r.ended, r.size = false, 1
		r.rows.begin(id)
	})
}

func (r *rowsIndex) NextPath(ctx context.Context) bool {
	if r.x == nil {
		return false
	}
	r.at += r.width
	if r.at < len(r.batch) {
		return true
	}
	return r.fill(ctx, func() {})
}
