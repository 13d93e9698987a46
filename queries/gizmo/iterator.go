package gizmo

import (
	"context"
	"maps"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/shape"
)

// rowsShape offers the rows of a shape of this package as an iterator, for a store whose own shape
// has one of ours within. It collects the rows when it is first asked.
type rowsShape struct {
	qs    cayley.QuadStore
	shape shape.Shape
	rows  []iteratorRow
	err   error
	ready bool
}

type iteratorRow struct {
	ref  cayley.Ref
	tags map[string]cayley.Ref
}

func newRowsIterator(qs cayley.QuadStore, s shape.Shape) cayley.Iterator {
	return cayley.NewLegacy(&rowsShape{qs: qs, shape: s}, nil)
}

func (s *rowsShape) collect(ctx context.Context) {
	if s.ready {
		return
	}
	s.ready = true
	q, err := askShape(newExec(ctx, s.qs, &meter{limit: Limits{}.withDefaults().Memory}), &builder{plain: true}, s.shape)
	if err != nil {
		s.err = err
		return
	}
	s.err = q.each(func(ref cayley.Ref) bool {
		r := iteratorRow{ref: ref, tags: make(map[string]cayley.Ref)}
		for i := range q.cols {
			if at := q.x.tag(q.cols[i].slots); at != nil {
				r.tags[q.cols[i].name] = at
			}
		}
		s.rows = append(s.rows, r)
		return q.x.hold(setEntry + refSize*int64(len(r.tags)))
	})
}

// String names the iterator in plans.
func (s *rowsShape) String() string { return "GizmoRows" }

// Iterate lists the rows.
func (s *rowsShape) Iterate() cayley.Scanner { return &rowsScan{s: s, at: -1} }

// Lookup finds the rows of single nodes.
func (s *rowsShape) Lookup() cayley.Index { return &rowsIndex{s: s} }

// Stats guesses: the rows are not known before they are asked for.
func (s *rowsShape) Stats(context.Context) (cayley.IteratorCosts, error) {
	return cayley.IteratorCosts{NextCost: 10, ContainsCost: 100, Size: cayley.Size{Size: 1000}}, nil
}

// Optimize has nothing to offer.
func (s *rowsShape) Optimize(context.Context) (cayley.IteratorShape, bool) { return s, false }

// SubIterators has none.
func (s *rowsShape) SubIterators() []cayley.IteratorShape { return nil }

type rowsScan struct {
	s  *rowsShape
	at int
}

// Next goes to the next row.
func (r *rowsScan) Next(ctx context.Context) bool {
	r.s.collect(ctx)
	r.at++
	return r.s.err == nil && r.at < len(r.s.rows)
}

// NextPath has nothing: each row is one of Next.
func (r *rowsScan) NextPath(context.Context) bool { return false }

// Result is the node of the row.
func (r *rowsScan) Result() cayley.Ref {
	if r.at < 0 || r.at >= len(r.s.rows) {
		return nil
	}
	return r.s.rows[r.at].ref
}

// TagResults adds the tags of the row.
func (r *rowsScan) TagResults(dst map[string]cayley.Ref) {
	if r.at >= 0 && r.at < len(r.s.rows) {
		maps.Copy(dst, r.s.rows[r.at].tags)
	}
}

// Err is why the rows ended.
func (r *rowsScan) Err() error { return r.s.err }

// Close has nothing to close.
func (r *rowsScan) Close() error { return nil }

// String names the iterator in plans.
func (r *rowsScan) String() string { return r.s.String() }

type rowsIndex struct {
	s    *rowsShape
	rows map[any][]iteratorRow
	now  []iteratorRow // those of the node asked for, the current one first
}

// Contains finds the rows of a node.
func (r *rowsIndex) Contains(ctx context.Context, v cayley.Ref) bool {
	if r.rows == nil {
		r.s.collect(ctx)
		r.rows = make(map[any][]iteratorRow)
		for _, row := range r.s.rows {
			k := cayley.ToKey(row.ref)
			r.rows[k] = append(r.rows[k], row)
		}
	}
	r.now = r.rows[cayley.ToKey(v)]
	return r.s.err == nil && len(r.now) > 0
}

// NextPath goes to the next row of the node.
func (r *rowsIndex) NextPath(context.Context) bool {
	if len(r.now) < 2 {
		return false
	}
	r.now = r.now[1:]
	return true
}

// Result is the node asked for.
func (r *rowsIndex) Result() cayley.Ref {
	if len(r.now) == 0 {
		return nil
	}
	return r.now[0].ref
}

// TagResults adds the tags of the row.
func (r *rowsIndex) TagResults(dst map[string]cayley.Ref) {
	if len(r.now) > 0 {
		maps.Copy(dst, r.now[0].tags)
	}
}

// Err is why the rows ended.
func (r *rowsIndex) Err() error { return r.s.err }

// Close has nothing to close.
func (r *rowsIndex) Close() error { return nil }

// String names the iterator in plans.
func (r *rowsIndex) String() string { return r.s.String() }
