package loaders_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"kg/graph"
	"kg/loaders"
)

// inFolder lays out the files of an archive in a folder of their own, which becomes the working one.
func inFolder(t *testing.T, a *txtar.Archive) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range a.Files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTableGolden loads each testdata/csvw/<case>.txtar. Its comment says what the case is; a line
// "load: NAME" in it names the input, "base: IRI" the base, "metadata: FILE" the metadata. The quads are
// compared with <case>.nq and the messages with <case>.err.
func TestTableGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/csvw/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range cases {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			inFolder(t, a)
			input := a.Files[0].Name
			o := loaders.Options{KeepGoing: true, Document: "doc"}
			for line := range strings.Lines(string(a.Comment)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				switch key {
				case "load":
					input = value
				case "base":
					o.Base = value
				case "metadata":
					o.Metadata = value
				}
			}
			var got list
			err = loaders.LoadTable(context.Background(), input, o, &got)
			messages := ""
			if err != nil {
				messages = err.Error() + "\n"
			}
			golden(t, filepath.Join(here, "testdata/csvw", name+".nq"), printQuads(got))
			golden(t, filepath.Join(here, "testdata/csvw", name+".err"), messages)

			o.KeepGoing = false
			first := loaders.LoadTable(context.Background(), input, o, new(list))
			var ps graph.Problems
			if errors.As(err, &ps) && first == nil {
				t.Error("without KeepGoing there is no problem")
			}
		})
	}
}
