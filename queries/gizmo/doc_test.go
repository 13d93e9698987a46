package gizmo_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries/gizmo"
)

const page = "../../docs/gizmo.md"

type block struct {
	kind, text string
	line       int
}

// blocks reads the fenced blocks of a page.
func blocks(t *testing.T, name string) []block {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []block
	in := bufio.NewScanner(f)
	open := false
	for n := 1; in.Scan(); n++ {
		line := in.Text()
		switch {
		case strings.HasPrefix(line, "```") && open:
			open = false
		case strings.HasPrefix(line, "```"):
			open = true
			out = append(out, block{kind: line[3:], line: n})
		case open:
			out[len(out)-1].text += line + "\n"
		}
	}
	return out
}

// TestPage runs every example of the page and compares what it promises.
func TestPage(t *testing.T) {
	all := blocks(t, page)
	if len(all) == 0 || all[0].kind != "nquads" {
		t.Fatal("the page starts with its graph")
	}
	var quads []quad.Quad
	r := nquads.NewReader(strings.NewReader(all[0].text), true)
	for {
		q, err := r.ReadQuad()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if o, ok := q.Object.(quad.TypedString); ok {
			q.Object = graph.Native(o)
		}
		quads = append(quads, q)
	}
	store := memstore.New(quads...)
	examples := 0
	for i := 1; i < len(all); i += 2 {
		if all[i].kind != "gizmo" || i+1 >= len(all) {
			t.Fatalf("%s:%d: want an example, found %q", page, all[i].line, all[i].kind)
		}
		examples++
		var got []string
		err := gizmo.Run(context.Background(), store, all[i].text, gizmo.Options{Name: "gizmo.md", Namespaces: graph.DefaultNamespaces()}, func(r gizmo.Row) error {
			got = append(got, show(r))
			return nil
		})
		want := strings.TrimRight(all[i+1].text, "\n")
		if all[i+1].kind == "error" {
			if err == nil || err.Error() != want {
				t.Errorf("%s:%d: got %v, want %s", page, all[i].line, err, want)
			}
			continue
		}
		slices.Sort(got)
		if err != nil {
			t.Errorf("%s:%d: %v", page, all[i].line, err)
		} else if d := cmp.Diff(want, strings.Join(got, "\n")); d != "" {
			t.Errorf("%s:%d: (-page +run)\n%s", page, all[i].line, d)
		}
	}
	if examples < 18 {
		t.Errorf("only %d examples", examples)
	}
}

// TestPageNamesAll keeps the page complete: every method and name stands on it.
func TestPageNamesAll(t *testing.T) {
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(gizmo.Methods(), gizmo.Globals(), gizmo.GraphMethods()) {
		if !strings.Contains(string(b), name) {
			t.Errorf("%s does not mention %s", page, name)
		}
	}
}
