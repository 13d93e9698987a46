package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// commands lists the commands that "kg --help" names, each as a command line.
func commands(t *testing.T, sh *shell) [][]string {
	t.Helper()
	var list [][]string
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+)  +\S`).FindAllStringSubmatch(sh.mustRun(t, "--help"), -1) {
		list = append(list, []string{m[1]})
	}
	if len(list) < 11 {
		t.Fatalf("kg --help lists %v, want all commands", list)
	}
	return list
}

func TestEveryCommandIsExplained(t *testing.T) {
	sh := newShell(t)
	for _, command := range append(commands(t, sh), []string{"query", "test"}, []string{"query", "agencies-by-platform"}) {
		help := sh.mustRun(t, append(slices.Clone(command), "--help")...)
		before, after, found := strings.Cut(help, "Usage:")
		if !found || len(strings.TrimSpace(before)) < 20 {
			t.Errorf("kg %v --help: want an explanation, found %q", command, before)
		}
		if !strings.Contains(after, "Examples:\n  ") {
			t.Errorf("kg %v --help: want examples", command)
		}
		_, flags, _ := strings.Cut(after, "Flags:\n")
		for _, line := range regexp.MustCompile(`(?m)^ +(?:-\w, )?--[a-z-]+.*$`).FindAllString(flags, -1) {
			if len(strings.Fields(line)) < 3 {
				t.Errorf("kg %v --help: a flag without explanation: %s", command, line)
			}
		}
	}
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
		{"query", "seized-substances"},
		{"query", "agencies-by-platform"},
		{"query"},
		{"query", "test"},
		{"show", "encrochat"},
		{"claims", "encrochat"},
		{"search", "antwerp"},
		{"stats"},
		{"schema"},
		{"version"},
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

// pagesOfHelp lists every page of help as a command line: commands, theirs, saved questions and topics.
func pagesOfHelp(t *testing.T, sh *shell) [][]string {
	t.Helper()
	pages := [][]string{{"--help"}}
	var below func(command []string)
	below = func(command []string) {
		page := append(slices.Clone(command), "--help")
		pages = append(pages, page)
		_, list, found := strings.Cut(sh.mustRun(t, page...), "Available Commands:\n")
		if !found {
			return
		}
		list, _, _ = strings.Cut(list, "\n\n")
		for _, m := range regexp.MustCompile(`(?m)^  ([a-z-]+)  +\S`).FindAllStringSubmatch(list, -1) {
			below(append(slices.Clone(command), m[1]))
		}
	}
	for _, command := range commands(t, sh) {
		if command[0] != "kg" { // the list of topics
			below(command)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+)\t`).FindAllStringSubmatch(sh.mustRun(t, "query", "--format", "tsv"), -1)[1:] {
		pages = append(pages, []string{"query", m[1], "--help"})
	}
	for _, m := range regexp.MustCompile(`(?m)^  kg ([a-z-]+)  +\S`).FindAllStringSubmatch(sh.mustRun(t, "--help"), -1) {
		pages = append(pages, []string{"help", m[1]})
	}
	return pages
}

func TestHelpFitsATerminalOfEightyColumns(t *testing.T) {
	sh := newShell(t)
	pages := pagesOfHelp(t, sh)
	if len(pages) < 40 {
		t.Errorf("found only %d pages of help: %v", len(pages), pages)
	}
	for _, page := range pages {
		for line := range strings.Lines(sh.mustRun(t, page...)) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("kg %s: a line of %d columns: %s", strings.Join(page, " "), n, line)
			}
		}
	}
}
