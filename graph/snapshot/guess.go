package snapshot

import (
	"encoding/binary"
	"slices"

	"github.com/cayleygraph/quad"
)

// An atomGuess is what the planner expects of an atom: how many quads fit what is constant in it, and
// what becomes of that number when the value of a part is known before, or when it is not.
type atomGuess struct {
	quads       float64
	known, free [4]float64
}

// guess looks at the statistics, and at the quads of what is constant.
func (p *planner) guess(a atom) atomGuess {
	f, t := p.f, p.f.trailer
	g := atomGuess{quads: float64(t.Quads)}
	distinct := [4]float64{float64(t.Subjects), float64(t.Predicates), float64(t.Objects), float64(t.Labels)}
	rank, isPredicate := uint32(0), false
	if c := p.constant(a[colP]); c != 0 {
		if rank, isPredicate = f.rankOf(c); !isPredicate {
			return atomGuess{}
		}
		g.quads = float64(f.posl.under(rank + 1).len())
		distinct[colS], distinct[colO] = f.distinctOf(rank)
	}
	for k, v := range a {
		g.known[k], g.free[k] = 1, 1
		if v < 0 {
			continue
		}
		limit := &p.plan.vars[v]
		few := limit.bounded && len(limit.ids) <= fewIDs
		switch c := column(k); {
		case few && c == colS:
			g.quads = min(g.quads, p.total(&f.spol, limit.ids, rank, isPredicate))
			g.known[k] = 1 / max(1, float64(len(limit.ids)))
		case few && c == colO:
			g.quads = min(g.quads, p.total(&f.opsl, limit.ids, rank, isPredicate))
			g.known[k] = 1 / max(1, float64(len(limit.ids)))
		case few && c == colL:
			g.quads = min(g.quads, p.total(&f.lspo, limit.ids, 0, false))
			g.known[k] = 1 / max(1, float64(len(limit.ids)))
		case few && len(limit.ids) == 1: // the predicate
		default:
			g.known[k] = 1 / max(1, distinct[k])
			switch {
			case limit.bounded:
				g.free[k] = min(1, float64(len(limit.ids))/max(1, distinct[k]))
			case limit.hi != 0 && c == colO && isPredicate:
				g.free[k] = p.share(rank, limit)
			case limit.hi != 0:
				g.free[k] = min(1, float64(limit.hi-limit.lo)/float64(t.Terms))
			}
		}
	}
	return g
}

// times guesses how many quads fit an atom, for each choice of the values that are known before.
func (p *planner) times(i int) float64 {
	g := &p.guesses[i]
	n := g.quads
	for k, v := range p.j.atoms[i] {
		switch {
		case v < 0:
		case p.bound[v]:
			n *= g.known[k]
		default:
			n *= g.free[k]
		}
	}
	return n
}

// An outlook is what the planner expects of taking an atom, and then all that hangs on it: how many rows
// there will be for each one now, and how many are looked at for that.
type outlook struct{ rows, cost float64 }

// rank tells which way to take first: one that leaves few rows, for little work.
func (o outlook) rank() float64 { return (o.rows - 1) / max(o.cost, 1e-9) }

// farSight is how many atoms the planner looks ahead: enough to see where a branch ends.
const farSight = 12

func (p *planner) ahead(i, sight int) outlook {
	n := p.times(i)
	out := outlook{n, max(n, 1e-3)}
	p.atoms[i] = true
	var fresh []int
	for _, v := range p.j.atoms[i] {
		if v >= 0 && !p.bound[v] {
			p.bound[v] = true
			fresh = append(fresh, v)
		}
	}
	for k := range p.j.atoms {
		if sight > 0 && !p.atoms[k] && p.touches(k, fresh) {
			next := p.ahead(k, sight-1)
			out.cost += out.rows * next.cost
			out.rows *= next.rows
		}
	}
	p.undo = append(p.undo, fresh...)
	p.undoAtoms = append(p.undoAtoms, i)
	return out
}

func (p *planner) touches(i int, vars []int) bool {
	for _, v := range p.j.atoms[i] {
		if v >= 0 && slices.Contains(vars, v) {
			return true
		}
	}
	return false
}

// outlook looks ahead without a trace.
func (p *planner) outlook(i int) outlook {
	p.undo, p.undoAtoms = p.undo[:0], p.undoAtoms[:0]
	out := p.ahead(i, farSight)
	for _, v := range p.undo {
		p.bound[v] = false
	}
	for _, k := range p.undoAtoms {
		p.atoms[k] = false
	}
	return out
}

// fewIDs is for how many values the planner looks at the file, one by one, instead of guessing.
const fewIDs = 64

// total returns how many quads some values lead, of one predicate where that is known.
func (p *planner) total(o *order, ids []uint32, rank uint32, isPredicate bool) float64 {
	n := uint64(0)
	for _, id := range ids {
		r := o.under(id)
		if isPredicate {
			r = o.narrow(r, 0, rank)
		}
		n += r.len()
	}
	return float64(n)
}

// propagate finds the few values that a variable can have because it stands beside few known ones in an
// atom, and says whether it has found any. Names lead to nodes like this: then it is known how many
// quads the nodes have.
func (p *planner) propagate() (found bool) {
	for _, a := range p.j.atoms {
		pr := p.constant(a[part(quad.Predicate)])
		rank, ok := p.f.rankOf(pr)
		if pr == 0 || !ok {
			continue
		}
		s, o := a[part(quad.Subject)], a[part(quad.Object)]
		found = p.beside(&p.f.spol, s, o, rank) || p.beside(&p.f.opsl, o, s, rank) || found
	}
	return found
}

// beside limits a variable to what stands beside another, in the quads of a predicate.
func (p *planner) beside(order *order, from, to int, rank uint32) bool {
	if from < 0 || to < 0 || p.plan.vars[to].bounded || !p.plan.vars[from].bounded || len(p.plan.vars[from].ids) > fewIDs {
		return false
	}
	var ids []uint32
	left := uint64(fewIDs)
	for _, id := range p.plan.vars[from].ids {
		r := order.narrow(order.under(id), 0, rank)
		if r.len() > left {
			return false
		}
		left -= r.len()
		for at := r.lo; at < r.hi; at++ {
			ids = append(ids, order.at(at, 1))
		}
	}
	slices.Sort(ids)
	p.plan.vars[to].keep(slices.Compact(ids))
	return true
}

// share returns which part of a predicate's quads has an object in the range of a variable.
func (p *planner) share(rank uint32, v *variable) float64 {
	r := p.f.posl.under(rank + 1)
	if r.len() == 0 {
		return 0
	}
	from, end := p.f.posl.search(r, poslO, v.lo), p.f.posl.search(r, poslO, v.hi)
	return float64(end-from) / float64(r.len())
}

// distinctOf returns how many subjects and objects a predicate has.
func (f *file) distinctOf(rank uint32) (subjects, objects float64) {
	at := f.stats[8*int(rank):]
	return float64(binary.LittleEndian.Uint32(at)), float64(binary.LittleEndian.Uint32(at[4:]))
}
