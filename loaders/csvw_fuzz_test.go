package loaders_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"kg/graph"
	"kg/loaders"
)

// wantPlace says that an error is a problem, or several, each of which names a file, on one line.
func wantPlace(t *testing.T, err error) {
	t.Helper()
	var ps graph.Problems
	if other := ps.Collect(err); other != nil || len(ps) == 0 {
		t.Fatalf("want problems, found %v", err)
	}
	for _, p := range ps {
		if p.At.File == "" {
			t.Errorf("a problem without a place: %v", p)
		}
		if strings.ContainsAny(p.Error(), "\n\r") {
			t.Errorf("a message of several lines: %q", p.Error())
		}
	}
}

// FuzzCSVW holds for every table with metadata that nothing panics, that problems have places, that the
// quads are RDF, and that loading stops at the first problem where there is one.
func FuzzCSVW(f *testing.F) {
	cases, err := filepath.Glob("testdata/csvw/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range cases {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		table, metadata := "", ""
		for _, part := range a.Files {
			if strings.HasSuffix(part.Name, ".json") {
				metadata = string(part.Data)
			} else if table == "" {
				table = string(part.Data)
			}
		}
		f.Add(table, metadata)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, table, metadata string) {
		file, meta := filepath.Join(dir, "t.csv"), filepath.Join(dir, "m.json")
		writeFiles(t, map[string]string{file: table, meta: metadata})
		began := time.Now()
		defer func() {
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		}()
		o := loaders.Options{Metadata: meta, KeepGoing: true, Document: "d"}
		var got list
		err := loaders.LoadTable(context.Background(), file, o, &got)
		if err != nil {
			wantPlace(t, err)
		}
		if _, err := loadText("nquads", printQuads(got), loaders.Options{Document: "d"}); err != nil {
			t.Errorf("what comes out is no N-Quads: %v\n%s", err, printQuads(got))
		}
		o.KeepGoing = false
		first := loaders.LoadTable(context.Background(), file, o, new(list))
		if (first == nil) != (err == nil) {
			t.Errorf("with KeepGoing %v, without %v", err, first)
		}
		var several graph.Problems
		if errors.As(first, &several) && len(several) > 1 && strings.HasPrefix(several[0].At.File, file) && several[0].At.Line > 1 {
			t.Errorf("it goes on after the first row that is wrong: %v", first)
		}
	})
}
