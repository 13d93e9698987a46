package languages_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kg/data"
	"kg/graph"
	"kg/loaders"
	"kg/queries/gizmo"
	"kg/queries/languages"
)

func store(t *testing.T) *graph.Store {
	t.Helper()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := graph.Gather(t.Context(), func(ctx context.Context, sink graph.Sink) error {
		return loaders.Load(ctx, loaders.StandardInput, loaders.Options{Format: "nquads", Stdin: strings.NewReader(data.Facts)}, sink)
	}, graph.BuildOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	return graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})
}

const encrochat = `g.V("<kg:platform/encrochat>")`

func TestAnswersHaveCayleysForm(t *testing.T) {
	s := store(t)
	for _, test := range []struct {
		name, language, text string
		limit                int
		linked               bool
		want                 string
	}{
		{"a text", "gizmo", encrochat + `.out("<schema:name>").all()`, 0, false, `{"result":[{"id":"EncroChat"}]}`},
		{"tags before and after id", "gizmo", encrochat + `.tag("a").out("<schema:name>").tag("z").all()`, 0, false, `{"result":[{"a":"\u003ckg:platform/encrochat\u003e","id":"EncroChat","z":"EncroChat"}]}`},
		{"a tag called id", "gizmo", encrochat + `.tag("id").out("<schema:name>").all()`, 0, false, `{"result":[{"id":"EncroChat"}]}`},
		{"nothing", "gizmo", `g.V("<kg:nothing>").all()`, 0, false, `{"result":null}`},
		{"what was emitted", "gizmo", `g.emit({a: [1, "x", iri("kg:x")]})`, 0, false, `{"result":[{"a":[1,"x","\u003ckg:x\u003e"]}]}`},
		{"the last expression", "gizmo", encrochat + `.count()`, 0, false, `{"result":[1]}`},
		{"fewer than there are", "gizmo", `g.emit(1);g.emit(2);g.emit(3)`, 2, false, `{"result":[1,2],"truncated":true}`},
		{"as linked data", "gizmo", encrochat + `.all()`, 0, true, `{"result":[{"id":{"@id":"kg:platform/encrochat"}}]}`},
		{"MQL", "mql", `[{"id":"<kg:platform/encrochat>","<schema:name>":null}]`, 0, false, `{"result":[{"\u003cschema:name\u003e":"EncroChat","id":"\u003ckg:platform/encrochat\u003e"}]}`},
		{"MQL, fewer than there are", "mql", `[{"id":null,"<rdf:type>":"<kg:Platform>"}]`, 1, false, `"truncated":true}`},
		{"GraphQL by the full IRI", "graphql", `{ nodes(id: <https://example.org/kg/platform/encrochat>) { <schema:name> } }`, 0, false, `{"data":{"nodes":{"\u003cschema:name\u003e":"EncroChat"}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, err := languages.Run(t.Context(), s, languages.Request{
				Language: test.language, Text: test.text, Limit: test.limit, Bytes: 1 << 20, Linked: test.linked,
				Gizmo: gizmo.Options{Namespaces: s.Namespaces()},
			})
			if got := strings.TrimSpace(string(a.Body)); err != nil || got != test.want && !strings.HasSuffix(got, test.want) {
				t.Errorf("want %s, found %s and %v", test.want, got, err)
			}
			if a.Truncated != strings.Contains(test.want, "truncated") {
				t.Errorf("truncated: found %t", a.Truncated)
			}
		})
	}
}

func TestMistakesAndLimitsAreErrors(t *testing.T) {
	s := store(t)
	for _, test := range []struct {
		name, language, text string
		bytes                int
		want                 error
	}{
		{"a mistake in MQL", "mql", `[{`, 1 << 20, nil},
		{"a mistake in GraphQL", "graphql", `{{`, 1 << 20, nil},
		{"a language that is none", "sparql", `SELECT`, 1 << 20, nil},
		{"an answer that is too long", "gizmo", `g.V().all()`, 100, gizmo.ErrSize},
		{"one in MQL", "mql", `[{"id":null,"<rdf:type>":"<kg:Platform>"}]`, 100, gizmo.ErrSize},
		{"one in GraphQL", "graphql", `{ nodes { id } }`, 100, gizmo.ErrSize},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := languages.Run(t.Context(), s, languages.Request{Language: test.language, Text: test.text, Bytes: test.bytes, Gizmo: gizmo.Options{Namespaces: s.Namespaces()}})
			var mistake *languages.TextError
			if test.want == nil && !errors.As(err, &mistake) || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("want %v, found %v", test.want, err)
			}
		})
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, language := range []string{"mql", "graphql"} {
		text := map[string]string{"mql": `[{"id":null}]`, "graphql": `{ nodes { id } }`}[language]
		if _, err := languages.Run(ended, s, languages.Request{Language: language, Text: text, Bytes: 1 << 20}); !errors.Is(err, gizmo.ErrTimeout) {
			t.Errorf("%s: want the time limit, found %v", language, err)
		}
	}
}

func TestShapesAreNodesAndLinks(t *testing.T) {
	s := store(t)
	for language, test := range map[string]struct{ text, want string }{
		"gizmo":   {encrochat + `.in("<kg:cracked>").tag("who").all()`, `"tags":["who"]`},
		"mql":     {`[{"id":"<kg:platform/encrochat>","<schema:name>":null}]`, `"links":[{`},
		"graphql": {`{ nodes { id } }`, ""},
		"sparql":  {`SELECT`, ""},
	} {
		a, err := languages.Shape(t.Context(), s, languages.Request{Language: language, Text: test.text, Gizmo: gizmo.Options{Namespaces: s.Namespaces()}})
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: want an error, found %s", language, a.Body)
			}
		} else if err != nil || !strings.Contains(string(a.Body), test.want) {
			t.Errorf("%s: want %s, found %s and %v", language, test.want, a.Body, err)
		}
	}
}
