package graph_test

import (
	"context"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

// TestOrigins builds one small press landscape: a release, reports that repeat it, a report of its own,
// and two pages that cite each other.
func TestOrigins(t *testing.T) {
	repeats := func(what, from quad.IRI) quad.Quad {
		return quad.Quad{Subject: what, Predicate: graph.DerivedFrom, Object: from, Label: graph.Gazetteer}
	}
	var quads []quad.Quad
	for _, id := range []quad.IRI{"release", "copy", "report", "digest", "paper", "wiki-a", "wiki-b", "wiki-c"} {
		quads = append(quads, named("kg:source/"+id, string(id)))
	}
	quads = append(quads,
		repeats("kg:source/copy", "kg:source/release"),
		repeats("kg:source/report", "kg:source/release"),
		repeats("kg:source/digest", "kg:source/report"),
		repeats("kg:source/wiki-a", "kg:source/wiki-b"),
		repeats("kg:source/wiki-b", "kg:source/wiki-a"),
		repeats("kg:source/wiki-c", "kg:source/wiki-b"),
	)
	in := map[quad.IRI]graph.Claim{}
	for _, c := range []struct{ id, source, from quad.IRI }{
		{"in-release", "release", ""},
		{"in-copy", "copy", ""},
		{"in-digest", "digest", ""},
		{"in-paper", "paper", ""},
		{"paper-quotes-copy", "paper", "kg:source/copy"},
		{"paper-repeats-claim", "paper", "kg:claim/in-digest"},
		{"paper-repeats-lost-claim", "paper", "kg:claim/in-no-store"},
		{"in-wiki-a", "wiki-a", ""},
		{"in-wiki-c", "wiki-c", ""},
	} {
		claim := graph.Claim{
			ID: "kg:claim/" + c.id, Subject: "kg:agency/nca", Predicate: "kg:infiltrated",
			Object: "kg:platform/" + c.id, Source: "kg:source/" + c.source,
		}
		quads = append(quads, named("kg:platform/"+c.id, string(c.id)))
		if c.from != "" {
			claim.DerivedFrom = []quad.IRI{c.from}
		}
		in[c.id] = claim
		if c.id != "paper-repeats-lost-claim" { // the store knows nothing of it
			quads = append(quads, claim.Quads()...)
		}
	}
	inferred := graph.Claim{
		ID: "kg:claim/inferred", Subject: "kg:agency/nca", Predicate: "kg:infiltrated", Object: quad.IRI("kg:platform/in-paper"),
		Source: "kg:source/paper", DerivedFrom: []quad.IRI{"kg:claim/in-copy", "kg:claim/in-paper"},
	}
	quads = append(quads, inferred.Quads()...)
	in["inferred"] = inferred
	quads = append(quads, named("kg:agency/nca", "NCA"))
	facts, err := gather(t, goingOn(quads...))
	if err != nil {
		t.Fatal(err)
	}
	store := graph.OpenFacts(facts, graph.OpenOptions{Schema: storetest.Schema(t)})
	defer store.Close()

	for _, c := range []struct {
		name   string
		claims []quad.IRI
		want   []quad.IRI
	}{
		{"no claims have no origin", nil, nil},
		{"a release is its own origin", []quad.IRI{"in-release"}, []quad.IRI{"release"}},
		{"what copies the release has the release as origin", []quad.IRI{"in-copy"}, []quad.IRI{"release"}},
		{"so has a digest of a report on the release", []quad.IRI{"in-digest"}, []quad.IRI{"release"}},
		{"three documents on one release are one origin", []quad.IRI{"in-release", "in-copy", "in-digest"}, []quad.IRI{"release"}},
		{"a report of its own is a second one", []quad.IRI{"in-copy", "in-paper"}, []quad.IRI{"paper", "release"}},
		{"a claim that quotes a copy goes back to the release, not to its own document", []quad.IRI{"paper-quotes-copy"}, []quad.IRI{"release"}},
		{"a claim that repeats a claim goes back to where that was read", []quad.IRI{"paper-repeats-claim"}, []quad.IRI{"release"}},
		{"a claim that repeats what is not there stands on its own document", []quad.IRI{"paper-repeats-lost-claim"}, []quad.IRI{"paper"}},
		{"what was inferred has the origins of all that it was inferred from", []quad.IRI{"inferred"}, []quad.IRI{"paper", "release"}},
		{"pages that cite each other are one origin, whichever was read", []quad.IRI{"in-wiki-a", "in-wiki-c"}, []quad.IRI{"wiki-a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var claims []graph.Claim
			for _, id := range c.claims {
				claims = append(claims, in[id])
			}
			var want []quad.IRI
			for _, id := range c.want {
				want = append(want, "kg:source/"+id)
			}
			got, err := store.Origins(context.Background(), claims...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("who asks too late gets the reason", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if got, err := store.Origins(ctx, in["in-copy"]); err == nil {
			t.Errorf("got %v", got)
		}
	})
}
