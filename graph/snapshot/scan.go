package snapshot

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime/debug"

	"github.com/cayleygraph/quad"
)

// Scan calls yield with every fact whose subject has a number from lo to before hi, sorted by subject,
// predicate, object and label. It reads the file from front to back: a whole graph is read so in less
// time than a part of it value by value. Several goroutines may scan parts of one file.
func (r *Reader) Scan(ctx context.Context, lo, hi uint32, yield func(Fact) error) (err error) {
	if r.store.closed.Load() {
		return ErrClosed
	}
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	f := r.f
	predicates, err := r.Predicates()
	if err != nil {
		return err
	}
	o := &f.spol
	if o.first == 0 {
		return nil
	}
	steps := 0
	for s := max(lo, o.first); s < hi && s <= o.last; s++ {
		rows := o.under(s)
		for at := rows.lo; at < rows.hi; at++ {
			if steps++; steps%checkEvery == 0 {
				if err := context.Cause(ctx); err != nil {
					return err
				}
			}
			rank := o.at(at, spolP)
			if int(rank) >= len(predicates) {
				panic(damage("a predicate out of range"))
			}
			if err := yield(Fact{s, predicates[rank], o.at(at, spolO), o.at(at, spolL)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Labels calls yield with every number from lo to before hi, and how many facts stand under it as a label.
func (r *Reader) Labels(ctx context.Context, lo, hi uint32, yield func(label uint32, facts int) error) (err error) {
	if r.store.closed.Load() {
		return ErrClosed
	}
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	for l := lo; l < hi; l++ {
		if l%checkEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		if err := yield(l, int(r.f.lspo.under(l).len())); err != nil {
			return err
		}
	}
	return nil
}

// Quads returns how many quads there are.
func (r *Reader) Quads() int { return int(r.f.trailer.Quads) }

// Path is where the file stands, or will stand.
func (r *Reader) Path() string { return r.f.path }

// Fingerprint sums up the quads: other quads have another one.
func (r *Reader) Fingerprint() [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintln(h, r.f.trailer.Quads, r.f.trailer.Terms)
	for _, s := range r.f.trailer.Sections[:secStats] {
		fmt.Fprintln(h, s.Length, s.Sum)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Numbers returns the numbers of all values: from 1 to before end.
func (r *Reader) Numbers() (end uint32) { return r.f.trailer.Terms + 1 }

// IRIs returns the numbers of the IRIs that begin with a text: from lo to before hi.
func (r *Reader) IRIs(prefix string) (lo, hi uint32, err error) {
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	first := AppendIRI(nil, prefix)
	lo, _ = r.f.dict.from(first)
	for len(first) > 0 && first[len(first)-1] == 0xFF {
		first = first[:len(first)-1]
	}
	first[len(first)-1]++ // the least term that is greater than all that begin so
	hi, _ = r.f.dict.from(first)
	return lo, hi, nil
}

// Predicates lists the numbers of the predicates.
func (r *Reader) Predicates() (list []uint32, err error) {
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	for rank := range r.f.trailer.Predicates {
		list = append(list, r.f.predicateAt(rank))
	}
	return list, nil
}

// Texts returns the numbers of strings, those with a language among them: from lo to before hi.
func (r *Reader) Texts() (lo, hi uint32) {
	return r.f.trailer.Kinds[kindString], r.f.trailer.Kinds[kindLang+1]
}

// TypedLiterals returns the numbers of the literals of a datatype that are kept as text: from lo to before hi.
func (r *Reader) TypedLiterals(datatype quad.IRI) (lo, hi uint32, err error) {
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	first := appendPair([]byte{byte(kindTyped)}, string(datatype), "")
	lo, _ = r.f.dict.from(first)
	first[len(first)-1]++ // a datatype does not end in 0xFF: it is text
	hi, _ = r.f.dict.from(first)
	return lo, hi, nil
}

// AppendText appends the text of an IRI, or of a string without its language, and says whether the
// value has one.
func (r *Reader) AppendText(dst []byte, n uint32) (text []byte, ok bool, err error) {
	if r.store.closed.Load() {
		return dst, false, ErrClosed
	}
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	var buf [256]byte
	term := r.f.dict.appendTerm(buf[:0], n)
	switch kind(term[0]) {
	case kindIRI, kindString:
		return append(dst, term[1:]...), true, nil
	case kindLang:
		_, said, err := splitPair(term[1:])
		if err != nil {
			return dst, false, fmt.Errorf("%s: %w: %w", r.f.path, ErrDamaged, err)
		}
		return append(dst, said...), true, nil
	default:
		return dst, false, nil
	}
}
