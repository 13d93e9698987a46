package gizmo_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

var update = flag.Bool("update", false, "rewrite testdata/cayley-bugs.txt")

// TestRandomPaths compares 10,000 random paths as sets of rows: ours with the reference, always; and
// Cayley's session on the same store with the reference: the texts where it differs are listed in a
// file, each a bug of Cayley's generic iterators or of its paths.
func TestRandomPaths(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1_000
	}
	quads := small()
	store := memstore.New(quads...)
	ref := &reference{quads}
	r := rand.New(rand.NewPCG(2020, 7))
	rewriting := map[string]cayley.QuadStore{
		"nothing":               rewriter{store, func(s shape.Shape) (shape.Shape, bool) { return s, false }},
		"quads with fixed ends": rewriter{store, takeActions},
		"what a snapshot knows": snapshotOf(t, quads),
		"nothing of a snapshot": viewed{snapshotOf(t, quads).(*snapshot.Store)},
	}
	stock := &stockProcess{t: t}
	defer stock.close()
	var bugs []string
	bad := 0
	for range n {
		text := (&pathMaker{r: r}).path(2+r.IntN(5)) + ".all()"
		runs, ok := record(text)
		if !ok || len(runs) != 1 {
			t.Fatalf("%s: the reference cannot read it", text)
		}
		var want []string
		for _, row := range ref.run(runs[0]) {
			want = append(want, row.String())
		}
		want = set(want)
		own, err := ownRows(store, text)
		if err != nil || !slices.Equal(set(own), want) {
			if bad++; bad < 10 {
				t.Errorf("%s\n  ours:      %q %v\n  reference: %q", text, set(own), err, want)
			}
		}
		for name, s := range rewriting {
			if own, err := ownRows(s, text); err != nil || !slices.Equal(set(own), want) {
				if bad++; bad < 10 {
					t.Errorf("%s, a store that rewrites %s\n  ours:      %q %v\n  reference: %q", text, name, set(own), err, want)
				}
			}
		}
		stocks, died, err := stock.run(text)
		if died { // what it says last is of no interest
			bugs = append(bugs, text+"\tkills the process")
		} else if err != nil || !slices.Equal(set(stocks), want) {
			bugs = append(bugs, text)
		}
	}
	slices.Sort(bugs)
	bugs = slices.Compact(bugs)
	t.Logf("%d of %d differ from ours, Cayley differs in %d and dies %d times", bad, n, len(bugs), stock.deaths)
	if testing.Short() {
		return
	}
	// Cayley's rows depend on the order in which Go walks its maps, so that a few texts differ in one
	// run and not in the next: the file holds those of several runs, and a few more are no news.
	const file, news = "testdata/cayley-bugs.txt", 20
	listed := lines(t, "cayley-bugs.txt")
	if *update {
		bugs = append(bugs, listed...)
		slices.Sort(bugs)
		bugs = slices.Compact(bugs)
		list := fmt.Sprintf("# Random paths (seed 2020, 7; 10,000 in all) whose rows in Cayley's session differ from what the path means.\n%s\n", strings.Join(bugs, "\n"))
		if err := os.WriteFile(file, []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	known := make(map[string]bool)
	for _, text := range listed {
		known[text] = true
	}
	unknown := slices.DeleteFunc(bugs, func(text string) bool { return known[text] })
	if len(unknown) > news {
		t.Errorf("%s: Cayley differs in %d texts that are not listed, such as %s; run with -update and read the change", file, len(unknown), unknown[0])
	}
}

// viewed is a snapshot that leaves all shapes alone, so that the engine reads quads from its views.
type viewed struct{ *snapshot.Store }

func (v viewed) OptimizeShape(s shape.Shape) (shape.Shape, bool) { return s, false }

func (v viewed) QuestionView() (cayley.QuadStore, error) {
	view, err := v.Store.QuestionView()
	if err != nil {
		return nil, err
	}
	return alone{view.(*snapshot.View)}, nil
}

type alone struct{ *snapshot.View }

func (a alone) OptimizeShape(s shape.Shape) (shape.Shape, bool) { return s, false }

// small is a dense graph of few names, so that random paths find something.
func small() []quad.Quad {
	var out []quad.Quad
	r := rand.New(rand.NewPCG(1, 2))
	names := []quad.Value{quad.IRI("a"), quad.IRI("b"), quad.IRI("c"), quad.IRI("d"), quad.IRI("e"), quad.BNode("z")}
	objects := append(slices.Clone(names), quad.Int(1), quad.Int(2), quad.String("s"), quad.IRI("p"))
	preds := []quad.Value{quad.IRI("p"), quad.IRI("q"), quad.IRI("r")}
	labels := []quad.Value{nil, nil, quad.IRI("l"), quad.IRI("m")}
	seen := map[quad.Quad]bool{}
	for len(out) < 24 {
		q := quad.Quad{
			Subject: names[r.IntN(len(names))], Predicate: preds[r.IntN(len(preds))],
			Object: objects[r.IntN(len(objects))], Label: labels[r.IntN(len(labels))],
		}
		if !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	return append(out, quad.Quad{Subject: quad.IRI("l"), Predicate: quad.IRI("q"), Object: quad.IRI("m")})
}

// pathMaker writes random paths.
type pathMaker struct {
	r    *rand.Rand
	tags int
	set  []string // tags that back() may name
}

func (m *pathMaker) pick(words ...string) string { return words[m.r.IntN(len(words))] }

func (m *pathMaker) node() string {
	return m.pick(`"<a>"`, `"<b>"`, `"<c>"`, `"<d>"`, `"<e>"`, `"_:z"`, `1`, `"s"`, `"<p>"`, `"<l>"`)
}

func (m *pathMaker) tag() string {
	m.tags++
	return fmt.Sprintf("%q", fmt.Sprintf("t%d", m.tags))
}

func (m *pathMaker) pred() string {
	return m.pick(`"<p>"`, `"<q>"`, `"<r>"`, `["<p>","<q>"]`, `null`)
}

func (m *pathMaker) one() string { return m.pick(`"<p>"`, `"<q>"`, `"<r>"`) }

func (m *pathMaker) start() string {
	switch m.r.IntN(4) {
	case 0:
		return "g.V()"
	case 1:
		return "g.V(" + m.node() + "," + m.node() + ")"
	default:
		return "g.V(" + m.node() + ")"
	}
}

func (m *pathMaker) path(steps int) string { return m.start() + m.steps(steps, true) }

func (m *pathMaker) steps(n int, top bool) string {
	var b strings.Builder
	for range n {
		b.WriteString(m.step(n, top))
	}
	return b.String()
}

// inner is a path within a path, with other tags.
func (m *pathMaker) inner(n int) string {
	in := &pathMaker{r: m.r, tags: m.tags + 10}
	p := in.path(n)
	m.tags = in.tags
	return p
}

func (m *pathMaker) step(n int, top bool) string {
	switch k := m.r.IntN(30); {
	case k < 7:
		s := "." + m.pick("out", "in", "both") + "(" + m.pred()
		if m.r.IntN(3) == 0 {
			s += "," + m.tag()
		}
		return s + ")"
	case k < 9:
		t := m.tag()
		m.set = append(m.set, t)
		return ".tag(" + t + ")"
	case k < 12:
		s := "." + m.pick("has", "hasR") + "(" + m.one()
		switch m.r.IntN(3) {
		case 0:
			s += "," + m.node()
		case 1:
			s += "," + m.pick(`gt("<b>")`, `lt("<d>")`, `gt(1)`, `like("%")`, `regex("[a-c]",true)`)
		}
		return s + ")"
	case k < 15:
		return "." + m.pick("save", "saveR", "saveOpt", "saveOptR") + "(" + m.one() + "," + m.tag() + ")"
	case k == 15:
		return ".is(" + m.node() + "," + m.node() + "," + m.node() + ")"
	case k == 16:
		return ".filter(" + m.pick(`gt("<b>")`, `lt("<d>")`, `gt(0)`, `like("%")`, `regex("[a-c]",true)`) + ")"
	case k < 19 && n > 1:
		return "." + m.pick("and", "or", "except") + "(" + m.inner(1+m.r.IntN(2)) + ")"
	case k == 19 && n > 1:
		in := &pathMaker{r: m.r, tags: m.tags + 10}
		s := "." + m.pick("follow", "followR") + "(g.M()" + in.plainSteps(1+m.r.IntN(2)) + ")"
		m.tags = in.tags
		return s
	case k == 20:
		if m.tags > 0 {
			return "" // which tags a closure keeps is told apart in the list of texts
		}
		return ".followRecursive(" + m.one() + m.pick("", ",1", ",2") + ")"
	case k == 21:
		return ".labelContext(" + m.pick(`"<l>"`, `"<m>"`, `["<l>","<m>"]`, `null`, `g.V("<l>").out("<q>")`) + ")"
	case k == 22:
		return ".labelContext(" + m.pick(`"<l>"`, `["<l>","<m>"]`, `g.V()`) + "," + m.tag() + ")"
	case k == 23 && len(m.set) > 0 && top:
		return ".back(" + m.set[m.r.IntN(len(m.set))] + ")"
	case k == 24:
		return "." + m.pick("saveInPredicates", "saveOutPredicates") + "(" + m.tag() + ")"
	case k == 25 && m.tags == 0:
		return "." + m.pick("inPredicates()", "outPredicates()", "unique()")
	default:
		return ".out(" + m.one() + ")"
	}
}

// plainSteps are steps that can be followed backwards.
func (m *pathMaker) plainSteps(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(m.pick(".out("+m.one()+")", ".in("+m.one()+")", ".both("+m.one()+")", ".has("+m.one()+")",
			".out("+m.one()+","+m.tag()+")", ".tag("+m.tag()+")", ".save("+m.one()+","+m.tag()+")"))
	}
	return b.String()
}

// rewriter is a store with an optimiser, as the disk and the SQL stores have one.
type rewriter struct {
	cayley.QuadStore
	rewrite func(shape.Shape) (shape.Shape, bool)
}

// OptimizeShape rewrites.
func (r rewriter) OptimizeShape(s shape.Shape) (shape.Shape, bool) { return r.rewrite(s) }

// foreign is a shape that only the store knows.
type foreign struct{ s shape.Shape }

func (f foreign) BuildIterator(qs cayley.QuadStore) cayley.Iterator { return f.s.BuildIterator(qs) }

func (f foreign) Optimize(shape.Optimizer) (shape.Shape, bool) { return f, false }

func takeActions(s shape.Shape) (shape.Shape, bool) {
	if a, ok := s.(shape.QuadsAction); ok {
		return foreign{a}, true
	}
	return s, false
}
