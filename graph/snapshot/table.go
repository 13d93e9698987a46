package snapshot

import (
	"slices"
	"sort"
)

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

// readTable reads a relation. Where that takes more steps than the limit, there is no table.
func readTable(x *execution, r relation, set bool, limit int) *table {
	t := &table{width: 1 + len(r.names())}
	room := x.room
	x.within(limit, func() {
		c := r.open(x, false, set)
		c.begin(0)
		row := make([]uint32, t.width)
		for c.next(row) {
			x.use(4*t.width + 8)
			t.rows = append(t.rows, row...)
		}
	}, func() { t, x.room = nil, room })
	if t != nil {
		t.sort()
	}
	return t
}

func (t *table) sort() {
	if t.width == 1 {
		slices.Sort(t.rows)
		return
	}
	keys := make([]uint64, t.len())
	for i := range keys {
		keys[i] = uint64(t.rows[i*t.width])<<32 | uint64(i)
	}
	slices.Sort(keys)
	sorted := make([]uint32, 0, len(t.rows))
	for _, k := range keys {
		at := int(uint32(k)) * t.width
		sorted = append(sorted, t.rows[at:at+t.width]...)
	}
	t.rows = sorted
}

// enterIn begins to read another relation.
func (c *joinCursor) enterIn(s *step, st *state) {
	st.none = s.bound && c.values[s.v] == 0 // what is no value is in no relation
	if st.none {
		return
	}
	if s.bound && s.whole && !st.abandoned {
		if st.table == nil {
			st.table = readTable(c.x, s.relation, c.set, s.limit)
			st.abandoned = st.table == nil
		}
		if st.table != nil {
			st.at = st.table.from(c.values[s.v])
			return
		}
	}
	if st.cursor == nil {
		st.cursor = s.relation.open(c.x, s.bound, c.set)
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
