package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tables is a shell in a copy of the project of the stories, with somebody at the keyboard who types
// these lines.
func tables(t *testing.T, typed ...string) (sh *shell, dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "project"))); err != nil {
		t.Fatal(err)
	}
	sh = newShell(t)
	sh.streams.Dir, sh.streams.InTerminal = dir, true
	sh.streams.In = strings.NewReader(strings.Join(typed, "\n"))
	return sh, dir
}

func figures(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "curated", "claims", "figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAClaimIsAskedFor(t *testing.T) {
	for _, test := range []struct {
		name  string
		typed []string
		want  string   // the row; "" where nothing is written
		told  []string // on standard error
		code  int
	}{
		{
			name: "a figure, with its words and its speaker",
			typed: []string{
				"Users of Hush", "itemCount", "62000", "", "", "atLeast", "at least 62,000", "paper", "Helpers Bureau", "", "", "y",
			},
			want: "C-25,figure/hush-users,itemCount,62000,,count,atLeast,\"at least 62,000\",,,agency/helpers,paper,,,,\n",
			told: []string{"Subject: ", "Unit [count]: ", "Write C-25 to "},
		},
		{
			name: "each answer is checked, and asked for again",
			typed: []string{
				"nothing like it", "hush-users", "itemCountt", "itemCount", "many", "62000", "61000", "63000", "stone", "count", "roughly", "approx", "",
				"no paper", "paper", "", "", "A note.", "yes",
			},
			want: "C-25,figure/hush-users,itemCount,62000,63000,count,approx,,,,,paper,,,,A note.\n",
			told: []string{
				"kg: no entity \"nothing like it\"", "did you mean itemCount?", "found \"many\"", "found \"stone\"", "found \"roughly\"", "kg: no document \"no paper\"",
			},
		},
		{
			name:  "what a field takes is explained",
			typed: []string{"harbour-cocaine", "?", "shippedFrom", "?", "harbour", "?", "release", "?", "", "", "", "y"},
			want:  "C-25,seizure/harbour-cocaine,shippedFrom,location/harbour,,,,,,,,release,,,,\n",
			told:  []string{"massGrams  mass. Mass in grams.", "location/harbour  Great Harbour", "paper  Police read the phones", "agency/blue-police  Blue Police"},
		},
		{
			name:  "a conclusion of the editors names what it rests on",
			typed: []string{"hush-users", "itemCount", "5", "", "", "", "", "paper", "agent/editors", "", "C-10|C-11", "", "y"},
			want:  "C-25,figure/hush-users,itemCount,5,,count,,,,,agent/editors,paper,C-10|C-11,,,\n",
			told:  []string{"kg: this cannot be left out"},
		},
		{
			name:  "nothing is written without a yes",
			typed: []string{"hush-users", "itemCount", "62000", "", "", "", "", "paper", "", "", "", "no"},
			told:  []string{"kg: nothing was written"},
		},
		{
			name:  "nor when the answers end",
			typed: []string{"hush-users", "itemCount"},
			told:  []string{"the questions were not answered, so nothing was written"},
			code:  3,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			sh, dir := tables(t, test.typed...)
			before := figures(t, dir)
			if code := sh.run("add", "claim"); code != test.code {
				t.Fatalf("exit code %d, want %d\n%s", code, test.code, sh.err.String())
			}
			after := figures(t, dir)
			if got := strings.TrimPrefix(after, before); got != test.want {
				t.Errorf("the new row (-want +got):\n%s\n%s", cmp.Diff(test.want, got), sh.err.String())
			}
			for _, words := range test.told {
				if !strings.Contains(sh.err.String(), words) {
					t.Errorf("want %q among the words on standard error:\n%s", words, sh.err.String())
				}
			}
			if test.want != "" && sh.out.String() != "C-25\n" {
				t.Errorf("want the id on standard output, found %q", sh.out.String())
			}
		})
	}
}

// What was given by flags is not asked for.
func TestAClaimIsAskedForTheRest(t *testing.T) {
	sh, dir := tables(t, "62000", "", "", "", "", "", "", "", "y")
	if code := sh.run("add", "claim", "--subject", "hush-users", "--predicate", "itemCount", "--source", "paper", "--id", "C-99"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, sh.err.String())
	}
	if !strings.HasSuffix(figures(t, dir), "C-99,figure/hush-users,itemCount,62000,,count,,,,,,paper,,,,\n") {
		t.Errorf("found %s", figures(t, dir))
	}
	if strings.Contains(sh.err.String(), "Subject:") || strings.Contains(sh.err.String(), "Document:") {
		t.Errorf("what was given was asked for:\n%s", sh.err.String())
	}
}

// A table that someone else changes while the questions are answered keeps the change.
func TestAnAdditionKeepsWhatOthersWrote(t *testing.T) {
	sh, dir := tables(t, "y")
	file := filepath.Join(dir, "data", "curated", "claims", "figures.csv")
	const row = "C-30,figure/hush-users,itemCount,7,,count,,,,,,paper,,,,\n"
	sh.streams.In = &meanwhile{Reader: strings.NewReader("\n\n\n\n\n\ny\n"), do: func() {
		text := figures(t, dir)
		if err := os.WriteFile(file, []byte(text+row), 0o600); err != nil {
			t.Error(err)
		}
	}}
	code := sh.run("add", "claim", "--subject", "hush-users", "--predicate", "itemCount", "--value", "8", "--unit", "count", "--source", "paper")
	if code != 0 || !strings.Contains(figures(t, dir), row) || !strings.Contains(figures(t, dir), "\nC-25,") {
		t.Errorf("exit code %d, want both rows:\n%s\n%s", code, figures(t, dir), sh.err.String())
	}
}

// Many that add claims at once take an id each, and no row is lost.
func TestClaimsAddedAtOnceHaveIDsOfTheirOwn(t *testing.T) {
	_, dir := tables(t)
	const many = 6
	var adding sync.WaitGroup
	ids := make([]string, many)
	for i := range many {
		sh := newShell(t)
		adding.Go(func() {
			args := []string{
				"--data", dir, "add", "claim", "--yes", "--subject", "hush-users", "--predicate", "itemCount",
				"--value", strconv.Itoa(70000 + i), "--unit", "count", "--source", "paper", "--prefix", "C-",
			}
			if i%2 == 0 {
				args = append(args, "--table", "access") // ids are taken over all tables
			}
			if code := sh.run(args...); code != 0 {
				t.Errorf("exit code %d\n%s", code, sh.err.String())
			}
			ids[i] = strings.TrimSpace(sh.out.String())
		})
	}
	adding.Wait()
	slices.Sort(ids)
	if diff := cmp.Diff([]string{"C-25", "C-26", "C-27", "C-28", "C-29", "C-30"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	sh := newShell(t)
	if code := sh.run("--data", dir, "build", "--store", "memory:"); code != 0 {
		t.Errorf("the tables are not whole: exit code %d\n%s", code, sh.err.String())
	}
}

// meanwhile does something before the first line is read.
type meanwhile struct {
	*strings.Reader
	do func()
}

func (m *meanwhile) Read(p []byte) (int, error) {
	if m.do != nil {
		m.do()
		m.do = nil
	}
	return m.Reader.Read(p)
}
