package snapshot_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	cayleykv "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"
	"github.com/hidal-go/hidalgo/kv/flat"
	"github.com/hidal-go/hidalgo/kv/flat/leveldb"

	"kg/graph/snapshot"
)

// movies reads the movie data of the Cayley module.
func movies(t testing.TB) []quad.Quad {
	t.Helper()
	f, err := os.Open(cayleyData(t, "30kmoviedata.nq.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	qs, err := quad.ReadAll(nquads.NewReader(z, true))
	if err != nil {
		t.Fatal(err)
	}
	return qs
}

// BenchmarkBuildMovies puts the movie data on disk, from quads in memory; memstore keeps it there.
func BenchmarkBuildMovies(b *testing.B) {
	qs := movies(b)
	rate := func(b *testing.B) {
		b.Helper()
		b.ReportMetric(float64(len(qs)*b.N)/b.Elapsed().Seconds(), "quads/s")
	}
	b.Run("snapshot", func(b *testing.B) {
		for range b.N {
			counts := build(b, filepath.Join(b.TempDir(), "graph.snapshot"), qs, snapshot.BuildOptions{Workers: 2})
			b.ReportMetric(float64(counts.Bytes)/float64(counts.Quads), "B/quad")
		}
		rate(b)
	})
	b.Run("memstore", func(b *testing.B) {
		for range b.N {
			memstore.New(qs...)
		}
		rate(b)
	})
	b.Run("leveldb", func(b *testing.B) {
		for range b.N {
			db, err := leveldb.Open(b.TempDir(), nil)
			if err != nil {
				b.Fatal(err)
			}
			kv := flat.Upgrade(db)
			if err := cayleykv.Init(kv, nil); err != nil {
				b.Fatal(err)
			}
			store, err := cayleykv.New(kv, nil)
			if err != nil {
				b.Fatal(err)
			}
			w, err := store.NewQuadWriter()
			if err != nil {
				b.Fatal(err)
			}
			for start := 0; start < len(qs); start += 100_000 {
				if _, err := w.WriteQuads(qs[start:min(start+100_000, len(qs))]); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
			if err := store.Close(); err != nil {
				b.Fatal(err)
			}
		}
		rate(b)
	})
}

// claimGraph hands a graph like that of the schema to shards: claims on figures, each with what is known
// of it, in encoded terms as a loader's fast path has them. About a third of the quads are claims.
func claimGraph(b *snapshot.Builder, quads, workers int) error {
	const perClaim = 4
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		shard := b.Shard()
		wg.Go(func() {
			random := dice(uint64(w))
			var s, o, l []byte
			preds := map[string][]byte{}
			for _, p := range []string{"kg:massGrams", "kg:place", "kg:about", "schema:startDate", "dcterms:source", "prov:wasAttributedTo", "kg:reportedAs"} {
				preds[p] = snapshot.AppendIRI(nil, p)
			}
			provenance := snapshot.AppendIRI(nil, "kg:graph/provenance")
			add := func(s []byte, p string, o, l []byte) {
				if errs[w] == nil {
					errs[w] = shard.Add(s, preds[p], o, l)
				}
			}
			iri := func(dst []byte, stem string, n int) []byte {
				return strconv.AppendInt(snapshot.AppendIRI(dst[:0], stem), int64(n), 10)
			}
			for i := w; i < quads/perClaim; i += workers {
				s = iri(s, "kg:seizure/figure-", i/3)
				l = iri(l, "kg:claim/A-2024-", i)
				switch i % 3 {
				case 0:
					o, _ = snapshot.AppendValue(o[:0], quad.Int(random.IntN(1_000_000)*1000))
					add(s, "kg:massGrams", o, l)
				case 1:
					o = iri(o, "kg:location/port-", random.IntN(2_000))
					add(s, "kg:place", o, l)
				default:
					o = iri(o, "kg:platform/network-", random.IntN(300))
					add(s, "kg:about", o, l)
				}
				o = iri(o, "kg:source/document-", random.IntN(20_000))
				add(l, "dcterms:source", o, provenance)
				o = iri(o, "kg:agency/force-", random.IntN(1_000))
				add(l, "prov:wasAttributedTo", o, provenance)
				o = fmt.Appendf(snapshot.AppendString(o[:0], ""), "%d.%d tons", random.IntN(1000), random.IntN(100))
				add(l, "kg:reportedAs", o, provenance)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkBuildClaims puts graphs of the schema's shape on disk: the whole build, adding included.
func BenchmarkBuildClaims(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000, 10_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			if n > 1_000_000 && testing.Short() {
				b.Skip("large")
			}
			for range b.N {
				builder := snapshot.NewBuilder(filepath.Join(b.TempDir(), "graph.snapshot"), snapshot.BuildOptions{Memory: 2 << 30})
				if err := claimGraph(builder, n, 2); err != nil {
					b.Fatal(err)
				}
				counts, err := builder.Commit(context.Background(), nil)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(counts.Bytes)/float64(counts.Quads), "B/quad")
				b.ReportMetric(float64(counts.Quads)/float64(n), "kept")
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "quads/s")
		})
	}
}

// BenchmarkOpen opens files of several sizes, and looks one value up.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "graph.snapshot")
			builder := snapshot.NewBuilder(path, snapshot.BuildOptions{})
			if err := claimGraph(builder, n, 2); err != nil {
				b.Fatal(err)
			}
			if _, err := builder.Commit(context.Background(), nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s, err := snapshot.Open(path, snapshot.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if s.ValueOf(quad.IRI("kg:claim/A-2024-1")) == nil {
					b.Fatal("a claim is missing")
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkIntegration asks the questions of Cayley's integration suite.
func BenchmarkIntegration(b *testing.B) {
	for name, database := range map[string]func(testing.TB) (cayley.QuadStore, cayley.Options, func()){
		"snapshot": database(snapshot.Options{}),
		"memstore": func(testing.TB) (cayley.QuadStore, cayley.Options, func()) {
			return memstore.New(), nil, func() {}
		},
	} {
		b.Run(name, func(b *testing.B) {
			inCayleysTree(b)
			graphtest.BenchmarkIntegration(b, database, true)
		})
	}
}

// costars asks for the costars of the costars of an actor: 8,408 people.
const costars = `
var film = g.M().out("</film/film/starring>").out("</film/performance/actor>")
var costar = g.M().in("</film/performance/actor>").in("</film/film/starring>").follow(film)
g.V().has("<name>", "Keanu Reeves").follow(costar).follow(costar).unique().all()`

// BenchmarkCostars runs from the text of the question to its last row, values as references, on the
// snapshot and on memstore in turn, so that what else the machine does falls on both.
func BenchmarkCostars(b *testing.B) {
	qs := movies(b)
	path := filepath.Join(b.TempDir(), "graph.snapshot")
	build(b, path, qs, snapshot.BuildOptions{})
	ask := func(store cayley.QuadStore) time.Duration {
		start := time.Now()
		it, err := gizmo.NewSession(store).Execute(b.Context(), costars, query.Options{Collation: query.Raw})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for it.Next(b.Context()) {
			n++
		}
		if err := it.Err(); err != nil || n != 8408 {
			b.Fatalf("%d rows, %v", n, err)
		}
		return time.Since(start)
	}
	kept, memory := opened(b, path, snapshot.Options{}), memstore.New(qs...)
	var times, peers []time.Duration
	for range b.N {
		times, peers = append(times, ask(kept)), append(peers, ask(memory))
	}
	for _, side := range []struct {
		name string
		list []time.Duration
	}{{"snapshot", times}, {"memstore", peers}} {
		slices.Sort(side.list)
		b.ReportMetric(float64(side.list[0].Microseconds())/1000, side.name+"-best-ms")
		b.ReportMetric(float64(side.list[len(side.list)/2].Microseconds())/1000, side.name+"-ms")
	}
	b.ReportMetric(0, "ns/op") // of a pair: says nothing
}
