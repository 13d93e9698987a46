package docs_test

import (
	"encoding/json"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const librariesADR = "docs/adr/0007-libraries.md"

// required lists the modules that go.mod requires directly.
func required(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod edit: %v", err)
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range mod.Require {
		if !r.Indirect {
			list = append(list, r.Path)
		}
	}
	slices.Sort(list)
	return list
}

func TestEveryLibraryHasItsReason(t *testing.T) {
	var explained []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(read(t, librariesADR), -1) {
		explained = append(explained, row[1])
	}
	if diff := cmp.Diff(required(t), explained); diff != "" {
		t.Errorf("the table in %s lists the direct requirements of go.mod, in order (-go.mod +%s):\n%s", librariesADR, path.Base(librariesADR), diff)
	}
}

func TestEveryDecisionIsListed(t *testing.T) {
	index := read(t, "docs/adr/README.md")
	number := 0
	for _, file := range files(t) {
		name, ok := strings.CutPrefix(file, "docs/adr/")
		if !ok || name == "README.md" {
			continue
		}
		number++
		if !strings.Contains(index, "]("+name+")") {
			t.Errorf("docs/adr/README.md does not link to %s", name)
		}
		text := read(t, file)
		for _, want := range []string{"# " + name[:4] + ": ", "Accepted, 20", "## Why it is needed", "## Decision", "## What it costs"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: want %q", file, want)
			}
		}
	}
	if number == 0 {
		t.Error("found no decisions")
	}
}
