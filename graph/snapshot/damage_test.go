package snapshot_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// readAll touches all that a file offers. Errors are fine; panics and faults are not.
func readAll(t testing.TB, s *snapshot.Store) error {
	t.Helper()
	ctx := context.Background()
	errs := []error{}
	_, err := s.Manifest()
	errs = append(errs, err)
	nodes := s.NodesAllIterator()
	for n := 0; n < 500 && nodes.Next(ctx); n++ {
		ref := nodes.Result()
		_ = s.ValueOf(s.NameOf(ref))
		for _, d := range quad.Directions {
			it := s.QuadIterator(d, ref)
			for n := 0; n < 500 && it.Next(ctx); n++ {
				_ = s.Quad(it.Result())
			}
			errs = append(errs, it.Err())
		}
	}
	quads := s.QuadsAllIterator()
	for n := 0; n < 500 && quads.Next(ctx); n++ {
		_ = s.Quad(quads.Result())
	}
	for _, v := range values() {
		_ = s.ValueOf(v)
	}
	return errors.Join(append(errs, nodes.Err(), quads.Err(), s.Err())...)
}

// put writes a file in place of what was there, as a new file: what is mapped stays.
func put(t testing.TB, path string, data []byte) {
	t.Helper()
	_ = os.Remove(path)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// small makes a file that has all that a file can have, in few bytes.
func small(t testing.TB) []byte {
	t.Helper()
	return read(t, made(t, someQuads(dice(2), 40)[:30]))
}

func TestEveryByteThatChangesIsNoticed(t *testing.T) {
	data := small(t)
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	step := 1
	if testing.Short() {
		step = 7
	}
	for i := 0; i < len(data); i += step {
		for _, flip := range []byte{0xff, 1 << (i % 8)} {
			data[i] ^= flip
			put(t, path, data)
			if err := snapshot.Verify(t.Context(), path); err == nil {
				t.Errorf("byte %d of %d, changed by %x: it verifies", i, len(data), flip)
			}
			if s, err := snapshot.Open(path, snapshot.Options{}); err == nil {
				_ = readAll(t, s)
				_ = s.Close()
			}
			data[i] ^= flip
		}
	}
	put(t, path, data)
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
}

func TestEveryFileThatIsCutShortIsRefused(t *testing.T) {
	data := small(t)
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	for n := range len(data) {
		put(t, path, data[:n])
		_, err := snapshot.Open(path, snapshot.Options{})
		if want := snapshot.ErrDamaged; n < 16 && !errors.Is(err, snapshot.ErrForeign) || n >= 16 && !errors.Is(err, want) {
			t.Errorf("cut to %d bytes of %d: %v", n, len(data), err)
		}
	}
	put(t, path, append(data, 0))
	if _, err := snapshot.Open(path, snapshot.Options{}); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("with a byte more: %v", err)
	}
}

func TestAFileThatIsCutShortWhileItIsReadEndsTheReading(t *testing.T) {
	path := made(t, someQuads(dice(8), 30_000))
	s, err := snapshot.Open(path, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	it := s.QuadsAllIterator()
	if !it.Next(t.Context()) {
		t.Fatal("no quads")
	}
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	n := 0
	for it.Next(t.Context()) {
		n++
	}
	if err := it.Err(); !errors.Is(err, snapshot.ErrDamaged) || n > 10_000 {
		t.Errorf("%d quads, then %v", n, err)
	}
	if err := readAll(t, s); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("everything else: %v", err)
	}
}

func TestOtherFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	data := small(t)
	newer := append([]byte{}, data...)
	newer[8]++
	for _, tc := range []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, snapshot.ErrForeign},
		{"letter", []byte("Dear reader,\nthis is no graph, and it is longer than a header.\n"), snapshot.ErrForeign},
		{"newer", newer, snapshot.ErrVersion},
	} {
		path := filepath.Join(dir, tc.name)
		put(t, path, tc.data)
		if _, err := snapshot.Open(path, snapshot.Options{}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err := snapshot.Verify(t.Context(), path); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if _, err := snapshot.Open(dir, snapshot.Options{}); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := snapshot.Open(filepath.Join(dir, "none"), snapshot.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing was opened: %v", err)
	}
}

func TestANewFileReplacesNothing(t *testing.T) {
	for name, data := range map[string][]byte{"a letter": []byte("Dear reader,\n"), "a snapshot": small(t)} {
		path := filepath.Join(t.TempDir(), "graph.snapshot")
		put(t, path, data)
		if err := snapshot.Create(path); err == nil {
			t.Errorf("%s was replaced", name)
		}
		if string(read(t, path)) != string(data) {
			t.Errorf("%s is another file now", name)
		}
	}
}
