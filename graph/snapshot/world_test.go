package snapshot_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// values are of every kind that Cayley has, the odd ones of each included.
func values() []quad.Value {
	return []quad.Value{
		quad.IRI("kg:platform/sky-ecc"), quad.IRI("http://example.com/ with space"), quad.IRI("<>\"\n"), quad.IRI("ü/日本"), quad.IRI("\xff\x00"),
		quad.BNode("b1"), quad.BNode("with space"), quad.BNode("\x00"),
		quad.String(""), quad.String("Sky ECC"), quad.String("<kg:platform/sky-ecc>"), quad.String("_:b1"), quad.String("\xff\xfe"), quad.String("a\x00b"),
		quad.String("a"), quad.String("a\x00"), quad.String("a\x00\x00"), quad.String(strings.Repeat("long ", 20_000)), quad.String("😀"),
		quad.LangString{Value: "colour", Lang: "en-GB"},
		quad.LangString{Value: "", Lang: "en"},
		quad.LangString{Value: "n", Lang: "e"},
		quad.LangString{},
		quad.TypedString{Value: "2020-07-02", Type: "xsd:date"},
		quad.TypedString{Value: "042", Type: "xsd:integer"},
		quad.TypedString{Value: "", Type: ""},
		quad.TypedString{Value: quad.String(strings.Repeat("x", 300)), Type: quad.IRI(strings.Repeat("t", 300))},
		quad.Int(0), quad.Int(-1), quad.Int(1), quad.Int(math.MaxInt64), quad.Int(math.MinInt64),
		quad.Float(0), quad.Float(1.5), quad.Float(-1.5), quad.Float(math.Inf(1)), quad.Float(math.Inf(-1)), quad.Float(math.MaxFloat64), quad.Float(5e-324),
		quad.Float(math.Copysign(0, -1)),
		quad.Bool(true), quad.Bool(false),
		quad.Time(time.Unix(0, 0).UTC()), quad.Time(time.Unix(-62135596801, 999_999_999).UTC()), quad.Time(time.Unix(1_593_648_000, 1).UTC()),
		quad.Time(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)),
	}
}

// dice is a source of chance that is the same in every run.
func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 4)) }

// someQuads makes quads from few values, so that many share parts; about a third have no label, and
// some are there twice.
func someQuads(r *rand.Rand, n int) []quad.Quad {
	all := values()
	node := func() quad.Value {
		if r.IntN(3) == 0 {
			return all[r.IntN(8)]
		}
		return quad.IRI(fmt.Sprintf("kg:node/%d", int(math.Sqrt(float64(r.IntN(n*n/4+1))))))
	}
	qs := make([]quad.Quad, n)
	for i := range qs {
		if i > 0 && r.IntN(20) == 0 {
			qs[i] = qs[r.IntN(i)]
			continue
		}
		q := quad.Quad{Subject: node(), Predicate: quad.IRI(fmt.Sprintf("kg:p%d", r.IntN(9))), Object: node()}
		switch r.IntN(6) {
		case 0, 1:
			q.Object = all[r.IntN(len(all))]
		case 2:
			q.Object = quad.Int(r.IntN(50) - 25)
		}
		switch r.IntN(3) {
		case 0:
			q.Label = quad.IRI(fmt.Sprintf("kg:claim/%d", r.IntN(n)))
		case 1:
			q.Label = quad.IRI("kg:graph/gazetteer")
		}
		qs[i] = q
	}
	return qs
}

// key is what tells quads apart: -0 and 0, which == takes for one, are two values.
func key(q quad.Quad) string {
	var parts []string
	for _, d := range quad.Directions {
		text := "none"
		switch v := q.Get(d).(type) {
		case nil:
		case quad.Time:
			text = time.Time(v).UTC().Format(time.RFC3339Nano)
		default:
			text = fmt.Sprintf("%T %q", v, v.String())
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// distinct returns quads without those that are there twice.
func distinct(qs []quad.Quad) map[string]quad.Quad {
	set := map[string]quad.Quad{}
	for _, q := range qs {
		set[key(q)] = q
	}
	return set
}

// build makes a file of quads, handed over by as many goroutines as the options have workers.
func build(t testing.TB, path string, qs []quad.Quad, o snapshot.BuildOptions) snapshot.Counts {
	t.Helper()
	b := snapshot.NewBuilder(path, o)
	defer b.Discard()
	n := max(o.Workers, 1)
	var wg sync.WaitGroup
	for w := range n {
		shard := b.Shard()
		wg.Go(func() {
			for i := w; i < len(qs); i += n {
				if err := shard.AddQuad(qs[i]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	counts, err := b.Commit(context.Background(), []byte("a manifest"))
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// made builds a file of quads in a folder of its own.
func made(t testing.TB, qs []quad.Quad) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	build(t, path, qs, snapshot.BuildOptions{})
	return path
}

// opened opens a file until the test is over.
func opened(t testing.TB, path string, o snapshot.Options) *snapshot.Store {
	t.Helper()
	s, err := snapshot.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Err(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// alone holds that nothing else is in the folder of a file.
func alone(t testing.TB, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}
