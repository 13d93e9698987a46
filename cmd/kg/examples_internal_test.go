package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestExamplesRun gives every example of every help page to a shell, each in a folder of its own
// with the embedded facts packed as facts.nq.gz.
func TestExamplesRun(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Chdir(t.TempDir())
	pages := []string{"kg", "kg query test", "kg query timeline"}
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+)  +\S`).FindAllStringSubmatch(inShell(t, "kg --help"), -1) {
		pages = append(pages, "kg "+m[1])
	}
	ran := 0
	for _, page := range pages {
		help := inShell(t, page+" --help")
		_, after, found := strings.Cut(help, "Examples:\n")
		if !found {
			t.Errorf("%s --help has no examples", page)
		}
		for line := range strings.Lines(after) {
			if !strings.HasPrefix(line, "  ") {
				break
			}
			ran++
			t.Run(strings.TrimSpace(line), func(t *testing.T) {
				t.Chdir(t.TempDir())
				inShell(t, "kg export -q -o facts.nq && gzip facts.nq && mkdir -p "+os.Getenv("HOME")+"/.local/share/bash-completion/completions")
				inShell(t, strings.TrimSpace(line))
			})
		}
	}
	if ran < 25 {
		t.Errorf("ran %d examples, want at least one of each command", ran)
	}
}

// inShell runs a command line with nothing on its standard input, and returns its output.
func inShell(t *testing.T, line string) string {
	t.Helper()
	var problems strings.Builder
	cmd := exec.Command("sh", "-c", line)
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, problems.String())
	}
	return string(out)
}
