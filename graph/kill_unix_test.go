//go:build unix

package graph_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/graph/storetest"
)

// What TestBuildChild does when this process is a child of the tests below.
const (
	childStore = "KG_TEST_BUILD_STORE" // the address to build at
	childLimit = "KG_TEST_BUILD_LIMIT" // "yes": files may grow to limitBytes only; else build for ever
	limitBytes = 256 << 10
)

// child starts this test program again, to build at the address.
func child(t *testing.T, a graph.Address, limit string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBuildChild$")
	cmd.Env = append(os.Environ(), childStore+"="+a.String(), childLimit+"="+limit)
	return cmd
}

// TestBuildChild is no test: it is the other process of the tests below.
func TestBuildChild(t *testing.T) {
	text := os.Getenv(childStore)
	if text == "" {
		t.Skip("only as a child of the other tests")
	}
	a, err := graph.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	o := graph.BuildOptions{Schema: storetest.Schema(t), Hold: 1} // snapshots are streamed
	if os.Getenv(childLimit) != "" {
		signal.Ignore(syscall.SIGXFSZ) // writes fail instead
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limitBytes, Max: limitBytes}); err != nil {
			t.Fatal(err)
		}
		_, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(30_000)), o)
		fmt.Printf("not writable: %v\n%v\n", errors.Is(err, graph.ErrNotWritable), err)
		return
	}
	for n := 2_000; ; n = 5_000 - n { // 2,000 and 3,000 facts by turns
		if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(n)), o); err != nil {
			t.Fatal(err)
		}
	}
}

// A build that is killed at any moment leaves the graph before it or, once it is done, its own.
func TestKilledBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, scheme := range []string{"snapshot", "memory", "leveldb", "bolt"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			a := buildAt(t, scheme, 2_000)
			kills := 5
			if scheme == "snapshot" && os.Getenv("KG_TEST_PROOF") != "" {
				kills = 500
			}
			for range kills {
				cmd := child(t, a, "")
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(100*time.Millisecond + time.Duration(rand.IntN(300))*time.Millisecond)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				_ = cmd.Wait() // it was killed
				if n := names(t, a); n != 2_000 && n != 3_000 {
					t.Fatalf("after a killed build the store holds %d facts", n)
				}
				if scheme == "snapshot" {
					if err := snapshot.Verify(t.Context(), a.Path); err != nil {
						t.Fatal(err)
					}
				}
			}
			leftovers := unfinished(t, a)
			for _, path := range leftovers { // as if an hour had passed
				if err := os.Chtimes(path, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(10)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
				t.Fatal(err)
			}
			if n := names(t, a); n != 10 {
				t.Errorf("a build after killed ones holds %d facts", n)
			}
			if left := unfinished(t, a); len(left) > 0 {
				t.Errorf("left behind: %q (before the build: %q)", left, leftovers)
			}
		})
	}
}

// names opens a store and counts its names.
func names(t *testing.T, a graph.Address) int {
	t.Helper()
	s, err := openAt(t, a)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for _, err := range s.Match(t.Context(), graph.Pattern{Predicate: graph.Name}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// unfinished lists what builds leave that were killed.
func unfinished(t *testing.T, a graph.Address) []string {
	t.Helper()
	var paths []string
	generations := 0
	err := filepath.WalkDir(filepath.Dir(a.Path), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.Contains(d.Name(), ".kg-build-"):
			paths = append(paths, path)
		case strings.HasPrefix(d.Name(), "gen-"):
			generations++
			if generations > 1 {
				paths = append(paths, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// A build that runs out of room says so and leaves the old store.
func TestNoRoom(t *testing.T) {
	for _, scheme := range []string{"snapshot", "memory", "leveldb", "bolt"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			a := buildAt(t, scheme, 10)
			out, err := child(t, a, "yes").CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, part := range []string{"not writable: true", "want room for the store", "file too large", "choose another place with --store"} {
				if !strings.Contains(string(out), part) {
					t.Errorf("%q is not in:\n%s", part, out)
				}
			}
			if n := names(t, a); n != 10 {
				t.Errorf("the old store holds %d facts", n)
			}
			if left := unfinished(t, a); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// Folders that nobody may write to, root included, are in /sys.
func TestReadOnlyFolder(t *testing.T) {
	const folder = "/sys/kg-test"
	if err := os.Mkdir(folder, 0o700); err == nil || !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		t.Skipf("%s is not what this test needs: %v", folder, err)
	}
	for _, scheme := range []string{"snapshot", "memory", "leveldb", "bolt"} {
		a := graph.Address{Scheme: scheme, Path: folder + "/graph"}
		o := graph.BuildOptions{Schema: storetest.Schema(t), Hold: 1}
		_, err := graph.Build(t.Context(), a, storetest.Feed(someFacts(10)), o)
		if !errors.Is(err, graph.ErrNotWritable) || !strings.Contains(err.Error(), "want a place that may be written, found "+folder) {
			t.Errorf("Build: %v", err)
		}
		notices := 0
		o.Notice = func(string) { notices++ }
		s, err := graph.OpenFresh(t.Context(), a, storetest.Feed(someFacts(10)), o)
		if err != nil || notices != 1 || !s.Address().InMemory() {
			t.Errorf("OpenFresh = %v, %v, with %d notices", s, err, notices)
		}
	}
}
