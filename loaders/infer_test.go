package loaders_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/loaders"
)

// lookup knows a few entities by slug, path, IRI and name.
func lookup(_ context.Context, text string) (string, error) {
	known := map[string]string{
		"nca": "agency/nca", "europol": "agency/europol", "belgium": "location/belgium", "Belgium": "location/belgium",
		"france": "location/france", "France": "location/france", "location/belgium": "location/belgium", "location/france": "location/france",
	}
	const base = "https://example.org/kg/"
	if path, ok := known[strings.TrimPrefix(text, base)]; ok {
		return base + path, nil
	}
	return "", nil
}

// TestInferGolden compares what is inferred from each testdata/infer/<table>.in with <table>.json, and the
// message with <table>.err. What is inferred must read the table that it was inferred from.
func TestInferGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/infer/*.in")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, in := range inputs {
		name := strings.TrimSuffix(filepath.Base(in), ".in")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			want, err := filepath.Abs(strings.TrimSuffix(in, ".in"))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			writeFiles(t, map[string]string{name: string(text)})
			got, err := loaders.Infer(context.Background(), name, loaders.InferOptions{Lookup: lookup})
			message := ""
			if err != nil {
				message = err.Error() + "\n"
			}
			golden(t, want+".json", string(got))
			golden(t, want+".err", message)
			if err != nil {
				return
			}
			again, err := loaders.Infer(context.Background(), name, loaders.InferOptions{Lookup: lookup})
			if diff := cmp.Diff(string(got), string(again)); diff != "" || err != nil {
				t.Errorf("a second time it differs: %v\n%s", err, diff)
			}
			writeFiles(t, map[string]string{name + "-metadata.json": string(got)})
			var quads list
			err = loaders.LoadTable(context.Background(), name, loaders.Options{}, &quads)
			if err != nil && !strings.Contains(string(got), "loading refuses them") {
				t.Errorf("it does not read its own table: %v", err)
			}
		})
	}
}

func TestInferFromOtherPlaces(t *testing.T) {
	t.Chdir(t.TempDir())
	workbook(t, "book.xlsx")
	for input, want := range map[string]string{
		"book.xlsx#Sheet1":      `"url": "book.xlsx#Sheet1"`,
		"book.xlsx#Other sheet": `"url": "book.xlsx#Other%20sheet"`,
		"-":                     `"url": "table.csv"`,
	} {
		o := loaders.InferOptions{}
		o.Stdin = strings.NewReader("id,born\n1,2020-01-02\n")
		got, err := loaders.Infer(context.Background(), input, o)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %v, want %s in\n%s", input, err, want, got)
		}
		if input == "book.xlsx#Sheet1" {
			for _, want := range []string{`"datatype": "datetime"`, `"format": "TRUE|FALSE"`, `"primaryKey": "id"`} {
				if !strings.Contains(string(got), want) {
					t.Errorf("want %s in\n%s", want, got)
				}
			}
		}
	}
}

// TestInferLongTable looks at more rows than may be remembered: uniqueness is then told as far as it is known.
func TestInferLongTable(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("id,same,text\n")
	for i := range 30_000 {
		fmt.Fprintf(&b, "%d,x,word %d\n", i, i%900)
	}
	o := loaders.InferOptions{Lookup: func(_ context.Context, text string) (string, error) {
		if strings.HasPrefix(text, "word") {
			t.Errorf("%q is looked up, though the column has more values than are looked up", text)
		}
		return "", nil
	}}
	o.Stdin = &b
	got, err := loaders.Infer(context.Background(), "-", o)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), `"primaryKey": "id"`) || strings.Contains(string(got), "Unique, too") {
		t.Errorf("found\n%s", got)
	}
}

// FuzzInfer holds that nothing panics, that problems have places, and that what is inferred reads its own
// table unless it says that it cannot.
func FuzzInfer(f *testing.F) {
	inputs, err := filepath.Glob("testdata/infer/*.in")
	if err != nil {
		f.Fatal(err)
	}
	for _, in := range inputs {
		text, err := os.ReadFile(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(dir, "t.csv")
		writeFiles(t, map[string]string{file: text})
		got, err := loaders.Infer(context.Background(), file, loaders.InferOptions{})
		if err != nil {
			wantPlace(t, err)
			return
		}
		writeFiles(t, map[string]string{file + loaders.MetadataSuffix: string(got)})
		err = loaders.LoadTable(context.Background(), file, loaders.Options{}, new(list))
		if err != nil && !strings.Contains(string(got), "loading refuses them") {
			t.Errorf("%v\n%s", err, got)
		}
	})
}
