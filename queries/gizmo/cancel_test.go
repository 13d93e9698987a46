package gizmo_test

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"

	"kg/queries/gizmo"
)

// A patience is a context that counts how often it is asked whether it is over, and how much of the store
// was read between two times. That tells how soon a run ends, on a machine that is busy too.
type patience struct {
	context.Context

	cancel context.CancelFunc
	end    int64 // cancel when it is asked for the end-th time; 0: never
	asked  atomic.Int64
	reads  atomic.Int64 // since it was asked last
	most   atomic.Int64
}

func newPatience(tb testing.TB, end int64) *patience {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	tb.Cleanup(cancel)
	return &patience{Context: ctx, cancel: cancel, end: end}
}

func (p *patience) Err() error {
	p.most.Store(max(p.most.Load(), p.reads.Swap(0)))
	if p.asked.Add(1) == p.end {
		p.cancel()
	}
	return p.Context.Err()
}

// reading is a store that tells what is read of it.
type reading struct {
	cayley.QuadStore
	told *patience
}

func (r reading) QuadDirection(q cayley.Ref, d quad.Direction) cayley.Ref {
	r.told.reads.Add(1)
	return r.QuadStore.QuadDirection(q, d)
}

func (r reading) NameOf(n cayley.Ref) quad.Value {
	r.told.reads.Add(1)
	return r.QuadStore.NameOf(n)
}

func (r reading) QuadIterator(d quad.Direction, n cayley.Ref) cayley.Iterator {
	r.told.reads.Add(1)
	return r.QuadStore.QuadIterator(d, n)
}

// longTexts take long in each of the ways that a text can.
func longTexts() []string {
	return []string{
		`g.V().order().all()`,
		`g.V("<hub>").out("<has>").out("<name>").order("desc").all()`,
		`g.V().out().in().out().in().out().in().count()`,
		`g.V().and(g.V().out().in().out().in()).except(g.V().both().both().both()).count()`,
		`g.V("<hub>").out("<has>").followRecursive("<next>").count()`,
		`g.V("<hub>").out("<has>").out("<name>").filter(regex("(x+x+)+y")).count()`,
		`g.V().filter(regex("(x+x+)+y")).filter(regex("q")).or(g.V()).or(g.V()).both().both().count()`,
		`g.V("<hub>").pathsTo("<nowhere>", {via: g.V()})`,
	}
}

// TestCancel ends runs in the middle of what takes long. Each asks whether it shall end after a few
// hundred steps, and does so at once when it shall: a step takes less than a microsecond, a hundred of
// them far less than a tenth of a second, whatever else the machine does.
func TestCancel(t *testing.T) {
	const steps = 2_000 // reads of the store between two questions, at most
	store := hub(3_000)
	for _, text := range longTexts() {
		p := newPatience(t, 40)
		err := gizmo.Run(p, reading{store, p}, text, gizmo.Options{Limits: gizmo.Limits{Memory: -1}}, func(gizmo.Row) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", text, err)
		}
		if n := p.asked.Load(); n > p.end+8 {
			t.Errorf("%s: asked %d times more after the end", text, n-p.end)
		}
		if n := max(p.most.Load(), p.reads.Load()); n > steps {
			t.Errorf("%s: read %d times without asking, want at most %d", text, n, steps)
		}
	}
	for _, text := range []string{
		`for(;;) g.V("<hub>").out("<has>").toArray(10)`,
		`var a = g.V("<hub>").out("<has>").toArray(); for(;;) a.sort()`,
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if err := gizmo.Run(ctx, store, text, gizmo.Options{Limits: gizmo.Limits{Memory: -1}}, func(gizmo.Row) error { return nil }); !errors.Is(err, gizmo.ErrTimeout) {
			t.Errorf("%s: %v", text, err)
		}
		cancel()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := gizmo.Run(ctx, store, `g.V().all()`, gizmo.Options{}, func(gizmo.Row) error { t.Error("a row"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

// Sorting reads nothing: what counts is how often it asks for the comparisons that it makes.
func TestCancelInASort(t *testing.T) {
	const rows = 20_000
	var quads []quad.Quad
	for i := range rows {
		quads = append(quads, quad.Make(quad.IRI("hub"), quad.IRI("has"), quad.Int(i*7919%rows), nil))
	}
	store := memstore.New(quads...)
	asked := func(text string) int64 {
		p := newPatience(t, 0)
		if err := gizmo.Run(p, store, text, gizmo.Options{}, func(gizmo.Row) error { return nil }); err != nil {
			t.Fatal(err)
		}
		return p.asked.Load()
	}
	sorting := asked(`g.V("<hub>").out("<has>").order().all()`) - asked(`g.V("<hub>").out("<has>").all()`)
	if least := int64(rows * math.Log2(rows) / 2 / 256); sorting < least {
		t.Errorf("sorting %d rows asks %d times whether to end, want at least %d", rows, sorting, least)
	}
	p := newPatience(t, asked(`g.V("<hub>").out("<has>").all()`)+20) // within the sort
	err := gizmo.Run(p, store, `g.V("<hub>").out("<has>").order().all()`, gizmo.Options{}, func(gizmo.Row) error { return nil })
	if !errors.Is(err, context.Canceled) || p.asked.Load() > p.end+8 {
		t.Errorf("asked %d times more after the end: %v", p.asked.Load()-p.end, err)
	}
}

// BenchmarkCancel tells how long runs over a million rows go on after they were cancelled: the latest of
// all tries, in milliseconds.
//
//	go test ./queries/gizmo -run '^$' -bench Cancel -benchtime 5x
func BenchmarkCancel(b *testing.B) {
	store := hub(1_000_000)
	for _, q := range []struct{ name, text string }{
		{"sort", `g.V("<hub>").out("<has>").out("<name>").order("desc").all()`},
		{"join", `g.V("<hub>").out("<has>").and(g.V().in("<next>").out("<next>").in("<size>").out("<size>")).count()`},
		{"regex", `g.V("<hub>").out("<has>").out("<name>").filter(regex("(x+x+)+y")).count()`},
		{"closure", `g.V("<hub>").out("<has>").followRecursive("<next>").count()`},
	} {
		b.Run(q.name, func(b *testing.B) {
			var latest time.Duration
			for i := range b.N {
				ctx, cancel := context.WithCancel(b.Context())
				var at atomic.Int64
				wait := time.Duration(200+150*(i%5)) * time.Millisecond
				timer := time.AfterFunc(wait, func() { at.Store(time.Now().UnixNano()); cancel() })
				err := gizmo.Run(ctx, store, q.text, gizmo.Options{Limits: gizmo.Limits{Memory: 4 << 30}}, func(gizmo.Row) error { return nil })
				end := time.Now()
				timer.Stop()
				cancel()
				if !errors.Is(err, context.Canceled) {
					b.Fatalf("ended by itself: %v", err)
				}
				latest = max(latest, end.Sub(time.Unix(0, at.Load())))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(latest.Microseconds())/1000, "ms-late")
		})
	}
}
