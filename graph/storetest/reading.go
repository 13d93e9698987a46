package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// reading are the behaviours of a store as a set of quads.
func reading() []behaviour {
	return []behaviour{
		{"every kind of value comes back as it was", func(e exam) {
			var qs []quad.Quad
			for _, v := range values() {
				qs = append(qs, quad.Quad{Subject: quad.IRI("http://example.com/it"), Predicate: foreign, Object: v})
			}
			s := e.store(qs)
			for _, v := range values() {
				if got := e.match(s, graph.Pattern{Object: v}); len(got) != 1 || got[0].Object != v {
					e.Errorf("facts with the object %.80v: %.80v", v, got)
				}
			}
		}},
		{"a value that stores bend is kept by its text", func(e exam) {
			s := e.store([]quad.Quad{{Subject: sky, Predicate: foreign, Object: quad.TypedString{Value: "7", Type: "xsd:integer"}}})
			e.same(s, graph.Pattern{Object: quad.Int(7)}, []quad.Quad{{Subject: sky, Predicate: foreign, Object: quad.Int(7)}})
		}},
		{"one statement under two claims is two facts", func(e exam) {
			s := e.store(world())
			e.same(s, graph.Pattern{Subject: belgians, Predicate: infiltrate, Object: sky}, []quad.Quad{
				{Subject: belgians, Predicate: infiltrate, Object: sky, Label: quad.IRI("kg:claim/C-1")},
				{Subject: belgians, Predicate: infiltrate, Object: sky, Label: quad.IRI("kg:claim/C-2")},
			})
		}},
		{"a quad that is read twice is stored once", func(e exam) {
			e.store(slices.Concat(world(), world())) // the check at the end counts
		}},
		{"every pattern matches what a plain list has", patterns},
		{"a node that is not there matches nothing", func(e exam) {
			s := e.store(world())
			for _, p := range []graph.Pattern{
				{Subject: quad.IRI("kg:platform/none")},
				{Subject: sky, Object: quad.String("nowhere")},
				{Subject: quad.String(sky)},
				{Object: quad.String("27640000")},
				{Label: sky},
				{Predicate: sky},
			} {
				if got := e.match(s, p); len(got) > 0 {
					e.Errorf("%v matches %v", p, got)
				}
			}
		}},
		{"a match may be left early and begun again", func(e exam) {
			s := e.store(world())
			for range 3 {
				for _, err := range s.Match(e.Context(), graph.Pattern{}) {
					if err != nil {
						e.Fatal(err)
					}
					break
				}
			}
		}},
		{"a match ends with the context's error", func(e exam) {
			s := e.store(many(2_000))
			ctx, cancel := context.WithCancel(e.Context())
			defer cancel()
			seen := 0
			var last error
			for _, err := range s.Match(ctx, graph.Pattern{Predicate: foreign}) {
				if seen++; seen == 10 {
					cancel()
				}
				last = err
			}
			if !errors.Is(last, context.Canceled) || seen > 1_000 {
				e.Errorf("after cancelling at the tenth quad: %d quads, then %v", seen, last)
			}
		}},
		{"Cayley's paths see the same graph", paths},
		{"several goroutines may read at once", readers},
		{"a write is refused, and readers go on", readOnly},
	}
}

// patterns tries all 16 combinations of given and free parts, over every quad of the world.
func patterns(e exam) {
	s := e.store(world())
	all := e.facts(world()).All()
	asked := map[graph.Pattern]bool{}
	for _, q := range all {
		if q.Label == graph.SchemaIn {
			continue // like the others, and many
		}
		for mask := range 16 {
			var p graph.Pattern
			fits := func(got, want quad.Value) bool { return want == nil || got == want }
			for i, part := range []*quad.Value{&p.Subject, &p.Predicate, &p.Object, &p.Label} {
				if mask>>i&1 == 1 {
					*part = q.Get(quad.Directions[i])
				}
			}
			if asked[p] {
				continue
			}
			asked[p] = true
			var want []quad.Quad
			for _, q := range all {
				if fits(q.Subject, p.Subject) && fits(q.Predicate, p.Predicate) && fits(q.Object, p.Object) && fits(q.Label, p.Label) {
					want = append(want, q)
				}
			}
			e.same(s, p, want)
		}
	}
}

// paths runs paths of Cayley over the store, through labels, over steps that lead nowhere, and back.
func paths(e exam) {
	s := e.store(world())
	qs := s.Cayley()
	for _, tc := range []struct {
		name string
		path *path.Path
		want []string
	}{
		{"out", path.StartPath(qs, belgians).Out(infiltrate).Unique(), []string{"<kg:platform/sky-ecc>"}},
		{"in", path.StartPath(qs, sky).In(infiltrate).Unique(), []string{"<kg:agency/be-federal-police>"}},
		{"under a label", path.StartPath(qs, cocaine).LabelContext(quad.IRI("kg:claim/C-3")).Out(massGrams), []string{quad.Int(27_640_000).String()}},
		{"through claims", path.StartPath(qs, cocaine).LabelContext(path.StartPath(qs).Has(graph.ReadIn, article)).Out(massGrams), []string{quad.Int(27_640_000).String(), quad.Int(28_000_000).String()}},
		{"a predicate that the node has not", path.StartPath(qs, nca).Out(graph.Within), nil},
		{"an object that is none", path.StartPath(qs, quad.IRI("kg:claim/C-1")).In(graph.Within), nil},
		{"several steps", path.StartPath(qs, cocaine).Out(quad.IRI("kg:place")).Out(graph.Within).Out(graph.Within), []string{"<kg:location/belgium>"}},
		{"has", path.StartPath(qs).Has(graph.Name, quad.String("Sky ECC")), []string{"<kg:platform/sky-ecc>"}},
	} {
		e.Run(tc.name, func(t *testing.T) {
			var got []string
			err := tc.path.Iterate(t.Context()).EachValue(qs, func(v quad.Value) { got = append(got, v.String()) })
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	st, err := qs.Stats(e.Context(), true)
	if n := len(e.facts(world()).All()); err != nil || st.Quads != (cayley.Size{Size: int64(n), Exact: true}) {
		e.Errorf("Cayley counts %+v (%v), want %d quads", st, err, n)
	}
}

// readers lets goroutines do everything at once, the first look-ups included.
func readers(e exam) {
	s := e.store(world())
	want := len(e.facts(world()).All())
	done := make(chan error)
	const goroutines = 8
	for i := range goroutines {
		go func() {
			done <- func() error {
				n := 0
				for _, err := range s.Match(e.Context(), graph.Pattern{}) {
					if err != nil {
						return err
					}
					n++
				}
				if n != want {
					return errors.New("a reader missed quads")
				}
				if st, err := s.Cayley().Stats(e.Context(), true); err != nil || st.Quads.Size != int64(want) {
					return fmt.Errorf("statistics %+v: %w", st, err)
				}
				nodes := s.Cayley().NodesAllIterator()
				for nodes.Next(e.Context()) {
					if s.Cayley().NameOf(nodes.Result()) == nil {
						return errors.New("a node has no value")
					}
				}
				if err := nodes.Close(); err != nil {
					return err
				}
				if _, err := s.Find(e.Context(), []string{"NCA", "sky ecc"}[i%2]); err != nil {
					return err
				}
				if _, err := s.Search(e.Context(), "police", 3); err != nil {
					return err
				}
				_, err := s.Claims(e.Context(), cocaine, "", nil)
				return err
			}()
		}()
	}
	for range goroutines {
		if err := <-done; err != nil {
			e.Error(err)
		}
	}
}

func readOnly(e exam) {
	s := e.store(world())
	q := quad.Quad{Subject: sky, Predicate: foreign, Object: encro}
	if err := s.Cayley().ApplyDeltas([]cayley.Delta{{Quad: q, Action: cayley.Add}}, cayley.IgnoreOpts{}); err == nil {
		e.Error("a change was taken")
	}
	if w, err := s.Cayley().NewQuadWriter(); err == nil {
		_, writing := w.WriteQuads([]quad.Quad{q})
		if closing := w.Close(); writing == nil && closing == nil {
			e.Error("a quad was written")
		}
	}
	e.same(s, graph.Pattern{Predicate: foreign, Object: encro}, nil)
}
