package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the stories")

// TestMain makes this test binary the command kg when a story calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kg": main})
}

// TestStories runs testdata/script: what users see, command by command. "go test ./cmd/kg -update"
// rewrites the output that the stories expect; read the difference before keeping it.
//
// Beside the usual commands a story may say
//
//	$CAYLEY_STORES    an archive with two stores that Cayley itself filled, a bolt and a leveldb
//	project           copy testdata/project here and work in it
//	exits N CMD…      run CMD and expect exit code N
//	interrupted CMD…  run CMD, which reads the named pipe "pipe", press Ctrl-C, and expect 130
//	gzip FILE         pack FILE into FILE.gz
//	zip ARCHIVE FILE… pack files into an archive
//	workbook XLSX CSV make a workbook of a table
func TestStories(t *testing.T) {
	project, err := filepath.Abs(filepath.Join("testdata", "project"))
	if err != nil {
		t.Fatal(err)
	}
	stores, err := filepath.Abs(filepath.Join("..", "..", "graph", "testdata", "cayley-stores.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			env.Setenv("CAYLEY_STORES", stores)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"project": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(os.CopyFS(ts.MkAbs("project"), os.DirFS(project)))
				ts.Check(ts.Chdir(ts.MkAbs("project")))
			},
			"exits":       exits,
			"interrupted": interrupted,
			"gzip": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(ts.Exec("gzip", "-k", ts.MkAbs(args[0])))
			},
			"zip":      zipFiles,
			"workbook": workbook,
		},
	})
}

// exits runs a command and compares its exit code. Its output can be looked at as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := code(ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("want exit code %d, found %d", want, got)
	}
}

func code(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		return -1
	}
}

// interrupted starts a command that reads "pipe", waits until it does, and interrupts it.
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: interrupted COMMAND…")
	}
	pipe := ts.MkAbs("pipe")
	ts.Check(makePipe(pipe))
	path, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[0]))
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ts.Check(cmd.Start())
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the command opens its end
	ts.Check(err)
	_, err = fmt.Fprintln(writer, "<http://example.com/a> <http://example.com/b> <http://example.com/c> .")
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if got := code(err); got != 130 {
			ts.Fatalf("want exit code 130, found %d:\n%s", got, out.String())
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		err := <-ended
		ts.Fatalf("still running a minute after Ctrl-C, ended by %v:\n%s", err, out.String())
	}
	ts.Logf("%s", out.String())
	if !bytes.Contains(out.Bytes(), []byte("kg: interrupted")) {
		ts.Fatalf("want a word on the interruption, found %q", out.String())
	}
	ts.Check(writer.Close())
}
