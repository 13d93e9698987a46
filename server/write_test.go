package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cayleygraph/cayley/client"
	"github.com/cayleygraph/quad"

	"kg/data"
	"kg/graph"
	"kg/graph/snapshot"
	"kg/loaders"
	"kg/server"
)

// What those who may write send along.
const (
	writeToken = "pen and ink"
	mayWrite   = "Bearer " + writeToken
)

// serveWritable starts a server over a store of its own, which clients may change.
func serveWritable(t *testing.T, change ...func(*server.Options)) (s *site, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "mine.snapshot")
	text, err := os.ReadFile(store(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	address := graph.Address{Scheme: "snapshot", Path: path}
	s = serve(t, append([]func(*server.Options){func(o *server.Options) {
		o.Open = func(ctx context.Context) (*graph.Store, error) { return open(ctx, path) }
		o.Stamp = func() string {
			m, err := graph.ReadManifest(address)
			if err != nil {
				return ""
			}
			return m.Digest
		}
		o.Writing = &server.Writing{
			Token: writeToken,
			Read: func(ctx context.Context, format string, r io.Reader, sink graph.Sink) error {
				return loaders.Load(ctx, loaders.StandardInput, loaders.Options{Format: format, Stdin: r, Document: "here"}, sink)
			},
			Apply: func(ctx context.Context, c graph.Changes) error { return graph.Edit(ctx, address, c) },
		}
		o.Texts.Close()
		o.Texts = pool(path, 2, 64, o.Log)
	}}, change...)...)
	return s, path
}

// write posts as one who may.
func (s *site) write(path, body string, pairs ...string) answer {
	s.t.Helper()
	return s.do(http.MethodPost, path, body, append([]string{"Authorization", mayWrite}, pairs...)...)
}

// quads reads the quads of a predicate, as sorted N-Quads.
func (s *site) quads(predicate string) string {
	s.t.Helper()
	a := s.get("/api/v2/read?pred=" + url.QueryEscape("<"+predicate+">"))
	if a.status != http.StatusOK {
		s.t.Fatalf("reading quads: found %d: %s", a.status, a.body)
	}
	lines := strings.SplitAfter(string(a.body), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

const (
	likes = "https://example.com/likes"
	ada   = "<https://example.com/ada>"
	ben   = "<https://example.com/ben>"
)

func statement(s, o string) string { return s + " <" + likes + "> " + o + " .\n" }

// Each way in which Cayley's clients write and delete, and what is there afterwards.
func TestCayleysClientsWrite(t *testing.T) {
	object := func(s, o string) string {
		return fmt.Sprintf(`{"subject":%q,"predicate":"<%s>","object":%q}`, s, likes, o)
	}
	var form, packed bytes.Buffer
	parts := multipart.NewWriter(&form)
	file, err := parts.CreateFormFile("NQuadFile", "quads.nq")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, statement(ada, ben))
	parts.Close()
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, statement(ada, ben))
	z.Close()
	for _, test := range []struct {
		name, path, kind, body string
		more                   []string
		says                   string
		want                   string // the quads that are there then; ben likes ada from the start
	}{
		{
			"the first API writes objects", "/api/v1/write", "", "[" + object(ada, ben) + "," + object(ben, "the sea") + "]", nil,
			`{"result":"Successfully wrote 2 quads.","count":2}`, statement(ada, ben) + statement(ben, `"the sea"`) + statement(ben, ada),
		},
		{"and a file of a form", "/api/v1/write/file/nquad", parts.FormDataContentType(), form.String(), nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"and deletes", "/api/v1/delete", "", "[" + object(ben, ada) + "]", nil, `{"result":"Successfully deleted 1 quads.","count":1}`, ""},
		{"the second writes N-Quads", "/api/v2/write", "application/n-quads", statement(ada, ben), nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"packed ones too", "/api/v2/write", "application/n-quads", packed.String(), []string{"Content-Encoding", "gzip"}, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"and objects", "/api/v2/write", "application/json", "[" + object(ada, ben) + "]", nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"and JSON-LD", "/api/v2/write", "application/ld+json", `{"@id":"https://example.com/ada","https://example.com/likes":{"@id":"https://example.com/ben"}}`, nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"what curl sends without a type is N-Quads", "/api/v2/write", "application/x-www-form-urlencoded", statement(ada, ben), nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ada, ben) + statement(ben, ada)},
		{"what is there already stays as it is", "/api/v2/write", "", statement(ben, ada), nil, `{"result":"Successfully wrote 1 quads.","count":1}`, statement(ben, ada)},
		{"the second deletes", "/api/v2/delete", "", statement(ben, ada), nil, `{"result":"Successfully deleted 1 quads.","count":1}`, ""},
		{"what is not there can be deleted", "/api/v2/delete", "", statement(ada, ben), nil, `{"result":"Successfully deleted 1 quads.","count":1}`, statement(ben, ada)},
		{"a node goes with all that has it", "/api/v2/node/delete", "", ada, nil, `{"result":"Successfully deleted 1 nodes.","count":1}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, path := serveWritable(t)
			if a := s.write("/api/v2/write", statement(ben, ada)); a.status != http.StatusOK {
				t.Fatalf("found %d: %s", a.status, a.body)
			}
			pairs := test.more
			if test.kind != "" {
				pairs = append(pairs, "Content-Type", test.kind)
			}
			a := s.write(test.path, test.body, pairs...)
			if got := strings.TrimSpace(string(a.body)); a.status != http.StatusOK || got != test.says {
				t.Errorf("want %s, found %d: %s", test.says, a.status, got)
			}
			if got := s.quads(likes); got != test.want {
				t.Errorf("want the quads\n%s\nfound\n%s", test.want, got)
			}
			rows := s.do(http.MethodPost, "/api/v1/query/gizmo", `g.V("`+ben+`").out("<`+likes+`>").all()`)
			if got, want := strings.Contains(string(rows.body), "ada"), strings.Contains(test.want, statement(ben, ada)); got != want {
				t.Errorf("want texts to see the change at once, found %s", rows.body)
			}
			if err := snapshot.Verify(t.Context(), path); err != nil {
				t.Error(err)
			}
		})
	}
}

// A body that is wrong anywhere changes nothing, and the answer says where.
func TestABadBodyWritesNothing(t *testing.T) {
	s, path := serveWritable(t)
	before := s.get("/api/kg/").json(t)["dataset"]
	for _, test := range []struct {
		name, path, body string
		status           int
		line, column     float64
		says             string
	}{
		{"a string without an end", "/api/v2/write", statement(ada, ben) + "  " + ada + ` <x:y> "z .`, 400, 2, 35, `want " at the end of the string`},
		{"a relative IRI", "/api/v2/write", statement(ada, ben) + "<ada> <x:y> <x:z> .", 400, 2, 1, "want an absolute IRI"},
		{"an object without a predicate", "/api/v1/write", "[\n" + `{"subject":"<x:a>","object":"b"}]`, 400, 2, 1, "predicate"},
		{"a list that does not end", "/api/v1/write", `[{"subject":"<x:a>","predicate":"<x:b>","object":"c"},`, 400, 1, 55, ""},
		{"a literal as a subject", "/api/v1/delete", `[{"subject":"a","predicate":"<x:b>","object":"c"}]`, 400, 1, 13, "subject"},
		{"a form without the file", "/api/v1/write/file/nquad", "x=y", 400, 0, 0, "NQuadFile"},
		{"two nodes", "/api/v2/node/delete", ada + " " + ben, 400, 0, 0, "want one node"},
		{"a node that is none", "/api/v2/node/delete", "<ada>", 400, 1, 1, "want an absolute IRI"},
		{"a node that is not there", "/api/v2/node/delete", "<x:nobody>", 404, 0, 0, "no such node: <x:nobody>"},
		{"too many quads", "/api/v2/write", strings.Repeat("<x:a> <x:b> <x:c> .\n", 100_001), 413, 0, 0, "100000 quads"},
		{"too many bytes", "/api/v2/write", strings.Repeat(" ", 17<<20), 413, 0, 0, "too large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := s.write(test.path, test.body)
			if a.status != test.status {
				t.Fatalf("want %d, found %d: %.300s", test.status, a.status, a.body)
			}
			body := a.json(t)
			line, _ := body["line"].(float64)
			column, _ := body["column"].(float64)
			if message, _ := body["error"].(string); !strings.Contains(message, test.says) || line != test.line || column != test.column {
				t.Errorf("want %v:%v and %q, found %v", test.line, test.column, test.says, body)
			}
		})
	}
	if after := s.get("/api/kg/").json(t)["dataset"]; after != before || s.quads(likes) != "" {
		t.Errorf("want nothing changed, found dataset %v after %v", after, before)
	}
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
}

// Without the flag, and without its token, nobody writes.
func TestWritesWantTheToken(t *testing.T) {
	writable, _ := serveWritable(t)
	guarded, _ := serveWritable(t, func(o *server.Options) { o.Token = writeToken })
	for _, test := range []struct {
		name   string
		site   *site
		header []string
		status int
		says   string
	}{
		{"a server that takes no writes", serve(t), []string{"Authorization", mayWrite}, 403, "Database is read-only"},
		{"no token", writable, nil, 403, "Authorization: Bearer TOKEN"},
		{"a wrong one", writable, []string{"Authorization", "Bearer pen"}, 403, "Authorization: Bearer TOKEN"},
		{"an empty one", writable, []string{"Authorization", "Bearer "}, 403, "Authorization: Bearer TOKEN"},
		{"another site's page", writable, []string{"Authorization", mayWrite, "Origin", "https://evil.example"}, 403, "other sites"},
		{"no token where reading wants one too", guarded, nil, 401, "Authorization: Bearer TOKEN"},
		{"the right one", writable, []string{"Authorization", mayWrite}, 200, "wrote 1"},
		{"the right one where reading wants one too", guarded, []string{"Authorization", mayWrite}, 200, "wrote 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := test.site.do(http.MethodPost, "/api/v2/write", statement(ada, ben), test.header...)
			if a.status != test.status || !strings.Contains(string(a.body), test.says) {
				t.Errorf("want %d and %q, found %d: %s", test.status, test.says, a.status, a.body)
			}
		})
	}
	if a := writable.get("/api/kg/"); a.status != http.StatusOK {
		t.Errorf("reading: want 200 without a token, found %d", a.status)
	}
}

// Many write at once, each quad arrives, and readers of all kinds are answered meanwhile.
func TestWritersWaitForEachOtherAndReadersForNobody(t *testing.T) {
	s, path := serveWritable(t)
	const writers, each = 4, 5
	done := make(chan struct{})
	var readers, pens sync.WaitGroup
	var answered atomic.Int64
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					s.honest()
					answered.Add(1)
				}
			}
		})
	}
	for w := range writers {
		pens.Go(func() {
			for i := range each {
				person := fmt.Sprintf("<https://example.com/p%d-%d>", w, i)
				if a := s.write("/api/v2/write", statement(ada, person)); a.status != http.StatusOK {
					t.Errorf("found %d: %s", a.status, a.body)
				}
				if got := s.quads(likes); !strings.Contains(got, person) {
					t.Errorf("want %s to be found when the answer is there", person)
				}
			}
		})
	}
	pens.Wait()
	close(done)
	readers.Wait()
	if got := strings.Count(s.quads(likes), "\n"); got != writers*each {
		t.Errorf("want %d quads, found %d", writers*each, got)
	}
	if answered.Load() == 0 {
		t.Error("want readers answered meanwhile")
	}
	if err := snapshot.Verify(t.Context(), path); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("want the store alone in its folder, found %v, %v", left, err)
	}
}

// The store says that it was edited, and what it holds now; a name that was written is found.
func TestAWriteIsInTheManifest(t *testing.T) {
	s, path := serveWritable(t)
	before := s.get("/api/kg/").json(t)
	if a := s.write("/api/v2/write", "<kg:platform/newcomer> <rdf:type> <kg:Platform> <kg:graph/gazetteer> .\n<kg:platform/newcomer> <schema:name> \"The Newcomer\" <kg:graph/gazetteer> ."); a.status != http.StatusOK {
		t.Fatalf("found %d: %s", a.status, a.body)
	}
	after := s.get("/api/kg/").json(t)
	counts := func(about map[string]any) map[string]any { return about["counts"].(map[string]any) }
	if after["dataset"] == before["dataset"] || counts(after)["quads"] != counts(before)["quads"].(float64)+2 || counts(after)["derived"] != counts(before)["derived"] {
		t.Errorf("want another dataset of two quads more, found %v after %v", after, before)
	}
	m, err := graph.ReadManifest(graph.Address{Scheme: "snapshot", Path: path})
	if err != nil || m.Edited.IsZero() {
		t.Errorf("want the time of the edit in the manifest, found %+v, %v", m, err)
	}
	if a := s.get("/api/kg/search?q=newcomer"); !strings.Contains(string(a.body), `"kg:platform/newcomer"`) {
		t.Errorf("want the new name to be found, found %s", a.body)
	}
	if !strings.Contains(string(s.get("/metrics").body), "kg_store_writes_total 1") {
		t.Error("want the write counted")
	}
}

// withToken adds the token to what a client sends.
type withToken struct{}

func (withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", mayWrite)
	return http.DefaultTransport.RoundTrip(r)
}

// Cayley's own client writes, and reads back what it wrote.
func TestCayleysOwnClientWrites(t *testing.T) {
	s, _ := serveWritable(t)
	c := client.New(s.address)
	c.SetHttpClient(&http.Client{Transport: withToken{}})
	w, err := c.QuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	want := map[quad.Quad]bool{
		quad.MakeIRI("https://example.com/ada", likes, "https://example.com/ben", ""):                                                  false,
		{Subject: quad.IRI("https://example.com/ada"), Predicate: quad.IRI(likes), Object: quad.String("the sea")}:                     false,
		{Subject: quad.IRI("https://example.com/ada"), Predicate: quad.IRI(likes), Object: quad.Int(7), Label: quad.IRI("x:g")}:        false,
		{Subject: quad.IRI("https://example.com/ada"), Predicate: quad.IRI(likes), Object: quad.LangString{Value: "mare", Lang: "la"}}: false,
	}
	for q := range want {
		if _, err := w.WriteQuads([]quad.Quad{q}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := c.QuadReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		q, err := r.ReadQuad()
		if err != nil {
			break
		}
		if typed, ok := q.Object.(quad.TypedString); ok {
			if q.Object, err = typed.ParseValue(); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := want[q]; ok {
			want[q] = true
		}
	}
	for q, found := range want {
		if !found {
			t.Errorf("want %v read back", q)
		}
	}
	refused, err := client.New(s.address).QuadWriter()
	if err != nil {
		t.Fatal(err)
	}
	for q := range want {
		_, _ = refused.WriteQuads([]quad.Quad{q}) // the server may have answered already
	}
	if err := refused.Close(); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("without the token: want 403, found %v", err)
	}
	if !strings.Contains(data.Facts, "EncroChat") || s.get("/api/kg/entity?id=encrochat").status != http.StatusOK {
		t.Error("want what was there before to be there still")
	}
}
