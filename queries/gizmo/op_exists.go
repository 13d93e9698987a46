package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
)

// existsOp keeps each node of another op once. Asked about single nodes it remembers its answers.
type existsOp struct {
	from op
	probing
	memo map[any]bool // answers given; when full: the nodes, and nothing else is one
	full bool
}

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
	if o.soon() && !fromSource(o.from) && o.try(x, func() bool { return o.collect(x) }) {
		return o.memo[k]
	}
	start := x.ticks
	found := has(x, o.from, ref)
	if x.err != nil || !x.hold(setEntry) {
		return false
	}
	if o.memo == nil {
		o.memo = make(map[any]bool)
	}
	o.memo[k] = found
	if o.spent(x.ticks-start) && !fromSource(o.from) {
		o.try(x, func() bool { return o.collect(x) })
	}
	return found && x.err == nil
}

func (o *existsOp) collect(x *exec) bool {
	set := make(map[any]bool)
	o.full = o.from.scan(x, func(ref cayley.Ref) bool {
		k := x.key(ref)
		if set[k] {
			return true
		}
		set[k] = true
		return x.hold(setEntry)
	})
	if o.full {
		o.memo = set
	}
	return o.full
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
