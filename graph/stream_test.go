package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/graph/storetest"
)

// streamedWorld has something of everything that a build looks at: claims with documents, links that
// conclude, names, texts on claims, values of every kind, quads that come again.
func streamedWorld(n int) []quad.Quad {
	var quads []quad.Quad
	gazetteer := func(s, p quad.IRI, o quad.Value) {
		quads = append(quads, quad.Quad{Subject: s, Predicate: p, Object: o, Label: graph.Gazetteer})
	}
	claim := func(id, s, p quad.IRI, o quad.Value) {
		quads = append(quads,
			quad.Quad{Subject: s, Predicate: p, Object: o, Label: id},
			quad.Quad{Subject: id, Predicate: graph.ReadIn, Object: quad.IRI("kg:source/s"), Label: graph.Provenance},
			quad.Quad{Subject: id, Predicate: graph.ReportedAs, Object: quad.String("so they said of " + string(s)), Label: graph.Provenance},
		)
	}
	gazetteer("kg:source/s", graph.Type, quad.IRI("kg:Source"))
	gazetteer("kg:source/s", graph.Name, quad.String("A Report"))
	gazetteer("kg:location/all", graph.Name, quad.String("All"))
	for i := range n {
		name := func(path string) quad.IRI { return quad.IRI(fmt.Sprintf("kg:%s/n%d", path, i)) }
		id := func(k int) quad.IRI { return quad.IRI(fmt.Sprintf("kg:claim/W-%d-%d", i, k)) }
		gazetteer(name("platform"), graph.Name, quad.String(fmt.Sprintf("Plattform Nr. %d für ängstliche Händler", i)))
		gazetteer(name("agency"), graph.Name, quad.String(fmt.Sprintf("Agency %d", i%7)))
		gazetteer(name("agency"), graph.AltLabel, quad.String("Behörde"))
		gazetteer(name("location"), graph.Within, quad.IRI(fmt.Sprintf("kg:location/n%d", i/2+n)))
		gazetteer(quad.IRI(fmt.Sprintf("kg:location/n%d", i+n)), graph.Within, quad.IRI("kg:location/all"))
		gazetteer(name("operation"), graph.Kind, quad.IRI("kg:kind/enforcement"))
		claim(id(1), name("operation"), "kg:targeted", name("platform"))
		claim(id(2), name("operation"), "kg:ledBy", name("agency"))
		claim(id(3), name("seizure"), "kg:duringOperation", name("operation"))
		claim(id(4), name("seizure"), "kg:massGrams", quad.Int(i))
		claim(id(5), name("operation"), graph.StartDate, quad.TypedString{Value: quad.String(fmt.Sprintf("2020-01-%02d", 1+i%28)), Type: "xsd:date"})
		if i%5 == 0 {
			quads = append(quads, quad.Quad{Subject: id(2), Predicate: graph.RankIs, Object: graph.Deprecated, Label: graph.Provenance})
		}
		quads = append(quads,
			quad.Quad{Subject: quad.IRI(fmt.Sprintf("http://e/%d", i)), Predicate: quad.IRI("http://e/p"), Object: quad.Float(float64(i) / 4)},
			quad.Quad{Subject: quad.BNode(fmt.Sprintf("b%d", i)), Predicate: quad.IRI("http://e/q"), Object: quad.Bool(i%2 == 0), Label: quad.BNode("g")},
			quad.Quad{Subject: quad.IRI(fmt.Sprintf("http://e/%d", i)), Predicate: quad.IRI("http://e/says"), Object: quad.String(fmt.Sprintf("  text %d, and \"more\"", i))},
			quads[len(quads)-1], // once more
		)
	}
	return quads
}

// asTerms hands quads to a sink as bytes, from two goroutines, once it wants them.
func asTerms(quads []quad.Quad) graph.Feed {
	return func(_ context.Context, sink graph.Sink) error {
		bulk := sink.(graph.BulkSink)
		i := 0
		for ; i < len(quads) && !bulk.Bulk(); i++ {
			if err := sink.Add(quads[i], graph.Position{File: "quads", Line: i + 1}); err != nil {
				return err
			}
		}
		half := i + (len(quads)-i)/2
		errs := make(chan error)
		for _, r := range [][2]int{{i, half}, {half, len(quads)}} {
			go func() {
				shard := bulk.Shard()
				var err error
				for k := r[0]; k < r[1] && err == nil; k++ {
					err = shard.AddTerms(termsOf(quads[k]), graph.Position{File: "quads", Line: k + 1})
				}
				errs <- err
			}()
		}
		return errors.Join(<-errs, <-errs)
	}
}

func termsOf(q quad.Quad) *graph.TermQuad {
	term := func(v quad.Value) graph.Term {
		if typed, ok := graph.Lexical(v); ok {
			v = typed
		}
		switch v := v.(type) {
		case quad.IRI:
			return graph.Term{Kind: graph.IRITerm, Text: []byte(v)}
		case quad.BNode:
			return graph.Term{Kind: graph.BlankTerm, Text: []byte(v)}
		case quad.String:
			return graph.Term{Kind: graph.StringTerm, Text: []byte(v)}
		case quad.LangString:
			return graph.Term{Kind: graph.LangTerm, Text: []byte(v.Value), More: []byte(v.Lang)}
		case quad.TypedString:
			return graph.Term{Kind: graph.TypedTerm, Text: []byte(v.Value), More: []byte(v.Type)}
		default:
			return graph.Term{}
		}
	}
	return &graph.TermQuad{Subject: term(q.Subject), Predicate: term(q.Predicate), Object: term(q.Object), Label: term(q.Label)}
}

// The same facts make the same file, byte by byte, however they come and with whatever means.
func TestAStreamMakesTheFileThatGatheringMakes(t *testing.T) {
	quads := streamedWorld(700)
	build := func(feed graph.Feed, o graph.BuildOptions) []byte {
		t.Helper()
		a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
		o.Schema = dataSchema(t)
		o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
		var stated []quad.Quad
		o.Facts = func(facts iter.Seq2[quad.Quad, error]) error {
			for q, err := range facts {
				if err != nil {
					return err
				}
				stated = append(stated, q)
			}
			return nil
		}
		if _, err := graph.Build(t.Context(), a, feed, o); err != nil {
			t.Fatal(err)
		}
		f, err := graph.Gather(t.Context(), storetest.Feed(quads), o)
		if err != nil {
			t.Fatal(err)
		}
		graph.SortQuads(stated)
		graph.SortQuads(f.Stated)
		if diff := cmp.Diff(f.Stated, stated); diff != "" {
			t.Errorf("what was stated (-want +got):\n%s", diff)
		}
		if err := snapshot.Verify(t.Context(), a.Path); err != nil {
			t.Error(err)
		}
		data, err := os.ReadFile(a.Path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	want := build(storetest.Feed(quads), graph.BuildOptions{})
	mixed := slices.Clone(quads)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	for _, tc := range []struct {
		name string
		feed graph.Feed
		o    graph.BuildOptions
	}{
		{"values, from the first quad", storetest.Feed(quads), graph.BuildOptions{Hold: 1}},
		{"values, from somewhere in the middle", storetest.Feed(quads), graph.BuildOptions{Hold: 5_000}},
		{"bytes from two goroutines", asTerms(quads), graph.BuildOptions{Hold: 1}},
		{"bytes after values", asTerms(quads), graph.BuildOptions{Hold: 3_000}},
		{"one core and the least memory", asTerms(quads), graph.BuildOptions{Hold: 1, Memory: 1, Workers: 1}},
		{"eight cores", asTerms(quads), graph.BuildOptions{Hold: 1, Workers: 8}},
		{"another order", asTerms(mixed), graph.BuildOptions{Hold: 10, Memory: 1}},
	} {
		if got := build(tc.feed, tc.o); !bytes.Equal(got, want) {
			t.Errorf("%s: another file of %d bytes, want %d", tc.name, len(got), len(want))
		}
	}
}

// What is wrong is told in the same words whether quads are gathered or streamed, and at the same places
// if the input can be read again.
func TestAStreamTellsTheProblemsThatGatheringTells(t *testing.T) {
	const p = "http://e/p"
	name := func(s quad.IRI, n string) quad.Quad {
		return quad.Quad{Subject: s, Predicate: graph.Name, Object: quad.String(n), Label: graph.Gazetteer}
	}
	within := func(s, o quad.IRI) quad.Quad {
		return quad.Quad{Subject: s, Predicate: graph.Within, Object: o, Label: graph.Gazetteer}
	}
	for _, tc := range []struct {
		name  string
		wrong []quad.Quad
	}{
		{"nothing", nil},
		{"a predicate that nobody knows", []quad.Quad{quad.Make(quad.IRI("kg:agency/a"), quad.IRI("kg:craked"), quad.IRI("kg:platform/p"), nil)}},
		{"no quad at all", []quad.Quad{{Subject: quad.IRI("a"), Predicate: quad.IRI("b")}}},
		{"a claim without a document", []quad.Quad{{Subject: quad.IRI("kg:operation/o"), Predicate: quad.IRI("kg:targeted"), Object: quad.IRI("kg:platform/p"), Label: quad.IRI("kg:claim/X")}}},
		{"a claim without a fact", []quad.Quad{{Subject: quad.IRI("kg:claim/X"), Predicate: graph.ReadIn, Object: quad.IRI("kg:source/s"), Label: graph.Provenance}}},
		{"a claim on two facts", []quad.Quad{{Subject: quad.IRI("kg:operation/n3"), Predicate: quad.IRI("kg:targeted"), Object: quad.IRI("kg:platform/p"), Label: quad.IRI("kg:claim/W-3-1")}}},
		{"two ranks of a claim", []quad.Quad{{Subject: quad.IRI("kg:claim/W-5-2"), Predicate: graph.RankIs, Object: graph.Preferred, Label: graph.Provenance}}},
		{"two names in the gazetteer", []quad.Quad{name("kg:platform/n2", "Another")}},
		{"two spellings of a number", []quad.Quad{quad.Make(quad.IRI("http://e/x"), quad.IRI(p), quad.TypedString{Value: "2.5E-01", Type: "xsd:double"}, nil)}},
		{"two spellings of a truth", []quad.Quad{quad.Make(quad.IRI("http://e/x"), quad.IRI(p), quad.TypedString{Value: "True", Type: "xsd:boolean"}, nil)}},
		{"a place within itself", []quad.Quad{within("kg:location/all", "kg:location/n0")}},
		{"several of them", []quad.Quad{
			name("kg:platform/n1", "Another"), within("kg:location/all", "kg:location/n0"), name("kg:platform/n1", "A third"),
			quad.Make(quad.IRI("kg:agency/a"), quad.IRI("kg:craked"), quad.IRI("kg:platform/p"), nil),
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			quads := slices.Concat(streamedWorld(40), tc.wrong)
			feed := func(_ context.Context, sink graph.Sink) error { // lists every problem
				var problems graph.Problems
				for i, q := range quads {
					if err := problems.Collect(sink.Add(q, graph.Position{File: "quads", Line: i + 1})); err != nil {
						return err
					}
				}
				return problems.Join()
			}
			o := graph.BuildOptions{Schema: dataSchema(t), Again: true}
			_, gathering := graph.Gather(t.Context(), feed, o)
			if (gathering != nil) != (len(tc.wrong) > 0) {
				t.Fatalf("gathering: %v", gathering)
			}
			for _, hold := range []int{1, 300} {
				for _, a := range []graph.Address{{Scheme: "memory"}, {Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph")}} {
					o.Hold = hold
					_, err := graph.Build(t.Context(), a, feed, o)
					if diff := cmp.Diff(lines(gathering), lines(err)); diff != "" {
						t.Errorf("%s, from quad %d (-gathered +streamed):\n%s", a.Scheme, hold, diff)
					}
					if _, missing := os.Stat(a.Path); err != nil && !a.InMemory() && missing == nil {
						t.Error("a store was made of it")
					}
					again := o
					again.Again = false
					if _, err := graph.Build(t.Context(), a, feed, again); (err == nil) != (gathering == nil) {
						t.Errorf("%s, without a second look: %v", a.Scheme, err)
					}
				}
			}
		})
	}
}

// lines are the problems of an error, sorted.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	list := strings.Split(err.Error(), "\n")
	slices.Sort(list)
	return list
}

// Who writes the facts elsewhere may fail, and then nothing is replaced.
func TestAStreamEndsWithWhoeverTakesItsFacts(t *testing.T) {
	a := buildAt(t, "snapshot", 10)
	full := errors.New("no room")
	o := graph.BuildOptions{Schema: dataSchema(t), Hold: 1, Facts: func(iter.Seq2[quad.Quad, error]) error { return full }}
	if _, err := graph.Build(t.Context(), a, storetest.Feed(streamedWorld(5)), o); !errors.Is(err, full) {
		t.Errorf("Build = %v, want %v", err, full)
	}
	if n := names(t, a); n != 10 {
		t.Errorf("the old store holds %d names", n)
	}
}

// Random facts, many of them wrong, are taken or refused alike whether they are gathered or streamed.
func TestAStreamAgreesWithGatheringOnRandomFacts(t *testing.T) {
	rounds := 150
	if testing.Short() {
		rounds = 20
	}
	random := rand.New(rand.NewPCG(7, 7))
	schema := dataSchema(t)
	pick := func(list ...string) quad.IRI { return quad.IRI(list[random.IntN(len(list))]) }
	entity := func() quad.IRI {
		return pick("kg:agency/a", "kg:agency/b", "kg:platform/p", "kg:platform/q", "kg:operation/o", "kg:location/x", "kg:location/y", "kg:location/z",
			"kg:seizure/s", "kg:claim/A-1", "kg:claim/A-2", "kg:derivation/d", "http://e/x", "kg:agency/", "kg:nothing")
	}
	predicate := func() quad.IRI {
		return pick("kg:targeted", "kg:ledBy", "kg:duringOperation", "kg:fromPlatform", "kg:massGrams", "http://e/p", "kg:craked",
			string(graph.Name), string(graph.AltLabel), string(graph.Within), string(graph.Kind), string(graph.ReadIn), string(graph.RankIs),
			string(graph.ReportedAs), string(graph.ValidUntil))
	}
	object := func() quad.Value {
		switch random.IntN(8) {
		case 0:
			return quad.String(pick("A name", "Another", "", " ", "Ünal"))
		case 1:
			return quad.Int(random.IntN(3))
		case 2:
			return quad.TypedString{Value: quad.String(pick("2020-01-02", "2.5E-01", "2.5E-1", "True")), Type: pick("xsd:date", "xsd:double", "xsd:boolean")}
		case 3:
			return quad.Float(0.25)
		case 4:
			return pick("kg:kind/enforcement", "kg:kind/police", string(graph.Deprecated), "kg:source/s")
		default:
			return entity()
		}
	}
	label := func() quad.Value {
		switch random.IntN(6) {
		case 0:
			return nil
		case 1, 2:
			return graph.Gazetteer
		case 3:
			return graph.Provenance
		case 4:
			return graph.SchemaIn
		default:
			return pick("kg:claim/A-1", "kg:claim/A-2", "kg:claim/A-3", "kg:derivation/d")
		}
	}
	taken := 0
	for round := range rounds {
		var quads []quad.Quad
		for len(quads) < 1+random.IntN(40) {
			q := quad.Quad{Subject: entity(), Predicate: predicate(), Object: object(), Label: label()}
			if random.IntN(10) > 0 && schema.Check(q) != nil {
				continue // most of what the schema refuses by itself is of no interest
			}
			quads = append(quads, q)
		}
		feed := func(_ context.Context, sink graph.Sink) error {
			var problems graph.Problems
			for i, q := range quads {
				if err := problems.Collect(sink.Add(q, graph.Position{File: "quads", Line: i + 1})); err != nil {
					return err
				}
			}
			return problems.Join()
		}
		o := graph.BuildOptions{Schema: schema, Again: true, Now: func() time.Time { return time.Time{} }}
		var files [2][]byte
		var errs [2]error
		for i, hold := range []int{0, 1 + random.IntN(len(quads))} {
			a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph")}
			o.Hold = hold
			_, errs[i] = graph.Build(t.Context(), a, feed, o)
			if errs[i] == nil {
				var err error
				if files[i], err = os.ReadFile(a.Path); err != nil {
					t.Fatal(err)
				}
			}
		}
		if diff := cmp.Diff(lines(errs[0]), lines(errs[1])); diff != "" {
			t.Fatalf("round %d, from quad %d (-gathered +streamed):\n%s\n%v", round, o.Hold, diff, quads)
		}
		if !bytes.Equal(files[0], files[1]) {
			t.Fatalf("round %d, from quad %d: other files of %v", round, o.Hold, quads)
		}
		if errs[0] == nil {
			taken++
		}
	}
	if taken < rounds/20 {
		t.Errorf("only %d of %d rounds were right: nothing was compared", taken, rounds)
	}
}
