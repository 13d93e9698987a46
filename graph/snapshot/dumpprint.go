package snapshot

import (
	"bytes"
	"cmp"
	"context"
	"runtime/debug"
	"slices"
)

// A dumpPrinter prints subjects, for one goroutine.
type dumpPrinter struct {
	*dumper

	printing        func(dst []byte, t DumpTerm) ([]byte, error)
	objects, labels termCursor
	known           []dumpName // terms that were printed a while ago, by their numbers
	groups          []dumpGroup
	lines           []line
	sorted          []byte
}

// A dumpGroup is the rows of one subject under one predicate.
type dumpGroup struct {
	rank, predicate uint32
	rows            rows
}

// A line is a piece of what was printed.
type line struct{ from, to int }

const (
	dumpKnown = 1 << 13 // a power of 2
	longTerm  = 200     // is not remembered
)

func newDumpPrinter(d *dumper) *dumpPrinter {
	p := &dumpPrinter{dumper: d, printing: d.options.Printer(), known: make([]dumpName, dumpKnown)}
	p.objects.dict, p.labels.dict = &d.r.f.dict, &d.r.f.dict
	return p
}

// print prints the subjects of a job.
func (p *dumpPrinter) print(ctx context.Context, j *dumpJob) (err error) {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if p.r.store.closed.Load() {
		return ErrClosed
	}
	defer p.r.f.guard(debug.SetPanicOnFault(true), &err)
	from := 0
	for i, id := range j.ids {
		if err := p.subject(ctx, j, id, j.names[from:j.ends[i]]); err != nil {
			return err
		}
		from = j.ends[i]
	}
	return nil
}

// subject prints the quads of a subject.
func (p *dumpPrinter) subject(ctx context.Context, j *dumpJob, id uint32, name []byte) error {
	o := &p.r.f.spol
	all := o.under(id)
	p.groups = p.groups[:0]
	for at := all.lo; at < all.hi; {
		rank := o.at(at, spolP)
		if int(rank) >= len(p.predicates) {
			panic(damage("a predicate out of range"))
		}
		end := o.after(rows{at, all.hi}, spolP, rank)
		if end <= at {
			panic(damage("rows that are not sorted"))
		}
		p.groups = append(p.groups, dumpGroup{p.rank[rank], rank, rows{at, end}})
		at = end
	}
	if p.options.Sorted {
		slices.SortFunc(p.groups, func(a, b dumpGroup) int { return cmp.Compare(a.rank, b.rank) })
	}
	for _, g := range p.groups {
		if err := p.group(ctx, j, id, name, g); err != nil {
			return err
		}
	}
	return nil
}

// group prints the quads of a subject and a predicate.
func (p *dumpPrinter) group(ctx context.Context, j *dumpJob, id uint32, name []byte, g dumpGroup) error {
	o := &p.r.f.spol
	begin := len(j.out)
	p.lines = p.lines[:0]
	for at := g.rows.lo; at < g.rows.hi; at++ {
		if n := at - g.rows.lo; n%checkEvery == checkEvery-1 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		fact := Fact{id, p.predicates[g.predicate], o.at(at, spolO), o.at(at, spolL)}
		if p.options.Skip != nil && p.options.Skip(fact) {
			continue
		}
		if fact.Label != 0 && p.options.Unlabel != nil && p.options.Unlabel(fact.Label) {
			fact.Label = 0
		}
		from := len(j.out)
		j.out = append(append(j.out, name...), p.printed[g.predicate]...)
		var err error
		if j.out, err = p.term(j.out, fact.Object, &p.objects); err != nil {
			return err
		}
		if fact.Label != 0 {
			if j.out, err = p.term(append(j.out, ' '), fact.Label, &p.labels); err != nil {
				return err
			}
			j.counts.Labelled++
		}
		j.out = append(j.out, " .\n"...)
		j.counts.Quads++
		p.lines = append(p.lines, line{from, len(j.out)})
	}
	if p.options.Sorted && len(p.lines) > 1 {
		p.sort(j, begin)
	}
	return nil
}

// sort puts the lines of a group in order, and leaves repeats out.
func (p *dumpPrinter) sort(j *dumpJob, begin int) {
	text := func(l line) []byte { return j.out[l.from:l.to] }
	compare := func(a, b line) int { return bytes.Compare(text(a), text(b)) }
	all := len(p.lines)
	if !slices.IsSortedFunc(p.lines, compare) {
		slices.SortFunc(p.lines, compare)
	}
	p.lines = slices.CompactFunc(p.lines, func(a, b line) bool { return bytes.Equal(text(a), text(b)) })
	p.sorted = p.sorted[:0]
	for _, l := range p.lines {
		p.sorted = append(p.sorted, text(l)...)
	}
	j.out = append(j.out[:begin], p.sorted...)
	j.counts.Quads -= all - len(p.lines)
}

// term prints the term of a number.
func (p *dumpPrinter) term(dst []byte, id uint32, at *termCursor) ([]byte, error) {
	known := &p.known[id%dumpKnown]
	if known.id == id {
		return append(dst, known.name...), nil
	}
	from := len(dst)
	dst, err := p.appendBy(p.printing, dst, at.term(id))
	if err != nil {
		return dst, err
	}
	if printed := dst[from:]; len(printed) <= longTerm {
		known.id, known.name = id, append(known.name[:0], printed...)
	}
	return dst, nil
}
