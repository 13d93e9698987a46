package snapshot

import (
	"math"
	"slices"
)

// Where several paths meet in one value, as in an intersection of what two known values lead to, a join
// walks one of them, and from each value that it finds the others back to where they begin: past the many
// quads of a hub again and again. Each of the others may instead be walked once from its beginning, and
// what it leads to be kept in a table.

// A side is a part of a join that hangs on the rest of it by one value alone.
type side struct {
	atoms []int
	vars  []bool // but those that have only one value
	of    *join
}

// atomsToSeparate is the size from which on a join is looked at: below it there is nothing to gain.
const atomsToSeparate = 4

// separated returns the join with those of its sides as relations of their own that are better walked so.
// Without any it is the join itself.
func (j *join) separated(f *file, given bool) *join {
	return j.apart.once(given, func() *join {
		if v, sides := j.meeting(given); v >= 0 {
			return j.without(f, v, sides)
		}
		return j
	})
}

// meeting returns the value in which several sides meet that is nearest to the join's own, or -1.
func (j *join) meeting(given bool) (v int, sides []side) {
	anchors := 0
	for i := range j.vars {
		if j.vars[i].bounded {
			anchors++
		}
	}
	if len(j.atoms) < atomsToSeparate || anchors < 2 {
		return -1, nil
	}
	near := []int{j.out}
	for n := 0; n < len(near); n++ {
		v := near[n]
		if !given || v != j.out {
			if sides := j.sidesOf(v); len(sides) > 1 {
				return v, sides
			}
		}
		for _, a := range j.atoms {
			if !slices.Contains(a[:], v) {
				continue
			}
			for _, w := range a {
				if w >= 0 && !j.isConstant(w) && !slices.Contains(near, w) {
					near = append(near, w)
				}
			}
		}
	}
	return -1, nil
}

func (j *join) isConstant(v int) bool { return j.vars[v].bounded && len(j.vars[v].ids) <= 1 }

// sidesOf finds the sides that hang on a value. The part with the join's own value is none of them.
func (j *join) sidesOf(v int) (sides []side) {
	done := make([]bool, len(j.atoms))
	for first, a := range j.atoms {
		if done[first] || !slices.Contains(a[:], v) {
			continue
		}
		s := side{atoms: []int{first}, vars: make([]bool, len(j.vars))}
		done[first] = true
		anchored := false
		for n := 0; n < len(s.atoms); n++ {
			for k, w := range j.atoms[s.atoms[n]] {
				if w < 0 || w == v {
					continue
				}
				anchored = anchored || j.vars[w].bounded && column(k) != colP
				if j.isConstant(w) || s.vars[w] {
					continue
				}
				s.vars[w] = true
				for i, b := range j.atoms {
					if !done[i] && slices.Contains(b[:], w) {
						done[i] = true
						s.atoms = append(s.atoms, i)
					}
				}
			}
		}
		if anchored && len(s.atoms) > 1 && !s.vars[j.out] {
			slices.Sort(s.atoms)
			sides = append(sides, s)
		}
	}
	return sides
}

// without takes the sides off that cost less to walk once than to look for again and again.
func (j *join) without(f *file, v int, sides []side) *join {
	from := math.Inf(1) // how many values are looked for
	for i := range sides {
		sides[i].of = j.side(sides[i], v)
		from = min(from, sides[i].of.estimate(f, false))
	}
	if rest, _ := j.rest(sides, v); len(rest.atoms) > 0 {
		from = min(from, rest.estimate(f, false))
	}
	var taken []side
	for _, s := range sides {
		// Values that are met are those with many quads, and the guess is of a value like others.
		const hubs = 4
		if s.of.plan(f, false).cost < hubs*from*s.of.plan(f, true).cost {
			taken = append(taken, s)
		}
	}
	if len(taken) == 0 {
		return j
	}
	apart, at := j.rest(taken, v)
	for _, s := range taken {
		apart.vars[at].in = append(apart.vars[at].in, s.of)
	}
	return apart
}

// side returns the join of a side: its atoms and variables, and as its value the one that it hangs on, of
// which the rest knows what else there is to know, as it does of those that have only one value.
func (j *join) side(s side, v int) *join {
	p, to := j.part(s.atoms, func(w int) bool { return s.vars[w] || w == v || j.isConstant(w) })
	p.out = to[v]
	for w, at := range to {
		if at >= 0 && !s.vars[w] {
			p.vars[at].in, p.vars[at].notIn, p.vars[at].some = nil, nil, true
		}
	}
	for _, t := range j.tags {
		if s.vars[t.variable] {
			p.tags = append(p.tags, tag{t.name, to[t.variable]})
		}
	}
	return p
}

// rest returns what is left of the join without some sides, and where it has the value that these hang on.
func (j *join) rest(sides []side, v int) (rest *join, at int) {
	gone, inSide := make([]bool, len(j.atoms)), make([]bool, len(j.vars))
	for _, s := range sides {
		for _, i := range s.atoms {
			gone[i] = true
		}
		for w, in := range s.vars {
			inSide[w] = inSide[w] || in
		}
	}
	var atoms []int
	for i := range j.atoms {
		if !gone[i] {
			atoms = append(atoms, i)
		}
	}
	p, to := j.part(atoms, func(w int) bool { return !inSide[w] })
	p.out, p.fixed = to[j.out], j.fixed
	for _, t := range j.tags {
		if to[t.variable] >= 0 {
			p.tags = append(p.tags, tag{t.name, to[t.variable]})
		}
	}
	return p, to[v]
}

// part returns a join of some atoms with the variables that are kept, and where it has each variable.
func (j *join) part(atoms []int, keep func(int) bool) (p *join, to []int) {
	p, to = &join{}, make([]int, len(j.vars))
	for w, v := range j.vars {
		to[w] = -1
		if keep(w) {
			to[w] = len(p.vars)
			v.in, v.notIn = slices.Clone(v.in), slices.Clone(v.notIn)
			p.vars = append(p.vars, v)
		}
	}
	for _, i := range atoms {
		a := j.atoms[i]
		for k, w := range a {
			if w >= 0 {
				a[k] = to[w]
			}
		}
		p.atoms = append(p.atoms, a)
	}
	return p, to
}
