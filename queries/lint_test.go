package queries_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kg/queries"
)

func TestTheQuestionsPassTheLint(t *testing.T) {
	c, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Questions()
	if err != nil {
		t.Fatal(err)
	}
	s := schema(t)
	for _, q := range all {
		for _, p := range q.Lint(s) {
			t.Error(p)
		}
		if lines := strings.Count(q.Body(), "\n"); lines > 30 {
			t.Errorf("%s: %d lines of Gizmo are too long to read aloud", q.File, lines)
		}
	}
}

func TestLint(t *testing.T) {
	for _, tc := range []struct{ name, head, text, want string }{
		{
			name: "a column that no tag fills",
			head: "columns:\n  - {name: a, type: entity}\n  - {name: b, type: entity}\n  - {name: sources}\n",
			text: `g.V("<kg:Platform>").tag("a").all();`,
			want: "dir/mine.gizmo: want a tag b in the text, for the column, found none",
		},
		{
			name: "tags come from tag, hops and saves",
			head: "columns:\n  - {name: a, type: entity}\n  - {name: b, type: predicate}\n  - {name: c, type: entity}\n  - {name: d, type: entity}\n",
			text: `g.V("<kg:Platform>").tag("a").in(["<kg:targeted>", "<kg:fromPlatform>"], "b").save("<schema:name>", "c").out(g.V().has("<kg:unit>"), "d").all();`,
		},
		{
			name: "a tag that would be overwritten",
			head: "columns:\n  - {name: a, type: entity}\n",
			text: `g.V("<kg:Platform>").tag("a").out("<kg:kind>", "id").all();`,
			want: `dir/mine.gizmo:6:49: want a tag of small letters, digits and _, other than id, found "id"`,
		},
		{
			name: "a comment is no text",
			head: "columns:\n  - {name: a, type: entity}\n",
			text: "// .tag(\"b\") and <kg:nothing>\n" + `g.V("<kg:Platform>").tag("a").all();`,
		},
		{
			name: "an unknown predicate comes with the nearest",
			head: "columns:\n  - {name: a, type: entity}\n",
			text: `g.V("<kg:Platform>").in("<kg:targetted>").tag("a").all();`,
			want: `dir/mine.gizmo:6:27: want a predicate, class or concept of the schema, found <kg:targetted>; did you mean kg:targeted?`,
		},
		{
			name: "two saves of facts that may be several",
			head: "columns:\n  - {name: a, type: entity}\n  - {name: b, type: entity}\n",
			text: `g.V("<kg:Event>").in("<rdf:type>").save("<kg:place>", "a").saveOpt("<kg:ledBy>", "b").save("<schema:startDate>", "c").all();`,
			want: `dir/mine.gizmo:7:59: want one save of a fact that may be several, on one path, found a second one, of kg:ledBy beside kg:place; join with tag, out and back`,
		},
		{
			name: "two saves on two paths",
			head: "columns:\n  - {name: a, type: entity}\n",
			text: `g.V("<kg:Event>").save("<kg:place>", "a").all(); g.V("<kg:Event>").save("<kg:ledBy>", "a").all();`,
		},
		{
			name: "parameters of the text and of the head",
			head: "params:\n  - {name: platform, type: Platfrom, help: h}\ncolumns:\n  - {name: a, type: entity}\n",
			text: `g.V(params.plattform).tag("a").all();`,
			want: "dir/mine.gizmo:8:12: want a parameter that the head declares, found params.plattform; did you mean platform?\n" +
				"dir/mine.gizmo: want params.platform in the text, found a parameter that is not used\n" +
				`dir/mine.gizmo: want a class of the schema for parameter platform, found "Platfrom"; did you mean Platform?`,
		},
		{
			name: "facts that the schema does not know, or that may be several",
			head: "columns:\n  - {name: a, type: entity}\n  - {name: b, type: entity, of: a, fact: plaice}\n  - {name: c, type: entity, of: a, fact: place}\n  - {name: d, type: predicate, order: [led]}\n",
			text: `g.V("<kg:Event>").tag("a").out(null, "d").all();`,
			want: `dir/mine.gizmo: want a predicate of the schema for column b, found "plaice"; did you mean place?` + "\n" +
				"dir/mine.gizmo: want list: true for column c, as place may be several, found a single value\n" +
				`dir/mine.gizmo: want predicates of the schema in the order of d, found "led"`,
		},
		{
			name: "a sum without a tag for the figure",
			head: "columns:\n  - {name: a, type: entity}\n  - {name: measure}\n  - {name: amount}\nsum: [a]\n",
			text: `g.V("<kg:Event>").tag("a").out(null, "measure").tag("amount").all();`,
			want: "dir/mine.gizmo: want a tag figure in the text of a question that sums, found none",
		},
		{
			name: "columns of emitted objects are not looked for",
			head: "columns:\n  - {name: a, type: entity}\n",
			text: `g.emit({a: 1});`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := mustSaved(t, "/*\nsummary: x\n"+tc.head+"*/\n"+tc.text)
			var got []string
			for _, p := range q.Lint(schema(t)) {
				got = append(got, p.Error())
			}
			if d := cmp.Diff(tc.want, strings.Join(got, "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAnExampleThatDoesNotComeTrueFails(t *testing.T) {
	head := "/*\nsummary: x\ncolumns:\n  - {name: platform, type: entity}\n"
	text := "*/\ng.V(\"<kg:platform/encrochat>\", \"<kg:platform/sky-ecc>\").tag(\"platform\").all();"
	for _, tc := range []struct{ name, text, want string }{
		{"no example", head + text, "zz: dir/zz.gizmo: want a worked example with rows, found none"},
		{"the lint", "/*\nsummary: x\ncolumns:\n  - {name: b, type: entity}\n" + text, "zz: dir/zz.gizmo: want a tag b in the text, for the column, found none"},
		{"a question that cannot be asked", head + "example:\n  rows: [x]\n*/\ng.owt(); /*" + text, "zz: dir/zz.gizmo:8:"},
		{
			"other rows", head + "example:\n  rows: [EncroChat, Ghost]\n" + text,
			"zz: the answer differs from the example\n  want Ghost\n  found Sky ECC",
		},
		{
			"another order", head + "sort: [-platform]\nexample:\n  rows: [EncroChat, Sky ECC]\n" + text,
			"zz: the example's rows come in another order: Sky ECC; EncroChat",
		},
		{
			"something left out", head + "example:\n  rows: [EncroChat, Sky ECC]\n  left_out: [a thing]\n" + text,
			"zz: the answer differs from the example\n  want a thing",
		},
		{"it comes true", head + "example:\n  rows: [EncroChat, Sky ECC]\n" + text, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := queries.Load(queries.Folder{FS: fstest.MapFS{"zz.gizmo": {Data: []byte(tc.text)}}, Path: "dir"})
			if err != nil {
				t.Fatal(err)
			}
			failures, err := queries.Test(t.Context(), dataset(t), c)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range failures {
				got += f.Error()
			}
			if tc.want == "" && got != "" || !strings.HasPrefix(got, tc.want) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
