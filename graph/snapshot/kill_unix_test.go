//go:build linux || darwin

package snapshot_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// What TestChild does when this process is a child of the tests below.
const (
	childFile = "KG_TEST_SNAPSHOT_FILE"
	childWork = "KG_TEST_SNAPSHOT_WORK" // "build", "edit" or "limit"

	// proof asks for as many kills as a proof takes, not as few as a check has time for.
	proof = "KG_TEST_PROOF"

	// newRound is what a child prints when it begins with a build or an edit.
	newRound = "a new round"
)

func child(t *testing.T, path, work string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childFile+"="+path, childWork+"="+work)
	return cmd
}

// generation makes a graph whose quads all name it; the count says whether it is whole.
func generation(n int) []quad.Quad {
	size := 400 + n%7*150
	qs := make([]quad.Quad, 0, size+1)
	name := fmt.Sprint("kg:generation/", n)
	for i := range size {
		qs = append(qs, quad.MakeIRI(fmt.Sprint("kg:s", i%50), "kg:p", fmt.Sprint("kg:o", i), name))
	}
	return append(qs, quad.Quad{Subject: quad.IRI(name), Predicate: quad.IRI("kg:size"), Object: quad.Int(size), Label: quad.IRI(name)})
}

// TestChild is no test: it is the other process of the tests below. It works until it is killed.
func TestChild(t *testing.T) {
	path := os.Getenv(childFile)
	if path == "" {
		t.Skip("only as a child of the other tests")
	}
	switch os.Getenv(childWork) {
	case "build":
		for n := 0; ; n++ {
			fmt.Println(newRound)
			build(t, path, generation(n), snapshot.BuildOptions{Workers: 2})
		}
	case "edit":
		s, err := snapshot.Open(path, snapshot.Options{})
		if err != nil {
			t.Fatal(err)
		}
		was := whole(t, path)
		for n := was + 1; ; n++ {
			fmt.Println(newRound)
			var deltas []cayley.Delta
			for _, q := range generation(n - 1) {
				deltas = append(deltas, cayley.Delta{Quad: q, Action: cayley.Delete})
			}
			for _, q := range generation(n) {
				deltas = append(deltas, cayley.Delta{Quad: q, Action: cayley.Add})
			}
			if err := s.ApplyDeltas(deltas, cayley.IgnoreOpts{}); err != nil {
				t.Fatal(err)
			}
		}
	case "limit":
		signal.Ignore(syscall.SIGXFSZ) // writes fail instead
		const limit = 64 << 10
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			t.Fatal(err)
		}
		for _, memory := range []int64{0, 1} { // the file does not fit, and the spill does not
			b := snapshot.NewBuilder(path, snapshot.BuildOptions{Memory: memory})
			shard := b.Shard()
			var err error
			for i := range 60_000 {
				if err = shard.AddQuad(quad.MakeIRI(fmt.Sprint("kg:s", i), "kg:p", fmt.Sprint("kg:o", i), "")); err != nil {
					break
				}
			}
			_, committing := b.Commit(t.Context(), nil)
			fmt.Printf("adding: %v\ncommitting: %v\n", err, committing)
		}
		s, err := snapshot.Open(path, snapshot.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var deltas []cayley.Delta
		for i := range 60_000 {
			deltas = append(deltas, cayley.Delta{Action: cayley.Add, Quad: quad.MakeIRI(fmt.Sprint("kg:s", i), "kg:p", fmt.Sprint("kg:o", i), "")})
		}
		fmt.Printf("editing: %v\n", s.ApplyDeltas(deltas, cayley.IgnoreOpts{}))
	}
}

// whole verifies a file, and returns which generation it holds: all of it and nothing else.
func whole(t *testing.T, path string) int {
	t.Helper()
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s := opened(t, path, snapshot.Options{})
	it := s.QuadIterator(quad.Predicate, s.ValueOf(quad.IRI("kg:size")))
	if !it.Next(t.Context()) {
		t.Fatal("a file without a generation")
	}
	var n int
	if _, err := fmt.Sscanf(string(s.Quad(it.Result()).Subject.(quad.IRI)), "kg:generation/%d", &n); err != nil {
		t.Fatal(err)
	}
	sameQuads(t, s, distinct(generation(n)))
	return n
}

// TestKilledAtAnyMoment kills builds and edits, and finds the graph from before or the one from after.
func TestKilledAtAnyMoment(t *testing.T) {
	kills := 15
	if os.Getenv(proof) != "" {
		kills = 250
	}
	if testing.Short() {
		kills = 3
	}
	random := dice(uint64(time.Now().UnixNano()))
	for _, work := range []string{"build", "edit"} {
		t.Run(work, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "graph.snapshot")
			build(t, path, generation(0), snapshot.BuildOptions{})
			seen := map[int]bool{}
			round := time.Millisecond // how long one takes, as it was measured last
			for i := range kills {
				// What is killed is the first round of a child, the second or the third, at any moment of it.
				last := killInRound(t, child(t, path, work), i%3, func() time.Duration {
					return time.Duration(random.Int64N(int64(round)))
				})
				round = max(round/2, last)
				seen[whole(t, path)] = true
			}
			if len(seen) < 2 {
				t.Error("no child did anything: the test tests nothing")
			}
			for _, left := range leftovers(t, path) { // as if time had passed
				if err := os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Second)); err != nil {
					t.Fatal(err)
				}
			}
			build(t, path, generation(1), snapshot.BuildOptions{})
			alone(t, path)
		})
	}
}

// killInRound starts a child, lets it do so many rounds, waits, and kills it. It returns how long the
// last of these rounds took, 0 if there was none.
func killInRound(t *testing.T, cmd *exec.Cmd, rounds int, wait func() time.Duration) (took time.Duration) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	var began time.Time
	for begun := 0; begun <= rounds; {
		if !said.Scan() {
			t.Fatalf("a child ended by itself: %v", cmd.Wait())
		}
		if said.Text() != newRound {
			continue
		}
		if begun++; begun > 1 {
			took = time.Since(began)
		}
		began = time.Now()
	}
	time.Sleep(wait())
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	return took
}

func leftovers(t *testing.T, path string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWithoutRoomTheOldFileStays(t *testing.T) {
	path := made(t, generation(0))
	out, err := child(t, path, "limit").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, line := range []string{"committing: new snapshot: ", "adding: spill: ", "committing: spill: ", "editing: new snapshot: "} {
		if !strings.Contains(string(out), line) {
			t.Errorf("%q is not in:\n%s", line, out)
		}
	}
	if strings.Count(string(out), "file too large") < 4 {
		t.Errorf("the reason is not told:\n%s", out)
	}
	if n := whole(t, path); n != 0 {
		t.Errorf("the file holds generation %d", n)
	}
	alone(t, path)
}
