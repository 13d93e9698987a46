package graph_test

import (
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// fullClaim has every field set.
func fullClaim(t testing.TB) graph.Claim {
	t.Helper()
	return graph.Claim{
		ID: "kg:claim/A-1", Subject: "kg:seizure/antwerp-cocaine-2021", Predicate: "kg:massGrams", Object: quad.Int(27640000),
		Source: "kg:source/seed-article", PrimarySource: true, Speaker: "kg:agency/belgian-federal-police",
		Qualifier: graph.Nearly, ReportedAs: "27.64 tons", UpTo: quad.Int(28000000), ConvertedFrom: "kg:claim/A-2",
		DerivedFrom: []quad.IRI{"kg:claim/A-3", "kg:source/press"}, LastDigit: 10000, Exact: "27640000.5",
		Valid: graph.Span{From: date(t, "2021-02-20"), Until: date(t, "2021-04")},
		Rank:  graph.Preferred, Basis: graph.Inferred, Notes: []string{"tons read as tonnes", "and a second note"},
	}
}

func TestClaimIsReadBackFromItsQuads(t *testing.T) {
	tests := []struct {
		name  string
		claim graph.Claim
	}{
		{"all that a claim may say", fullClaim(t)},
		{"only what it must say", graph.Claim{ID: "kg:claim/A-1", Subject: "kg:agency/nca", Predicate: "kg:seat", Object: quad.String("London"), Source: "kg:source/s"}},
		{"an open validity", graph.Claim{ID: "kg:claim/A-1", Subject: "kg:location/uk", Predicate: "kg:within", Object: quad.IRI("kg:location/eu"), Source: "kg:source/s", Valid: graph.Span{Until: date(t, "2020-01-31")}}},
		{"a range of dates", graph.Claim{ID: "kg:claim/A-1", Subject: "kg:event/e", Predicate: "schema:startDate", Object: date(t, "2020-03").Value(), UpTo: date(t, "2020-04").Value(), Source: "kg:source/s"}},
		{"a number that is not given", graph.Claim{ID: "kg:claim/A-1", Subject: "kg:seizure/s", Predicate: "kg:itemCount", Object: graph.SomeValue, ReportedAs: "dozens", Source: "kg:source/s"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quads := tt.claim.Quads()
			if diff := cmp.Diff(tt.claim, graph.ReadBack(quads)); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
			for i, q := range quads {
				if !q.IsValid() {
					t.Errorf("quad %d is not valid: %v", i, q)
				}
				if wantLabel := map[bool]quad.IRI{true: tt.claim.ID, false: graph.Provenance}[i == 0]; q.Label != quad.Value(wantLabel) {
					t.Errorf("quad %d is labelled %v, want %v", i, q.Label, wantLabel)
				}
			}
		})
	}
}

func TestQuadsOfAClaimPassTheSchema(t *testing.T) {
	for _, q := range fullClaim(t).Quads() {
		if p := dataSchema(t).Check(q); p != nil {
			t.Errorf("%v: %v", q, p)
		}
	}
}

func TestRoundedFollowsFromTheExactValue(t *testing.T) {
	rounded := quad.Quad{Subject: quad.IRI("kg:claim/A-1"), Predicate: graph.IsRounded, Object: quad.Bool(true), Label: graph.Provenance}
	count := 0
	for _, q := range fullClaim(t).Quads() {
		if q == rounded {
			count++
		}
	}
	if count != 1 {
		t.Errorf("kg:rounded stands %d times", count)
	}
}

func TestPrimarySourceWithoutASourceSaysNothing(t *testing.T) {
	for _, q := range (graph.Claim{ID: "kg:claim/A-1", PrimarySource: true}).Quads()[1:] {
		t.Errorf("says %v", q)
	}
}

func TestLabels(t *testing.T) {
	tests := []struct {
		label             quad.IRI
		claim, derivation bool
	}{
		{"kg:claim/A-SEED-010", true, false},
		{"kg:derivation/0123456789abcdef", false, true},
		{graph.Gazetteer, false, false},
		{"kg:claims/A", false, false},
		{"https://example.org/kg/claim/A", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if graph.IsClaim(tt.label) != tt.claim || graph.IsDerivation(tt.label) != tt.derivation {
			t.Errorf("%s: claim %v, derivation %v", tt.label, graph.IsClaim(tt.label), graph.IsDerivation(tt.label))
		}
	}
}
