package server_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kg/exporters"
)

// then is the world of which nothing was known yet that began in 2021.
func (w *pageWorld) then() *pageWorld {
	old := &pageWorld{names: w.names}
	for _, fact := range w.facts {
		if !strings.Contains(fact[0]+fact[2], "trojan-shield") && !strings.Contains(fact[0]+fact[2], "2021") {
			old.facts = append(old.facts, fact)
		}
	}
	return old
}

// timed answers by the clock.
func (w *pageWorld) timed(path string, q url.Values) object {
	known := q.Get("known_at")
	if known == "" {
		return w.reply(path, q)
	}
	world := w
	if known < "2021" {
		world = w.then()
	}
	counts := object{"claims": 325, "kept": 300, "later": 20, "undated": 5, "undated_documents": 2, "loose": 0, "not_then": 0, "not_yet": 0, "premises": 0}
	if q.Get("undated") == "true" {
		counts["kept"], counts["undated"], counts["undated_documents"] = 305, 0, 0
	}
	clock := object{"known_at": known, "undated": q.Get("undated") == "true", "counts": counts, "note": "known at " + known}
	if path == "clock" {
		return clock
	}
	answer := world.reply(path, q)
	if answer != nil {
		answer["clock"] = clock
		if rows, ok := answer["rows"].([]object); ok && world != w {
			answer["rows"] = slices.DeleteFunc(rows, func(row object) bool { return strings.Contains(fmt.Sprint(row), "2021") })
			answer["count"] = len(answer["rows"].([]object))
		}
	}
	return answer
}

// sum adds up by what the last of the keys says.
func (w *pageWorld) sum(q url.Values) object {
	mass, cash := object{"id": "kg:massGrams", "name": "mass"}, object{"id": "kg:cashEUR", "name": "cash"}
	grams := func(n int, text, hedge string) object {
		v := object{"value": n, "unit": "gram", "text": text}
		if hedge != "" {
			v["qualifier"] = hedge
		}
		return v
	}
	by := q.Get("by")
	row := func(name any, measure, amount, naive object, claim string) object {
		if thing, ok := name.(object); ok {
			name = []object{thing}
		}
		out := object{by: name, "measure": measure, "naive": naive, "figures": 1, "claims": []object{{"id": "kg:claim/" + claim, "name": claim}}}
		if amount != nil {
			out["amount"] = amount
		}
		return out
	}
	name := map[string][2]any{
		"substance": {w.thing("kg:item/cocaine"), w.thing("kg:item/heroin")}, "location": {w.thing("kg:location/port-of-antwerp"), []object{}},
		"country": {w.thing("kg:location/france"), []object{}}, "year": {"2020", "by 2021"},
	}[by]
	var rows []object
	switch q.Get("measure") {
	case "cash":
		dollars := object{"id": "kg:cashUSD", "name": "cash"}
		rows = append(rows, row(name[0], cash, object{"value": 9000000, "unit": "EUR", "text": "9,000,000 EUR"}, object{"value": 9500000, "unit": "EUR", "text": "9,500,000 EUR"}, "T-20"),
			row(name[1], cash, object{"value": 1000000, "unit": "EUR", "text": "1,000,000 EUR"}, object{"value": 1000000, "unit": "EUR", "text": "1,000,000 EUR"}, "T-21"),
			row(name[0], dollars, object{"value": 5000000, "unit": "USD", "text": "5,000,000 USD"}, object{"value": 5000000, "unit": "USD", "text": "5,000,000 USD"}, "T-22"))
	case "items":
		count := func(n int, text string) object { return object{"value": n, "unit": "count", "text": text} }
		for _, goods := range []string{"kg:item/cocaine", "kg:item/heroin"} {
			r := row(name[0], object{"id": "kg:itemCount", "name": "count"}, count(7, "7"), count(9, "9"), "T-27")
			r["substance"] = []object{w.thing(goods)}
			rows = append(rows, r)
		}
	case "mass":
		rows = append(rows, row(name[0], mass, grams(2000000, "2 t", "atLeast"), grams(3500000, "3.5 t", ""), "T-23"), row(name[1], mass, nil, grams(30000, "30 kg", ""), "T-24"))
	}
	kind := by + ":entity+"
	if by == "year" {
		kind = "year:text"
	}
	if q.Get("measure") == "items" && by != "substance" {
		kind += " substance:entity+"
	}
	t := table(kind+" measure:predicate amount:quantity covers:quantity figures:integer naive:quantity adds_up:entity+ claims:claim+", rows...)
	if len(rows) > 0 {
		t["left_out"] = []object{
			{"what": w.thing("kg:seizure/cocaine-2020"), "amount": grams(1500000, "1.5 t", ""), "claim": object{"id": "kg:claim/T-25", "name": "T-25"}, "reason": "part of Cocaine <b>seized</b> is counted"},
			{"what": w.thing("kg:seizure/heroin-2021"), "amount": object{"missing": "someValue", "unit": "gram", "text": ""}, "claim": object{"id": "kg:claim/T-26", "name": "T-26"}, "reason": "no number given"},
		}
	}
	return t
}

// conflicts are on EncroChat alone.
func (w *pageWorld) conflicts(id string) object {
	number := func(n int, text string) object {
		return object{"value": n, "unit": "count", "text": text, "qualifier": "atLeast"}
	}
	var rows []object
	if id == "kg:platform/encrochat" {
		rows = append(rows, object{
			"figure": object{"id": "kg:figure/count-001", "name": "Users of it"}, "predicate": object{"id": "kg:count", "name": "count"}, "kind": "disagree",
			"spread": object{"value": 2000, "unit": "percent", "text": "20 %"}, "preferred": number(60000, "60,000"), "preferred_claim": object{"id": "kg:claim/T-7", "name": "T-7"},
			"rule": "a primary document", "others": []object{number(50000, "50,000")}, "other_claims": []object{{"id": "kg:claim/T-8", "name": "T-8"}}, "origins": 2,
		})
	}
	return table("figure:entity predicate:predicate kind:text spread:quantity preferred:any preferred_claim:claim rule:text others:any+ other_claims:claim+ sources:entity+ origins:integer", rows...)
}

// laidOut gives nodes their places.
func laidOut(nodes, edges []object) []object {
	sorted := slices.SortedFunc(slices.Values(nodes), func(a, b object) int { return cmp.Compare(a["id"].(string), b["id"].(string)) })
	index, named := map[string]int{}, make([]exporters.Named, len(sorted))
	for i, n := range sorted {
		index[n["id"].(string)], named[i] = i, exporters.Named{Label: n["name"].(string), Class: n["class"].(string)}
	}
	var pairs [][2]int
	for _, e := range edges {
		pairs = append(pairs, [2]int{index[e["from"].(string)], index[e["to"].(string)]})
	}
	for i, p := range exporters.Arrange(named, pairs) {
		sorted[i]["x"], sorted[i]["y"] = p.X, p.Y
	}
	return sorted
}
