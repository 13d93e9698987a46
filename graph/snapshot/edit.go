package snapshot

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"runtime/debug"
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph/atomicfile"
)

// ApplyDeltas makes a new file with the changes and puts it in place: all of them, or none on an error.
// Its cost is that of copying the file: it is for small edits.
func (s *Store) ApplyDeltas(in []cayley.Delta, ignore cayley.IgnoreOpts) error {
	return s.change(func(base *file) (*Shard, []link, error) { return netChange(base, in, ignore) })
}

// A wish is what shall become of a quad.
type wish struct {
	quad    quad.Quad
	before  bool
	after   bool
	numbers link // in the old file, where it was there before
}

// netChange works out what a list of changes, one after the other, does to a file.
func netChange(base *file, in []cayley.Delta, ignore cayley.IgnoreOpts) (*Shard, []link, error) {
	wishes := map[string]*wish{}
	var order []*wish
	var key []byte
	for _, d := range in {
		key = key[:0]
		for _, dir := range quad.Directions {
			v := d.Quad.Get(dir)
			if v == nil && dir == quad.Label {
				continue
			}
			term, err := AppendValue(nil, v)
			if err != nil {
				return nil, nil, &cayley.DeltaError{Delta: d, Err: err}
			}
			key = appendPair(key, string(term), "")
		}
		w := wishes[string(key)]
		if w == nil {
			numbers, found, err := base.locate(d.Quad)
			if err != nil {
				return nil, nil, err
			}
			w = &wish{quad: d.Quad, before: found, after: found, numbers: numbers}
			wishes[string(key)] = w
			order = append(order, w)
		}
		switch {
		case d.Action == cayley.Add && w.after && !ignore.IgnoreDup:
			return nil, nil, &cayley.DeltaError{Delta: d, Err: cayley.ErrQuadExists}
		case d.Action == cayley.Delete && !w.after && !ignore.IgnoreMissing:
			return nil, nil, &cayley.DeltaError{Delta: d, Err: cayley.ErrQuadNotExist}
		case d.Action != cayley.Add && d.Action != cayley.Delete:
			return nil, nil, &cayley.DeltaError{Delta: d, Err: cayley.ErrInvalidAction}
		}
		w.after = d.Action == cayley.Add
	}
	added := newShard()
	var removed []link
	for _, w := range order {
		switch {
		case w.before && !w.after:
			removed = append(removed, w.numbers)
		case !w.before && w.after:
			if err := added.AddQuad(w.quad); err != nil {
				return nil, nil, err
			}
		}
	}
	return added, removed, nil
}

// newShard returns a shard of no builder: its quads stay in memory.
func newShard() *Shard {
	return &Shard{terms: termTable{seed: maphash.MakeSeed()}}
}

// locate finds a quad.
func (f *file) locate(q quad.Quad) (link, bool, error) {
	out := link{f: f}
	for _, part := range []struct {
		d  quad.Direction
		to *uint32
	}{{quad.Subject, &out.s}, {quad.Predicate, &out.p}, {quad.Object, &out.o}, {quad.Label, &out.l}} {
		v := q.Get(part.d)
		if v == nil {
			continue
		}
		var err error
		if *part.to, err = f.findValue(v); err != nil || *part.to == 0 {
			return link{}, false, err
		}
	}
	found, err := f.has(out)
	return out, found, err
}

// change replaces the file by one with a change. Others who write, in this process or in another, wait.
func (s *Store) change(work func(base *file) (*Shard, []link, error)) error {
	if s.options.ReadOnly {
		return ErrReadOnly
	}
	s.edit.Lock()
	defer s.edit.Unlock()
	f, err := s.file()
	if err != nil {
		return err
	}
	lock, err := lockCurrent(s.path)
	if err != nil {
		return err
	}
	defer lock.Close() //nolint:errcheck // only its lock was of use
	if info, err := lock.Stat(); err != nil || !os.SameFile(info, f.info) {
		if f, err = openFile(s.path); err != nil { // somebody else has written meanwhile
			return err
		}
		s.adopt(f)
	}
	added, removed, err := work(f)
	if err != nil || added.count() == 0 && len(removed) == 0 {
		return err
	}
	if err := writeEdit(s.path, f, added, removed, s.options.Edited); err != nil {
		return err
	}
	changed, err := openFile(s.path)
	if err != nil {
		return err
	}
	s.adopt(changed)
	return nil
}

// lockCurrent locks the file that stands at a path now.
func lockCurrent(path string) (*os.File, error) {
	for {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("edit: %w", err)
		}
		if err := atomicfile.Lock(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		mine, err := f.Stat()
		if err == nil {
			var now os.FileInfo
			if now, err = os.Stat(path); err == nil && os.SameFile(mine, now) {
				return f, nil
			}
		}
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return nil, fmt.Errorf("edit: %w", err)
		}
	}
}

// An edit makes a file of an old one by merging: what is sorted stays sorted.
type edit struct {
	base    *file
	skip    map[uint32]bool // terms that no quad uses any more
	removed map[row]bool    // predicates are ranks of the old file
	remap   []uint32        // number in the old file → number in the new one
	ranks   []uint32        // and of ranks
	added   []row
}

func writeEdit(path string, base *file, added *Shard, removed []link, finish Finish) (err error) {
	out, err := atomicfile.Begin(path)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := fillEdit(out, base, added, removed, finish); err != nil {
		return err
	}
	return out.Commit()
}

func fillEdit(out *atomicfile.File, base *file, added *Shard, removed []link, finish Finish) (err error) {
	defer base.guard(debug.SetPanicOnFault(true), &err)
	ctx := context.Background()
	e := &edit{base: base, skip: map[uint32]bool{}, removed: map[row]bool{}}
	e.remove(removed)
	a, err := newAssembly(out)
	if err != nil {
		return err
	}
	old := &run{terms: base.trailer.Terms, source: func() termSource { return &fileTerms{d: &base.dict, skip: e.skip} }}
	fresh, err := added.run()
	if err != nil {
		return err
	}
	if err := a.terms(ctx, []*run{old, fresh}, func(int) {}); err != nil {
		return err
	}
	e.remap = old.remap
	predicates, least, most := e.translate(fresh)
	if err := a.predicates(predicates); err != nil {
		return err
	}
	a.columns(least, most)
	in := [4]rowsIn{e.merged(0), e.merged(1), e.merged(2), e.merged(3)}
	if err := a.orders(ctx, in, func(_, _ []row) error { return nil }, false); err != nil {
		return err
	}
	if err := a.indexes(); err != nil {
		return err
	}
	if finish == nil {
		finish = func(*Draft) error { return nil }
	}
	return a.complete(slices.Clone(base.section(secManifest)), finish)
}

// remove notes what goes: quads, and the values that only they had.
func (e *edit) remove(removed []link) {
	var uses [4]map[uint32]uint64
	for i := range uses {
		uses[i] = map[uint32]uint64{}
	}
	for _, q := range removed {
		rank, _ := e.base.rankOf(q.p)
		e.removed[row{q.s, rank, q.o, q.l}] = true
		for i, d := range quad.Directions {
			uses[i][q.get(d)]++
		}
	}
	for i := range uses {
		for id := range uses[i] {
			left := uint64(0)
			for j, d := range quad.Directions {
				left += e.base.rowsOf(d, id).len() - uses[j][id]
			}
			if id != 0 && left == 0 {
				e.skip[id] = true
			}
		}
	}
}

// translate gives the new quads their numbers, and returns the predicates and the extent of all.
func (e *edit) translate(fresh *run) (predicates []uint32, least, most row) {
	f := e.base
	removed := map[uint32]uint64{} // by old rank
	for r := range e.removed {
		removed[r.p]++
	}
	seen := map[uint32]bool{}
	for rank := range f.trailer.Predicates {
		if f.posl.under(rank+1).len() > removed[rank] {
			seen[e.remap[f.predicateAt(rank)]] = true
		}
	}
	fresh.eachPredicate(func(id uint32) { seen[fresh.remap[id]] = true })
	predicates = sortedKeys(seen)
	e.ranks = make([]uint32, f.trailer.Predicates)
	for rank := range f.trailer.Predicates {
		at, _ := slices.BinarySearch(predicates, e.remap[f.predicateAt(rank)])
		e.ranks[rank] = uint32(at)
	}
	for _, piece := range fresh.rows.pieces {
		for _, q := range piece {
			at, _ := slices.BinarySearch(predicates, fresh.remap[q.p])
			e.added = append(e.added, row{fresh.remap[q.s], uint32(at), fresh.remap[q.o], fresh.remap[q.l]})
		}
	}
	least, most = e.oldExtent()
	for i, r := range e.added {
		if i == 0 && least.s == 0 {
			least = r
		}
		least, most = widen(least, most, r)
	}
	return predicates, least, most
}

// oldExtent returns the smallest and the largest number of each column among the quads that stay.
func (e *edit) oldExtent() (least, most row) {
	var gone [4]map[uint32]uint64
	for i := range gone {
		gone[i] = map[uint32]uint64{}
	}
	for r := range e.removed {
		gone[0][r.s]++
		gone[2][r.o]++
		gone[3][r.l]++
	}
	ends := func(o *order, gone map[uint32]uint64) (first, last uint32) {
		if o.first == 0 {
			return 0, 0
		}
		first, last = o.first, o.last
		for first < last && o.under(first).len() == gone[first] {
			first++
		}
		for last > first && o.under(last).len() == gone[last] {
			last--
		}
		if o.under(first).len() == gone[first] {
			return 0, 0
		}
		return e.remap[first], e.remap[last]
	}
	least.s, most.s = ends(&e.base.spol, gone[0])
	least.o, most.o = ends(&e.base.opsl, gone[2])
	least.l, most.l = ends(&e.base.lspo, gone[3])
	return least, most
}

// merged yields the quads that stay and the new ones in an order.
func (e *edit) merged(i int) rowsIn {
	return func(ctx context.Context, yield func([]row) error) error {
		added := slices.Clone(e.added)
		if i == 3 {
			added = slices.DeleteFunc(added, func(r row) bool { return r.l == 0 })
		}
		slices.SortFunc(added, func(a, b row) int { return a.compare(b, orderOf[i]) })
		return mergeRows(ctx, []func() ([]row, error){e.stay(i), oneBatch(added)}, orderOf[i], yield)
	}
}

// stay yields the rows of an order of the old file that are not removed, with their new numbers.
func (e *edit) stay(i int) func() ([]row, error) {
	f := e.base
	o := [4]*order{&f.spol, &f.opsl, &f.posl, &f.lspo}[i]
	lead, at, end := o.first, uint64(0), uint64(0)
	if o.first != 0 {
		end = o.under(lead).hi
	}
	batch := make([]row, 0, rowBatch)
	return func() ([]row, error) {
		batch = batch[:0]
		for at < o.n && len(batch) < cap(batch) {
			for at >= end {
				lead++
				end = o.under(lead).hi
			}
			r := f.rowAt(i, lead, at)
			at++
			if len(e.removed) > 0 && e.removed[r] {
				continue
			}
			batch = append(batch, row{e.remap[r.s], e.ranks[r.p], e.remap[r.o], e.remap[r.l]})
		}
		return batch, endOf(batch)
	}
}
