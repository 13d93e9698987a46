package queries_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kg/graph"
	"kg/queries"
)

func TestTheCatalogueHasTheQuestionsOfThePlan(t *testing.T) {
	c, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"agencies-by-platform", "platforms-by-agency", "operations-by-platform", "agencies-by-operation",
		"seizures-by-platform", "seizures-by-location", "seizures-by-operation", "seized-substances",
		"arrests-by-operation", "agencies-together", "follow-up-operations", "platforms-of-both", "operation-figures", "platform-figures", "sources-by-entity", "timeline",
	} {
		if !slices.Contains(c.Names(), name) {
			t.Errorf("no question %s", name)
		}
	}
	if !slices.IsSorted(c.Names()) {
		t.Errorf("names are not sorted: %v", c.Names())
	}
}

func TestAnUnknownQuestionComesWithTheNearest(t *testing.T) {
	c, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, want string }{
		{"agency-by-platform", `unknown question: "agency-by-platform"; did you mean agencies-by-platform?`},
		{"weather", `unknown question: "weather"; kg query lists them`},
	} {
		_, err := c.Lookup(tc.name)
		if err == nil || err.Error() != tc.want || !errors.Is(err, queries.ErrUnknownQuestion) {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}

func TestFoldersAddQuestions(t *testing.T) {
	dir := t.TempDir()
	text := "/*\nsummary: x\ncolumns:\n  - {name: platform, type: entity}\n*/\ng.V().tag(\"platform\").all();\n"
	if err := os.WriteFile(filepath.Join(dir, "mine.gizmo"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := queries.Load(queries.Folder{FS: os.DirFS(dir), Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	q, err := c.Lookup("mine")
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "mine.gizmo"); q.File != want {
		t.Errorf("got file %s, want %s", q.File, want)
	}
	if q.Body() != "g.V().tag(\"platform\").all();\n" {
		t.Errorf("got body %q", q.Body())
	}
}

func TestTwoQuestionsOfOneNameAreAnError(t *testing.T) {
	_, err := queries.Load(queries.Folder{FS: fstest.MapFS{"timeline.gizmo": {Data: []byte("/* */")}}, Path: "mine"})
	want := "mine/timeline.gizmo: want a question with a name of its own, found timeline, which is also queries/timeline.gizmo; rename the file"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAQuestionsNameMustMakeACommand(t *testing.T) {
	for _, name := range []string{"Two Words.gizmo", "test.gizmo", "_.gizmo"} {
		_, err := queries.Load(queries.Folder{FS: fstest.MapFS{name: {Data: []byte("/* */")}}, Path: "mine"})
		if want := "mine/" + name + ": want a file named like seizures-by-port.gizmo"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	_, err := queries.Load(queries.Folder{FS: os.DirFS(filepath.Join(t.TempDir(), "none")), Path: "none"})
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "questions in none: ") {
		t.Errorf("got %v", err)
	}
}

func TestAllProblemsOfAllHeadsAreReported(t *testing.T) {
	c, err := queries.Load(queries.Folder{FS: fstest.MapFS{
		"bad-one.gizmo": {Data: []byte("g.V().all();")},
		"bad-two.gizmo": {Data: []byte("/*\nsummery: x\n*/")},
	}, Path: "dir"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.Questions()
	var problems graph.Problems
	if !errors.As(err, &problems) || len(problems) != 2 || len(list) != len(c.Names())-2 {
		t.Errorf("got %d questions of %d and %v", len(list), len(c.Names()), err)
	}
}
