package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kg/server"
)

// Texts that use up time, memory or stack, or look for a way out. Each is answered with an error, or
// with nothing of worth, and the server answers honest requests beside it.
func TestHostileTextsHarmNobody(t *testing.T) {
	s := serve(t, hasty)
	for _, attack := range []struct {
		name, language, text string
		status               []int
	}{
		{"a loop without end", "gizmo", `while(true){}`, []int{504}},
		{"a loop that catches its end", "gizmo", `while(true){try{while(true){}}catch(e){}finally{continue}}`, []int{504}},
		{"a string that doubles", "gizmo", `var s="x";while(true){s+=s}`, []int{422, 504}},
		{"a string that is repeated", "gizmo", `"x".repeat(2**31)`, []int{400, 422}},
		{"an array that is joined", "gizmo", `new Array(1e9).join("xxxxxxxxxx")`, []int{400, 422, 504}},
		{"an array that is filled", "gizmo", `var a=[];while(true){a.push(new Array(1000).fill("x"))}`, []int{422, 504}},
		{"objects that hold each other", "gizmo", `var o={};while(true){o={a:o,b:[o,o,o]}}`, []int{422, 504}},
		{"a function that calls itself", "gizmo", `(function f(){f()})()`, []int{422}},
		{"a regular expression that goes back and forth", "gizmo", `/^(?=(a+)+$)(a+)+\1$/.test("a".repeat(60)+"!")`, []int{200, 400, 422, 504}},
		{"brackets in brackets", "gizmo", strings.Repeat("[", 20000), []int{400, 422}},
		{"a text that is too long", "gizmo", "//" + strings.Repeat("x", 40<<10), []int{400, 422}},
		{"the prototype of all objects", "gizmo", `Object.prototype.polluted="yes";g.emit({}.polluted)`, []int{200, 400}},
		{"a constructor of functions", "gizmo", `g.emit((function(){}).constructor("return this")().process)`, []int{200, 400}},
		{"a way to the system", "gizmo", `require("fs").readFileSync("/etc/passwd")`, []int{400}},
		{"a getter that never answers", "gizmo", `throw {toString(){while(true){}}}`, []int{400, 504}},
		{"a proxy for a path", "gizmo", `g.V(new Proxy([],{get(){while(true){}}})).all()`, []int{400, 504}},
		{"an object where a predicate is wanted", "gizmo", `g.V().out({}).all()`, []int{400}},
		{"everything with everything", "gizmo", `g.V().both().both().both().both().both().both().all()`, []int{200, 422, 504}},
		{"a name that ends a statement of SQL", "gizmo", "g.V(\"<kg:platform/encrochat>\").save(\"<schema:name>\", \"x` FROM quads; DROP TABLE quads; --\").all()", []int{200, 400}},
		{"all that is sorted", "gizmo", `g.V().both().both().order().all()`, []int{200, 400, 422, 504}},
		{"a drawing of a loop", "shape/gizmo", `while(true){}`, []int{504}},
		{"fields in fields", "graphql", strings.Repeat("{ nodes ", 3000), []int{400, 422, 504}},
		{"no query at all", "graphql", `{{{{`, []int{400}},
		{"all nodes with all", "graphql", `{ nodes { id, * { id, * { id, * { id } } } } }`, []int{200, 400, 422, 504}},
		{"lists in lists", "mql", strings.Repeat("[", 50000), []int{400, 422, 504}},
		{"no object", "mql", `[{"id": {"id": {"id": 1e999}}}]`, []int{400}},
		{"a language that is a path", "..%2F..%2Fetc", `x`, []int{400, 404}},
	} {
		t.Run(attack.name, func(t *testing.T) {
			path := "/api/v1/query/" + attack.language
			if language, ok := strings.CutPrefix(attack.language, "shape/"); ok {
				path = "/api/v1/shape/" + language
			}
			var meanwhile sync.WaitGroup
			meanwhile.Go(s.honest)
			began := time.Now()
			ask := s.patiently
			if slices.Contains(attack.status, http.StatusGatewayTimeout) {
				ask = func(path, text string) answer { return s.do(http.MethodPost, path, text) }
			}
			a := ask(path, attack.text)
			meanwhile.Wait()
			if took := time.Since(began); took > time.Minute {
				t.Errorf("want an end soon after the time limit, found one after %s", took)
			}
			if !slices.Contains(attack.status, a.status) {
				t.Errorf("want one of %v, found %d: %.300s", attack.status, a.status, a.body)
			}
		})
	}
	s.honest()
	if a := s.patiently("/api/v1/query/gizmo", `g.emit(String({}.polluted))`); strings.Contains(string(a.body), "yes") {
		t.Errorf("want each text in an engine of its own, found %s", a.body)
	}
}

// Requests that try to be what they are not.
func TestHostileRequestsAreRefused(t *testing.T) {
	s := serve(t)
	host := strings.TrimPrefix(s.address, "http://")
	for _, attack := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
	}{
		{"a name that an attacker's DNS leads here", "GET", "/api/kg/", "", []string{"Host", "evil.example"}, 421},
		{"the same with the right port", "GET", "/", "", []string{"Host", "evil.example:64210"}, 421},
		{"a name that begins like ours", "GET", "/api/kg/", "", []string{"Host", "localhost.evil.example"}, 421},
		{"a page of another site that asks", "GET", "/api/kg/", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a page of a sister site that asks", "GET", "/api/kg/", "", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"a form of another site that posts", "POST", "/api/v1/query/gizmo", "g.V().all()", []string{"Origin", "https://evil.example"}, 403},
		{"a page without origin that posts", "POST", "/api/v1/query/gizmo", "g.V().all()", []string{"Origin", "null"}, 403},
		{"a link that downloads", "GET", "/api/kg/export?format=nquads", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 403},
		{"a link to a page", "GET", "/", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"a question whether all may ask", "OPTIONS", "/api/v1/query/gizmo", "", []string{"Origin", "http://" + host}, 405},
		{"a deletion", "DELETE", "/api/kg/entity?id=encrochat", "", nil, 405},
		{"a write to Cayley's first API", "POST", "/api/v1/write", "[]", nil, 403},
		{"a file for Cayley's first API", "POST", "/api/v1/write/file/nquad", "x", nil, 403},
		{"a write to Cayley's second API", "POST", "/api/v2/write", "<a> <b> <c> .", nil, 403},
		{"a deletion of a node", "POST", "/api/v2/node/delete", "<a>", nil, 403},
		{"a way out of the folder", "GET", "/static/..%2f..%2fgo.mod", "", nil, 404},
		{"a way out of the page", "GET", "/..%2f..%2fetc%2fpasswd", "", nil, 404},
		{"a folder", "GET", "/static/js/", "", nil, 404},
		{"a file of the program", "GET", "/web.go", "", nil, 404},
		{"a document outside", "GET", "/docs/..%2fLICENSE", "", nil, 404},
		{"a body that is too large", "POST", "/api/v1/query/gizmo", strings.Repeat("x", 1<<20), nil, 413},
		{"a text that is no JSON", "POST", "/api/kg/gizmo", "text", []string{"Content-Type", "application/json"}, 400},
		{"a text that says it is a form", "POST", "/api/kg/gizmo", `{"text":"1"}`, []string{"Content-Type", "text/plain"}, 415},
		{"an address that is too long", "GET", "/api/kg/search?q=" + strings.Repeat("x", 9<<10), "", nil, 414},
		{"headers that are too long", "GET", "/api/kg/", "", []string{"X-Flood", strings.Repeat("x", 64<<10)}, 431},
		{"a page without end", "GET", "/api/kg/stats?limit=1000000000", "", nil, 400},
		{"a page before the first", "GET", "/api/kg/stats?offset=-1", "", nil, 400},
		{"a walk through everything", "GET", "/api/kg/near?id=europol&depth=99", "", nil, 400},
		{"a question that is a path", "GET", "/api/kg/questions/..%2f..%2fgo.mod/answer", "", nil, 404},
		{"a parameter that nobody knows", "GET", "/api/kg/entity?id=encrochat&stated_onyl=1", "", nil, 400},
	} {
		t.Run(attack.name, func(t *testing.T) {
			a := s.do(attack.method, attack.path, attack.body, attack.headers...)
			if a.status == -1 && attack.status == http.StatusRequestHeaderFieldsTooLarge {
				return // cut off while it was sending, which is as good
			}
			if a.status != attack.status {
				t.Errorf("want %d, found %d: %.300s", attack.status, a.status, a.body)
			}
			for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Methods"} {
				if v := a.header.Get(name); v != "" {
					t.Errorf("want no %s, found %q", name, v)
				}
			}
		})
	}
	s.honest()
}

// A name is text wherever it comes out.
func TestMarkupInParametersStaysText(t *testing.T) {
	s := serve(t)
	a := s.get("/api/kg/entity?id=" + "%3Cscript%3Ealert(1)%3C%2Fscript%3E")
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("want JSON, found %s", got)
	}
	if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("want nosniff, found %q", got)
	}
	for _, page := range []string{"/", "/api/kg/entity?id=encrochat"} {
		policy := s.get(page).header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: want %s in the policy, found %q", page, want, policy)
			}
		}
	}
}

// mayOpen skips a test that needs more files than the system lets this process open.
func mayOpen(t *testing.T, n int) {
	t.Helper()
	for range n {
		f, err := os.Open(os.DevNull)
		if err != nil {
			t.Skipf("needs %d files that are open at once: %v", n, err)
		}
		defer f.Close()
	}
}

// Whoever opens connections and says nothing shuts nobody out.
func TestSilentConnectionsGiveWay(t *testing.T) {
	mayOpen(t, 2000) // both ends of each connection, and the rest
	s := serve(t)
	s.honest()
	began := time.Now()
	s.honest()
	atOnce := 3*time.Second + 20*time.Since(began) // silence is put up with for 5 s; a busy machine takes its time
	var open []net.Conn
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	for i := range 700 {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if i%2 == 0 {
			_, _ = fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") // and never the end
		}
		open = append(open, c)
	}
	began = time.Now()
	s.honest()
	if took := time.Since(began); took > atOnce {
		t.Errorf("want an answer at once, found one after %s", took)
	}
}

// A client that sends its body a byte at a time is cut off, and others do not wait for it.
func TestSlowBodiesAreCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time limit")
	}
	s := serve(t, hasty)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = fmt.Fprint(c, "POST /api/v1/query/gizmo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if _, err := fmt.Fprint(c, "x"); err != nil {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
	}()
	s.honest()
	began := time.Now()
	_ = c.SetReadDeadline(time.Now().Add(2 * time.Minute))
	status, _ := bufio.NewReader(c).ReadString('\n')
	if took := time.Since(began); took > time.Minute || strings.Contains(status, " 200 ") {
		t.Errorf("want the connection cut after 20 s, found %q after %s", status, took)
	}
	c.Close()
	<-ended
}

// More texts than can run wait; more than may wait are turned away, and told when to come again.
func TestTooManyTextsAreTurnedAway(t *testing.T) {
	s := serve(t, hasty)
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]int{}
	for range 30 {
		all.Go(func() {
			a := s.do(http.MethodPost, "/api/v1/query/gizmo", `while(true){}`)
			mu.Lock()
			defer mu.Unlock()
			seen[a.status]++
			if a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
				t.Error("want Retry-After beside 429, found none")
			}
		})
	}
	if a := s.get("/api/kg/questions/agencies-by-platform/answer"); a.status != http.StatusOK {
		t.Errorf("a saved question meanwhile: want 200, found %d", a.status)
	}
	all.Wait()
	if seen[http.StatusTooManyRequests] == 0 || seen[http.StatusGatewayTimeout] == 0 || seen[http.StatusTooManyRequests]+seen[http.StatusGatewayTimeout]+seen[http.StatusServiceUnavailable] != 30 {
		t.Errorf("want some ended by time, the others turned away, found %v", seen)
	}
	s.honest()
}

// With a token nobody asks without it.
func TestATokenIsAskedFor(t *testing.T) {
	s := serve(t, func(o *server.Options) { o.Token = "correct horse" })
	for _, test := range []struct {
		name   string
		header []string
		status int
	}{
		{"none", nil, 401},
		{"a wrong one", []string{"Authorization", "Bearer wrong"}, 401},
		{"the beginning of it", []string{"Authorization", "Bearer correct"}, 401},
		{"an empty one", []string{"Authorization", "Bearer "}, 401},
		{"the right one", []string{"Authorization", "Bearer correct horse"}, 200},
		{"as a password", []string{"Authorization", "Basic YW55Om5vdCBpdA=="}, 401},
		{"the right one as a password", []string{"Authorization", "Basic YW55OmNvcnJlY3QgaG9yc2U="}, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := s.get("/api/kg/", test.header...); a.status != test.status {
				t.Errorf("want %d, found %d", test.status, a.status)
			}
		})
	}
	if a := s.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("want /healthz for everybody, found %d", a.status)
	}
}

// A text that used much, and ended well or at its limit, leaves no process that is too full for the next.
func TestNoTextPaysForAnotherOne(t *testing.T) {
	s := serve(t, hasty)
	for _, greedy := range []string{
		`var a=[];for(let i=0;i<900;i++){a.push("x".repeat(40000)+i)};g.emit(a.length)`,
		`var a=[];while(true){a.push(new Array(1000).fill("x"))}`,
		`var o={};while(true){o={a:o,b:[o,o,o]}}`,
	} {
		for range 2 {
			s.do(http.MethodPost, "/api/v1/query/gizmo", greedy)
			for range 2 {
				if a := s.patiently("/api/v1/query/gizmo", `g.emit(["x".repeat(1<<20)].length)`); a.status != http.StatusOK {
					t.Fatalf("after %.40s: want 200, found %d: %.300s", greedy, a.status, a.body)
				}
			}
		}
	}
}
