package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// documents knows a few documents by their names.
func documents(t testing.TB) func(quad.IRI) graph.Document {
	t.Helper()
	known := map[quad.IRI]graph.Document{
		"kg:source/nca":        {Kind: "kg:kind/primary", Issued: date(t, "2020-07-02")},
		"kg:source/nca-later":  {Kind: "kg:kind/primary", Issued: date(t, "2020-09")},
		"kg:source/nca-year":   {Kind: "kg:kind/primary", Issued: date(t, "2020")},
		"kg:source/undated":    {Kind: "kg:kind/primary"},
		"kg:source/copy":       {Kind: "kg:kind/republished", Issued: date(t, "2020-07-03")},
		"kg:source/court":      {Kind: "kg:kind/court-or-parliament", Issued: date(t, "2022")},
		"kg:source/press":      {Kind: "kg:kind/press", Issued: date(t, "2023")},
		"kg:source/aggregator": {Kind: "kg:kind/aggregator", Issued: date(t, "2024")},
		"kg:source/weak":       {Kind: "kg:kind/weak-host", Issued: date(t, "2025")},
	}
	return func(source quad.IRI) graph.Document { return known[source] }
}

func TestPrefer(t *testing.T) {
	claim := func(id string, change func(*graph.Claim)) graph.Claim {
		c := graph.Claim{ID: quad.IRI("kg:claim/" + id), Object: quad.Int(746), Source: "kg:source/nca"}
		if change != nil {
			change(&c)
		}
		return c
	}
	from := func(id, source string) graph.Claim {
		return claim(id, func(c *graph.Claim) { c.Source = quad.IRI("kg:source/" + source) })
	}
	tests := []struct {
		name   string
		better graph.Claim // its id is the later one, so that the id cannot have decided
		worse  graph.Claim
		rule   string
	}{
		{"a deprecated claim stands last", from("b", "weak"), claim("a", func(c *graph.Claim) { c.Rank = graph.Deprecated }), "not deprecated"},
		{"the editors may choose", claim("b", func(c *graph.Claim) { c.Rank, c.Source = graph.Preferred, "kg:source/weak" }), claim("a", nil), "preferred by the editors"},
		{"a number is better than none", from("b", "weak"), claim("a", func(c *graph.Claim) { c.Object = graph.SomeValue }), "gives a number"},
		{"a stated none is as good as a number", claim("b", func(c *graph.Claim) { c.Object = graph.NoValue }), from("a", "press"), "kind of document"},
		{"what a document says is better than what the editors infer", from("b", "weak"), claim("a", func(c *graph.Claim) { c.Basis = graph.Inferred }), "stated, not inferred"},
		{"a printed conversion stands behind", from("b", "weak"), claim("a", func(c *graph.Claim) { c.ConvertedFrom = "kg:claim/c" }), "printed, not converted"},
		{"primary before republished", from("b", "nca"), from("a", "copy"), "kind of document"},
		{"republished before court", from("b", "copy"), from("a", "court"), "kind of document"},
		{"court before press", from("b", "court"), from("a", "press"), "kind of document"},
		{"press before aggregator", from("b", "press"), from("a", "aggregator"), "kind of document"},
		{"aggregator before a weak host", from("b", "aggregator"), from("a", "weak"), "kind of document"},
		{"any kind before an unknown document", from("b", "weak"), from("a", "nobody"), "kind of document"},
		{"unhedged before hedged", claim("b", nil), claim("a", func(c *graph.Claim) { c.Qualifier = graph.Estimated }), "unhedged"},
		{"unhedged before more digits", claim("b", func(c *graph.Claim) { c.Object = quad.Int(700) }), claim("a", func(c *graph.Claim) { c.Qualifier = graph.Approx }), "unhedged"},
		{"more digits", claim("b", nil), claim("a", func(c *graph.Claim) { c.Object = quad.Int(750) }), "more significant digits"},
		{"more digits than the number shows", claim("b", func(c *graph.Claim) { c.Object, c.LastDigit = quad.Int(2500000), 10000 }), claim("a", func(c *graph.Claim) { c.Object = quad.Int(2500000) }), "more significant digits"},
		{"more digits below zero", claim("b", func(c *graph.Claim) { c.Object = quad.Int(-12) }), claim("a", func(c *graph.Claim) { c.Object = quad.Int(-10) }), "more significant digits"},
		{"the document that was published later", from("b", "nca-later"), from("a", "nca"), "published later"},
		{"the day in a year rather than the year", from("b", "nca"), from("a", "nca-year"), "published later"},
		{"any date before none", from("b", "nca-year"), from("a", "undated"), "published later"},
		{"at last the claim id", claim("a", nil), claim("b", nil), "claim id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, order := range [][]graph.Claim{{tt.better, tt.worse}, {tt.worse, tt.better}} {
				best, rule := graph.Prefer(order, documents(t))
				if best.ID != tt.better.ID || rule != tt.rule {
					t.Errorf("preferred %s by %q, want %s by %q", best.ID, rule, tt.better.ID, tt.rule)
				}
			}
		})
	}
}

func TestPreferAmongFew(t *testing.T) {
	if best, rule := graph.Prefer(nil, documents(t)); best.ID != "" || rule != "" {
		t.Errorf("of none: %v by %q", best, rule)
	}
	only := graph.Claim{ID: "kg:claim/a", Rank: graph.Deprecated}
	if best, rule := graph.Prefer([]graph.Claim{only}, documents(t)); best.ID != only.ID || rule != "the only claim" {
		t.Errorf("of one: %v by %q", best, rule)
	}
	three := []graph.Claim{
		{ID: "kg:claim/a", Object: quad.Int(1), Source: "kg:source/press"},
		{ID: "kg:claim/b", Object: quad.Int(2), Source: "kg:source/nca"},
		{ID: "kg:claim/c", Object: quad.Int(3), Source: "kg:source/nca-later"},
	}
	if best, rule := graph.Prefer(three, documents(t)); best.ID != "kg:claim/c" || rule != "published later" {
		t.Errorf("of three: %v by %q, want the rule that decided against the runner-up", best.ID, rule)
	}
	if three[0].ID != "kg:claim/a" || three[2].ID != "kg:claim/c" {
		t.Error("the caller's list was sorted")
	}
}

// The choice is the head of a total order: it does not depend on the order of the claims, and no
// three claims go in a circle.
func TestPreferenceIsTotal(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	pick := func(of ...quad.IRI) quad.IRI { return of[r.IntN(len(of))] }
	document := documents(t)
	for round := range 2000 {
		claims := make([]graph.Claim, 3+r.IntN(4))
		for i := range claims {
			claims[i] = graph.Claim{
				ID:            quad.IRI(fmt.Sprintf("kg:claim/%d", i)),
				Object:        quad.Int(r.Int64N(50) * 10),
				Source:        pick("kg:source/nca", "kg:source/nca-later", "kg:source/nca-year", "kg:source/undated", "kg:source/press", ""),
				Rank:          pick("", "", "", graph.Preferred, graph.Deprecated),
				Qualifier:     pick("", "", graph.Approx),
				Basis:         pick("", "", graph.Inferred),
				ConvertedFrom: pick("", "", "kg:claim/x"),
			}
			if r.IntN(5) == 0 {
				claims[i].Object = graph.SomeValue
			}
		}
		best, rule := graph.Prefer(claims, document)
		for range 3 {
			shuffled := slices.Clone(claims)
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if again, by := graph.Prefer(shuffled, document); again.ID != best.ID || by != rule {
				t.Fatalf("round %d: %s by %q, in another order %s by %q", round, best.ID, rule, again.ID, by)
			}
		}
		for _, c := range claims {
			if winner, _ := graph.Prefer([]graph.Claim{c, best}, document); winner.ID != best.ID {
				t.Fatalf("round %d: %s is preferred to all, and %s to it", round, best.ID, c.ID)
			}
		}
	}
}
