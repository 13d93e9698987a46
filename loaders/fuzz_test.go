package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

func FuzzNQuads(f *testing.F) { fuzzFormat(f, "nquads") }

// fuzzFormat holds for every input that nothing panics, that a problem has a place, that reading in
// small pieces is reading the whole, that the first problem is the same with and without KeepGoing,
// and that what is read is still the same once printed and read again.
func fuzzFormat(f *testing.F, format string) {
	f.Helper()
	inputs, err := filepath.Glob(filepath.Join("testdata", "*", "*.in"))
	if err != nil {
		f.Fatal(err)
	}
	suites, err := filepath.Glob(filepath.Join(w3cRoot(f), "rdf11", "*", "*.[nt]*")) // none without the suites
	if err != nil {
		f.Fatal(err)
	}
	for _, in := range append(inputs, suites...) {
		text, err := os.ReadFile(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, uint8(len(text)))
	}
	f.Fuzz(func(t *testing.T, input []byte, piece uint8) {
		o := loaders.Options{Document: "d", KeepGoing: true, MaxTerm: 300, MaxDepth: 20}
		whole, err := loadReader(format, bytes.NewReader(input), o)
		if err != nil {
			var ps graph.Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("want problems, found %v", err)
			}
			for _, p := range ps {
				if (p.At.Line < 1 || p.At.Column < 1) && p.Hint != "the first 1000 are shown" {
					t.Errorf("a problem without a place: %v", p)
				}
				if bytes.ContainsAny([]byte(p.Error()), "\n\r") {
					t.Errorf("a message of several lines: %v", p)
				}
			}
		}
		split, splitErr := loadReader(format, pieces{bytes.NewReader(input), int(piece)%7 + 1}, o)
		if diff := cmp.Diff(printQuads(whole), printQuads(split)); diff != "" {
			t.Errorf("whole and split differ:\n%s", diff)
		}
		if diff := cmp.Diff(text(err), text(splitErr)); diff != "" {
			t.Errorf("whole and split are refused differently:\n%s", diff)
		}
		if format == "nquads" {
			asBytes(t, format, input, o)
			var got list
			o.Workers = 3
			splitErr := loaders.LoadSplit(context.Background(), pieces{bytes.NewReader(input), 40}, "in", o, &got)
			if diff := cmp.Diff(printQuads(whole)+text(err), printQuads(got)+text(splitErr)); diff != "" {
				t.Errorf("one core and several differ:\n%s", diff)
			}
		}
		o.KeepGoing = false
		_, first := loadReader(format, bytes.NewReader(input), o)
		if (first == nil) != (err == nil) {
			t.Errorf("with KeepGoing %v, without %v", err, first)
		}
		again, err := loadText("nquads", printQuads(whole), loaders.Options{Document: "again"})
		if err != nil {
			t.Fatalf("what was printed does not parse: %v\n%s", err, printQuads(whole))
		}
		if diff := cmp.Diff(printQuads(whole), printQuads(rename(again))); diff != "" {
			t.Errorf("printing changes it:\n%s", diff)
		}
	})
}

// pieces gives a few bytes at a time.
type pieces struct {
	r io.Reader
	n int
}

func (p pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.n)]) }

func FuzzTurtle(f *testing.F) { fuzzFormat(f, "turtle") }

func FuzzTriG(f *testing.F) { fuzzFormat(f, "trig") }
