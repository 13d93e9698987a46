package gizmo

import (
	"errors"

	cayley "github.com/cayleygraph/cayley/graph"
)

// Asking an op about single nodes is cheap when few are asked about, and ruinous when each answer
// starts a search of its own. Which it will be is not known before. So the work of the searches is
// counted: when it passes a mark, collecting all rows of the op is tried, with a few times that work
// as its budget; the first try has less, for it comes when little is known. A try that runs out of it
// moves the mark up.
//
// Where two sides of a join are expected to be of about one size, all of one will most likely be asked
// for, and to collect it is no more work than the other side was: then the first try comes before the
// first search.
type probing struct {
	work  uint // ticks spent on searches since the last try
	mark  uint // try when work passes it; zero: firstMark
	early bool // try before the first search
}

const (
	firstMark    = 250
	nextMark     = 1500
	budgetFactor = 4
	earlyWork    = 6000 // the budget of a try before the first search
)

// alike is how many times as large a side may be to be about one size with another.
const alike = 2

// errBudget ends a try. It never leaves this file.
var errBudget = errors.New("out of budget")

// spent counts work and reports whether it is time for a try.
func (p *probing) spent(n uint) bool {
	p.work += n
	return p.work > max(p.mark, firstMark)
}

// soon reports whether to try before the first search, once.
func (p *probing) soon() bool {
	soon := p.early
	p.early = false
	return soon
}

// try runs f with a budget; it returns false when f ran out of it, and then f has done nothing that
// counts. Other errors stay in x.
func (p *probing) try(x *exec, f func() bool) (done bool) {
	outer, held := x.budget, x.mem.used
	end := x.ticks
	switch {
	case p.work == 0:
		end += earlyWork
	case p.mark == 0:
		end += p.work
	default:
		end += budgetFactor * p.work
	}
	if outer == 0 || end < outer {
		x.budget = end
	}
	done = f()
	own := x.budget == end
	x.budget = outer
	if errors.Is(x.err, errBudget) && own && (outer == 0 || x.ticks <= outer) {
		x.err, x.mem.used = nil, held
		if p.mark = nextMark; p.work > nextMark {
			p.mark = budgetFactor * p.work
		}
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
	if o.soon() && o.collect(x) {
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
	if o.soon() && o.collect(x) {
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
		o.collect(x)
	}
}

// collect tries to collect all rows.
func (o *probeOp) collect(x *exec) bool {
	if o.full = o.try(x, func() bool { return o.kept.collect(x, o.op) }); !o.full {
		o.kept.reset()
	}
	return o.full
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
