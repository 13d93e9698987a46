package docs_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A step is a command of a transcript and what the document shows below it.
type step struct{ command, output string }

const (
	opening = "```console\n"
	closing = "```\n"
	prompt  = "$ "
)

// TestTranscripts runs what the documents show. Each line that begins with "$ " in a block marked
// console is given to a shell at a terminal of 100 columns, in a copy of the project in which "go run
// ./cmd/kg" is built already; the lines below have to be what is printed, byte for byte.
func TestTranscripts(t *testing.T) {
	kg := program(t)
	ran := 0
	for _, document := range documents(t) {
		text := read(t, document)
		if !strings.Contains(text, opening) {
			continue
		}
		ran++
		t.Run(document, func(t *testing.T) {
			term := newTerminal(t, kg)
			was, is := replay(text, func(s step) string { return term.run(t, s.command) })
			if was == is {
				return
			}
			if !*update {
				t.Fatalf("what is shown is not what is printed; \"make docs\" rewrites it (-shown +printed):\n%s", cmp.Diff(strings.Split(was, "\n"), strings.Split(is, "\n")))
			}
			if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(document)), []byte(is), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
	if ran == 0 {
		t.Error("found no transcripts")
	}
}

// replay returns the text and what it would be if every command printed what run returns.
func replay(text string, run func(step) string) (was, is string) {
	var out strings.Builder
	rest := text
	for {
		before, block, found := strings.Cut(rest, opening)
		out.WriteString(before)
		if !found {
			return text, out.String()
		}
		block, after, _ := strings.Cut(block, closing)
		out.WriteString(opening)
		for _, s := range steps(block) {
			out.WriteString(prompt + s.command + "\n" + run(s))
		}
		out.WriteString(closing)
		rest = after
	}
}

// steps splits a block into commands and what is shown below each.
func steps(block string) []step {
	var list []step
	for line := range strings.Lines(block) {
		if command, ok := strings.CutPrefix(line, prompt); ok {
			list = append(list, step{command: strings.TrimSuffix(command, "\n")})
		} else if len(list) > 0 {
			list[len(list)-1].output += line
		}
	}
	return list
}

func TestReplayFindsCommands(t *testing.T) {
	text := "Text.\n\n```console\n$ one\nprinted\n$ two\n```\n\n```sh\n$ not run\n```\n```console\n$ three\n```\nEnd.\n"
	var ran []step
	was, is := replay(text, func(s step) string {
		ran = append(ran, s)
		return s.command + "!\n"
	})
	if diff := cmp.Diff([]step{{"one", "printed\n"}, {"two", ""}, {"three", ""}}, ran, cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	want := "Text.\n\n```console\n$ one\none!\n$ two\ntwo!\n```\n\n```sh\n$ not run\n```\n```console\n$ three\nthree!\n```\nEnd.\n"
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if was != text {
		t.Errorf("replay changed what was: %q", was)
	}
}

// A terminal is a place to run commands: a copy of the project, and kg on the path.
type terminal struct {
	folder string
	env    []string
}

// program builds kg and returns the folder that holds it.
func program(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", folder+string(filepath.Separator), "./cmd/kg")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return folder
}

func newTerminal(t testing.TB, program string) terminal {
	t.Helper()
	home := t.TempDir()
	term := terminal{folder: filepath.Join(home, "kg"), env: []string{
		"PATH=" + program + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"HOME=" + home,
		"LANG=C.UTF-8",
		"NO_COLOR=1",
		"TERM=dumb", // no progress, which depends on the machine's speed
	}}
	for _, file := range files(t) {
		copyFile(t, filepath.Join(root, filepath.FromSlash(file)), filepath.Join(term.folder, filepath.FromSlash(file)))
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		term.env = append(term.env, name+"="+strings.TrimSpace(string(value)))
	}
	return term
}

// run runs a command line and returns what a person would see.
func (term terminal) run(t *testing.T, line string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", strings.ReplaceAll(line, "go run ./cmd/kg", "kg"))
	cmd.Dir, cmd.Env = term.folder, term.env
	out := atTerminal(t, cmd)
	if ctx.Err() != nil {
		t.Errorf("%s: still running after ten minutes", line)
	}
	out = bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
	if len(out) > 0 && !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	return string(out)
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, info.Mode().Perm()|0o200); err != nil {
		t.Fatal(err)
	}
}
