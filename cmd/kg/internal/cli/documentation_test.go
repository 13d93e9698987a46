package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commandLines lists every command, as "kg --help" and the commands below it name them.
func commandLines(t *testing.T, sh *shell, path ...string) [][]string {
	t.Helper()
	help := sh.mustRun(t, append(slices.Clone(path), "--help")...)
	var list [][]string
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+)  +\S`).FindAllStringSubmatch(help, -1) {
		if m[1] != "kg" && (len(path) > 0 || slices.Contains(topCommands, m[1])) {
			list = append(list, append(slices.Clone(path), m[1]))
		}
	}
	return list
}

// topCommands are the commands of the first level.
var topCommands = []string{
	"query", "show", "claims", "search", "build", "export", "stats", "schema", "completion", "version", "help",
}

func TestEveryCommandIsExplained(t *testing.T) {
	sh := newShell(t)
	commands := commandLines(t, sh)
	if len(commands) != len(topCommands) {
		t.Fatalf("kg --help lists %v, want %v", commands, topCommands)
	}
	commands = append(commands, []string{"query", "test"}, []string{"query", "agencies-by-platform"})
	for _, command := range commands {
		help := sh.mustRun(t, append(slices.Clone(command), "--help")...)
		before, after, found := strings.Cut(help, "Usage:")
		if !found || len(strings.TrimSpace(before)) < 20 {
			t.Errorf("kg %v --help: want an explanation, found %q", command, before)
		}
		if !strings.Contains(after, "Examples:\n  ") {
			t.Errorf("kg %v --help: want examples", command)
		}
		for _, line := range regexp.MustCompile(`(?m)^ +(?:-\w, )?--[a-z-]+.*$`).FindAllString(after, -1) {
			if len(strings.Fields(line)) < 3 {
				t.Errorf("kg %v --help: a flag without explanation: %s", command, line)
			}
		}
	}
}

// TestExamplesRun runs every example of every help page, in a folder of its own.
func TestExamplesRun(t *testing.T) {
	sh := newShell(t)
	commands := append(commandLines(t, sh), []string{}, []string{"query", "test"}, []string{"query", "timeline"})
	ran := 0
	for _, command := range commands {
		help := sh.mustRun(t, append(slices.Clone(command), "--help")...)
		_, after, _ := strings.Cut(help, "Examples:\n")
		for line := range strings.Lines(after) {
			if !strings.HasPrefix(line, "  ") {
				break
			}
			ran++
			t.Run(strings.TrimSpace(line), func(t *testing.T) { runExample(t, strings.TrimSpace(line)) })
		}
	}
	if ran < len(topCommands) {
		t.Errorf("ran %d examples, want at least one of each command", ran)
	}
}

// runExample runs "kg …", perhaps with a file redirected to it or from it.
func runExample(t *testing.T, line string) {
	t.Helper()
	sh := newShell(t)
	t.Chdir(t.TempDir())
	if rest, ok := strings.CutPrefix(line, "zcat facts.nq.gz | "); ok {
		sh.mustRun(t, "export")
		sh.streams.In = strings.NewReader(sh.out.String())
		line = rest
	}
	line, _, _ = strings.Cut(line, " > ")
	words := shellWords(line)
	if len(words) == 0 || words[0] != "kg" {
		t.Fatalf("want an example that begins with kg, found %q", line)
	}
	sh.mustRun(t, words[1:]...)
}

// shellWords splits a line at blanks, minding double quotes.
func shellWords(line string) []string {
	var words []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S*"[^"]*")|\S+`).FindAllString(line, -1) {
		words = append(words, strings.ReplaceAll(m, `"`, ""))
	}
	return words
}

func TestEveryVariableIsDocumented(t *testing.T) {
	sh := newShell(t)
	topic := sh.mustRun(t, "help", "environment")
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`env[A-Z]\w* += "([A-Z_]+)"`)
	read := regexp.MustCompile(`(?:\.env|os\.(?:Getenv|LookupEnv))\(("[^"]*"|\w+)\)`)
	documented := 0
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			documented++
			if !strings.Contains(topic, "\n  "+m[1]+" ") {
				t.Errorf("kg help environment does not name %s", m[1])
			}
		}
		for _, m := range read.FindAllStringSubmatch(string(text), -1) {
			if !strings.HasPrefix(m[1], "env") {
				t.Errorf("%s reads the variable %s, which is not one of env.go", file, m[1])
			}
		}
	}
	if documented == 0 {
		t.Error("found no variables")
	}
}

func TestTheEnvelopeIsAsDocumented(t *testing.T) {
	sh := newShell(t)
	topic := sh.mustRun(t, "help", "formatting")
	for _, args := range [][]string{
		{"query", "seized-substances"}, {"query", "agencies-by-platform"}, {"query"}, {"query", "test"},
		{"show", "encrochat"}, {"claims", "encrochat"}, {"search", "antwerp"}, {"stats"}, {"schema"}, {"version"},
	} {
		out := sh.mustRun(t, append(args, "--json")...)
		var envelope map[string]json.RawMessage
		if err := json.Unmarshal([]byte(out), &envelope); err != nil {
			t.Fatalf("kg %v --json: %v", args, err)
		}
		for _, key := range []string{"schema_version", "question", "params", "columns", "rows", "count", "truncated", "left_out"} {
			if _, ok := envelope[key]; !ok {
				t.Errorf("kg %v --json has no %q", args, key)
			}
		}
		for key := range envelope {
			if !strings.Contains(topic, `"`+key+`": `) {
				t.Errorf("kg help formatting does not tell of %q, which kg %v --json prints", key, args)
			}
		}
		var columns []struct{ Name, Type string }
		var rows []map[string]any
		if err := json.Unmarshal(envelope["columns"], &columns); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(envelope["rows"], &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			t.Errorf("kg %v --json has no rows", args)
		}
		for _, row := range rows {
			for _, c := range columns {
				if _, ok := row[c.Name]; !ok || len(row) != len(columns) {
					t.Fatalf("kg %v --json: a row with other keys than the columns: %v", args, row)
				}
			}
		}
		for _, c := range columns {
			if !strings.Contains(topic, c.Type) {
				t.Errorf("kg help formatting does not tell of type %s", c.Type)
			}
		}
	}
}
