package docs_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A table block shows what a command prints as Markdown. The command stands in its first line, where
// readers of the page do not see it.
const (
	tableOpening = "<!-- $ "
	tableClosing = "<!-- end -->\n"
)

// fillTables returns the text with the tables that run returns for their commands.
func fillTables(text string, run func(command string) string) string {
	var out strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(line, tableOpening); ok && !inside {
			command, _, _ = strings.Cut(command, " -->")
			inside = true
			out.WriteString(line + "\n" + run(command) + "\n")
			continue
		}
		if inside = inside && line != tableClosing; inside {
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}

func TestTablesAreFilled(t *testing.T) {
	text := "Text.\n\n<!-- $ kg one -->\nold\n<!-- end -->\nMore.\n\n<!-- $ kg two -->\n<!-- end -->\n"
	want := "Text.\n\n<!-- $ kg one -->\n\n| kg one |\n\n<!-- end -->\nMore.\n\n<!-- $ kg two -->\n\n| kg two |\n\n<!-- end -->\n"
	got := fillTables(text, func(command string) string { return "| " + command + " |\n" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const platformsPage = "docs/platforms.md"

// TestEveryPlatformHasItsTables holds the page of platforms to the table of platforms; TestTables
// fills it.
func TestEveryPlatformHasItsTables(t *testing.T) {
	f, err := os.Open(filepath.Join(root, "data", "curated", "platforms.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	slug, name := slices.Index(rows[0], "slug"), slices.Index(rows[0], "name")
	slices.SortFunc(rows[1:], func(a, b []string) int { return strings.Compare(strings.ToLower(a[name]), strings.ToLower(b[name])) })
	var page strings.Builder
	page.WriteString("# Platforms\n\nWho did what to each platform, and what was counted about it, as `kg query agencies-by-platform` and\n`kg query platform-figures` print it. Written by `make docs`. Where documents contradict each other, the\npreferred claim stands under amount and the others under disputed; `kg claims` names all of them.\n")
	for _, row := range rows[1:] {
		page.WriteString("\n## " + row[name] + "\n")
		for _, question := range []string{"agencies-by-platform", "platform-figures"} {
			page.WriteString("\n" + tableOpening + "kg query " + question + " --platform platform/" + row[slug] + " --format md -->\n" + tableClosing)
		}
	}
	bare := func(text string) string { return fillTables(text, func(string) string { return "" }) }
	if *update {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(platformsPage)), []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(bare(page.String()), bare(read(t, platformsPage))); diff != "" {
		t.Errorf("\"make docs\" rewrites the page (-there is +shown):\n%s", diff)
	}
}

// TestTables runs the commands of the table blocks. What stands in the blocks has to be what they
// print.
func TestTables(t *testing.T) {
	kg := program(t)
	ran := 0
	for _, document := range documents(t) {
		text := read(t, document)
		if !strings.Contains(text, "\n"+tableOpening) {
			continue
		}
		ran++
		t.Run(document, func(t *testing.T) {
			term := newTerminal(t, kg)
			is := fillTables(text, func(command string) string { return term.run(t, command+" --quiet | cat") })
			if text == is {
				return
			}
			if !*update {
				t.Fatalf("what is shown is not what is printed; \"make docs\" rewrites it (-shown +printed):\n%s", cmp.Diff(strings.Split(text, "\n"), strings.Split(is, "\n")))
			}
			if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(document)), []byte(is), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
	if ran == 0 {
		t.Error("found no tables")
	}
}
