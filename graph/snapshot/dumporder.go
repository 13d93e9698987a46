package snapshot

import (
	"bytes"
	"runtime/debug"
	"slices"
)

// subjects hands over all subjects in the order in which their lines stand.
func (d *dumper) subjects(yield func(*dumpJob) error) (err error) {
	f := d.r.f
	defer f.guard(debug.SetPanicOnFault(true), &err)
	j := d.job()
	add := func(id uint32, name []byte) error {
		rows := f.spol.under(id).len()
		if j.add(id, name, rows); j.rows < dumpRows {
			return nil
		}
		full := j
		j = d.job()
		return yield(full)
	}
	if d.options.Sorted {
		err = d.sorted(add)
	} else {
		err = d.inOrder(f.spol.first, f.spol.last+1, add)
	}
	if err != nil || len(j.ids) == 0 {
		return err
	}
	return yield(j)
}

// inOrder calls yield with the subjects among the numbers from lo to before hi.
func (d *dumper) inOrder(lo, hi uint32, yield func(id uint32, name []byte) error) error {
	f := d.r.f
	at := termCursor{dict: &f.dict}
	var name []byte
	for id := max(lo, f.spol.first); id < hi && id <= f.spol.last && id > 0; id++ {
		if f.spol.under(id).len() == 0 {
			continue
		}
		var err error
		if name, err = d.appendTerm(name[:0], at.term(id)); err != nil {
			return err
		}
		if err := yield(id, name); err != nil {
			return err
		}
	}
	return nil
}

// A stretch is numbers from lo to before hi.
type stretch struct{ lo, hi uint32 }

// sorted calls yield with the subjects in the order of their printed names. The dictionary is sorted by
// the names that the store keeps, and a format prints others; but all IRIs of one prefix keep their
// order, but for two things: of two names one of which begins the other, the closing bracket decides;
// and what has to be escaped. So there is one run for each prefix, one for all other IRIs, one for those
// with escapes and one for blank nodes, and they are merged.
func (d *dumper) sorted(yield func(id uint32, name []byte) error) error {
	f := d.r.f
	first, end := f.dict.ofKind(kindIRI)
	var runs []*dumpRun
	taken := []stretch{}
	for _, prefix := range d.options.Prefixes {
		lo, hi, err := d.r.IRIs(prefix)
		if err != nil {
			return err
		}
		if lo < hi {
			taken = append(taken, stretch{lo, hi})
			runs = append(runs, &dumpRun{d: d, left: []stretch{{lo, hi}}})
		}
	}
	slices.SortFunc(taken, func(a, b stretch) int { return int(int64(a.lo) - int64(b.lo)) })
	var others []stretch
	for _, t := range append(taken, stretch{end, end}) {
		if first < t.lo {
			others = append(others, stretch{first, t.lo})
		}
		first = t.hi
	}
	strange, err := d.strange()
	if err != nil {
		return err
	}
	skip := map[uint32]bool{}
	for _, n := range strange {
		skip[n.id] = true
	}
	blankFrom, blankEnd := f.dict.ofKind(kindBlank)
	runs = append(runs, &dumpRun{d: d, left: others}, &dumpRun{d: d, left: []stretch{{blankFrom, blankEnd}}}, &dumpRun{ready: strange})
	for _, run := range runs {
		run.skip = skip
		if err := run.next(); err != nil {
			return err
		}
	}
	return merge(runs, yield)
}

// merge calls yield with what the runs have, the least first.
func merge(runs []*dumpRun, yield func(id uint32, name []byte) error) error {
	less := func(a, b *dumpRun) int { return bytes.Compare(a.head.name, b.head.name) }
	runs = slices.DeleteFunc(runs, func(r *dumpRun) bool { return r.head.id == 0 })
	slices.SortFunc(runs, less)
	for len(runs) > 0 {
		least := runs[0]
		if err := yield(least.head.id, least.head.name); err != nil {
			return err
		}
		if err := least.next(); err != nil {
			return err
		}
		if least.head.id == 0 {
			runs = runs[1:]
			continue
		}
		for i := 1; i < len(runs) && less(runs[i-1], runs[i]) > 0; i++ {
			runs[i-1], runs[i] = runs[i], runs[i-1]
		}
	}
	return nil
}

// A dumpName is a subject and how it is printed.
type dumpName struct {
	id   uint32
	name []byte
}

// A dumpRun is subjects whose printed names rise. head is the least that was not handed over; its id is
// 0 when there is none.
type dumpRun struct {
	d    *dumper
	left []stretch
	skip map[uint32]bool
	at   termCursor

	head    dumpName
	ready   []dumpName // the least first
	pending []dumpName // each begins the next; what comes may stand before them
	free    [][]byte
}

func (r *dumpRun) next() error {
	if r.head.name != nil {
		r.free = append(r.free, r.head.name)
	}
	for len(r.ready) == 0 {
		n, err := r.read()
		if err != nil {
			return err
		}
		for len(r.pending) > 0 && (n.id == 0 || !begins(r.pending[len(r.pending)-1].name, n.name)) {
			last := len(r.pending) - 1
			r.ready = append(r.ready, r.pending[last])
			r.pending = r.pending[:last]
		}
		if n.id == 0 {
			if len(r.ready) == 0 {
				r.head = dumpName{}
				return nil
			}
			break
		}
		r.pending = append(r.pending, n)
	}
	r.head = r.ready[0]
	if r.ready = r.ready[1:]; len(r.ready) == 0 {
		r.ready = nil
	}
	return nil
}

// begins says whether a name, without its bracket, begins another that nevertheless stands before it, as
// does <a#b> before <a>.
func begins(name, other []byte) bool {
	n := len(name) - 1
	return n > 0 && name[n] == '>' && len(other) > n && string(name[:n]) == string(other[:n]) && other[n] < '>'
}

// read returns the next subject in the order of the dictionary; its id is 0 after the last.
func (r *dumpRun) read() (dumpName, error) {
	for len(r.left) > 0 {
		f := r.d.r.f
		s := &r.left[0]
		for s.lo = max(s.lo, f.spol.first); s.lo < s.hi && s.lo <= f.spol.last; s.lo++ {
			if f.spol.under(s.lo).len() == 0 || r.skip[s.lo] {
				continue
			}
			if r.at.dict == nil {
				r.at.dict = &f.dict
			}
			var buf []byte
			if last := len(r.free) - 1; last >= 0 {
				buf, r.free = r.free[last][:0], r.free[:last]
			}
			name, err := r.d.appendTerm(buf, r.at.term(s.lo))
			s.lo++
			return dumpName{s.lo - 1, name}, err
		}
		r.left = r.left[1:]
	}
	return dumpName{}, nil
}

// strange lists, sorted, the subjects that are IRIs with characters that have to be escaped. Hardly any
// graph has one.
func (d *dumper) strange() ([]dumpName, error) {
	f := d.r.f
	var found []dumpName
	first, end := f.dict.ofKind(kindIRI)
	at := termCursor{dict: &f.dict}
	for id := max(first, f.spol.first); id < end && id <= f.spol.last && id > 0; id++ {
		if f.spol.under(id).len() == 0 {
			continue
		}
		term := at.term(id)
		if !slices.ContainsFunc(term[1:], escaped) {
			continue
		}
		name, err := d.appendTerm(nil, term)
		if err != nil {
			return nil, err
		}
		found = append(found, dumpName{id, name})
	}
	slices.SortFunc(found, func(a, b dumpName) int { return bytes.Compare(a.name, b.name) })
	return found, nil
}

// escaped says whether a byte cannot stand in an IRI between brackets.
func escaped(c byte) bool {
	switch c {
	case '<', '>', '"', '{', '}', '|', '^', '`', '\\':
		return true
	}
	return c <= ' '
}

// A termCursor reads terms one after the other in less time than each on its own.
type termCursor struct {
	dict *dictionary
	id   uint32
	last []byte
	rest []byte
}

// term returns the term of a number; it is good until the next call.
func (c *termCursor) term(id uint32) []byte {
	if id == 0 || id > c.dict.terms {
		panic(damage("a number without a term"))
	}
	block := uint64(id-1) / blockTerms
	if c.id == 0 || id < c.id || uint64(c.id-1)/blockTerms != block {
		first, rest := c.dict.first(block)
		c.last, c.rest = append(c.last[:0], first...), rest
		c.id = uint32(block)*blockTerms + 1
	}
	for ; c.id < id; c.id++ {
		c.last, c.rest = next(c.last, c.rest)
	}
	return c.last
}
