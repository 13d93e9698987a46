package graph_test

import (
	"context"
	"path/filepath"
	"testing"

	"kg/graph"
	"kg/graph/storetest"
)

// benchFacts is about as many facts as the report and its schema make.
const benchFacts = 2_000

func benchStore(b *testing.B, scheme string) (graph.Address, graph.BuildOptions) {
	b.Helper()
	a := graph.Address{Scheme: scheme, Path: filepath.Join(b.TempDir(), "graph")}
	o := graph.BuildOptions{Schema: storetest.Schema(b)}
	if _, err := graph.Build(context.Background(), a, storetest.Feed(someFacts(benchFacts)), o); err != nil {
		b.Fatal(err)
	}
	return a, o
}

// BenchmarkStore measures what one command does: build, or open and look up.
func BenchmarkStore(b *testing.B) {
	ctx := context.Background()
	for _, scheme := range []string{"memory", "leveldb", "bolt"} {
		b.Run("build/"+scheme, func(b *testing.B) {
			a, o := benchStore(b, scheme)
			for b.Loop() {
				if _, err := graph.Build(ctx, a, storetest.Feed(someFacts(benchFacts)), o); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("open/"+scheme, func(b *testing.B) {
			a, o := benchStore(b, scheme)
			for b.Loop() {
				s, err := graph.Open(ctx, a, graph.OpenOptions{Schema: o.Schema})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("find/"+scheme, func(b *testing.B) { // with the index of names made each time
			a, o := benchStore(b, scheme)
			for b.Loop() {
				s, err := graph.Open(ctx, a, graph.OpenOptions{Schema: o.Schema})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := s.Find(ctx, "Thing 77"); err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
