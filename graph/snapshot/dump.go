package snapshot

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/cayleygraph/quad"
)

// A DumpTerm is a term of a dump. Its bytes are good until the function that got it returns.
type DumpTerm struct {
	Text  []byte     // of an IRI, a blank node or a literal that is kept as text
	More  []byte     // the language or the datatype
	Value quad.Value // a number, a truth value or a time; then Text is nothing
	Kind  DumpKind
}

// A DumpKind says what a [DumpTerm] is.
type DumpKind uint8

// The kinds of terms in a dump.
const (
	DumpIRI DumpKind = iota
	DumpBlank
	DumpString
	DumpLang
	DumpTyped
	DumpValue
)

// DumpOptions say how a dump looks. Printer is required. Several goroutines call the functions at once.
type DumpOptions struct {
	// Printer makes, for one goroutine, a function that appends a term as it stands in a line.
	Printer func() func(dst []byte, t DumpTerm) ([]byte, error)

	// Sorted sorts lines by their bytes and leaves repeats out. Else they stand in the store's order.
	Sorted bool
	// Prefixes are beginnings of IRIs, none of which begins another, that a printer replaces by something
	// else. All other IRIs it writes between brackets, escaping what cannot stand there. Sorting relies
	// on that.
	Prefixes []string

	// Skip, unless nil, leaves a fact out. Unlabel, unless nil, takes away a label.
	Skip    func(Fact) bool
	Unlabel func(label uint32) bool
}

// DumpCounts says what a dump holds.
type DumpCounts struct{ Quads, Labelled int }

// dumpRows is about how many quads one core prints in one go.
const dumpRows = 1 << 14

// Dump writes all quads, a line each: terms parted by spaces, then a point. All cores print; the memory
// depends on their number, and on how many quads the greatest subject has under one predicate, but not
// on the size of the graph.
func (r *Reader) Dump(ctx context.Context, w io.Writer, o DumpOptions) (DumpCounts, error) {
	var counts DumpCounts
	if r.store.closed.Load() {
		return counts, ErrClosed
	}
	shared, err := newDumper(r, o)
	if err != nil {
		return counts, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan *dumpJob), make(chan *dumpJob, 2*workers)
	for range workers {
		go func() {
			p := newDumpPrinter(shared)
			for j := range jobs {
				j.err = p.print(ctx, j)
				close(j.done)
			}
		}()
	}
	var producing error
	go func() {
		defer close(order)
		defer close(jobs)
		producing = shared.subjects(func(j *dumpJob) error {
			j.done = make(chan struct{})
			select {
			case order <- j:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			jobs <- j
			return nil
		})
	}()
	out := bufio.NewWriterSize(w, 1<<20)
	for j := range order {
		<-j.done
		if err == nil {
			err = cmp.Or(j.err, context.Cause(ctx))
		}
		if err == nil {
			_, err = out.Write(j.out)
		}
		if err != nil {
			cancel() // and let the others come home
			continue
		}
		counts.Quads += j.counts.Quads
		counts.Labelled += j.counts.Labelled
		shared.spent(j)
	}
	if err = cmp.Or(err, producing); err != nil {
		return counts, err
	}
	return counts, out.Flush()
}

// A dumpJob is a stretch of subjects, with their printed names one after the other.
type dumpJob struct {
	ids   []uint32
	names []byte
	ends  []int
	rows  uint64

	out    []byte
	counts DumpCounts
	err    error
	done   chan struct{}
}

func (j *dumpJob) add(id uint32, name []byte, rows uint64) {
	j.ids = append(j.ids, id)
	j.names = append(j.names, name...)
	j.ends = append(j.ends, len(j.names))
	j.rows += rows
}

// A dumper is what all goroutines of a dump share.
type dumper struct {
	r          *Reader
	options    DumpOptions
	predicates []uint32 // by rank
	printed    [][]byte // each with the spaces around it
	rank       []uint32 // the order of what is printed
	free       chan *dumpJob
	own        func(dst []byte, t DumpTerm) ([]byte, error) // prints, for the goroutine that finds the subjects
}

func newDumper(r *Reader, o DumpOptions) (d *dumper, err error) {
	defer r.f.guard(debug.SetPanicOnFault(true), &err)
	d = &dumper{r: r, options: o, free: make(chan *dumpJob, 4*runtime.GOMAXPROCS(0)), own: o.Printer()}
	if d.predicates, err = r.Predicates(); err != nil {
		return nil, err
	}
	by := make([]int, len(d.predicates))
	var term []byte
	for i, p := range d.predicates {
		term = r.f.dict.appendTerm(term[:0], p)
		text, err := d.appendTerm([]byte{' '}, term)
		if err != nil {
			return nil, err
		}
		d.printed, by[i] = append(d.printed, append(text, ' ')), i
	}
	slices.SortFunc(by, func(a, b int) int { return slices.Compare(d.printed[a], d.printed[b]) })
	d.rank = make([]uint32, len(by))
	for at, i := range by {
		d.rank[i] = uint32(at)
	}
	return d, nil
}

// appendTerm prints an encoded term, for the goroutine that finds the subjects.
func (d *dumper) appendTerm(dst, term []byte) ([]byte, error) {
	return d.appendBy(d.own, dst, term)
}

func (d *dumper) appendBy(printing func([]byte, DumpTerm) ([]byte, error), dst, term []byte) ([]byte, error) {
	if len(term) == 0 {
		return dst, d.damaged(errTerm)
	}
	t := DumpTerm{Text: term[1:]}
	switch kind(term[0]) {
	case kindIRI:
		t.Kind = DumpIRI
	case kindBlank:
		t.Kind = DumpBlank
	case kindString:
		t.Kind = DumpString
	case kindLang, kindTyped:
		var err error
		if t.More, t.Text, err = splitPair(term[1:]); err != nil {
			return dst, d.damaged(err)
		}
		t.Kind = DumpTyped
		if kind(term[0]) == kindLang {
			t.Kind = DumpLang
		}
	default:
		v, err := decodeTerm(term)
		if err != nil {
			return dst, d.damaged(err)
		}
		t = DumpTerm{Kind: DumpValue, Value: v}
	}
	return printing(dst, t)
}

func (d *dumper) damaged(err error) error {
	return fmt.Errorf("%s: %w: %w", d.r.f.path, ErrDamaged, err)
}

// job returns an empty job, one that was used before where there is one.
func (d *dumper) job() *dumpJob {
	select {
	case j := <-d.free:
		*j = dumpJob{ids: j.ids[:0], names: j.names[:0], ends: j.ends[:0], out: j.out[:0]}
		return j
	default:
		return &dumpJob{}
	}
}

// spent takes a job back.
func (d *dumper) spent(j *dumpJob) {
	if cap(j.out) > 64*dumpRows*8 {
		return // an uncommonly large one
	}
	select {
	case d.free <- j:
	default:
	}
}
