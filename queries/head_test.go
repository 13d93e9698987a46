package queries_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries"
)

// A head that is right; each case spoils one line of it.
const goodHead = `/*
summary: what was seized
params:
  - {name: item, type: Item, optional: true, help: "the item"}
columns:
  - {name: seizure, type: entity}
  - {name: place, type: entity, list: true, of: seizure, fact: place}
  - {name: note, type: text}
  - {name: measure}
  - {name: amount}
group: [seizure, measure]
collect: [note]
prefer: [amount]
sort: [-amount, seizure]
example:
  params: {item: cocaine}
  rows:
    - a | b
*/
`

func TestHead(t *testing.T) {
	q := mustSaved(t, goodHead)
	want := []queries.Column{
		{Name: "seizure", Title: "seizure", Type: queries.TypeEntity},
		{Name: "place", Title: "place", Type: queries.TypeEntity, List: true},
		{Name: "note", Title: "note", Type: queries.TypeText, List: true},
		{Name: "measure", Title: "measure", Type: queries.TypePredicate},
		{Name: "amount", Title: "amount", Type: queries.TypeQuantity},
	}
	var got []queries.Column
	for _, c := range q.Columns {
		got = append(got, c.Column)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]queries.SortKey{{Column: "amount", Descending: true}, {Column: "seizure"}}, q.Sort); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]queries.Param{{Name: "item", Type: "Item", Optional: true, Help: "the item"}}, q.Params); d != "" {
		t.Error(d)
	}
}

func TestHeadErrors(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{
			name: "no head",
			text: "g.V().all();",
			want: "dir/mine.gizmo:1:1: want a comment /* … */ with the question's head as YAML, found none; see kg query --show agencies-by-platform",
		},
		{
			name: "an empty head",
			text: "\n/* */",
			want: "dir/mine.gizmo:2:1: want a head with summary and columns, found none",
		},
		{
			name: "broken YAML names its line",
			text: "// first\n/*\nsummary: a: b\n*/",
			want: "dir/mine.gizmo:1:1: want a comment /* … */ with the question's head as YAML, found none; see kg query --show agencies-by-platform",
		},
		{
			name: "broken YAML names its line, blank lines before the head counted",
			text: "\n\n/*\nsummary: x\ncolumns: [\n*/",
			want: "dir/mine.gizmo:5: want a head in YAML, found did not find expected node content",
		},
		{
			name: "an unknown word comes with the nearest",
			text: "/*\nsummery: x\ncolumns:\n  - {name: a, type: entity}\n*/",
			want: `dir/mine.gizmo:2:1: want one of summary, params, columns, group, collect, prefer, sum, span, sort, tally, example, found "summery"; did you mean summary?`,
		},
		{
			name: "an unknown word in a column",
			text: "/*\nsummary: x\ncolumns:\n  - {name: a, typ: entity}\n*/",
			want: `dir/mine.gizmo:4:15: want one of name, title, type, list, of, fact, order, inverse, found "typ"; did you mean type?`,
		},
		{
			name: "a column that is no map",
			text: "/*\nsummary: x\ncolumns: [platform]\n*/",
			want: `dir/mine.gizmo:3:11: want {name: …, title: …, type: …, list: …, of: …, fact: …, order: …, inverse: …}, found "platform"`,
		},
		{
			name: "a value of the wrong kind",
			text: "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity, list: perhaps}\n*/",
			want: "dir/mine.gizmo:4: want a head in YAML, found cannot unmarshal !!str `perhaps` into bool",
		},
		{
			name: "a colon in an example's row",
			text: "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\nexample:\n  rows:\n    - a: b\n*/",
			want: `dir/mine.gizmo:7: want a head in YAML, found cannot unmarshal !!map into string; put a text with ": " in quotes`,
		},
		{
			name: "nothing in it",
			text: "/*\ntally: a\n*/",
			want: "dir/mine.gizmo:2:1: want a summary that completes the sentence \"kg tells …\", found none\n" +
				"dir/mine.gizmo:2:1: want at least one column, found none\n" +
				"dir/mine.gizmo:2:8: want a column of the question, found \"a\"",
		},
		{
			name: "columns",
			text: "/*\nsummary: x\ncolumns:\n  - {name: Bad Name, type: entity}\n  - {name: a, type: entiti}\n  - {name: b, type: text}\n  - {name: b, type: text}\n  - {name: sources, type: text}\n" +
				"  - {name: c, type: text, of: b, fact: place}\n  - {name: d, type: text, fact: place}\n*/",
			want: `dir/mine.gizmo:4:5: want a name of small letters, digits and _, found "Bad Name"` + "\n" +
				`dir/mine.gizmo:5:5: want a type, one of entity, predicate, concept, claim, text, date, quantity, integer, found "entiti"; did you mean entity?` + "\n" +
				`dir/mine.gizmo:7:5: want a name of its own, found "b" again` + "\n" +
				`dir/mine.gizmo:8:5: want {name: sources} alone: the program fills it, found a type, list or of` + "\n" +
				`dir/mine.gizmo:10:5: want of (an entity's column) and fact (a predicate) together, found one of them` + "\n" +
				`dir/mine.gizmo:9:5: want of: a column of type entity that the text fills, found "b"; did you mean b?`,
		},
		{
			name: "parameters",
			text: "/*\nsummary: x\nparams:\n  - {name: A, type: text, help: h}\n  - {name: b, type: txt}\n  - {name: c, type: text}\n  - {name: c, enum: [x, y], default: z, help: h}\n" +
				"  - {name: d, type: date, bound: sinse, help: h}\n  - {name: e, type: text, bound: since, help: h}\n  - {name: f, type: date, enum: [a], help: h}\ncolumns:\n  - {name: a, type: entity}\n*/",
			want: `dir/mine.gizmo:4:5: want a name of small letters, digits and _, found "A"` + "\n" +
				`dir/mine.gizmo:5:5: want a help text for parameter b, found none` + "\n" +
				`dir/mine.gizmo:5:5: want a class of the schema like Platform, or one of entity, text, date, integer, boolean, found "txt"; did you mean text?` + "\n" +
				`dir/mine.gizmo:6:5: want a help text for parameter c, found none` + "\n" +
				`dir/mine.gizmo:7:5: want a name of its own, found "c" again` + "\n" +
				`dir/mine.gizmo:7:5: want a default that is one of x, y, found "z"` + "\n" +
				`dir/mine.gizmo:8:5: want bound: since or until, found "sinse"; did you mean since?` + "\n" +
				`dir/mine.gizmo:9:5: want a date as a bound, found type text` + "\n" +
				`dir/mine.gizmo:10:5: want an enum of texts, found an enum of type date`,
		},
		{
			name: "a column of a group that does not say how it comes to its value",
			text: "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\n  - {name: b, type: entity}\ngroup: [a]\n*/",
			want: "dir/mine.gizmo:5:5: want b in group, collect or prefer, found it in none",
		},
		{
			name: "lists that name no column, and prefer without group",
			text: "/*\nsummary: x\ncolumns:\n  - {name: platform, type: entity}\nprefer: [platfrom]\nsort: [-x]\nspan: [platform]\nsum: [platform]\ntally: y\nexample:\n  params: {z: 1}\n  columns: [w]\n*/",
			want: `dir/mine.gizmo:6:8: want a column of the question, found "x"` + "\n" +
				`dir/mine.gizmo:5:10: want a column of the question, found "platfrom"; did you mean platform?` + "\n" +
				`dir/mine.gizmo:9:8: want a column of the question, found "y"` + "\n" +
				`dir/mine.gizmo:11:3: want a column of the question, found "w"` + "\n" +
				`dir/mine.gizmo:11:3: want a parameter of the question, found "z"` + "\n" +
				`dir/mine.gizmo:5:9: want group beside prefer, found none` + "\n" +
				`dir/mine.gizmo:7:7: want the columns of the first and the last day, found 1 columns` + "\n" +
				`dir/mine.gizmo:8:6: want the columns measure and amount, found no such columns`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := saved(t, tc.text)
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(tc.want, err.Error()); d != "" {
				t.Error(d)
			}
			var problems graph.Problems
			if !errors.As(err, &problems) {
				t.Errorf("got %T, want graph.Problems", err)
			}
		})
	}
}
