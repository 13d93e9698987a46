package gizmo

import (
	"fmt"
	"math"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// quadsOp goes over the quads that meet its conditions and yields the node at one end.
type quadsOp struct {
	result quad.Direction
	conds  []cond
	saves  []save // tags for the nodes of a quad, whatever they are

	rows  float64 // the estimate, once made: it asks the whole tree below
	sized bool
}

// cond says which nodes a quad may have in one direction.
type cond struct {
	dir  quad.Direction
	ref  cayley.Ref // the only one, or nil
	node op         // used when ref is nil
}

// save tags the node that a quad has in one direction.
type save struct {
	dir   quad.Direction
	slots []int
}

func (o *quadsOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	d := o.driver(x)
	if x.err != nil {
		return false
	}
	visit := func(q cayley.Ref) bool {
		return o.check(x, q, 0, d, func() bool {
			ref := x.store.QuadDirection(q, o.result)
			return ref == nil || yield(ref)
		})
	}
	if len(o.saves) == 0 && o.simple(d) {
		visit = func(q cayley.Ref) bool {
			if !o.passes(x, q, d) {
				return x.err == nil
			}
			ref := x.store.QuadDirection(q, o.result)
			return ref == nil || yield(ref)
		}
	}
	if x.view != nil {
		return o.scanView(x, d, visit)
	}
	if d < 0 {
		return x.each(x.store.QuadsAllIterator(), visit)
	}
	c := &o.conds[d]
	if c.ref != nil {
		return x.each(x.store.QuadIterator(c.dir, c.ref), visit)
	}
	return c.node.scan(x, func(ref cayley.Ref) bool {
		return x.each(x.store.QuadIterator(c.dir, ref), visit)
	})
}

// scanView has the view find the quads that meet all conditions of one node.
func (o *quadsOp) scanView(x *exec, driver int, visit func(cayley.Ref) bool) bool {
	nodes, ok := o.nodes(x)
	if !ok {
		return true
	}
	if driver < 0 || o.conds[driver].ref != nil {
		return x.matched(nodes, visit)
	}
	c := &o.conds[driver]
	at := place(c.dir)
	fixed := nodes[at]
	return c.node.scan(x, func(ref cayley.Ref) bool {
		if fixed != nil && !x.same(fixed, ref) {
			return true
		}
		nodes[at] = ref
		return x.matched(nodes, visit)
	})
}

// nodes are those of the conditions that leave no choice; ok is false where two contradict each other.
func (o *quadsOp) nodes(x *exec) (nodes [4]cayley.Ref, ok bool) {
	for i := range o.conds {
		c := &o.conds[i]
		if c.ref == nil {
			continue
		}
		at := place(c.dir)
		if nodes[at] != nil && !x.same(nodes[at], c.ref) {
			return nodes, false
		}
		nodes[at] = c.ref
	}
	return nodes, true
}

// matchView is match over a view.
func (o *quadsOp) matchView(x *exec, ref cayley.Ref, yield func() bool) bool {
	nodes, ok := o.nodes(x)
	at := place(o.result)
	if !ok || nodes[at] != nil && !x.same(nodes[at], ref) {
		return true
	}
	nodes[at] = ref
	simple := len(o.saves) == 0 && o.simple(-1)
	scan := x.view.MatchQuads(nodes)
	ok = x.tick()
	for ok && scan.Next(x.ctx) {
		q := scan.Result()
		switch {
		case !x.tick():
			ok = false
		case !simple:
			ok = o.check(x, q, 0, -1, yield)
		case o.passes(x, q, -1):
			ok = yield()
		default:
			ok = x.err == nil
		}
	}
	return x.closed(scan) && ok
}

func (o *quadsOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if ref == nil {
		return true
	}
	if x.view != nil {
		return o.matchView(x, ref, yield)
	}
	// Go over the quads of the node, or over those of a fixed condition when they are fewer.
	best, n := -1, math.Inf(1)
	for i := range o.conds {
		c := &o.conds[i]
		if c.ref == nil {
			continue
		}
		if n == math.Inf(1) {
			n = x.count(o.result, ref)
			if n == 0 {
				return x.err == nil
			}
		}
		if m := x.count(c.dir, c.ref); m < n {
			best, n = i, m
		}
	}
	simple := len(o.saves) == 0 && o.simple(best)
	visit := func(q cayley.Ref) bool {
		if best >= 0 && !x.same(x.store.QuadDirection(q, o.result), ref) {
			return true
		}
		if simple {
			if !o.passes(x, q, best) {
				return x.err == nil
			}
			return yield()
		}
		return o.check(x, q, 0, best, yield)
	}
	if best < 0 {
		return x.each(x.store.QuadIterator(o.result, ref), visit)
	}
	return x.each(x.store.QuadIterator(o.conds[best].dir, o.conds[best].ref), visit)
}

// driver chooses the condition that leaves the fewest quads to look at; -1 when there is none.
func (o *quadsOp) driver(x *exec) int {
	best, n := -1, math.Inf(1)
	for i := range o.conds {
		if m := o.estimate(x, &o.conds[i]); m < n {
			best, n = i, m
		}
	}
	return best
}

func (o *quadsOp) estimate(x *exec, c *cond) float64 {
	if c.ref != nil {
		if x.view != nil {
			return o.countView(x)
		}
		return x.count(c.dir, c.ref)
	}
	switch c.node.(type) {
	case *noteOp:
		return math.Inf(1) // says nothing about which quads
	case allOp:
		_, quads := x.stats()
		return 2 * quads
	}
	nodes, quads := x.stats()
	n := c.node.size(x)
	each := quads / nodes
	if c.dir == quad.Predicate {
		each = math.Sqrt(quads) // few predicates, many quads
	}
	if f, ok := c.node.(*fixedOp); ok && len(f.refs) <= 16 {
		n = 0
		for _, r := range f.refs {
			n += x.count(c.dir, r)
		}
		return n
	}
	return n * max(1, each)
}

// countView is how many quads meet the conditions that leave no choice.
func (o *quadsOp) countView(x *exec) float64 {
	nodes, ok := o.nodes(x)
	if !ok {
		return 0
	}
	n, err := x.view.CountQuads(nodes)
	if err != nil {
		x.fail(fmt.Errorf("reading the store: %w", err))
	}
	return float64(n)
}

// simple reports whether the conditions can be checked without collecting tags.
func (o *quadsOp) simple(driver int) bool {
	for i := range o.conds {
		if c := &o.conds[i]; i != driver && c.ref == nil && c.node.tagged() {
			return false
		}
	}
	return true
}

// passes checks the conditions of a quad, none of which tags.
func (o *quadsOp) passes(x *exec, q cayley.Ref, driver int) bool {
	for i := range o.conds {
		c := &o.conds[i]
		if i == driver || c.ref != nil && x.view != nil {
			continue
		}
		ref := x.store.QuadDirection(q, c.dir)
		if c.ref != nil {
			if !x.same(ref, c.ref) {
				return false
			}
		} else if ref == nil || !has(x, c.node, ref) {
			return false
		}
	}
	return true
}

// check goes through the conditions from the i-th on and yields for each way to meet them.
func (o *quadsOp) check(x *exec, q cayley.Ref, i, driver int, yield func() bool) bool {
	for ; i < len(o.conds); i++ {
		c := &o.conds[i]
		if i == driver || c.ref != nil && x.view != nil {
			continue
		}
		ref := x.store.QuadDirection(q, c.dir)
		if c.ref != nil {
			if !x.same(ref, c.ref) {
				return true
			}
			continue
		}
		if _, ok := c.node.(*noteOp); !ok && ref == nil {
			return true
		}
		if !c.node.tagged() {
			if !has(x, c.node, ref) {
				return x.err == nil
			}
			continue
		}
		return c.node.match(x, ref, func() bool { return o.check(x, q, i+1, driver, yield) })
	}
	for _, s := range o.saves {
		ref := x.store.QuadDirection(q, s.dir)
		for _, slot := range s.slots {
			x.slots[slot] = ref
		}
	}
	ok := yield()
	for _, s := range o.saves {
		for _, slot := range s.slots {
			x.slots[slot] = nil
		}
	}
	return ok
}

func (o *quadsOp) size(x *exec) float64 {
	if !o.sized {
		_, o.rows = x.stats()
		for i := range o.conds {
			o.rows = min(o.rows, o.estimate(x, &o.conds[i]))
		}
		o.sized = true
	}
	return o.rows
}

func (o *quadsOp) tagged() bool {
	if len(o.saves) > 0 {
		return true
	}
	for i := range o.conds {
		if c := &o.conds[i]; c.ref == nil && c.node.tagged() {
			return true
		}
	}
	return false
}

func (o *quadsOp) children() []op {
	var out []op
	for i := range o.conds {
		if o.conds[i].ref == nil {
			out = append(out, o.conds[i].node)
		}
	}
	return out
}

// noteOp stands on the labels of quads: it tags the label, and lets a quad without one pass.
type noteOp struct{ slots []int }

func (o *noteOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return (&saveOp{from: allOp{}, slots: o.slots}).scan(x, yield)
}

func (o *noteOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	for _, s := range o.slots {
		x.slots[s] = ref
	}
	ok := yield()
	for _, s := range o.slots {
		x.slots[s] = nil
	}
	return ok
}

func (o *noteOp) size(x *exec) float64 { return allOp{}.size(x) }
func (o *noteOp) tagged() bool         { return len(o.slots) > 0 }
func (o *noteOp) label(*exec) string   { return "the label, if any" }
func (o *noteOp) children() []op       { return nil }
