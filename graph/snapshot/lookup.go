package snapshot

import (
	"runtime/debug"

	"github.com/cayleygraph/quad"
)

// The methods here are guarded: they may be called with a file of any content.

// term returns a copy of an encoded term.
func (f *file) term(id uint32) (term []byte, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	return f.dict.appendTerm(nil, id), nil
}

// find returns the number of an encoded term, or 0.
func (f *file) find(term []byte) (id uint32, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	return f.dict.find(term), nil
}

// findValue returns the number of a value, or 0.
func (f *file) findValue(v quad.Value) (uint32, error) {
	var buf [128]byte
	term, err := AppendValue(buf[:0], v)
	if err != nil {
		return 0, nil //nolint:nilerr // a value that cannot be stored is not there
	}
	return f.find(term)
}

// valueOf returns the value with a number.
func (f *file) valueOf(id uint32) (v quad.Value, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	return f.value(id)
}

// quadOf returns the values of a quad.
func (f *file) quadOf(q link) (out quad.Quad, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	for _, d := range quad.Directions {
		if id := q.get(d); id != 0 {
			v, err := f.value(id)
			if err != nil {
				return quad.Quad{}, err
			}
			out.Set(d, v)
		}
	}
	return out, nil
}

// countOf returns how many quads have a value in a direction.
func (f *file) countOf(d quad.Direction, id uint32) (n uint64, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	return f.rowsOf(d, id).len(), nil
}

// rowsOf returns the rows of a value in the order that a direction leads.
func (f *file) rowsOf(d quad.Direction, id uint32) rows {
	switch d {
	case quad.Subject:
		return f.spol.under(id)
	case quad.Object:
		return f.opsl.under(id)
	case quad.Label:
		return f.lspo.under(id)
	case quad.Predicate:
		if rank, ok := f.rankOf(id); ok {
			return f.posl.under(rank + 1)
		}
	case quad.Any:
	}
	return rows{}
}

// linkAt returns the quad of a row in the order that a direction leads, where id is the leading value.
func (f *file) linkAt(d quad.Direction, id uint32, at uint64) link {
	switch d {
	case quad.Subject:
		return link{f, id, f.predicateAt(f.spol.at(at, spolP)), f.spol.at(at, spolO), f.spol.at(at, spolL)}
	case quad.Object:
		return link{f, f.opsl.at(at, opslS), f.predicateAt(f.opsl.at(at, opslP)), id, f.opsl.at(at, opslL)}
	case quad.Label:
		return link{f, f.lspo.at(at, lspoS), f.predicateAt(f.lspo.at(at, lspoP)), f.lspo.at(at, lspoO), id}
	default:
		return link{f, f.posl.at(at, poslS), id, f.posl.at(at, poslO), f.posl.at(at, poslL)}
	}
}

// has says whether a quad with these numbers is there.
func (f *file) has(q link) (found bool, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	rank, ok := f.rankOf(q.p)
	if !ok || q.s == 0 || q.o == 0 {
		return false, nil
	}
	r := f.spol.narrow(f.spol.under(q.s), spolP, rank)
	r = f.spol.narrow(r, spolO, q.o)
	return f.spol.narrow(r, spolL, q.l).len() > 0, nil
}
