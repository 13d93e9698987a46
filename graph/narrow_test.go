package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// portStore holds two seizures in two countries, two claims on the mass of one of them, an operation and
// a platform: what a selection narrows.
func portStore(t *testing.T) *graph.Store {
	t.Helper()
	schema := dataSchema(t)
	var quads []quad.Quad
	say := func(s, p quad.IRI, o quad.Value) {
		quads = append(quads, quad.Quad{Subject: s, Predicate: p, Object: o, Label: graph.Gazetteer})
	}
	for _, e := range []struct{ id, class quad.IRI }{
		{"kg:platform/hush", "kg:Platform"},
		{"kg:operation/net", "kg:Operation"},
		{"kg:agency/police", "kg:Agency"},
		{"kg:location/quay", "kg:Location"},
		{"kg:location/antwerp", "kg:Location"},
		{"kg:location/belgium", "kg:Location"},
		{"kg:location/rotterdam", "kg:Location"},
		{"kg:seizure/quay", "kg:Seizure"},
		{"kg:seizure/rotterdam", "kg:Seizure"},
		{"kg:source/press", "kg:Source"},
		{"kg:source/release", "kg:Source"},
	} {
		say(e.id, graph.Type, e.class)
		say(e.id, graph.Name, quad.String(strings.ToUpper(string(e.id[strings.LastIndexByte(string(e.id), '/')+1:])+" "+string(e.class[3:]))))
	}
	say("kg:location/quay", graph.Within, quad.IRI("kg:location/antwerp"))
	say("kg:location/antwerp", graph.Within, quad.IRI("kg:location/belgium"))
	say("kg:source/press", graph.Kind, quad.IRI("kg:kind/press"))
	say("kg:source/release", graph.Kind, graph.KindPrimary)
	claim := func(id, s, p quad.IRI, o quad.Value, source quad.IRI) {
		quads = append(quads, graph.Claim{ID: "kg:claim/" + id, Subject: s, Predicate: p, Object: o, Source: "kg:source/" + source}.Quads()...)
	}
	day := func(text string) quad.Value {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d.Value()
	}
	claim("place-1", "kg:seizure/quay", "kg:place", quad.IRI("kg:location/quay"), "press")
	claim("place-2", "kg:seizure/rotterdam", "kg:place", quad.IRI("kg:location/rotterdam"), "press")
	claim("mass-press", "kg:seizure/quay", "kg:massGrams", quad.Int(28_000_000), "press")
	claim("mass-release", "kg:seizure/quay", "kg:massGrams", quad.Int(27_640_000), "release")
	claim("mass-2", "kg:seizure/rotterdam", "kg:massGrams", quad.Int(5_000_000), "press")
	claim("start-1", "kg:seizure/quay", "schema:startDate", day("2021-02-20"), "release")
	claim("start-2", "kg:seizure/rotterdam", "schema:startDate", day("2019"), "press")
	claim("during", "kg:seizure/quay", "kg:duringOperation", quad.IRI("kg:operation/net"), "press")
	claim("target", "kg:operation/net", "kg:targeted", quad.IRI("kg:platform/hush"), "release")
	claim("led", "kg:operation/net", "kg:ledBy", quad.IRI("kg:agency/police"), "press")
	facts, err := graph.Gather(context.Background(), func(_ context.Context, sink graph.Sink) error {
		for _, q := range quads {
			if err := sink.Add(q, graph.Position{}); err != nil {
				return err
			}
		}
		return nil
	}, graph.BuildOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	store := graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// worldOf lists the claims of a subgraph, and the facts without one that are no names, classes or kinds.
func worldOf(t *testing.T, s *graph.Store, sel graph.Selection) []string {
	t.Helper()
	var list []string
	for q, err := range s.Subgraph(t.Context(), sel) {
		if err != nil {
			t.Fatal(err)
		}
		subject, _ := q.Subject.(quad.IRI)
		switch label, _ := q.Label.(quad.IRI); {
		case graph.IsClaim(label):
			list = append(list, strings.TrimPrefix(string(label), "kg:claim/"))
		case graph.IsClaim(subject), graph.IsDerivation(subject), label == graph.SchemaIn:
		case q.Predicate == graph.Type, q.Predicate == graph.Name, q.Predicate == graph.Kind:
		default:
			list = append(list, quad.ToString(q.Subject)+" "+quad.ToString(q.Predicate))
		}
	}
	slices.Sort(list)
	return list
}

func TestSelectionsKeepWhatTheyAreAskedFor(t *testing.T) {
	s := portStore(t)
	year := func(y int) graph.Date { return graph.Date{Year: y} }
	within := []string{"<kg:location/antwerp> <kg:within>", "<kg:location/quay> <kg:within>"}
	for _, test := range []struct {
		name string
		sel  graph.Selection
		want []string
	}{
		{"facts about seizures, on either end", graph.Selection{Classes: []quad.IRI{"kg:Seizure"}}, []string{"during", "mass-2", "mass-press", "mass-release", "place-1", "place-2", "start-1", "start-2"}},
		{"a class includes the narrower ones", graph.Selection{Classes: []quad.IRI{"kg:Figure"}}, []string{"during", "mass-2", "mass-press", "mass-release", "place-1", "place-2", "start-1", "start-2"}},
		{"two classes are joined", graph.Selection{Classes: []quad.IRI{"kg:Platform", "kg:Agency"}}, []string{"led", "target"}},
		{"facts of a predicate", graph.Selection{Predicates: []quad.IRI{"kg:massGrams"}}, []string{"mass-2", "mass-press", "mass-release"}},
		{"a class and a predicate have both to fit", graph.Selection{Classes: []quad.IRI{"kg:Agency"}, Predicates: []quad.IRI{"kg:massGrams"}}, nil},
		{"what a document backs", graph.Selection{Sources: []quad.IRI{"kg:source/release"}}, []string{"mass-release", "start-1", "target"}},
		{"a place includes those in it, and what its things are tied to", graph.Selection{Places: []quad.IRI{"kg:location/belgium"}}, []string{"during", "mass-press", "mass-release", "place-1", "start-1"}},
		{"another place", graph.Selection{Places: []quad.IRI{"kg:location/rotterdam"}}, []string{"mass-2", "place-2", "start-2"}},
		{"what was before a time goes, what has no time stays", graph.Selection{During: graph.Span{From: year(2020)}}, append(slices.Clone(within), "during", "led", "mass-press", "mass-release", "place-1", "start-1", "target")},
		{"what was after a time goes", graph.Selection{During: graph.Span{Until: year(2019)}}, append(slices.Clone(within), "led", "mass-2", "place-2", "start-2", "target")},
		{"one value of each figure, that of the better document", graph.Selection{Preferred: true, Predicates: []quad.IRI{"kg:massGrams"}}, []string{"mass-2", "mass-release"}},
		{"an entity, narrowed", graph.Selection{Entities: []quad.IRI{"kg:seizure/quay"}, Predicates: []quad.IRI{"kg:place"}}, []string{"place-1"}},
		{"facts that point away", graph.Selection{Entities: []quad.IRI{"kg:operation/net"}, Direction: graph.Forward}, []string{"led", "target"}},
		{"facts that point to it", graph.Selection{Entities: []quad.IRI{"kg:operation/net"}, Direction: graph.Backward}, []string{"during"}},
		{"either; a figure at the edge comes with its numbers", graph.Selection{Entities: []quad.IRI{"kg:operation/net"}}, []string{"during", "led", "mass-press", "mass-release", "start-1", "target"}},
		{"two steps that point away", graph.Selection{Entities: []quad.IRI{"kg:seizure/quay"}, Depth: 2, Direction: graph.Forward}, []string{"<kg:location/quay> <kg:within>", "during", "led", "mass-press", "mass-release", "place-1", "start-1", "target"}},
		{"a claim and an entity are joined", graph.Selection{Claims: []quad.IRI{"kg:claim/mass-2"}, Entities: []quad.IRI{"kg:agency/police"}}, []string{"led", "mass-2"}},
		{"single facts", graph.Selection{Facts: []quad.Quad{{Subject: quad.IRI("kg:operation/net"), Predicate: quad.IRI("kg:ledBy"), Object: quad.IRI("kg:agency/police"), Label: quad.IRI("kg:claim/led")}}}, []string{"led"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, worldOf(t, s, test.sel)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A thing on the way brings as many facts as it may, always the same ones, and the rest is told.
func TestHubsAreCutAndTold(t *testing.T) {
	s := portStore(t)
	cut := map[quad.IRI]int{}
	sel := graph.Selection{
		Entities: []quad.IRI{"kg:location/quay"}, Depth: 2, PerNode: 3,
		Cut: func(entity quad.IRI, left int) { cut[entity] += left },
	}
	first := worldOf(t, s, sel)
	if diff := cmp.Diff(map[quad.IRI]int{"kg:seizure/quay": 3}, cut); diff != "" {
		t.Errorf("cut (-want +got):\n%s", diff)
	}
	for range 5 {
		if diff := cmp.Diff(first, worldOf(t, s, sel)); diff != "" {
			t.Fatalf("another time (-want +got):\n%s", diff)
		}
	}
	clear(cut)
	sel.Depth = 1
	worldOf(t, s, sel)
	if len(cut) > 0 {
		t.Errorf("where a walk starts nothing is cut, found %v", cut)
	}
}

// Without claims facts stand in no graph, a fact that two documents state is one, and nobody is quoted.
func TestSubgraphsWithoutClaims(t *testing.T) {
	s := portStore(t)
	for _, sel := range []graph.Selection{
		{WithoutClaims: true, Derived: true},
		{WithoutClaims: true, Classes: []quad.IRI{"kg:Seizure"}},
		{WithoutClaims: true, Entities: []quad.IRI{"kg:seizure/quay"}, Depth: 3},
	} {
		masses := 0
		for q, err := range s.Subgraph(t.Context(), sel) {
			if err != nil {
				t.Fatal(err)
			}
			subject, _ := q.Subject.(quad.IRI)
			label, _ := q.Label.(quad.IRI)
			if graph.IsClaim(subject) || graph.IsDerivation(subject) || graph.IsClaim(label) || graph.IsDerivation(label) || label == graph.Provenance {
				t.Errorf("%v is about a claim", q)
			}
			if subject == "kg:seizure/quay" && q.Predicate == quad.IRI("kg:massGrams") {
				masses++
			}
		}
		if masses != 2 {
			t.Errorf("%d masses, want both that are claimed", masses)
		}
	}
}
