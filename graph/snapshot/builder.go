package snapshot

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"

	"kg/graph/atomicfile"
)

// BuildOptions say how a file is built. They change nothing in it.
type BuildOptions struct {
	// Memory is about how many bytes the build may use, 0 for a gigabyte. What does not fit goes to a
	// file beside the new one.
	Memory int64

	// Workers is how many cores the build uses, 0 for all.
	Workers int

	// Progress, when set, is told now and then how far the build is. Several goroutines may call it,
	// but no two at a time.
	Progress func(Progress)
}

// Progress is how far a build is.
type Progress struct {
	Stage string // "reading", "sorting", "writing"
	Done  int    // quads, or, when sorting, different values
	Total int    // 0 where it is not known
}

// Counts says what a file holds.
type Counts struct {
	Quads, Terms int
	Bytes        int64
}

const (
	defaultMemory = 1 << 30
	leastMemory   = 1 << 20
)

// A Builder makes a file of quads, which come in any order and as often as they like. Identical sets of
// quads give identical files, whatever the number of cores and the memory.
//
// Quads are added through shards, one for each goroutine that adds; then one call of Commit makes the
// file and puts it in the place of what was there. Until then, and on any error, nothing is changed.
type Builder struct {
	path    string
	options BuildOptions
	spill   *spill
	limit   int64
	used    atomic.Int64
	quads   atomic.Int64

	settling sync.WaitGroup // of runs that are being sorted

	mu       sync.Mutex
	shards   []*Shard
	runs     []*run
	failed   error
	finished bool
}

// NewBuilder begins to build a file. Whoever begins must call Commit or Discard.
func NewBuilder(path string, o BuildOptions) *Builder {
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	o.Memory = max(o.Memory, leastMemory)
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return &Builder{path: path, options: o, spill: &spill{path: path}, limit: o.Memory / 2}
}

// Shard returns a new way to add quads.
func (b *Builder) Shard() *Shard {
	s := &Shard{b: b, terms: termTable{seed: maphash.MakeSeed()}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shards = append(b.shards, s)
	return s
}

// account tells the builder how much memory the shard uses, and spills when that is too much in all.
func (s *Shard) account() error {
	size := s.size()
	used := s.b.used.Add(size - s.used)
	s.used = size
	s.b.report("reading", int(s.b.quads.Add(flushEvery)), 0)
	if used <= s.b.limit && !s.terms.full() {
		return nil
	}
	s.b.mu.Lock()
	shards := int64(len(s.b.shards))
	s.b.mu.Unlock()
	if size < s.b.limit/(2*shards) && !s.terms.full() {
		return nil // others hold more, and will look soon
	}
	r, err := s.run()
	s.empty()
	if err == nil {
		err = r.spillRun(s.b.spill)
	}
	s.b.used.Add(-s.used)
	s.used = 0
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.runs = append(s.b.runs, r)
	s.b.failed = errors.Join(s.b.failed, err)
	return s.b.failed
}

// Settle begins to sort what has been added so far, on cores of its own, and returns. More may be added
// meanwhile, but nothing while Settle is called.
func (b *Builder) Settle() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.shards {
		if s.count() == 0 {
			continue
		}
		full := *s
		s.empty()
		s.used = 0 // what the full one uses stays counted
		b.settling.Go(func() {
			r, err := full.run()
			b.mu.Lock()
			defer b.mu.Unlock()
			b.runs = append(b.runs, r)
			b.failed = errors.Join(b.failed, err)
		})
	}
}

func (b *Builder) report(stage string, done, total int) {
	if b.options.Progress != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.options.Progress(Progress{Stage: stage, Done: done, Total: total})
	}
}

// Discard ends a build without a file. After Commit it does nothing.
func (b *Builder) Discard() {
	b.finished = true
	b.settling.Wait()
	b.shards, b.runs = nil, nil
	b.spill.close()
}

// Commit makes the file of all that was added, with a manifest of the caller's, and puts it in place.
// When it returns without an error the file survives a loss of power.
func (b *Builder) Commit(ctx context.Context, manifest []byte) (Counts, error) {
	return b.CommitDraft(ctx, func(d *Draft) error {
		d.Manifest = manifest
		return nil
	})
}

func (b *Builder) write(ctx context.Context, out *atomicfile.File, finish Finish) (Counts, error) {
	a, err := b.sort(ctx, out)
	if err != nil {
		return Counts{}, err
	}
	if err := a.complete(nil, finish); err != nil {
		return Counts{}, err
	}
	return Counts{Quads: int(a.trailer.Quads), Terms: int(a.trailer.Terms), Bytes: int64(a.next)}, nil
}

// sort puts all that was added in order.
func (b *Builder) sort(ctx context.Context, out *atomicfile.File) (*assembly, error) {
	a, err := newAssembly(out)
	if err != nil {
		return nil, err
	}
	runs, err := b.allRuns()
	if err != nil {
		return nil, err
	}
	if err := a.terms(ctx, runs, func(done int) { b.report("sorting", done, 0) }); err != nil {
		return nil, err
	}
	if err := b.orders(ctx, a, runs); err != nil {
		return nil, err
	}
	b.spill.close() // its room may be needed for what follows
	return a, a.indexes()
}

// allRuns ends the shards.
func (b *Builder) allRuns() ([]*run, error) {
	b.settling.Wait()
	runs := b.runs
	last := make([]*run, len(b.shards))
	errs := make([]error, len(b.shards))
	var wg sync.WaitGroup
	for i, s := range b.shards {
		if s.count() > 0 {
			wg.Go(func() { last[i], errs[i] = s.run() })
		}
	}
	wg.Wait()
	b.shards, b.runs = nil, nil
	for _, r := range last {
		if r != nil {
			runs = append(runs, r)
		}
	}
	return runs, errors.Join(append(errs, b.failed)...)
}

// sortedAtOnce is how often the rows of a sorter are in memory at most: those of three orders, of which
// two are being sorted.
const sortedAtOnce = 5

// orders sorts the quads and writes them four times.
func (b *Builder) orders(ctx context.Context, a *assembly, runs []*run) error {
	predicates, quads, least, most, err := b.translate(runs)
	if err != nil {
		return err
	}
	if err := a.predicates(predicates); err != nil {
		return err
	}
	a.columns(least, most)
	room := int(max(b.options.Memory/(sortedAtOnce*rowBytes), 1<<12))
	newSorter := func(i, cols int) *sorter {
		return &sorter{by: orderOf[i], cols: cols, most: most, room: room, expect: quads, workers: b.options.Workers, spill: b.spill}
	}
	first := newSorter(0, 4)
	if err := b.gather(first, runs); err != nil {
		return err
	}
	// The rows of SPOL need no more than two columns sorted to be OPSL, one more for POSL, one for LSPO.
	opsl, posl, lspo := newSorter(1, 2), newSorter(2, 1), newSorter(3, 1)
	in := [4]rowsIn{first.each, func(ctx context.Context, yield func([]row) error) error {
		return opsl.each(ctx, func(rows []row) error {
			return both(func() error { return posl.add(rows) }, func() error { return yield(rows) })
		})
	}, posl.each, lspo.each}
	return a.orders(ctx, in, func(all, labelled []row) error {
		b.report("writing", int(a.trailer.Quads), 0)
		if err := opsl.add(all); err != nil {
			return err
		}
		return lspo.add(labelled)
	}, true)
}

// both does two things at the same time.
func both(one, other func() error) error {
	var otherErr error
	var wg sync.WaitGroup
	wg.Go(func() { otherErr = other() })
	err := one()
	wg.Wait()
	return errors.Join(err, otherErr)
}

// translate lists the predicates, and makes the numbers of runs those of the file, the predicates'
// their ranks.
func (b *Builder) translate(runs []*run) (predicates []uint32, quads int, least, most row, err error) {
	seen := map[uint32]bool{}
	for _, r := range runs {
		r.eachPredicate(func(id uint32) { seen[r.remap[id]] = true })
	}
	predicates = sortedKeys(seen)
	ranks := make(map[uint32]uint32, len(predicates))
	for i, id := range predicates {
		ranks[id] = uint32(i)
	}
	begun := false
	for _, r := range runs {
		r.ranks = make(map[uint32]uint32, 64)
		r.eachPredicate(func(id uint32) { r.ranks[id] = ranks[r.remap[id]] })
		low, high := r.least, r.most
		if r.spilled == nil {
			b.translateRows(r)
			low, high = r.rows.extent()
			quads += r.rows.n
		} else {
			low, high = r.translated(low), r.translated(high)
			quads += int(r.spilled.Size() / rowBytes)
		}
		if !begun {
			least, most, begun = low, high, true
		}
		least, most = widen(least, most, low)
		least, most = widen(least, most, high)
	}
	if uint64(quads) > 1<<32-1 {
		return nil, 0, row{}, row{}, fmt.Errorf("more than %d quads", uint32(1<<32-1))
	}
	return predicates, quads, least, most, nil
}

// translateRows makes the numbers of a run in memory those of the file, on all cores.
func (b *Builder) translateRows(r *run) {
	r.rows.each(b.options.Workers, func(rows []row) {
		var known [256]struct{ id, rank uint32 } // most quads have one of few predicates
		for i := range rows {
			q := &rows[i]
			k := &known[q.p%256]
			if k.id != q.p {
				k.id, k.rank = q.p, r.ranks[q.p]
			}
			*q = row{r.remap[q.s], k.rank, r.remap[q.o], r.remap[q.l]}
		}
	})
}

// gather hands all rows to the first sorter, and lets go of the runs.
func (b *Builder) gather(to *sorter, runs []*run) error {
	for i, r := range runs {
		runs[i] = nil
		if r.spilled == nil {
			for i, rows := range r.rows.pieces {
				r.rows.pieces[i] = nil
				if err := to.add(rows); err != nil {
					return err
				}
			}
			continue
		}
		more := readRows(r.spilled)
		to.sources = append(to.sources, func() ([]row, error) {
			rows, err := more()
			for i := range rows {
				rows[i] = r.translated(rows[i])
			}
			return rows, err
		})
	}
	return nil
}
