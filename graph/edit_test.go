package graph_test

import (
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
