package snapshot

import (
	"context"
	"fmt"
	"runtime/debug"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// A legacyIterator is what the iterators here are in the older of Cayley's two interfaces, with the way
// back to the newer one.
type legacyIterator struct {
	shape cayley.IteratorShape
	cayley.Iterator
}

func legacy(s cayley.IteratorShape) cayley.Iterator {
	it := &legacyIterator{shape: s}
	it.Iterator = cayley.NewLegacy(s, it)
	return it
}

// AsShape returns the iterator in Cayley's newer interface.
func (it *legacyIterator) AsShape() cayley.IteratorShape {
	_ = it.Close() // never fails
	return it.shape
}

// leaf is what iterators without parts and without tags have in common.
type leaf struct{}

func (leaf) TagResults(map[string]cayley.Ref)     {}
func (leaf) NextPath(context.Context) bool        { return false }
func (leaf) SubIterators() []cayley.IteratorShape { return nil }
func (leaf) Close() error                         { return nil }

// batchRefs is how many quads or values an iterator reads from the file at a time.
const batchRefs = 128

// quadsShape stands for the quads that have a value in a direction, or for all quads.
type quadsShape struct {
	leaf
	store     *Store
	view      *View          // that asks, if it is one
	direction quad.Direction // quad.Any for all
	value     cayley.Ref
}

func (q *quadsShape) String() string                                        { return fmt.Sprintf("SnapshotQuads(%v)", q.direction) }
func (q *quadsShape) AsLegacy() cayley.Iterator                             { return legacy(q) }
func (q *quadsShape) Optimize(context.Context) (cayley.IteratorShape, bool) { return q, false }
func (q *quadsShape) Iterate() cayley.Scanner                               { return &quadsScan{shape: q} }

func (q *quadsShape) Lookup() cayley.Index { return &quadsIndex{shape: q} }

func (q *quadsShape) Stats(ctx context.Context) (costs cayley.IteratorCosts, err error) {
	costs = cayley.IteratorCosts{ContainsCost: 1, NextCost: 2}
	if q.direction == quad.Any {
		stats, err := q.store.Stats(ctx, true)
		costs.Size = stats.Quads
		return costs, err
	}
	costs.Size, err = q.store.QuadIteratorSize(ctx, q.direction, q.value)
	return costs, err
}

// seenBy returns the file that a view sees; the current one where there is none.
func (s *Store) seenBy(v *View) (*file, error) {
	if v == nil || s.closed.Load() {
		return s.file()
	}
	return v.f, nil
}

// start finds the file to read, and the number of the value there: 0 where it does not have it.
func (q *quadsShape) start() (f *file, id uint32, err error) {
	if f, err = q.store.seenBy(q.view); err != nil || q.direction == quad.Any {
		return f, 0, err
	}
	id, err = numberIn(f, q.value)
	return f, id, err
}

// quadsScan reads quads in the order that the direction leads.
type quadsScan struct {
	leaf
	shape *quadsShape
	f     *file
	id    uint32
	left  rows
	batch []link
	at    int // of the next one in the batch
	begun bool
	err   error
}

func (it *quadsScan) String() string { return it.shape.String() }
func (it *quadsScan) Err() error     { return it.err }

func (it *quadsScan) Result() cayley.Ref {
	if it.at == 0 || it.at > len(it.batch) {
		return nil
	}
	return it.batch[it.at-1]
}

func (it *quadsScan) Next(ctx context.Context) bool {
	if it.at < len(it.batch) {
		it.at++
		return true
	}
	if it.err == nil {
		it.err = it.fill(ctx)
	}
	if it.err != nil || len(it.batch) == 0 {
		it.at, it.batch = 0, nil
		return false
	}
	it.at = 1
	return true
}

func (it *quadsScan) fill(ctx context.Context) (err error) {
	it.batch = it.batch[:0]
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if it.f == nil {
		if it.f, it.id, err = it.shape.start(); err != nil {
			return err
		}
	}
	if it.shape.store.closed.Load() {
		return ErrClosed
	}
	f := it.f
	defer f.guard(debug.SetPanicOnFault(true), &err)
	if !it.begun {
		it.begin(f)
	}
	for it.left.lo < it.left.hi && len(it.batch) < batchRefs {
		switch it.shape.direction {
		case quad.Any:
			for it.left.lo >= f.spol.under(it.id).hi {
				it.id++
			}
			it.batch = append(it.batch, f.linkAt(quad.Subject, it.id, it.left.lo))
			it.left.lo++
		case quad.Subject:
			// From the last to the first: Cayley's recursive iterator mixes up the tags of nodes when it
			// meets them in the order in which they are asked for, and they are asked for in ours.
			it.left.hi--
			it.batch = append(it.batch, f.linkAt(quad.Subject, it.id, it.left.hi))
		default:
			it.batch = append(it.batch, f.linkAt(it.shape.direction, it.id, it.left.lo))
			it.left.lo++
		}
	}
	return nil
}

// begin finds the rows.
func (it *quadsScan) begin(f *file) {
	it.begun = true
	switch {
	case it.shape.direction == quad.Any:
		it.left, it.id = rows{0, f.spol.n}, f.spol.first
	case it.id != 0:
		it.left = f.rowsOf(it.shape.direction, it.id)
	}
	it.batch = make([]link, 0, min(it.left.len(), batchRefs))
}

// quadsIndex says whether a quad has the value.
type quadsIndex struct {
	leaf
	shape  *quadsShape
	f      *file
	id     uint32
	result cayley.Ref
	err    error
}

func (it *quadsIndex) String() string     { return it.shape.String() }
func (it *quadsIndex) Err() error         { return it.err }
func (it *quadsIndex) Result() cayley.Ref { return it.result }

func (it *quadsIndex) Contains(_ context.Context, ref cayley.Ref) bool {
	it.result = nil
	if it.f == nil && it.err == nil {
		it.f, it.id, it.err = it.shape.start()
	}
	if it.err != nil {
		return false
	}
	q, ok, err := linkIn(it.f, ref)
	if err != nil || !ok {
		it.err = err
		return false
	}
	if d := it.shape.direction; d != quad.Any && (it.id == 0 || q.get(d) != it.id) {
		return false
	}
	if asked, _ := asLink(ref); q.f != asked.f { // a quad of another generation may be gone
		if ok, it.err = it.f.has(q); !ok {
			return false
		}
	}
	it.result = ref
	return true
}

// nodesShape stands for all values.
type nodesShape struct {
	leaf
	store *Store
	view  *View // that asks, if it is one
}

func (n *nodesShape) String() string                                        { return "SnapshotNodes" }
func (n *nodesShape) AsLegacy() cayley.Iterator                             { return legacy(n) }
func (n *nodesShape) Optimize(context.Context) (cayley.IteratorShape, bool) { return n, false }
func (n *nodesShape) Iterate() cayley.Scanner                               { return &nodesScan{shape: n} }

func (n *nodesShape) Lookup() cayley.Index { return &nodesIndex{shape: n} }

func (n *nodesShape) Stats(ctx context.Context) (cayley.IteratorCosts, error) {
	stats, err := n.store.Stats(ctx, true)
	return cayley.IteratorCosts{ContainsCost: 1, NextCost: 1, Size: stats.Nodes}, err
}

// nodesScan counts from the first number to the last: it does not read the file at all.
type nodesScan struct {
	leaf
	shape *nodesShape
	f     *file
	id    uint32
	err   error
}

func (it *nodesScan) String() string { return it.shape.String() }
func (it *nodesScan) Err() error     { return it.err }

func (it *nodesScan) Result() cayley.Ref {
	if it.f == nil || it.id == 0 || it.id > it.f.trailer.Terms {
		return nil
	}
	if v := it.shape.view; v != nil {
		return v.refs.node(it.id)
	}
	return node{it.f, it.id}
}

func (it *nodesScan) Next(ctx context.Context) bool {
	if it.err != nil {
		return false
	}
	if it.f == nil {
		if it.f, it.err = it.shape.store.seenBy(it.shape.view); it.err != nil {
			return false
		}
	}
	if it.id%batchRefs == 0 {
		if it.err = context.Cause(ctx); it.err != nil {
			return false
		}
	}
	if it.id > it.f.trailer.Terms {
		return false
	}
	it.id++
	return it.id <= it.f.trailer.Terms
}

// nodesIndex says whether the store has a value.
type nodesIndex struct {
	leaf
	shape  *nodesShape
	result cayley.Ref
	err    error
}

func (it *nodesIndex) String() string     { return it.shape.String() }
func (it *nodesIndex) Err() error         { return it.err }
func (it *nodesIndex) Result() cayley.Ref { return it.result }

func (it *nodesIndex) Contains(_ context.Context, ref cayley.Ref) bool {
	it.result = nil
	f, err := it.shape.store.seenBy(it.shape.view)
	if err == nil {
		var id uint32
		if id, err = numberIn(f, ref); err == nil && id != 0 {
			it.result = ref
			return true
		}
	}
	it.err = err
	return false
}
