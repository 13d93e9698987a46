package cli_test

import (
	"path/filepath"
	"testing"
)

// TestTheFactsPassTheCheck holds the curated tables to "kg check": no error, no warning that nobody has
// looked at, and among these no words that may be a person's name. New rows are held to it as well.
func TestTheFactsPassTheCheck(t *testing.T) {
	data, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "data"))
	if err != nil {
		t.Fatal(err)
	}
	sh := newShell(t)
	if code := sh.run("check", data); code != 0 {
		t.Errorf("kg check: exit code %d\n%s%s", code, sh.out.String(), sh.err.String())
	}
}

// TestTheEmbeddedFactsPassTheCheck does the same for what is inside the program, where no tables are.
func TestTheEmbeddedFactsPassTheCheck(t *testing.T) {
	sh := newShell(t)
	if code := sh.run("check"); code != 0 {
		t.Errorf("kg check: exit code %d\n%s%s", code, sh.out.String(), sh.err.String())
	}
}
