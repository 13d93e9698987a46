package graph_test

import (
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// version is a version with these claims, and the entities that its named pairs describe.
func version(t *testing.T, names map[quad.IRI][]string, claims ...graph.Claim) *graph.Version {
	t.Helper()
	v := graph.NewVersion()
	add := func(q quad.Quad) {
		if err := v.Add(q, graph.Position{}); err != nil {
			t.Fatal(err)
		}
	}
	for iri, list := range names {
		for i, name := range list {
			p := graph.Name
			if i > 0 {
				p = graph.AltLabel
			}
			add(quad.Quad{Subject: iri, Predicate: p, Object: quad.String(name), Label: graph.Gazetteer})
		}
	}
	for _, c := range claims {
		for _, q := range c.Quads() {
			add(q)
		}
	}
	return v
}

func counted(id string, n int, source string) graph.Claim {
	return graph.Claim{
		ID: quad.IRI("kg:claim/" + id), Subject: "kg:figure/users", Predicate: "kg:itemCount", Object: quad.Int(n),
		Source: quad.IRI("kg:source/" + source),
	}
}

func TestCompareClaims(t *testing.T) {
	with := func(c graph.Claim, change func(*graph.Claim)) graph.Claim {
		change(&c)
		return c
	}
	for _, test := range []struct {
		name          string
		before, after []graph.Claim
		want          []string
	}{
		{
			name:   "the same claims do not differ",
			before: []graph.Claim{counted("a", 1, "x"), counted("b", 2, "y")},
			after:  []graph.Claim{counted("b", 2, "y"), counted("a", 1, "x")},
		},
		{
			name:   "another value under the same id is a correction",
			before: []graph.Claim{counted("a", 1, "x")},
			after:  []graph.Claim{counted("a", 2, "x")},
			want:   []string{"a → a: value"},
		},
		{
			name:   "another value under another id, of the same document, is one too",
			before: []graph.Claim{counted("a", 1, "x")},
			after:  []graph.Claim{counted("b", 2, "x")},
			want:   []string{"a → b: value"},
		},
		{
			name:   "another document is another claim",
			before: []graph.Claim{counted("a", 1, "x")},
			after:  []graph.Claim{counted("b", 1, "y")},
			want:   []string{"- a", "+ b"},
		},
		{
			name:   "what says the same is paired before what says something else",
			before: []graph.Claim{counted("a", 1, "x"), counted("b", 2, "x")},
			after:  []graph.Claim{counted("c", 3, "x"), counted("d", 1, "x")},
			want:   []string{"b → c: value", "a → d"},
		},
		{
			name:   "two where one was: one is corrected, the other new",
			before: []graph.Claim{counted("a", 1, "x")},
			after:  []graph.Claim{counted("b", 2, "x"), counted("c", 3, "x")},
			want:   []string{"a → b: value", "+ c"},
		},
		{
			name:   "an id that was given to another claim is no correction",
			before: []graph.Claim{counted("a", 1, "x")},
			after: []graph.Claim{with(counted("a", 2, "y"), func(c *graph.Claim) {
				c.Subject, c.Predicate = "kg:figure/arrests", "kg:massGrams"
			})},
			want: []string{"- a", "+ a"},
		},
		{
			name:   "each part of a claim counts",
			before: []graph.Claim{counted("a", 1, "x")},
			after: []graph.Claim{with(counted("a", 1, "x"), func(c *graph.Claim) {
				c.UpTo, c.LastDigit, c.Qualifier, c.ReportedAs = quad.Int(3), 10, graph.Approx, "one or so"
				c.Valid = graph.Span{From: graph.Date{Year: 2020}, Until: graph.Date{Year: 2021}}
				c.Speaker, c.DerivedFrom, c.ConvertedFrom = graph.Editors, []quad.IRI{"kg:claim/z"}, "kg:claim/z"
				c.Rank, c.Notes = graph.Deprecated, []string{"why"}
			})},
			want: []string{"a → a: value_max precision qualifier reported_as valid_from valid_until speaker derived_from converted_from rank note"},
		},
		{
			name: "who rests on a claim that has a new id is not corrected by that",
			before: []graph.Claim{
				counted("a", 1, "x"),
				with(counted("b", 1, "y"), func(c *graph.Claim) { c.DerivedFrom = []quad.IRI{"kg:claim/a"} }),
			},
			after: []graph.Claim{
				counted("c", 1, "x"),
				with(counted("b", 1, "y"), func(c *graph.Claim) { c.DerivedFrom = []quad.IRI{"kg:claim/c"} }),
			},
			want: []string{"a → c"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := graph.Compare(version(t, nil, test.before...), version(t, nil, test.after...))
			if got := told(d); !slices.Equal(got, test.want) {
				t.Error(cmp.Diff(test.want, got))
			}
			if d.Empty() != (len(test.want) == 0) {
				t.Errorf("Empty() = %v", d.Empty())
			}
		})
	}
}

// told puts what changed among the claims in short words.
func told(d *graph.Difference) []string {
	id := func(c graph.Claim) string { return string(c.ID[len("kg:claim/"):]) }
	var list []string
	for _, c := range d.Corrected {
		line := id(c.Old) + " → " + id(c.New) + ":"
		for _, change := range c.Changes {
			line += " " + change.Field
		}
		list = append(list, line)
	}
	for _, c := range d.Renumbered {
		list = append(list, id(c.Old)+" → "+id(c.New))
	}
	for _, c := range d.Withdrawn {
		list = append(list, "- "+id(c))
	}
	for _, c := range d.Added {
		list = append(list, "+ "+id(c))
	}
	return list
}

func TestCompareEntities(t *testing.T) {
	const hush, phone, murmur = quad.IRI("kg:platform/hush"), quad.IRI("kg:platform/hush-phone"), quad.IRI("kg:platform/murmur")
	for _, test := range []struct {
		name          string
		before, after map[quad.IRI][]string
		renamed       string
		kept, merged  bool
		added, gone   int
	}{
		{
			name:   "a new slug, with the old one among the aliases",
			before: map[quad.IRI][]string{hush: {"Hush"}}, after: map[quad.IRI][]string{phone: {"Hush Phone", "hush"}},
			renamed: "kg:platform/hush → kg:platform/hush-phone",
		},
		{
			name:   "a new slug with the old name",
			before: map[quad.IRI][]string{hush: {"Hush"}}, after: map[quad.IRI][]string{phone: {"Hush"}},
			renamed: "kg:platform/hush → kg:platform/hush-phone", kept: true,
		},
		{
			name:   "a new name, and the old one is an alias",
			before: map[quad.IRI][]string{hush: {"Hush"}}, after: map[quad.IRI][]string{hush: {"Hush Phone", "Hush"}},
			renamed: "kg:platform/hush → kg:platform/hush", kept: true,
		},
		{
			name:   "two things that were one all along",
			before: map[quad.IRI][]string{hush: {"Hush"}, phone: {"Hush Phone"}}, after: map[quad.IRI][]string{phone: {"Hush Phone", "Hush"}},
			renamed: "kg:platform/hush → kg:platform/hush-phone", kept: true, merged: true,
		},
		{
			name:   "where two bear the old name, nobody guesses",
			before: map[quad.IRI][]string{hush: {"Hush"}}, after: map[quad.IRI][]string{phone: {"Hush Phone", "Hush"}, murmur: {"Hush"}},
			gone: 1, added: 2,
		},
		{
			name:   "a thing of another class is another thing",
			before: map[quad.IRI][]string{hush: {"Hush"}}, after: map[quad.IRI][]string{"kg:company/hush": {"Hush"}},
			gone: 1, added: 1,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := graph.Compare(version(t, test.before), version(t, test.after))
			got := ""
			for _, r := range d.Renamed {
				got = string(r.Old.IRI + " → " + r.New.IRI)
				if r.Kept != test.kept || r.Merged != test.merged {
					t.Errorf("want kept %v, merged %v; found %v, %v", test.kept, test.merged, r.Kept, r.Merged)
				}
			}
			if got != test.renamed || len(d.EntitiesAdded) != test.added || len(d.EntitiesRemoved) != test.gone {
				t.Errorf("want %q, %d added, %d removed; found %q, %v, %v", test.renamed, test.added, test.gone, got, d.EntitiesAdded, d.EntitiesRemoved)
			}
		})
	}
}

// A new slug changes no claim: what was said of the thing is said of it under its new name.
func TestCompareFollowsARename(t *testing.T) {
	claim := func(about quad.IRI) graph.Claim {
		return graph.Claim{ID: "kg:claim/a", Subject: "kg:operation/o", Predicate: "kg:targeted", Object: about, Source: "kg:source/x"}
	}
	before := version(t, map[quad.IRI][]string{"kg:platform/hush": {"Hush"}}, claim("kg:platform/hush"))
	after := version(t, map[quad.IRI][]string{"kg:platform/hush-phone": {"Hush"}}, claim("kg:platform/hush-phone"))
	d := graph.Compare(before, after)
	if got := told(d); len(got) > 0 || len(d.Renamed) != 1 || len(d.Redescribed) > 0 {
		t.Errorf("want a renaming and nothing else, found %v, %v, %v", got, d.Renamed, d.Redescribed)
	}
}

// What was derived, and the schema, differ with every release of the program and are no news.
func TestCompareLeavesOutWhatFollows(t *testing.T) {
	v := graph.NewVersion()
	for _, q := range []quad.Quad{
		{Subject: quad.IRI("kg:agency/a"), Predicate: quad.IRI("kg:cracked"), Object: quad.IRI("kg:platform/p"), Label: quad.IRI("kg:derivation/1")},
		{Subject: quad.IRI("kg:derivation/1"), Predicate: graph.Rule, Object: quad.String("r"), Label: graph.Provenance},
		{Subject: quad.IRI("kg:Agency"), Predicate: graph.Type, Object: quad.IRI("rdfs:Class"), Label: graph.SchemaIn},
	} {
		if err := v.Add(q, graph.Position{}); err != nil {
			t.Fatal(err)
		}
	}
	if d := graph.Compare(graph.NewVersion(), v); !d.Empty() {
		t.Errorf("want no difference, found %v", d)
	}
	loose := quad.Quad{Subject: quad.IRI("a:s"), Predicate: quad.IRI("a:p"), Object: quad.String("o")}
	if err := v.Add(loose, graph.Position{}); err != nil {
		t.Fatal(err)
	}
	if d := graph.Compare(graph.NewVersion(), v); len(d.FactsAdded) != 1 || d.FactsAdded[0] != loose {
		t.Errorf("want the fact without a claim, found %v", d)
	}
}
