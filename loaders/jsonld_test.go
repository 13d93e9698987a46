package loaders_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kg/loaders"
)

// strictness lists the cases of the suite of json-gold's that we answer otherwise than it wants, and
// why. A case that turns out as it should must not be listed.
func strictness() map[string]string {
	m := map[string]string{}
	add := func(why string, cases ...string) {
		for _, c := range cases {
			m[c] = why
		}
	}
	add("what no context defines is a problem, not dropped in silence", "e003", "e065")
	add("a relative IRI without a base is a problem, not dropped in silence", "e060")
	add("a blank node as predicate is a problem, not dropped in silence", "e068")
	add("a term for a keyword that there is not is a problem, not ignored", "e120", "e122", "pr36", "pr37", "pr38", "pr39")
	add("what is no RDF is a problem, not dropped in silence", "wf01", "wf02", "wf03", "wf04", "wf05", "wf07")
	add("a number with a datatype of its own keeps its digits", "0035", "e061")
	add("the numbers of a JSON literal keep their digits, and members their order by bytes", "js04", "js10", "js12")
	add("json-gold keeps dots in the path of a base where it should not, or the other way round", "0122", "0123", "0124", "0125", "0128", "0130", "0131", "0132")
	add("json-gold does not join relative vocabularies", "e111", "e112")
	add("json-gold does not see this mistake in a context", "c033", "ec02", "er52", "pr28")
	return m
}

// TestJSONLDSuite runs the cases to RDF of the suite that comes with json-gold.
func TestJSONLDSuite(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/piprate/json-gold/ld").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "testdata")
	text, err := os.ReadFile(filepath.Join(root, "toRdf-manifest.jsonld"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("json-gold comes without its suite (vendored?)")
	}
	var manifest struct {
		BaseIRI  string
		Sequence []struct {
			ID                  string   `json:"@id"`
			Type                []string `json:"@type"`
			Name, Input, Expect string
			ExpectErrorCode     string
			Option              struct {
				SpecVersion, ProcessingMode, Base, RDFDirection, ExpandContext string
				ProduceGeneralizedRdf, UseJCS                                  bool
			}
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	// What a case asks for by its address is beside it.
	contexts := map[string]string{}
	for _, pattern := range []string{"*.jsonld", "*/*.jsonld"} {
		files, err := filepath.Glob(filepath.Join(root, "toRdf", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			contexts[manifest.BaseIRI+filepath.ToSlash(name)] = file
		}
	}
	known, passed, run := strictness(), 0, 0
	for _, c := range manifest.Sequence {
		o := c.Option
		if o.SpecVersion == "json-ld-1.0" || o.ProcessingMode == "json-ld-1.0" || o.RDFDirection != "" || o.ExpandContext != "" || o.ProduceGeneralizedRdf {
			continue // other than what we do
		}
		run++
		in, err := os.ReadFile(filepath.Join(root, c.Input))
		if err != nil {
			t.Fatal(err)
		}
		options := loaders.Options{Base: manifest.BaseIRI + c.Input, Contexts: contexts}
		if o.Base != "" {
			options.Base = o.Base
		}
		got, failure := loadText("jsonld", string(in), options)
		right := failure == nil
		switch {
		case slices.Contains(c.Type, "jld:NegativeEvaluationTest"):
			right = failure != nil
		case c.Expect != "" && failure == nil:
			want, err := os.ReadFile(filepath.Join(root, c.Expect))
			if err != nil {
				t.Fatal(err)
			}
			quads, err := loadText("nquads", string(want), loaders.Options{})
			if err != nil {
				t.Fatalf("%s: %v", c.Expect, err)
			}
			if right = isomorphic(quads, got); !right {
				failure = fmt.Errorf("want\n%s\nfound\n%s", want, printQuads(got))
			}
		}
		name := strings.TrimSuffix(filepath.Base(c.Input), "-in.jsonld") // the names of the cases are not unique
		why, listed := known[name]
		switch {
		case right && listed:
			t.Errorf("%s is listed, and right: %s", name, why)
		case right:
			passed++
		case !listed:
			t.Errorf("%s %s (%s): %v", name, c.Name, c.ExpectErrorCode, failure)
		}
	}
	if t.Logf("%d of %d cases", passed, run); run < 400 {
		t.Errorf("only %d cases: where is the rest of the suite?", run)
	}
}
