package queries_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries"
)

func TestEveryWorkedExampleComesTrue(t *testing.T) {
	c, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	failures, err := queries.Test(t.Context(), dataset(t), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range failures {
		t.Error(f)
	}
}

// What answers must say. The examples in the heads say more; these sentences stay when they change.
func TestTheAnswersSayWhatTheReportSays(t *testing.T) {
	store := report(t)
	for _, tc := range []struct {
		name     string
		question string
		params   map[string]string
		columns  []string
		want     []string // lines that stand in the answer
		never    []string // words that stand in no line
	}{
		{
			name:     "Sky ECC was cracked by the Belgian Federal Police",
			question: "agencies-by-platform", params: map[string]string{"platform": "sky ecc", "role": "cracked"},
			columns: []string{"platform", "agency", "role", "said_by"},
			want:    []string{"Sky ECC | Belgian Federal Police | cracked | Belgian Federal Police"},
		},
		{
			name:     "EncroChat was cracked by agencies in France and in the Netherlands, and by nobody else",
			question: "agencies-by-platform", params: map[string]string{"platform": "EncroChat", "role": "cracked"},
			columns: []string{"agency", "role"},
			want: []string{
				"Law enforcement agencies in France (unnamed group) | cracked",
				"Law enforcement agencies in the Netherlands (unnamed group) | cracked",
			},
			never: []string{"Europol", "National Crime Agency", "Dutch National Police"},
		},
		{
			name:     "Europol passed on the data of EncroChat",
			question: "platforms-by-agency", params: map[string]string{"agency": "Europol"},
			columns: []string{"platform", "role"},
			want:    []string{"EncroChat | passed on data of"},
			never:   []string{"cracked"},
		},
		{
			name:     "the NCA exploited the data and cracked nothing",
			question: "platforms-by-agency", params: map[string]string{"agency": "NCA"},
			columns: []string{"platform", "role"},
			want:    []string{"EncroChat | exploited the data of"},
			never:   []string{"cracked"},
		},
		{
			name:     "so did the Dutch police",
			question: "platforms-by-agency", params: map[string]string{"agency": "Dutch police"},
			columns: []string{"platform", "role"},
			want:    []string{"EncroChat | exploited the data of"},
			never:   []string{"cracked"},
		},
		{
			name:     "Belgium finds the port of Antwerp",
			question: "seizures-by-location", params: map[string]string{"location": "Belgium"},
			columns: []string{"place", "amount", "converted", "disputed", "from"},
			want: []string{
				"Port of Antwerp | 27.64 t |  |  | 2021-02-20",
				"Port of Antwerp | 1,400,000,000 EUR | 1,650,000,000 USD |  | 2021-02-20",
				"Port of Antwerp | nearly 11 t |  |  | 2021-04-02",
			},
			never: []string{"28 t"},
		},
		{
			name:     "Venetic",
			question: "operation-figures", params: map[string]string{"operation": "Venetic"},
			columns: []string{"counts", "item", "amount", "converted", "said_by"},
			want: []string{
				"arrests |  | 746 |  | National Crime Agency",
				"goods | cash | 54,000,000 GBP | 68,000,000 USD | National Crime Agency",
				"goods | firearms | 77 |  | National Crime Agency",
				"goods | drugs | at least 2 t |  | National Crime Agency",
			},
		},
		{
			name:     "Lemont",
			question: "operation-figures", params: map[string]string{"operation": "lemont"},
			columns: []string{"counts", "item", "amount", "converted"},
			want: []string{
				"arrests |  | 60",
				"goods | drugs | 25 t",
				"goods | cash | 20,000,000 EUR | 23,000,000 USD",
				"goods | automatic weapons | dozens (no number given)",
				"goods | cars | 25",
				"goods | watches | expensive watches (no number given)",
				"labs dismantled |  | 19",
			},
		},
		{
			name:     "users and price of EncroChat",
			question: "platform-figures", params: map[string]string{"platform": "encrochat"},
			columns: []string{"counts", "amount", "converted", "period", "said_by"},
			want: []string{
				"users | 60,000 |  |  | National Crime Agency",
				"price | about 1,500 GBP | about 1,870 USD | six months",
			},
		},
		{
			name:     "drugs include cocaine in the broader view, once",
			question: "seized-substances", params: map[string]string{"broader": "yes", "item": "drugs"},
			columns: []string{"item", "measure", "amount"},
			want:    []string{"cocaine | mass | 27.64 t", "drugs | mass | at least 54.64 t", "drugs | street value | 1,400,000,000 EUR"},
			never:   []string{"cash", "USD"},
		},
		{
			name:     "only what is tied to Sky ECC by a document",
			question: "seizures-by-platform", params: map[string]string{"platform": "Sky ECC"},
			columns: []string{"platform", "amount"},
			want:    []string{"Sky ECC | 27.64 t", "Sky ECC (inferred) | nearly 11 t"},
		},
		{
			name:     "sums of one operation",
			question: "seized-substances", params: map[string]string{"operation": "Venetic", "location": "UK", "platform": "encrochat"},
			columns: []string{"item", "amount"},
			want:    []string{"cash | 54,000,000 GBP", "drugs | at least 2 t", "firearms | 77"},
			never:   []string{"cocaine"},
		},
		{
			name:     "the days since 1 March 2021",
			question: "timeline", params: map[string]string{"since": "2021-03-01", "entity": "Sky ECC"},
			columns: []string{"date", "until", "amount"},
			want:    []string{"2021-04-02 | 2021-04-03 | nearly 11 t", "2021-02-20 | 2021-04-03 (inferred) | 27.64 t"},
			never:   []string{"2020"},
		},
		{
			name:     "the days until 2020",
			question: "timeline", params: map[string]string{"until": "2020-06"},
			columns: []string{"date", "what"},
			want:    []string{"2020 (inferred) | Infiltration of EncroChat"},
			never:   []string{"2020-07", "2021"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, store, lookup(t, tc.question), tc.params, queries.Options{}, tc.columns...)
			for _, line := range tc.want {
				if !slices.Contains(got, line) {
					t.Errorf("no row %q in\n%s", line, strings.Join(got, "\n"))
				}
			}
			for _, line := range got {
				for _, word := range tc.never {
					if strings.Contains(line, word) {
						t.Errorf("%q must not stand in %q", word, line)
					}
				}
			}
		})
	}
}

func TestTheAgenciesAreCounted(t *testing.T) {
	table, err := lookup(t, "agencies-by-platform").Run(t.Context(), report(t), nil, queries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if table.Tally == nil || *table.Tally != (queries.Tally{Column: "agency", N: 6}) {
		t.Errorf("got %v, want 6 agencies", table.Tally)
	}
}

func TestClaimsStandInAColumnOnRequest(t *testing.T) {
	got := ask(t, report(t), lookup(t, "seizures-by-platform"), map[string]string{"platform": "Sky ECC"}, queries.Options{Claims: true}, "amount", "claims")
	want := []string{
		"27.64 t | A-SEED-010; A-SEED-009; A-SEED-008",
		"1,400,000,000 EUR | A-SEED-011; A-SEED-008",
		"nearly 11 t | A-SEED-019; A-SEED-018",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestStatedOnlyLeavesOutWhatTheEditorsConcluded(t *testing.T) {
	got := ask(t, report(t), lookup(t, "seizures-by-platform"), map[string]string{"platform": "Sky ECC"}, queries.Options{StatedOnly: true}, "amount", "from", "until")
	if d := cmp.Diff([]string{"27.64 t | 2021-02-20", "1,400,000,000 EUR | 2021-02-20"}, got); d != "" {
		t.Error(d)
	}
}

// Every question gives the same table on every store.
func TestEveryStoreGivesTheSameRows(t *testing.T) {
	s := schema(t)
	want := answers(t, dataset(t))
	dir := t.TempDir()
	for _, address := range []string{"memory:" + filepath.Join(dir, "facts"), "leveldb:" + filepath.Join(dir, "level"), "bolt:" + filepath.Join(dir, "bolt")} {
		name, _, _ := strings.Cut(address, ":")
		t.Run(name, func(t *testing.T) {
			a, err := graph.ParseAddress(address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := graph.Build(t.Context(), a, datasetFeed, graph.BuildOptions{Schema: s}); err != nil {
				t.Fatal(err)
			}
			store, err := graph.Open(t.Context(), a, graph.OpenOptions{Schema: s})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			}()
			if d := cmp.Diff(want, answers(t, store)); d != "" {
				t.Error(d)
			}
		})
	}
}

// answers is every question's table as JSON, asked with the example's parameters, with none where that
// is possible, and with all options.
func answers(t *testing.T, store *graph.Store) map[string]string {
	t.Helper()
	c, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Questions()
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{}
	note := func(name string, q *queries.Question, params map[string]string, o queries.Options) {
		table, err := q.Run(t.Context(), store, params, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := json.MarshalIndent(table, "", " ")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		tables[name] = string(text)
	}
	for _, q := range all {
		note(q.Name, q, q.Example.Params, queries.Options{})
		note(q.Name+" with claims", q, q.Example.Params, queries.Options{Claims: true, StatedOnly: true})
		if !slices.ContainsFunc(q.Params, func(p queries.Param) bool { return !p.Optional }) {
			note(q.Name+" of all", q, nil, queries.Options{})
		}
	}
	note("sums in the broader view", lookup(t, "seized-substances"), map[string]string{"broader": "true", "location": "europe", "item": "drugs"}, queries.Options{})
	return tables
}

// What must hold of all facts together, whatever else is read: who is a cracker and who is not.
func TestNobodyCrackedMoreThanDocumentsSay(t *testing.T) {
	store := dataset(t)
	crackers := func(platform string) []string {
		t.Helper()
		return ask(t, store, lookup(t, "agencies-by-platform"), map[string]string{"platform": platform, "role": "cracked"}, queries.Options{}, "agency")
	}
	if got := crackers("Phantom Secure"); len(got) > 0 {
		t.Errorf("no document says that anybody cracked Phantom Secure, found %v", got)
	}
	for _, agency := range crackers("EncroChat") {
		if agency == "National Crime Agency" || agency == "Europol" {
			t.Errorf("%s is no cracker of EncroChat", agency)
		}
	}
	if got := crackers("EncroChat"); len(got) == 0 {
		t.Error("somebody cracked EncroChat")
	}
	operated := ask(t, store, lookup(t, "agencies-by-platform"), map[string]string{"platform": "ANOM", "role": "operated"}, queries.Options{}, "agency")
	if d := cmp.Diff([]string{"FBI"}, operated); d != "" {
		t.Errorf("who ran ANOM (-want +got):\n%s", d)
	}
}
