package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/data"
)

var update = flag.Bool("update", false, "rewrite the expected answers in testdata")

// goldenAnswers are the questions that the data must be able to defend, each with the claims behind
// every row. docs/questions.md shows them to readers.
func goldenAnswers() map[string][]string {
	return map[string][]string{
		"cracked":          {"query", "agencies-by-platform", "--role", "cracked", "--claims"},
		"helped":           {"query", "agencies-by-platform", "--role", "supported", "--claims"},
		"cocaine":          {"sum", "mass", "--item", "cocaine", "--by", "platform", "--figures"},
		"fbi-and-afp":      {"query", "platforms-of-both", "--agency", "FBI", "--other", "AFP", "--claims"},
		"users-2020-07-03": {"query", "platform-figures", "--platform", "EncroChat", "--counts", "users", "--known-at", "2020-07-03", "--claims"},
		"users-today":      {"query", "platform-figures", "--platform", "EncroChat", "--counts", "users", "--claims"},
		"disagreements":    {"conflicts", "--limit", "20"},
		"follow-ups":       {"query", "follow-up-operations", "--claims"},
		"together":         {"query", "agencies-together", "--limit", "40", "--claims"},
		"belgium":          {"query", "seizures-by-location", "--location", "Belgium", "--claims"},
	}
}

// TestGoldenAnswers holds the answers, claims included, to what was read and approved. A change of the
// data that changes one of them shows as a difference in testdata/answers, to be read by a person.
func TestGoldenAnswers(t *testing.T) {
	claim := regexp.MustCompile(`\b(A-[A-Z]+-[0-9]+|b[0-9]{4})\b`)
	for name, command := range goldenAnswers() {
		t.Run(name, func(t *testing.T) {
			got := newShell(t).mustRun(t, slices.Concat(command, []string{"--format", "tsv", "--quiet"})...)
			file := filepath.Join("testdata", "answers", name+".tsv")
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("kg %s (-approved +now); read the difference, then run the test with -update:\n%s", strings.Join(command, " "), diff)
			}
			claims := claim.FindAllString(got, -1)
			if len(claims) == 0 {
				t.Error("no claim stands behind the answer")
			}
			for _, id := range claims {
				if !strings.Contains(data.Facts, "kg/claim/"+id) {
					t.Errorf("%s is no claim", id)
				}
			}
		})
	}
}
