package snapshot_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// TestAnEditGivesTheFileThatABuildWouldGive makes edits by chance, and builds the same graph anew.
func TestAnEditGivesTheFileThatABuildWouldGive(t *testing.T) {
	random := dice(11)
	pool := someQuads(random, 120)
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	build(t, path, nil, snapshot.BuildOptions{})
	s := opened(t, path, snapshot.Options{})
	now := map[string]quad.Quad{}
	for round := range 150 {
		var deltas []cayley.Delta
		wish := maps.Clone(now)
		for range random.IntN(12) {
			q := pool[random.IntN(len(pool))]
			action := cayley.Add
			if random.IntN(2) == 0 || round > 140 {
				action = cayley.Delete
			}
			deltas = append(deltas, cayley.Delta{Quad: q, Action: action})
			if action == cayley.Add {
				wish[key(q)] = q
			} else {
				delete(wish, key(q))
			}
		}
		if err := s.ApplyDeltas(deltas, cayley.IgnoreOpts{IgnoreDup: true, IgnoreMissing: true}); err != nil {
			t.Fatal(err)
		}
		now = wish
		fresh := filepath.Join(t.TempDir(), "fresh")
		build(t, fresh, slices.Collect(maps.Values(now)), snapshot.BuildOptions{})
		if !bytes.Equal(read(t, fresh), read(t, path)) {
			sameQuads(t, s, now)
			t.Fatalf("round %d: another file than a build of the same %d quads (%v)", round, len(now), snapshot.Verify(t.Context(), path))
		}
	}
	alone(t, path)
}

func TestAnEditIsAllOrNothing(t *testing.T) {
	a, b, c := quad.Make("a", "is", "b", nil), quad.Make("a", "is", "c", "claim"), quad.Make("x", "y", "z", nil)
	for _, tc := range []struct {
		name   string
		deltas []cayley.Delta
		ignore cayley.IgnoreOpts
		want   error
	}{
		{"a quad that is there", []cayley.Delta{{Quad: c, Action: cayley.Add}, {Quad: a, Action: cayley.Add}}, cayley.IgnoreOpts{}, cayley.ErrQuadExists},
		{"a quad that is added twice", []cayley.Delta{{Quad: c, Action: cayley.Add}, {Quad: c, Action: cayley.Add}}, cayley.IgnoreOpts{}, cayley.ErrQuadExists},
		{"a quad that is not there", []cayley.Delta{{Quad: a, Action: cayley.Delete}, {Quad: c, Action: cayley.Delete}}, cayley.IgnoreOpts{}, cayley.ErrQuadNotExist},
		{"a quad that goes twice", []cayley.Delta{{Quad: a, Action: cayley.Delete}, {Quad: a, Action: cayley.Delete}}, cayley.IgnoreOpts{IgnoreDup: true}, cayley.ErrQuadNotExist},
		{"no action", []cayley.Delta{{Quad: c, Action: cayley.Add}, {Quad: a}}, cayley.IgnoreOpts{}, cayley.ErrInvalidAction},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := made(t, []quad.Quad{a, b})
			before := read(t, path)
			s := opened(t, path, snapshot.Options{})
			err := s.ApplyDeltas(tc.deltas, tc.ignore)
			var delta *cayley.DeltaError
			if !errors.As(err, &delta) || !errors.Is(delta.Err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if !bytes.Equal(before, read(t, path)) {
				t.Error("the file has changed")
			}
			alone(t, path)
		})
	}
	s := opened(t, made(t, []quad.Quad{a}), snapshot.Options{})
	if err := s.ApplyDeltas([]cayley.Delta{{Quad: quad.Quad{Subject: quad.IRI("a")}, Action: cayley.Add}}, cayley.IgnoreOpts{}); err == nil {
		t.Error("a quad without an object was taken")
	}
}

// TestReadersKeepTheFileThatTheyHaveOpen reads the old graph while edits replace it, and with
// references of the old one in the new.
func TestReadersKeepTheFileThatTheyHaveOpen(t *testing.T) {
	qs := someQuads(dice(3), 2_000)
	path := made(t, qs)
	old := opened(t, path, snapshot.Options{})
	s := opened(t, path, snapshot.Options{})
	running := s.QuadsAllIterator()
	if !running.Next(t.Context()) {
		t.Fatal("no quads")
	}
	seen := 1
	ref := s.ValueOf(quad.IRI("kg:p1"))
	before, _ := s.QuadIteratorSize(t.Context(), quad.Predicate, ref)
	extra := quad.Quad{Subject: quad.IRI("a/first/of/all"), Predicate: quad.IRI("kg:p1"), Object: quad.IRI("aa")}
	if err := s.ApplyDeltas([]cayley.Delta{{Quad: extra, Action: cayley.Add}}, cayley.IgnoreOpts{}); err != nil {
		t.Fatal(err)
	}
	for running.Next(t.Context()) {
		seen++
	}
	if want := len(distinct(qs)); seen != want || running.Err() != nil {
		t.Errorf("the reader saw %d quads of %d, %v", seen, want, running.Err())
	}
	sameQuads(t, old, distinct(qs))
	sameQuads(t, s, distinct(append(qs, extra)))
	if after, err := s.QuadIteratorSize(t.Context(), quad.Predicate, ref); err != nil || after.Size != before.Size+1 {
		t.Errorf("by an old reference: %d quads, want %d (%v)", after.Size, before.Size+1, err)
	}
	if got := s.NameOf(ref); got != quad.IRI("kg:p1") {
		t.Errorf("an old reference is %v", got)
	}
}

// TestTwoStoresWriteOneFile lets several stores edit at a time: no edit is lost.
func TestTwoStoresWriteOneFile(t *testing.T) {
	path := made(t, nil)
	var wg sync.WaitGroup
	const stores, edits = 4, 10
	for w := range stores {
		s := opened(t, path, snapshot.Options{})
		wg.Go(func() {
			for i := range edits {
				q := quad.MakeIRI(fmt.Sprint("kg:s", w), "kg:p", fmt.Sprint("kg:o", i), "")
				if err := s.ApplyDeltas([]cayley.Delta{{Quad: q, Action: cayley.Add}}, cayley.IgnoreOpts{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if counts, err := opened(t, path, snapshot.Options{}).Counts(); err != nil || counts.Quads != stores*edits {
		t.Errorf("%d quads of %d are there, %v", counts.Quads, stores*edits, err)
	}
	alone(t, path)
}

func TestAWriterWritesAfterASecondOrWhenClosed(t *testing.T) {
	path := made(t, nil)
	s := opened(t, path, snapshot.Options{})
	w, err := s.NewQuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		counts, err := s.Counts()
		if err != nil {
			t.Fatal(err)
		}
		return counts.Quads
	}
	began := time.Now()
	if n, err := w.WriteQuads([]quad.Quad{quad.Make("a", "b", "c", nil), quad.Make("a", "b", "c", nil), quad.Make("a", "b", "d", nil)}); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n := count(); n != 0 && time.Since(began) < time.Second {
		t.Errorf("%d quads are there at once", n)
	}
	for start := time.Now(); count() != 2; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatal("nothing was written by itself")
		}
	}
	if _, err := w.WriteQuads([]quad.Quad{quad.Make("e", "b", "c", nil)}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 3 {
		t.Errorf("%d quads after Close, want 3", n)
	}
	if _, err := w.WriteQuads([]quad.Quad{quad.Make("f", "b", "c", nil)}); err == nil {
		t.Error("a closed writer takes quads")
	}
	reading := opened(t, path, snapshot.Options{ReadOnly: true})
	if _, err := reading.NewQuadWriter(); !errors.Is(err, snapshot.ErrReadOnly) {
		t.Errorf("a store for reading gives a writer: %v", err)
	}
}

func TestAClosedStoreAnswersWithAnError(t *testing.T) {
	var faults []error
	s, err := snapshot.Open(made(t, someQuads(dice(5), 100)), snapshot.Options{Fault: func(err error) { faults = append(faults, err) }})
	if err != nil {
		t.Fatal(err)
	}
	running := s.QuadsAllIterator()
	ref := s.ValueOf(quad.IRI("kg:p1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if running.Next(t.Context()) || !errors.Is(running.Err(), snapshot.ErrClosed) {
		t.Errorf("an iterator: %v", running.Err())
	}
	if s.ValueOf(quad.IRI("kg:p1")) != nil || s.NameOf(ref) != nil || len(faults) != 2 || !errors.Is(s.Err(), snapshot.ErrClosed) {
		t.Errorf("look-ups: %v, %v", faults, s.Err())
	}
	if err := s.ApplyDeltas(nil, cayley.IgnoreOpts{}); !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("an edit: %v", err)
	}
}
