package snapshot

import (
	"maps"
	"math"
	"slices"

	"github.com/cayleygraph/quad"
)

// A stepKind says how a step of a plan finds values.
type stepKind uint8

const (
	stepGiven stepKind = iota // the value of the row, which the reader gives
	stepIDs                   // the values of a list
	stepRange                 // the values of a range
	stepAtom                  // the quads of an atom
	stepHop                   // the quads of an atom of one predicate, from a subject or an object
	stepIn                    // the rows of another relation
	stepNotIn                 // goes on where another relation has no row
)

// A step is one loop of the nested loops that a join is.
type step struct {
	kind     stepKind
	v        int // of all kinds but atoms
	relation relation
	slot     int  // of stepIn: where the tags of its rows go
	bound    bool // of stepIn: the value is known already
	whole    bool // of stepIn and stepNotIn: the relation is small enough to be read once, in whole
	limit    int  // of stepIn: how many steps that may take
	atom     atom
	rank     uint32  // of stepHop: that of the predicate
	back     bool    // of stepHop: from the object to the subject
	known    [4]bool // of atoms: which parts have a value before
	binds    [4]bool // and which get one that is needed
	checks   []int   // variables that have a value now and did not before
	first    bool    // in a set of rows, one is as good as all
	memo     int     // when not negative: in a set of rows, values of this variable that were seen are passed over
	dead     int     // when not negative: values of this variable that have led nowhere are
}

// A plan is the order in which a join looks for its values.
type plan struct {
	vars  []variable // with what the planner has found out
	steps []step
	rows  float64 // how many there may be
	cost  float64 // and how many quads are looked at for that
	slots int     // for values: those of variables, then the tags of relations
	tags  []tag   // where each tag is among them, but those that always have the same value
}

// A planner makes plans: at each step it takes what multiplies the rows least.
type planner struct {
	f       *file
	j       *join
	bound   []bool
	uses    []int // atoms that a variable is in
	needed  []bool
	atoms   []bool // done
	in      [][]bool
	slots   [][]int
	plan    *plan
	lastOut []bool // outputs
	guesses []atomGuess

	undo, undoAtoms []int // what an outlook has changed
}

// plan returns the plan for when the value is given, or for when it is not. It is not to be changed.
func (j *join) plan(f *file, given bool) *plan {
	return j.plans.once(given, func() *plan { return j.planned(f, given) })
}

func (j *join) planned(f *file, given bool) *plan {
	p := &planner{f: f, j: j, bound: make([]bool, len(j.vars)), uses: make([]int, len(j.vars)), needed: make([]bool, len(j.vars)), atoms: make([]bool, len(j.atoms))}
	p.lastOut = make([]bool, len(j.vars))
	p.lastOut[j.out] = true
	for _, t := range j.tags {
		p.lastOut[t.variable] = true
	}
	for _, a := range j.atoms {
		for _, v := range a {
			if v >= 0 {
				p.uses[v]++
			}
		}
	}
	p.plan = &plan{rows: 1, slots: len(j.vars), vars: slices.Clone(j.vars), tags: slices.Clone(j.tags)}
	for p.propagate() {
	}
	for i := range j.vars {
		v := &p.plan.vars[i]
		p.needed[i] = p.lastOut[i] || p.uses[i] > 1 || v.bounded || v.hi != 0 || len(v.in)+len(v.notIn) > 0
		p.in = append(p.in, make([]bool, len(v.in)))
		slots := make([]int, len(v.in))
		for k, r := range v.in {
			slots[k] = p.plan.slots
			for _, name := range r.names() {
				p.plan.tags = append(p.plan.tags, tag{name, p.plan.slots})
				p.plan.slots++
			}
		}
		p.slots = append(p.slots, slots)
	}
	if given {
		p.add(step{kind: stepGiven, v: j.out}, 1, j.out)
	}
	for i := range j.vars {
		if v := &p.plan.vars[i]; v.bounded && len(v.ids) <= 1 && !p.bound[i] {
			p.add(step{kind: stepIDs, v: i}, float64(len(v.ids)), i)
		}
	}
	for _, a := range j.atoms {
		p.guesses = append(p.guesses, p.guess(a))
	}
	for p.next() {
	}
	p.plan.rows = max(p.plan.rows, 0)
	p.finish()
	for i := range p.plan.steps {
		p.hop(&p.plan.steps[i])
	}
	return p.plan
}

// add adds a step that gives variables their values, and what is known about these.
func (p *planner) add(s step, times float64, binds ...int) {
	s.memo, s.dead = -1, -1
	for _, v := range binds {
		if !p.bound[v] {
			s.checks = append(s.checks, v)
			p.bound[v] = true
		}
	}
	p.plan.steps = append(p.plan.steps, s)
	p.plan.rows *= times
	p.plan.cost += p.plan.rows
	for _, v := range s.checks {
		for k, r := range p.plan.vars[v].in {
			if !p.in[v][k] {
				p.in[v][k] = true
				p.probe(step{kind: stepIn, v: v, relation: r, slot: p.slots[v][k], bound: true}, r)
			}
		}
		for _, r := range p.plan.vars[v].notIn {
			p.probe(step{kind: stepNotIn, v: v, relation: r}, r)
		}
	}
}

// probe adds a step that asks another relation for a value that is known.
func (p *planner) probe(s step, r relation) {
	rows := r.estimate(p.f, false)
	p.plan.cost += p.plan.rows
	s.whole, s.limit = rows <= max(1<<10, 4*p.plan.rows), math.MaxInt
	if side, ok := r.(*join); ok {
		// It was taken for a side because of a guess. Should that be wrong, it is better looked for.
		const least, most = 1 << 14, 1 << 40
		s.whole, s.limit = true, least+int(min(8*side.plan(p.f, false).cost, most))
	}
	s.memo, s.dead = -1, -1
	p.plan.steps = append(p.plan.steps, s)
	if s.kind == stepIn {
		p.plan.rows *= min(1, rows/float64(p.f.trailer.Terms+1))
	}
}

// next adds the step that is the best one now, and says whether one was left. Atoms of which all is known
// come first; then those that hang on what was found, those first that leave the fewest rows for their
// work; then those that hang on what was known from the start, where a way begins, by the work that it
// will be; then whatever is fewest.
func (p *planner) next() bool {
	best, least := func() {}, math.Inf(1)
	consider := func(n float64, add func()) {
		if n < least {
			best, least = add, n
		}
	}
	for _, way := range []struct {
		hangs  func(atom) bool
		order  func(outlook) float64
		begins bool // so that the rows of another relation may be fewer to begin with
	}{
		{p.isKnown, func(o outlook) float64 { return o.rows }, false},
		{p.hangsOnFound, outlook.rank, false},
		{p.hangs, func(o outlook) float64 { return o.cost }, true},
	} {
		for i, a := range p.j.atoms {
			if !p.atoms[i] && way.hangs(a) {
				consider(way.order(p.outlook(i)), func() { p.addAtom(i) })
			}
		}
		if !math.IsInf(least, 1) {
			if way.begins {
				p.considerRelations(consider)
			}
			best()
			return true
		}
	}
	for i := range p.j.atoms {
		if !p.atoms[i] && !p.hasList(p.j.atoms[i]) {
			consider(p.times(i), func() { p.addAtom(i) })
		}
	}
	p.considerVariables(consider)
	p.considerRelations(consider)
	best()
	return !math.IsInf(least, 1)
}

// hasList says whether a value of an atom, other than its predicate, is one of a list: to go through the
// list, and from there on, reads what is wanted and nothing else.
func (p *planner) hasList(a atom) bool {
	for k, v := range a {
		if v >= 0 && column(k) != colP && p.plan.vars[v].bounded && !p.bound[v] {
			return true
		}
	}
	return false
}

// isKnown says whether all values of an atom are known.
func (p *planner) isKnown(a atom) bool {
	for _, v := range a {
		if v >= 0 && !p.bound[v] {
			return false
		}
	}
	return true
}

// hangs says whether a value of an atom is known, other than its predicate.
func (p *planner) hangs(a atom) bool {
	for k, v := range a {
		if v >= 0 && p.bound[v] && column(k) != colP {
			return true
		}
	}
	return false
}

// hangsOnFound says whether that is a value which differs from row to row.
func (p *planner) hangsOnFound(a atom) bool {
	for k, v := range a {
		if v >= 0 && p.bound[v] && column(k) != colP && p.constant(v) == 0 && !p.given(v) {
			return true
		}
	}
	return false
}

// considerRelations considers to begin with the rows of another relation.
func (p *planner) considerRelations(consider func(n float64, add func())) {
	for i := range p.plan.vars {
		if p.bound[i] {
			continue
		}
		for k, r := range p.plan.vars[i].in {
			rows := r.estimate(p.f, false)
			consider(rows, func() {
				p.in[i][k] = true
				p.add(step{kind: stepIn, v: i, relation: r, slot: p.slots[i][k]}, rows, i)
			})
		}
	}
}

// considerVariables considers to begin with a list, a range or the rows of another relation.
func (p *planner) considerVariables(consider func(n float64, add func())) {
	for i := range p.plan.vars {
		v := &p.plan.vars[i]
		if p.bound[i] || !p.needed[i] && !v.some {
			continue
		}
		if v.bounded {
			n := float64(len(v.ids))
			consider(n, func() { p.add(step{kind: stepIDs, v: i}, n, i) })
		}
		if p.uses[i] == 0 && !v.bounded && len(v.in) == 0 {
			n := float64(p.f.trailer.Terms)
			if v.hi != 0 {
				n = float64(v.hi - v.lo)
			}
			consider(n, func() { p.add(step{kind: stepRange, v: i}, n, i) })
		}
	}
}

func (p *planner) addAtom(i int) {
	times := p.times(i)
	p.atoms[i] = true
	s := step{kind: stepAtom, atom: p.j.atoms[i]}
	var binds []int
	for k, v := range s.atom {
		switch {
		case v < 0:
		case p.bound[v]:
			s.known[k] = true
		case p.needed[v] || k == part(quad.Label) && p.plan.vars[v].some:
			s.binds[k] = true
			binds = append(binds, v)
		default:
			p.bound[v] = true // any value will do
		}
	}
	p.add(s, times, binds...)
}

// hop makes an atom a hop, which looks at one column alone, where it is one: along one predicate from what
// is known, to what is not or to any value.
func (p *planner) hop(s *step) {
	if s.kind != stepAtom || !s.known[colP] || s.known[colL] || s.binds[colL] || s.known[colS] == s.known[colO] {
		return
	}
	rank, ok := p.f.rankOf(p.constant(s.atom[colP]))
	if !ok {
		return
	}
	to := colO
	if s.known[colO] {
		to = colS
	}
	s.kind, s.rank, s.back, s.v = stepHop, rank, to == colS, -1
	if s.binds[to] {
		s.v = s.atom[to]
	}
}

// constant returns the one value that a variable can have, or 0.
func (p *planner) constant(v int) uint32 {
	if v >= 0 && p.plan.vars[v].bounded && len(p.plan.vars[v].ids) == 1 {
		return p.plan.vars[v].ids[0]
	}
	return 0
}

// finish finds the steps that need not be taken twice. What follows a step depends on a few values that
// are known after it. When it is one alone, then a value that has led nowhere will not lead anywhere; and
// where rows may be left out that were there, any value that was there before is passed over.
func (p *planner) finish() {
	since := make([]int, len(p.plan.vars)) // the step that gives a variable its value
	for v := range since {
		since[v] = len(p.plan.steps)
	}
	for i, s := range p.plan.steps {
		for _, v := range s.checks {
			since[v] = i
		}
	}
	reads := make([]bool, len(p.plan.vars)) // by later steps
	for i := len(p.plan.steps) - 1; i >= 0; i-- {
		s := &p.plan.steps[i]
		s.dead = p.alone(i, since, reads)
		all := slices.Clone(reads)
		for v, out := range p.lastOut {
			all[v] = all[v] || out
		}
		s.memo = p.alone(i, since, all)
		s.first = s.kind == stepAtom && len(s.checks) == 0
		if s.kind != stepAtom {
			reads[s.v] = true
			continue
		}
		for k, v := range s.atom {
			if s.known[k] {
				reads[v] = true
			}
		}
	}
}

// alone returns the variable of a set that a step gives its value, if it is the only one of them that
// has a value by then and does not always have the same.
func (p *planner) alone(i int, since []int, of []bool) int {
	live, w := 0, -1
	for v := range of {
		if of[v] && p.constant(v) == 0 && !p.given(v) && since[v] <= i {
			live++
			w = v
		}
	}
	s := &p.plan.steps[i]
	if live != 1 || s.kind == stepGiven || !slices.Contains(s.checks, w) {
		return -1
	}
	return w
}

func (p *planner) given(v int) bool {
	return len(p.plan.steps) > 0 && p.plan.steps[0].kind == stepGiven && p.plan.steps[0].v == v
}

func (j *join) names() []string {
	var list []string
	for _, t := range j.tags {
		list = append(list, t.name)
	}
	list = append(list, slices.Sorted(maps.Keys(j.fixed))...)
	for i := range j.vars {
		for _, r := range j.vars[i].in {
			list = append(list, r.names()...)
		}
	}
	return list
}

func (j *join) estimate(f *file, given bool) float64 { return j.plan(f, given).rows }
