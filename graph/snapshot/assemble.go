package snapshot

import (
	"context"
	"encoding/binary"

	"kg/graph/atomicfile"
)

// An assembly is a file being put together, section after section.
type assembly struct {
	out                   *atomicfile.File
	trailer               trailer
	next                  uint64 // where the next section begins
	offsets               [4][]byte
	subjectsOf, objectsOf []uint32 // distinct ones of each predicate, by rank
}

func newAssembly(out *atomicfile.File) (*assembly, error) {
	a := &assembly{out: out}
	return a, a.raw(header(), nil)
}

// raw writes bytes that are at hand; a section's place and sum go to where they are listed.
func (a *assembly) raw(b []byte, section *span) error {
	w := newSection(a.out, a.next)
	w.write(b)
	s, err := w.close()
	if section != nil {
		*section = s
	}
	a.next += s.Length
	return err
}

func (a *assembly) section(i int, b []byte) error { return a.raw(b, &a.trailer.Sections[i]) }

// terms writes the merged terms of runs.
func (a *assembly) terms(ctx context.Context, runs []*run, step func(done int)) error {
	w := newSection(a.out, a.next)
	terms := termWriter{section: w}
	if err := mergeTerms(ctx, runs, &terms, step); err != nil {
		return err
	}
	s, err := w.close()
	if err != nil {
		return err
	}
	a.trailer.Sections[secTerms] = s
	a.next += s.Length
	var blocks []byte
	blocks, a.trailer.Kinds = terms.finish()
	a.trailer.Terms = terms.terms
	return a.section(secBlocks, blocks)
}

// predicates writes the numbers of the predicates.
func (a *assembly) predicates(list []uint32) error {
	a.trailer.Predicates = uint32(len(list))
	a.subjectsOf, a.objectsOf = make([]uint32, len(list)), make([]uint32, len(list))
	var b []byte
	for _, id := range list {
		b = binary.LittleEndian.AppendUint32(b, id)
	}
	return a.section(secPredicates, b)
}

// columns sets the range of the columns: it decides how many bits each has.
func (a *assembly) columns(least, most row) {
	t := &a.trailer
	t.FirstSubject, t.LastSubject = least.s, most.s
	t.FirstObject, t.LastObject = least.o, most.o
	t.FirstLabel, t.LastLabel = least.l, most.l
}

// An orderWriter packs the rows of one order, which come sorted.
type orderWriter struct {
	by      ordering
	section *sectionWriter
	bits    bitWriter
	widths  [3]uint
	rows    uint64
	starts  []uint32
	first   uint32
	lead    uint32 // 0 before the first row
	leads   uint32 // distinct ones
}

func (a *assembly) order(i int, at uint64) *orderWriter {
	t := &a.trailer
	w := t.widths()
	by := orderOf[i]
	all := [4]uint{colS: w.subject, colP: w.rank, colO: w.object, colL: w.label}
	first := [4]uint32{colS: t.FirstSubject, colP: min(t.Predicates, 1), colO: t.FirstObject, colL: t.FirstLabel}[by[0]]
	return &orderWriter{
		by: by, section: newSection(a.out, at), first: first,
		widths: [3]uint{all[by[1]], all[by[2]], all[by[3]]},
	}
}

// add packs rows. Predicates are ranks; as a leading value a rank is counted from 1.
func (w *orderWriter) add(rows []row) {
	b, c, d := w.by[1], w.by[2], w.by[3]
	for i := range rows {
		r := &rows[i]
		lead := r.get(w.by[0])
		if w.by[0] == colP {
			lead++
		}
		if lead != w.lead {
			w.startLead(lead)
		}
		w.bits.add(r.get(b), w.widths[0])
		w.bits.add(r.get(c), w.widths[1])
		w.bits.add(r.get(d), w.widths[2])
		w.rows++
		if len(w.bits.out) >= 1<<15 {
			w.section.drain(&w.bits)
		}
	}
}

func (w *orderWriter) startLead(lead uint32) {
	from := w.first
	if w.lead > 0 {
		from = w.lead + 1
	}
	for ; from <= lead; from++ {
		w.starts = append(w.starts, uint32(w.rows))
	}
	w.lead = lead
	w.leads++
}

// finishOrder ends the section of an order, and packs the offsets.
func (a *assembly) finishOrder(i int, w *orderWriter) error {
	w.section.write(w.bits.finish())
	s, err := w.section.close()
	if err != nil {
		return err
	}
	a.trailer.Sections[secSPOL+i] = s
	var bits bitWriter
	width := a.trailer.widths().row
	for _, start := range w.starts {
		bits.add(start, width)
	}
	bits.add(uint32(w.rows), width)
	a.offsets[i] = bits.finish()
	return nil
}

// indexes writes the offsets and the statistics.
func (a *assembly) indexes() error {
	for i, section := range []int{secSubjects, secObjects, secPredOffs, secLabels} {
		if err := a.section(section, a.offsets[i]); err != nil {
			return err
		}
		a.offsets[i] = nil
	}
	var stats []byte
	for i := range a.subjectsOf {
		stats = binary.LittleEndian.AppendUint32(stats, a.subjectsOf[i])
		stats = binary.LittleEndian.AppendUint32(stats, a.objectsOf[i])
	}
	return a.section(secStats, stats)
}

// close writes the trailer.
func (a *assembly) close() error {
	encoded := a.trailer.encode()
	at := a.next
	if err := a.raw(encoded, nil); err != nil {
		return err
	}
	return a.raw(footer(at, encoded), nil)
}

// rowsIn yields rows in the order that is wanted, each once, in batches that are good until yield returns.
type rowsIn func(ctx context.Context, yield func([]row) error) error

// orders writes all orders. The feed gets the quads, and those with a label, as they come in the first
// order. With apart, two goroutines write the others.
func (a *assembly) orders(ctx context.Context, in [4]rowsIn, feed func(all, labelled []row) error, apart bool) error {
	t := &a.trailer
	spol := a.order(0, a.next)
	var last row
	var labelled []row
	err := in[0](ctx, func(rows []row) error {
		labelled = labelled[:0]
		for i := range rows {
			r := &rows[i]
			if r.s != last.s || r.p != last.p {
				a.subjectsOf[r.p]++
			}
			last = *r
			if r.l > 0 {
				labelled = append(labelled, *r)
			}
		}
		t.Quads += uint64(len(rows))
		t.Labelled += uint64(len(labelled))
		return both(func() error { return feed(rows, labelled) }, func() error {
			spol.add(rows)
			return nil
		})
	})
	if err != nil {
		return err
	}
	t.Subjects = spol.leads
	if err := a.finishOrder(0, spol); err != nil {
		return err
	}
	w := t.widths()
	atOPSL := a.next + t.Sections[secSPOL].Length
	atPOSL := atOPSL + packedSize(t.Quads, w.rank+w.subject+w.label)
	atLSPO := atPOSL + packedSize(t.Quads, w.object+w.subject+w.label)
	a.next = atLSPO + packedSize(t.Labelled, w.subject+w.rank+w.object)
	first := func() error {
		if err := a.byObject(ctx, in[1], a.order(1, atOPSL)); err != nil {
			return err
		}
		return a.byPredicate(ctx, in[2], a.order(2, atPOSL))
	}
	second := func() error { return a.byLabel(ctx, in[3], a.order(3, atLSPO)) }
	if !apart {
		if err := first(); err != nil {
			return err
		}
		return second()
	}
	return both(first, second)
}

func (a *assembly) byObject(ctx context.Context, in rowsIn, to *orderWriter) error {
	err := in(ctx, func(rows []row) error {
		to.add(rows)
		return nil
	})
	if err != nil {
		return err
	}
	a.trailer.Objects = to.leads
	return a.finishOrder(1, to)
}

func (a *assembly) byPredicate(ctx context.Context, in rowsIn, to *orderWriter) error {
	var last row // no quad has the object 0
	err := in(ctx, func(rows []row) error {
		for i := range rows {
			if r := &rows[i]; r.o != last.o || r.p != last.p {
				a.objectsOf[r.p]++
				last = *r
			}
		}
		to.add(rows)
		return nil
	})
	if err != nil {
		return err
	}
	return a.finishOrder(2, to)
}

func (a *assembly) byLabel(ctx context.Context, in rowsIn, to *orderWriter) error {
	err := in(ctx, func(rows []row) error {
		to.add(rows)
		return nil
	})
	if err != nil {
		return err
	}
	a.trailer.Labels = to.leads
	return a.finishOrder(3, to)
}
