package snapshot

import (
	"cmp"
	"slices"
	"sort"
	"sync"
)

// estimates remember what was guessed of a relation: those that hold it ask again and again. A relation
// is of one file.
type estimates struct {
	mu    sync.Mutex
	known [2]bool
	rows  [2]float64
}

func (e *estimates) once(given bool, guess func() float64) float64 {
	i := 0
	if given {
		i = 1
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.known[i] {
		e.rows[i], e.known[i] = guess(), true
	}
	return e.rows[i]
}

// A union has the rows of all its parts.
type union struct {
	parts []relation

	estimates
}

func (u *union) names() []string {
	var list []string
	for _, p := range u.parts {
		for _, name := range p.names() {
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

func (u *union) estimate(f *file, given bool) float64 {
	return u.once(given, func() float64 {
		sum := 0.0
		for _, p := range u.parts {
			sum += p.estimate(f, given)
		}
		return sum
	})
}

func (u *union) open(x *execution, given, set bool) cursor {
	c := &unionCursor{}
	names := u.names()
	if set && !given && len(names) == 0 {
		c.seen = &idSet{x: x}
	}
	for _, p := range u.parts {
		part := unionPart{cursor: p.open(x, given, set)}
		for _, name := range p.names() {
			part.to = append(part.to, 1+slices.Index(names, name))
		}
		part.row = make([]uint32, 1+len(part.to))
		c.parts = append(c.parts, part)
	}
	return c
}

type unionCursor struct {
	parts []unionPart
	at    int
	value uint32
	seen  *idSet // where values may be left out that were there
}

type unionPart struct {
	cursor cursor
	row    []uint32
	to     []int // where its tags go
}

func (c *unionCursor) begin(value uint32) {
	c.at, c.value = 0, value
	if c.seen != nil {
		c.seen.clear()
	}
	c.parts[0].cursor.begin(value)
}

func (c *unionCursor) next(row []uint32) bool {
	for c.at < len(c.parts) {
		part := &c.parts[c.at]
		if part.cursor.next(part.row) {
			if c.seen != nil && !c.seen.add(part.row[0]) {
				continue
			}
			for i := range row {
				row[i] = absent
			}
			row[0] = part.row[0]
			for i, to := range part.to {
				row[to] = part.row[1+i]
			}
			return true
		}
		c.at++
		if c.at < len(c.parts) {
			c.parts[c.at].cursor.begin(c.value)
		}
	}
	return false
}

// A unique has each value of a relation without tags once.
type unique struct{ of relation }

func (u *unique) names() []string { return nil }

func (u *unique) estimate(f *file, given bool) float64 {
	n := u.of.estimate(f, given)
	if given {
		return min(n, 1)
	}
	return min(n, float64(f.trailer.Terms))
}

func (u *unique) open(x *execution, given, _ bool) cursor {
	from := u.of.open(x, given, true)
	j, ok := from.(*joinCursor)
	return &uniqueCursor{from: from, given: given, distinct: ok && j.distinct(), seen: idSet{x: x}}
}

type uniqueCursor struct {
	from     cursor
	given    bool
	distinct bool // the rows are so already
	done     bool
	seen     idSet
}

func (c *uniqueCursor) begin(value uint32) {
	c.from.begin(value)
	c.done = false
	if !c.given {
		c.seen.clear()
	}
}

func (c *uniqueCursor) next(row []uint32) bool {
	if c.done {
		return false
	}
	for c.from.next(row) {
		if c.given {
			c.done = true
			return true
		}
		if c.distinct || c.seen.add(row[0]) {
			return true
		}
	}
	return false
}

// distinct says whether no value comes twice: the last loop passes over those that were there.
func (c *joinCursor) distinct() bool {
	n := len(c.plan.steps)
	return n > 0 && c.plan.steps[n-1].memo == c.j.out
}

// An idSet is a set of numbers.
type idSet struct {
	x     *execution
	slots []uint32 // 0 for free; numbers are kept plus one
	n     int
}

// add says whether a number was not there before.
func (s *idSet) add(id uint32) bool {
	if 2*s.n >= len(s.slots) {
		s.grow()
	}
	at, found := s.find(id)
	if found {
		return false
	}
	s.slots[at] = id + 1
	s.n++
	return true
}

func (s *idSet) has(id uint32) bool {
	if s.n == 0 {
		return false
	}
	_, found := s.find(id)
	return found
}

func (s *idSet) find(id uint32) (at uint32, found bool) {
	mask := uint32(len(s.slots) - 1)
	for at = (id * 0x9e3779b1) >> 7 & mask; s.slots[at] != 0; at = (at + 1) & mask {
		if s.slots[at] == id+1 {
			return at, true
		}
	}
	return at, false
}

func (s *idSet) grow() {
	old := s.slots
	size := max(32, 2*len(old))
	s.x.use(4 * (size - len(old)))
	s.slots = make([]uint32, size)
	for _, kept := range old {
		if kept != 0 {
			at, _ := s.find(kept - 1)
			s.slots[at] = kept
		}
	}
}

// clear empties the set. A large one is let go of, since sets that are cleared often are small.
func (s *idSet) clear() {
	switch {
	case s.n == 0:
	case len(s.slots) > 1<<12:
		s.x.use(-4 * len(s.slots))
		s.slots = nil
	default:
		clear(s.slots)
	}
	s.n = 0
}

// A table is a relation that was read in whole, its rows sorted by value.
type table struct {
	width int
	rows  []uint32
}

func (t *table) len() int { return len(t.rows) / t.width }

// from returns the first row whose value is not less.
func (t *table) from(id uint32) int {
	return sort.Search(t.len(), func(i int) bool { return t.rows[i*t.width] >= id })
}

func readTable(x *execution, r relation, set bool) *table {
	t := &table{width: 1 + len(r.names())}
	c := r.open(x, false, set)
	c.begin(0)
	row := make([]uint32, t.width)
	var list [][]uint32
	for c.next(row) {
		x.use(4*t.width + 24)
		list = append(list, slices.Clone(row))
	}
	slices.SortFunc(list, func(a, b []uint32) int { return cmp.Compare(a[0], b[0]) })
	for _, r := range list {
		t.rows = append(t.rows, r...)
	}
	return t
}

// enterIn begins to read another relation.
func (c *joinCursor) enterIn(s *step, st *state) {
	st.none = s.bound && c.values[s.v] == 0 // what is no value is in no relation
	switch {
	case st.none:
		return
	case s.bound && s.whole:
		if st.table == nil {
			st.table = readTable(c.x, s.relation, s.set)
		}
		st.at = st.table.from(c.values[s.v])
		return
	case st.cursor == nil:
		st.cursor = s.relation.open(c.x, s.bound, s.set)
		st.tags = make([]uint32, 1+len(s.relation.names()))
	}
	st.cursor.begin(c.values[s.v])
}

// turnTable takes the next row of the table that has the value.
func (c *joinCursor) turnTable(s *step, st *state) bool {
	t := st.table
	if st.at >= t.len() || t.rows[st.at*t.width] != c.values[s.v] {
		return false
	}
	copy(c.values[s.slot:], t.rows[st.at*t.width+1:(st.at+1)*t.width])
	st.at++
	return true
}

// contains says whether another relation has the value. What was asked once is remembered.
func (c *joinCursor) contains(s *step, st *state) bool {
	id := c.values[s.v]
	if id == 0 {
		return false
	}
	if s.whole {
		if st.table == nil {
			st.table = &table{width: 1}
			set := &idSet{x: c.x}
			from := s.relation.open(c.x, false, true)
			from.begin(0)
			for row := make([]uint32, 1+len(s.relation.names())); from.next(row); {
				set.add(row[0])
			}
			st.excluded = set
		}
		return st.excluded.has(id)
	}
	if st.cursor == nil {
		st.cursor = s.relation.open(c.x, true, true)
		st.tags = make([]uint32, 1+len(s.relation.names()))
		st.excluded, st.allowed = &idSet{x: c.x}, &idSet{x: c.x}
	}
	if st.excluded.has(id) || st.allowed.has(id) {
		return st.excluded.has(id)
	}
	st.cursor.begin(id)
	found := st.cursor.next(st.tags)
	if found {
		st.excluded.add(id)
	} else {
		st.allowed.add(id)
	}
	return found
}
