package gizmo_test

import (
	"compress/gzip"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/query"
	stock "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"kg/graph/snapshot"
	"kg/queries/gizmo"
)

// cayleyModule is the folder of the Cayley module, which holds the movie data and the questions that
// Cayley's own tests ask of it.
func cayleyModule(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Skip("the Cayley module is not in the module cache: no movie data, no comparison")
	}
	return dir
}

func movieQuads(t testing.TB) []quad.Quad {
	t.Helper()
	name := filepath.Join(cayleyModule(t), "data", "30kmoviedata.nq.gz")
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("no movie data, no comparison: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	quads, err := quad.ReadAll(nquads.NewReader(z, true))
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

// movieQuestions reads the texts of Cayley's integration test out of its source.
func movieQuestions(t testing.TB) []struct{ name, text string } {
	t.Helper()
	name := filepath.Join(cayleyModule(t), "graph", "graphtest", "integration.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Skipf("no questions, no comparison: %v", err)
	}
	constants := map[string]string{}
	var text func(e ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return s
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.Ident:
			return constants[e.Name]
		}
		return ""
	}
	var out []struct{ name, text string }
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if ok && len(v.Names) == 1 && len(v.Values) == 1 {
			constants[v.Names[0].Name] = text(v.Values[0])
		}
		return true
	})
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		var q struct{ name, text string }
		for _, e := range c.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				switch key, _ := kv.Key.(*ast.Ident); {
				case key == nil:
				case key.Name == "message":
					q.name = text(kv.Value)
				case key.Name == "query":
					q.text = text(kv.Value)
				}
			}
		}
		if q.name != "" && q.text != "" {
			out = append(out, q)
		}
		return true
	})
	if len(out) < 10 {
		t.Fatalf("%s: want the questions of the integration test, found %d", name, len(out))
	}
	return out
}

func ownTime(t testing.TB, store cayley.QuadStore, p *gizmo.Program) (time.Duration, int) {
	t.Helper()
	n, start := 0, time.Now()
	if err := p.Run(context.Background(), store, gizmo.Options{}, func(gizmo.Row) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return time.Since(start), n
}

func stockTime(t testing.TB, store cayley.QuadStore, text string) (time.Duration, int) {
	t.Helper()
	n, start := 0, time.Now()
	it, err := stock.NewSession(store).Execute(context.Background(), text, query.Options{Collation: query.Raw, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	for it.Next(context.Background()) {
		for _, ref := range it.Result().(*stock.Result).Tags {
			_ = store.NameOf(ref)
		}
		n++
	}
	if err := it.Err(); err != nil {
		t.Fatal(err)
	}
	return time.Since(start), n
}

// costars asks for the costars of the costars of an actor: 8,408 people.
const costars = `
var film = g.M().out("</film/film/starring>").out("</film/performance/actor>")
var costar = g.M().in("</film/performance/actor>").in("</film/film/starring>").follow(film)
g.V().has("<name>", "Keanu Reeves").follow(costar).follow(costar).unique().all()`

// BenchmarkMovies asks the questions of Cayley's integration test, and one for costars of costars, in
// pairs, one side and Cayley's session on memstore, its fastest store, in turn, so that what else the
// machine does falls on both. The sides are our engine on either store, and Cayley's session on the
// snapshot. It reports the medians and their ratio, above 1 where the side is the faster one, and the
// side's best time.
//
//	go test ./queries/gizmo -run '^$' -bench Movies -benchtime 20x
func BenchmarkMovies(b *testing.B) {
	quads := movieQuads(b)
	memory := memstore.New(quads...)
	file := snapshotOf(b, quads)
	questions := append(movieQuestions(b), struct{ name, text string }{"costars of costars", costars})
	own := func(store cayley.QuadStore) func(b *testing.B, name, text string) func() time.Duration {
		return func(b *testing.B, name, text string) func() time.Duration {
			b.Helper()
			p, err := gizmo.Compile(name, text)
			if err != nil {
				b.Fatal(err)
			}
			return func() time.Duration { d, _ := ownTime(b, store, p); return d }
		}
	}
	theirs := func(store cayley.QuadStore) func(b *testing.B, _, text string) func() time.Duration {
		return func(b *testing.B, _, text string) func() time.Duration {
			b.Helper()
			return func() time.Duration { d, _ := stockTime(b, store, text); return d }
		}
	}
	for _, side := range []struct {
		name string
		of   func(b *testing.B, name, text string) func() time.Duration
	}{{"memstore", own(memory)}, {"snapshot", own(file)}, {"session-on-snapshot", theirs(file)}} {
		for _, q := range questions {
			b.Run(side.name+"/"+strings.ReplaceAll(q.name, " ", "-"), func(b *testing.B) {
				ask, peer := side.of(b, q.name, q.text), theirs(memory)(b, q.name, q.text)
				runtime.GC() // once: the heap is large
				ask()
				var a, p []time.Duration
				for range b.N {
					a, p = append(a, ask()), append(p, peer())
				}
				m, of := median(a), median(p)
				b.ReportMetric(0, "ns/op") // of a pair: says nothing
				b.ReportMetric(float64(m.Microseconds()), "side-µs")
				b.ReportMetric(float64(a[0].Microseconds()), "side-best-µs")
				b.ReportMetric(float64(of.Microseconds()), "cayley-µs")
				b.ReportMetric(float64(of)/float64(m), "ratio")
			})
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func snapshotOf(t testing.TB, quads []quad.Quad) cayley.QuadStore {
	t.Helper()
	path := filepath.Join(t.TempDir(), "movies.snapshot")
	if err := snapshot.Create(path); err != nil {
		t.Fatal(err)
	}
	store, err := snapshot.Open(path, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := store.NewQuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteQuads(quads); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}
