package snapshot_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"

	"kg/graph/snapshot"
)

// cayleyData returns a file of the Cayley module.
func cayleyData(t testing.TB, name string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		t.Fatalf("where is the Cayley module? %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "data", name)
}

// inCayleysTree moves the test to a folder from which Cayley's suites find their data.
func inCayleysTree(t testing.TB) {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"data", "graph/store"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"30kmoviedata.nq.gz", "testdata.nq"} {
		data, err := os.ReadFile(cayleyData(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "data", name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(root, "graph/store"))
}

// database opens a new store for Cayley's suites, and verifies its file when the suite is done with it.
func database(o snapshot.Options) func(t testing.TB) (cayley.QuadStore, cayley.Options, func()) {
	return func(tb testing.TB) (cayley.QuadStore, cayley.Options, func()) {
		tb.Helper()
		path := filepath.Join(tb.TempDir(), "graph.snapshot")
		if err := snapshot.Create(path); err != nil {
			tb.Fatal(err)
		}
		s, err := snapshot.Open(path, o)
		if err != nil {
			tb.Fatal(err)
		}
		return s, nil, func() {
			if err := s.Err(); err != nil {
				tb.Error(err)
			}
			if err := s.Close(); err != nil {
				tb.Error(err)
			}
			if err := snapshot.Verify(tb.Context(), path); err != nil {
				tb.Error(err)
			}
		}
	}
}

func TestCayleysOwnSuite(t *testing.T) {
	for _, tc := range []struct {
		name    string
		options snapshot.Options
	}{
		{"with Cayley's iterators alone", snapshot.Options{Generic: true}},
		{"with questions run over the orders", snapshot.Options{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inCayleysTree(t)
			graphtest.TestAll(t, database(tc.options), &graphtest.Config{
				AlwaysRunIntegration: !testing.Short(),
				OptimizesComparison:  !tc.options.Generic,
			})
		})
	}
}
