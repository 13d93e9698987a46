package gizmo

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// question is a path made ready to run.
type question struct {
	x      *exec
	root   op
	shape  shape.Shape
	span   span
	cols   []column // in the order of their names
	claims []int    // slots of noted labels, in the path's order
}

// column is a tag of the rows.
type column struct {
	name  string
	slots []int
	last  cayley.Ref // the reference named last, because neighbours often agree
	value quad.Value
}

// rewritesShapes reports whether a store has an optimiser for shapes.
func rewritesShapes(qs cayley.QuadStore) bool {
	_, ok := qs.(shape.Optimizer)
	return ok
}

// ask makes a path ready. Exact questions count rows, so that what they count must not depend on
// how a store rewrites them.
func ask(ctx context.Context, store cayley.QuadStore, mem *meter, p *path, claims, exact bool) (*question, error) {
	plain := !exact && !claims && rewritesShapes(store)
	b := &builder{plain: plain}
	s, err := b.path(p, claims)
	if err != nil {
		return nil, err
	}
	if plain {
		s, _ = shape.Optimize(s, store)
	}
	return askShape(newExec(ctx, store, mem), b, s)
}

func askShape(x *exec, b *builder, s shape.Shape) (*question, error) {
	c := &compiler{x: x, build: b}
	root, err := c.op(s)
	if err != nil {
		return nil, err
	}
	x.slots = make([]cayley.Ref, len(c.names))
	q := &question{x: x, root: root, shape: s, span: span{0, len(c.names)}}
	byName := make(map[string][]int)
	for i, name := range c.names {
		if name != "" {
			byName[name] = append(byName[name], i)
		}
	}
	var notes []string
	for name, slots := range byName {
		if strings.HasPrefix(name, claimTag) {
			notes = append(notes, name)
			continue
		}
		q.cols = append(q.cols, column{name: name, slots: slots})
	}
	slices.SortFunc(q.cols, func(a, b column) int { return strings.Compare(a.name, b.name) })
	sort.Strings(notes)
	for _, n := range notes {
		q.claims = append(q.claims, byName[n]...)
	}
	return q, nil
}

// each yields the node of every row; tags are read with row. It returns the error that ended it.
func (q *question) each(yield func(cayley.Ref) bool) error {
	defer q.x.close()
	if !q.x.alive() {
		return q.x.err
	}
	q.root.scan(q.x, yield)
	if q.x.view != nil && q.x.err == nil {
		if err := q.x.view.Err(); err != nil {
			q.x.fail(fmt.Errorf("reading the store: %w", err))
		}
	}
	return q.x.err
}

// maker turns references into rows.
type maker struct {
	q     *question
	arena []Tag // rows cut their tags off it, so that hundreds of rows cost one allocation
	size  int   // of the arena
}

// row makes the row of a node; ok is false when there is nothing to show.
func (m *maker) row(ref cayley.Ref) (r Row, ok bool) {
	q := m.q
	r.Value = q.x.name(ref)
	if n := len(q.cols); n > 0 {
		if cap(m.arena)-len(m.arena) < n {
			m.size = min(max(2*m.size, 4*n), max(64, n)*8) // most questions have few rows
			m.arena = make([]Tag, 0, m.size)
		}
		start := len(m.arena)
		for i := range q.cols {
			c := &q.cols[i]
			at := q.x.slots[c.slots[0]]
			if len(c.slots) > 1 {
				at = q.x.tag(c.slots)
			}
			if at == nil {
				continue
			}
			if c.last == nil || !q.x.same(c.last, at) {
				c.last, c.value = at, q.x.name(at)
			}
			if c.value != nil {
				m.arena = append(m.arena, Tag{c.name, c.value})
			}
		}
		r.Tags = m.arena[start:len(m.arena):len(m.arena)]
	}
	for _, s := range q.claims {
		if v := q.x.name(q.x.slots[s]); v != nil && !slices.Contains(r.Claims, v) {
			r.Claims = append(r.Claims, v)
		}
	}
	return r, r.Value != nil || len(r.Tags) > 0
}
