package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A text that runs in a process of its own ends with the program that started it, whoever is told to end:
// both, as by Ctrl-C in a terminal, or the program alone, gently or not.
func TestIsolatedTextsLeaveNoProcess(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		group bool
		sig   syscall.Signal
		exit  int
	}{
		{"Ctrl-C in a terminal", true, syscall.SIGINT, 130},
		{"an interrupt for the program alone", false, syscall.SIGINT, 130},
		{"the program is killed", false, syscall.SIGKILL, -1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kg := exec.Command(self, "gizmo", "--isolate", "--timeout", "5m", "while (true) {}")
			kg.Args[0] = "kg"
			kg.Dir = t.TempDir()
			kg.Env = append(os.Environ(), "HOME="+kg.Dir, "XDG_CACHE_HOME="+kg.Dir)
			kg.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var said strings.Builder
			kg.Stderr = &said
			if err := kg.Start(); err != nil {
				t.Fatal(err)
			}
			group := -kg.Process.Pid
			defer func() { _ = syscall.Kill(group, syscall.SIGKILL) }()
			text := 0
			wait(t, "the second process", func() bool { text = child(kg.Process.Pid); return text != 0 })
			defer func() { _ = syscall.Kill(text, syscall.SIGKILL) }()
			time.Sleep(100 * time.Millisecond) // mostly it has begun to run the text; the end is the same if not
			whom := kg.Process.Pid
			if tc.group {
				whom = group
			}
			if err := syscall.Kill(whom, tc.sig); err != nil {
				t.Fatal(err)
			}
			var exit *exec.ExitError
			if err := kg.Wait(); !errors.As(err, &exit) || exit.ExitCode() != tc.exit {
				t.Errorf("want exit code %d, found %v: %s", tc.exit, err, said.String())
			}
			wait(t, "the end of the second process", func() bool { state, _ := status(text); return state == "" || state == "Z" })
		})
	}
}

// wait waits for something that a slow machine may take its time for.
func wait(t *testing.T, what string, until func() bool) {
	t.Helper()
	for start := time.Now(); !until(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatalf("waited a minute for %s", what)
		}
	}
}

// child is a process that another one started; 0 if there is none.
func child(of int) int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if _, parent := status(pid); err == nil && parent == of {
			return pid
		}
	}
	return 0
}

// status is the state of a process and its parent; none if there is no such process.
func status(pid int) (state string, parent int) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // what follows the name: state, parent, group
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return "", 0
	}
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent
}
