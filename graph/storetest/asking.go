package storetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// asking are the behaviours of a store that knows claims, names and classes.
func asking() []behaviour {
	return []behaviour{
		{"an entity is found by id, slug, name and alias", find},
		{"what is not found comes with suggestions", notFound},
		{"names come from the graph, else from the schema", names},
		{"a search ranks exact names, starts, words, parts, slips and texts", search},
		{"a claim comes back whole", wholeClaims},
		{"a conclusion comes with its rule and its claims", conclusions},
		{"the graph is counted", stats},
	}
}

func find(e exam) {
	s := e.store(world())
	for _, tc := range []struct {
		text    string
		classes []quad.IRI
		want    string // an id, or the error
	}{
		{text: "kg:platform/sky-ecc", want: string(sky)},
		{text: "<kg:platform/sky-ecc>", want: string(sky)},
		{text: "https://example.org/kg/platform/sky-ecc", want: string(sky)},
		{text: "<https://example.org/kg/platform/sky-ecc>", want: string(sky)},
		{text: "platform/sky-ecc", want: string(sky)},
		{text: "sky-ecc", want: string(sky)},
		{text: "Sky ECC", want: string(sky)},
		{text: "  sky ecc ", want: string(sky)},
		{text: "SKYECC", want: string(sky)},
		{text: "sky  globals network", want: string(sky)},
		{text: "police federale", want: string(belgians)},
		{text: "nca", want: string(nca)},
		{text: "N.C.A.", want: string(nca)},
		{text: "claim/C-1", want: "kg:claim/C-1"},
		{text: "kg:claim/C-1", want: "kg:claim/C-1"},
		{text: "kg:Platform", want: "kg:Platform"},
		{text: "kg:kind/enforcement", want: "kg:kind/enforcement"},
		{text: "kind/enforcement", want: "kg:kind/enforcement"},
		{text: "https://schema.org/name", want: "schema:name"},
		{text: "http://example.com/it", want: "http://example.com/it"},
		{text: "ghost", want: `"ghost" may mean Operation Ghost (kg:operation/ghost) or Ghost (kg:platform/ghost); give the id`},
		{text: "Ghost", want: string("kg:platform/ghost")},
		{text: "ghost", classes: []quad.IRI{"kg:Operation"}, want: "kg:operation/ghost"},
		{text: "argus", want: "kg:agency/argus"}, // an id beats a name
		{text: "Argus", want: `"Argus" may mean Argus (kg:agency/argus) or Argus (kg:operation/limit); give the id`},
		{text: "Argus", classes: []quad.IRI{"kg:Operation"}, want: "kg:operation/limit"},
		{text: "argus", classes: []quad.IRI{"kg:Operation"}, want: "kg:operation/limit"},
		{text: "antwerp-cocaine", classes: []quad.IRI{"kg:Figure"}, want: string(cocaine)},
		{text: "kg:seizure/antwerp-cocaine", classes: []quad.IRI{"kg:Figure"}, want: string(cocaine)},
		{text: "antwerp", classes: []quad.IRI{"kg:Platform", "kg:Location"}, want: string(antwerp)},
	} {
		e.Run(tc.text, func(t *testing.T) {
			got, err := s.Find(t.Context(), tc.text, tc.classes...)
			if text := string(got); text != tc.want && (err == nil || err.Error() != tc.want) {
				t.Errorf("Find(%q, %v) = %q, %v; want %s", tc.text, tc.classes, got, err, tc.want)
			}
		})
	}
}

func notFound(e exam) {
	s := e.store(world())
	for _, tc := range []struct {
		text    string
		classes []quad.IRI
		want    string
	}{
		{text: "enkrochat", want: `no entity "enkrochat"; did you mean EncroChat (kg:platform/encrochat)?`},
		{text: "Belgain Federal Police", want: `no entity "Belgain Federal Police"; did you mean Belgian Federal Police (kg:agency/be-federal-police)?`},
		{text: "venetic", classes: []quad.IRI{"kg:Platform"}, want: `no platform "venetic"; Operation Venetic (kg:operation/venetic) is of class operation`},
		{text: "kg:Platform", classes: []quad.IRI{"kg:Platform", "kg:Agency"}, want: `no platform or agency "kg:Platform"; platform (kg:Platform) is something else`},
		{text: "kg:platform/none", want: `no entity "kg:platform/none"; kg search looks for parts of names`},
		{text: "<sky-ecc>", want: `no entity "<sky-ecc>"; did you mean Sky ECC (kg:platform/sky-ecc)?`},
		{text: "!?", want: `no entity "!?"; kg search looks for parts of names`},
		{text: "", want: `no entity ""; kg search looks for parts of names`},
		{text: "zzzzzzzz", want: `no entity "zzzzzzzz"; kg search looks for parts of names`},
	} {
		e.Run(tc.text, func(t *testing.T) {
			_, err := s.Find(t.Context(), tc.text, tc.classes...)
			var missing *graph.NotFoundError
			if !errors.As(err, &missing) || err.Error() != tc.want {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
}

func names(e exam) {
	s := e.store(world())
	for range 2 { // before and after the index of names is made
		got, err := s.Names(e.Context(), sky, "kg:Agency", infiltrate, "kg:kind/takedown", "kg:claim/C-1", sky)
		if err != nil {
			e.Fatal(err)
		}
		want := map[quad.IRI]string{sky: "Sky ECC", "kg:Agency": "agency", infiltrate: "infiltrated", "kg:kind/takedown": "takedown"}
		if diff := cmp.Diff(want, got); diff != "" {
			e.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := s.Find(e.Context(), "Sky ECC"); err != nil {
			e.Fatal(err)
		}
	}
}

func search(e exam) {
	s := e.store(world())
	for _, tc := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"nca", 1, []string{"kg:agency/nca exact NCA"}},
		{"sky-ecc", 0, []string{"kg:platform/sky-ecc exact Sky ECC"}},
		{"belg", 0, []string{"kg:agency/be-federal-police prefix Belgian Federal Police", "kg:location/belgium prefix Belgium"}},
		{"police belgian", 0, []string{"kg:agency/be-federal-police words Belgian Federal Police"}},
		{"werp", 0, []string{"kg:location/antwerp part Antwerp", "kg:seizure/antwerp-cocaine part Cocaine at the port of Antwerp", "kg:location/port-of-antwerp part Port of Antwerp"}},
		{"encorchat", 0, []string{"kg:platform/encrochat typo EncroChat"}},
		{"control centre", 0, []string{"kg:platform/encrochat text a command and control centre"}},
		{"27.64 tons", 0, []string{"kg:seizure/antwerp-cocaine text 27.64 tons"}},
		{"antwerp", 2, []string{"kg:location/antwerp exact Antwerp", "kg:seizure/antwerp-cocaine words Cocaine at the port of Antwerp"}},
		{"infiltrated", 0, nil}, // the schema is no entity
		{"!", 0, nil},
	} {
		e.Run(tc.text, func(t *testing.T) {
			hits, err := s.Search(t.Context(), tc.text, tc.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range hits {
				got = append(got, string(h.ID)+" "+h.How.String()+" "+h.Matched)
				if c, _ := s.Schema().ClassOf(h.ID); h.Class != c || h.Name == "" {
					t.Errorf("%s: class %v, name %q", h.ID, h.Class, h.Name)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func wholeClaims(e exam) {
	s := e.store(world())
	for _, want := range claims() {
		slices.Sort(want.Notes)
		got, err := s.Claim(e.Context(), want.ID)
		if err != nil {
			e.Fatal(err)
		}
		slices.Sort(got.Notes)
		if diff := cmp.Diff(want, got); diff != "" {
			e.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
	}
	ids := func(cs []graph.Claim, err error) []string {
		e.Helper()
		if err != nil {
			e.Fatal(err)
		}
		var list []string
		for _, c := range cs {
			list = append(list, string(c.ID))
		}
		return list
	}
	for _, tc := range []struct {
		name string
		got  []string
		want []string
	}{
		{"of a subject", ids(s.Claims(e.Context(), cocaine, "", nil)), []string{"kg:claim/C-3", "kg:claim/C-4", "kg:claim/C-5"}},
		{"of a subject and predicate", ids(s.Claims(e.Context(), cocaine, massGrams, nil)), []string{"kg:claim/C-3", "kg:claim/C-4"}},
		{"of a whole fact", ids(s.Claims(e.Context(), belgians, infiltrate, sky)), []string{"kg:claim/C-1", "kg:claim/C-2"}},
		{"of an object", ids(s.ClaimsByObject(e.Context(), nca)), []string{"kg:claim/C-7"}},
		{"of none", ids(s.Claims(e.Context(), antwerp, "", nil)), nil},
	} {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			e.Errorf("claims %s (-want +got):\n%s", tc.name, diff)
		}
	}
	for _, id := range []quad.IRI{"kg:claim/none", graph.Gazetteer} {
		var missing *graph.NotFoundError
		if c, err := s.Claim(e.Context(), id); !errors.As(err, &missing) {
			e.Errorf("Claim(%s) = %v, %v", id, c, err)
		}
	}
}

func conclusions(e exam) {
	s := e.store(world())
	got, err := s.Derivations(e.Context(), "", "kg:cracked", nil)
	if err != nil {
		e.Fatal(err)
	}
	if len(got) != 1 || got[0].Fact.Subject != belgians || got[0].Fact.Object != sky || len(got[0].Rules) != 1 ||
		!slices.Equal(got[0].From, []quad.IRI{"kg:claim/C-1", "kg:claim/C-2"}) {
		e.Fatalf("who cracked: %+v", got)
	}
	one, err := s.Derivation(e.Context(), got[0].ID)
	if diff := cmp.Diff(got[0], one, byValue()); err != nil || diff != "" {
		e.Errorf("by id: %v (-want +got):\n%s", err, diff)
	}
	places, err := s.Derivations(e.Context(), port, "kg:liesIn", nil)
	if err != nil || len(places) != 2 || places[0].Fact.Object != antwerp || places[1].Fact.Object != belgium {
		e.Errorf("where the port lies: %+v, %v", places, err)
	}
	var missing *graph.NotFoundError
	if _, err := s.Derivation(e.Context(), "kg:claim/C-1"); !errors.As(err, &missing) {
		e.Errorf("a claim is no derivation: %v", err)
	}
}

func stats(e exam) {
	s := e.store(world())
	got, err := s.Stats(e.Context())
	if err != nil {
		e.Fatal(err)
	}
	facts := e.facts(world())
	got.Predicates = map[quad.IRI]int{infiltrate: got.Predicates[infiltrate]}
	want := graph.Stats{
		Quads: len(facts.All()), Claims: 8, Derived: facts.Counts().Derived, Schema: got.Schema,
		Provenance: got.Provenance, Gazetteer: got.Gazetteer,
		Facts: 8 + 3 + facts.Counts().Derived + got.Gazetteer,
		Classes: map[quad.IRI]int{
			"kg:Platform": 3, "kg:Agency": 3, "kg:Operation": 3, "kg:Location": 3, "kg:Seizure": 1, "kg:Source": 2,
		},
		Documents:  map[quad.IRI]int{article: 7, release: 1},
		Speakers:   map[quad.IRI]int{belgians: 2, nca: 2, "": 4},
		Predicates: map[quad.IRI]int{infiltrate: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		e.Errorf("(-want +got):\n%s", diff)
	}
	if got.Quads != got.Facts+got.Provenance+got.Schema {
		e.Errorf("the parts do not add up: %+v", got)
	}
}
