package docs_test

import (
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The top level is a promise: a newcomer reads it and knows where things live.
func topLevel() []string {
	return []string{
		"go.mod", "go.sum", "cmd", "graph", "loaders", "queries", "data", "README.md",
		"exporters", "server", "docs",
		"ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
	}
}

func TestTopLevelHoldsWhatIsPromised(t *testing.T) {
	for _, name := range topLevel() {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("want %s at the top level: %v", name, err)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	ignored := ignored(t)
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !ignored(name) && !slices.Contains(topLevel(), name) {
			t.Errorf("%s is new at the top level: does it belong in a folder that is there? If not, list it here and in ARCHITECTURE.md", name)
		}
	}
}

// An arrow lets the packages of one folder import those of others.
type arrow struct {
	from    string
	to      []string
	because string
}

// arrows are all there are: an import that none of them allows is an error. Do not add one to make a
// build pass; it takes a decision in docs/adr.
func arrows() []arrow {
	return []arrow{
		{"cmd/kg", []string{"data", "exporters", "graph", "loaders", "queries", "server"}, "the command is where all others meet"},
		{"exporters", []string{"graph"}, "exporters are handed quads and speak the vocabulary; they know no store, loader or question"},
		{"loaders", []string{"graph"}, "loaders see graph's sink and vocabulary; they know no store, question or export"},
		{"queries", []string{"graph"}, "questions run on a store; they know no file format"},
		{"server", []string{"exporters", "graph", "queries"}, "the server answers from a store that it is handed; it loads nothing"},
		{"graph", nil, "graph is the vocabulary that all others speak, so it knows none of them"},
		{"data", nil, "data are bytes; what they mean is for the others to say"},
		{"docs", nil, "documents have tests only"},
	}
}

// A library may be imported in some folders only.
type library struct {
	path    string // of the package, or of all below it
	in      []string
	because string
}

func libraries() []library {
	return []library{
		{"github.com/cayleygraph/cayley/graph/all", nil, "stores are an explicit list"},
		{"github.com/cayleygraph/cayley/graph/kv", []string{"graph"}, "only graph opens stores"},
		{"github.com/cayleygraph/cayley/graph/memstore", []string{"graph"}, "only graph opens stores"},
		{"github.com/cayleygraph/cayley/writer", []string{"graph"}, "only graph writes to stores"},
		{"github.com/cayleygraph/cayley/query", []string{"queries"}, "query languages are the business of queries"},
		{"github.com/cayleygraph/cayley", []string{"graph", "queries"}, "others see graph, not what is behind it"},
		{"github.com/hidal-go/hidalgo", []string{"graph"}, "only graph opens stores"},
		{"github.com/syndtr/goleveldb", []string{"graph"}, "only graph opens stores"},
		{"go.etcd.io/bbolt", []string{"graph"}, "only graph opens stores"},
		{"github.com/dop251/goja", []string{"queries"}, "query languages are the business of queries"},
		{"github.com/jedib0t/go-pretty", []string{"cmd/kg"}, "how a table is printed is the business of the command"},
		{"github.com/spf13", []string{"cmd/kg"}, "only the command knows of command lines"},
		{"golang.org/x/term", []string{"cmd/kg"}, "only the command knows of terminals"},
		{"github.com/boltdb/bolt", nil, "archived, and dies under the race detector: docs/adr/0006"},
		{"net/http", []string{"server"}, "only the server speaks HTTP"},
	}
}

func TestImportsFollowTheArrows(t *testing.T) {
	seen := 0
	for _, file := range files(t) {
		// Tests may bring what they compare with.
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") {
			continue
		}
		seen++
		syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, filepath.FromSlash(file)), nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, spec := range syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := forbidden(path.Dir(file), imported); why != "" {
				t.Errorf("%s imports %s, but %s", file, imported, why)
			}
		}
	}
	if seen == 0 {
		t.Fatal("found no Go files")
	}
}

func TestForbiddenImportsAreTold(t *testing.T) {
	for _, test := range []struct {
		name, folder, imported string
		allowed                bool
	}{
		{"a command may use a loader", "cmd/kg/internal/cli", "kg/loaders", true},
		{"a loader may use the vocabulary", "loaders", "kg/graph", true},
		{"a package may use one below it", "queries", "kg/queries/gizmo", true},
		{"a package may use one above it", "queries/gizmo", "kg/queries", true},
		{"the standard library is free", "graph", "strings", true},
		{"quads are the common language", "loaders", "github.com/cayleygraph/quad", true},
		{"only graph opens Cayley's stores", "graph", "github.com/cayleygraph/cayley/graph/memstore", true},
		{"a question may walk a path", "queries/gizmo", "github.com/cayleygraph/cayley/graph/path", true},

		{"the server may ask a saved question", "server", "kg/queries", true},
		{"the server may write a file", "server/worker", "kg/exporters", true},
		{"only the server speaks HTTP", "server", "net/http", true},

		{"a loader may not ask questions", "loaders", "kg/queries", false},
		{"an exporter may not load", "exporters", "kg/loaders", false},
		{"a question may not load", "queries/gizmo", "kg/loaders", false},
		{"the vocabulary may not know a format", "graph", "kg/loaders", false},
		{"nobody may import a command", "loaders", "kg/cmd/kg/internal/cli", false},
		{"a question may not open a store", "queries", "github.com/cayleygraph/cayley/graph/memstore", false},
		{"the server may not load", "server", "kg/loaders", false},
		{"a question may not serve itself", "queries", "kg/server", false},
		{"an exporter may not fetch", "exporters", "net/http", false},
		{"a command may not see Cayley", "cmd/kg/internal/cli", "github.com/cayleygraph/cayley/graph", false},
		{"a loader may not print to a terminal", "loaders", "golang.org/x/term", false},
		{"a folder that no arrow names", "tools", "kg/graph", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if why := forbidden(test.folder, test.imported); (why == "") != test.allowed {
				t.Errorf("forbidden(%q, %q) = %q, want allowed: %t", test.folder, test.imported, why, test.allowed)
			}
		})
	}
}

// forbidden says why a package in folder may not import a path; "" when it may.
func forbidden(folder, imported string) string {
	if within, ours := strings.CutPrefix(imported, "kg/"); ours {
		for _, a := range arrows() {
			if !under(folder, a.from) {
				continue
			}
			for _, to := range append([]string{a.from}, a.to...) {
				if under(within, to) {
					return ""
				}
			}
			return a.because
		}
		return "no arrow starts in " + folder
	}
	for _, l := range libraries() {
		if !under(imported, l.path) {
			continue
		}
		if slices.ContainsFunc(l.in, func(f string) bool { return under(folder, f) }) {
			return ""
		}
		return l.because
	}
	return ""
}

// under says whether a slash-separated path is the folder or below it.
func under(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}
