package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrMemory says that a question found more than it may keep in memory.
var ErrMemory = errors.New("the question needs more memory than it may use")

// absent stands for a tag that a row does not have.
const absent = ^uint32(0)

// A cursor reads the rows of a relation: a value, then its tags in the order of their names.
type cursor interface {
	// begin starts to read, once more where that was done before; a cursor that was opened for given
	// values gets one.
	begin(value uint32)

	// next reads a row. At the end, and once the execution has an error, it returns false.
	next(row []uint32) bool
}

// An execution is one reading of a relation, with all that takes part.
type execution struct {
	f     *file
	ctx   context.Context //nolint:containedctx // of the call that is being served
	steps int
	limit int   // of steps, when it is not 0
	over  bool  // the limit was reached
	room  int64 // bytes that may still be used
	err   error
}

// tick is called in every loop. It says whether to go on.
func (x *execution) tick() bool {
	x.steps++
	if x.steps%1024 == 0 {
		if x.err == nil {
			x.err = context.Cause(x.ctx)
		}
		x.over = x.over || x.limit > 0 && x.steps > x.limit
	}
	return x.err == nil && !x.over
}

// within does what may be given up after some steps, and then what is to be done in that case.
func (x *execution) within(steps int, do, giveUp func()) {
	before := x.limit
	if end := x.steps + steps; end > 0 && (before == 0 || end < before) {
		x.limit = end
	}
	do()
	if x.over && (before == 0 || x.steps <= before) {
		x.over = false
		giveUp()
	}
	x.limit = before
}

// use takes memory, or ends the execution.
func (x *execution) use(bytes int) {
	if x.room -= int64(bytes); x.room < 0 && x.err == nil {
		x.err = fmt.Errorf("%w; ask for less, or allow more with --max-memory", ErrMemory)
	}
}

// joinCursor runs the nested loops of a plan, each loop a state, without recursion, so that it can stop
// after every row.
type joinCursor struct {
	x      *execution
	j      *join
	plan   *plan
	set    bool // rows may be left out that were there before
	states []state
	values []uint32
	tags   []int // where the tags of a row are, in values
	given  uint32
	count  uint64 // of rows
	depth  int    // the loop that is at work; len(states) after a row
}

// A state is where a loop is.
type state struct {
	at                int    // in a list or a range
	rows              rows   // left, of an atom
	rest              rows   // further rows, when those of an atom come in stretches
	kind              int    // which order the rows are of
	lead              uint32 // their leading value
	rank              uint32 // of the predicate, where it is known
	fresh             bool   // a probe that was not made yet
	cursor            cursor // of another relation
	tags              []uint32
	seen              *idSet
	dead              *idSet
	trying            uint32 // a value that may turn out to lead nowhere
	mark              uint64 // how many rows there were when it was tried
	table             *table
	abandoned         bool // it would have become too large
	none              bool
	excluded, allowed *idSet
}

func (j *join) open(x *execution, given, set bool) cursor {
	apart := j.separated(x.f, given)
	c := &joinCursor{x: x, j: apart, plan: apart.plan(x.f, given), set: set, depth: -1}
	c.states = make([]state, len(c.plan.steps))
	c.values = make([]uint32, c.plan.slots, c.plan.slots+len(j.fixed))
	where := make(map[string]int, len(c.plan.tags)+len(j.fixed))
	for _, t := range c.plan.tags {
		where[t.name] = t.variable
	}
	for name, id := range j.fixed {
		where[name] = len(c.values)
		c.values = append(c.values, id)
	}
	for _, name := range j.names() {
		c.tags = append(c.tags, where[name])
	}
	return c
}

func (c *joinCursor) begin(value uint32) {
	c.given, c.depth = value, 0
	for i := range c.states {
		st := &c.states[i]
		st.trying = 0
		if st.seen != nil {
			st.seen.clear()
		}
		if st.dead != nil {
			st.dead.clear()
		}
	}
	if len(c.states) > 0 {
		c.enter(0)
	}
}

func (c *joinCursor) next(row []uint32) bool {
	if c.depth == len(c.states) {
		c.depth--
	}
	for c.depth >= 0 && c.x.tick() {
		if !c.advance(c.depth) {
			c.depth--
			continue
		}
		c.depth++
		if c.depth == len(c.states) {
			c.emit(row)
			c.count++
			return true
		}
		c.enter(c.depth)
	}
	return false
}

func (c *joinCursor) emit(row []uint32) {
	row[0] = c.values[c.j.out]
	for i, at := range c.tags {
		row[1+i] = c.values[at]
	}
}

// enter begins a loop.
func (c *joinCursor) enter(i int) {
	s, st := &c.plan.steps[i], &c.states[i]
	st.at, st.fresh = 0, true
	switch s.kind {
	case stepAtom:
		c.enterAtom(s, st)
	case stepHop:
		c.enterHop(s, st)
	case stepIn:
		c.enterIn(s, st)
	case stepGiven, stepIDs, stepRange, stepNotIn:
	}
}

// advance takes the next turn of a loop.
func (c *joinCursor) advance(i int) bool {
	s, st := &c.plan.steps[i], &c.states[i]
	if st.trying != 0 && c.count == st.mark {
		st.dead.add(st.trying)
	}
	st.trying = 0
	for c.x.tick() {
		if !c.turn(s, st) {
			return false
		}
		if c.fits(s.checks) && c.isWorth(s, st) {
			return true
		}
	}
	return false
}

// isWorth says whether a value is not known to lead to nothing new.
func (c *joinCursor) isWorth(s *step, st *state) bool {
	if s.dead >= 0 {
		if st.dead == nil {
			st.dead = &idSet{x: c.x}
		}
		id := c.values[s.dead]
		if st.dead.has(id) {
			return false
		}
		st.trying, st.mark = id, c.count
	}
	if c.set && s.memo >= 0 {
		if st.seen == nil {
			st.seen = &idSet{x: c.x}
		}
		if !st.seen.add(c.values[s.memo]) {
			st.trying = 0
			return false
		}
	}
	return true
}

func (c *joinCursor) turn(s *step, st *state) bool {
	switch s.kind {
	case stepGiven:
		c.values[s.v] = c.given
		return st.once()
	case stepIDs:
		ids := c.plan.vars[s.v].ids
		if st.at == len(ids) {
			return false
		}
		c.values[s.v] = ids[st.at]
		st.at++
		return true
	case stepRange:
		lo, hi := uint32(1), c.x.f.trailer.Terms+1
		if v := &c.plan.vars[s.v]; v.hi != 0 {
			lo, hi = v.lo, v.hi
		}
		c.values[s.v] = lo + uint32(st.at)
		st.at++
		return c.values[s.v] < hi
	case stepAtom:
		return c.turnAtom(s, st)
	case stepHop:
		return c.turnHop(s, st)
	case stepIn:
		if st.none {
			return false
		}
		if st.table != nil {
			return c.turnTable(s, st)
		}
		if !st.cursor.next(st.tags) {
			return false
		}
		c.values[s.v] = st.tags[0]
		copy(c.values[s.slot:], st.tags[1:])
		return true
	default: // stepNotIn
		return st.once() && !c.contains(s, st)
	}
}

func (st *state) once() bool {
	fresh := st.fresh
	st.fresh = false
	return fresh
}

// fits checks what is known of variables that have got their values.
func (c *joinCursor) fits(checks []int) bool {
	for _, i := range checks {
		v, id := &c.plan.vars[i], c.values[i]
		if v.some && id == 0 || v.hi != 0 && (id < v.lo || id >= v.hi) {
			return false
		}
		if v.bounded {
			if _, found := slices.BinarySearch(v.ids, id); !found {
				return false
			}
		}
	}
	return true
}

// enterHop finds the quads that one value has of the predicate.
func (c *joinCursor) enterHop(s *step, st *state) {
	o := &c.x.f.spol
	from := s.atom[colS]
	if s.back {
		o, from = &c.x.f.opsl, s.atom[colO]
	}
	st.rows = o.narrow(o.under(c.values[from]), 0, s.rank)
}

// turnHop takes what is on the other side of the next one.
func (c *joinCursor) turnHop(s *step, st *state) bool {
	if st.rows.lo == st.rows.hi || c.set && s.first && !st.once() {
		return false
	}
	if s.v >= 0 {
		o := &c.x.f.spol
		if s.back {
			o = &c.x.f.opsl
		}
		c.values[s.v] = o.at(st.rows.lo, 1)
	}
	st.rows.lo++
	return true
}

// enterAtom finds the rows of the order that serves best what is known of a quad.
func (c *joinCursor) enterAtom(s *step, st *state) {
	f := c.x.f
	st.rows, st.rest = rows{}, rows{}
	var v [4]uint32
	for k := range v {
		if s.known[k] {
			if v[k] = c.values[s.atom[k]]; v[k] == 0 {
				return // no value takes part in no quad
			}
		}
	}
	if s.known[colP] {
		var ok bool
		if st.rank, ok = f.rankOf(v[colP]); !ok {
			return
		}
	}
	switch {
	case s.known[colS] && s.known[colO] && !s.known[colP]:
		c.enterLeaps(st, v)
	case s.known[colS]:
		st.kind, st.lead, st.rows = 0, v[colS], f.spol.under(v[colS])
		if s.known[colP] {
			st.rows = f.spol.narrow(st.rows, spolP, st.rank)
			if s.known[colO] {
				st.rows = f.spol.narrow(st.rows, spolO, v[colO])
			}
		}
	case s.known[colO]:
		st.kind, st.lead, st.rows = 1, v[colO], f.opsl.under(v[colO])
		if s.known[colP] {
			st.rows = f.opsl.narrow(st.rows, opslP, st.rank)
		}
	case s.known[colP]:
		st.kind, st.lead, st.rows = 2, st.rank+1, f.posl.under(st.rank+1)
		if o := s.atom[colO]; o >= 0 && c.plan.vars[o].hi != 0 {
			r := st.rows
			st.rows = rows{f.posl.search(r, poslO, c.plan.vars[o].lo), f.posl.search(r, poslO, c.plan.vars[o].hi)}
		}
	case !s.known[colL]:
		st.kind, st.lead, st.rows = 0, f.spol.first, rows{0, f.spol.n}
	}
	if s.known[colL] {
		c.enterLabel(s, st, v)
	}
}

// enterLabel takes the quads under a label where they are fewer.
func (c *joinCursor) enterLabel(s *step, st *state, v [4]uint32) {
	f := c.x.f
	r := f.lspo.under(v[colL])
	if s.known[colS] {
		r = f.lspo.narrow(r, lspoS, v[colS])
		if s.known[colP] {
			r = f.lspo.narrow(r, lspoP, st.rank)
		}
	}
	other := st.rows.len() + st.rest.len()
	if r.len() <= other || !s.known[colS] && !s.known[colO] && !s.known[colP] {
		st.kind, st.lead, st.rows, st.rest = 3, v[colL], r, rows{}
	}
}

// enterLeaps prepares to find a subject and an object without the predicate: for each predicate of the
// side that has fewer quads, a search.
func (c *joinCursor) enterLeaps(st *state, v [4]uint32) {
	f := c.x.f
	st.rest = f.spol.under(v[colS])
	st.kind, st.lead = 0, v[colS]
	if r := f.opsl.under(v[colO]); r.len() < st.rest.len() {
		st.rest, st.kind, st.lead = r, 1, v[colO]
	}
	c.leap(st, v)
}

// leap goes to the rows of the next predicate that has any.
func (c *joinCursor) leap(st *state, v [4]uint32) {
	f := c.x.f
	for st.rows.len() == 0 && st.rest.len() > 0 && c.x.tick() {
		o, second, want := &f.spol, spolO, v[colO]
		if st.kind == 1 {
			o, second, want = &f.opsl, opslS, v[colS]
		}
		group := o.narrow(st.rest, 0, o.at(st.rest.lo, 0))
		if group.len() == 0 {
			panic(damage("rows out of order"))
		}
		st.rows = o.narrow(group, second, want)
		st.rest.lo = group.hi
	}
}

// turnAtom takes the next quad.
func (c *joinCursor) turnAtom(s *step, st *state) bool {
	if c.set && s.first && !st.once() {
		return false
	}
	f := c.x.f
	for {
		if st.rows.lo == st.rows.hi {
			if st.rest.len() == 0 {
				return false
			}
			c.leap(st, [4]uint32{c.values[s.atom[colS]], 0, c.values[s.atom[colO]]})
			if st.rows.len() == 0 {
				return false
			}
		}
		if st.kind == 0 && !s.known[colS] {
			for st.rows.lo >= f.spol.under(st.lead).hi {
				st.lead++
			}
		}
		r := f.rowAt(st.kind, st.lead, st.rows.lo)
		st.rows.lo++
		if c.take(s, st, &r) {
			return true
		}
		if !c.x.tick() {
			return false
		}
	}
}

// take compares a row with what is known, and gives the other variables their values.
func (c *joinCursor) take(s *step, st *state, r *row) bool {
	if s.known[colS] && r.s != c.values[s.atom[colS]] || s.known[colP] && r.p != st.rank ||
		s.known[colO] && r.o != c.values[s.atom[colO]] || s.known[colL] && r.l != c.values[s.atom[colL]] {
		return false
	}
	if s.binds[colS] {
		c.values[s.atom[colS]] = r.s
	}
	if s.binds[colP] {
		c.values[s.atom[colP]] = c.x.f.predicateAt(r.p)
	}
	if s.binds[colO] {
		c.values[s.atom[colO]] = r.o
	}
	if s.binds[colL] {
		c.values[s.atom[colL]] = r.l
	}
	return true
}
