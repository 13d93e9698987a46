package cli

import (
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

func TestWhatIsLeftOutIsToldInPart(t *testing.T) {
	for _, tc := range []struct {
		name   string
		n      int
		format string
		lines  int
		last   string
	}{
		{"a few are all told", leftOutShown, "table", leftOutShown, "kg: left out: Crate: the same"},
		{"of many some are told, and how many more there are", leftOutShown + 3, "tsv", leftOutShown + 1, "kg: left out: 3 more; --format json lists them all"},
		{"JSON has them itself", leftOutShown + 3, "json", 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			table := queries.Table{Columns: []queries.Column{column("item", queries.TypeText)}, Rows: [][]queries.Cell{{textCell("cocaine")}}}
			for range tc.n {
				table.LeftOut = append(table.LeftOut, queries.LeftOut{What: queries.Value{Term: quad.IRI("kg:seizure/crate"), Label: "Crate"}, Reason: "the same"})
			}
			var out, told strings.Builder
			a := &app{std: Streams{Out: &out, Err: &told}, format: tc.format}
			for _, e := range encodings() {
				if e.name == tc.format {
					if err := a.answer(e, tableFlags{}, table); err != nil {
						t.Fatal(err)
					}
				}
			}
			lines := strings.Split(strings.TrimSuffix(told.String(), "\n"), "\n")
			if n := strings.Count(told.String(), "\n"); n != tc.lines || lines[len(lines)-1] != tc.last {
				t.Errorf("%d lines, the last is %q; want %d and %q", n, lines[len(lines)-1], tc.lines, tc.last)
			}
			if tc.format == "json" && strings.Count(out.String(), `"Crate"`) != tc.n {
				t.Errorf("not all stand in %s", &out)
			}
		})
	}
}
