package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/queries"
	"kg/queries/answers"
)

// answer is a table of rows with a name, an amount and a list of documents with long titles.
func answerOf(rows, documents int) queries.Table {
	t := queries.Table{Columns: []queries.Column{
		column("agency", queries.TypeEntity), column("amount", queries.TypeInteger), answers.List("said_by", queries.TypeEntity), answers.List("sources", queries.TypeEntity),
	}}
	for r := range rows {
		var list queries.Cell
		for d := range documents {
			list = append(list, queries.Value{Term: quad.IRI(fmt.Sprint("kg:source/", d)), Label: strings.Repeat("a title of many words ", 5)})
		}
		name := queries.Value{Term: quad.IRI("kg:agency/a"), Label: fmt.Sprint("Agency ", r)}
		t.Rows = append(t.Rows, []queries.Cell{{name}, intCell(r), {name}, list})
	}
	return t
}

func TestATallAnswerCountsItsListsOnATerminal(t *testing.T) {
	for _, test := range []struct {
		name    string
		table   queries.Table
		width   int
		counted []string
		most    int // lines
	}{
		{name: "a short one is whole", table: answerOf(5, 3), width: 80},
		{name: "a tall one counts the documents", table: answerOf(60, 3), width: 80, counted: []string{"sources"}, most: 62},
		{name: "so does one of very many rows", table: answerOf(2000, 3), width: 80, counted: []string{"sources"}, most: 2002},
		{name: "one that is not tall for its lists is whole", table: answerOf(300, 0), width: 80},
		{name: "outside a terminal everything is whole", table: answerOf(60, 3)},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := encodeOptions{width: test.width}
			before := texts(test.table, o)
			short, counted := brief(test.table, o)
			if diff := cmp.Diff(test.counted, counted); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, texts(test.table, o)); diff != "" {
				t.Errorf("the answer itself was changed:\n%s", diff)
			}
			if counted == nil {
				return
			}
			var out strings.Builder
			if err := (encoding{"table", encodeTable}).write(&out, short, o); err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(out.String(), "\n"); n > test.most {
				t.Errorf("takes %d lines, want at most %d:\n%s", n, test.most, out.String())
			}
			if last := texts(short, o)[0][3]; last != "3" {
				t.Errorf("want the number of documents, found %q", last)
			}
		})
	}
}
