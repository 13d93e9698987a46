package gizmo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/query"
	stock "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"

	"kg/queries/gizmo"
)

// hub is a graph with one node of size neighbours, three levels deep, with names and numbers.
func hub(size int) cayley.QuadStore {
	var quads []quad.Quad
	add := func(s, p string, o quad.Value) {
		quads = append(quads, quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: o, Label: quad.IRI(fmt.Sprintf("claim/%d", len(quads)))})
	}
	for i := range size {
		n := fmt.Sprintf("node/%d", i)
		add("hub", "has", quad.IRI(n))
		add(n, "next", quad.IRI(fmt.Sprintf("node/%d", (i*7919+1)%size)))
		add(n, "size", quad.Int(i%1000))
		add(n, "name", quad.String(fmt.Sprintf("name of %d", i)))
	}
	return memstore.New(quads...)
}

func questions() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"start", `g.V("<node/1>").all()`},
		{"one hop, 100,000 rows", `g.V("<hub>").out("<has>").all()`},
		{"one hop with a tag", `g.V("<hub>").out("<has>").tag("x").all()`},
		{"two hops", `g.V("<hub>").out("<has>").out("<next>").all()`},
		{"three hops", `g.V("<node/1>","<node/2>","<node/3>").out("<next>").out("<next>").out("<next>").all()`},
		{"three hops from the hub", `g.V("<hub>").out("<has>").out("<next>").out("<size>").all()`},
		{"has a value", `g.V("<hub>").out("<has>").has("<size>", 7).all()`},
		{"greater than", `g.V("<hub>").out("<has>").has("<size>", gt(990)).all()`},
		{"matching names", `g.V("<hub>").out("<has>").out("<name>").filter(regex("of 99")).all()`},
		{"save", `g.V("<hub>").out("<has>").save("<name>","name").all()`},
		{"save two", `g.V("<hub>").out("<has>").save("<name>","name").saveOpt("<size>","size").all()`},
		{"a claim a row", `g.V("<hub>").labelContext(g.V(),"claim").out("<has>","p").all()`},
		{"and", `g.V("<hub>").out("<has>").and(g.V(7).in("<size>")).all()`},
		{"except", `g.V("<hub>").out("<has>").except(g.V(7).in("<size>")).all()`},
		{"recursive", `g.V("<node/1>").followRecursive("<next>", 40).all()`},
		{"count", `g.emit(g.V("<hub>").out("<has>").count())`},
		{"back", `g.V(7).in("<size>").tag("n").out("<next>").back("n").out("<name>").all()`},
	}
}

// BenchmarkQuestions runs each question in our engine and in Cayley's session, rows made into values
// in both, so that `go test -bench Questions` shows them side by side.
func BenchmarkQuestions(b *testing.B) {
	store := hub(100_000)
	for _, q := range questions() {
		name := strings.ReplaceAll(strings.ReplaceAll(q.name, " ", "-"), ",", "")
		b.Run(name+"/ours", func(b *testing.B) {
			p, err := gizmo.Compile(q.name, q.text)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = 0
				if err := p.Run(context.Background(), store, gizmo.Options{}, func(gizmo.Row) error { n++; return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(name+"/cayley", func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = 0
				it, err := stock.NewSession(store).Execute(context.Background(), q.text, query.Options{Collation: query.Raw, Limit: -1})
				if err != nil {
					b.Fatal(err)
				}
				for it.Next(context.Background()) {
					r := it.Result().(*stock.Result)
					for _, ref := range r.Tags {
						_ = store.NameOf(ref)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
