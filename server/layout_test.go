package server_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/server"
)

type place struct{ X, Y float64 }

// places are where an answer puts its nodes, by their names.
func places(t *testing.T, nodes []any) map[string]place {
	t.Helper()
	at := map[string]place{}
	for _, n := range nodes {
		node := n.(map[string]any)
		x, ok1 := node["x"].(float64)
		y, ok2 := node["y"].(float64)
		if !ok1 || !ok2 {
			t.Fatalf("want a place for %v, found none", node["name"])
		}
		at[node["class"].(string)+": "+node["name"].(string)] = place{x, y}
	}
	return at
}

// drawn reads where a picture has the boxes, by their tips.
func drawn(t *testing.T, svg []byte) map[string]place {
	t.Helper()
	var picture struct {
		Groups []struct {
			Title string `xml:"title"`
			Texts []struct {
				X float64 `xml:"x,attr"`
				Y float64 `xml:"y,attr"`
			} `xml:"text"`
			Lines []struct{} `xml:"line"`
		} `xml:"g"`
	}
	if err := xml.NewDecoder(bytes.NewReader(svg)).Decode(&picture); err != nil {
		t.Fatalf("want a picture, found %v: %.200s", err, svg)
	}
	at := map[string]place{}
	for _, g := range picture.Groups {
		if len(g.Lines) > 0 || len(g.Texts) == 0 {
			continue
		}
		first, last := g.Texts[0], g.Texts[len(g.Texts)-1]
		at[g.Title] = place{first.X, (first.Y+last.Y)/2 - 4}
	}
	return at
}

// The page and an exported picture of the same things put them in the same places.
func TestPlacesAreThoseOfThePicture(t *testing.T) {
	s := serve(t)
	answer := s.get("/api/kg/path?from=europol&to=port-of-antwerp&paths=200&layout=true").json(t)
	ours := places(t, answer["graph"].(map[string]any)["nodes"].([]any))
	file := s.get("/api/kg/export?format=svg&id=europol&id=port-of-antwerp&path=true")
	if file.status != http.StatusOK {
		t.Fatalf("found %d: %s", file.status, file.body)
	}
	theirs := drawn(t, file.body)
	if len(theirs) < 5 || len(ours) != len(theirs) {
		t.Fatalf("want the same things in both, found %d and %d", len(ours), len(theirs))
	}
	var shift *place
	for name, p := range ours {
		q, ok := theirs[name]
		if !ok {
			t.Fatalf("%s is not in the picture", name)
		}
		if shift == nil {
			shift = &place{q.X - p.X, q.Y - p.Y}
		}
		if math.Abs(q.X-p.X-shift.X) > 0.2 || math.Abs(q.Y-p.Y-shift.Y) > 0.2 {
			t.Errorf("%s: want it at %.1f, %.1f, found it at %.1f, %.1f", name, p.X+shift.X, p.Y+shift.Y, q.X, q.Y)
		}
	}
}

// The order in which things are named moves nothing, and nothing is placed that did not ask for it.
func TestPlacesDependOnNothingElse(t *testing.T) {
	s := serve(t)
	graph := func(ids string) map[string]place {
		return places(t, s.get("/api/kg/graph?layout=true&id=" + strings.ReplaceAll(ids, " ", "&id=")).json(t)["nodes"].([]any))
	}
	if diff := cmp.Diff(graph("encrochat nca europol operation/venetic operation/lemont"), graph("operation/lemont operation/venetic nca encrochat europol")); diff != "" {
		t.Errorf("in another order (-want +got):\n%s", diff)
	}
	if text := string(s.get("/api/kg/graph?id=encrochat&id=nca").body); strings.Contains(text, `"x":`) {
		t.Errorf("want no places, found %s", text)
	}
	answer := s.get("/api/kg/expand?id=encrochat&limit=60&layout=true").json(t)
	at := places(t, append(answer["nodes"].([]any), answer["center"]))
	if len(at) < 50 {
		t.Fatalf("want many neighbours, found %d", len(at))
	}
	seen := map[string]string{}
	for name, p := range at {
		key := fmt.Sprintf("%.0f %.0f", p.X, p.Y)
		if other, ok := seen[key]; ok {
			t.Errorf("%s lies on %s", name, other)
		}
		seen[key] = name
	}
}

// A picture of more things than anybody reads is refused before it takes a processor.
func TestPlacesAreBounded(t *testing.T) {
	const gazetteer = " <https://example.org/kg/graph/gazetteer> .\n"
	var facts strings.Builder
	for i := range 310 {
		subject := fmt.Sprintf("<https://example.org/kg/location/l%d>", i)
		fmt.Fprintf(&facts, "%s <https://schema.org/name> \"Place %d\"%s", subject, i, gazetteer)
		fmt.Fprintf(&facts, "%s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/kg/Location>%s", subject, gazetteer)
		if i > 0 {
			fmt.Fprintf(&facts, "%s <https://example.org/kg/within> <https://example.org/kg/location/l0>%s", subject, gazetteer)
		}
	}
	path := t.TempDir() + "/graph.snapshot"
	if err := build(path, facts.String()); err != nil {
		t.Fatal(err)
	}
	s := serve(t, func(o *server.Options) {
		o.Open = func(ctx context.Context) (*graph.Store, error) { return open(ctx, path) }
	})
	hub := "/api/kg/expand?id=kg:location/l0&layout=true&limit="
	if a := s.get(hub + "299"); a.status != http.StatusOK {
		t.Errorf("want 300 things placed, found %d: %.200s", a.status, a.body)
	}
	if a := s.get(hub + "301"); a.status != http.StatusBadRequest || !strings.Contains(string(a.body), "layout: want 300 things at most, found 302") {
		t.Errorf("found %d: %.200s", a.status, a.body)
	}
}
