package snapshot

import (
	"slices"

	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// A relation is a compiled shape: it has rows of a value and its tags.
type relation interface {
	// names lists the tags of its rows.
	names() []string

	// estimate guesses how many rows it has; with the value given, how many of those have it.
	estimate(f *file, given bool) float64

	// open begins to read it. Where set is true a row may be left out that was there before. Where given
	// is true, every reading is for one value.
	open(x *execution, given, set bool) cursor
}

// A join is a relation of quads that share values. Each variable is a value to be found; each atom is a
// quad that must be there.
type join struct {
	vars  []variable
	atoms []atom
	out   int // the variable that is the value of a row
	tags  []tag
	fixed map[string]uint32 // tags that have the same value in every row

	plans guessed[*plan]
	apart guessed[*join]
}

// A variable is what is known of a value before it is looked for.
type variable struct {
	bounded bool
	ids     []uint32 // sorted; when bounded, the value is one of them
	lo, hi  uint32   // it is from lo to before hi, where hi is not 0
	some    bool     // it is a value, and not the label of a quad that has none
	in      []relation
	notIn   []relation
}

// An atom has a variable for each part of a quad, or -1 for any value and none.
type atom [4]int

type tag struct {
	name     string
	variable int
}

// part returns where atoms keep a direction.
func part(d quad.Direction) int { return int(d - quad.Subject) }

// OptimizeShape recognises the shapes that can be run over the orders.
func (s *Store) OptimizeShape(in shape.Shape) (shape.Shape, bool) {
	f, err := s.file()
	if err != nil {
		return mend(in)
	}
	return s.optimizeShape(f, in)
}

func (s *Store) optimizeShape(f *file, in shape.Shape) (shape.Shape, bool) {
	if s.options.Generic {
		return mend(in)
	}
	switch in.(type) {
	case shape.NodesFrom, shape.QuadsAction, shape.Intersect, shape.Save, shape.FixedTags,
		shape.Unique, shape.Union, shape.Except, shape.Filter:
	default:
		return in, false
	}
	c := compiler{f: f}
	var r relation
	var ok bool
	err := f.guarded(func() { r, ok = c.relation(in) })
	if err != nil || !ok {
		return mend(in)
	}
	return planned{store: s, f: f, relation: r}, true
}

// A compiler turns shapes into relations.
type compiler struct{ f *file }

// relation compiles a shape, if it knows all of it.
func (c compiler) relation(s shape.Shape) (relation, bool) {
	switch s := s.(type) {
	case planned:
		return s.relation, s.f == c.f
	case shape.Unique:
		r, ok := c.relation(s.From)
		if !ok || len(r.names()) > 0 {
			return nil, false // which of the rows of a value stays is Cayley's to say
		}
		return &unique{r}, true
	case shape.Union:
		u := &union{}
		for _, part := range s {
			if shape.IsNull(part) {
				continue
			}
			r, ok := c.relation(part)
			if !ok {
				return nil, false
			}
			u.parts = append(u.parts, r)
		}
		return u, len(u.parts) > 0
	case shape.NodesFrom:
		if parts, ok := s.Quads.(shape.Union); ok {
			return c.fromUnion(s.Dir, parts)
		}
	}
	j := &join{}
	j.out = j.variable()
	if !c.constrain(j, j.out, s) || !j.distinctTags() {
		return nil, false
	}
	return j, true
}

// fromUnion compiles nodes from a union of quads: the union of the nodes from each.
func (c compiler) fromUnion(d quad.Direction, parts shape.Union) (relation, bool) {
	u := &union{}
	for _, part := range parts {
		r, ok := c.relation(shape.NodesFrom{Dir: d, Quads: part})
		if !ok {
			return nil, false
		}
		u.parts = append(u.parts, r)
	}
	return u, len(u.parts) > 0
}

func (j *join) variable() int {
	j.vars = append(j.vars, variable{})
	return len(j.vars) - 1
}

// distinctTags says whether no tag is set twice: which of the values it then has depends on the order
// of Cayley's iterators.
func (j *join) distinctTags() bool {
	seen := map[string]bool{}
	for _, t := range j.tags {
		if seen[t.name] {
			return false
		}
		seen[t.name] = true
	}
	for name := range j.fixed {
		if seen[name] {
			return false
		}
		seen[name] = true
	}
	for i := range j.vars {
		for _, r := range j.vars[i].in {
			for _, name := range r.names() {
				if seen[name] {
					return false
				}
				seen[name] = true
			}
		}
	}
	return true
}

// constrain adds what a shape says about a variable.
func (c compiler) constrain(j *join, v int, s shape.Shape) bool {
	switch s := s.(type) {
	case shape.AllNodes:
		j.vars[v].some = true
		return true
	case shape.Fixed:
		return c.fixed(j, v, s)
	case shape.NodesFrom:
		switch quads := s.Quads.(type) {
		case shape.Quads:
			return c.quads(j, v, s.Dir, quads)
		case shape.Union:
			return c.other(j, v, s)
		}
		return false
	case shape.QuadsAction:
		return c.action(j, v, s)
	case shape.Intersect:
		for _, part := range s {
			if !c.constrain(j, v, part) {
				return false
			}
		}
		return len(s) > 0
	case shape.Save:
		for _, name := range s.Tags {
			j.tags = append(j.tags, tag{name, v})
		}
		return c.constrain(j, v, s.From)
	case shape.FixedTags:
		return c.fixedTags(j, v, s)
	case shape.Filter:
		return c.filter(j, v, s)
	case shape.Except:
		return c.except(j, v, s)
	case planned:
		if s.f != c.f {
			return false
		}
		if inner, ok := s.relation.(*join); ok {
			j.include(inner, v)
		} else {
			j.vars[v].in = append(j.vars[v].in, s.relation)
		}
		return true
	}
	switch s.(type) {
	case shape.Unique, shape.Union:
		return c.other(j, v, s)
	}
	return false
}

// other makes a variable one of the values of what is no join.
func (c compiler) other(j *join, v int, s shape.Shape) bool {
	r, ok := c.relation(s)
	if ok {
		j.vars[v].in = append(j.vars[v].in, r)
	}
	return ok
}

// fixed limits a variable to nodes. What is no node of a file, such as a number that was counted, is
// left to Cayley.
func (c compiler) fixed(j *join, v int, refs shape.Fixed) bool {
	var ids []uint32
	for _, ref := range refs {
		n, ok := asNode(ref)
		if !ok {
			return false
		}
		id, err := n.in(c.f)
		if err != nil {
			return false
		}
		if slices.Contains(ids, id) {
			return false // Cayley gives what is asked for twice two rows
		}
		if id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	j.vars[v].keep(ids)
	return len(refs) > 0
}

// keep limits a variable to a sorted list.
func (v *variable) keep(ids []uint32) {
	if v.bounded {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id uint32) bool {
			_, found := slices.BinarySearch(v.ids, id)
			return !found
		})
	}
	v.bounded, v.ids, v.some = true, ids, true
}

// between limits a variable to a range.
func (v *variable) between(lo, hi uint32) {
	v.some = true
	if v.hi != 0 {
		lo, hi = max(lo, v.lo), min(hi, v.hi)
	}
	v.lo, v.hi = lo, max(lo, hi, 1)
}

// quads adds the quads that a variable is a part of.
func (c compiler) quads(j *join, v int, d quad.Direction, filters shape.Quads) bool {
	if d < quad.Subject || d > quad.Label {
		return false
	}
	a := atom{-1, -1, -1, -1}
	a[part(d)] = v
	for _, f := range filters {
		if f.Dir < quad.Subject || f.Dir > quad.Label || f.Values == nil {
			return false
		}
		w := &a[part(f.Dir)]
		if *w < 0 {
			*w = j.variable()
		}
		j.vars[*w].some = true
		if !c.constrain(j, *w, f.Values) {
			return false
		}
	}
	j.atoms = append(j.atoms, a)
	return true
}

// action is quads for Cayley's short form of them.
func (c compiler) action(j *join, v int, s shape.QuadsAction) bool {
	var filters shape.Quads
	for _, d := range quad.Directions {
		if ref, ok := s.Filter[d]; ok {
			filters = append(filters, shape.QuadFilter{Dir: d, Values: shape.Fixed{ref}})
		}
		if tags := s.Save[d]; len(tags) > 0 {
			filters = append(filters, shape.QuadFilter{Dir: d, Values: shape.Save{From: shape.AllNodes{}, Tags: tags}})
		}
	}
	return c.quads(j, v, s.Result, filters)
}

func (c compiler) fixedTags(j *join, v int, s shape.FixedTags) bool {
	for name, ref := range s.Tags {
		n, ok := asNode(ref)
		if !ok || n.f != c.f || j.fixed[name] != 0 {
			return false
		}
		if j.fixed == nil {
			j.fixed = map[string]uint32{}
		}
		j.fixed[name] = n.id
	}
	return c.constrain(j, v, s.On)
}

func (c compiler) except(j *join, v int, s shape.Except) bool {
	var from shape.Shape = shape.AllNodes{}
	if s.From != nil {
		from = s.From
	}
	not, ok := c.relation(s.Exclude)
	if !ok || !c.constrain(j, v, from) {
		return false
	}
	j.vars[v].notIn = append(j.vars[v].notIn, not)
	return true
}

// filter turns comparisons into ranges.
func (c compiler) filter(j *join, v int, s shape.Filter) bool {
	for _, f := range s.Filters {
		compare, ok := f.(shape.Comparison)
		if !ok {
			return false
		}
		lo, hi, ok := c.f.compared(compare.Op, compare.Val)
		if !ok {
			return false
		}
		j.vars[v].between(lo, hi)
	}
	return c.constrain(j, v, s.From)
}

// include makes the variables, atoms and tags of another join its own; the other's value is a variable
// here.
func (j *join) include(other *join, v int) {
	to := make([]int, len(other.vars))
	for i := range other.vars {
		to[i] = v
		if i != other.out {
			to[i] = j.variable()
		}
		from, into := &other.vars[i], &j.vars[to[i]]
		if from.bounded {
			into.keep(from.ids)
		}
		if from.hi != 0 {
			into.between(from.lo, from.hi)
		}
		into.some = into.some || from.some
		into.in = append(into.in, from.in...)
		into.notIn = append(into.notIn, from.notIn...)
	}
	for _, a := range other.atoms {
		for i, w := range a {
			if w >= 0 {
				a[i] = to[w]
			}
		}
		j.atoms = append(j.atoms, a)
	}
	for _, t := range other.tags {
		j.tags = append(j.tags, tag{t.name, to[t.variable]})
	}
	for name, id := range other.fixed {
		if j.fixed == nil {
			j.fixed = map[string]uint32{}
		}
		if j.fixed[name] != 0 {
			j.tags = append(j.tags, tag{name, v}) // twice: distinctTags refuses it
		}
		j.fixed[name] = id
	}
}
