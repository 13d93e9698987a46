package gizmo

import (
	"errors"

	cayley "github.com/cayleygraph/cayley/graph"
)

// Asking an op about single nodes is cheap when few are asked about, and ruinous when each answer
// starts a search of its own. Which it will be is not known before. So the work of the searches is
// counted: when it passes a mark, collecting all rows of the op is tried, with a few times that work
// as its budget. A try that runs out of it costs no more than what was spent already, and moves the
// mark up.
type probing struct {
	work uint // ticks spent on searches since the last try
	mark uint // try when work passes it; zero: firstMark
}

const (
	firstMark    = 1500
	budgetFactor = 4
)

// errBudget ends a try. It never leaves this file.
var errBudget = errors.New("out of budget")

// spent counts work and reports whether it is time for a try.
func (p *probing) spent(n uint) bool {
	p.work += n
	return p.work > max(p.mark, firstMark)
}

// try runs f with a budget; it returns false when f ran out of it, and then f has done nothing that
// counts. Other errors stay in x.
func (p *probing) try(x *exec, f func() bool) (done bool) {
	outer, held := x.budget, x.mem.used
	end := x.ticks + budgetFactor*p.work
	if outer == 0 || end < outer {
		x.budget = end
	}
	done = f()
	own := x.budget == end
	x.budget = outer
	if errors.Is(x.err, errBudget) && own && (outer == 0 || x.ticks <= outer) {
		x.err, x.mem.used = nil, held
		p.mark = budgetFactor * max(p.work, firstMark)
		p.work = 0
		return false
	}
	return done && x.err == nil
}

// probeOp is an op that others ask about single nodes.
type probeOp struct {
	op
	probing
	kept collected
	full bool // kept has all rows
}

func (o *probeOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if o.full {
		return o.kept.match(x, o.op, ref, yield)
	}
	start, below := x.ticks, uint(0)
	ok := o.op.match(x, ref, func() bool {
		at := x.ticks
		ok := yield()
		below += x.ticks - at // what the receivers of the row did is not the search's work
		return ok
	})
	o.count(x, x.ticks-start-below)
	return ok && x.err == nil
}

// has reports whether there is a row with the node.
func (o *probeOp) has(x *exec, ref cayley.Ref) bool {
	if o.full {
		return len(o.kept.rows[x.key(ref)]) > 0
	}
	start := x.ticks
	found := has(x, o.op, ref)
	o.count(x, x.ticks-start)
	return found && x.err == nil
}

// count adds the work of a search, and tries to collect all rows when it is time.
func (o *probeOp) count(x *exec, work uint) {
	if o.spent(work) && x.err == nil {
		if o.full = o.try(x, func() bool { return o.kept.collect(x, o.op) }); !o.full {
			o.kept.reset()
		}
	}
}

// probe prepares an op to be asked about single nodes.
func probe(o op, s span) op {
	switch o.(type) {
	case *existsOp, *probeOp, *noteOp, *pageOp, *backOp, *recursiveOp:
		return o // they remember by themselves
	}
	if cheap(o) || fromSource(o) {
		return o
	}
	return &probeOp{op: o, kept: collected{span: s}}
}

// fromSource reports whether an op depends on the nodes of a recursion's moment.
func fromSource(o op) bool {
	if f, ok := o.(*fixedOp); ok {
		return f.source
	}
	for _, c := range o.children() {
		if fromSource(c) {
			return true
		}
	}
	return false
}
