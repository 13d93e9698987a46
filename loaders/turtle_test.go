package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

// TestResolve resolves references as RFC 3986 says in its section 5.4, and some that are easy to get
// wrong.
func TestResolve(t *testing.T) {
	for _, tt := range []struct{ base, reference, want string }{
		{"http://a/b/c/d;p?q", "g", "http://a/b/c/g"},
		{"http://a/b/c/d;p?q", "g:h", "g:h"},
		{"http://a/b/c/d;p?q", "/g", "http://a/g"},
		{"http://a/b/c/d;p?q", "//g", "http://g"},
		{"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"},
		{"http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q#s"},
		{"http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"},
		{"http://a/b/c/d;p?q#f", "", "http://a/b/c/d;p?q"},
		{"http://a/b/c/d;p?q", "../../../../g", "http://a/g"},
		{"http://a/b/c/d;p?q", "./g/.", "http://a/b/c/g/"},
		{"http://a/b/c/d;p?q", "g?y/../x", "http://a/b/c/g?y/../x"},
		{"http://a", "g", "http://a/g"},
		{"http://a?q", "g", "http://a/g"},
		{"http://a", "#g", "http://a#g"},
		{"http://a/b", "//g/x/../y", "http://g/y"},
		{"urn:x:y", "#z", "urn:x:y#z"},
		{"urn:x:y", "z", "urn:z"},
		{"file:///a/b", "c", "file:///a/c"},
		{"http://a/b/", "é?ü", "http://a/b/é?ü"},
	} {
		got, err := loadText("turtle", "<"+tt.reference+"> <p:p> 1 .", loaders.Options{Base: tt.base})
		if err != nil {
			t.Errorf("<%s> in %s: %v", tt.reference, tt.base, err)
			continue
		}
		if want := quad.IRI(tt.want); got[0].Subject != want {
			t.Errorf("<%s> in %s is %v, want %v", tt.reference, tt.base, got[0].Subject, want)
		}
	}
	_, err := loadText("turtle", "", loaders.Options{Base: "here/"})
	if want := `in: want a base that is an absolute IRI like https://example.org/, found "here/"`; fmt.Sprint(err) != want {
		t.Errorf("found %v, want %s", err, want)
	}
}

// TestMeaningChanges declares prefixes and bases again: what a term meant before must be forgotten.
func TestMeaningChanges(t *testing.T) {
	got, err := loadText("turtle", `
		@prefix a: <http://one/> . @base <http://one/> .
		a:x <y> "z"^^a:t .
		PREFIX a: <http://two/> BASE <http://two/>
		a:x <y> "z"^^a:t .`, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	statement := func(at string) quad.Quad {
		return quad.Quad{
			Subject: quad.IRI(at + "x"), Predicate: quad.IRI(at + "y"),
			Object: quad.TypedString{Value: "z", Type: quad.IRI(at + "t")},
		}
	}
	if diff := cmp.Diff(list{statement("http://one/"), statement("http://two/")}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTurtlePlaces marks with ‸ where the objects of the quads begin.
func TestTurtlePlaces(t *testing.T) {
	input := "@prefix : <x:> .\r\n:s :p ‸1 , ‸\"é😀\" ;\n\t:q ‸[ :r ‸( ‸2 ‸) ] .\r:s\r\n:t\n‸:u .\n"
	var want []graph.Position
	at := graph.Position{File: "in", Line: 1, Column: 1}
	for _, r := range strings.ReplaceAll(strings.ReplaceAll(input, "\r\n", "\n"), "\r", "\n") {
		switch r {
		case '‸':
			want = append(want, at)
		case '\n':
			at.Line, at.Column = at.Line+1, 1
		default:
			at.Column++
		}
	}
	f, err := loaders.ByName("turtle")
	if err != nil {
		t.Fatal(err)
	}
	var got []graph.Position
	sink := graph.SinkFunc(func(_ quad.Quad, at graph.Position) error { got = append(got, at); return nil })
	if err := f.Load(context.Background(), strings.NewReader(strings.ReplaceAll(input, "‸", "")), "in", loaders.Options{}, sink); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUnlabelledNodes keeps nodes without a label apart from those with one, whatever the label.
func TestUnlabelledNodes(t *testing.T) {
	got, err := loadText("trig", "_:1 <p:p> [] . _:-1 <p:p> 1 .", loaders.Options{Document: "d"})
	if err == nil {
		t.Fatalf("a label cannot begin with -: %v", got)
	}
	got, err = loadText("trig", "_:1 <p:p> [] . _:d-1 <p:p> [] . _:_1 <p:p> [] .", loaders.Options{Document: "d"})
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[quad.Value]bool{}
	for _, q := range got {
		nodes[q.Subject], nodes[q.Object] = true, true
	}
	if len(nodes) != 6 {
		t.Errorf("%d nodes, want 6: %v", len(nodes), got)
	}
}

// TestTurtleEnds ends a load by the sink and by the context.
func TestTurtleEnds(t *testing.T) {
	f, err := loaders.ByName("turtle")
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	input := "<x:s> <x:p> 1 , 2 ; <x:q> 3 .\n"
	count := 0
	err = f.Load(context.Background(), strings.NewReader(input), "in", loaders.Options{KeepGoing: true}, graph.SinkFunc(
		func(quad.Quad, graph.Position) error { count++; return full }))
	if !errors.Is(err, full) || count != 1 {
		t.Errorf("a full sink is asked %d times: %v", count, err)
	}
	err = f.Load(context.Background(), strings.NewReader(input), "in", loaders.Options{KeepGoing: true}, graph.SinkFunc(
		func(_ quad.Quad, at graph.Position) error { return &graph.Problem{At: at, Want: "none"} }))
	if want := "in:1:13: want none\nin:1:17: want none\nin:1:27: want none"; fmt.Sprint(err) != want {
		t.Errorf("found %v\nwant %s", err, want)
	}
	for _, name := range []string{"turtle", "trig", "nquads", "ntriples"} {
		f, err := loaders.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(stop)
		if err := f.Load(ctx, repeat("# nothing but comments\n"), "in", loaders.Options{}, new(list)); !errors.Is(err, stop) {
			t.Errorf("%s: found %v, want %v", name, err, stop)
		}
	}
}
