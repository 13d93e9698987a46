package graph_test

import (
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func TestSchemaIsItsOwnGraph(t *testing.T) {
	s := dataSchema(t)
	quads := s.Quads()
	seen := map[quad.Quad]bool{}
	one := map[[2]quad.Value]int{} // values of rdf:type, rdfs:label, rdfs:comment
	for _, q := range quads {
		if q.Label != quad.Value(graph.SchemaIn) || !q.IsValid() {
			t.Errorf("%v is not a quad of the schema's graph", q)
		}
		if seen[q] {
			t.Errorf("%v stands twice", q)
		}
		seen[q] = true
		if p := q.Predicate; p == quad.Value(graph.Type) || p == quad.Value(quad.IRI("rdfs:label")) || p == quad.Value(quad.IRI("rdfs:comment")) {
			one[[2]quad.Value{q.Subject, p}]++
		}
		// The schema keeps its own rules, as anybody's facts would have to.
		if p := s.Check(q); p != nil {
			t.Errorf("%v: %v", q, p)
		}
		q.Label = nil
		if p := s.Check(q); p != nil {
			t.Errorf("%v: %v", q, p)
		}
	}
	for key, n := range one {
		if n != 1 {
			t.Errorf("%v has %d values of %v: its IRI means several things", key[0], n, key[1])
		}
	}
	if diff := cmp.Diff(quads, dataSchema(t).Quads()); diff != "" {
		t.Errorf("the order changes (-first +second):\n%s", diff)
	}
}

func TestSchemaQuadsOfAPredicate(t *testing.T) {
	about := func(subject quad.IRI) []string {
		var lines []string
		for _, q := range dataSchema(t).Quads() {
			if q.Subject == quad.Value(subject) {
				lines = append(lines, q.Predicate.String()+" "+q.Object.String())
			}
		}
		slices.Sort(lines)
		return lines
	}
	tests := []struct {
		name    string
		subject quad.IRI
		want    []string
	}{
		{"a number", "kg:massGrams", []string{
			`<kg:cardinality> "one"`, `<kg:unit> "gram"`, `<rdf:type> <rdf:Property>`, `<rdfs:comment> "Mass in grams."`,
			`<rdfs:domain> <kg:Figure>`, `<rdfs:label> "mass"`, `<rdfs:range> <xsd:integer>`,
		}},
		{"an entity", "kg:within", []string{
			`<kg:cardinality> "many"`, `<rdf:type> <rdf:Property>`, `<rdfs:comment> "The next larger place or places."`,
			`<rdfs:domain> <kg:Location>`, `<rdfs:label> "within"`, `<rdfs:range> <kg:Location>`, `<skos:exactMatch> <schema:containedInPlace>`,
		}},
		{"a class", "kg:Seizure", []string{
			`<rdf:type> <rdfs:Class>`, `<rdfs:comment> "A figure that counts goods taken: what, where, when, by whom."`,
			`<rdfs:label> "seizure"`, `<rdfs:subClassOf> <kg:Figure>`,
		}},
		{"a word of a list", "kg:qualifier/none", nil},
		{"a word without a path", graph.AtLeast, []string{
			`<rdf:type> <skos:Concept>`, `<rdfs:comment> "As many or more; more than."`, `<rdfs:label> "atLeast"`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, about(tt.subject)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.subject, diff)
			}
		})
	}
	ranges := map[quad.IRI]quad.IRI{
		"kg:reportedAs": "xsd:string", "schema:name": "xsd:string", "schema:url": "xsd:anyURI", "geo:lat": "xsd:decimal",
		"kg:aggregate": "xsd:boolean", "kg:kind": "skos:Concept", "schema:startDate": "", "rdf:type": "",
	}
	for p, want := range ranges {
		got := quad.IRI("")
		for _, q := range dataSchema(t).Quads() {
			if q.Subject == quad.Value(p) && q.Predicate == quad.Value(quad.IRI("rdfs:range")) {
				got = q.Object.(quad.IRI)
			}
		}
		if got != want {
			t.Errorf("range of %s: %q, want %q", p, got, want)
		}
	}
}
