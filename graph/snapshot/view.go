package snapshot

import (
	"context"
	"runtime/debug"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// A View is the store as one question sees it: one generation, whatever is edited meanwhile, and
// references that are made once for each node. One goroutine at a time may use it, for one question;
// another question gets another view, which costs next to nothing.
type View struct {
	*Store

	f    *file
	refs refs
	free []*matchScan // searches that have ended
}

var (
	_ cayley.QuadStore      = (*View)(nil)
	_ cayley.BatchQuadStore = (*View)(nil)
	_ shape.Optimizer       = (*View)(nil)
)

// QuestionView returns a view of what the store holds now.
func (s *Store) QuestionView() (cayley.QuadStore, error) {
	f, err := s.file()
	if err != nil {
		return nil, err
	}
	return &View{Store: s, f: f, refs: refs{f: f}}, nil
}

// Close does nothing: the store stays open.
func (v *View) Close() error { return nil }

// Held returns how many bytes the view has taken for references.
func (v *View) Held() int64 { return v.refs.held }

// MatchQuads yields the quads that have the given nodes; nil stands for any node, and for no label as
// well. The nodes are in the order of subject, predicate, object and label. A quad is good until the
// next one, and the scanner until it is closed.
func (v *View) MatchQuads(nodes [4]cayley.Ref) cayley.Scanner {
	var m *matchScan
	if n := len(v.free); n > 0 {
		m, v.free = v.free[n-1], v.free[:n-1]
	} else {
		m = &matchScan{view: v}
	}
	m.at, m.n, m.size = 0, 0, firstBatch
	m.found, m.err = v.find(nodes)
	return m
}

// firstBatch is how many quads are read at first: who looks for one reads no more than it needs.
const firstBatch = 4

// matchScan reads the quads of one search. A view uses them again.
type matchScan struct {
	leaf
	view  *View
	found match
	links [matchBatch]link
	at, n int // of the quad after the current one, of all in the batch
	size  int // of the next batch
	err   error
}

// Next goes to the next quad.
func (m *matchScan) Next(ctx context.Context) bool {
	if m.at < m.n {
		m.at++
		return true
	}
	m.n = 0
	if m.err == nil && m.found.rows.len() > 0 {
		m.err = m.fill(ctx)
	}
	m.at = min(1, m.n)
	return m.err == nil && m.n > 0
}

func (m *matchScan) fill(ctx context.Context) (err error) {
	if m.view.closed.Load() {
		return ErrClosed
	}
	defer m.view.f.guard(debug.SetPanicOnFault(true), &err)
	for m.n == 0 && m.found.rows.len() > 0 {
		if m.size > firstBatch {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		m.n = m.found.read(m.view.f, m.links[:m.size])
		m.size = matchBatch
	}
	return nil
}

// Result is the current quad.
func (m *matchScan) Result() cayley.Ref {
	if m.at == 0 || m.at > m.n {
		return nil
	}
	return &m.links[m.at-1]
}

// Err is why the quads ended early.
func (m *matchScan) Err() error { return m.err }

// Close gives the scanner back.
func (m *matchScan) Close() error {
	m.view.free = append(m.view.free, m)
	return nil
}

// String names the scanner in plans.
func (m *matchScan) String() string { return "SnapshotMatch" }

// CountQuads returns how many quads have the given nodes; where none of the orders tells, how many
// would have to be looked at.
func (v *View) CountQuads(nodes [4]cayley.Ref) (int64, error) {
	found, err := v.find(nodes)
	return int64(found.rows.len()), err
}

// find finds the rows to look at. The guard is up here, so that it is not where yield runs.
func (v *View) find(nodes [4]cayley.Ref) (found match, err error) {
	if v.closed.Load() {
		return match{}, ErrClosed
	}
	defer v.f.guard(debug.SetPanicOnFault(true), &err)
	var w want
	for i, id := range [4]*uint32{&w.s, &w.p, &w.o, &w.l} {
		if nodes[i] == nil {
			continue
		}
		if *id, err = numberIn(v.f, nodes[i]); err != nil || *id == 0 {
			return match{}, err
		}
	}
	return v.f.matching(w), nil
}

// OptimizeShape recognises the shapes that can be run over the orders.
func (v *View) OptimizeShape(in shape.Shape) (shape.Shape, bool) {
	return v.optimizeShape(v.f, in)
}

// ValueOf returns the reference of a value, nil where the view does not have it.
func (v *View) ValueOf(value quad.Value) cayley.Ref {
	if value == nil {
		return nil
	}
	id, err := v.f.findValue(value)
	if v.closed.Load() {
		err = ErrClosed
	}
	if err != nil || id == 0 {
		v.note(err)
		return nil
	}
	return v.refs.node(id)
}

// RefsOf returns the references of values; one that is not there is an error.
func (v *View) RefsOf(ctx context.Context, values []quad.Value) ([]cayley.Ref, error) {
	list, err := v.refsOf(ctx, v.f, values)
	for i, ref := range list {
		n, _ := asNode(ref)
		list[i] = v.refs.node(n.id)
	}
	return list, err
}

// QuadDirection returns one part of a quad, nil for a label that is not there.
func (v *View) QuadDirection(ref cayley.Ref, d quad.Direction) cayley.Ref {
	var q *link
	switch ref := ref.(type) {
	case *link:
		q = ref
	case link:
		q = &ref
	default:
		return nil
	}
	id := q.get(d)
	if id == 0 {
		return nil
	}
	return v.refs.of(q.f, id)
}

// QuadIterator yields the quads that have a value in a direction.
func (v *View) QuadIterator(d quad.Direction, ref cayley.Ref) cayley.Iterator {
	if ref == nil || d < quad.Subject || d > quad.Label {
		return iterator.NewNull()
	}
	if size, err := v.QuadIteratorSize(context.Background(), d, ref); err == nil && size.Size == 0 {
		return iterator.NewNull()
	}
	return legacy(&quadsShape{store: v.Store, view: v, direction: d, value: ref})
}

// QuadIteratorSize returns exactly how many quads have a value in a direction.
func (v *View) QuadIteratorSize(_ context.Context, d quad.Direction, ref cayley.Ref) (cayley.Size, error) {
	id, err := numberIn(v.f, ref)
	if err != nil || id == 0 {
		return cayley.Size{Exact: true}, err
	}
	n, err := v.f.countOf(d, id)
	return cayley.Size{Size: int64(n), Exact: true}, err
}

// NodesAllIterator yields all values.
func (v *View) NodesAllIterator() cayley.Iterator {
	return legacy(&nodesShape{store: v.Store, view: v})
}

// QuadsAllIterator yields all quads.
func (v *View) QuadsAllIterator() cayley.Iterator {
	return legacy(&quadsShape{store: v.Store, view: v})
}
