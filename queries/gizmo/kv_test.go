package gizmo_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	ckv "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/cayley/graph/kv/btree"
)

// TestStoreThatRewrites runs random paths on a store whose optimiser is a real one: the rows are those
// of the reference there too.
func TestStoreThatRewrites(t *testing.T) {
	quads := small()
	ref := &reference{quads}
	db := btree.New()
	if err := ckv.Init(db, nil); err != nil {
		t.Fatal(err)
	}
	store, err := ckv.New(db, nil)
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
	r := rand.New(rand.NewPCG(77, 7))
	for range 1500 {
		text := (&pathMaker{r: r}).path(2+r.IntN(5)) + ".all()"
		runs, ok := record(text)
		if !ok {
			t.Fatalf("%s: the reference cannot read it", text)
		}
		var want []string
		for _, row := range ref.run(runs[0]) {
			want = append(want, row.String())
		}
		if own, err := ownRows(store, text); err != nil || !slices.Equal(set(own), set(want)) {
			t.Fatalf("%s\n  ours:      %q %v\n  reference: %q", text, set(own), err, set(want))
		}
	}
}
