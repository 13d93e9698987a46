package graph_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/syndtr/goleveldb/leveldb"
	"go.etcd.io/bbolt"

	"kg/graph"
	"kg/graph/storetest"
)

// someFacts are enough quads for files of several pages.
func someFacts(n int) []quad.Quad {
	qs := make([]quad.Quad, n)
	for i := range qs {
		qs[i] = quad.Quad{Subject: quad.IRI(fmt.Sprintf("http://example.com/%d", i)), Predicate: graph.Name, Object: quad.String(fmt.Sprint("thing ", i))}
	}
	return qs
}

func buildAt(t *testing.T, scheme string, n int) graph.Address {
	t.Helper()
	a := graph.Address{Scheme: scheme, Path: filepath.Join(t.TempDir(), "graph")}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(n)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
		t.Fatal(err)
	}
	return a
}

func openAt(t *testing.T, a graph.Address) (*graph.Store, error) {
	t.Helper()
	return graph.Open(t.Context(), a, graph.OpenOptions{Schema: storetest.Schema(t)})
}

func TestDamagedStores(t *testing.T) {
	cut := func(keep float64) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			t.Helper()
			info, err := os.Stat(path)
			if err == nil {
				err = os.Truncate(path, int64(float64(info.Size())*keep))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	flip := func(t *testing.T, path string) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[len(text)-10] ^= 1
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(pattern string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			t.Helper()
			files, err := filepath.Glob(filepath.Join(path, pattern))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, f := range files {
				if err := os.RemoveAll(f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, tc := range []struct {
		name, scheme string
		damage       func(t *testing.T, path string)
		want         string
	}{
		{"a file that was cut short", "memory", cut(0.9), "found a file that is cut short or changed"},
		{"a file that was cut within its first line", "memory", cut(0.0005), "which kg did not make"},
		{"a file of which a bit changed", "memory", flip, "found a file that is cut short or changed"},
		{"an empty file", "memory", cut(0), "found an empty file"},
		{"a Bolt file that was cut short", "bolt", cut(0.5), "found a Bolt file that is cut short"},
		{"a Bolt file of which little is left", "bolt", cut(0.001), "which kg did not make"},
		{"an empty Bolt file", "bolt", cut(0), "found an empty file"},
		{"a LevelDB folder without tables", "leveldb", remove("gen-*/*.ldb"), "found a damaged LevelDB database"},
		{"a LevelDB folder without its manifest", "leveldb", remove("gen-*/manifest.json"), "found a generation without manifest.json"},
		{"a LevelDB folder without its generation", "leveldb", remove("gen-*"), "found a generation without manifest.json"},
		{"a LevelDB folder with another pointer", "leveldb", func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(path, "current"), []byte("../../etc\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "found a pointer to no generation"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := buildAt(t, tc.scheme, 500)
			tc.damage(t, a.Path)
			s, err := openAt(t, a)
			if !errors.Is(err, graph.ErrStoreVersion) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "kg build --store ") {
				t.Errorf("Open = %v, %v; want %s", s, err, tc.want)
			}
		})
	}
}

// A folder in which a first build was killed holds no store yet, and can be built in.
func TestLevelFolderWithoutPointer(t *testing.T) {
	a := buildAt(t, "leveldb", 10)
	if err := os.Remove(filepath.Join(a.Path, "current")); err != nil {
		t.Fatal(err)
	}
	if _, err := openAt(t, a); !errors.Is(err, graph.ErrNoStore) {
		t.Errorf("got %v", err)
	}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(10)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
		t.Fatal(err)
	}
	if generations, err := filepath.Glob(filepath.Join(a.Path, "gen-*")); err != nil || len(generations) != 1 {
		t.Errorf("generations %q, %v", generations, err)
	}
}

// A generation stays while a reader has it open, and goes with the next build after that.
func TestLevelGenerationsAreRemoved(t *testing.T) {
	a := buildAt(t, "leveldb", 10)
	reader, err := openAt(t, a)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 2, 1} {
		if i == 2 {
			if err := reader.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(10+i)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
			t.Fatal(err)
		}
		if generations, err := filepath.Glob(filepath.Join(a.Path, "gen-*")); err != nil || len(generations) != want {
			t.Errorf("build %d: generations %q, %v", i, generations, err)
		}
	}
}

func TestLockedStores(t *testing.T) {
	t.Run("bolt", func(t *testing.T) {
		a := buildAt(t, "bolt", 10)
		db, err := bbolt.Open(a.Path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = openAt(t, a)
		if !errors.Is(err, graph.ErrStoreLocked) || !strings.Contains(err.Error(), "found its lock held for 2s") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("leveldb", func(t *testing.T) {
		a := buildAt(t, "leveldb", 10)
		generations, err := filepath.Glob(filepath.Join(a.Path, "gen-*"))
		if err != nil || len(generations) != 1 {
			t.Fatal(generations, err)
		}
		db, err := leveldb.OpenFile(generations[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = openAt(t, a)
		if !errors.Is(err, graph.ErrStoreLocked) || !strings.Contains(err.Error(), "found its lock held") {
			t.Errorf("got %v", err)
		}
	})
}

// Cayley takes a store that fails for an empty one; a reader is told.
func TestOutageIsNoAnswer(t *testing.T) {
	for _, scheme := range []string{"leveldb", "bolt"} {
		t.Run(scheme, func(t *testing.T) {
			s, err := openAt(t, buildAt(t, scheme, 10))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s.Has(graph.Name) {
				t.Error("a closed store has a node")
			}
			if err := s.Err(); err == nil || !strings.Contains(err.Error(), "the store failed: ") {
				t.Errorf("Err = %v", err)
			}
			ctx := t.Context()
			for name, ask := range map[string]func() error{
				"match all":  func() error { return firstError(ctx, s, graph.Pattern{}) },
				"match some": func() error { return firstError(ctx, s, graph.Pattern{Predicate: graph.Name}) },
				"find":       func() error { _, err := s.Find(ctx, "thing 1"); return err },
				"search":     func() error { _, err := s.Search(ctx, "thing 1", 0); return err },
				"names":      func() error { _, err := s.Names(ctx, "kg:agency/a"); return err },
				"claims":     func() error { _, err := s.Claims(ctx, "kg:agency/a", "", nil); return err },
				"claim":      func() error { _, err := s.Claim(ctx, "kg:claim/a"); return err },
				"derivation": func() error { _, err := s.Derivation(ctx, "kg:derivation/a"); return err },
				"stats":      func() error { _, err := s.Stats(ctx); return err },
			} {
				var missing *graph.NotFoundError
				if err := ask(); err == nil || errors.As(err, &missing) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func firstError(ctx context.Context, s *graph.Store, p graph.Pattern) error {
	for _, err := range s.Match(ctx, p) {
		if err != nil {
			return err
		}
	}
	return nil
}

// FuzzMemoryFile opens files whose tables are anything at all.
func FuzzMemoryFile(f *testing.F) {
	for _, seed := range []string{"", "\x00\x00", "\x01\x00\x00", "\x02\x03\x1a\x01a\x03\x1a\x01b\x01\x01\x02\x01\x00", "\xff\xff\xff\xff\x0f", "\x00\xff\xff\xff\xff\xff\x0f"} {
		f.Add([]byte(seed))
	}
	schema := storetest.Schema(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(t.TempDir(), "graph")
		head := fmt.Sprintf(`{"program":"kg","version":%d,"quadGeneration":%q,"checksum":%d}`+"\n",
			graph.StoreVersion, graph.QuadGeneration, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		if err := os.WriteFile(path, append([]byte(head), body...), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := graph.Open(t.Context(), graph.Address{Scheme: "memory", Path: path}, graph.OpenOptions{Schema: schema})
		if err != nil {
			if !errors.Is(err, graph.ErrStoreVersion) {
				t.Errorf("got %v", err)
			}
			return
		}
		for q, err := range s.Match(t.Context(), graph.Pattern{}) {
			if err != nil || !q.IsValid() {
				t.Errorf("read %v, %v", q, err)
			}
		}
	})
}
