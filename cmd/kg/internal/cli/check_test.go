package cli_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// TestTheFactsNameNoPerson checks the curated tables: nothing in them is an error, and no text names
// somebody who is not known to be an organisation, a place or a heading. New rows are held to it as well.
func TestTheFactsNameNoPerson(t *testing.T) {
	sh := newShell(t)
	data, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if code := sh.run("check", data, "--json"); code > 1 {
		t.Fatalf("kg check: exit code %d\n%s", code, sh.err.String())
	}
	var answer struct {
		Question string
		Rows     []struct {
			Level, Rule, File, Message, Advice string
			Line                               int
		}
	}
	if err := json.Unmarshal(sh.out.Bytes(), &answer); err != nil || answer.Question != "check" {
		t.Fatalf("%v in %s", err, sh.out.String())
	}
	for _, f := range answer.Rows {
		if f.Level == "error" || f.Rule == "person-name" {
			t.Errorf("%s:%d: %s; %s [%s]", f.File, f.Line, f.Message, f.Advice, f.Rule)
		}
	}
}
