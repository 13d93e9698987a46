package gizmo

import (
	"cmp"
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
)

// joinOp is the rows of several ops that agree in their node; those of opts are added where they are.
type joinOp struct {
	subs, opts []op
	order      []op // subs, those that cost least first
}

func (o *joinOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	first, rest := o.plan(x)
	if x.err != nil {
		return false
	}
	if len(o.opts) == 0 && len(rest) == 1 && !rest[0].tagged() {
		if e, ok := rest[0].(*existsOp); ok {
			return first.scan(x, func(ref cayley.Ref) bool {
				if !e.has(x, ref) {
					return x.err == nil
				}
				return yield(ref)
			})
		}
	}
	return first.scan(x, func(ref cayley.Ref) bool {
		return o.rest(x, rest, ref, func() bool {
			return o.optional(x, o.opts, ref, func() bool { return yield(ref) })
		})
	})
}

func (o *joinOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if o.order == nil {
		o.order = slices.Clone(o.subs)
		slices.SortStableFunc(o.order, func(a, b op) int { return cmp.Compare(effort(a), effort(b)) })
	}
	return o.rest(x, o.order, ref, func() bool {
		return o.optional(x, o.opts, ref, yield)
	})
}

// plan chooses the op with the fewest rows to scan, and asks the others in the order of their effort.
func (o *joinOp) plan(x *exec) (first op, rest []op) {
	best, n := 0, o.subs[0].size(x)
	for i, s := range o.subs[1:] {
		if m := s.size(x); m < n {
			best, n = i+1, m
		}
	}
	rest = slices.Delete(slices.Clone(o.subs), best, best+1)
	for _, s := range rest {
		if s.size(x) <= alike*n {
			early(s)
		}
	}
	slices.SortStableFunc(rest, func(a, b op) int { return cmp.Compare(effort(a), effort(b)) })
	return o.subs[best], rest
}

// early has an op collect its rows soon.
func early(o op) {
	switch o := o.(type) {
	case *existsOp:
		o.early = true
	case *probeOp:
		o.early = true
	}
}

// effort ranks ops by what one match costs.
func effort(o op) int {
	switch o := o.(type) {
	case *probeOp:
		return effort(o.op)
	case nullOp, allOp, *fixedOp:
		return 0
	case *valueOp:
		return 1 + effort(o.from)
	case *saveOp:
		return effort(o.from)
	case *quadsOp:
		n := 2
		for i := range o.conds {
			if o.conds[i].ref == nil {
				n += effort(o.conds[i].node)
			}
		}
		return n
	case *pageOp, *orderOp, *recursiveOp, *leafOp:
		return 100
	default:
		n := 1
		for _, c := range o.children() {
			n += effort(c)
		}
		return n
	}
}

func (o *joinOp) rest(x *exec, subs []op, ref cayley.Ref, yield func() bool) bool {
	for i, s := range subs {
		if e, ok := s.(*existsOp); ok {
			if !e.has(x, ref) {
				return x.err == nil
			}
			continue
		}
		return s.match(x, ref, func() bool { return o.rest(x, subs[i+1:], ref, yield) })
	}
	return yield()
}

// optional adds the rows of each op, or none where it has none.
func (o *joinOp) optional(x *exec, opts []op, ref cayley.Ref, yield func() bool) bool {
	if len(opts) == 0 {
		return yield()
	}
	found := false
	ok := opts[0].match(x, ref, func() bool {
		found = true
		return o.optional(x, opts[1:], ref, yield)
	})
	if !ok || found {
		return ok
	}
	return o.optional(x, opts[1:], ref, yield)
}

func (o *joinOp) size(x *exec) float64 {
	n := o.subs[0].size(x)
	for _, s := range o.subs[1:] {
		n = min(n, s.size(x))
	}
	return n
}

func (o *joinOp) tagged() bool { return taggedOps(o.subs) || taggedOps(o.opts) }

func (o *joinOp) children() []op { return append(slices.Clone(o.subs), o.opts...) }
