package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A reference is a page that shows the help of everything of one kind, in the program's order. What
// kg completes is what there is, so nothing can be left out; TestTranscripts fills in what it prints.
type reference struct {
	document string
	intro    string
	first    string   // shown before the rest
	words    []string // completed to find what there is
	help     func(name string) string
}

func references() []reference {
	return []reference{
		{
			document: "docs/commands.md",
			intro:    "# Commands\n\nThe help of every command and topic, as `kg` prints it. Written by `make docs`.\n",
			first:    "kg --help",
			help:     func(name string) string { return "kg help " + name },
		},
		{
			document: "docs/questions.md",
			intro:    "# Questions\n\nEvery saved question with its parameters, as `kg` prints it. Written by `make docs` from the heads of `queries/*.gizmo`; `kg query NAME --show` prints the text.\n",
			first:    "kg query",
			words:    []string{"query"},
			help:     func(name string) string { return "kg query " + name + " --help" },
		},
	}
}

func TestReferencesAreComplete(t *testing.T) {
	kg := filepath.Join(program(t), "kg")
	for _, r := range references() {
		t.Run(r.document, func(t *testing.T) {
			names := completed(t, kg, r.words)
			if len(names) == 0 {
				t.Fatal("kg completes nothing")
			}
			want := []string{r.first}
			for _, name := range names {
				want = append(want, r.help(name))
			}
			file := filepath.Join(root, filepath.FromSlash(r.document))
			if *update {
				if err := os.WriteFile(file, []byte(page(r, names)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			replay(read(t, r.document), func(s step) string {
				got = append(got, s.command)
				return s.output
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("\"make docs\" rewrites the page (-there is +shown):\n%s", diff)
			}
		})
	}
}

// page is a reference without what the commands print.
func page(r reference, names []string) string {
	var b strings.Builder
	b.WriteString(r.intro)
	block := func(command string) { b.WriteString("\n" + opening + prompt + command + "\n" + closing) }
	block(r.first)
	for _, name := range names {
		b.WriteString("\n## " + name + "\n")
		block(r.help(name))
	}
	return b.String()
}

// completed asks kg, as a shell would, what may stand after the words.
func completed(t *testing.T, kg string, words []string) []string {
	t.Helper()
	cmd := exec.Command(kg, slices.Concat([]string{"__complete"}, words, []string{""})...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "KG_STORE=", "KG_DATA=", "KG_QUERIES=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kg __complete: %v", err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name != "" && !strings.HasPrefix(name, ":") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
