package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

// A recipe that takes more than five steps is a fault of the project.
func TestRecipesAreShort(t *testing.T) {
	_, rest, found := strings.Cut(read(t, "CONTRIBUTING.md"), "\n## Recipes\n")
	if !found {
		t.Fatal("CONTRIBUTING.md has no recipes")
	}
	recipes, _, _ := strings.Cut(rest, "\n## ")
	step := regexp.MustCompile(`(?m)^\d+\. `)
	title := regexp.MustCompile(`(?m)^\*\*(.+)\.\*\*$`)
	at := title.FindAllStringSubmatchIndex(recipes, -1)
	var names []string
	for i, m := range at {
		end := len(recipes)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := recipes[m[2]:m[3]]
		names = append(names, name)
		if n := len(step.FindAllString(recipes[m[1]:end], -1)); n < 1 || n > 5 {
			t.Errorf("%q has %d steps, want one to five", name, n)
		}
	}
	all := strings.Join(names, ", ")
	for _, want := range []string{"fact", "question", "format", "command", "library"} {
		if !strings.Contains(all, want) {
			t.Errorf("no recipe for a %s among: %s", want, all)
		}
	}
}
