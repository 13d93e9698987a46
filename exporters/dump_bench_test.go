package exporters_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad/nquads"

	"kg/exporters"
	"kg/graph"
	"kg/loaders"
)

// BenchmarkDump writes a whole graph as N-Quads: from a snapshot, sorted and as it lies there, quad by
// quad as other formats are written, and as Cayley's own dump does, from its store in memory with its
// own writer. KG_BENCH_GRAPH names another graph than the facts of the project, such as "kg bench
// generate" writes.
func BenchmarkDump(b *testing.B) {
	file := os.Getenv("KG_BENCH_GRAPH")
	if file == "" {
		file = filepath.Join("..", "data", "facts.nq")
	}
	d := trickyDocument(b, new([]string))
	build := graph.BuildOptions{Schema: d.Schema}
	feed := func(ctx context.Context, sink graph.Sink) error {
		return loaders.Load(ctx, file, loaders.Options{Namespaces: graph.DefaultNamespaces()}, sink)
	}
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(b.TempDir(), "graph")}
	if _, err := graph.Build(b.Context(), a, feed, build); err != nil {
		b.Fatal(err)
	}
	store, err := graph.Open(b.Context(), a, graph.OpenOptions{Schema: d.Schema})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	everything := graph.Selection{Derived: true}
	dump, ok, err := store.Dump(b.Context(), everything)
	if err != nil || !ok {
		b.Fatalf("no dump: %v", err)
	}
	quads := float64(store.Manifest().Counts.Quads)
	report := func(b *testing.B) {
		b.Helper()
		b.ReportMetric(quads*float64(b.N)/b.Elapsed().Seconds(), "quads/s")
	}
	for _, format := range []string{"nquads", "nquads-stream"} {
		f, err := exporters.ByName(format)
		if err != nil {
			b.Fatal(err)
		}
		fast := exporters.Document{Namespaces: graph.DefaultNamespaces(), Dump: func(w io.Writer, sorted bool, p graph.TermPrinter) error {
			_, err := dump.Write(b.Context(), w, sorted, p)
			return err
		}}
		b.Run("snapshot "+format, func(b *testing.B) {
			for b.Loop() {
				if err := f.Write(io.Discard, fast); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
	}
	b.Run("quad by quad", func(b *testing.B) {
		f, err := exporters.ByName("nquads")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := f.Write(io.Discard, exporters.Document{Namespaces: graph.DefaultNamespaces(), Quads: store.Subgraph(b.Context(), everything)}); err != nil {
				b.Fatal(err)
			}
		}
		report(b)
	})
	b.Run("Cayley's memstore and writer", func(b *testing.B) {
		facts, err := graph.Gather(b.Context(), feed, build)
		if err != nil {
			b.Fatal(err)
		}
		memory := graph.OpenFacts(facts, graph.OpenOptions{Schema: d.Schema}).Cayley()
		b.ResetTimer()
		for b.Loop() {
			w := nquads.NewWriter(io.Discard)
			it := memory.QuadsAllIterator()
			n := 0
			for it.Next(b.Context()) {
				if err := w.WriteQuad(memory.Quad(it.Result())); err != nil {
					b.Fatal(err)
				}
				n++
			}
			if err := it.Close(); err != nil {
				b.Fatal(err)
			}
			quads = float64(n)
		}
		report(b)
	})
}
