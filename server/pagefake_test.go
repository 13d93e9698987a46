package server_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"kg/server/web"
)

// A pageWorld answers as the API does, from a few invented facts: enough for the page to be tried with
// names that are attacks, a thing with hundreds of neighbours, and a server that is slow or broken.
type pageWorld struct {
	names map[string]string
	facts [][3]string
	delay atomic.Int64  // milliseconds before each answer of the API
	fails atomic.Bool   // every answer of the API is an error
	slow  string        // what is asked about this thing takes a second
	wait  chan struct{} // no answer of the API comes before this is closed; nil: each comes at once
}

// rude is a name that would be markup if anything made markup of it.
const rude = `ANOM <b>`

func newPageWorld() *pageWorld {
	w := &pageWorld{names: map[string]string{
		"kg:platform/encrochat": "EncroChat", "kg:platform/anom": rude,
		"kg:agency/nca": "National Crime Agency", "kg:agency/europol": "Europol", "kg:agency/gendarmerie": "Gendarmerie nationale",
		"kg:operation/venetic": "Operation Venetic", "kg:operation/trojan-shield": "Operation Trojan Shield",
		"kg:event/infiltration": "Infiltration of EncroChat", "kg:location/france": "France", "kg:location/port-of-antwerp": "Port of Antwerp",
		"kg:seizure/cocaine-2020": "Cocaine seized in 2020", "kg:seizure/heroin-2021": "Heroin seized in 2021",
		"kg:item/cocaine": "cocaine", "kg:item/heroin": "heroin", "kg:source/report": "A report on EncroChat",
		"kg:agency/hub": "Joint investigation team",
	}}
	w.facts = [][3]string{
		{"kg:event/infiltration", "kg:targeted", "kg:platform/encrochat"},
		{"kg:operation/venetic", "kg:targeted", "kg:platform/encrochat"},
		{"kg:operation/venetic", "kg:ledBy", "kg:agency/nca"},
		{"kg:event/infiltration", "kg:carriedOutBy", "kg:agency/gendarmerie"},
		{"kg:event/infiltration", "kg:place", "kg:location/france"},
		{"kg:agency/europol", "kg:supported", "kg:operation/venetic"},
		{"kg:seizure/cocaine-2020", "kg:during", "kg:operation/venetic"},
		{"kg:seizure/cocaine-2020", "kg:item", "kg:item/cocaine"},
		{"kg:seizure/cocaine-2020", "kg:place", "kg:location/port-of-antwerp"},
		{"kg:seizure/heroin-2021", "kg:item", "kg:item/heroin"},
		{"kg:operation/trojan-shield", "kg:targeted", "kg:platform/anom"},
		{"kg:seizure/heroin-2021", "kg:during", "kg:operation/trojan-shield"},
		{"kg:agency/europol", "kg:supported", "kg:operation/trojan-shield"},
	}
	for i := range 312 {
		id := fmt.Sprintf("kg:figure/count-%03d", i+1)
		w.names[id] = fmt.Sprintf("Count number %d", i+1)
		w.facts = append(w.facts, [3]string{id, "kg:countedBy", "kg:agency/hub"})
	}
	return w
}

type object = map[string]any

func (w *pageWorld) thing(id string) object { return object{"id": id, "name": w.names[id]} }

func pageClass(id string) string {
	class, _, _ := strings.Cut(strings.TrimPrefix(id, "kg:"), "/")
	return strings.ToUpper(class[:1]) + class[1:]
}

func (w *pageWorld) node(id string) object {
	return object{"id": id, "name": w.names[id], "class": pageClass(id), "class_name": strings.ToLower(pageClass(id))}
}

func (w *pageWorld) edge(fact [3]string) object {
	name := strings.TrimPrefix(fact[1], "kg:")
	return object{
		"id": strings.Join(fact[:], " "), "from": fact[0], "to": fact[2], "predicate": object{"id": fact[1], "name": name}, "derived": name == "supported",
		"claims": []object{{"id": "kg:claim/T-1", "name": "T-1"}}, "said_by": []object{w.thing("kg:agency/nca")}, "sources": []object{w.thing("kg:source/report")},
	}
}

func (w *pageWorld) edges(ids []string) []object {
	list := []object{}
	for _, fact := range w.facts {
		if slices.Contains(ids, fact[0]) && slices.Contains(ids, fact[2]) {
			list = append(list, w.edge(fact))
		}
	}
	return list
}

func (w *pageWorld) nodes(ids []string) []object {
	list := []object{}
	for _, id := range ids {
		list = append(list, w.node(id))
	}
	return list
}

func (w *pageWorld) around(id string) []string {
	near := map[string]bool{}
	for _, fact := range w.facts {
		if fact[0] == id {
			near[fact[2]] = true
		}
		if fact[2] == id {
			near[fact[0]] = true
		}
	}
	return slices.Sorted(maps.Keys(near))
}

// column makes a column of "name:type", with a + at the end for a list.
func column(text string) object {
	list := strings.HasSuffix(text, "+")
	name, kind, _ := strings.Cut(strings.TrimSuffix(text, "+"), ":")
	return object{"name": name, "title": strings.ReplaceAll(name, "_", " "), "type": kind, "list": list}
}

// table makes a table; a cell that is not given is null, or an empty list.
func table(columns string, rows ...object) object {
	var heads []object
	for _, c := range strings.Fields(columns) {
		heads = append(heads, column(c))
	}
	for _, row := range rows {
		for _, c := range heads {
			if _, ok := row[c["name"].(string)]; !ok {
				row[c["name"].(string)] = nil
				if c["list"].(bool) {
					row[c["name"].(string)] = []object{}
				}
			}
		}
	}
	if rows == nil {
		rows = []object{}
	}
	return object{"schema_version": 1, "question": "", "params": object{}, "columns": heads, "rows": rows, "count": len(rows), "truncated": false, "left_out": []object{}}
}

func (w *pageWorld) entity(id string) object {
	said := object{"said_by": []object{w.thing("kg:agency/nca")}, "sources": []object{w.thing("kg:source/report")}}
	row := func(section, predicate string, value any, more object) object {
		out := object{"section": section, "predicate": object{"id": "kg:" + predicate, "name": predicate}, "value": value, "claims": []object{{"id": "kg:claim/T-7", "name": "T-7"}}}
		maps.Copy(out, said)
		maps.Copy(out, more)
		return out
	}
	users := func(n int, text, standing string) object {
		return row("figures", "count", object{"value": n, "unit": "count", "text": text, "qualifier": "atLeast"},
			object{"about": object{"id": "kg:figure/count-001", "name": "Users of it"}, "standing": standing, "reported_as": text + " <i>users</i>"})
	}
	t := table("section:text about:entity predicate:predicate value:any said_by:entity+ sources:entity+ reported_as:text standing:text rule:text claims:claim+",
		users(60000, "60,000", "conflicts with at least 50,000"), users(50000, "50,000", "conflicts with at least 60,000"))
	for _, fact := range w.facts {
		if fact[0] == id && len(t["rows"].([]object)) < 40 {
			t["rows"] = append(t["rows"].([]object), row("claims", strings.TrimPrefix(fact[1], "kg:"), w.thing(fact[2]), object{"about": nil, "reported_as": nil, "standing": nil, "rule": nil}))
		}
	}
	t["count"] = len(t["rows"].([]object))
	t["entity"] = object{"id": id, "name": w.names[id], "class": pageClass(id), "class_name": strings.ToLower(pageClass(id)), "names": []string{"Encro"}, "kinds": []object{}, "conflicts": 2, "figures": 2, "claims": 1}
	return t
}

// seek finds a thing by name or IRI.
func (w *pageWorld) seek(text string) (string, bool) {
	for id, name := range w.names {
		if id == text || strings.EqualFold(name, text) {
			return id, true
		}
	}
	return "", false
}

func (w *pageWorld) search(q string) object {
	var rows []object
	for _, id := range slices.SortedFunc(maps.Keys(w.names), func(a, b string) int { return cmp.Compare(w.names[a], w.names[b]) }) {
		if strings.Contains(strings.ToLower(w.names[id]), strings.ToLower(q)) && len(rows) < 12 {
			rows = append(rows, object{"entity": w.thing(id), "class": strings.ToLower(pageClass(id)), "id": id, "how": "part", "matched": w.names[id], "field": object{"id": "schema:name", "name": "name"}})
		}
	}
	return table("entity:entity class:text id:text how:text matched:text field:predicate", rows...)
}

func (w *pageWorld) expand(q url.Values) object {
	id := q.Get("id")
	all := w.around(id)
	by := map[string]int{}
	for _, near := range all {
		by[pageClass(near)]++
	}
	classes := []object{}
	for _, class := range slices.Sorted(maps.Keys(by)) {
		classes = append(classes, object{"class": class, "name": strings.ToLower(class), "count": by[class]})
	}
	if class := q.Get("class"); class != "" {
		all = slices.DeleteFunc(all, func(near string) bool { return pageClass(near) != class })
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	page := all[min(offset, len(all)):min(offset+cmp.Or(limit, 50), len(all))]
	return object{
		"center": w.node(id), "nodes": w.nodes(page), "edges": w.edges(append(slices.Clone(page), id)), "shown": min(offset, len(all)) + len(page), "total": len(all),
		"next": nil, "classes": classes, "predicates": []object{}, "limits": []string{},
	}
}

// path walks breadth first and knows one way.
func (w *pageWorld) path(from, to string) object {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, near := range w.around(queue[0]) {
			if _, ok := came[near]; !ok {
				came[near] = queue[0]
				queue = append(queue, near)
			}
		}
	}
	t := table("path:integer")
	t["limits"], t["paths"], t["graph"] = []string{}, [][]string{}, object{"nodes": []object{}, "edges": []object{}}
	if _, ok := came[to]; ok {
		var way []string
		for at := to; at != ""; at = came[at] {
			way = append([]string{at}, way...)
		}
		t["paths"], t["graph"] = [][]string{way}, object{"nodes": w.nodes(way), "edges": w.edges(way)}
	}
	return t
}

func (w *pageWorld) timeline() object {
	row := func(date, until, id string, grams int, text string) object {
		out := object{"date": date, "what": w.thing(id), "place": []object{w.thing("kg:location/port-of-antwerp")}, "sources": []object{w.thing("kg:source/report")}}
		if until != "" {
			out["until"] = until
		}
		if grams > 0 {
			out["measure"], out["amount"] = object{"id": "kg:massGrams", "name": "mass"}, object{"value": grams, "unit": "gram", "text": text}
		}
		return out
	}
	return table("date:date until:date what:entity measure:predicate amount:quantity place:entity+ said_by:entity+ sources:entity+",
		row("2020-04", "2020-06", "kg:event/infiltration", 0, ""), row("2020-07-02", "", "kg:seizure/cocaine-2020", 2000000, "2 t"), row("2021-06-08", "", "kg:seizure/heroin-2021", 30000, "30 kg"))
}

func (w *pageWorld) answer(name string) object {
	cocaine := object{"value": 2000000, "unit": "gram", "text": "2 t", "qualifier": "atLeast"}
	mass := object{"id": "kg:massGrams", "name": "mass"}
	switch name {
	case "seized-substances":
		return table("item:entity measure:predicate amount:quantity said_by:entity+ sources:entity+",
			object{"item": w.thing("kg:item/cocaine"), "measure": mass, "amount": cocaine},
			object{"item": w.thing("kg:item/heroin"), "measure": mass, "amount": object{"value": 30000, "unit": "gram", "text": "30 kg"}})
	case "seizures-by-location":
		return table("place:entity seizure:entity item:entity+ measure:predicate amount:quantity sources:entity+",
			object{"place": w.thing("kg:location/port-of-antwerp"), "seizure": w.thing("kg:seizure/cocaine-2020"), "item": []object{w.thing("kg:item/cocaine")}, "measure": mass, "amount": cocaine})
	default:
		return table("platform:entity agency:entity role:predicate said_by:entity+ sources:entity+",
			object{"platform": w.thing("kg:platform/encrochat"), "agency": w.thing("kg:agency/gendarmerie"), "role": object{"id": "kg:cracked", "name": "cracked"}, "sources": []object{w.thing("kg:source/report")}},
			object{"platform": w.thing("kg:platform/anom"), "agency": w.thing("kg:agency/europol"), "role": object{"id": "kg:supported", "name": "=SUM(1)"}})
	}
}

func pageQuestion(name, summary string) object {
	return object{
		"name": name, "summary": summary, "example": object{"platform": "EncroChat"}, "answer": "/api/kg/questions/" + name + "/answer", "columns": []object{},
		"params": []object{{"name": "platform", "type": "Platform", "wants": "a platform", "required": false, "help": "the platform; all of them when left out"}},
	}
}

func (w *pageWorld) places() object {
	point := func(id string, lon, lat float64, properties object) object {
		properties["name"], properties["class"] = w.names[id], pageClass(id)
		return object{"type": "Feature", "id": id, "geometry": object{"type": "Point", "coordinates": []float64{lon, lat}}, "properties": properties}
	}
	return object{"type": "FeatureCollection", "features": []object{
		point("kg:location/port-of-antwerp", 4.4, 51.3, object{}), point("kg:location/france", 2.2, 46.2, object{}),
		point("kg:seizure/cocaine-2020", 4.4, 51.3, object{"place": "Port of Antwerp", "place_iri": "kg:location/port-of-antwerp"}),
		point("kg:event/infiltration", 2.2, 46.2, object{"place": "France", "place_iri": "kg:location/france"}),
	}}
}

// reply finds the answer to a request, or nil.
func (w *pageWorld) reply(path string, q url.Values) object {
	id := q.Get("id")
	if found, ok := w.seek(id); ok {
		id = found
	}
	switch {
	case path == "":
		return object{"program": "kg", "title": "A small world", "licence": "CC BY 4.0", "terms": "https://creativecommons.org/licenses/by/4.0/", "dataset": strings.Repeat("5a", 32), "counts": object{"quads": 400, "claims": 325, "derived": 2}}
	case path == "schema":
		classes := []object{}
		for class, plural := range map[string]string{"Platform": "platforms", "Agency": "agencies", "Operation": "operations", "Event": "events", "Location": "places", "Seizure": "seizures", "Item": "items", "Figure": "figures", "Source": "documents"} {
			classes = append(classes, object{"id": "kg:" + class, "name": class, "label": strings.ToLower(class), "plural": plural, "path": strings.ToLower(class), "definition": ""})
		}
		return object{"classes": classes, "predicates": []object{}}
	case path == "questions":
		return object{"questions": []object{pageQuestion("agencies-by-platform", "which agencies cracked a platform"), pageQuestion("seized-substances", "how much was seized"), pageQuestion("seizures-by-location", "what was seized in a place")}}
	case strings.HasSuffix(path, "/answer"):
		return w.answer(strings.TrimSuffix(strings.TrimPrefix(path, "questions/"), "/answer"))
	case strings.HasPrefix(path, "questions/"):
		return pageQuestion(strings.TrimPrefix(path, "questions/"), "which agencies cracked a platform")
	case path == "search":
		return w.search(q.Get("q"))
	case path == "timeline":
		return w.timeline()
	case path == "formats":
		return object{"formats": []object{{"name": "gexf", "extension": ".gexf", "media_type": "application/gexf+xml", "about": "GEXF"}, {"name": "csv", "extension": ".csv", "media_type": "text/csv", "about": "CSV"}}}
	case path == "export":
		return w.places()
	case path == "sum":
		return w.sum(q)
	case path == "conflicts":
		return w.conflicts(id)
	case path == "graph" && q.Get("layout") == "true":
		return object{"nodes": laidOut(w.nodes(q["id"]), w.edges(q["id"])), "edges": w.edges(q["id"]), "limits": []string{}}
	case path == "graph":
		return object{"nodes": w.nodes(q["id"]), "edges": w.edges(q["id"]), "limits": []string{}}
	case path == "path":
		return w.path(q.Get("from"), q.Get("to"))
	case w.names[id] == "":
		return nil
	case path == "entity":
		return w.entity(id)
	case path == "expand":
		return w.expand(q)
	}
	return nil
}

// ServeHTTP serves the page with its policy, and the API.
func (w *pageWorld) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	out.Header().Set("Content-Security-Policy", web.Policy)
	out.Header().Set("X-Content-Type-Options", "nosniff")
	path, isAPI := strings.CutPrefix(r.URL.Path, "/api/kg/")
	if !isAPI {
		http.FileServerFS(web.Files()).ServeHTTP(out, r)
		return
	}
	if w.wait != nil {
		select {
		case <-w.wait:
		case <-r.Context().Done(): // the test has ended
		}
	}
	if w.slow != "" && r.URL.Query().Get("id") == w.slow && path == "entity" {
		time.Sleep(time.Second)
	}
	time.Sleep(time.Duration(w.delay.Load()) * time.Millisecond)
	out.Header().Set("Content-Type", "application/json")
	answer, status := w.timed(path, r.URL.Query()), http.StatusOK
	if answer == nil {
		status = http.StatusNotFound
		answer = object{"error": object{"status": status, "code": "not_found", "message": "nothing is called " + r.URL.Query().Get("id"), "id": "r-1"}}
	}
	if w.fails.Load() {
		status = http.StatusServiceUnavailable
		answer = object{"error": object{"status": status, "code": "unavailable", "message": "the store is away <b>for now</b>", "id": "r-2"}}
	}
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(answer)
}
