package graph_test

import (
	"fmt"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
)

func TestDisagreements(t *testing.T) {
	figure := func(id, subject quad.IRI, n int, change func(*graph.Claim)) []quad.Quad {
		c := graph.Claim{ID: "kg:claim/" + id, Subject: "kg:figure/" + subject, Predicate: "kg:itemCount", Object: quad.Int(n), Source: "kg:source/paper"}
		if change != nil {
			change(&c)
		}
		return c.Quads()
	}
	hedged := func(q quad.IRI) func(*graph.Claim) { return func(c *graph.Claim) { c.Qualifier = q } }
	from := func(source quad.IRI) func(*graph.Claim) { return func(c *graph.Claim) { c.Source = source } }
	quads := []quad.Quad{named("kg:source/paper", "Paper"), named("kg:source/release", "Release")}
	quads = append(quads, quad.Quad{Subject: quad.IRI("kg:source/release"), Predicate: graph.Kind, Object: graph.KindPrimary, Label: graph.Gazetteer})
	for _, id := range []quad.IRI{"same", "rounded", "apart", "none", "unhedged", "alone"} {
		quads = append(quads, named("kg:figure/"+id, string(id)))
	}
	for _, claim := range [][]quad.Quad{
		figure("A1", "same", 60, nil), figure("A2", "same", 60, from("kg:source/release")),
		figure("B1", "rounded", 60000, from("kg:source/release")), figure("B2", "rounded", 61200, nil), figure("B3", "rounded", 60000, nil),
		figure("C1", "apart", 17000, nil), figure("C2", "apart", 28000, nil),
		figure("C3", "apart", 99000, func(c *graph.Claim) { c.Rank = graph.Deprecated }),
		figure("C4", "apart", 40, func(c *graph.Claim) { c.ConvertedFrom = "kg:claim/C1" }),
		figure("D1", "none", 5, nil), figure("D2", "none", 0, func(c *graph.Claim) { c.Object = graph.NoValue }),
		figure("E1", "unhedged", 500, hedged(graph.AtLeast)), figure("E2", "unhedged", 500, nil),
		figure("F1", "alone", 7, nil), figure("F2", "alone", 0, func(c *graph.Claim) { c.Object = graph.SomeValue }),
	} {
		quads = append(quads, claim...)
	}
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := graph.Gather(t.Context(), goingOn(quads...), graph.BuildOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	store := graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})
	defer store.Close()
	show := func(list []graph.Disagreement) []string {
		var lines []string
		for _, d := range list {
			line := fmt.Sprintf("%s %v %s (%s)", string(d.Subject), d.Conflict, string(d.Preferred.ID), d.Rule)
			for _, c := range d.Claims()[1:] {
				line += " " + string(c.ID)
			}
			if percent, ok := d.Spread(); ok && percent != nil {
				line += " " + percent.FloatString(1)
			} else if ok {
				line += " without end"
			}
			lines = append(lines, line)
		}
		return lines
	}
	got, err := store.Disagreements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"kg:figure/apart true kg:claim/C1 (claim id) kg:claim/C2 64.7",
		"kg:figure/none true kg:claim/D1 (more significant digits) kg:claim/D2 without end",
		"kg:figure/rounded false kg:claim/B1 (kind of document) kg:claim/B3 kg:claim/B2 2.0",
		"kg:figure/unhedged false kg:claim/E2 (unhedged) kg:claim/E1 0.0",
	}
	if diff := cmp.Diff(want, show(got)); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	some, err := store.Disagreements(t.Context(), "kg:figure/apart", "kg:figure/same", "kg:figure/apart")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], show(some)); diff != "" {
		t.Errorf("of two figures (-want +got):\n%s", diff)
	}
}
