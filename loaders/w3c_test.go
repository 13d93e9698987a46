package loaders_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kg/loaders"
)

// A w3cCase is one entry of a manifest of the W3C's test suites.
type w3cCase struct {
	name, kind, action, result string
}

// w3cSuite reads the manifest of one suite and checks that it holds as many cases as it should. The
// suites are not part of the project: they are read at $KG_W3C or beside the project.
func w3cSuite(t *testing.T, suite string, count int) (dir string, cases []w3cCase) {
	t.Helper()
	dir = filepath.Join(w3cRoot(t), "rdf11", suite)
	text, err := os.ReadFile(filepath.Join(dir, "manifest.ttl"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the W3C test suites are needed here: set KG_W3C (%v)", err)
		}
		t.Skipf("SKIPPED: the W3C test suite %s is not here; set KG_W3C to the folder that holds rdf11 (%v)", suite, err)
	}
	entry := regexp.MustCompile(`(?m)^(?:trs:|<#)([^\s>]+)>?\s+(?:rdf:type|a)\s+rdft:(\w+)`)
	places := entry.FindAllStringSubmatchIndex(string(text), -1)
	for i, p := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		body := string(text[p[0]:end])
		cases = append(cases, w3cCase{
			name:   string(text[p[2]:p[3]]),
			kind:   string(text[p[4]:p[5]]),
			action: property(body, "mf:action"),
			result: property(body, "mf:result"),
		})
	}
	if len(cases) != count {
		t.Fatalf("the manifest of %s holds %d cases, want %d", suite, len(cases), count)
	}
	return dir, cases
}

// property finds the file that a manifest entry names.
func property(body, name string) string {
	m := regexp.MustCompile(name + `\s+<([^>]*)>`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return m[1]
}

// w3cRoot is the folder of the suites, whether it is there or not.
func w3cRoot(t testing.TB) string {
	t.Helper()
	if root := os.Getenv("KG_W3C"); root != "" {
		return root
	}
	return filepath.Join(projectRoot(t), "..", "shared", "w3c")
}

func projectRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal(fs.ErrNotExist)
		}
		dir = filepath.Dir(dir)
	}
}

// TestW3C runs the four suites. What they say of us stands in docs/formats.md, where -update rewrites the table.
func TestW3C(t *testing.T) {
	suites := []struct {
		title, dir, format string
		result             string // the format of the graphs that the suite gives; empty: syntax only
		count              int
	}{
		{"N-Triples", "rdf-n-triples", "ntriples", "", 70},
		{"N-Quads", "rdf-n-quads", "nquads", "", 87},
		{"Turtle", "rdf-turtle", "turtle", "ntriples", 313},
		{"TriG", "rdf-trig", "trig", "nquads", 356},
	}
	var table strings.Builder
	table.WriteString("| suite | cases | pass |\n| --- | ---: | ---: |\n")
	passed, count := 0, 0
	for _, s := range suites {
		n := 0
		whole := t.Run(s.title, func(t *testing.T) {
			if s.result == "" {
				n = testSyntaxSuite(t, s.dir, s.format, s.count)
			} else {
				n = testEvalSuite(t, s.dir, s.format, s.result, s.count)
			}
		})
		if whole && n == 0 {
			t.Skip("SKIPPED: the table in docs/formats.md is not compared without the suites")
		}
		passed, count = passed+n, count+s.count
		fmt.Fprintf(&table, "| %s | %d | %d |\n", s.title, s.count, n)
	}
	fmt.Fprintf(&table, "| all | %d | %d |\n", count, passed)
	document := filepath.Join(projectRoot(t), "docs", "formats.md")
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`(?m)^\| suite \| cases \|.*\n(?:\|.*\n)*`).FindIndex(text)
	if shown == nil {
		t.Fatalf("%s has no table of the suites", document)
	}
	golden(t, document, string(text[:shown[0]])+table.String()+string(text[shown[1]:]))
}

// testEvalSuite compares what is read with the graph that the suite says it is.
func testEvalSuite(t *testing.T, suite, format, resultFormat string, count int) (passed int) {
	t.Helper()
	dir, cases := w3cSuite(t, suite, count)
	for _, c := range cases {
		ok := t.Run(c.name, func(t *testing.T) {
			o := loaders.Options{Format: format, Base: "https://w3c.github.io/rdf-tests/rdf/rdf11/" + suite + "/" + c.action}
			got, err := loadFile(filepath.Join(dir, c.action), o)
			if strings.Contains(c.kind, "Negative") {
				wantProblem(t, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(c.kind, "Eval") {
				return
			}
			want, err := loadFile(filepath.Join(dir, c.result), loaders.Options{Format: resultFormat})
			if err != nil {
				t.Fatal(err)
			}
			if !isomorphic(want, got) {
				t.Errorf("want\n%s\ngot\n%s", printQuads(want), printQuads(got))
			}
		})
		if ok {
			passed++
		}
	}
	return passed
}

// testSyntaxSuite accepts what is right, twice (it has to mean the same once printed), and refuses
// what is wrong, with a place.
func testSyntaxSuite(t *testing.T, suite, format string, count int) (passed int) {
	t.Helper()
	dir, cases := w3cSuite(t, suite, count)
	for _, c := range cases {
		ok := t.Run(c.name, func(t *testing.T) {
			quads, err := loadFile(filepath.Join(dir, c.action), loaders.Options{Format: format})
			if strings.Contains(c.kind, "Negative") {
				wantProblem(t, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			again, err := loadText(format, printQuads(quads), loaders.Options{Document: "again"})
			if err != nil {
				t.Fatalf("its print does not parse: %v", err)
			}
			if a, b := printQuads(quads), printQuads(rename(again)); a != b {
				t.Errorf("its print means something else:\n%s\n%s", a, b)
			}
		})
		if ok {
			passed++
		}
	}
	return passed
}

func loadFile(path string, o loaders.Options) (list, error) {
	var got list
	err := loaders.Load(context.Background(), path, o, &got)
	return got, err
}
