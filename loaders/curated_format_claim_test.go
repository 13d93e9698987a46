package loaders_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// trialTables is a copy of the project's tables that a test may change.
func trialTables(t *testing.T) fstest.MapFS {
	t.Helper()
	const dir = "../data/curated"
	fsys := fstest.MapFS{}
	files, err := loaders.CuratedTables(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(dir + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		fsys["in/"+file] = &fstest.MapFile{Data: text}
	}
	return fsys
}

func TestTryClaim(t *testing.T) {
	fsys := trialTables(t)
	good := map[string]string{"claim_id": "T-1", "subject": "platform/sky-ecc", "predicate": "describedAs", "value": "A network", "source_id": "seed-article"}
	with := func(column, text string) map[string]string {
		cells := map[string]string{}
		for k, v := range good {
			cells[k] = v
		}
		cells[column] = text
		return cells
	}
	for _, test := range []struct {
		name, file string
		cells      map[string]string
		column     string // that is wrong
		want       string
	}{
		{name: "a claim for a table that is there", file: "claims/sky-ecc.csv", cells: good},
		{name: "and for a new one", file: "claims/trial.csv", cells: good},
		{name: "a predicate that is none", file: "claims/trial.csv", cells: with("predicate", "describedAss"), column: "predicate", want: "did you mean describedAs?"},
		{name: "an entity that is not there", file: "claims/trial.csv", cells: with("subject", "platform/sky-eccc"), column: "subject", want: "sky-ecc"},
		{name: "a document that is not there", file: "claims/sky-ecc.csv", cells: with("source_id", "seed-articel"), column: "source_id", want: "seed-article"},
		{name: "an id that is taken", file: "claims/trial.csv", cells: with("claim_id", "A-SEED-010"), column: "claim_id", want: "an id of its own"},
		{name: "a claim that rests on none", file: "claims/trial.csv", cells: with("derived_from", "T-0"), column: "derived_from", want: "want a claim of the tables"},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen := 0
			sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { seen++; return nil })
			trial, err := loaders.TryClaim(t.Context(), fsys, "in", test.file, test.cells, projectSchema(t), sink)
			if err != nil {
				t.Fatal(err)
			}
			if len(trial.Others) > 0 {
				t.Errorf("mistakes elsewhere: %v", trial.Others)
			}
			if test.column == "" {
				if len(trial.Faults) > 0 || len(trial.Quads) != 2 || seen < 100 || !strings.Contains(string(trial.Text), "\nT-1,platform/sky-ecc,describedAs,A network,") {
					t.Errorf("want the claim and its document, found %v, %v", trial.Quads, trial.Faults)
				}
				return
			}
			if got := trial.Faults[test.column].Error(); len(trial.Faults) != 1 || !strings.Contains(got, test.want) {
				t.Errorf("want %q about %s, found %v", test.want, test.column, trial.Faults)
			}
		})
	}
	if _, written := fsys["in/claims/trial.csv"]; written {
		t.Error("a trial was written")
	}
}
