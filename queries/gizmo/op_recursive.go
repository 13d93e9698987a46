package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// recursiveOp follows a path from the nodes of another op, then from where it led, and so on. Each
// node is met once, at its smallest depth, for each set of tags that the rows brought along.
type recursiveOp struct {
	from   op
	before span     // the tags of from
	along  op       // one step, from the nodes of source
	source *fixedOp // where the next step starts
	max    int      // steps at most; zero: no limit
	depth  []int    // slots for the number of steps
	kept   collected
}

type startGroup struct {
	tags  []cayley.Ref
	nodes []cayley.Ref
}

func (o *recursiveOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	// Rows with equal tags start together, so that a plain closure is searched once.
	var groups []*startGroup
	byTags := newRowSet(x, o.before)
	index := make(map[string]*startGroup)
	if !o.from.scan(x, func(ref cayley.Ref) bool {
		byTags.buf = byTags.buf[:0]
		for _, r := range x.slots[o.before.lo:o.before.hi] {
			byTags.buf = byTags.id(byTags.buf, r)
		}
		g := index[string(byTags.buf)]
		if g == nil {
			g = &startGroup{tags: x.keep(o.before)}
			index[string(byTags.buf)] = g
			groups = append(groups, g)
		}
		g.nodes = append(g.nodes, ref)
		return x.hold(setEntry)
	}) {
		return false
	}
	for _, g := range groups {
		if !x.with(o.before, g.tags, func() bool { return o.closure(x, g.nodes, yield) }) {
			return false
		}
	}
	return true
}

func (o *recursiveOp) closure(x *exec, frontier []cayley.Ref, yield func(cayley.Ref) bool) bool {
	seen := make(map[any]struct{})
	for depth := 1; len(frontier) > 0 && (o.max <= 0 || depth <= o.max); depth++ {
		var next []cayley.Ref
		o.source.refs, o.source.set = frontier, nil
		reset(o.along)
		if !o.along.scan(x, func(ref cayley.Ref) bool {
			k := x.key(ref)
			if _, ok := seen[k]; ok {
				return true
			}
			seen[k] = struct{}{}
			next = append(next, ref)
			for _, s := range o.depth {
				x.slots[s] = cayley.PreFetched(quad.Int(depth))
			}
			ok := x.hold(setEntry+refSize) && yield(ref)
			for _, s := range o.depth {
				x.slots[s] = nil
			}
			return ok
		}) {
			return false
		}
		frontier = next
	}
	return true
}

// reset makes ops forget the rows they collected, because the nodes that they start from changed.
func reset(o op) {
	switch o := o.(type) {
	case *pageOp:
		o.kept.reset()
	case *backOp:
		o.kept.reset()
	case *recursiveOp:
		o.kept.reset()
	case *fixedOp:
		o.set = nil
	}
	for _, c := range o.children() {
		reset(c)
	}
}

func (o *recursiveOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.kept.match(x, o, ref, yield)
}

func (o *recursiveOp) size(x *exec) float64 { return 10 * o.from.size(x) }
func (o *recursiveOp) tagged() bool         { return o.kept.lo != o.kept.hi }
func (o *recursiveOp) label(*exec) string   { return "again and again" }
func (o *recursiveOp) children() []op       { return []op{o.from, o.along} }
