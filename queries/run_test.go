package queries_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries"
	"kg/queries/gizmo"
)

const amountsQuestion = `/*
summary: amounts
columns:
  - {name: platform, type: entity}
  - {name: figure, type: entity}
  - {name: measure}
  - {name: amount}
  - {name: converted}
  - {name: disputed}
  - {name: said_by}
  - {name: facts}
group: [platform, figure, measure]
prefer: [amount]
*/
g.V("<kg:Platform>").in("<rdf:type>").tag("platform")
  .in("<kg:fromPlatform>").tag("figure")
  .out(g.V().has("<kg:unit>"), "measure").tag("amount").all();
`

func TestOneRowAFigureAndMeasure(t *testing.T) {
	link := "L seizure/a fromPlatform platform/x"
	for _, tc := range []struct {
		name  string
		facts []string
		o     queries.Options
		want  []string // platform | figure | measure | amount | converted | disputed | said_by | facts
	}{
		{
			name:  "the preferred claim is shown, a rounding backs it",
			facts: []string{link, "C1 seizure/a massGrams 28000000 nearly by=agency/one", "C2 seizure/a massGrams 27640000 by=agency/two"},
			want:  []string{"x | a | mass | 27.64 t |  |  | one; two | 2"},
		},
		{
			name:  "what contradicts it is disputed, and does not back it",
			facts: []string{link, "C1 seizure/a massGrams 35000000 by=agency/one", "C2 seizure/a massGrams 27640000 by=agency/two"},
			want:  []string{"x | a | mass | 27.64 t |  | 35 t | two | 1"},
		},
		{
			name:  "a conversion stands beside its original",
			facts: []string{link, "C1 seizure/a cashEUR 100", "C2 seizure/a cashUSD 120 converted=C1"},
			want:  []string{"x | a | cash | 1 EUR | 1.2 USD |  |  | 1"},
		},
		{
			name:  "a conversion whose original is not in the answer stands alone",
			facts: []string{link, "C1 seizure/b cashEUR 100", "C2 seizure/a cashUSD 120 converted=C1"},
			want:  []string{"x | a | cash | 1.2 USD |  |  |  | 1"},
		},
		{
			name:  "a conversion that contradicts in the same unit is no dispute",
			facts: []string{link, "C1 seizure/a massGrams 1000", "C2 seizure/a massGrams 5000 converted=C1"},
			want:  []string{"x | a | mass | 1 kg | 5 kg |  |  | 1"},
		},
		{
			name:  "numbers that held at different times are different rows",
			facts: []string{link, "C1 seizure/a itemCount 5 valid=2018/2018", "C2 seizure/a itemCount 9 valid=2020/2020", "C3 seizure/a itemCount 9 valid=2020/2021"},
			want:  []string{"x | a | count | 5 |  |  |  | 1", "x | a | count | 9 |  |  |  | 2"},
		},
		{
			name:  "a claim whose time ends before it starts is still there",
			facts: []string{link, "C1 seizure/a itemCount 5 valid=2020/2018"},
			want:  []string{"x | a | count | 5 |  |  |  | 1"},
		},
		{
			name:  "a row that stands on a deprecated claim is dropped",
			facts: []string{link, "C1 seizure/a massGrams 1000 deprecated", "L2 seizure/b fromPlatform platform/x deprecated", "C2 seizure/b massGrams 1000"},
		},
		{
			name:  "an inferred amount is marked; one that is stated as well is not",
			facts: []string{link, "C1 seizure/a massGrams 1000 inferred", "C2 seizure/a itemCount 3 inferred", "C3 seizure/a itemCount 3 by=agency/one"},
			want:  []string{"x | a | count | 3 |  |  | one | 2", "x | a | mass | 1 kg (inferred) |  |  | editors | 1"},
		},
		{
			name:  "an inferred link is marked where it begins",
			facts: []string{"L seizure/a fromPlatform platform/x inferred", "C1 seizure/a massGrams 1000"},
			want:  []string{"x (inferred) | a | mass | 1 kg |  |  |  | 1"},
		},
		{
			name:  "only what is stated",
			facts: []string{"L seizure/a fromPlatform platform/x inferred", "C1 seizure/a massGrams 1000", "L2 seizure/b fromPlatform platform/x", "C2 seizure/b massGrams 1000 inferred"},
			o:     queries.Options{StatedOnly: true},
		},
		{
			name: "a platform that follows from the operation is stated when its steps are",
			facts: []string{
				"C1 seizure/a massGrams 1000", "C2 seizure/a duringOperation operation/o", "C3 operation/o targeted platform/x",
				"C4 seizure/b massGrams 1000", "C5 seizure/b duringOperation operation/p", "C6 operation/p targeted platform/x inferred",
			},
			want: []string{"x | a | mass | 1 kg |  |  |  | 1", "x (inferred) | b | mass | 1 kg |  |  |  | 1"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, ask(t, tell(t, tc.facts...), mustSaved(t, amountsQuestion), nil, tc.o)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRolesInEventsAreRolesInTheOperation(t *testing.T) {
	store := tell(t, "C1 event/e duringOperation operation/o", "C2 event/e carriedOutBy agency/a", "C3 operation/o ledBy agency/b", "C4 seizure/s duringOperation operation/o")
	got := ask(t, store, lookup(t, "agencies-by-operation"), map[string]string{"operation": "o"}, queries.Options{Claims: true}, "agency", "role", "claims")
	if d := cmp.Diff([]string{"b | led | C3", "a | carried out | C2; C1"}, got); d != "" {
		t.Error(d)
	}
}

// The claim of an amount is the row's own fact, also when the path goes on from there.
func TestAnAmountKeepsItsClaim(t *testing.T) {
	q := mustSaved(t, `/*
summary: amounts and places
columns:
  - {name: place, type: entity}
  - {name: measure}
  - {name: amount}
  - {name: said_by}
group: [place, measure]
prefer: [amount]
*/
g.V("<kg:Seizure>").in("<rdf:type>").tag("seizure")
  .out("<kg:massGrams>", "measure").tag("amount")
  .back("seizure").out("<kg:place>").tag("place").all();
`)
	store := tell(t,
		"C1 seizure/a massGrams 1000 atLeast by=agency/one", "C2 seizure/a place location/rome by=agency/two",
		"C3 seizure/b massGrams 2000 by=agency/one", "- seizure/b place location/bern",
		"C4 seizure/c massGrams 3000", "C5 seizure/c place location/oslo inferred",
	)
	want := []string{"bern | mass | 2 kg | one", "oslo (inferred) | mass | 3 kg", "rome | mass | at least 1 kg | one"}
	if d := cmp.Diff(want, ask(t, store, q, nil, queries.Options{})); d != "" {
		t.Error(d)
	}
}

func TestARoleIsInferredOnlyWhenNoWayToItIsStated(t *testing.T) {
	for _, tc := range []struct {
		name  string
		facts []string
		want  string
	}{
		{"said in so many words", []string{"C1 agency/a infiltrated platform/x"}, "x | a | cracked"},
		{"said nowhere", []string{"C1 agency/a infiltrated platform/x inferred"}, "x | a | cracked (inferred)"},
		{"stated once is enough", []string{"C1 agency/a infiltrated platform/x inferred", "C2 agency/a decrypted platform/x"}, "x | a | cracked"},
		{
			"an event of which all is stated",
			[]string{"- event/e kind kind/infiltration", "C1 event/e carriedOutBy agency/a", "C2 event/e targeted platform/x", "C3 agency/a infiltrated platform/x inferred"},
			"x | a | cracked",
		},
		{
			"an event of which one link is inferred",
			[]string{"- event/e kind kind/infiltration", "C1 event/e carriedOutBy agency/a", "C2 event/e targeted platform/x inferred"},
			"x | a | cracked (inferred)",
		},
		{
			"two events, each inferred in part, do not make a whole",
			[]string{
				"- event/e kind kind/infiltration", "C1 event/e carriedOutBy agency/a", "C2 event/e targeted platform/x inferred",
				"- event/f kind kind/infiltration", "C3 event/f carriedOutBy agency/a inferred", "C4 event/f targeted platform/x",
			},
			"x | a | cracked (inferred)",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, tell(t, tc.facts...), lookup(t, "agencies-by-platform"), map[string]string{"role": "cracked"}, queries.Options{}, "platform", "agency", "role")
			if d := cmp.Diff([]string{tc.want}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAnUnnamedGroupIsNotCountedBesideANamedAgency(t *testing.T) {
	store := tell(t,
		"- agency/group kind kind/unnamed-group", "- agency/group country location/france", "- agency/police country location/france",
		"C1 agency/group infiltrated platform/x", "C2 agency/police infiltrated platform/x",
		"C3 agency/group shutDown platform/x", "C4 agency/group infiltrated platform/y",
	)
	q := lookup(t, "agencies-by-platform")
	for _, tc := range []struct {
		platform string
		n        int
		leftOut  []string
	}{
		{"x", 2, []string{"group (unnamed group) |  | an unnamed group of france; police is counted in the same role (x, cracked)"}},
		{"y", 1, nil},
	} {
		table, err := q.Run(t.Context(), store, map[string]string{"platform": tc.platform}, queries.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var leftOut []string
		for _, l := range table.LeftOut {
			leftOut = append(leftOut, l.String())
		}
		if d := cmp.Diff(tc.leftOut, leftOut); d != "" || table.Tally.N != tc.n {
			t.Errorf("%s: got %d agencies, want %d\n%s", tc.platform, table.Tally.N, tc.n, d)
		}
	}
}

func TestJoinedColumns(t *testing.T) {
	q := mustSaved(t, `/*
summary: joined facts
columns:
  - {name: event, type: entity}
  - {name: date, type: date, of: event, fact: ["schema:startDate", announcedOn]}
  - {name: places, type: entity, list: true, of: event, fact: place}
  - {name: agencies, type: predicate, inverse: true}
group: [event]
collect: [agencies]
sort: [-date]
*/
g.V("<kg:Event>").in("<rdf:type>").tag("event").out(["<kg:ledBy>", "<kg:supportedBy>"], "agencies").all();
`)
	store := tell(t,
		"C1 event/a schema:startDate 2020-07-02 in=source/paper", "C2 event/a schema:startDate 2020-07 in=source/release", "- source/release kind kind/primary",
		"C3 event/a announcedOn 2021-01-01", "C4 event/a place location/rome", "C5 event/a place location/bern", "C6 event/a place location/oslo deprecated",
		"C7 event/a ledBy agency/x", "C8 event/a supportedBy agency/y", "C9 event/a supportedBy agency/z",
		"D1 event/b announcedOn 2021-01-01 inferred", "D2 event/b ledBy agency/x",
		"E1 event/c ledBy agency/x",
	)
	want := []string{
		"b | 2021-01-01 (inferred) |  | led",
		"a | 2020-07 | bern; rome | led; supported",
		"c |  |  | led",
	}
	if d := cmp.Diff(want, ask(t, store, q, nil, queries.Options{})); d != "" {
		t.Error(d)
	}
	want = []string{"a | 2020-07 | bern; rome | led; supported", "b |  |  | led", "c |  |  | led"}
	if d := cmp.Diff(want, ask(t, store, q, nil, queries.Options{StatedOnly: true})); d != "" {
		t.Error(d)
	}
}

func TestRowsAreSortedByType(t *testing.T) {
	head := `/*
summary: order
columns:
  - {name: v, type: %s}
sort: [%s]
*/
g.V("<kg:seizure/a>").out(["<kg:itemCount>", "<kg:describedAs>", "<schema:startDate>"]).tag("v").all();
`
	for _, tc := range []struct {
		kind, sort string
		facts      []string
		want       []string
	}{
		{"integer", "v", []string{"C1 seizure/a itemCount 10", "C2 seizure/a itemCount 9", "C3 seizure/a itemCount someValue", "C4 seizure/a itemCount 100"}, []string{"9", "10", "100", "someValue"}},
		{"integer", "-v", []string{"C1 seizure/a itemCount 10", "C2 seizure/a itemCount 9"}, []string{"10", "9"}},
		{"text", "v", []string{`C1 seizure/a describedAs "b`, `C2 seizure/a describedAs "É`, `C3 seizure/a describedAs "f`}, []string{"b", "É", "f"}},
		{
			"date", "v",
			[]string{"C1 seizure/a schema:startDate 2020-07-02", "C2 seizure/a schema:startDate 2020-07", "C3 seizure/a schema:startDate 2019-12-31"},
			[]string{"2019-12-31", "2020-07", "2020-07-02"},
		},
	} {
		text := strings.Replace(strings.Replace(head, "%s", tc.kind, 1), "%s", tc.sort, 1)
		got := ask(t, tell(t, tc.facts...), mustSaved(t, text), nil, queries.Options{})
		for i := range got {
			got[i] = strings.TrimSuffix(strings.TrimPrefix(got[i], "kg:"), " value")
			if got[i] == "some" || strings.HasPrefix(got[i], "someV") {
				got[i] = "someValue"
			}
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s %s: %s", tc.kind, tc.sort, d)
		}
	}
}

func TestALimitCutsAndSaysSo(t *testing.T) {
	q, store := lookup(t, "agencies-by-platform"), report(t)
	all, err := q.Run(t.Context(), store, nil, queries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cut, err := q.Run(t.Context(), store, nil, queries.Options{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(cut.Rows) != 2 || cut.Count != len(all.Rows) || !cut.Truncated || all.Truncated {
		t.Errorf("got %d rows of %d, truncated %v; whole: %v", len(cut.Rows), cut.Count, cut.Truncated, all.Truncated)
	}
	if d := cmp.Diff(all.Rows[:2], cut.Rows); d != "" {
		t.Error(d)
	}
}

const endless = "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\n*/\nwhile (true) {}\n"

func TestAnEndlessLoopEndsAtTheTimeLimit(t *testing.T) {
	start := time.Now()
	_, err := mustSaved(t, endless).Run(t.Context(), report(t), nil, queries.Options{Timeout: 50 * time.Millisecond})
	var limit *queries.TimeLimitError
	if !errors.As(err, &limit) || !errors.Is(err, queries.ErrTimeLimit) || limit.Limit != 50*time.Millisecond {
		t.Errorf("got %v", err)
	}
	if err != nil && err.Error() != "mine: no answer within 50ms; --timeout sets another limit" {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

func TestACancelledQuestionSaysWhy(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := mustSaved(t, endless).Run(ctx, report(t), nil, queries.Options{Timeout: -1})
	if !errors.Is(err, context.Canceled) || errors.Is(err, queries.ErrTimeLimit) {
		t.Errorf("got %v", err)
	}
}

func TestMistakesInTheTextCarryTheirPlace(t *testing.T) {
	head := "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\n  - {name: measure}\n  - {name: amount}\n*/\n"
	for _, tc := range []struct{ name, text, want string }{
		{"a slip of the pen", "g.V(.all();", "dir/mine.gizmo:8:5: "},
		{"an unknown method", "g.V()\n  .owt().all();", "dir/mine.gizmo:9:"},
		{"an amount without a measure", `g.V("<kg:platform/sky-ecc>").tag("a").tag("amount").all();`, "dir/mine.gizmo: want a predicate with a unit under the tag measure"},
		{"rows that are no objects", "g.emit(5);", "dir/mine.gizmo: want rows of a path, or objects like {a: …} in g.emit, found 5"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := mustSaved(t, head+tc.text).Run(t.Context(), report(t), nil, queries.Options{})
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got %v, want %s…", err, tc.want)
			}
			var of *gizmo.Error
			var problem *graph.Problem
			if !errors.As(err, &of) && !errors.As(err, &problem) {
				t.Errorf("got %T", err)
			}
		})
	}
}

func TestATextMayEmitItsRows(t *testing.T) {
	q := mustSaved(t, "/*\nsummary: x\ncolumns:\n  - {name: a, type: entity}\n  - {name: b, type: integer}\n  - {name: c, type: text}\n*/\n"+
		`g.emit({a: iri("kg:platform/sky-ecc"), b: 3, c: true}); g.emit({a: "words", b: 1.5}); g.emit({a: "words", b: 1.5}); g.emit({a: [1]});`)
	want := []string{"Sky ECC | 3 | true", "words | 1.5", ""}
	if d := cmp.Diff(want, ask(t, report(t), q, nil, queries.Options{})); d != "" {
		t.Error(d)
	}
}
