package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
)

// existsOp keeps each node of another op once. Asked about single nodes it first searches from the
// node; when it is asked often and the other op is not too large, it collects the nodes instead.
type existsOp struct {
	from  op
	asked int
	memo  map[any]bool // answers given; with full set: the nodes, and nothing else is one
	full  bool
}

// Asked this often, it pays to collect, if the estimate is below collectMax.
const (
	collectAfter = 32
	collectMax   = 1 << 20
)

func (o *existsOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	seen := make(map[any]struct{})
	return o.from.scan(x, func(ref cayley.Ref) bool {
		k := x.key(ref)
		if _, ok := seen[k]; ok {
			return true
		}
		seen[k] = struct{}{}
		return x.hold(setEntry) && yield(ref)
	})
}

func (o *existsOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if !o.has(x, ref) {
		return x.err == nil
	}
	return yield()
}

func (o *existsOp) has(x *exec, ref cayley.Ref) bool {
	if ref == nil {
		return false
	}
	if cheap(o.from) {
		return has(x, o.from, ref)
	}
	k := x.key(ref)
	if found, ok := o.memo[k]; ok || o.full {
		return found
	}
	o.asked++
	if o.asked == collectAfter && o.from.size(x) < collectMax {
		return o.collect(x, k)
	}
	found := has(x, o.from, ref)
	if x.err != nil || !x.hold(setEntry) {
		return false
	}
	if o.memo == nil {
		o.memo = make(map[any]bool)
	}
	o.memo[k] = found
	return found
}

func (o *existsOp) collect(x *exec, k any) bool {
	set := make(map[any]bool)
	if !o.from.scan(x, func(ref cayley.Ref) bool {
		k := x.key(ref)
		if set[k] {
			return true
		}
		set[k] = true
		return x.hold(setEntry)
	}) {
		return false
	}
	o.memo, o.full = set, true
	return set[k]
}

// cheap tells the ops whose match costs no more than a look into a set.
func cheap(o op) bool {
	switch o := o.(type) {
	case nullOp, allOp, *fixedOp, *existsOp:
		return true
	case *valueOp:
		return cheap(o.from)
	default:
		return false
	}
}

func (o *existsOp) size(x *exec) float64 { return o.from.size(x) }
func (o *existsOp) tagged() bool         { return false }
func (o *existsOp) label(*exec) string   { return "each node once" }
func (o *existsOp) children() []op       { return []op{o.from} }
