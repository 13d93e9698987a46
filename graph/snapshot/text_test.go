package snapshot_test

import (
	"errors"
	"io"
	"path/filepath"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// indexed keeps a text in a file.
func indexed(d *snapshot.Draft) error {
	d.Text = func(w io.Writer) error {
		_, err := io.WriteString(w, "an index")
		return err
	}
	return nil
}

func TestATextIsKeptUntilTheFileIsEdited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	b := snapshot.NewBuilder(path, snapshot.BuildOptions{})
	if err := b.Shard().AddQuad(quad.Make(quad.IRI("a"), quad.IRI("p"), quad.IRI("b"), nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.CommitDraft(t.Context(), indexed); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open(path, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	read := func() (got string) {
		r, err := s.Reader()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Text(func(text []byte) error { got = string(text); return nil }); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := read(); got != "an index" {
		t.Errorf("found %q", got)
	}
	r, err := s.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Text(func(text []byte) error { n := len(text); _ = text[n]; return nil }); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("beyond the end: %v, want a damaged file", err)
	}
	add := []cayley.Delta{{Quad: quad.Make(quad.IRI("a"), quad.IRI("p"), quad.IRI("c"), nil), Action: cayley.Add}}
	if err := s.ApplyDeltas(add, cayley.IgnoreOpts{}); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "" {
		t.Errorf("after an edit: %q", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Text(func([]byte) error { return nil }); !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

func TestAReaderSeesEveryFact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	quads := movies(t)[:20_000]
	build(t, path, quads, snapshot.BuildOptions{})
	s, err := snapshot.Open(path, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Reader()
	if err != nil {
		t.Fatal(err)
	}
	want := map[quad.Quad]bool{}
	for _, q := range quads {
		want[q] = true
	}
	for _, d := range []quad.Direction{quad.Subject, quad.Object} {
		seen := map[quad.Quad]bool{}
		ends := map[quad.Value]bool{}
		for q := range want {
			ends[q.Get(d)] = true
		}
		for v := range ends {
			n, err := r.Number(v)
			if err != nil || n == 0 {
				t.Fatalf("%v has number %d, %v", v, n, err)
			}
			_, iri := v.(quad.IRI)
			_, blank := v.(quad.BNode)
			if r.IsLiteral(n) == (iri || blank) {
				t.Errorf("%v: literal %t", v, r.IsLiteral(n))
			}
			var facts [7]snapshot.Fact // fewer than many have
			read := 0
			for {
				count, err := r.Facts(n, d, read, facts[:])
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range facts[:count] {
					q := quad.Quad{}
					for direction, number := range map[quad.Direction]uint32{quad.Subject: f.Subject, quad.Predicate: f.Predicate, quad.Object: f.Object, quad.Label: f.Label} {
						if number == 0 {
							continue
						}
						v, err := r.Value(number)
						if err != nil {
							t.Fatal(err)
						}
						q.Set(direction, v)
					}
					seen[q] = true
				}
				if read += count; count < len(facts) {
					break
				}
			}
			if total, err := r.Count(n, d); err != nil || total != read {
				t.Errorf("%v: counted %d, %v; read %d", v, total, err, read)
			}
		}
		if len(seen) != len(want) {
			t.Errorf("%v: %d facts, want %d", d, len(seen), len(want))
		}
		for q := range seen {
			if !want[q] {
				t.Errorf("%v: %v is no fact", d, q)
			}
		}
	}
}
