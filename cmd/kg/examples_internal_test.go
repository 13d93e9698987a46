package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestExamplesRun gives every example of every help page to a shell, each in a folder of its own
// with the embedded facts packed as facts.nq.gz.
func TestExamplesRun(t *testing.T) {
	if testing.Short() {
		t.Skip("long; the stories run every command as well")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	project, err := filepath.Abs(filepath.Join("testdata", "project"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs(filepath.Join("..", "..", "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	pages := []string{"kg", "kg query test", "kg query timeline", "kg add claim"}
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
		for line := range strings.Lines(strings.ReplaceAll(after, "\\\n      ", "")) { // as a shell reads them
			if !strings.HasPrefix(line, "  ") {
				break
			}
			if strings.TrimSpace(line) == "kg add claim" {
				continue // asks a person
			}
			ran++
			t.Run(strings.TrimSpace(line), func(t *testing.T) {
				t.Chdir(t.TempDir())
				inShell(t, "kg export -q -o facts.nq && gzip facts.nq && mkdir -p ~/.local/share/bash-completion/completions")
				examplesTables(t)
				if page == "kg fmt" || page == "kg diff" || page == "kg verify" {
					examplesProject(t, project)
				}
				if strings.HasPrefix(page, "kg add") {
					if err := os.CopyFS("data", os.DirFS(data)); err != nil {
						t.Fatal(err)
					}
				}
				if strings.Contains(line, "--csvw") {
					inShell(t, "kg infer table.csv -o table.csv-metadata.json")
				}
				if strings.Contains(line, "snapshot:mine.snapshot") {
					inShell(t, "kg build -q --store snapshot:mine.snapshot")
				}
				if page == "kg serve" {
					untilItAnswers(t, strings.TrimSpace(line))
					return
				}
				inShell(t, strings.TrimSpace(line))
			})
		}
	}
	if ran < 25 {
		t.Errorf("ran %d examples, want at least one of each command", ran)
	}
}

// examplesProject makes the working folder a project with curated tables and a history, for the commands
// that work on tables.
func examplesProject(t *testing.T, project string) {
	t.Helper()
	if err := os.CopyFS(".", os.DirFS(project)); err != nil {
		t.Fatal(err)
	}
	inShell(t, "kg build -q --facts data/facts.nq && cp data/facts.nq old.nq && gzip old.nq && kg build -q --data data --store snapshot:old.kg")
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	inShell(t, "git init -q . && git config user.name nobody && git config user.email nobody@example.com && git add data && git commit -qm one && git tag v1.0")
	inShell(t, "for n in 2 3 4; do git commit -q --allow-empty -m $n; done")
}

// examplesTables puts the table and the workbook of the examples into the working folder.
func examplesTables(t *testing.T) {
	t.Helper()
	if err := os.WriteFile("table.csv", []byte("id,name\n1,EncroChat\n2,Sky ECC\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "id", "B1": "name", "A2": "1", "B2": "EncroChat"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs("book.xlsx"); err != nil {
		t.Fatal(err)
	}
}

// untilItAnswers starts a server, and ends it when it has told its address.
func untilItAnswers(t *testing.T, line string) {
	t.Helper()
	var problems strings.Builder
	cmd := exec.Command("sh", "-c", "exec env "+line)
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	_ = cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	ended := cmd.Wait()                  // after which all that it had to say has been read
	if strings.Contains(problems.String(), "a free port") {
		t.Skip("another program answers on the port")
	}
	if err != nil || !strings.HasPrefix(address, "http://") {
		t.Errorf("%s: want an address, found %q and %v\n%s", line, address, err, problems.String())
	}
	if ended != nil {
		t.Errorf("%s: want a calm end, found %v\n%s", line, ended, problems.String())
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
