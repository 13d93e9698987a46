package exporters_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
	"kg/graph"
)

// readable is a document as text that a diff can show, "" where a program has to look at it.
func readable(t *testing.T, f exporters.Format, document []byte) string {
	t.Helper()
	switch {
	case strings.HasSuffix(f.MediaType, "/zip"):
		z, err := zip.NewReader(bytes.NewReader(document), int64(len(document)))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString("-- " + part.Name + " --\n" + string(text))
		}
		return b.String()
	case strings.Contains(f.MediaType, "spreadsheet"), strings.Contains(f.MediaType, "parquet"):
		return ""
	default:
		return string(document)
	}
}

func isPicture(f exporters.Format) bool {
	return f.Name == "svg" || f.Name == "png" || f.Name == "story"
}

func TestGoldenViews(t *testing.T) {
	for _, f := range viewFormats() {
		if isPicture(f) {
			continue // they have tests of their own
		}
		t.Run(f.Name, func(t *testing.T) {
			var out, again bytes.Buffer
			var lost []string
			if err := f.Write(&out, trickyDocument(t, &lost)); err != nil {
				t.Fatal(err)
			}
			document := trickyDocument(t, new([]string))
			reversed := trickyWorld()
			slices.Reverse(reversed)
			document.Quads = sequence(nil, reversed...)
			if err := f.Write(&again, document); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
				t.Errorf("the same quads in another order give another document (%v)", err)
			}
			got := readable(t, f, out.Bytes())
			if got == "" {
				return
			}
			for _, text := range lost {
				got += "\n-- lost: " + text
			}
			file := filepath.Join("testdata", "view", f.Name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// A graph of nothing is a document all the same.
func TestViewsOfNothing(t *testing.T) {
	for _, f := range viewFormats() {
		d := trickyDocument(t, new([]string))
		d.Quads, d.About = sequence(nil), exporters.About{}
		if err := f.Write(io.Discard, d); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// What goes wrong on the way ends the writing, and before anything was written where the sequence fails:
// no half of a file can be taken for the whole.
func TestErrorsOfViewsComeThrough(t *testing.T) {
	gone := errors.New("the store is gone")
	for _, f := range viewFormats() {
		t.Run(f.Name, func(t *testing.T) {
			d := trickyDocument(t, new([]string))
			d.Quads = sequence(gone, trickyWorld()[:50]...)
			var out bytes.Buffer
			if err := f.Write(&out, d); !errors.Is(err, gone) {
				t.Errorf("%v, want what the sequence said", err)
			}
			if out.Len() > 0 {
				t.Errorf("wrote %d bytes of a graph that was cut short", out.Len())
			}
			d = trickyDocument(t, new([]string))
			d.Schema = nil
			if err := f.Write(io.Discard, d); err == nil {
				t.Error("wrote without a schema")
			}
			whole := len(tricky(t, f.Name))
			step := max(1, whole/10)
			if isPicture(f) {
				step = max(1, whole/2) // each takes a while to draw
			}
			for room := 0; room < whole; room += step {
				if err := f.Write(&brokenWriter{room}, trickyDocument(t, new([]string))); !errors.Is(err, errNoSpace) {
					t.Errorf("%v after %d of %d bytes, want what the writer said", err, room, whole)
					return
				}
			}
		})
	}
}

// Things whose names break every rule are still nodes with ids of their own in every graph format.
func TestNamesOfOtherBases(t *testing.T) {
	ns, err := graph.NewNamespaces("urn:case:")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range viewFormats() {
		d := trickyDocument(t, new([]string))
		d.Namespaces = ns
		d.Quads = sequence(nil, append(trickyWorld(), quad.Quad{
			Subject: quad.IRI("kg:platform/ü x/<y>&\"z\""), Predicate: quad.IRI("kg:gainedUsersFrom"), Object: quad.IRI("kg:platform/anom"), Label: quad.IRI("kg:claim/ü 1"),
		})...)
		if err := f.Write(io.Discard, d); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
