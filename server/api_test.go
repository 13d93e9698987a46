package server_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/client"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
	"kg/server"
)

// Every address of the description is there, takes the parameters that it names, and answers in the
// form that it gives.
func TestTheHandlersDoWhatTheDescriptionSays(t *testing.T) {
	s := serve(t)
	d := description{t, s.get("/api/kg/openapi.json").json(t)}
	more := map[string][]string{
		"/questions/{name}/answer": {"platform=encrochat", "claims=true", "param.platform=sky-ecc", "role=cracked&stated_only=true", "limit=1&offset=1"},
		"/entity":                  {"id=europol&limit=2", "id=A-SEED-010", "id=port-of-antwerp&stated_only=true"},
		"/claims":                  {"predicate=cracked", "id=A-SEED-010"},
		"/why":                     {"predicate=cracked", "predicate=cracked&object=be-federal-police", "id=A-SEED-010"},
		"/conflicts":               {"id=encrochat&rounding=true", "sort=claims&limit=3"},
		"/sum":                     {"by=platform&by=year&naive=true", "measure=cash&by=country,agency&stated_only=true", "measure=items&item=cars&from=2020&to=2022"},
		"/search":                  {"q=antwerp&limit=1"},
		"/clock":                   {"valid_at=2020-06&undated=true"},
		"/path":                    {"max=3&paths=2&direction=either&except=within", "layout=true"},
		"/near":                    {"depth=2&neighbours=3"},
		"/expand":                  {"limit=1&offset=1", "class=agency", "predicate=cracked&direction=backward", "layout=true&limit=3"},
		"/graph":                   {"layout=true"},
		"/timeline":                {"entity=encrochat&since=2020&until=2021"},
		"/export":                  {"format=csv&class=seizure", "format=nquads&question=agencies-by-platform&param.platform=encrochat", "format=mermaid&id=europol&id=encrochat&path=true"},
	}
	asked := 0
	for path, methods := range d.root["paths"].(map[string]any) {
		for method, of := range methods.(map[string]any) {
			operation := of.(map[string]any)
			address := path
			query := url.Values{}
			for _, p := range orEmpty(operation["parameters"]) {
				parameter := d.follow(p.(map[string]any))
				name := parameter["name"].(string)
				switch example := parameter["example"].(type) {
				case string:
					if parameter["in"] == "path" {
						address = strings.ReplaceAll(address, "{"+name+"}", example)
					} else if parameter["required"] == true {
						query.Set(name, example)
					}
				case nil:
					if e, ok := parameter["schema"].(map[string]any)["example"].(string); ok && parameter["required"] == true {
						query.Set(name, e)
					}
				case []any:
					for _, e := range example {
						query.Add(name, e.(string))
					}
				}
			}
			for _, extra := range append([]string{""}, more[path]...) {
				values := url.Values{}
				for name, list := range query {
					values[name] = list
				}
				given, err := url.ParseQuery(extra)
				if err != nil {
					t.Fatal(err)
				}
				for name, list := range given {
					values[name] = list
				}
				full := "/api/kg" + address + "?" + values.Encode()
				t.Run(method+" "+full, func(t *testing.T) {
					asked++
					body, headers := "", []string(nil)
					if method == "post" {
						body, headers = `{"text":"g.V(\"<kg:platform/encrochat>\").in(\"<kg:cracked>\").tag(\"who\").all()","limit":2}`, []string{"Content-Type", "application/json"}
					}
					a := s.do(strings.ToUpper(method), full, body, headers...)
					if a.status != http.StatusOK {
						t.Fatalf("want 200, found %d: %.300s", a.status, a.body)
					}
					content := d.follow(operation["responses"].(map[string]any)["200"].(map[string]any))["content"].(map[string]any)
					form, ok := content["application/json"].(map[string]any)
					if !ok {
						return // a file
					}
					d.t = t
					if why := d.fits(form["schema"].(map[string]any), any(a.json(t)), "answer"); why != "" {
						t.Error(why)
					}
				})
			}
		}
	}
	if asked < 30 {
		t.Errorf("asked %d times, want every address at least once", asked)
	}
	for _, wrong := range []string{"/api/kg/entity?id=enkrochat2", "/api/kg/claims", "/api/kg/nothing", "/api/kg/questions/agencies-by-platfrom/answer"} {
		a := s.get(wrong)
		if a.status < 400 {
			t.Errorf("%s: want an error, found %d", wrong, a.status)
		}
		schema := d.root["components"].(map[string]any)["schemas"].(map[string]any)["Error"].(map[string]any)
		if why := d.fits(schema, any(a.json(t)), wrong); why != "" {
			t.Error(why)
		}
	}
}

func orEmpty(v any) []any {
	list, _ := v.([]any)
	return list
}

// All pages together are the whole answer, in its order.
func TestPagesLeaveNothingOut(t *testing.T) {
	s := serve(t)
	path := "/api/kg/questions/seizures-by-platform/answer"
	whole := s.get(path).json(t)
	if whole["truncated"] != false || whole["page"] != nil {
		t.Fatalf("want all rows at once, found page %v", whole["page"])
	}
	var rows []any
	next := path + "?limit=3"
	for next != "" {
		part := s.get(next).json(t)
		rows = append(rows, part["rows"].([]any)...)
		if part["count"] != whole["count"] || part["truncated"] != true {
			t.Errorf("want count %v and truncated, found %v and %v", whole["count"], part["count"], part["truncated"])
		}
		next, _ = part["page"].(map[string]any)["next"].(string)
	}
	if diff := cmp.Diff(whole["rows"], any(rows)); diff != "" {
		t.Errorf("the pages differ from the whole (-want +got):\n%s", diff)
	}
	if n := len(rows); n < 4 {
		t.Errorf("found %d rows, want enough for several pages", n)
	}
}

// Expanding in parts finds each neighbour once, and says how many there are.
func TestExpansionCountsWhatItHolds(t *testing.T) {
	s := serve(t)
	seen := map[string]bool{}
	total, next := 0.0, "/api/kg/expand?id=encrochat&limit=4"
	for next != "" {
		part := s.get(next).json(t)
		total = part["total"].(float64)
		for _, n := range part["nodes"].([]any) {
			id := n.(map[string]any)["id"].(string)
			if seen[id] {
				t.Errorf("%s came twice", id)
			}
			seen[id] = true
		}
		if part["shown"] != float64(len(seen)) {
			t.Errorf("want shown %d, found %v", len(seen), part["shown"])
		}
		next, _ = part["next"].(string)
	}
	if float64(len(seen)) != total || total < 5 {
		t.Errorf("found %d neighbours, want the %v that were told", len(seen), total)
	}
}

// An answer that the client has already is not sent again, and large ones are compressed.
func TestAnswersAreNamedAndCompressed(t *testing.T) {
	s := serve(t)
	path := "/api/kg/entity?id=encrochat"
	plain := s.get(path)
	tag := plain.header.Get("ETag")
	if tag == "" {
		t.Fatal("want an ETag, found none")
	}
	if again := s.get(path, "If-None-Match", `"other", `+tag); again.status != http.StatusNotModified || len(again.body) > 0 {
		t.Errorf("want 304 and no body, found %d and %d bytes", again.status, len(again.body))
	}
	packed := s.get(path, "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" {
		t.Fatal("want gzip")
	}
	z, err := gzip.NewReader(strings.NewReader(string(packed.body)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != string(plain.body) {
		t.Errorf("unpacked it differs: %v", err)
	}
	if a := s.get(path, "Accept-Encoding", "gzip;q=0"); a.header.Get("Content-Encoding") != "" {
		t.Error("want no gzip for a client that refuses it")
	}
	if a := s.do(http.MethodHead, path, ""); a.status != http.StatusOK || len(a.body) > 0 || a.header.Get("Content-Length") == "" {
		t.Errorf("HEAD: want headers alone, found %d and %d bytes", a.status, len(a.body))
	}
}

// A fault in one request is told with an id that stands in the log, and the server goes on.
func TestAFaultEndsOneRequest(t *testing.T) {
	s := serve(t, func(o *server.Options) {
		o.Places = func() map[string]string { panic("a table that is not there") }
	})
	a := s.get("/api/kg/claims?id=encrochat")
	id, _ := a.json(t)["error"].(map[string]any)["id"].(string)
	if a.status != http.StatusInternalServerError || id == "" || strings.Contains(string(a.body), "a table") {
		t.Errorf("want 500 with an id and without the reason, found %d: %s", a.status, a.body)
	}
	if !strings.Contains(s.log.String(), id) || !strings.Contains(s.log.String(), "a table that is not there") {
		t.Error("want id and reason in the log")
	}
	s.honest()
}

// Cayley's own client reads quads, and a client like pyley posts a text and reads rows.
func TestCayleysClientsWork(t *testing.T) {
	s := serve(t)
	r, err := client.New(s.address).QuadReader()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		if _, err := r.ReadQuad(); err != nil {
			break
		}
		n++
	}
	if want := int(s.get("/api/kg/").json(t)["counts"].(map[string]any)["quads"].(float64)); n != want {
		t.Errorf("read %d quads, want %d", n, want)
	}
	for name, test := range map[string]struct{ method, path, body, want string }{
		"pyley":             {"POST", "/api/v1/query/gizmo", `g.V("<kg:platform/encrochat>").out("<schema:name>").all()`, `{"result":[{"id":"EncroChat"}]}`},
		"a full IRI":        {"POST", "/api/v1/query/gizmo", `g.V("<https://example.org/kg/platform/encrochat>").out("<https://schema.org/name>").all()`, `{"result":[{"id":"EncroChat"}]}`},
		"nothing":           {"POST", "/api/v1/query/gizmo", `g.V("<kg:platform/nothing>").all()`, `{"result":null}`},
		"the second API":    {"GET", "/api/v2/query?lang=gizmo&qu=" + url.QueryEscape(`g.V("<kg:platform/encrochat>").out("<schema:name>").all()`), "", `{"result":[{"id":"EncroChat"}]}`},
		"MQL":               {"POST", "/api/v1/query/mql", `[{"id":"<kg:platform/encrochat>","<schema:name>":null}]`, `{"result":[{"\u003cschema:name\u003e":"EncroChat","id":"\u003ckg:platform/encrochat\u003e"}]}`},
		"GraphQL":           {"POST", "/api/v1/query/graphql", `{ nodes(id: <kg:platform/encrochat>) { <schema:name> } }`, `{"data":{"nodes":{"\u003cschema:name\u003e":"EncroChat"}}}`},
		"GraphQL, full IRI": {"POST", "/api/v1/query/graphql", `{ nodes(id: <https://example.org/kg/platform/encrochat>) { <schema:name> } }`, `{"data":{"nodes":{"\u003cschema:name\u003e":"EncroChat"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.do(test.method, test.path, test.body)
			if got := strings.TrimSpace(string(a.body)); a.status != http.StatusOK || got != test.want {
				t.Errorf("want %s, found %d: %s", test.want, a.status, got)
			}
		})
	}
	a := s.do(http.MethodPost, "/api/v1/query/gizmo?limit=2", `g.V("<kg:Agency>").in("<rdf:type>").all()`)
	if rows := a.json(t)["result"].([]any); len(rows) != 2 || a.json(t)["truncated"] != true || a.header.Get("Kg-Truncated") != "true" {
		t.Errorf("want two rows and word that there are more, found %s", a.body)
	}
	shape := s.do(http.MethodPost, "/api/v1/shape/gizmo", `g.V("<kg:platform/encrochat>").in("<kg:cracked>").tag("who").all()`).json(t)
	if len(shape["nodes"].([]any)) < 3 || len(shape["links"].([]any)) < 1 {
		t.Errorf("want nodes and links, found %v", shape)
	}
	if nodes := s.do(http.MethodGet, "/api/v2/formats", ""); nodes.status != http.StatusOK {
		t.Errorf("formats: found %d", nodes.status)
	}
	one := s.get("/api/v2/read?sub=" + url.QueryEscape("<kg:platform/encrochat>") + "&pred=" + url.QueryEscape("<schema:name>"))
	if !strings.HasPrefix(string(one.body), "<https://example.org/kg/platform/encrochat> <https://schema.org/name> ") {
		t.Errorf("want the quad, found %s", one.body)
	}
}

// Cayley's pages come whole, fetch nothing from elsewhere, and load a saved question as a text that runs.
func TestCayleysPagesComeWhole(t *testing.T) {
	s := serve(t)
	page := s.get("/ui/query")
	if page.status != http.StatusOK {
		t.Fatalf("want the page, found %d: %.300s", page.status, page.body)
	}
	for part := range strings.SplitSeq(string(page.body), `"`) {
		if (strings.HasPrefix(part, "/static/") || strings.HasPrefix(part, "/ui/kg")) && s.get(part).status != http.StatusOK {
			t.Errorf("%s is not there", part)
		}
	}
	for _, css := range []string{"/static/third_party/flatly/bootstrap.min.css", "/static/third_party/OpenSans.css"} {
		if a := s.get(css); a.status != http.StatusOK || strings.Contains(string(a.body), "googleapis") || strings.Contains(string(a.body), "gstatic") {
			t.Errorf("%s: want a style that fetches nothing, found %d", css, a.status)
		}
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "'sha256-") || strings.Contains(policy, "script-src 'self' 'unsafe-inline'") {
		t.Errorf("want the page's script named by its digest, found %q", policy)
	}
	text := s.get("/ui/questions/agencies-by-platform?platform=EncroChat")
	rows := s.do(http.MethodPost, "/api/v1/query/gizmo", string(text.body)).json(t)["result"]
	if list, _ := rows.([]any); len(list) == 0 {
		t.Errorf("want rows of the loaded question, found %v for\n%s", rows, text.body)
	}
	if a := s.get("/ui/LICENSE"); a.status != http.StatusOK || !strings.Contains(string(a.body), "Apache License") {
		t.Errorf("want Cayley's licence, found %d", a.status)
	}
}

// A store that is replaced is served by the next request; those under way end with the old one.
func TestANewStoreIsServedWithoutALostRequest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.snapshot")
	if err := build(path, data.Facts); err != nil {
		t.Fatal(err)
	}
	s := serve(t, func(o *server.Options) {
		o.Open = func(ctx context.Context) (*graph.Store, error) { return open(ctx, path) }
		o.Stamp = func() string {
			m, err := graph.ReadManifest(graph.Address{Scheme: "snapshot", Path: path})
			if err != nil {
				return ""
			}
			return m.Built.String()
		}
		o.Texts.Close()
		o.Texts = pool(path, 2, 64, o.Log)
	})
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					s.honest()
				}
			}
		})
	}
	before := s.get("/api/kg/").json(t)["dataset"]
	name := "<https://example.org/kg/platform/encrochat> <https://schema.org/name> \"EncroChat\""
	if !strings.Contains(data.Facts, name) {
		t.Fatal("the name is not in the facts")
	}
	if err := build(path, strings.ReplaceAll(data.Facts, name, strings.ReplaceAll(name, "EncroChat\"", "EncroChat Two\""))); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for s.get("/api/kg/").json(t)["dataset"] == before {
		if time.Now().After(deadline) {
			t.Fatal("the new store is not served")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := s.get("/api/kg/entity?id=encrochat").json(t)["entity"].(map[string]any)["name"]; got != "EncroChat Two" {
		t.Errorf("want the new name, found %v", got)
	}
	a := s.do(http.MethodPost, "/api/v1/query/gizmo", `g.V("<kg:platform/encrochat>").out("<schema:name>").all()`)
	if !strings.Contains(string(a.body), "EncroChat Two") {
		t.Errorf("want texts to see the new store, found %s", a.body)
	}
	close(stop)
	asking.Wait()
}

// What is served for machines that watch.
func TestMetricsCount(t *testing.T) {
	s := serve(t)
	s.honest()
	text := string(s.get("/metrics").body)
	for _, want := range []string{
		`kg_http_request_duration_seconds_count{handler="POST /api/v1/query/{language}",code="200"} 1`, "kg_texts_total 1", "kg_store_quads ", "kg_http_panics_total 0",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %s, found\n%s", want, text)
		}
	}
	var line map[string]any
	first, _, _ := strings.Cut(s.log.String(), "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil || line["msg"] == nil {
		t.Errorf("want a log of JSON lines, found %s", first)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := s.get(path); a.status != http.StatusOK {
			t.Errorf("%s: found %d", path, a.status)
		}
	}
}
