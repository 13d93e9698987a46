package graph_test

import (
	"errors"
	"path/filepath"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/graph/storetest"
)

// An edit through Cayley's writer keeps what kg knows of a store in step with its quads.
func TestAnEditKeepsTheManifestAndTheNamesUpToDate(t *testing.T) {
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
	o := graph.BuildOptions{Schema: storetest.Schema(t), Inputs: graph.Inputs{Texts: map[string]string{"world": "its text"}}, Tool: "v1"}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(100)), o); err != nil {
		t.Fatal(err)
	}
	if fresh, err := graph.IsFresh(a, o); !fresh || err != nil {
		t.Fatalf("fresh: %v, %v", fresh, err)
	}
	before, err := graph.ReadManifest(a)
	if err != nil {
		t.Fatal(err)
	}
	graph.RegisterSnapshot()
	qs, err := cayley.NewQuadStore(snapshot.Name, a.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	named := func(s, name string) quad.Quad {
		return quad.Quad{Subject: quad.IRI(s), Predicate: graph.Name, Object: quad.String(name), Label: graph.Gazetteer}
	}
	found := func(name string) bool {
		t.Helper()
		s, err := openAt(t, a)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		_, err = s.Find(t.Context(), name)
		return err == nil
	}
	w, err := qs.NewQuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteQuads([]quad.Quad{named("kg:platform/newcomer", "The Newcomer")}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := graph.ReadManifest(a)
	if err != nil {
		t.Fatal(err)
	}
	if after.Counts.Quads != before.Counts.Quads+1 || after.Counts.Stated != before.Counts.Stated+1 || after.Counts.Claims != before.Counts.Claims {
		t.Errorf("counts %+v, before %+v", after.Counts, before.Counts)
	}
	if after.Edited.IsZero() || after.Digest == before.Digest || !after.Built.Equal(before.Built) {
		t.Errorf("the manifest does not tell of the edit: %+v", after)
	}
	if !found("The Newcomer") {
		t.Error("a new name is not found")
	}
	if fresh, err := graph.IsFresh(a, o); fresh || err != nil {
		t.Errorf("an edited store counts as fresh: %v, %v", fresh, err)
	}
	remove := []cayley.Delta{{Action: cayley.Delete, Quad: named("kg:platform/newcomer", "The Newcomer")}}
	if err := qs.ApplyDeltas(remove, cayley.IgnoreOpts{}); err != nil {
		t.Fatal(err)
	}
	if err := qs.Close(); err != nil {
		t.Fatal(err)
	}
	if found("The Newcomer") {
		t.Error("a removed name is found")
	}
	if again, err := graph.ReadManifest(a); err != nil || again.Counts != before.Counts || again.Digest == after.Digest {
		t.Errorf("after the removal: %+v, %v", again, err)
	}
	if err := snapshot.Verify(t.Context(), a.Path); err != nil {
		t.Error(err)
	}
}

// Edit adds, takes away and removes a node in one step; what it cannot do changes nothing.
func TestEditChangesAStoreAsAWhole(t *testing.T) {
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(20)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
		t.Fatal(err)
	}
	likes := func(s, o string) quad.Quad {
		return quad.Quad{Subject: quad.IRI("x:" + s), Predicate: quad.IRI("x:likes"), Object: quad.IRI("x:" + o)}
	}
	list := func(quads ...quad.Quad) []quad.Quad { return quads }
	for _, step := range []struct {
		name    string
		changes graph.Changes
		want    int // quads of the predicate then
		err     error
	}{
		{"two are added, one of them twice", graph.Changes{Add: list(likes("a", "b"), likes("b", "c"), likes("a", "b"))}, 2, nil},
		{"one that is there is added, one that is not there taken away", graph.Changes{Add: list(likes("a", "b")), Remove: list(likes("c", "d"))}, 2, nil},
		{"one goes and one comes", graph.Changes{Add: list(likes("c", "a")), Remove: list(likes("b", "c"))}, 2, nil},
		{"a node that is not there", graph.Changes{Add: list(likes("d", "e")), Node: quad.IRI("x:nobody")}, 2, graph.ErrNoNode},
		{"a node goes with all that has it", graph.Changes{Node: quad.IRI("x:a")}, 0, nil},
	} {
		t.Run(step.name, func(t *testing.T) {
			if err := graph.Edit(t.Context(), a, step.changes); !errors.Is(err, step.err) {
				t.Fatalf("want %v, found %v", step.err, err)
			}
			s, err := openAt(t, a)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			n := 0
			for _, err := range s.Match(t.Context(), graph.Pattern{Predicate: quad.IRI("x:likes")}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != step.want {
				t.Errorf("want %d quads, found %d", step.want, n)
			}
			if err := snapshot.Verify(t.Context(), a.Path); err != nil {
				t.Error(err)
			}
		})
	}
	for _, other := range []graph.Address{{Scheme: "bolt", Path: a.Path}, {Scheme: "memory"}} {
		if err := graph.Edit(t.Context(), other, graph.Changes{}); !errors.Is(err, graph.ErrNotEditable) {
			t.Errorf("%s: want it refused, found %v", other, err)
		}
	}
	missing := graph.Address{Scheme: "snapshot", Path: a.Path + ".none"}
	if err := graph.Edit(t.Context(), missing, graph.Changes{}); !errors.Is(err, graph.ErrNoStore) {
		t.Errorf("want no store made, found %v", err)
	}
}
