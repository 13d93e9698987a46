package exporters_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
	"kg/loaders"
)

// missing ends a test of what another program finds in our files, where that program is not here.
func missing(t *testing.T, what, how string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is needed here; %s", what, how)
	}
	t.Skipf("SKIPPED: %s is not here; %s", what, how)
}

// cached is the path of something that the Makefile keeps in .cache.
func cached(t *testing.T, target string, path ...string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	found := filepath.Join(append([]string{root, ".cache"}, path...)...)
	if _, err := os.Stat(found); err != nil {
		missing(t, filepath.Join(append([]string{".cache"}, path...)...), "make "+target+" brings it")
	}
	return found
}

// run runs a program and returns what it prints. What it says besides is a failure when it fails, and is
// returned when it does not.
func run(t *testing.T, program string, args ...string) (out, says []byte) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), program, args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s%s", program, args, err, stderr.String(), stdout.String())
	}
	return stdout.Bytes(), stderr.Bytes()
}

// ask has a Python program look at a file, and reads its answer. versions is told in the log.
func ask(t *testing.T, question, file string, answer any) {
	t.Helper()
	python := filepath.Join(filepath.Dir(cached(t, "tools", "python", "packages")), "bin", "python")
	out, _ := run(t, python, filepath.Join("testdata", "consumers.py"), question, file)
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("%s: %v\n%s", question, err, out[:min(len(out), 2000)])
	}
}

// tellVersion logs which version of a Python package looks at our files.
func tellVersion(t *testing.T, packages ...string) {
	t.Helper()
	versions := map[string]string{}
	ask(t, "versions", "", &versions)
	for _, p := range packages {
		t.Logf("%s %s", p, versions[p])
	}
}

// proving says that the long form of the tests is asked for.
func proving() bool { return os.Getenv("KG_TEST_PROOF") != "" }

// A world is a graph that other programs are shown.
type world struct {
	name  string
	quads []quad.Quad
}

// worlds are the small graph, and in the long form all facts of the project.
func worlds(t *testing.T) []world {
	t.Helper()
	all := []world{{"the small graph", trickyWorld()}}
	if proving() {
		all = append(all, world{"the facts of the project", projectFacts(t)})
	}
	return all
}

// projectFacts reads data/facts.nq.
func projectFacts(t *testing.T) []quad.Quad {
	t.Helper()
	var quads []quad.Quad
	err := loaders.Load(context.Background(), filepath.Join("..", "data", "facts.nq"), loaders.Options{Namespaces: graph.DefaultNamespaces()}, collect(func(q quad.Quad) { quads = append(quads, q) }))
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

// collect is a sink that hands quads over.
type collect func(quad.Quad)

// Add hands a quad over.
func (c collect) Add(q quad.Quad, _ graph.Position) error {
	c(q)
	return nil
}

// file writes a world in a format, and returns the file.
func (w world) file(t *testing.T, format string) string {
	t.Helper()
	f, err := exporters.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "export"+f.Extensions[0])
	var out bytes.Buffer
	var lost []string
	d := trickyDocument(t, &lost)
	d.Quads = sequence(nil, w.quads...)
	if err := f.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read decodes a JSON export.
func (w world) read(t *testing.T, format string, into any) {
	t.Helper()
	text, err := os.ReadFile(w.file(t, format))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func writeFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
