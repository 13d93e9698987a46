package snapshot

import (
	"context"
	"runtime/debug"

	"github.com/cayleygraph/quad"
)

// A want is a quad of which some parts are known, as numbers; 0 is any value, and no label as well.
type want struct{ s, p, o, l uint32 }

// A match is the rows of an order among which the quads that are wanted are.
type match struct {
	want
	by   quad.Direction // the direction that leads the order
	lead uint32
	rows rows
	all  bool // every row is wanted
}

// matching finds the order and the rows that serve best what is wanted.
func (f *file) matching(w want) match {
	m := match{want: w, by: quad.Subject}
	rank := uint32(0)
	if w.p != 0 {
		var ok bool
		if rank, ok = f.rankOf(w.p); !ok {
			return m
		}
	}
	switch {
	case w.s != 0:
		m.lead, m.rows, m.all = w.s, f.spol.under(w.s), w.o == 0 && w.l == 0
		if w.p != 0 {
			m.rows = f.spol.narrow(m.rows, spolP, rank)
			if w.o != 0 {
				m.rows, m.all = f.spol.narrow(m.rows, spolO, w.o), w.l == 0
			}
		} else if w.o != 0 {
			if r := f.opsl.under(w.o); r.len() < m.rows.len() {
				m.by, m.lead, m.rows = quad.Object, w.o, r
			}
		}
	case w.o != 0:
		m.by, m.lead, m.rows, m.all = quad.Object, w.o, f.opsl.under(w.o), w.l == 0
		if w.p != 0 {
			m.rows = f.opsl.narrow(m.rows, opslP, rank)
		}
	case w.p != 0:
		m.by, m.lead, m.rows, m.all = quad.Predicate, w.p, f.posl.under(rank+1), w.l == 0
	case w.l == 0:
		m.lead, m.rows, m.all = f.spol.first, rows{0, f.spol.n}, true
	}
	if w.l != 0 {
		m.underLabel(f, rank)
	}
	return m
}

// underLabel takes the quads under the label where they are fewer.
func (m *match) underLabel(f *file, rank uint32) {
	r := f.lspo.under(m.l)
	all := m.s == 0 && m.p == 0 && m.o == 0
	if m.s != 0 {
		r = f.lspo.narrow(r, lspoS, m.s)
		all = m.p == 0 && m.o == 0
		if m.p != 0 {
			r = f.lspo.narrow(r, lspoP, rank)
			all = m.o == 0
		}
	}
	if all || r.len() < m.rows.len() {
		m.by, m.lead, m.rows, m.all = quad.Label, m.l, r, all
	}
}

// matchRows is how many rows are looked at before the context is asked.
const matchRows = 4096

// read copies quads that are wanted, from the first rows on that are left, and drops these. It may return
// none although there are more.
func (m *match) read(f *file, into []link) (n int) {
	for end := min(m.rows.hi, m.rows.lo+matchRows); m.rows.lo < end && n < len(into); m.rows.lo++ {
		if m.by == quad.Subject && m.s == 0 {
			for m.rows.lo >= f.spol.under(m.lead).hi {
				m.lead++
			}
		}
		q := &into[n]
		*q = f.linkAt(m.by, m.lead, m.rows.lo)
		if m.all || m.fits(q) {
			n++
		}
	}
	return n
}

func (w want) fits(q *link) bool {
	return (w.s == 0 || q.s == w.s) && (w.p == 0 || q.p == w.p) && (w.o == 0 || q.o == w.o) && (w.l == 0 || q.l == w.l)
}

// matchBatch is how many quads are read at a time, with the guard up once.
const matchBatch = 64

// Match calls yield with the quads that have the given values, until it returns false; nil stands for
// any value, and for no label as well. The quads of one pattern come in the same order always.
func (s *Store) Match(ctx context.Context, subject, predicate, object, label quad.Value, yield func(quad.Quad) bool) error {
	f, err := s.file()
	if err != nil {
		return err
	}
	var w want
	for _, part := range []struct {
		value quad.Value
		id    *uint32
	}{{subject, &w.s}, {predicate, &w.p}, {object, &w.o}, {label, &w.l}} {
		if part.value == nil {
			continue
		}
		if *part.id, err = f.findValue(part.value); err != nil || *part.id == 0 {
			return err
		}
	}
	var found match
	if err := f.guarded(func() { found = f.matching(w) }); err != nil {
		return err
	}
	var quads [matchBatch]quad.Quad
	for size := 8; found.rows.len() > 0; size = matchBatch {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if s.closed.Load() {
			return ErrClosed
		}
		n, err := f.quadsOf(&found, quads[:size])
		if err != nil {
			return err
		}
		for i := range quads[:n] {
			if !yield(quads[i]) {
				return nil
			}
		}
	}
	return nil
}

// quadsOf reads the next quads of a match.
func (f *file) quadsOf(m *match, into []quad.Quad) (n int, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	var links [matchBatch]link
	n = m.read(f, links[:len(into)])
	for i := range links[:n] {
		into[i] = quad.Quad{}
		for _, d := range quad.Directions {
			if id := links[i].get(d); id != 0 {
				v, err := f.value(id)
				if err != nil {
					return 0, err
				}
				into[i].Set(d, v)
			}
		}
	}
	return n, nil
}
