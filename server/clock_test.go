package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/server"
)

// names lists what stands in a column of entities.
func names(t *testing.T, table map[string]any, column string) []string {
	t.Helper()
	var list []string
	for _, row := range table["rows"].([]any) {
		if cell, ok := row.(map[string]any)[column].(map[string]any); ok {
			list = append(list, fmt.Sprint(cell["name"]))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func count(t *testing.T, a answer, name string) float64 {
	t.Helper()
	clock, ok := a.json(t)["clock"].(map[string]any)
	if !ok {
		t.Fatalf("want the member clock, found %.300s", a.body)
	}
	n, _ := clock["counts"].(map[string]any)[name].(float64)
	return n
}

// What follows from the claims follows from those that were published by then.
func TestClocksChooseWhatIsAnsweredFrom(t *testing.T) {
	s := serve(t)
	question := "/api/kg/questions/agencies-by-platform/answer?platform=anom"
	today, before := s.get(question), s.get(question+"&known_at=2020-07-03")
	if len(names(t, today.json(t), "agency")) == 0 {
		t.Fatal("want agencies behind ANOM today, found none")
	}
	if list := names(t, before.json(t), "agency"); len(list) > 0 {
		t.Errorf("nobody had published on ANOM on 3 July 2020, found %q", list)
	}
	if today.json(t)["clock"] != nil {
		t.Error("want no member clock where none was asked")
	}
	for name, least := range map[string]float64{"claims": 2000, "kept": 100, "later": 1000, "undated": 100, "undated_documents": 20} {
		if n := count(t, before, name); n < least {
			t.Errorf("%s: want %v at least, found %v", name, least, n)
		}
	}
	with := s.get(question + "&known_at=2020-07-03&undated=true")
	if kept, all := count(t, with, "kept"), count(t, before, "kept")+count(t, before, "undated"); kept < count(t, before, "kept") || kept > all {
		t.Errorf("want the undated kept too, %v at most, found %v", all, kept)
	}
	if n := count(t, with, "undated_documents"); n != 0 {
		t.Errorf("want no undated document left out, found %v", n)
	}
	note, _ := before.json(t)["clock"].(map[string]any)["note"].(string)
	if !strings.HasPrefix(note, "known at 2020-07-03: ") || !strings.Contains(note, "documents without a date (undated=true keeps them)") {
		t.Errorf("want the same in words, found %q", note)
	}
	for _, path := range []string{
		"entity?id=encrochat", "claims?id=encrochat", "search?q=encro", "path?from=europol&to=encrochat", "near?id=encrochat", "expand?id=encrochat",
		"graph?id=encrochat&id=nca", "timeline?entity=encrochat",
	} {
		if a := s.get("/api/kg/" + path + "&known_at=2020-07-03"); a.status != http.StatusOK || count(t, a, "kept") != count(t, before, "kept") {
			t.Errorf("%s: want an answer from the same view, found %d: %.200s", path, a.status, a.body)
		}
	}
	if a := s.get("/api/kg/timeline?entity=encrochat&valid_at=2019"); count(t, a, "not_yet") < 100 {
		t.Errorf("want what had not begun left out, found %s", a.body)
	}
	file := s.get("/api/kg/export?format=markdown&id=encrochat&known_at=2020-07-03")
	if !strings.Contains(string(file.body), "known at 2020-07-03") || !strings.Contains(file.header.Get("Content-Disposition"), "known-at-2020-07-03") {
		t.Errorf("want the date in a file and in its name, found %v and %.300s", file.header, file.body)
	}
}

func TestClocksAreCheckedAsOnTheCommandLine(t *testing.T) {
	s := serve(t)
	for query, want := range map[string]string{
		"known_at=yesterday":             `known_at: want a date like 2020-07-02, 2020-07 or 2020, found "yesterday"`,
		"valid_at=2020-13":               `valid_at: want a date like 2020-07-02, 2020-07 or 2020, found "2020-13"`,
		"undated=true":                   "undated says what known_at does with documents without a date; give known_at too",
		"undated=true&valid_at=2020":     "undated says what known_at does with documents without a date; give known_at too",
		"known_at=2020&known_at=2021":    `known_at: want one value, found "2020, 2021"`,
		"known_at=2020&undated=perhaps":  `undated: want true or false, found "perhaps"`,
		"known-at=2020":                  `unknown parameter "known-at"; did you mean known_at?`,
		"known_at=2020&known_untill=now": `unknown parameter "known_untill"`,
	} {
		a := s.get("/api/kg/entity?id=encrochat&" + query)
		message, _ := a.json(t)["error"].(map[string]any)["message"].(string)
		if a.status != http.StatusBadRequest || !strings.HasPrefix(message, want) {
			t.Errorf("%s: want 400 %q, found %d %q", query, want, a.status, message)
		}
	}
	for _, path := range []string{"stats", "schema", "formats", "questions", "openapi.json", ""} {
		if a := s.get("/api/kg/" + path + "?known_at=2020"); a.status != http.StatusBadRequest {
			t.Errorf("/api/kg/%s: want a clock that has no meaning here to be an error, found %d", path, a.status)
		}
	}
}

// The name of an answer's version tells clocks apart, and a client that has it is not answered from a view.
func TestAClockIsAPartOfTheVersion(t *testing.T) {
	var opened atomic.Int64
	s := serve(t, func(o *server.Options) {
		o.View = func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error) {
			opened.Add(1)
			return graph.OpenView(ctx, base, clock, "", graph.BuildOptions{Schema: base.Schema()})
		}
	})
	plain := s.get("/api/kg/entity?id=encrochat").header.Get("ETag")
	path := "/api/kg/entity?id=encrochat&known_at=2021"
	then := s.get(path).header.Get("ETag")
	if then == "" || then == plain {
		t.Errorf("want another name than %s, found %q", plain, then)
	}
	if a := s.get(path, "If-None-Match", plain); a.status != http.StatusOK {
		t.Errorf("want an answer for who has that of today, found %d", a.status)
	}
	for range 3 {
		if a := s.get(path, "If-None-Match", then); a.status != http.StatusNotModified {
			t.Errorf("want 304, found %d", a.status)
		}
		if a := s.get("/api/kg/search?q=encro&known_at=2021"); a.status != http.StatusOK {
			t.Errorf("found %d", a.status)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("want one view for one date, found %d", n)
	}
	file := s.get("/api/kg/export?format=csv&id=encrochat&known_at=2021")
	if again := s.get("/api/kg/export?format=csv&id=encrochat&known_at=2021", "If-None-Match", file.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("a file: want 304, found %d", again.status)
	}
}

// Whoever asks for many dates fills neither the disk nor the memory, and honest requests are answered
// meanwhile.
func TestManyDatesAreBounded(t *testing.T) {
	var building, most, opened atomic.Int64
	release := make(chan struct{})
	s := serve(t, func(o *server.Options) {
		o.View = func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error) {
			opened.Add(1)
			for n := building.Add(1); n > most.Load(); {
				most.Store(n)
			}
			defer building.Add(-1)
			select {
			case <-release:
			case <-ctx.Done():
				return nil, graph.ViewCounts{}, ctx.Err()
			}
			if clock.Known.Year == 1900 {
				return nil, graph.ViewCounts{}, errors.New("no room")
			}
			if clock.Known.Year == 1901 {
				panic("a fault in a build")
			}
			return graph.OpenView(ctx, base, clock, "", graph.BuildOptions{Schema: base.Schema()})
		}
	})
	status := map[int]int{}
	var mu sync.Mutex
	var asking sync.WaitGroup
	for year := range 40 {
		asking.Go(func() {
			a := s.get(fmt.Sprintf("/api/kg/search?q=encro&known_at=%d", 1980+year))
			mu.Lock()
			defer mu.Unlock()
			status[a.status]++
			if a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
				t.Error("want to be told when to ask again")
			}
		})
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		mu.Lock()
		refused := status[http.StatusTooManyRequests]
		mu.Unlock()
		if refused == 36 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("want 36 of 40 dates to be refused while one is built and three wait, found %v", status)
		}
	}
	s.honest()
	close(release)
	asking.Wait()
	if diff := cmp.Diff(map[int]int{http.StatusOK: 4, http.StatusTooManyRequests: 36}, status); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if most.Load() != 1 {
		t.Errorf("want one build at a time, found %d", most.Load())
	}
	for year := range 12 {
		if a := s.get(fmt.Sprintf("/api/kg/search?q=encro&known_at=%d", 2000+year)); a.status != http.StatusOK {
			t.Fatalf("want an answer, found %d: %s", a.status, a.body)
		}
	}
	if text := string(s.get("/metrics").body); !strings.Contains(text, "\nkg_views 8\n") {
		t.Errorf("want eight views to stay open, found\n%s", text)
	}
	for _, year := range []string{"1900", "1901"} {
		if a := s.get("/api/kg/search?q=encro&known_at=" + year); a.status != http.StatusInternalServerError {
			t.Errorf("%s: want 500, found %d", year, a.status)
		}
	}
	before := opened.Load()
	s.get("/api/kg/search?q=encro&known_at=1900")
	if opened.Load() != before+1 {
		t.Error("want a view that failed to be tried again")
	}
	s.honest()
}

// A store that is replaced has new views; who reads from an old one ends with it.
func TestANewStoreHasNewViews(t *testing.T) {
	path := t.TempDir() + "/graph.snapshot"
	fact := func(name string) string {
		return `<https://example.org/kg/platform/a> <https://schema.org/name> "` + name + `" <https://example.org/kg/graph/gazetteer> .` + "\n" +
			`<https://example.org/kg/platform/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/kg/Platform> <https://example.org/kg/graph/gazetteer> .` + "\n"
	}
	if err := build(path, fact("Old")); err != nil {
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
		o.Texts = nil
	})
	name := func() any {
		return s.get("/api/kg/entity?id=kg:platform/a&known_at=2020").json(t)["entity"].(map[string]any)["name"]
	}
	if name() != "Old" {
		t.Fatalf("want the old name, found %v", name())
	}
	if err := build(path, fact("New")); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); name() != "New"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("want the new name, found %v", name())
		}
	}
}

// A clock that is spelled with escapes is a clock: the cache and the ETag must not take its answer for
// that of the dataset.
func TestAClockIsSeenHoweverItIsSpelled(t *testing.T) {
	s := serve(t)
	const path = "/api/kg/questions/platform-figures/answer?platform=EncroChat"
	plain := s.get(path)
	for _, spelled := range []string{"&known_at=2020", "&known%5Fat=2020", "&%6bnown_at=2020"} {
		a := s.get(path + spelled)
		if a.status != 200 || bytes.Equal(a.body, plain.body) || a.header.Get("ETag") == plain.header.Get("ETag") {
			t.Errorf("%s: found status %d, ETag %s (without a clock: %s)", spelled, a.status, a.header.Get("ETag"), plain.header.Get("ETag"))
		}
	}
	if a := s.get(path + "&claims=true"); a.header.Get("ETag") != plain.header.Get("ETag") {
		t.Errorf("want the ETag of the dataset without a clock, found %s and %s", a.header.Get("ETag"), plain.header.Get("ETag"))
	}
}
