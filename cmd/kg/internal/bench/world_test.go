package bench_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/cmd/kg/internal/bench"
	"kg/graph"
)

func schema(t testing.TB) *graph.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "data", "schema.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := graph.ParseSchema("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAWorldObeysTheSchema(t *testing.T) {
	w := bench.World{Quads: 20_000, Seed: 3}
	f, err := graph.Gather(t.Context(), w.Feed(), graph.BuildOptions{Schema: schema(t)})
	if err != nil {
		t.Fatal(err)
	}
	counts := f.Counts()
	if counts.Stated < w.Quads || counts.Claims < w.Quads/6 || counts.Derived < 100 || f.Duplicates > 0 {
		t.Errorf("%+v, %d duplicates: want a graph of claims", counts, f.Duplicates)
	}
}

func TestAWorldIsTheSameEachTime(t *testing.T) {
	first := slices.Collect(bench.World{Quads: 5_000, Seed: 1}.All())
	if n := len(first); n < 5_000 || n > 5_100 {
		t.Errorf("%d quads, want 5000 or few more", n)
	}
	if diff := cmp.Diff(first, slices.Collect(bench.World{Quads: 5_000, Seed: 1}.All())); diff != "" {
		t.Error(diff)
	}
	larger := slices.Collect(bench.World{Quads: 9_000, Seed: 1}.All())
	if diff := cmp.Diff(first, larger[:len(first)]); diff != "" {
		t.Errorf("a larger world does not begin like the smaller one:\n%s", diff)
	}
	if slices.Equal(first, slices.Collect(bench.World{Quads: 5_000, Seed: 2}.All())[:len(first)]) {
		t.Error("another seed gives the same world")
	}
}

func TestAFeedEndsWhenItsSinkDoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	taken := 0
	err := bench.World{Quads: 1_000_000}.Feed()(ctx, graph.SinkFunc(func(quad.Quad, graph.Position) error {
		if taken++; taken == 10 {
			cancel()
		}
		return nil
	}))
	if err == nil || taken > 100_000 {
		t.Errorf("%d quads, %v", taken, err)
	}
}
