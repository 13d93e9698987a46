package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kg/graph"
)

// Subject is a kind of store under exam.
type Subject struct {
	// New returns an address at which there is nothing.
	New func(t *testing.T) graph.Address

	// Kept says that a store outlives the process: it is built, then opened.
	Kept bool

	// Hold is how many quads a build gathers before it streams; 0: as many as by default.
	Hold int
}

// Run holds the exam.
func Run(t *testing.T, s Subject) {
	t.Helper()
	for _, b := range slices.Concat(reading(), asking()) {
		t.Run(b.name, func(t *testing.T) { b.run(exam{T: t, Subject: s}) })
	}
	for _, b := range keeping() {
		t.Run(b.name, func(t *testing.T) {
			if !s.Kept {
				t.Skip("this kind of store is not kept")
			}
			b.run(exam{T: t, Subject: s})
		})
	}
}

// A behaviour is what a store must do, in a sentence.
type behaviour struct {
	name string
	run  func(exam)
}

// exam is one behaviour being tried.
type exam struct {
	*testing.T
	Subject
}

func (e exam) options() graph.BuildOptions {
	return graph.BuildOptions{Schema: Schema(e), Hold: e.Hold}
}

func (e exam) opening() graph.OpenOptions { return graph.OpenOptions{Schema: Schema(e)} }

// store makes a store of the quads at a new address, and checks it when the behaviour is done.
func (e exam) store(qs []quad.Quad) *graph.Store {
	e.Helper()
	a := e.New(e.T)
	if e.Kept {
		e.build(a, qs)
		return e.open(a, qs)
	}
	s, err := graph.OpenFresh(e.Context(), a, Feed(qs), e.options())
	if err != nil {
		e.Fatal(err)
	}
	e.atEnd(s, qs)
	return s
}

func (e exam) build(a graph.Address, qs []quad.Quad) {
	e.Helper()
	if _, err := graph.Build(e.Context(), a, Feed(qs), e.options()); err != nil {
		e.Fatal(err)
	}
}

// open opens a store that shall hold the quads and what follows from them.
func (e exam) open(a graph.Address, qs []quad.Quad) *graph.Store {
	e.Helper()
	s, err := graph.Open(e.Context(), a, e.opening())
	if err != nil {
		e.Fatal(err)
	}
	e.atEnd(s, qs)
	return s
}

func (e exam) atEnd(s *graph.Store, qs []quad.Quad) {
	e.Cleanup(func() {
		if !e.Failed() {
			e.consistent(s, e.facts(qs).All())
		}
		if err := s.Close(); err != nil {
			e.Error(err)
		}
	})
}

func (e exam) facts(qs []quad.Quad) *graph.Facts {
	e.Helper()
	f, err := graph.Gather(context.Background(), Feed(qs), e.options()) // also called after the test's own context ended
	if err != nil {
		e.Fatal(err)
	}
	return f
}

// sampled is about how many values of a direction are tried.
const sampled = 300

// consistent holds that a store has these quads and no others, each found through every part of it.
func (e exam) consistent(s *graph.Store, want []quad.Quad) {
	e.Helper()
	e.same(s, graph.Pattern{}, want)
	parts := map[quad.Direction]map[quad.Value][]quad.Quad{}
	for _, d := range quad.Directions {
		parts[d] = map[quad.Value][]quad.Quad{}
		for _, q := range want {
			if v := q.Get(d); v != nil {
				parts[d][v] = append(parts[d][v], q)
			}
		}
		step, i := 1+len(parts[d])/sampled, 0
		for v, qs := range parts[d] {
			if i++; i%step == 0 {
				e.same(s, only(d, v), qs)
			}
		}
	}
	if n := s.Manifest().Counts.Quads; n != len(want) {
		e.Errorf("the manifest counts %d quads, the store holds %d", n, len(want))
	}
	if err := s.Err(); err != nil {
		e.Error(err)
	}
}

func only(d quad.Direction, v quad.Value) graph.Pattern {
	switch d {
	case quad.Subject:
		return graph.Pattern{Subject: v}
	case quad.Predicate:
		return graph.Pattern{Predicate: v}
	case quad.Object:
		return graph.Pattern{Object: v}
	default:
		return graph.Pattern{Label: v}
	}
}

// same holds that a pattern matches these quads.
func (e exam) same(s *graph.Store, p graph.Pattern, want []quad.Quad) {
	e.Helper()
	got := e.match(s, p)
	want = slices.Clone(want)
	graph.SortQuads(want)
	if diff := cmp.Diff(want, got, byValue(), cmpopts.EquateEmpty()); diff != "" {
		e.Errorf("quads that match %v (-want +got):\n%s", p, diff)
	}
}

func (e exam) match(s *graph.Store, p graph.Pattern) []quad.Quad {
	e.Helper()
	var qs []quad.Quad
	for q, err := range s.Match(context.Background(), p) {
		if err != nil {
			e.Fatal(err)
		}
		qs = append(qs, q)
	}
	graph.SortQuads(qs)
	return qs
}

// byValue compares quads as they are: the type of every value counts.
func byValue() cmp.Option {
	return cmp.Comparer(func(a, b quad.Quad) bool { return a == b })
}
