package queries_test

import (
	"encoding/json"
	"errors"
	"testing"

	"kg/graph"
	"kg/queries"
)

const paramQuestion = `/*
summary: its parameters
params:
  - {name: platform, type: Platform, help: "the platform"}
  - {name: thing, type: entity, optional: true, help: "anything"}
  - {name: word, type: text, optional: true, help: "a word"}
  - {name: day, type: date, optional: true, help: "a day"}
  - {name: number, type: integer, default: "7", help: "a number"}
  - {name: flag, type: boolean, optional: true, help: "a flag"}
  - {name: size, enum: [small, large], optional: true, help: "a size"}
columns:
  - {name: name, type: text}
  - {name: value, type: text}
*/
for (var name of ["platform", "thing", "word", "day", "number", "flag", "size"]) {
  g.emit({name: name, value: params[name] === null ? "null" : typeof params[name] + " " + params[name]});
}
`

func TestParametersReachTheTextTyped(t *testing.T) {
	q := mustSaved(t, paramQuestion)
	got := ask(t, report(t), q, map[string]string{
		"platform": "sky-ecc", "word": `"); g.V().all(); //`, "day": "2020-07", "flag": "yes", "size": "large",
	}, queries.Options{})
	want := []string{
		"day | string 2020-07",
		"flag | boolean true",
		"number | number 7",
		"platform | object <kg:platform/sky-ecc>",
		"size | string large",
		"thing | null",
		`word | string "); g.V().all(); //`,
	}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

func TestParametersStandInTheTableAsTheyWereUnderstood(t *testing.T) {
	table, err := mustSaved(t, paramQuestion).Run(t.Context(), report(t), map[string]string{"platform": "ENCROCHAT", "flag": "no", "number": "12"}, queries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(table.Params)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"flag":false,"number":12,"platform":{"id":"kg:platform/encrochat","name":"EncroChat"}}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWrongParameters(t *testing.T) {
	store := report(t)
	for _, tc := range []struct {
		name   string
		params map[string]string
		want   string
	}{
		{"one that is required is missing", nil, "mine: platform: want a platform, found none; the platform"},
		{
			"an unknown one comes with the nearest",
			map[string]string{"platform": "encrochat", "plattform": "x"},
			`mine: want one of the parameters platform, thing, word, day, number, flag, size, found "plattform"; did you mean platform?`,
		},
		{"several at once", map[string]string{"platform": "encrochat", "day": "soon", "number": "many", "flag": "maybe", "size": "larg"}, "" +
			`mine: day: want a date like 2020-07-02, 2020-07 or 2020, found "soon"` + "\n" +
			`mine: number: want a whole number, found "many"` + "\n" +
			`mine: flag: want true or false, found "maybe"` + "\n" +
			`mine: size: want one of small, large, found "larg"; did you mean large?`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := mustSaved(t, paramQuestion).Run(t.Context(), store, tc.params, queries.Options{})
			if err == nil || err.Error() != tc.want || !errors.Is(err, queries.ErrParameter) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestAnUnknownEntityComesWithSuggestions(t *testing.T) {
	q := lookup(t, "agencies-by-platform")
	_, err := q.Run(t.Context(), report(t), map[string]string{"platform": "enkrochat"}, queries.Options{})
	var unknown *graph.NotFoundError
	if !errors.As(err, &unknown) || len(unknown.Suggestions) == 0 || unknown.Suggestions[0].Name != "EncroChat" {
		t.Errorf("got %v", err)
	}
	_, err = q.Run(t.Context(), report(t), map[string]string{"platform": "Europol"}, queries.Options{})
	if !errors.As(err, &unknown) || unknown.Other == nil || unknown.Other.ID != "kg:agency/europol" {
		t.Errorf("got %v", err)
	}
}

func TestAQuestionWithoutParametersSaysSo(t *testing.T) {
	q := mustSaved(t, "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\n*/\ng.V(\"<kg:Platform>\").tag(\"a\").all();")
	_, err := q.Run(t.Context(), report(t), map[string]string{"x": "y"}, queries.Options{})
	if want := `mine: want no parameter, found "x"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestTypeNames(t *testing.T) {
	s := schema(t)
	for _, tc := range []struct {
		p    queries.Param
		want string
	}{
		{queries.Param{Type: "Agency"}, "an agency"},
		{queries.Param{Type: "Platform"}, "a platform"},
		{queries.Param{Type: "entity"}, "an entity"},
		{queries.Param{Type: "text"}, "a text"},
		{queries.Param{Type: "text", Enum: []string{"a", "b"}}, "one of a, b"},
		{queries.Param{Type: "Unheard"}, "a Unheard"},
	} {
		if got := tc.p.TypeName(s); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}
