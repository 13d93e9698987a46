package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// dated is a small graph whose documents and facts have dates of all kinds.
func dated(t *testing.T) *graph.Store {
	t.Helper()
	var quads []quad.Quad
	said := func(subject, predicate quad.IRI, object quad.Value) {
		quads = append(quads, quad.Quad{Subject: subject, Predicate: predicate, Object: object, Label: graph.Gazetteer})
	}
	date := func(text string) quad.Value {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d.Value()
	}
	for _, iri := range []quad.IRI{"kg:source/day", "kg:source/month", "kg:source/year", "kg:source/before", "kg:source/never"} {
		said(iri, graph.Name, quad.String(iri))
		said(iri, graph.Type, quad.IRI("kg:Source"))
		said(iri, graph.Kind, graph.KindPrimary)
	}
	said("kg:source/day", graph.Issued, date("2020-07-02"))
	said("kg:source/month", graph.Issued, date("2020-07"))
	said("kg:source/year", graph.Issued, date("2020"))
	said("kg:source/before", graph.PublishedBefore, date("2021-06-24"))
	claim := func(id string, subject, predicate quad.IRI, object quad.Value, source string, more func(*graph.Claim)) {
		c := graph.Claim{
			ID: quad.IRI("kg:claim/" + id), Subject: subject, Predicate: predicate, Object: object, Source: quad.IRI("kg:source/" + source),
		}
		if more != nil {
			more(&c)
		}
		quads = append(quads, c.Quads()...)
	}
	const venetic, nca, encrochat, event, users = quad.IRI("kg:operation/venetic"), quad.IRI("kg:agency/nca"), quad.IRI("kg:platform/encrochat"), quad.IRI("kg:event/break-in"), quad.IRI("kg:figure/users")
	claim("targeted", event, "kg:targeted", encrochat, "day", nil)
	claim("carried-out", event, "kg:carriedOutBy", nca, "month", nil)
	claim("infiltration", event, graph.Kind, quad.IRI("kg:kind/infiltration"), "day", nil)
	claim("count", users, "kg:itemCount", quad.Int(60000), "year", nil)
	claim("web", users, "kg:itemCount", quad.Int(61000), "before", nil)
	claim("undated", users, "kg:itemCount", quad.Int(62000), "never", nil)
	claim("led", venetic, "kg:ledBy", nca, "day", func(c *graph.Claim) {
		c.Valid = graph.Span{From: graph.Date{Year: 2020, Month: 4}, Until: graph.Date{Year: 2020}}
	})
	claim("began", event, graph.StartDate, date("2020-04-01"), "day", nil)
	claim("concluded", venetic, "kg:targeted", encrochat, "day", func(c *graph.Claim) {
		c.Speaker, c.Basis, c.DerivedFrom = graph.Editors, graph.Inferred, []quad.IRI{"kg:claim/carried-out"}
	})
	claim("struck", "kg:figure/arrests", "kg:itemCount", quad.Int(746), "day", nil)
	said("kg:figure/arrests", graph.AsOf, date("2020-07"))
	said("kg:figure/arrests", "kg:about", venetic)
	said("kg:figure/arrests", graph.Name, quad.String("Arrests"))
	feed := func(_ context.Context, sink graph.Sink) error {
		for _, q := range quads {
			if err := sink.Add(q, graph.Position{}); err != nil {
				return err
			}
		}
		return nil
	}
	facts, err := graph.Gather(t.Context(), feed, graph.BuildOptions{Schema: dataSchema(t)})
	if err != nil {
		t.Fatal(err)
	}
	return graph.OpenFacts(facts, graph.OpenOptions{Schema: dataSchema(t)})
}

func TestView(t *testing.T) {
	day := func(text string) graph.Date {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	base := dated(t)
	const all = "began carried-out concluded count infiltration led struck targeted undated web"
	for _, test := range []struct {
		name         string
		known, valid string
		undated      bool
		want         string
		left         graph.ViewCounts
	}{
		{name: "before everything nothing was known", known: "2020-07-01", want: "", left: graph.ViewCounts{Later: 9, Undated: 1, UndatedDocuments: 1}},
		{
			name: "a document counts from its day, and what was concluded from later ones does not", known: "2020-07-02",
			want: "began infiltration led struck targeted", left: graph.ViewCounts{Later: 3, Undated: 1, UndatedDocuments: 1, Premises: 1},
		},
		{
			name: "a document of a month does not count before its last day", known: "2020-07-30",
			want: "began infiltration led struck targeted", left: graph.ViewCounts{Later: 3, Undated: 1, UndatedDocuments: 1, Premises: 1},
		},
		{
			name: "and counts on it", known: "2020-07-31",
			want: "began carried-out concluded infiltration led struck targeted", left: graph.ViewCounts{Later: 2, Undated: 1, UndatedDocuments: 1},
		},
		{
			name: "a month asked for is known at its end", known: "2020-07",
			want: "began carried-out concluded infiltration led struck targeted", left: graph.ViewCounts{Later: 2, Undated: 1, UndatedDocuments: 1},
		},
		{
			name: "a year too", known: "2020",
			want: "began carried-out concluded count infiltration led struck targeted", left: graph.ViewCounts{Later: 1, Undated: 1, UndatedDocuments: 1},
		},
		{
			name: "the day by which an undated document was out counts for it", known: "2021-06-24",
			want: "began carried-out concluded count infiltration led struck targeted web", left: graph.ViewCounts{Undated: 1, UndatedDocuments: 1},
		},
		{name: "what has no date at all is kept when asked for", known: "2021-06-24", undated: true, want: all},
		{
			name: "what is undated is no reason to keep what came later", known: "2020-07-02", undated: true,
			want: "began infiltration led struck targeted undated", left: graph.ViewCounts{Later: 3, Premises: 1},
		},
		{
			name: "what has a span held only then", valid: "2020-03",
			want: "count undated web", left: graph.ViewCounts{NotThen: 1, NotYet: 5, Premises: 1},
		},
		{
			name: "a thing begins with its first day; a running total counts from the day on which it was struck", valid: "2020-06",
			want: "began carried-out concluded count infiltration led targeted undated web", left: graph.ViewCounts{NotYet: 1},
		},
		{name: "any day of a year will do", valid: "2020", want: all},
		{
			name: "a span that ends with a year lasts to its end", valid: "2020-12-31",
			want: all,
		},
		{
			name: "and no longer", valid: "2021",
			want: strings.ReplaceAll(all, " led", ""), left: graph.ViewCounts{NotThen: 1},
		},
		{
			name: "both clocks together", known: "2020-07-02", valid: "2020-06",
			want: "began infiltration led targeted", left: graph.ViewCounts{Later: 3, Undated: 1, UndatedDocuments: 1, NotYet: 1, Premises: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := graph.Clock{Undated: test.undated}
			if test.known != "" {
				clock.Known = day(test.known)
			}
			if test.valid != "" {
				clock.Valid = day(test.valid)
			}
			s, left, err := graph.OpenView(t.Context(), base, clock, "", graph.BuildOptions{Schema: dataSchema(t)})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(claimIDs(t, s), " ")
			if got != test.want {
				t.Errorf("want %q, found %q", test.want, got)
			}
			test.left.Claims, test.left.Kept = 10, len(claimIDs(t, s))
			if d := cmp.Diff(test.left, left); d != "" {
				t.Errorf("counts (-want +got):\n%s", d)
			}
		})
	}
}

func claimIDs(t *testing.T, s *graph.Store) []string {
	t.Helper()
	claims, err := s.Claims(t.Context(), "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range claims {
		ids = append(ids, strings.TrimPrefix(string(c.ID), "kg:claim/"))
	}
	slices.Sort(ids)
	return ids
}

// A document is there from its publication on, and mentions nothing before.
func TestViewOfADocument(t *testing.T) {
	quads := graph.Claim{
		ID: "kg:claim/mentioned", Subject: "kg:source/paper", Predicate: "kg:mentions", Object: quad.IRI("kg:platform/encrochat"), Source: "kg:source/paper",
	}.Quads()
	quads = append(quads, quad.Quad{Subject: quad.IRI("kg:source/paper"), Predicate: graph.Issued, Object: graph.Date{Year: 2020, Month: 7}.Value(), Label: graph.Gazetteer})
	facts, err := graph.Gather(t.Context(), func(_ context.Context, sink graph.Sink) error {
		for _, q := range quads {
			if err := sink.Add(q, graph.Position{}); err != nil {
				return err
			}
		}
		return nil
	}, graph.BuildOptions{Schema: dataSchema(t)})
	if err != nil {
		t.Fatal(err)
	}
	base := graph.OpenFacts(facts, graph.OpenOptions{Schema: dataSchema(t)})
	for month, want := range map[int]int{6: 0, 7: 1, 8: 1} {
		view, err := base.View(t.Context(), graph.Clock{Valid: graph.Date{Year: 2020, Month: month}})
		if err != nil || view.Left.Kept != want {
			t.Errorf("month %d: want %d claims, found %v, %v", month, want, view.Left, err)
		}
	}
}

// What is concluded follows from the claims of the view alone.
func TestViewConcludesAnew(t *testing.T) {
	base := dated(t)
	cracked := func(s *graph.Store) bool {
		list, err := s.Derivations(t.Context(), "kg:agency/nca", "kg:cracked", quad.IRI("kg:platform/encrochat"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list) > 0
	}
	if !cracked(base) {
		t.Fatal("the graph itself does not say who cracked what")
	}
	for _, test := range []struct {
		at   graph.Date
		want bool
	}{{graph.Date{Year: 2020, Month: 7, Day: 2}, false}, {graph.Date{Year: 2020, Month: 7, Day: 31}, true}} {
		s, _, err := graph.OpenView(t.Context(), base, graph.Clock{Known: test.at}, "", graph.BuildOptions{Schema: dataSchema(t)})
		if err != nil {
			t.Fatal(err)
		}
		if cracked(s) != test.want {
			t.Errorf("known at %s: want %v, found %v", test.at, test.want, cracked(s))
		}
	}
}

// Of what nobody spoke of yet the name stays, and nothing that links to it.
func TestViewKeepsNames(t *testing.T) {
	base := dated(t)
	s, _, err := graph.OpenView(t.Context(), base, graph.Clock{Known: graph.Date{Year: 2019}}, "", graph.BuildOptions{Schema: dataSchema(t)})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := s.Find(t.Context(), "Arrests"); err != nil || id != "kg:figure/arrests" {
		t.Errorf("want the figure to be found by its name, found %v, %v", id, err)
	}
	for _, p := range []quad.IRI{"kg:about", graph.AsOf, graph.Issued} {
		for q, err := range s.Match(t.Context(), graph.Pattern{Predicate: p}) {
			t.Errorf("want no more than names, found %v, %v", q, err)
		}
	}
}

// Views are kept under the digest of the store and the clock, in bounded number; two that are opened at
// once are both right.
func TestViewsAreKept(t *testing.T) {
	dir := t.TempDir()
	o := graph.BuildOptions{Schema: dataSchema(t)}
	address := graph.Address{Scheme: "snapshot", Path: filepath.Join(dir, "base.snapshot")}
	from := dated(t)
	feed := func(ctx context.Context, sink graph.Sink) error {
		for q, err := range from.Match(ctx, graph.Pattern{}) {
			if err == nil {
				err = sink.Add(q, graph.Position{})
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := graph.Build(t.Context(), address, feed, o); err != nil {
		t.Fatal(err)
	}
	base, err := graph.Open(t.Context(), address, graph.OpenOptions{Schema: o.Schema})
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	views := filepath.Join(dir, "views")
	open := func(year int) error {
		s, left, err := graph.OpenView(t.Context(), base, graph.Clock{Known: graph.Date{Year: year}}, views, o)
		if err != nil {
			return err
		}
		if left.Claims != 10 || left.Kept != s.Manifest().Counts.Claims {
			return fmt.Errorf("want the counts of %d, found %+v", year, left)
		}
		defer s.Close()
		if n := s.Manifest().Counts.Claims; year == 2020 && n != 8 {
			return fmt.Errorf("want 8 claims, found %d", n)
		}
		return nil
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := open(2020); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	kept := func() []string {
		names, err := filepath.Glob(filepath.Join(views, "*.snapshot"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	first := kept()
	if len(first) != 1 {
		t.Fatalf("want one view, found %v", first)
	}
	before, err := os.ReadFile(first[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := open(2020); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(first[0]); err != nil || string(after) != string(before) {
		t.Errorf("a view that was there was built again (%v)", err)
	}
	for year := 1990; year < 2015; year++ {
		if err := open(year); err != nil {
			t.Fatal(err)
		}
		if err := open(2020); err != nil { // in use, so it stays
			t.Fatal(err)
		}
	}
	if n := len(kept()); n != 16 {
		t.Errorf("want 16 views, found %d", n)
	}
	if all, err := os.ReadDir(views); err != nil || len(all) != 32 {
		t.Errorf("want 16 views with their counts and nothing else, found %v, %v", all, err)
	}
	if !slices.Contains(kept(), first[0]) {
		t.Error("the view that was used last was removed")
	}
}
