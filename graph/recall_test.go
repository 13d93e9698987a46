package graph_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

// someQuads are claims on a few things, and conclusions from them.
func someQuads() []quad.Quad {
	var quads []quad.Quad
	for i := range 300 {
		agency, platform := quad.IRI(fmt.Sprintf("kg:agency/a-%d", i%17)), quad.IRI(fmt.Sprintf("kg:platform/p-%d", i%5))
		source := quad.IRI(fmt.Sprintf("kg:source/s-%d", i%11))
		c := graph.Claim{
			ID: quad.IRI(fmt.Sprintf("kg:claim/C-%d", i)), Subject: agency, Predicate: "kg:infiltrated", Object: platform, Source: source,
			Speaker: agency, ReportedAs: "so it was", Notes: []string{"a remark", "another"},
		}
		derived := quad.IRI(fmt.Sprintf("kg:derivation/d-%d", i))
		quads = append(append(quads, c.Quads()...),
			quad.Quad{Subject: agency, Predicate: graph.Name, Object: quad.String(fmt.Sprint("Agency ", i%17)), Label: graph.Gazetteer},
			quad.Quad{Subject: source, Predicate: graph.Kind, Object: quad.IRI("kg:kind/takedown"), Label: graph.Provenance},
			quad.Quad{Subject: agency, Predicate: quad.IRI("kg:cracked"), Object: platform, Label: derived},
			quad.Quad{Subject: derived, Predicate: graph.DerivedFrom, Object: c.ID, Label: graph.Provenance},
			quad.Quad{Subject: derived, Predicate: graph.Rule, Object: quad.String("who got in"), Label: graph.Provenance})
	}
	return quads
}

// What a store that remembers says again is what one says that reads.
func TestAStoreThatRemembersSaysTheSame(t *testing.T) {
	quads := someQuads()
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
	schema := storetest.Schema(t)
	if _, err := graph.Build(t.Context(), a, storetest.Feed(quads), graph.BuildOptions{Schema: schema}); err != nil {
		t.Fatal(err)
	}
	twice := func(n int) quad.Quad { // two facts under one label: no build makes them, an edit can
		return quad.Quad{Subject: quad.IRI("http://example.com/it"), Predicate: quad.IRI("http://example.com/holds"), Object: quad.Int(n), Label: quad.IRI("kg:claim/TWICE")}
	}
	if err := graph.Edit(t.Context(), a, graph.Changes{Add: []quad.Quad{twice(1), twice(2)}}); err != nil {
		t.Fatal(err)
	}
	open := func(remembered int) *graph.Store {
		s, err := graph.Open(t.Context(), a, graph.OpenOptions{Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if remembered > 0 {
			s.Remember(remembered)
		}
		return s
	}
	reading := open(0)
	subjects := map[quad.IRI]bool{}
	for q, err := range reading.Match(t.Context(), graph.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []quad.Value{q.Subject, q.Object, q.Label} {
			if iri, ok := v.(quad.IRI); ok {
				subjects[iri] = true
			}
		}
	}
	said := func(s *graph.Store, id quad.IRI) string {
		name, err := s.NameOf(t.Context(), id)
		text := fmt.Sprintln(name, err)
		facts, err := s.Facts(t.Context(), graph.Pattern{Subject: id})
		text += fmt.Sprintln(facts, err)
		claims, err := s.Claims(t.Context(), id, "", nil)
		text += fmt.Sprintf("%+v %v\n", claims, err)
		incoming, err := s.Claims(t.Context(), "", "", id)
		text += fmt.Sprintf("%+v %v\n", incoming, err)
		derived, err := s.Derivations(t.Context(), id, "", nil)
		text += fmt.Sprintf("%+v %v\n", derived, err)
		document, err := s.Document(t.Context(), id)
		text += fmt.Sprintln(document, err)
		claim, err := s.Claim(t.Context(), id)
		text += fmt.Sprintf("%+v %v\n", claim, err)
		derivation, err := s.Derivation(t.Context(), id)
		return text + fmt.Sprintf("%+v %v\n", derivation, err)
	}
	for _, room := range []int{1 << 10, 32 << 10, 64 << 20} {
		t.Run(fmt.Sprintf("in %d bytes", room), func(t *testing.T) {
			remembering := open(room)
			var askers sync.WaitGroup
			for range 3 {
				askers.Go(func() {
					for id := range subjects {
						if diff := cmp.Diff(said(reading, id), said(remembering, id)); diff != "" {
							t.Errorf("%s (-read +remembered):\n%s", string(id), diff)
						}
					}
				})
			}
			askers.Wait()
		})
	}
}

// What is kept has a bound, and what is asked for again stays.
func TestWhatIsRememberedHasABound(t *testing.T) {
	r := graph.NewRecall[int, string](1000)
	weigh := func(string) int { return 50 }
	for i := range 10_000 {
		if _, ok := r.Get(0, weigh); i > 0 && !ok {
			t.Fatalf("what is asked for each time was forgotten after %d others", i)
		}
		r.Put(i, "x", 50)
		if n := r.Len(); n > 1000/50 {
			t.Fatalf("%d entries of 50 bytes are kept in 1000", n)
		}
	}
	r.Put(-1, "x", 500)
	if _, ok := r.Get(-1, weigh); ok {
		t.Error("an entry that takes half of the room is kept")
	}
	if _, ok := r.Get(1, weigh); ok {
		t.Error("what nobody has asked for is kept for ever")
	}
}
