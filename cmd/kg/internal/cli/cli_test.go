package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kg/cmd/kg/internal/cli"
)

// A shell is a place to run kg in: the embedded facts, an empty folder, a cache of its own.
type shell struct {
	streams cli.Streams
	env     map[string]string
	out     bytes.Buffer
	err     bytes.Buffer
}

func newShell(t *testing.T) *shell {
	t.Helper()
	sh := &shell{env: map[string]string{"XDG_CACHE_HOME": t.TempDir()}}
	sh.streams = cli.Streams{
		In: strings.NewReader(""), Out: &sh.out, Err: &sh.err, Dir: t.TempDir(),
		Env: func(name string) (string, bool) { v, ok := sh.env[name]; return v, ok },
	}
	return sh
}

// run runs a command line and returns its exit code; its output is in out and err.
func (sh *shell) run(args ...string) int {
	sh.out.Reset()
	sh.err.Reset()
	return cli.Main(context.Background(), args, sh.streams)
}

func (sh *shell) mustRun(t *testing.T, args ...string) string {
	t.Helper()
	if code := sh.run(args...); code != 0 {
		t.Fatalf("kg %s: exit code %d\n%s", strings.Join(args, " "), code, sh.err.String())
	}
	return sh.out.String()
}

const escape = "\x1b["

func TestColour(t *testing.T) {
	query := []string{"query", "agencies-by-platform", "--format", "table"}
	for _, test := range []struct {
		name     string
		terminal bool
		env      map[string]string
		args     []string
		want     bool
	}{
		{name: "a terminal is coloured", terminal: true, want: true},
		{name: "a pipe is not"},
		{name: "NO_COLOR turns it off", terminal: true, env: map[string]string{"NO_COLOR": "1"}},
		{name: "an empty NO_COLOR says nothing", terminal: true, env: map[string]string{"NO_COLOR": ""}, want: true},
		{name: "CLICOLOR=0 turns it off", terminal: true, env: map[string]string{"CLICOLOR": "0"}},
		{name: "CLICOLOR_FORCE turns it on in a pipe", env: map[string]string{"CLICOLOR_FORCE": "1"}, want: true},
		{name: "CLICOLOR_FORCE=0 does not", env: map[string]string{"CLICOLOR_FORCE": "0"}},
		{name: "NO_COLOR wins over CLICOLOR_FORCE", terminal: true, env: map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}},
		{name: "a dumb terminal has none", terminal: true, env: map[string]string{"TERM": "dumb"}},
		{name: "--color always wins over the environment", env: map[string]string{"NO_COLOR": "1"}, args: []string{"--color", "always"}, want: true},
		{name: "--color never wins over the terminal", terminal: true, args: []string{"--color", "never"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sh := newShell(t)
			for k, v := range test.env {
				sh.env[k] = v
			}
			sh.streams.OutTerminal, sh.streams.Width = test.terminal, 100
			out := sh.mustRun(t, append(query, test.args...)...)
			if got := strings.Contains(out, escape); got != test.want {
				t.Errorf("colour = %t, want %t:\n%q", got, test.want, out)
			}
		})
	}
}

func TestTerminalGetsATable(t *testing.T) {
	sh := newShell(t)
	sh.streams.OutTerminal, sh.streams.Width = true, 100
	sh.env["NO_COLOR"] = "1"
	out := sh.mustRun(t, "query", "agencies-by-platform")
	if !strings.Contains(out, "──") || strings.Contains(out, "\t") {
		t.Errorf("want an aligned table, found:\n%s", out)
	}
	sh.streams.OutTerminal = false
	out = sh.mustRun(t, "query", "agencies-by-platform")
	if !strings.HasPrefix(out, "platform\tagency\trole") {
		t.Errorf("want tab-separated rows in a pipe, found:\n%s", out)
	}
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	sh := newShell(t)
	sh.env["NO_COLOR"] = "1"
	sh.streams.OutTerminal = true
	for _, args := range [][]string{
		{"query", "agencies-by-platform"},
		{"query", "seizures-by-location", "--location", "belgium"},
		{"query", "timeline"},
		{"show", "encrochat"},
		{"claims", "encrochat"},
		{"search", "antwerp"},
		{"stats"},
		{"schema", "predicates"},
	} {
		for _, width := range []int{200, 120, 100, 80, 60} {
			sh.streams.Width = width
			for line := range strings.Lines(sh.mustRun(t, args...)) {
				if n := len([]rune(strings.TrimRight(line, "\n"))); n > width {
					t.Errorf("kg %v at width %d prints a line of %d columns:\n%s", args, width, n, line)
				}
			}
		}
	}
}

func TestControlCharactersDoNotReachTheTerminal(t *testing.T) {
	dir := t.TempDir()
	facts := strings.Join([]string{
		`<https://example.org/kg/platform/x> <https://schema.org/name> "X\u001B[31m" <https://example.org/kg/graph/gazetteer> .`,
		`<https://example.org/kg/platform/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/kg/Platform> <https://example.org/kg/graph/gazetteer> .`,
	}, "\n")
	if err := os.WriteFile(filepath.Join(dir, "facts.nq"), []byte(facts), 0o600); err != nil {
		t.Fatal(err)
	}
	sh := newShell(t)
	sh.streams.OutTerminal = true
	out := sh.mustRun(t, "search", "x", "--data", dir, "--color", "never")
	if strings.Contains(out, "\x1b") {
		t.Errorf("want no escape sequence of the data, found %q", out)
	}
}

// A brokenWriter fails as a closed pipe or a full disk does.
type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want int
		says string
	}{
		{"a closed pipe is success", io.ErrClosedPipe, 0, ""},
		{"anything else is not", errors.New("disk full"), 3, "kg: writing the output: disk full\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, args := range [][]string{
				{"query", "agencies-by-platform", "-q"},
				{"query", "timeline", "--json", "-q"},
				{"export"},
				{"query", "timeline", "--show"},
				{"completion", "bash"},
				{"version"},
			} {
				sh := newShell(t)
				sh.streams.Out = brokenWriter{test.err}
				if got := sh.run(args...); got != test.want || sh.err.String() != test.says {
					t.Errorf("kg %v: exit code %d and %q, want %d and %q", args, got, sh.err.String(), test.want, test.says)
				}
			}
		})
	}
}

func TestPanicsAreOneLine(t *testing.T) {
	sh := newShell(t)
	sh.streams.Out = writerFunc(func([]byte) (int, error) { panic("out of luck") })
	if code := sh.run("version"); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	if got := sh.err.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "kg: internal fault: out of luck; please report it") {
		t.Errorf("want one line on the fault, found %q", got)
	}
	sh.env["KG_DEBUG"] = "1"
	sh.run("version")
	if got := sh.err.String(); !strings.Contains(got, "goroutine") {
		t.Errorf("want a trace with KG_DEBUG, found %q", got)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestInterruptedBeforeItStarts(t *testing.T) {
	sh := newShell(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if code := cli.Main(ctx, []string{"query", "agencies-by-platform"}, sh.streams); code != 130 {
		t.Errorf("exit code %d, want 130: %s", code, sh.err.String())
	}
	if got := sh.err.String(); got != "kg: interrupted\n" {
		t.Errorf("want a word on the interruption, found %q", got)
	}
}

func TestQuietSaysNothing(t *testing.T) {
	sh := newShell(t)
	for _, args := range [][]string{
		{"query", "agencies-by-platform", "--limit", "1"},
		{"query", "seized-substances"},
		{"search", "zzzz"},
		{"build"},
	} {
		sh.mustRun(t, args...)
		loud := sh.err.String()
		sh.mustRun(t, append(args, "--quiet")...)
		if quiet := sh.err.String(); loud == "" || quiet != "" {
			t.Errorf("kg %v: want words without --quiet and none with it, found %q and %q", args, loud, quiet)
		}
	}
}

func TestReadingLeavesTheStoreAsItIs(t *testing.T) {
	sh := newShell(t)
	sh.mustRun(t, "build")
	store := filepath.Join(sh.env["XDG_CACHE_HOME"], "kg", "graph.snapshot")
	before, err := os.ReadFile(store)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"query", "timeline"},
		{"query", "test"},
		{"show", "encrochat"},
		{"claims", "encrochat"},
		{"search", "antwerp"},
		{"stats"},
		{"export"},
		{"schema"},
		{"__complete", "show", ""},
	} {
		sh.mustRun(t, args...)
		after, err := os.ReadFile(store)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, after) {
			t.Errorf("kg %v changed the store", args)
		}
	}
}
