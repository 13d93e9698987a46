package graph_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/graph/storetest"
)

func TestDamagedSnapshots(t *testing.T) {
	for _, tc := range []struct {
		name   string
		damage func(data []byte) []byte
		want   string
	}{
		{"an empty file", func([]byte) []byte { return nil }, "found an empty file"},
		{"a file that was cut short", func(d []byte) []byte { return d[:len(d)/2] }, "cut short"},
		{"a file of another format version", func(d []byte) []byte { d[8] = 9; return d }, fmt.Sprintf("want version %d, found 9", snapshot.FormatVersion)},
		{"a trailer of which a bit changed", func(d []byte) []byte { d[len(d)-40] ^= 1; return d }, "the checksum of its trailer"},
		{"a manifest of which a bit changed", func(d []byte) []byte {
			d[strings.Index(string(d), `"digest":"`)+12] ^= 1
			return d
		}, "the checksum of its manifest"},
		{"something else", func([]byte) []byte { return []byte("Dear reader,\n") }, "which kg did not make"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := buildAt(t, "snapshot", 500)
			data, err := os.ReadFile(a.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(a.Path, tc.damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err := openAt(t, a); !errors.Is(err, graph.ErrStoreVersion) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Open = %v, %v; want %s", s, err, tc.want)
			}
		})
	}
}

func TestASnapshotIsKnownToCayleyAndOpenedForReading(t *testing.T) {
	a := buildAt(t, "snapshot", 10)
	s, err := openAt(t, a)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Cayley().ApplyDeltas(nil, cayley.IgnoreOpts{}); !errors.Is(err, snapshot.ErrReadOnly) {
		t.Errorf("an edit: %v", err)
	}
	if _, err := s.Cayley().NewQuadWriter(); !errors.Is(err, snapshot.ErrReadOnly) {
		t.Errorf("a writer: %v", err)
	}
	qs, err := cayley.NewQuadStore(snapshot.Name, a.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer qs.Close()
	if st, err := qs.Stats(t.Context(), true); err != nil || st.Quads.Size != int64(s.Manifest().Counts.Quads) {
		t.Errorf("Cayley counts %+v, %v", st, err)
	}
}

// What was cut short under a reader ends the reading with an error.
func TestASnapshotThatShrinksUnderAReaderIsAnError(t *testing.T) {
	a := buildAt(t, "snapshot", 20_000)
	s, err := openAt(t, a)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := os.Truncate(a.Path, 4096); err != nil {
		t.Fatal(err)
	}
	if err := firstError(t.Context(), s, graph.Pattern{}); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("all quads: %v", err)
	}
	if _, err := s.Find(t.Context(), "thing 1"); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("find: %v", err)
	}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(10)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
		t.Errorf("a new build: %v", err)
	}
}
