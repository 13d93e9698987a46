package loaders_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
)

// A foreign is a reader that is not ours: a program that reads a document on its standard input and
// prints it as N-Quads.
type foreign struct {
	command func(t *testing.T, format string) *exec.Cmd // nil: it does not read the format
	change  func(q quad.Quad, format string) quad.Quad  // takes out what it is known to read otherwise
}

// rapper is Debian's raptor2-utils.
func rapper() foreign {
	return foreign{
		command: func(t *testing.T, format string) *exec.Cmd {
			t.Helper()
			switch format {
			case "nquads", "ntriples", "turtle", "trig":
			default:
				return nil
			}
			program, err := exec.LookPath("rapper")
			if err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatal("rapper is needed here; Debian's package is raptor2-utils")
				}
				t.Skip("SKIPPED: rapper is not here; Debian's package is raptor2-utils")
			}
			return exec.CommandContext(t.Context(), program, "-q", "-i", format, "-o", "nquads", "-I", "http://base.example/", "-")
		},
		change: func(q quad.Quad, format string) quad.Quad {
			if _, blank := q.Label.(quad.BNode); blank && format == "trig" {
				q.Label = quad.IRI("urn:g") // it takes no blank node as the name of a graph in TriG
			}
			// It refuses U+FFFF, and ends a text at NUL.
			without := func(s quad.String) quad.String {
				return quad.String(strings.NewReplacer("\uffff", "", "\x00", "").Replace(string(s)))
			}
			switch v := lowerLanguage(q.Object).(type) {
			case quad.String:
				q.Object = without(v)
			case quad.LangString:
				q.Object = quad.LangString{Value: without(v.Value), Lang: v.Lang}
			case quad.TypedString:
				q.Object = quad.TypedString{Value: without(v.Value), Type: v.Type}
			}
			return q
		},
	}
}

// oxigraph is Python's pyoxigraph, which "make tools" puts into .cache.
func oxigraph() foreign {
	const script = `
import sys, pyoxigraph as o
kind = getattr(o.RdfFormat, sys.argv[1])
sys.stdout.buffer.write(o.serialize(o.parse(sys.stdin.buffer.read(), format=kind), format=o.RdfFormat.N_QUADS))`
	return foreign{
		command: func(t *testing.T, format string) *exec.Cmd {
			t.Helper()
			name := map[string]string{
				"nquads": "N_QUADS", "ntriples": "N_TRIPLES", "turtle": "TURTLE", "trig": "TRIG", "jsonld": "JSON_LD",
			}[format]
			if name == "" {
				return nil
			}
			python := filepath.Join(projectRoot(t), ".cache", "python", "bin", "python")
			if err := exec.CommandContext(t.Context(), python, "-c", "import pyoxigraph").Run(); err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatal("pyoxigraph is needed here; make tools brings it")
				}
				t.Skip("SKIPPED: pyoxigraph is not here; make tools brings it")
			}
			return exec.CommandContext(t.Context(), python, "-c", script, name)
		},
		change: func(q quad.Quad, _ string) quad.Quad {
			q.Object = lowerLanguage(q.Object)
			return q
		},
	}
}

// lowerLanguage writes a language as those readers do that lower it.
func lowerLanguage(v quad.Value) quad.Value {
	if s, ok := v.(quad.LangString); ok {
		return quad.LangString{Value: s.Value, Lang: strings.ToLower(s.Lang)}
	}
	return v
}

// Readers that are not ours find in our documents what we meant, and nothing to complain about.
func TestOtherProgramsReadWhatWeWrite(t *testing.T) {
	t.Run("rapper", func(t *testing.T) { testForeign(t, rapper()) })
	t.Run("pyoxigraph", func(t *testing.T) { testForeign(t, oxigraph()) })
}

func testForeign(t *testing.T, other foreign) {
	t.Helper()
	for _, f := range exporters.Formats() {
		if f.View {
			continue // cannot be read back
		}
		reads := f.Name
		if reads == "nquads-stream" {
			reads = "nquads"
		}
		if other.command(t, reads) == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 4))
			for range 10 {
				quads := randomQuads(r, 60)
				for i, q := range quads {
					quads[i] = other.change(q, reads)
				}
				text, err := twoWay{Format: f}.write(quads)
				if err != nil {
					t.Fatal(err)
				}
				cmd := other.command(t, reads)
				cmd.Stdin = strings.NewReader(text)
				var said bytes.Buffer
				cmd.Stderr = &said
				printed, err := cmd.Output()
				if err != nil || said.Len() > 0 {
					t.Fatalf("%v: %s", err, said.String())
				}
				got, err := readBack("nquads", string(printed))
				if err != nil {
					t.Fatalf("what it prints: %v\n%s", err, printed)
				}
				if want := (twoWay{Format: f}).held(quads); !isomorphic(want, got) {
					t.Fatalf("it reads (-want +got):\n%s\nfrom\n%s", cmp.Diff(sorted(want), sorted(got)), text)
				}
			}
		})
	}
}

// sorted prints quads for a comparison that people read.
func sorted(quads []quad.Quad) []string {
	lines := strings.Split(printQuads(quads), "\n")
	slices.Sort(lines)
	return slices.Compact(lines)
}
