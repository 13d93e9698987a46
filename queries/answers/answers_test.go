package answers_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
	"kg/loaders"
	"kg/queries"
	"kg/queries/answers"
	"kg/queries/gizmo"
)

// reader reads the facts inside the program.
func reader(t *testing.T) *answers.Reader {
	t.Helper()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := graph.Gather(t.Context(), func(ctx context.Context, sink graph.Sink) error {
		return loaders.Load(ctx, loaders.StandardInput, loaders.Options{Format: "nquads", Stdin: strings.NewReader(data.Facts)}, sink)
	}, graph.BuildOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	return &answers.Reader{
		Store: graph.OpenFacts(facts, graph.OpenOptions{Schema: schema}), Schema: schema,
		Places: func() map[string]string { return map[string]string{"A-SEED-010": "claims/seed.csv:11"} },
	}
}

// column is what stands in a column, row by row, each cell as one text.
func column(t *testing.T, table queries.Table, name string) []string {
	t.Helper()
	i := slices.IndexFunc(table.Columns, func(c queries.Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no column %s", name)
	}
	var list []string
	for _, row := range table.Rows {
		var parts []string
		for _, v := range row[i] {
			parts = append(parts, v.Plain())
		}
		list = append(list, strings.Join(parts, "; "))
	}
	return list
}

func TestShowTellsWhatAThingIsThenFiguresThenClaimsThenConclusions(t *testing.T) {
	r := reader(t)
	table, err := r.Show(t.Context(), "kg:platform/encrochat", false)
	if err != nil {
		t.Fatal(err)
	}
	sections := slices.Compact(column(t, table, "section"))
	if diff := cmp.Diff([]string{"what it is", "figures", "claims", "derived"}, sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	stated, err := r.Show(t.Context(), "kg:platform/encrochat", true)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(column(t, stated, "section"), "derived") {
		t.Error("want nothing concluded among what is stated")
	}
	source, err := r.Show(t.Context(), "kg:source/seed-article", false)
	if err != nil || !strings.Contains(strings.Join(column(t, source, "value"), "\n"), " claims") {
		t.Errorf("want how many claims a document backs, found %v", err)
	}
}

func TestClaimsOfAFactAreThoseThatSaySo(t *testing.T) {
	r := reader(t)
	for _, test := range []struct {
		name   string
		args   []string
		stated bool
		want   string // in the column claim
		fails  string
	}{
		{"one by its id", []string{"A-SEED-010"}, false, "A-SEED-010", ""},
		{"of an entity", []string{"seizure/antwerp-cocaine-2021"}, false, "A-SEED-010", ""},
		{"of an entity and a predicate", []string{"seizure/antwerp-cocaine-2021", "massGrams"}, true, "A-SEED-010", ""},
		{"of a value as people write it", []string{"seizure/antwerp-cocaine-2021", "massGrams", "27.64 t"}, false, "A-SEED-010", ""},
		{"of an unknown object", []string{"encrochat", "cracked", "nobody-else"}, false, "", "nobody-else"},
		{"of no entity", []string{"nobody-at-all"}, false, "", "nobody-at-all"},
		{"of no predicate", []string{"encrochat", "crackd"}, false, "", "did you mean cracked"},
	} {
		t.Run(test.name, func(t *testing.T) {
			table, err := r.Claims(t.Context(), test.args, test.stated)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("want an error with %q, found %v", test.fails, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			claims := column(t, table, "claim")
			i := slices.Index(claims, test.want)
			if i < 0 {
				t.Fatalf("want %s, found %v", test.want, claims)
			}
			if line := column(t, table, "line")[i]; line != "claims/seed.csv:11" {
				t.Errorf("want the line of the table, found %q", line)
			}
		})
	}
}

// A conclusion is followed by the claims that it rests on.
func TestAConclusionIsShownWithWhatItRestsOn(t *testing.T) {
	r := reader(t)
	derived, err := r.Store.Derivations(t.Context(), "", "kg:cracked", quad.IRI("kg:platform/encrochat"))
	if err != nil || len(derived) == 0 {
		t.Fatalf("want conclusions, found %d and %v", len(derived), err)
	}
	table, err := r.Claims(t.Context(), []string{string(derived[0].ID)}, false)
	if err != nil {
		t.Fatal(err)
	}
	supports := column(t, table, "supports")
	if len(supports) < 2 || supports[0] != "" || supports[1] != answers.ShortID(derived[0].ID) {
		t.Errorf("want the conclusion, then what supports it, found %v", supports)
	}
	if found := answers.ClaimsIn(table); !slices.Contains(found, derived[0].ID) {
		t.Errorf("want the conclusion among the claims, found %v", found)
	}
	if len(answers.GazetteerNote(graph.Derivation{From: []quad.IRI{graph.Gazetteer}})) == 0 {
		t.Error("want a note on the gazetteer")
	}
}

func TestWordsAreFoundAsPeopleWriteThem(t *testing.T) {
	r := reader(t)
	for _, word := range []string{"cracked", "kg:cracked", "<https://example.org/kg/cracked>"} {
		if p, err := r.WalkedPredicate(word); err != nil || p != "kg:cracked" {
			t.Errorf("%s: found %q and %v", word, p, err)
		}
	}
	if p, err := r.WalkedPredicate("rdf:type"); err != nil || p != "rdf:type" {
		t.Errorf("want a predicate that only the graph has, found %q and %v", p, err)
	}
	for _, word := range []string{"agency", "Agency", "agencies", "kg:Agency"} {
		if c, err := r.ClassNamed(word); err != nil || c.Name != "Agency" {
			t.Errorf("%s: found %v and %v", word, c, err)
		}
	}
	if _, err := r.ClassNamed("agencie"); err == nil || !strings.Contains(err.Error(), "agency") {
		t.Errorf("want the nearest class, found %v", err)
	}
	if !slices.Contains(answers.ClassWords(r.Schema), "platform") {
		t.Error("want platform among the classes")
	}
}

func TestSearchPathNearAndStatsAreTables(t *testing.T) {
	r := reader(t)
	found, err := r.Search(t.Context(), "enkrochat", 3)
	if err != nil || column(t, found, "entity")[0] != "EncroChat" || column(t, found, "how")[0] != "typo" {
		t.Errorf("want EncroChat by a typo, found %v and %v", found.Rows, err)
	}
	paths, answer, err := r.Paths(t.Context(), "europol", "encrochat", graph.PathOptions{})
	if err != nil || len(answer.Paths) == 0 || column(t, paths, "hop")[0] != "1" {
		t.Errorf("want a path, found %v and %v", paths.Rows, err)
	}
	if _, _, err := r.Paths(t.Context(), "europol", "nobody-at-all", graph.PathOptions{}); err == nil {
		t.Error("want an error for an unknown end")
	}
	near, around, err := r.Near(t.Context(), "encrochat", graph.NearOptions{PerNode: 2})
	if err != nil || len(around.Neighbours) != 2 || len(around.Limits) == 0 || len(near.Rows) < 2 {
		t.Errorf("want two neighbours and word of the others, found %v and %v", near.Rows, err)
	}
	stats, err := r.Stats(t.Context())
	if err != nil || column(t, stats, "what")[0] != "quads" {
		t.Errorf("want counts, found %v and %v", stats.Rows, err)
	}
}

func TestAChoiceNamesAPartOfTheGraph(t *testing.T) {
	r := reader(t)
	for _, test := range []struct {
		name   string
		choice answers.Choice
		title  string
		empty  bool
		fails  string
	}{
		{"everything", answers.Choice{}, "The graph", false, ""},
		{"surroundings", answers.Choice{Entities: []string{"encrochat"}, Depth: 1}, "The surroundings of EncroChat", false, ""},
		{"a path", answers.Choice{Entities: []string{"europol", "encrochat"}, Path: true}, "How Europol and EncroChat connect", false, ""},
		{"an answer without rows", answers.Choice{Question: "agencies-by-platform"}, "The answer to agencies-by-platform", true, ""},
		{"all filters", answers.Choice{Classes: []string{"seizure"}, Predicates: []string{"massGrams"}, Sources: []string{"seed-article"}, Places: []string{"belgium"}}, "The graph", false, ""},
		{"an unknown class", answers.Choice{Classes: []string{"crime"}}, "", false, "want a class"},
		{"an unknown predicate", answers.Choice{Predicates: []string{"crackd"}}, "", false, "cracked"},
		{"an unknown place", answers.Choice{Places: []string{"atlantis"}}, "", false, "atlantis"},
		{"an unknown entity", answers.Choice{Entities: []string{"nobody-at-all"}}, "", false, "nobody-at-all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := r.Choose(t.Context(), test.choice)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("want an error with %q, found %v", test.fails, err)
				}
				return
			}
			if err != nil || c.Title != test.title || c.Empty != test.empty {
				t.Errorf("want %q, empty: %t, found %+v and %v", test.title, test.empty, c, err)
			}
		})
	}
}

// The columns of a text's rows are those that any row has.
func TestRowsOfATextBecomeATable(t *testing.T) {
	r := reader(t)
	run := func(text string, limit int64) (queries.Table, error) {
		rows := answers.Rows{Limit: limit}
		o := gizmo.Options{Namespaces: r.Store.Namespaces(), Claims: strings.Contains(text, "cracked"), Result: func(v any) { rows.Last = v }}
		if err := gizmo.Run(t.Context(), r.Store.Cayley(), text, o, rows.Add); err != nil {
			return queries.Table{}, err
		}
		return rows.Table(t.Context(), r)
	}
	for text, want := range map[string][]string{
		`g.V("<kg:platform/encrochat>").in("<kg:cracked>").tag("who").all()`:   {"value", "who", "claims"},
		`g.emit("x"); g.emit(1); g.emit(1.5); g.emit(true); g.emit({a: [1]});`: {"emitted"},
		`g.V("<kg:platform/encrochat>").count()`:                               {"emitted"},
		`g.V("<kg:nothing>").all()`:                                            {"value"},
	} {
		table, err := run(text, 0)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s: columns (-want +got):\n%s", text, diff)
		}
	}
	if _, err := run(`g.V().all()`, 1000); !errors.Is(err, gizmo.ErrMemory) {
		t.Errorf("want the memory limit, found %v", err)
	}
}
