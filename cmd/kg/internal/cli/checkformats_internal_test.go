package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kg/graph"
	"kg/graph/audit"
)

// findingsOfAllKinds has every level, places with and without a line, and characters that formats escape.
func findingsOfAllKinds() []audit.Finding {
	at := func(file string, line, column int) graph.Position {
		return graph.Position{File: file, Line: line, Column: column}
	}
	return []audit.Finding{
		{Rule: audit.RuleFacts, Level: audit.Error, Problem: &graph.Problem{At: at("data/a b,c:d%.csv", 7, 3), Want: "a \"date\"", Found: "50%\r\nof it", Hint: "see <there> & here"}},
		{Rule: audit.RulePerson, Level: audit.Warning, About: "kg:claim/C-1", Problem: &graph.Problem{At: at("data/a.csv", 2, 0), Want: "no person", Found: "one"}},
		{Rule: audit.RulePerson, Level: audit.Warning, About: "kg:claim/C-1", Problem: &graph.Problem{At: at("data/a.csv", 2, 0), Want: "no person", Found: "another"}},
		{Rule: audit.RuleAccepted, Level: audit.Note, About: "kg:claim/C-2", Problem: &graph.Problem{Found: "without a place"}},
		{Rule: audit.RuleStore, Level: audit.Error, Problem: &graph.Problem{At: at("/tmp/x y.snapshot", 0, 0), Found: "torn"}},
	}
}

func written(write func(*bufio.Writer, []audit.Finding)) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	write(w, findingsOfAllKinds())
	_ = w.Flush() // a buffer takes all
	return b.String()
}

// TestSARIF holds the log to what the schema of SARIF 2.1.0 asks of the parts that are written: required
// members, words of lists, smallest numbers, unique ids, indexes that point to their rule.
func TestSARIF(t *testing.T) {
	type object = map[string]any
	var log object
	if err := json.Unmarshal([]byte(written(sarifFindings)), &log); err != nil {
		t.Fatal(err)
	}
	text := func(o object, name string) string {
		s, ok := o[name].(string)
		if !ok || s == "" {
			t.Errorf("want a text under %s, found %v", name, o[name])
		}
		return s
	}
	if log["version"] != "2.1.0" {
		t.Errorf("version is %v", log["version"])
	}
	run := log["runs"].([]any)[0].(object)
	driver := run["tool"].(object)["driver"].(object)
	text(driver, "name")
	if kind := text(run, "columnKind"); kind != "unicodeCodePoints" && kind != "utf16CodeUnits" {
		t.Errorf("columnKind is %s", kind)
	}
	var ids []string
	level := func(word string) {
		if !slices.Contains([]string{"none", "note", "warning", "error"}, word) {
			t.Errorf("level is %q", word)
		}
	}
	for _, r := range driver["rules"].([]any) {
		rule := r.(object)
		id := text(rule, "id")
		if slices.Contains(ids, id) {
			t.Errorf("rule %s stands there twice", id)
		}
		ids = append(ids, id)
		text(rule["shortDescription"].(object), "text")
		text(rule["help"].(object), "text")
		level(text(rule["defaultConfiguration"].(object), "level"))
	}
	results := run["results"].([]any)
	if len(results) != len(findingsOfAllKinds()) {
		t.Errorf("%d results of %d findings", len(results), len(findingsOfAllKinds()))
	}
	prints := map[any]bool{}
	for _, r := range results {
		result := r.(object)
		level(text(result, "level"))
		text(result["message"].(object), "text")
		if i := int(result["ruleIndex"].(float64)); ids[i] != text(result, "ruleId") {
			t.Errorf("rule %d is %s, not %s", i, ids[i], result["ruleId"])
		}
		prints[result["partialFingerprints"].(object)["kg/v1"]] = true
		locations, _ := result["locations"].([]any)
		for _, l := range locations {
			place := l.(object)["physicalLocation"].(object)
			uri := text(place["artifactLocation"].(object), "uri")
			if _, err := url.Parse(uri); err != nil || strings.ContainsAny(uri, " <>\\") {
				t.Errorf("uri is %q: %v", uri, err)
			}
			if region, ok := place["region"].(object); ok {
				if region["startLine"].(float64) < 1 {
					t.Errorf("region is %v", region)
				}
				if column, ok := region["startColumn"]; ok && column.(float64) < 1 {
					t.Errorf("region is %v", region)
				}
			}
		}
	}
	if len(prints) != len(results) {
		t.Errorf("%d fingerprints of %d results", len(prints), len(results))
	}
}

func TestGitHubFindings(t *testing.T) {
	want := strings.Join([]string{
		`::error file=data/a b%2Cc%3Ad%25.csv,line=7,col=3,title=facts::want a "date", found 50%25%0D%0Aof it; see <there> & here`,
		`::warning file=data/a.csv,line=2,title=person-name::want no person, found one`,
		`::warning file=data/a.csv,line=2,title=person-name::want no person, found another`,
		`::notice title=accepted::without a place`,
		`::error file=/tmp/x y.snapshot,title=store::torn`,
	}, "\n") + "\n"
	if got := written(githubFindings); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestTextFindingsAreOneLineEach(t *testing.T) {
	got := written(textFindings)
	if n := strings.Count(got, "\n"); n != len(findingsOfAllKinds()) {
		t.Errorf("%d lines of %d findings:\n%s", n, len(findingsOfAllKinds()), got)
	}
}
