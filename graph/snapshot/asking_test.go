package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph/snapshot"
)

// ladder makes a graph in which the number of ways doubles with every step, while that of nodes stays two.
func ladder(steps int) []quad.Quad {
	var qs []quad.Quad
	for i := range steps {
		for _, from := range []string{"a", "b"} {
			for _, to := range []string{"a", "b"} {
				qs = append(qs, quad.MakeIRI(fmt.Sprint(from, i), "up", fmt.Sprint(to, i+1), ""))
			}
		}
	}
	return qs
}

func climb(qs cayley.QuadStore, steps int) *path.Path {
	p := path.StartPath(qs, quad.IRI("a0"))
	for range steps {
		p = p.Out(quad.IRI("up"))
	}
	return p
}

func TestAUniqueAnswerDoesNotTakeAllWays(t *testing.T) {
	const steps = 60 // 2^60 ways
	s := opened(t, made(t, ladder(steps)), snapshot.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := climb(s, steps).Unique().Iterate(ctx).AllValues(s)
	slices.SortFunc(got, func(a, b quad.Value) int { return len(a.String()) - len(b.String()) })
	if err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestACancelledQuestionEnds(t *testing.T) {
	const steps = 60
	s := opened(t, made(t, ladder(steps)), snapshot.Options{})
	stop := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	it := climb(s, steps).BuildIteratorOn(s)
	n := 0
	for it.Next(ctx) {
		if n++; n == 100 {
			time.AfterFunc(10*time.Millisecond, func() { cancel(stop) })
		}
	}
	if !errors.Is(it.Err(), stop) || n < 100 {
		t.Errorf("after %d rows: %v", n, it.Err())
	}
	done, cancelled := context.WithCancel(t.Context())
	cancelled()
	it = s.QuadsAllIterator()
	if it.Next(done) || !errors.Is(it.Err(), context.Canceled) {
		t.Errorf("all quads: %v", it.Err())
	}
}

func TestAQuestionThatNeedsTooMuchMemoryEnds(t *testing.T) {
	s := opened(t, made(t, someQuads(dice(9), 30_000)), snapshot.Options{MaxMemory: 512})
	it := path.StartPath(s).Out().Unique().BuildIteratorOn(s)
	n := 0
	for it.Next(t.Context()) {
		n++
	}
	if !errors.Is(it.Err(), snapshot.ErrMemory) || n == 0 {
		t.Errorf("after %d rows: %v", n, it.Err())
	}
}

func TestAFileThatIsCutShortUnderAQuestionEndsIt(t *testing.T) {
	file := made(t, someQuads(dice(9), 60_000))
	s, err := snapshot.Open(file, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	it := path.StartPath(s).Out(quad.IRI("kg:p1")).In().BuildIteratorOn(s)
	if !it.Next(t.Context()) {
		t.Fatal(it.Err())
	}
	if err := os.Truncate(file, 4096); err != nil {
		t.Fatal(err)
	}
	for it.Next(t.Context()) {
	}
	if !errors.Is(it.Err(), snapshot.ErrDamaged) {
		t.Errorf("got %v", it.Err())
	}
}

// TestManyAskWhileOneWrites is for the race detector as much as for the answers.
func TestManyAskWhileOneWrites(t *testing.T) {
	qs := someQuads(dice(12), 2_000)
	s := opened(t, made(t, qs), snapshot.Options{})
	want := len(distinct(qs))
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				p := path.StartPath(s, quad.IRI("kg:never")).In(quad.IRI("kg:p1")).Both().Unique()
				if got, err := p.Iterate(t.Context()).AllValues(s); err != nil || len(got) != 0 {
					t.Errorf("nobody points at it, but %v (%v)", got, err)
				}
				n := 0
				it := s.QuadsAllIterator()
				for it.Next(t.Context()) {
					n++
				}
				if n < want || n > want+1 || it.Err() != nil {
					t.Errorf("%d quads, want %d or one more (%v)", n, want, it.Err())
				}
			}
		})
	}
	extra := quad.MakeIRI("kg:a", "kg:p1", "kg:b", "kg:claim/x")
	for range 20 {
		for _, action := range []cayley.Procedure{cayley.Add, cayley.Delete} {
			if err := s.ApplyDeltas([]cayley.Delta{{Quad: extra, Action: action}}, cayley.IgnoreOpts{}); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	wg.Wait()
}

// TestLargerGraphsMeanTheSame asks graphs in which values have many quads, so that each way to search
// the orders is taken.
func TestLargerGraphsMeanTheSame(t *testing.T) {
	for g := range 12 {
		random := dice(uint64(500 + g))
		var qs []quad.Quad
		for range 500 {
			q := quad.Quad{
				Subject:   quad.IRI(fmt.Sprint("n", random.IntN(12))),
				Predicate: quad.IRI(fmt.Sprint("p", random.IntN(6))),
				Object:    quad.IRI(fmt.Sprint("n", random.IntN(40))),
			}
			switch random.IntN(4) {
			case 0:
				q.Label = quad.IRI(fmt.Sprint("l", random.IntN(300)))
			case 1:
				q.Label = quad.IRI("many")
			case 2:
				q.Object = quad.Int(random.IntN(200) - 100)
			}
			qs = append(qs, q)
		}
		store := opened(t, made(t, qs), snapshot.Options{})
		list := make([]quad.Quad, 0, len(qs))
		for _, q := range distinct(qs) {
			list = append(list, q)
		}
		for i := range 40 {
			m := &maker{Rand: dice(uint64(g*77 + i)), quads: qs, tagly: i%2 == 0}
			steps := append([]step{m.is()}, m.path(2)...)
			if got, want := rowsOf(t, store, startWith(steps)), meant(list, steps); !slices.Equal(want, got) {
				t.Fatalf("path %s of graph %d (-want +got):\n%s", describe(steps), g, cmp.Diff(want, got))
			}
		}
	}
}
