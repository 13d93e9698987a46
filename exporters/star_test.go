package exporters_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/exporters"
	"kg/graph"
)

// starred writes quads with their claims as RDF 1.2 says them.
func starred(t *testing.T, format string, quads ...quad.Quad) string {
	t.Helper()
	f, err := exporters.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, exporters.Document{Quads: sequence(nil, quads...), Namespaces: graph.DefaultNamespaces(), Star: true}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestClaimsReifyTheirFacts(t *testing.T) {
	fact := func(object quad.Value, label quad.Value) quad.Quad {
		return quad.Quad{Subject: quad.IRI("kg:users"), Predicate: quad.IRI("kg:itemCount"), Object: object, Label: label}
	}
	quads := []quad.Quad{
		fact(quad.Int(7), quad.IRI("kg:claim/A-1")), fact(quad.Int(7), quad.IRI("kg:claim/A-2")), fact(quad.String("a \"b\""), quad.IRI("kg:derivation/ff")),
		fact(quad.Int(9), quad.IRI("kg:graph/gazetteer")), fact(quad.Int(10), nil),
		{Subject: quad.IRI("kg:claim/A-1"), Predicate: quad.IRI("dcterms:source"), Object: quad.IRI("kg:paper"), Label: graph.Provenance},
	}
	want := `@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://example.org/kg/> .

kg:users kg:itemCount 7 ~ <https://example.org/kg/claim/A-1>, 7 ~ <https://example.org/kg/claim/A-2>, "a \"b\"" ~ <https://example.org/kg/derivation/ff>, 9, 10 .

<https://example.org/kg/claim/A-1> dcterms:source kg:paper .
`
	if diff := cmp.Diff(want, starred(t, "turtle", quads...)); diff != "" {
		t.Errorf("turtle (-want +got):\n%s", diff)
	}
	triples := starred(t, "ntriples", quads[0])
	want = `<https://example.org/kg/users> <https://example.org/kg/itemCount> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .
<https://example.org/kg/claim/A-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <https://example.org/kg/users> <https://example.org/kg/itemCount> "7"^^<http://www.w3.org/2001/XMLSchema#integer> )>> .
`
	if diff := cmp.Diff(want, triples); diff != "" {
		t.Errorf("ntriples (-want +got):\n%s", diff)
	}
}

// Both formats say the same to a reader of RDF 1.2, and every claim reifies just one triple.
func TestRDF12IsRead(t *testing.T) {
	tellVersion(t, "pyoxigraph")
	var found [2][]string
	for i, format := range []string{"turtle", "ntriples"} {
		file := t.TempDir() + "/star"
		if err := writeFile(file, starred(t, format, trickyWorld()...)); err != nil {
			t.Fatal(err)
		}
		var got struct{ Lines []string }
		ask(t, "star_oxigraph_"+format, file, &got)
		slices.Sort(got.Lines)
		found[i] = slices.Compact(got.Lines)
	}
	if diff := cmp.Diff(found[1], found[0]); diff != "" {
		t.Errorf("turtle differs from ntriples (-want +got):\n%s", diff)
	}
	reified := 0
	for _, line := range found[0] {
		if strings.Contains(line, "22-rdf-syntax-ns#reifies> <<( ") {
			reified++
		}
	}
	if reified != 25 {
		t.Errorf("%d triples are reified, want those of 24 claims and a derivation", reified)
	}
}

// Turtle and TriG say in comments where they come from; a title cannot end its comment.
func TestTurtleSaysWhereItComesFrom(t *testing.T) {
	for _, format := range []string{"turtle", "trig"} {
		f, err := exporters.ByName(format)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		d := exporters.Document{Quads: sequence(nil, about(quad.Int(1))), Namespaces: graph.DefaultNamespaces(), About: exporters.About{Title: "A title\n<x> <y> <z> .", Licence: "CC BY 4.0"}}
		if err := f.Write(&out, d); err != nil {
			t.Fatal(err)
		}
		if want := "# A title <x> <y> <z> .\n# Licence: CC BY 4.0\n\n@prefix kg:"; !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s begins %q, want %q", format, out.String()[:min(out.Len(), 120)], want)
		}
	}
}

// Jena reads the claims as RDF 1.2 says them, without a warning.
func TestProofJenaReadsRDF12(t *testing.T) {
	proof(t)
	tellJars(t, "jena", "jena-arq-*.jar")
	for format, extension := range map[string]string{"turtle": ".ttl", "ntriples": ".nt"} {
		file := t.TempDir() + "/star" + extension
		if err := writeFile(file, starred(t, format, trickyWorld()...)); err != nil {
			t.Fatal(err)
		}
		out, says := run(t, "java", "-cp", jars(t, "jena"), "riotcmd.riot", "--check", "--output=nquads", file)
		if reified := strings.Count(string(out), "22-rdf-syntax-ns#reifies> <<( "); reified != 25 || len(says) > 0 {
			t.Errorf("%s: %d triples are reified, want 25; says %s", format, reified, says)
		}
	}
}
