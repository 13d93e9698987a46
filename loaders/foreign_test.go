package loaders_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
)

// rapper is a reader that is not ours: Debian's raptor2-utils.
func rapper(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("rapper")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("rapper is needed here; Debian's package is raptor2-utils")
		}
		t.Skip("SKIPPED: rapper is not here; Debian's package is raptor2-utils")
	}
	return path
}

// A reader that is not ours finds in our documents what we meant, and nothing to complain about.
func TestAnotherProgramReadsWhatWeWrite(t *testing.T) {
	program := rapper(t)
	for _, f := range twoWays() {
		out := map[string]string{"nquads": "nquads", "nquads-stream": "nquads", "ntriples": "ntriples", "turtle": "ntriples", "trig": "nquads"}[f.Name]
		if out == "" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 4))
			for range 10 {
				quads := randomQuads(r, 60)
				for i, q := range quads {
					quads[i] = forRapper(q, f.Name)
				}
				_, text, err := f.through(quads)
				if err != nil {
					t.Fatal(err)
				}
				cmd := exec.CommandContext(t.Context(), program, "-q", "-i", f.read, "-o", out, "-I", "http://base.example/", "-")
				cmd.Stdin = strings.NewReader(text)
				var said bytes.Buffer
				cmd.Stderr = &said
				printed, err := cmd.Output()
				if err != nil || said.Len() > 0 {
					t.Fatalf("rapper: %v\n%s", err, said.String())
				}
				got, err := readBack(out, string(printed))
				if err != nil {
					t.Fatalf("what rapper prints: %v\n%s", err, printed)
				}
				if want := f.held(quads); !isomorphic(want, got) {
					t.Fatalf("rapper reads (-want +got):\n%s\nfrom\n%s", cmp.Diff(sorted(want), sorted(got)), text)
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

// forRapper takes out what rapper is known to read otherwise than the recommendations ask.
func forRapper(q quad.Quad, format string) quad.Quad {
	if _, blank := q.Label.(quad.BNode); blank && format == "trig" {
		q.Label = quad.IRI("urn:g") // it takes no blank node as the name of a graph in TriG
	}
	// It refuses U+FFFF, and ends a text at NUL.
	without := func(s quad.String) quad.String {
		return quad.String(strings.NewReplacer("\uffff", "", "\x00", "").Replace(string(s)))
	}
	switch v := q.Object.(type) {
	case quad.String:
		q.Object = without(v)
	case quad.LangString:
		q.Object = quad.LangString{Value: without(v.Value), Lang: strings.ToLower(v.Lang)} // it lowers them
	case quad.TypedString:
		q.Object = quad.TypedString{Value: without(v.Value), Type: v.Type}
	}
	return q
}
