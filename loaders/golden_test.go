package loaders_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/loaders"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// TestGolden loads each testdata/<format>/<case>.in, going on after problems, and compares the quads
// with <case>.nq and the messages with <case>.err. A file that would be empty is not there.
func TestGolden(t *testing.T) {
	for _, f := range loaders.Formats() {
		inputs, err := filepath.Glob(filepath.Join("testdata", f.Name, "*.in"))
		if err != nil {
			t.Fatal(err)
		}
		if len(inputs) == 0 {
			t.Errorf("no golden files for %s", f.Name)
		}
		for _, in := range inputs {
			name := strings.TrimSuffix(in, ".in")
			t.Run(f.Name+"/"+filepath.Base(name), func(t *testing.T) {
				text, err := os.ReadFile(in)
				if err != nil {
					t.Fatal(err)
				}
				var got list
				o := loaders.Options{KeepGoing: true, Document: "doc"}
				err = f.Load(context.Background(), bytes.NewReader(text), filepath.Base(in), o, &got)
				messages := ""
				if err != nil {
					messages = err.Error() + "\n"
					wantProblem(t, err)
				}
				golden(t, name+".nq", printQuads(got))
				golden(t, name+".err", messages)

				// the first problem is the same when it ends the load
				o.KeepGoing = false
				err = f.Load(context.Background(), bytes.NewReader(text), filepath.Base(in), o, new(list))
				first, _, _ := strings.Cut(messages, "\n")
				if err == nil && first != "" || err != nil && err.Error() != first {
					t.Errorf("without KeepGoing: %v", err)
				}
			})
		}
	}
}

// golden compares got with a file, or rewrites the file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		err := os.Remove(path)
		if got != "" {
			err = os.WriteFile(path, []byte(got), 0o644)
		}
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
