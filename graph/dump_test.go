package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/graph/storetest"
)

// printed is how the tests of dumps print a term: like N-Quads, with IRIs escaped as the order of dumps
// asks for.
func printed(dst []byte, t graph.Term) ([]byte, error) {
	escaped := func(iri []byte) []byte {
		var b []byte
		for _, c := range iri {
			if strings.IndexByte("<>\"{}|^`\\", c) >= 0 || c <= ' ' {
				b = fmt.Appendf(b, "\\u%04X", c)
			} else {
				b = append(b, c)
			}
		}
		return b
	}
	switch t.Kind {
	case graph.IRITerm:
		return fmt.Appendf(dst, "<%s>", escaped(t.Text)), nil
	case graph.BlankTerm:
		return fmt.Appendf(dst, "_:%s", t.Text), nil
	case graph.LangTerm:
		return fmt.Appendf(dst, "%q@%s", t.Text, t.More), nil
	case graph.TypedTerm:
		return fmt.Appendf(dst, "%q^^<%s>", t.Text, escaped(t.More)), nil
	default:
		return fmt.Appendf(dst, "%q", t.Text), nil
	}
}

// termOf is a value as a term of a dump.
func termOf(ns graph.Namespaces, v quad.Value) graph.Term {
	if t, ok := graph.Lexical(v); ok {
		v = t
	}
	switch v := ns.ExpandValue(v).(type) {
	case quad.IRI:
		return graph.Term{Kind: graph.IRITerm, Text: []byte(v)}
	case quad.BNode:
		return graph.Term{Kind: graph.BlankTerm, Text: []byte(v)}
	case quad.LangString:
		return graph.Term{Kind: graph.LangTerm, Text: []byte(v.Value), More: []byte(v.Lang)}
	case quad.TypedString:
		return graph.Term{Kind: graph.TypedTerm, Text: []byte(v.Value), More: []byte(v.Type)}
	default:
		return graph.Term{Kind: graph.StringTerm, Text: []byte(quad.ToString(v))}
	}
}

// dumpWorld is claims, conclusions and foreign quads whose names break every rule of thumb about order:
// one begins another, some need escapes, some look like prefixes.
func dumpWorld(seed uint64, n int) []quad.Quad {
	r := rand.New(rand.NewPCG(seed, 7))
	names := []quad.IRI{
		"http://x/a", "http://x/a#b", "http://x/a#b!", "http://x/a#b~", "http://x/a/", "http://x/a?q", "http://x/a~", "http://x/a\xC3\xA9",
		"http://x/<", "http://x/a b", "http://x/a}", "http://x/", "https://example.org/zoo", "https://example.org/kg", "urn:x:y",
		"iri:kg:x", "iri:iri:x", "iri:owl:", "schema:x", "schema:x/y", "rdf:x", "owl:Thing", "geo:x", "zz:top", "aa:bottom",
	}
	node := func() quad.Value {
		switch r.IntN(6) {
		case 0:
			return quad.BNode(fmt.Sprint("b", r.IntN(20)))
		case 1, 2:
			return names[r.IntN(len(names))]
		default:
			return quad.IRI(fmt.Sprintf("http://x/%s/%d", []string{"node", "no", "nodes#"}[r.IntN(3)], r.IntN(n/4+1)))
		}
	}
	literals := []quad.Value{
		quad.String("plain"), quad.String(""), quad.String("\"quoted\"\n"),
		quad.LangString{Value: "Antwerpen", Lang: "nl-BE"},
		quad.Int(7), quad.Int(-40), quad.Int(300),
		quad.Float(2.5), quad.Bool(true),
		quad.TypedString{Value: "2021-03", Type: "xsd:gYearMonth"},
		quad.TypedString{Value: "042", Type: "xsd:integer"},
		quad.String(strings.Repeat("a long text ", 40)),
	}
	predicates := []quad.IRI{"http://x/p", "http://x/p#", "http://x/p!", "rdfs:comment", "dcterms:title", "http://x/q"}
	var qs []quad.Quad
	for range n {
		q := quad.Quad{Subject: node(), Predicate: predicates[r.IntN(len(predicates))], Object: node()}
		if r.IntN(2) == 0 {
			q.Object = literals[r.IntN(len(literals))]
		}
		if r.IntN(2) == 0 {
			q.Label = node()
		}
		qs = append(qs, q)
	}
	for i := range 40 {
		place, claim := quad.IRI(fmt.Sprintf("kg:location/l%d", i)), quad.IRI(fmt.Sprintf("kg:claim/c%d", i))
		qs = append(qs,
			quad.Quad{Subject: place, Predicate: graph.Within, Object: quad.IRI(fmt.Sprintf("kg:location/l%d", i/2-1)), Label: graph.Gazetteer},
			quad.Quad{Subject: place, Predicate: quad.IRI("kg:describedAs"), Object: quad.String("a port"), Label: claim},
			quad.Quad{Subject: claim, Predicate: graph.ReadIn, Object: quad.IRI("kg:source/paper"), Label: graph.Provenance})
	}
	return qs
}

// A dump holds what Subgraph returns, sorted by bytes or as it lies in the store.
func TestDumpsAgreeWithSubgraphs(t *testing.T) {
	for _, test := range []struct {
		name string
		n    int
		sel  graph.Selection
	}{
		{"everything", 3000, graph.Selection{Derived: true}},
		{"many of one subject", 60000, graph.Selection{Derived: true}},
		{"what is stated", 500, graph.Selection{}},
		{"what no editor concluded", 500, graph.Selection{Derived: true, WithoutInferred: true}},
		{"no claims", 500, graph.Selection{Derived: true, WithoutClaims: true}},
		{"a small graph", 1, graph.Selection{Derived: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph")}
			if _, err := graph.Build(t.Context(), a, storetest.Feed(dumpWorld(3, test.n)), graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
				t.Fatal(err)
			}
			s, err := openAt(t, a)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var want []string
			named := 0
			for q, err := range s.Subgraph(t.Context(), test.sel) {
				if err != nil {
					t.Fatal(err)
				}
				var line []byte
				for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
					if v != nil {
						line, _ = printed(line, termOf(s.Namespaces(), v))
						line = append(line, ' ')
					}
				}
				if q.Label != nil {
					named++
				}
				want = append(want, string(line)+".")
			}
			slices.Sort(want)
			d, ok, err := s.Dump(t.Context(), test.sel)
			if err != nil || !ok {
				t.Fatalf("no dump: %v, %v", ok, err)
			}
			for _, sorted := range []bool{true, false} {
				var out bytes.Buffer
				counts, err := d.Write(t.Context(), &out, sorted, printed)
				if err != nil {
					t.Fatal(err)
				}
				got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
				if !sorted {
					slices.Sort(got)
					got = slices.Compact(got)
				} else if counts != (graph.DumpCounts{Quads: len(want), Labelled: named}) {
					t.Errorf("counts %+v, want %d quads, %d of them in a graph", counts, len(want), named)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("sorted %v (-want +got):\n%s", sorted, diff[:min(len(diff), 3000)])
				}
			}
		})
	}
}

func TestDumpsAreForWholeGraphsInSnapshots(t *testing.T) {
	s, err := openAt(t, buildAt(t, "snapshot", 10))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, test := range []struct {
		name  string
		store *graph.Store
		sel   graph.Selection
		want  bool
	}{
		{"a snapshot", s, graph.Selection{}, true},
		{"a part of it", s, graph.Selection{Entities: []quad.IRI{"http://example.com/1"}}, false},
		{"a narrowed one", s, graph.Selection{Preferred: true}, false},
		{"another store", smallStore(t), graph.Selection{}, false},
	} {
		if _, ok, err := test.store.Dump(t.Context(), test.sel); ok != test.want || err != nil {
			t.Errorf("%s: %v, %v, want %v", test.name, ok, err, test.want)
		}
	}
}

// A fullWriter takes some bytes and no more.
type fullWriter struct{ room int }

var errFull = errors.New("no room")

func (w *fullWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestDumpsThatCannotGoOn(t *testing.T) {
	a := buildAt(t, "snapshot", 60_000)
	s, err := openAt(t, a)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, _, err := s.Dump(t.Context(), graph.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(t.Context(), &fullWriter{1 << 20}, true, printed); !errors.Is(err, errFull) {
		t.Errorf("a writer that is full: %v", err)
	}
	refused := errors.New("refused")
	if _, err := d.Write(t.Context(), &fullWriter{1 << 30}, false, func(b []byte, term graph.Term) ([]byte, error) {
		if string(term.Text) == "thing 40000" {
			return b, refused
		}
		return printed(b, term)
	}); !errors.Is(err, refused) {
		t.Errorf("a term that is refused: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Write(ctx, &fullWriter{1 << 30}, true, printed); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
	if err := os.Truncate(a.Path, 4096); err != nil {
		t.Fatal(err)
	}
	for _, sorted := range []bool{true, false} {
		if _, err := d.Write(t.Context(), &fullWriter{1 << 30}, sorted, printed); !errors.Is(err, snapshot.ErrDamaged) {
			t.Errorf("a file that was cut short: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(t.Context(), &fullWriter{1 << 30}, true, printed); !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("a store that was closed: %v", err)
	}
}
