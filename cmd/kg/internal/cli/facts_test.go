package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/data"
)

// TestEmbeddedFactsAreThoseOfTheTables builds the curated tables and compares the result with
// data/facts.nq byte for byte. "kg build --facts data/facts.nq" writes it anew.
func TestEmbeddedFactsAreThoseOfTheTables(t *testing.T) {
	tables := filepath.Join("..", "..", "..", "..", "data")
	sh := newShell(t)
	out := filepath.Join(t.TempDir(), "facts.nq")
	sh.mustRun(t, "build", "--data", tables, "--store", "memory:", "--facts", out)
	built, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if string(built) != data.Facts {
		t.Errorf("data/facts.nq is out of date; kg build --facts data/facts.nq writes it (-embedded +built):\n%s", cmp.Diff(data.Facts, string(built)))
	}
}
