package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

// A bulk is a bulk sink that keeps what it gets, and where it was read.
type bulk struct {
	mu    sync.Mutex
	quads []placed
	fail  func(q quad.Quad, at graph.Position) error
}

type placed struct {
	quad.Quad
	at graph.Position
}

func (b *bulk) Add(quad.Quad, graph.Position) error { return errors.New("want terms, found values") }

func (b *bulk) Bulk() bool { return true }

func (b *bulk) Shard() graph.TermSink { return b }

func (b *bulk) AddTerms(q *graph.TermQuad, at graph.Position) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := placed{q.Quad(), at}
	b.quads = append(b.quads, p)
	if b.fail != nil {
		return b.fail(p.Quad, at)
	}
	return nil
}

// inOrder prints quads in the order of the input, with their places.
func (b *bulk) inOrder() string {
	slices.SortFunc(b.quads, func(x, y placed) int { return x.at.Line - y.at.Line })
	var out strings.Builder
	for _, p := range b.quads {
		fmt.Fprintf(&out, "%v %s", p.at, printQuads([]quad.Quad{p.Quad}))
	}
	return out.String()
}

// asBytes reads a text into a bulk sink, in blocks of a few lines for several cores, and tells what
// differs from what a sink of values gets.
func asBytes(t *testing.T, format string, text []byte, o loaders.Options) {
	t.Helper()
	f, err := loaders.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var want bulk
	values := graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		want.quads = append(want.quads, placed{q, at})
		return nil
	})
	wantErr := f.Load(context.Background(), bytes.NewReader(text), "in", o, values)
	var got bulk
	gotErr := f.Load(context.Background(), bytes.NewReader(text), "in", o, &got)
	if o.KeepGoing || wantErr == nil { // else more than the quads before the problem may have come
		if diff := cmp.Diff(want.inOrder(), got.inOrder()); diff != "" {
			t.Errorf("as bytes (-values +bytes):\n%s", diff)
		}
	}
	if diff := cmp.Diff(fmt.Sprint(wantErr), fmt.Sprint(gotErr)); diff != "" {
		t.Errorf("as bytes, errors (-values +bytes):\n%s", diff)
	}
	if format != "nquads" {
		return
	}
	o.Workers = 3
	got = bulk{}
	gotErr = loaders.LoadSplit(context.Background(), pieces{bytes.NewReader(text), 40}, "in", o, &got)
	if o.KeepGoing || wantErr == nil {
		if diff := cmp.Diff(want.inOrder(), got.inOrder()); diff != "" {
			t.Errorf("as bytes, by several cores (-values +bytes):\n%s", diff)
		}
	}
	if diff := cmp.Diff(fmt.Sprint(wantErr), fmt.Sprint(gotErr)); diff != "" {
		t.Errorf("as bytes, by several cores, errors (-values +bytes):\n%s", diff)
	}
}

func TestBytesSayWhatValuesSay(t *testing.T) {
	var texts [][]byte
	for _, pattern := range []string{
		filepath.Join("testdata", "n*", "*.in"), filepath.Join(w3cRoot(t), "rdf11", "rdf-n-*", "*.n*"), // none without the suites
	} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
	if len(texts) < 20 {
		t.Fatalf("only %d texts to try", len(texts))
	}
	r := rand.New(rand.NewPCG(8, 9))
	for range 20 {
		text := printQuads(randomQuads(r, 100)) + "broken\n" + printQuads(randomQuads(r, 20))
		texts = append(texts, []byte(text), []byte(strings.ReplaceAll(text, "\n", "\r")), []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	}
	long := "<http://x/" + strings.Repeat("x", 500) + "%d>"
	texts = append(texts, []byte(fmt.Sprintf(long+" "+long+" "+long+" "+long+" .\n_:b1 <http://p> \"\\\"\"^^"+long+" _:b1 .", 1, 2, 3, 4, 5)))
	for _, text := range texts {
		for _, format := range []string{"nquads", "ntriples"} {
			for _, keepGoing := range []bool{true, false} {
				asBytes(t, format, text, loaders.Options{KeepGoing: keepGoing, Document: "d"})
			}
		}
		if t.Failed() {
			t.Fatalf("of\n%s", text)
		}
	}
}

func TestBulkSinksMayRefuse(t *testing.T) {
	input := one + one + "broken\n" + one
	f, err := loaders.ByName("nquads")
	if err != nil {
		t.Fatal(err)
	}
	refuse := &bulk{fail: func(_ quad.Quad, at graph.Position) error {
		if at.Line == 2 {
			return &graph.Problem{At: at, Want: "something else"}
		}
		return nil
	}}
	err = f.Load(context.Background(), strings.NewReader(input), "x", loaders.Options{KeepGoing: true}, refuse)
	want := "x:2:1: want something else\n" + `x:3:1: want a subject: an IRI in < > or a blank node like _:b1, found "broken"`
	if diff := cmp.Diff(want, text(err)); diff != "" || len(refuse.quads) != 3 {
		t.Errorf("%d quads; (-want +got):\n%s", len(refuse.quads), diff)
	}
	refuse.quads = nil
	if err := f.Load(context.Background(), strings.NewReader(input), "x", loaders.Options{}, refuse); text(err) != "x:2:1: want something else" {
		t.Errorf("stopping at once: %v", err)
	}
	full := errors.New("no space left on device")
	broken := &bulk{fail: func(quad.Quad, graph.Position) error { return full }}
	err = f.Load(context.Background(), strings.NewReader(input), "x", loaders.Options{KeepGoing: true, Workers: 1}, broken)
	if !errors.Is(err, full) || len(broken.quads) != 1 {
		t.Errorf("a broken sink is asked %d times: %v", len(broken.quads), err)
	}
}

// TestBytesAreFree: a bulk sink costs no allocation a quad, whether its terms are new or not.
func TestBytesAreFree(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector's own allocations count too")
	}
	f, err := loaders.ByName("nquads")
	if err != nil {
		t.Fatal(err)
	}
	for name, input := range map[string]string{"repeated": strings.Repeat(one, 20000), "new": distinct(20000), "dump": string(dump(2500))} {
		load := func(text string) func() {
			return func() {
				if err := f.Load(context.Background(), strings.NewReader(text), "x", loaders.Options{Workers: 1}, new(counter)); err != nil {
					t.Fatal(err)
				}
			}
		}
		const few = 2000 // quads to get used to: memory that is used again
		start := input[:len(input)/10]
		start = start[:strings.LastIndexByte(start, '\n')+1]
		all, first := testing.AllocsPerRun(3, load(input)), testing.AllocsPerRun(3, load(start))
		if n := (all - first) / (20000 - few); n > 0.1 {
			t.Errorf("%s: a quad costs %.3f allocations", name, n)
		}
	}
}

// A latecomer takes values, and bytes once it has a number of them.
type latecomer struct {
	bulk
	values int
	after  int
}

func (l *latecomer) Add(q quad.Quad, at graph.Position) error {
	l.values++
	l.quads = append(l.quads, placed{q, at})
	return nil
}

func (l *latecomer) Bulk() bool { return l.values >= l.after }

func TestASinkMayAskForBytesLater(t *testing.T) {
	var text strings.Builder
	const lines = 30_000
	for i := range lines {
		fmt.Fprintf(&text, "<http://e/s%d> <http://e/p> \"a text of some length, number %d\" .\n", i, i)
	}
	for _, workers := range []int{1, 4} {
		sink := &latecomer{after: 100}
		err := loaders.Load(t.Context(), loaders.StandardInput, loaders.Options{Format: "nquads", Stdin: strings.NewReader(text.String()), Workers: workers}, sink)
		if err != nil {
			t.Fatal(err)
		}
		if sink.values < 100 || sink.values > lines/2 || len(sink.quads) != lines {
			t.Fatalf("%d workers: %d values and %d quads in all", workers, sink.values, len(sink.quads))
		}
		slices.SortFunc(sink.quads, func(x, y placed) int { return x.at.Line - y.at.Line })
		for i, p := range sink.quads {
			if want := quad.IRI(fmt.Sprintf("http://e/s%d", i)); p.Subject != quad.Value(want) || p.at.Line != i+1 || p.at.Column != 1 {
				t.Fatalf("%d workers: line %d is %v at %v", workers, i+1, p.Quad, p.at)
			}
		}
	}
}
