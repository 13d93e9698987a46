package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// checkEvery is how many rows pass between two looks at the context.
const checkEvery = 1 << 14

// consistent checks what checksums cannot: that a file which somebody made by hand is one that a
// builder could have made. Terms ascend, rows ascend, and every order has the quads of the first.
func (f *file) consistent(ctx context.Context) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: %w: %s", f.path, ErrDamaged, fmt.Sprintf(format, args...))
	}
	if err := f.termsAscend(ctx); err != nil {
		return fail("%s", err)
	}
	last := uint32(0)
	for r := range f.trailer.Predicates {
		p := f.predicateAt(r)
		if p <= last || p > f.trailer.Terms {
			return fail("predicates out of order")
		}
		last = p
	}
	var sums [4]uint64
	labelled := uint64(0)
	for i, o := range []*order{&f.spol, &f.opsl, &f.posl, &f.lspo} {
		var before row
		sorted := true
		err := o.each(ctx, func(lead uint32, at uint64) {
			r := f.rowAt(i, lead, at)
			sorted = sorted && (at == 0 || before.less(r, orderOf[i])) && f.holds(r)
			before = r
			sums[i] += r.mix()
			if i == 0 && r.l > 0 {
				labelled += r.mix()
			}
		})
		if err != nil {
			return err
		}
		if !sorted {
			return fail("the rows of %s are out of order", sectionName(secSPOL+i))
		}
	}
	if sums[0] != sums[1] || sums[0] != sums[2] || labelled != sums[3] {
		return fail("the orders hold different quads")
	}
	return nil
}

// holds says whether the numbers of a row are terms and a predicate.
func (f *file) holds(r row) bool {
	n := f.trailer.Terms
	return r.s > 0 && r.s <= n && r.o > 0 && r.o <= n && r.l <= n && r.p < f.trailer.Predicates
}

func (f *file) termsAscend(ctx context.Context) error {
	var before []byte
	return f.dict.each(func(id uint32, term []byte) error {
		if id%checkEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		if err := checkTerm(term); err != nil {
			return err
		}
		if k := kind(term[0]); id < f.dict.kinds[k] || id >= f.dict.kinds[k+1] {
			return errors.New("a term among those of another kind")
		}
		if id > 1 && bytes.Compare(before, term) >= 0 {
			return errors.New("terms out of order")
		}
		before = append(before[:0], term...)
		return nil
	})
}

// rowAt returns a row of an order, given its leading value. Predicates are ranks.
func (f *file) rowAt(i int, lead uint32, at uint64) row {
	switch i {
	case 0:
		return row{lead, f.spol.at(at, spolP), f.spol.at(at, spolO), f.spol.at(at, spolL)}
	case 1:
		return row{f.opsl.at(at, opslS), f.opsl.at(at, opslP), lead, f.opsl.at(at, opslL)}
	case 2:
		return row{f.posl.at(at, poslS), lead - 1, f.posl.at(at, poslO), f.posl.at(at, poslL)}
	default:
		return row{f.lspo.at(at, lspoS), f.lspo.at(at, lspoP), f.lspo.at(at, lspoO), lead}
	}
}

// each calls yield with every row and its leading value.
func (o *order) each(ctx context.Context, yield func(lead uint32, row uint64)) error {
	if o.first == 0 {
		return nil
	}
	done := uint64(0)
	for lead := o.first; ; lead++ {
		r := o.under(lead)
		if r.lo != done {
			panic(damage("rows that no value leads"))
		}
		for ; done < r.hi; done++ {
			if done%checkEvery == 0 {
				if err := context.Cause(ctx); err != nil {
					return err
				}
			}
			yield(lead, done)
		}
		if lead == o.last {
			break
		}
	}
	if done != o.n {
		panic(damage("rows that no value leads"))
	}
	return nil
}
