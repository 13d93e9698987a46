package snapshot_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// added begins a build of quads: half of them settled, half of them after that.
func added(t *testing.T, path string, quads []quad.Quad, o snapshot.BuildOptions) *snapshot.Builder {
	t.Helper()
	b := snapshot.NewBuilder(path, o)
	t.Cleanup(b.Discard)
	shard := b.Shard()
	for i, q := range quads {
		if i == len(quads)/2 {
			b.Settle()
		}
		if err := shard.AddQuad(q); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestADraftIsReadBeforeItIsPutInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	quads := someQuads(dice(11), 3_000)
	distinct := map[quad.Quad]bool{}
	for _, q := range quads {
		distinct[q] = true
	}
	var fingerprint [32]byte
	look := func(r *snapshot.Reader) error {
		found := map[quad.Quad]bool{}
		last := uint32(0)
		err := r.Scan(t.Context(), 1, r.Numbers(), func(f snapshot.Fact) error {
			if f.Subject < last {
				t.Errorf("subject %d after %d", f.Subject, last)
			}
			last = f.Subject
			var q quad.Quad
			for _, part := range []struct {
				n  uint32
				to *quad.Value
			}{{f.Subject, &q.Subject}, {f.Predicate, &q.Predicate}, {f.Object, &q.Object}, {f.Label, &q.Label}} {
				if part.n == 0 {
					continue
				}
				var err error
				if *part.to, err = r.Value(part.n); err != nil {
					return err
				}
			}
			found[q] = true
			return nil
		})
		if len(found) != len(distinct) || r.Quads() != len(distinct) {
			t.Errorf("%d quads are read and %d counted, want %d", len(found), r.Quads(), len(distinct))
		}
		for q := range distinct {
			if !found[q] {
				t.Errorf("%v is missing", q)
			}
		}
		fingerprint = r.Fingerprint()
		return err
	}
	for _, memory := range []int64{0, 1} {
		if err := added(t, path, quads, snapshot.BuildOptions{Memory: memory}).Peek(t.Context(), look); err != nil {
			t.Fatal(err)
		}
		if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) > 0 {
			t.Errorf("a look leaves %v, %v", names, err)
		}
	}
	before := fingerprint
	var kept *snapshot.Reader
	_, err := added(t, path, quads, snapshot.BuildOptions{}).CommitDraft(t.Context(), func(d *snapshot.Draft) error {
		kept = d.Reader
		return look(d.Reader)
	})
	if err != nil {
		t.Fatal(err)
	}
	if fingerprint != before {
		t.Error("the same quads have two fingerprints")
	}
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
	if err := kept.Scan(t.Context(), 1, 2, nil); !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("a draft that is in place reads %v", err)
	}
	wrong := errors.New("these do not fit together")
	another := added(t, path, quads[:10], snapshot.BuildOptions{})
	if _, err := another.CommitDraft(t.Context(), func(*snapshot.Draft) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("CommitDraft = %v", err)
	}
	s := opened(t, path, snapshot.Options{})
	if counts, err := s.Counts(); err != nil || counts.Quads != len(distinct) {
		t.Errorf("the file before has %d quads, %v", counts.Quads, err)
	}
}

func TestIRIsAndTypedLiteralsAreRangesOfNumbers(t *testing.T) {
	values := []quad.Value{
		quad.IRI("a"), quad.IRI("ab"), quad.IRI("abc\xFF"), quad.IRI("b"), quad.BNode("ab"), quad.String("ab"),
		quad.TypedString{Value: "1", Type: "t"},
		quad.TypedString{Value: "2", Type: "t"},
		quad.TypedString{Value: "1", Type: "tt"},
		quad.TypedString{Value: "1", Type: "u"},
	}
	var quads []quad.Quad
	for _, v := range values {
		quads = append(quads, quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("s"), Object: v})
	}
	err := added(t, filepath.Join(t.TempDir(), "x"), quads, snapshot.BuildOptions{}).Peek(t.Context(), func(r *snapshot.Reader) error {
		count := func(lo, hi uint32, err error) int {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return int(hi) - int(lo)
		}
		for prefix, want := range map[string]int{"a": 3, "ab": 2, "abc\xFF": 1, "c": 0, "": 5} {
			if got := count(r.IRIs(prefix)); got != want {
				t.Errorf("%d IRIs begin with %q, want %d", got, prefix, want)
			}
		}
		for datatype, want := range map[quad.IRI]int{"t": 2, "tt": 1, "u": 1, "v": 0} {
			if got := count(r.TypedLiterals(datatype)); got != want {
				t.Errorf("%d literals of %q, want %d", got, datatype, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
