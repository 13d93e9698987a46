package loaders_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
	"kg/loaders"
)

const foreignFacts = `<https://example.org/o/1> <https://schema.org/name> "Hush" .
<https://example.org/o/1> <https://example.org/v#founded> "2008"^^<http://www.w3.org/2001/XMLSchema#gYear> .
<https://example.org/o/1> <https://schema.org/name> "Hush" .
<https://example.org/o/1> <https://example.org/v#seat> _:b1 <https://example.org/g> .
<https://example.org/kg/platform/hush> <https://example.org/kg/feature> "calls" <https://example.org/kg/claim/X-1> .
<https://example.org/kg/claim/X-1> <http://purl.org/dc/terms/source> <https://example.org/kg/source/test-doc> .
`

func schema(t *testing.T) *graph.Schema {
	t.Helper()
	s, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gather builds a graph of a text in N-Quads that is put under a source.
func gather(t *testing.T, s loaders.Source, text string) (*graph.Facts, error) {
	t.Helper()
	return graph.Gather(context.Background(), func(ctx context.Context, sink graph.Sink) error {
		under, err := loaders.UnderSource(s, sink)
		if err != nil {
			return err
		}
		o := loaders.Options{Format: "nquads", Stdin: strings.NewReader(text), KeepGoing: true, Document: "d"}
		return loaders.Load(ctx, "-", o, under)
	}, graph.BuildOptions{Schema: schema(t)})
}

// TestUnderSource follows foreign facts through the checks of a build: facts without a label become
// claims, once each; those with one keep it; the document is there.
func TestUnderSource(t *testing.T) {
	s := loaders.Source{ID: "test-doc", Title: "A document", Publisher: "The editors", Published: "2026-11", URL: "https://example.org/doc"}
	facts, err := gather(t, s, foreignFacts)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, q := range facts.Stated {
		if q.Label != graph.SchemaIn {
			got.WriteString(q.String() + "\n")
		}
	}
	want := `<kg:source/test-doc> -- <rdf:type> -> <kg:Source>
<kg:source/test-doc> -- <schema:name> -> "A document"
<kg:source/test-doc> -- <dcterms:publisher> -> "The editors"
<kg:source/test-doc> -- <dcterms:issued> -> "2026-11"^^<xsd:gYearMonth>
<kg:source/test-doc> -- <schema:url> -> <https://example.org/doc>
<https://example.org/o/1> -- <schema:name> -> "Hush"
<kg:claim/test-doc-1> -- <dcterms:source> -> <kg:source/test-doc>
<https://example.org/o/1> -- <https://example.org/v#founded> -> "2008"^^<xsd:gYear>
<kg:claim/test-doc-2> -- <dcterms:source> -> <kg:source/test-doc>
<https://example.org/o/1> -- <https://example.org/v#seat> -> _:d_b1
<kg:platform/hush> -- <kg:feature> -> "calls"
<kg:claim/X-1> -- <dcterms:source> -> <kg:source/test-doc>
`
	names := map[string]string{}
	number := func(text string) string {
		for {
			_, rest, ok := strings.Cut(text, "kg:claim/test-doc-")
			if !ok || len(names) > 9 {
				return text
			}
			hash, _, _ := strings.Cut(rest, ">")
			if names[hash] == "" {
				names[hash] = string(rune('1' + len(names)))
			}
			text = strings.ReplaceAll(text, "test-doc-"+hash, "test-doc.."+names[hash])
		}
	}
	if diff := cmp.Diff(want, strings.ReplaceAll(number(got.String()), "test-doc..", "test-doc-")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := facts.Counts().Claims; n != 3 || facts.Duplicates != 2 {
		t.Errorf("%d claims, %d repeats", n, facts.Duplicates)
	}
	again, err := gather(t, s, foreignFacts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(printQuads(facts.All()), printQuads(again.All())); diff != "" {
		t.Errorf("another load makes other claims:\n%s", diff)
	}
}

// TestARefusedFactLeavesNoClaim holds that one mistake is one problem.
func TestARefusedFactLeavesNoClaim(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an unknown predicate of ours", "<x:a> <https://example.org/kg/fetaure> \"b\" .\n", `-:1:1: want a predicate of the schema, found "fetaure"; did you mean feature?`},
		{"what the program concludes", "<https://example.org/kg/agency/nca> <https://example.org/kg/cracked> <https://example.org/kg/platform/hush> .\n", "-:1:1: want a stated fact, found kg:cracked, which the program concludes itself; state what it follows from (kg schema cracked)"},
		{"a name of ours with a language", "<https://example.org/kg/platform/hush> <https://schema.org/name> \"Hush\"@en .\n", `-:1:1: want a name without a language as value of schema:name, found "Hush"@en`},
	} {
		_, err := gather(t, loaders.Source{ID: "s"}, tt.text)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: found %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// TestForeignEntitiesAreNotChecked holds that the schema judges what it is about: our predicates, and
// our entities. Others use the terms of schema.org as schema.org allows.
func TestForeignEntitiesAreNotChecked(t *testing.T) {
	text := `<https://example.org/o/1> <https://schema.org/name> "Hush"@en .
<https://example.org/o/1> <https://schema.org/startDate> "2020-07-02T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:b <https://schema.org/url> "not an IRI" .
`
	if _, err := gather(t, loaders.Source{ID: "s"}, text); err != nil {
		t.Error(err)
	}
}

func TestSourceIsChecked(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    loaders.Source
		want string
	}{
		{"an id with capitals", loaders.Source{ID: "OFAC SDN"}, `--source: want an id of lower-case letters, digits and -, like ofac-sdn-2026, found "OFAC SDN"; did you mean ofac-sdn?`},
		{"no id", loaders.Source{}, `--source: want an id of lower-case letters, digits and -, like ofac-sdn-2026, found ""`},
		{"a date in words", loaders.Source{ID: "a", Published: "soon"}, `--published: want a day, month or year like 2026-11-01, 2026-11 or 2026, found "soon"`},
		{"an address without a scheme", loaders.Source{ID: "a", URL: "example.org"}, `--url: want an absolute address like https://example.org/page, found "example.org"`},
	} {
		if err := tt.s.Check(); err == nil || err.Error() != tt.want {
			t.Errorf("%s: found %v\nwant %s", tt.name, err, tt.want)
		}
	}
	full := errors.New("full")
	if _, err := loaders.UnderSource(loaders.Source{ID: "a"}, graph.SinkFunc(func(quad.Quad, graph.Position) error { return full })); !errors.Is(err, full) {
		t.Errorf("found %v", err)
	}
}
