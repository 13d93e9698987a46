package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The facts that ship are for others to read, so a reader that is not ours has to find in them as
// many quads as there are lines, and nothing to complain about.
func TestAnotherProgramReadsTheFacts(t *testing.T) {
	rapper, err := exec.LookPath("rapper")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("rapper is needed here; Debian's package is raptor2-utils")
		}
		t.Skip("SKIPPED: rapper is not here; Debian's package is raptor2-utils")
	}
	quads := strings.Count(read(t, "data/facts.nq"), "\n")
	if quads == 0 {
		t.Fatal("data/facts.nq is empty")
	}
	file, err := filepath.Abs(filepath.Join(root, "data", "facts.nq"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(rapper, "-c", "-i", "nquads", file).CombinedOutput()
	text := string(out)
	if err != nil || regexp.MustCompile(`(?i)\b(?:error|warning)\b`).MatchString(text) {
		t.Errorf("rapper: %v\n%s", err, text)
	}
	m := regexp.MustCompile(`returned (\d+) triples`).FindStringSubmatch(text)
	if m == nil || m[1] != strconv.Itoa(quads) {
		t.Errorf("want %d quads, rapper says:\n%s", quads, text)
	}
}
