package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph/snapshot"
)

func TestEveryKindOfValueComesBackAsItWas(t *testing.T) {
	var qs []quad.Quad
	for _, v := range values() {
		qs = append(qs, quad.Quad{Subject: quad.IRI("it"), Predicate: quad.IRI("is"), Object: v, Label: quad.IRI("claim")})
	}
	s := opened(t, made(t, qs), snapshot.Options{})
	for _, v := range values() {
		ref := s.ValueOf(v)
		if ref == nil {
			t.Errorf("%.80v is not there", v)
			continue
		}
		got := s.NameOf(ref)
		if key(quad.Quad{Object: got}) != key(quad.Quad{Object: v}) {
			t.Errorf("%.80v came back as %.80v", v, got)
		}
		if at, ok := v.(quad.Time); ok && got != quad.Value(at) {
			t.Errorf("the time %v is another value than %v", got, at)
		}
	}
	nan := quad.Float(math.NaN())
	s = opened(t, made(t, []quad.Quad{{Subject: nan, Predicate: nan, Object: nan}}), snapshot.Options{})
	if got, ok := s.NameOf(s.ValueOf(quad.Float(-math.NaN()))).(quad.Float); !ok || !math.IsNaN(float64(got)) {
		t.Errorf("NaN came back as %v", got)
	}
}

func TestValuesAreNumberedInTheirOrder(t *testing.T) {
	want := []quad.Value{
		quad.IRI("a"), quad.IRI("a/b"), quad.IRI("b"), quad.BNode("a"),
		quad.String(""), quad.String("10"), quad.String("9"),
		quad.LangString{Value: "a", Lang: "de"},
		quad.LangString{Value: "b", Lang: "de"},
		quad.LangString{Value: "a", Lang: "en"},
		quad.TypedString{Value: "a", Type: "t"},
		quad.TypedString{Value: "b", Type: "t"},
		quad.Int(math.MinInt64), quad.Int(-10), quad.Int(-9), quad.Int(0), quad.Int(9), quad.Int(10), quad.Int(math.MaxInt64),
		quad.Float(math.Inf(-1)), quad.Float(-2), quad.Float(-1e-300), quad.Float(math.Copysign(0, -1)), quad.Float(0), quad.Float(2), quad.Float(math.Inf(1)),
		quad.Bool(false), quad.Bool(true),
	}
	var qs []quad.Quad
	for i := range want {
		qs = append(qs, quad.Quad{Subject: want[len(want)-1-i], Predicate: want[0], Object: want[i]})
	}
	s := opened(t, made(t, qs), snapshot.Options{})
	var got []quad.Value
	it := s.NodesAllIterator()
	for it.Next(t.Context()) {
		got = append(got, s.NameOf(it.Result()))
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b quad.Value) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheFileIsTheSameHoweverItIsBuilt(t *testing.T) {
	for _, n := range []int{0, 1, 2, 40, 3_000, 60_000} {
		qs := someQuads(dice(uint64(n)), n)
		dir := t.TempDir()
		var first []byte
		for i, o := range []snapshot.BuildOptions{
			{Workers: 1},
			{Workers: 2},
			{Workers: 5},
			{Workers: 3, Memory: 1}, // the least there is: this spills
		} {
			path := filepath.Join(dir, fmt.Sprint(i), "graph.snapshot")
			shuffled := slices.Clone(qs)
			dice(uint64(i)).Shuffle(len(qs), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
			counts := build(t, path, shuffled, o)
			if err := snapshot.Verify(t.Context(), path); err != nil {
				t.Fatalf("%d quads, %+v: %v", n, o, err)
			}
			if counts.Quads != len(distinct(qs)) {
				t.Errorf("%d quads counted, want %d", counts.Quads, len(distinct(qs)))
			}
			data := read(t, path)
			if first == nil {
				first = data
			}
			if !bytes.Equal(first, data) {
				t.Errorf("%d quads, built with %+v: another file", n, o)
			}
			alone(t, path)
		}
	}
}

// TestTermsOfAnySizeAreKeptOnce holds it for terms that are longer than the memory for terms is allocated
// at a time, and for terms that quads share with the quad before, in the same part and in another.
func TestTermsOfAnySizeAreKeptOnce(t *testing.T) {
	long := func(n int, last string) quad.String { return quad.String(strings.Repeat("x", n) + last) }
	var qs []quad.Quad
	for i := range 300 {
		claim := quad.IRI(fmt.Sprint("claim/", i))
		q := quad.Quad{Subject: quad.IRI(fmt.Sprint("s", i/2)), Predicate: quad.IRI("p"), Object: quad.IRI(fmt.Sprint("o", i%7)), Label: claim}
		said := quad.Quad{Subject: claim, Predicate: quad.IRI("said"), Object: quad.IRI("p")}
		qs = append(qs, q, said, said, quad.Quad{Subject: claim, Predicate: claim, Object: claim})
		if i%60 == 0 {
			said.Object = long(1<<19+i, "a")
			q.Object = long(1<<21, fmt.Sprint(i%120))
			qs = append(qs, said, q)
		}
	}
	path := made(t, qs)
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	want := distinct(qs)
	s := opened(t, path, snapshot.Options{})
	sameQuads(t, s, want)
}

// TestEveryQuadIsFoundThroughEachOfItsParts compares the store with a plain list.
func TestEveryQuadIsFoundThroughEachOfItsParts(t *testing.T) {
	for _, n := range []int{1, 30, 5_000} {
		want := distinct(someQuads(dice(7), n))
		list := make([]quad.Quad, 0, n)
		for _, q := range want {
			list = append(list, q)
		}
		s := opened(t, made(t, list), snapshot.Options{})
		sameQuads(t, s, want)
		parts := map[quad.Direction]map[string][]string{}
		for _, d := range quad.Directions {
			parts[d] = map[string][]string{}
			for k, q := range want {
				if v := q.Get(d); v != nil {
					parts[d][key(quad.Quad{Object: v})] = append(parts[d][key(quad.Quad{Object: v})], k)
				}
			}
		}
		for _, q := range list {
			for _, d := range quad.Directions {
				v := q.Get(d)
				if v == nil {
					continue
				}
				want := parts[d][key(quad.Quad{Object: v})]
				if want == nil {
					continue // looked at before
				}
				parts[d][key(quad.Quad{Object: v})] = nil
				var got []string
				it := s.QuadIterator(d, s.ValueOf(v))
				for it.Next(t.Context()) {
					if got = append(got, key(s.Quad(it.Result()))); s.NameOf(s.QuadDirection(it.Result(), d)) == nil {
						t.Fatal("a quad without the value that it was found by")
					}
				}
				slices.Sort(got)
				slices.Sort(want)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("quads with the %v %v (-want +got):\n%s", d, v, diff)
				}
				if size, err := s.QuadIteratorSize(t.Context(), d, s.ValueOf(v)); err != nil || size != (cayley.Size{Size: int64(len(want)), Exact: true}) {
					t.Errorf("%d quads with the %v %v, but the size is %v (%v)", len(want), d, v, size, err)
				}
			}
		}
	}
}

// sameQuads holds that a store has these quads and no others.
func sameQuads(t testing.TB, s *snapshot.Store, want map[string]quad.Quad) {
	t.Helper()
	got := map[string]bool{}
	it := s.QuadsAllIterator()
	for it.Next(context.Background()) {
		k := key(s.Quad(it.Result()))
		if got[k] {
			t.Errorf("%s is there twice", k)
		}
		if _, ok := want[k]; !ok {
			t.Errorf("%s should not be there", k)
		}
		got[k] = true
	}
	if err := it.Err(); err != nil {
		t.Error(err)
	}
	for k := range want {
		if !got[k] {
			t.Errorf("%s is missing", k)
		}
	}
}

func TestABuildThatIsCancelledOrFailsLeavesTheOldFile(t *testing.T) {
	path := made(t, someQuads(dice(1), 100))
	before := read(t, path)
	stop := errors.New("stopped by the user")
	for _, stage := range []string{"reading", "sorting", "writing"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		seen := false
		b := snapshot.NewBuilder(path, snapshot.BuildOptions{Progress: func(p snapshot.Progress) {
			if p.Stage == stage {
				seen = true
				cancel(stop)
			}
		}})
		shard := b.Shard()
		for i := range 40_000 {
			if err := shard.AddQuad(quad.MakeIRI(fmt.Sprint("kg:s", i), "kg:p", fmt.Sprint("kg:o", i), "")); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Commit(ctx, nil); !errors.Is(err, stop) || !seen {
			t.Errorf("cancelled while %s: %v", stage, err)
		}
		if !bytes.Equal(before, read(t, path)) {
			t.Errorf("cancelled while %s: another file", stage)
		}
		alone(t, path)
	}
}

func TestQuadsThatAreNoneAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	b := snapshot.NewBuilder(path, snapshot.BuildOptions{})
	shard := b.Shard()
	for _, q := range []quad.Quad{
		{},
		{Subject: quad.IRI("a"), Predicate: quad.IRI("b")},
		{Predicate: quad.IRI("a"), Object: quad.IRI("b")},
		{Subject: quad.IRI("a"), Object: quad.IRI("b")},
		{Subject: quad.IRI("a"), Predicate: quad.IRI("b"), Object: other{}},
	} {
		if err := shard.AddQuad(q); err == nil {
			t.Errorf("%#v was taken", q)
		}
	}
	iri := snapshot.AppendIRI(nil, "a")
	for _, term := range [][]byte{nil, {}, {0}, {200}, {4}, {4, 9, 'e'}, {6, 1}, {8, 2}, {9, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255}, {4, 0x81, 0, 'e'}} {
		if err := shard.Add(iri, iri, term, nil); err == nil {
			t.Errorf("the object % x was taken", term)
		}
	}
	counts, err := b.Commit(t.Context(), nil)
	if err != nil || counts.Quads != 0 || counts.Terms != 0 {
		t.Errorf("what was refused is there: %+v, %v", counts, err)
	}
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
	if _, err := b.Commit(t.Context(), nil); err == nil {
		t.Error("a build was ended twice")
	}
}

// other is a value of a kind that Cayley does not define.
type other struct{}

func (other) String() string { return "other" }
func (other) Native() any    { return nil }
