package snapshot

import (
	"runtime/debug"

	"github.com/cayleygraph/quad"
)

// A Fact is a quad as numbers of values; Label is 0 where there is none.
type Fact struct{ Subject, Predicate, Object, Label uint32 }

// A Reader reads one generation of a store by the numbers of its values, for walks over the graph that
// look at many facts and few names. Numbers are dense and in the order of the values: IRIs, blank nodes,
// literals. An edit of the store does not touch a Reader. Several goroutines may use one.
type Reader struct {
	store *Store
	f     *file
}

// Reader returns a reader of what the store holds now.
func (s *Store) Reader() (*Reader, error) {
	f, err := s.file()
	if err != nil {
		return nil, err
	}
	return &Reader{store: s, f: f}, nil
}

// Number returns the number of a value, or 0 where the store does not have it.
func (r *Reader) Number(v quad.Value) (uint32, error) { return r.f.findValue(v) }

// Value returns the value with a number.
func (r *Reader) Value(n uint32) (quad.Value, error) { return r.f.valueOf(n) }

// IsLiteral says whether a number is that of a literal.
func (r *Reader) IsLiteral(n uint32) bool { return n >= r.f.trailer.Kinds[kindBlank+1] }

// Count returns how many facts have a value in a direction.
func (r *Reader) Count(n uint32, d quad.Direction) (int, error) {
	count, err := r.f.countOf(d, n)
	return int(count), err
}

// Facts copies facts that have a value in a direction, from the given one on, and returns how many
// there were room for: none after the last. Facts of one value come in the same order always.
func (r *Reader) Facts(n uint32, d quad.Direction, from int, into []Fact) (count int, err error) {
	if r.store.closed.Load() {
		return 0, ErrClosed
	}
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	rows := r.f.rowsOf(d, n)
	at := min(rows.lo+uint64(max(from, 0)), rows.hi)
	for ; at < rows.hi && count < len(into); at++ {
		q := r.f.linkAt(d, n, at)
		into[count] = Fact{q.s, q.p, q.o, q.l}
		count++
	}
	return count, nil
}

// Text calls do with the bytes that the builder was given to keep: none after an edit. They are a part of
// the file, good until do returns, and not to be written to. What do panics with because they are damaged
// or gone, an index out of range among it, is returned as an error.
func (r *Reader) Text(do func(text []byte) error) (err error) {
	if r.store.closed.Load() {
		return ErrClosed
	}
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	return do(r.f.section(secText))
}
