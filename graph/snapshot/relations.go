package snapshot

import (
	"slices"
	"sync"
)

// A guessed remembers what was found out about a relation, once for when its value is given and once for
// when it is not: those that hold it ask again and again. A relation is of one file.
type guessed[T any] struct {
	mu    sync.Mutex
	known [2]bool
	value [2]T
}

func (g *guessed[T]) once(given bool, guess func() T) T {
	i := 0
	if given {
		i = 1
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.known[i] {
		g.value[i], g.known[i] = guess(), true
	}
	return g.value[i]
}

// A union has the rows of all its parts.
type union struct {
	parts []relation
	rows  guessed[float64]
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
	return u.rows.once(given, func() float64 {
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
	return c.set && n > 0 && c.plan.steps[n-1].memo == c.j.out
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
