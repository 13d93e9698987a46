package graph_test

import (
	"context"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// smallStore holds two platforms, an agency that got into one of them, and a figure about it.
func smallStore(t *testing.T) *graph.Store {
	t.Helper()
	schema := dataSchema(t)
	var quads []quad.Quad
	name := func(entity, class quad.IRI, n quad.String) {
		quads = append(quads,
			quad.Quad{Subject: entity, Predicate: graph.Type, Object: class, Label: graph.Gazetteer},
			quad.Quad{Subject: entity, Predicate: graph.Name, Object: n, Label: graph.Gazetteer})
	}
	name("kg:platform/one", "kg:Platform", "One")
	name("kg:platform/two", "kg:Platform", "Two")
	name("kg:agency/police", "kg:Agency", "Police")
	name("kg:figure/users", "kg:Figure", "Users of One")
	name("kg:source/paper", "kg:Source", "A paper")
	quads = append(quads,
		quad.Quad{Subject: quad.IRI("kg:figure/users"), Predicate: quad.IRI("kg:about"), Object: quad.IRI("kg:platform/one"), Label: graph.Gazetteer})
	claim := func(id quad.IRI, subject, predicate quad.IRI, object quad.Value) {
		quads = append(quads, graph.Claim{ID: id, Subject: subject, Predicate: predicate, Object: object, Source: "kg:source/paper"}.Quads()...)
	}
	claim("kg:claim/1", "kg:agency/police", "kg:infiltrated", quad.IRI("kg:platform/one"))
	claim("kg:claim/2", "kg:figure/users", "kg:itemCount", quad.Int(7))
	claim("kg:claim/3", "kg:platform/two", "kg:feature", quad.String("calls"))
	name("kg:agent/editors", "kg:Agent", "Editors")
	quads = append(quads, graph.Claim{
		ID: "kg:claim/4", Subject: "kg:platform/two", Predicate: "kg:status", Object: quad.String("gone"), Source: "kg:source/paper",
		Speaker: graph.Editors, Basis: graph.Inferred, DerivedFrom: []quad.IRI{"kg:claim/3"},
	}.Quads()...)
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

func TestSubgraph(t *testing.T) {
	store := smallStore(t)
	crackedOne, err := store.Derivations(t.Context(), "kg:agency/police", "kg:cracked", quad.IRI("kg:platform/one"))
	if err != nil || len(crackedOne) != 1 {
		t.Fatalf("want one derivation of cracked, found %v, %v", crackedOne, err)
	}
	for _, test := range []struct {
		name string
		sel  graph.Selection
		want []string // subjects and predicates of the quads
	}{
		{
			name: "one step from a platform reaches what names it, with the figure's number, the claims and the names of all",
			sel:  graph.Selection{Entities: []quad.IRI{"kg:platform/one"}},
			want: []string{
				"kg:agency/police kg:infiltrated", "kg:agency/police rdf:type", "kg:agency/police schema:name",
				"kg:claim/1 dcterms:source", "kg:claim/2 dcterms:source",
				"kg:figure/users kg:about", "kg:figure/users kg:itemCount", "kg:figure/users rdf:type", "kg:figure/users schema:name",
				"kg:platform/one rdf:type", "kg:platform/one schema:name",
				"kg:source/paper rdf:type", "kg:source/paper schema:name",
			},
		},
		{
			name: "the fact of one claim comes with its ends and its document",
			sel:  graph.Selection{Claims: []quad.IRI{"kg:claim/3"}},
			want: []string{
				"kg:claim/3 dcterms:source", "kg:platform/two kg:feature", "kg:platform/two rdf:type", "kg:platform/two schema:name",
				"kg:source/paper rdf:type", "kg:source/paper schema:name",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for q, err := range store.Subgraph(t.Context(), test.sel) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(q.Subject.(quad.IRI)+" "+q.Predicate.(quad.IRI)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSubgraphOfEverything(t *testing.T) {
	store := smallStore(t)
	count := func(sel graph.Selection) (n, derived int) {
		for q, err := range store.Subgraph(t.Context(), sel) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if label, ok := q.Label.(quad.IRI); ok && graph.IsDerivation(label) {
				derived++
			}
		}
		return n, derived
	}
	stated, derived := count(graph.Selection{})
	if derived != 0 {
		t.Errorf("stated quads only: found %d derived facts", derived)
	}
	all, derived := count(graph.Selection{Derived: true})
	if derived != 1 || all <= stated {
		t.Errorf("with derived facts: want 1 of them and more than %d quads, found %d and %d", stated, derived, all)
	}
}

func TestSubgraphWithoutWhatTheEditorsConcluded(t *testing.T) {
	store := smallStore(t)
	for _, without := range []bool{false, true} {
		found := false
		for q, err := range store.Subgraph(t.Context(), graph.Selection{Entities: []quad.IRI{"kg:platform/two"}, WithoutInferred: without}) {
			if err != nil {
				t.Fatal(err)
			}
			found = found || q.Label == quad.IRI("kg:claim/4") || q.Subject == quad.IRI("kg:claim/4")
		}
		if found == without {
			t.Errorf("WithoutInferred %v: the editors' claim is there: %v", without, found)
		}
	}
}

func TestSubgraphStopsWithItsContext(t *testing.T) {
	store := smallStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range store.Subgraph(ctx, graph.Selection{}) {
		if err == nil {
			t.Fatal("want the context's error, found a quad")
		}
		return
	}
	t.Fatal("want the context's error, found nothing")
}
