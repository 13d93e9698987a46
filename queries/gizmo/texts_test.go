package gizmo_test

import (
	"os"
	"strings"
	"testing"
)

// lines reads a file of testdata: one entry a line, without comments.
func lines(t testing.TB, name string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// texts are those that mean the same here and in Cayley.
func texts(t testing.TB) []string {
	t.Helper()
	return lines(t, "texts.txt")
}

// differences are those that do not, with the reason.
func differences(t testing.TB) []verdict {
	t.Helper()
	var out []verdict
	for _, line := range lines(t, "differences.txt") {
		text, reason, ok := strings.Cut(line, "\t")
		if !ok || reason == "" {
			t.Fatalf("differences.txt: want a text, a tab and a reason, found %q", line)
		}
		out = append(out, verdict{text, reason})
	}
	return out
}
