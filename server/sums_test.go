package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/queries"
	"kg/queries/answers"
)

// The sum of the API is that of the command line: same rows, and all that was left out with its reason.
func TestSumsAreThoseOfTheCommandLine(t *testing.T) {
	s := serve(t)
	base, err := open(t.Context(), store(t))
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	reader := answers.Reader{Store: base, Schema: base.Schema()}
	for _, test := range []struct {
		query   string
		request queries.SumRequest
		filters answers.SumFilters
	}{
		{"measure=mass&item=cocaine&by=platform", queries.SumRequest{Measure: "mass", By: []string{"platform"}}, answers.SumFilters{Item: "cocaine"}},
		{"measure=money&by=country,year", queries.SumRequest{Measure: "cash", By: []string{"country", "year"}}, answers.SumFilters{}},
		{"measure=mass&place=Belgium&naive=true&by=item", queries.SumRequest{Measure: "mass", Naive: true, By: []string{"substance"}}, answers.SumFilters{Place: "Belgium"}},
		{"measure=arrests&platform=encrochat&stated_only=true", queries.SumRequest{Measure: "arrests", StatedOnly: true}, answers.SumFilters{Platform: "encrochat"}},
	} {
		if err := reader.Narrow(t.Context(), &test.request, test.filters); err != nil {
			t.Fatal(err)
		}
		table, err := reader.Sum(t.Context(), test.request)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		table.WriteJSON(w)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(b.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		a := s.get("/api/kg/sum?" + test.query)
		if a.status != http.StatusOK {
			t.Fatalf("%s: found %d: %.300s", test.query, a.status, a.body)
		}
		if diff := cmp.Diff(want, a.json(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
		if rows, _ := want["rows"].([]any); len(rows) == 0 {
			t.Errorf("%s: want rows, found none", test.query)
		}
		if left, _ := want["left_out"].([]any); len(left) == 0 {
			t.Errorf("%s: want something left out, found nothing", test.query)
		}
	}
}

func TestSumsTellWhatTheyWant(t *testing.T) {
	s := serve(t)
	for query, want := range map[string]string{
		"":                                    "measure: want a value, found none",
		"measure=mas":                         "did you mean mass",
		"measure=mass&by=colour":              `by: want one of platform, agency, operation, location, country, substance, year, found "colour"`,
		"measure=mass&by=year,year":           `by: want each key once, found "year"`,
		"measure=mass&from=2021&to=2020":      `to: want a date after 2021, found "2020"`,
		"measure=mass&from=May":               `from: want a date like 2020-07-02, 2020-07 or 2020, found "May"`,
		"measure=mass&item=encrochat":         "item",
		"measure=mass&naive=perhaps":          `naive: want true or false, found "perhaps"`,
		"measure=mass&platfrom=encrochat":     `unknown parameter "platfrom"; did you mean platform?`,
		"measure=mass&place=Belguim":          `no location "Belguim"`,
		"measure=mass&known_at=tomorrow":      `known_at: want a date like 2020-07-02, 2020-07 or 2020, found "tomorrow"`,
		"measure=mass&by=platform&limit=0":    `limit: want a whole number from 1 to 10000, found "0"`,
		"measure=mass&item=cocaine&item=mdma": `item: want one value, found "cocaine, mdma"`,
	} {
		a := s.get("/api/kg/sum?" + query)
		if a.status < 400 || a.status >= 500 || !strings.Contains(string(a.body), strings.ReplaceAll(want, `"`, `\"`)) {
			t.Errorf("%q: want %q, found %d: %s", query, want, a.status, a.body)
		}
	}
}

// Sums by the clocks add up what was known then.
func TestSumsFollowTheClocks(t *testing.T) {
	s := serve(t)
	total := func(query string) float64 {
		rows := s.get("/api/kg/sum?measure=mass&item=cocaine" + query).json(t)["rows"].([]any)
		if len(rows) == 0 {
			return 0
		}
		return rows[0].(map[string]any)["amount"].(map[string]any)["value"].(float64)
	}
	then, now := total("&known_at=2020-12"), total("")
	if then >= now || now == 0 {
		t.Errorf("want less cocaine known of at the end of 2020 than today, found %v and %v", then, now)
	}
}

func TestConflictsTellSpreadAndRule(t *testing.T) {
	s := serve(t)
	all := s.get("/api/kg/conflicts").json(t)
	rows := all["rows"].([]any)
	if len(rows) < 5 || all["roundings"].(float64) < 1 {
		t.Fatalf("want conflicts, and some figures that agree once rounded, found %d and %v", len(rows), all["roundings"])
	}
	ruled, spread := 0, 0
	for _, row := range rows {
		r := row.(map[string]any)
		if r["preferred"] == nil || len(r["others"].([]any)) == 0 {
			t.Errorf("want a preferred value beside others, found %v", r)
		}
		if r["rule"] != nil {
			ruled++
		}
		if r["spread"] != nil {
			spread++
		}
	}
	if ruled < len(rows)/2 || spread < len(rows)/2 {
		t.Errorf("of %d conflicts %d name the rule and %d the spread, want most", len(rows), ruled, spread)
	}
	var parts []any
	for next := "/api/kg/conflicts?limit=4"; next != ""; {
		part := s.get(next).json(t)
		parts = append(parts, part["rows"].([]any)...)
		page, _ := part["page"].(map[string]any)
		next, _ = page["next"].(string)
	}
	if diff := cmp.Diff(rows, parts); diff != "" {
		t.Errorf("the pages differ from the whole (-want +got):\n%s", diff)
	}
	one := s.get("/api/kg/conflicts?id=encrochat").json(t)["rows"].([]any)
	if len(one) == 0 || len(one) >= len(rows) {
		t.Errorf("want the conflicts on EncroChat alone, found %d of %d", len(one), len(rows))
	}
	if a := s.get("/api/kg/conflicts?sort=size"); a.status != http.StatusBadRequest || !strings.Contains(string(a.body), "one of spread, figure, claims") {
		t.Errorf("found %d: %s", a.status, a.body)
	}
}

// A fact that a rule concluded stands above the claims that it was concluded from.
func TestWhyShowsTheProof(t *testing.T) {
	s := serve(t)
	a := s.get("/api/kg/why?id=be-federal-police&predicate=cracked&object=" + url.QueryEscape("Sky ECC")).json(t)
	proofs := a["proof"].([]any)
	if len(proofs) != 1 {
		t.Fatalf("want one fact, found %v", proofs)
	}
	top := proofs[0].(map[string]any)
	if !strings.HasPrefix(fmt.Sprint(top["id"]), "kg:derivation/") || !strings.Contains(fmt.Sprint(top["fact"]), "Sky ECC") || !strings.Contains(fmt.Sprint(top["words"]), "concluded") {
		t.Errorf("want a conclusion, found %v", top)
	}
	below := top["below"].([]any)
	if len(below) == 0 || !strings.HasPrefix(fmt.Sprint(below[0].(map[string]any)["id"]), "kg:claim/") || !strings.Contains(fmt.Sprint(below[0]), "read in ") {
		t.Errorf("want claims with their documents below, found %v", below)
	}
	if !strings.Contains(fmt.Sprint(a["rests_on"]), "origin") || len(a["rows"].([]any)) <= len(below) {
		t.Errorf("want the count of origins, and the claims as a table, found %v", a["rests_on"])
	}
	nothing := s.get("/api/kg/why?id=be-federal-police&predicate=cracked&object=anom").json(t)
	if list := nothing["proof"].([]any); len(list) != 0 || nothing["rests_on"] != "" {
		t.Errorf("want no proof of what nobody says, found %v", list)
	}
	if a := s.get("/api/kg/why?id=encrochat&object=nca"); a.status != http.StatusBadRequest {
		t.Errorf("want a predicate besides, found %d", a.status)
	}
}
