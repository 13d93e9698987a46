package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
)

// An op is a shape made ready to run. Rows are handed on by calls, not collected: while yield runs,
// the row's node is its argument and the row's tags are in the slots.
type op interface {
	// scan yields every row; it returns false when yield did, or when the run failed.
	scan(x *exec, yield func(cayley.Ref) bool) bool
	// match yields each row whose node is ref, in the same way.
	match(x *exec, ref cayley.Ref, yield func() bool) bool
	// size estimates the number of rows.
	size(x *exec) float64
	// tagged reports whether rows carry tags; one row a node is as good as another where not.
	tagged() bool
	// label names the op in a plan, and children are the ops within it.
	label(x *exec) string
	children() []op
}

// stop is the continuation of a search that is content with one row.
func stop() bool { return false }

// has reports whether an op has a row with the node.
func has(x *exec, o op, ref cayley.Ref) bool {
	if p, ok := o.(*probeOp); ok {
		return p.has(x, ref)
	}
	return !o.match(x, ref, stop) && x.err == nil
}

// nullOp has no rows.
type nullOp struct{}

func (nullOp) scan(*exec, func(cayley.Ref) bool) bool    { return true }
func (nullOp) match(*exec, cayley.Ref, func() bool) bool { return true }
func (nullOp) size(*exec) float64                        { return 0 }
func (nullOp) tagged() bool                              { return false }
func (nullOp) label(*exec) string                        { return "nothing" }
func (nullOp) children() []op                            { return nil }

// allOp is every node.
type allOp struct{}

func (allOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return x.each(x.store.NodesAllIterator(), yield)
}

func (allOp) match(_ *exec, ref cayley.Ref, yield func() bool) bool {
	return ref == nil || yield()
}

func (allOp) size(x *exec) float64 {
	n, _ := x.stats()
	return n
}
func (allOp) tagged() bool       { return false }
func (allOp) label(*exec) string { return "all nodes" }
func (allOp) children() []op     { return nil }

// fixedOp is a list of nodes.
type fixedOp struct {
	refs   []cayley.Ref
	source bool        // the nodes are those from which a recursion goes on, and change
	set    map[any]int // how often each is in the list, built when the list is long and asked often
}

func (o *fixedOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	for _, r := range o.refs {
		if !x.tick() || !yield(r) {
			return false
		}
	}
	return x.err == nil
}

func (o *fixedOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if len(o.refs) <= 4 {
		for _, r := range o.refs {
			if x.same(r, ref) && !yield() {
				return false
			}
		}
		return true
	}
	if o.set == nil {
		o.set = make(map[any]int, len(o.refs))
		if !x.hold(int64(len(o.refs)) * setEntry) {
			return false
		}
		for _, r := range o.refs {
			o.set[x.key(r)]++
		}
	}
	for range o.set[x.key(ref)] {
		if !yield() {
			return false
		}
	}
	return true
}

func (o *fixedOp) size(*exec) float64 { return float64(len(o.refs)) }
func (o *fixedOp) tagged() bool       { return false }
func (o *fixedOp) children() []op     { return nil }

// setEntry is what an entry of a set of nodes costs, roughly: key, value, and the map's slack.
const setEntry = 64

// saveOp tags the nodes of another op.
type saveOp struct {
	from  op
	slots []int
}

func (o *saveOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return o.from.scan(x, func(ref cayley.Ref) bool {
		o.set(x, ref)
		ok := yield(ref)
		o.set(x, nil)
		return ok
	})
}

func (o *saveOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.from.match(x, ref, func() bool {
		o.set(x, ref)
		ok := yield()
		o.set(x, nil)
		return ok
	})
}

func (o *saveOp) set(x *exec, ref cayley.Ref) {
	for _, s := range o.slots {
		x.slots[s] = ref
	}
}

func (o *saveOp) size(x *exec) float64 { return o.from.size(x) }
func (o *saveOp) tagged() bool         { return true }
func (o *saveOp) children() []op       { return []op{o.from} }

// fixedTagsOp adds the same tags to every row.
type fixedTagsOp struct {
	from  op
	slots []int
	refs  []cayley.Ref
}

func (o *fixedTagsOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return o.from.scan(x, func(ref cayley.Ref) bool {
		o.set(x, true)
		ok := yield(ref)
		o.set(x, false)
		return ok
	})
}

func (o *fixedTagsOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.from.match(x, ref, func() bool {
		o.set(x, true)
		ok := yield()
		o.set(x, false)
		return ok
	})
}

func (o *fixedTagsOp) set(x *exec, on bool) {
	for i, s := range o.slots {
		if on {
			x.slots[s] = o.refs[i]
		} else {
			x.slots[s] = nil
		}
	}
}

func (o *fixedTagsOp) size(x *exec) float64 { return o.from.size(x) }
func (o *fixedTagsOp) tagged() bool         { return true }
func (o *fixedTagsOp) label(*exec) string   { return "fixed tags" }
func (o *fixedTagsOp) children() []op       { return []op{o.from} }

// unionOp is the rows of one op after those of another.
type unionOp struct{ subs []op }

func (o *unionOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	for _, s := range o.subs {
		if !s.scan(x, yield) {
			return false
		}
	}
	return true
}

func (o *unionOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	for _, s := range o.subs {
		if !s.match(x, ref, yield) {
			return false
		}
	}
	return true
}

func (o *unionOp) size(x *exec) float64 {
	n := 0.0
	for _, s := range o.subs {
		n += s.size(x)
	}
	return n
}

func (o *unionOp) tagged() bool       { return taggedOps(o.subs) }
func (o *unionOp) label(*exec) string { return "either" }
func (o *unionOp) children() []op     { return o.subs }

// exceptOp is the rows of one op whose nodes another op does not have.
type exceptOp struct {
	from    op
	exclude *existsOp
}

func (o *exceptOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return o.from.scan(x, func(ref cayley.Ref) bool {
		if o.exclude.has(x, ref) {
			return true
		}
		return x.err == nil && yield(ref)
	})
}

func (o *exceptOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if o.exclude.has(x, ref) {
		return true
	}
	return x.err == nil && o.from.match(x, ref, yield)
}

func (o *exceptOp) size(x *exec) float64 { return o.from.size(x) }
func (o *exceptOp) tagged() bool         { return o.from.tagged() }
func (o *exceptOp) label(*exec) string   { return "except" }
func (o *exceptOp) children() []op       { return []op{o.from, o.exclude} }

func taggedOps(ops []op) bool {
	for _, o := range ops {
		if o.tagged() {
			return true
		}
	}
	return false
}
