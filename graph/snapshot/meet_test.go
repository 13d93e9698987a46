package snapshot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph/snapshot"
)

// and makes a step that keeps the values which another path has as well.
func and(other []step) step {
	return step{
		"and" + describe(other),
		func(p *path.Path) *path.Path { return p.And(startWith(other)) },
		func(w *world, rows []row) (out []row) {
			for _, o := range evaluate(world{quads: w.quads}, other) {
				for _, r := range rows {
					if r.value == o.value {
						both := r.with(r.value)
						for name, v := range o.tags {
							both.tags[name] = v
						}
						out = append(out, both)
					}
				}
			}
			return out
		},
	}
}

// chain makes a path of some hops from one value, as the sides of an intersection are.
func (m *maker) chain() []step {
	q := m.quads[m.IntN(len(m.quads))]
	list := []quad.Value{[]quad.Value{q.Subject, q.Object}[m.IntN(2)]}
	steps := []step{{
		fmt.Sprintf("is%v", list),
		func(p *path.Path) *path.Path { return p.Is(list...) },
		func(_ *world, rows []row) []row {
			return slices.DeleteFunc(rows, func(r row) bool { return !in(list, r.value) })
		},
	}}
	for range 2 + m.IntN(2) {
		if m.tagly && m.IntN(4) == 0 {
			steps = append(steps, m.save(m.IntN(2) == 0))
		}
		steps = append(steps, m.hop(m.IntN(2) == 0))
	}
	return steps
}

func TestPathsThatMeetMeanWhatTheReferenceSays(t *testing.T) {
	for g := range 40 {
		random := dice(uint64(900 + g))
		qs := make([]quad.Quad, 0, 26)
		for range 26 {
			q := quad.Quad{
				Subject:   quad.IRI(fmt.Sprint("n", random.IntN(9))),
				Predicate: quad.IRI(fmt.Sprint("p", random.IntN(2))),
				Object:    quad.IRI(fmt.Sprint("n", random.IntN(14))),
			}
			if random.IntN(4) == 0 {
				q.Label = quad.IRI(fmt.Sprint("n", random.IntN(20)))
			}
			qs = append(qs, q)
		}
		list := make([]quad.Quad, 0, len(qs))
		for _, q := range distinct(qs) {
			list = append(list, q)
		}
		store := opened(t, made(t, qs), snapshot.Options{})
		for i := range 20 {
			m := &maker{Rand: dice(uint64(g*1000 + i)), quads: qs, tagly: i%3 == 0}
			steps := m.chain()
			for range 1 + m.IntN(2) {
				steps = append(steps, and(m.chain()))
			}
			for range m.IntN(3) {
				steps = append(steps, m.hop(m.IntN(2) == 0))
			}
			if m.tags == 0 && m.IntN(2) == 0 {
				steps = append(steps, m.unique())
			}
			if diff := cmp.Diff(meant(list, steps), rowsOf(t, store, startWith(steps))); diff != "" {
				t.Fatalf("path %s of graph %d: %v (-want +got):\n%s", describe(steps), g, list, diff)
			}
		}
	}
}

// A side is walked once where that looks cheap. Here one of a hundred values has ten thousand times as
// many quads as the others, so that it is not; the answer is the same, and does not need the room that the
// side would have taken.
func TestASideThatIsLargerThanItLooksIsNotGathered(t *testing.T) {
	var qs []quad.Quad
	add := func(s, p, o string) { qs = append(qs, quad.MakeIRI(s, p, o, "")) }
	for i := range 100 {
		add("a", "p", fmt.Sprint("x", i))
		add("b", "p", fmt.Sprint("y", i))
		add(fmt.Sprint("y", i), "q", fmt.Sprint("z", i))
	}
	for i := range 60_000 {
		add("x7", "q", fmt.Sprint("z", i+90))
		add(fmt.Sprint("w", i), "q", fmt.Sprint("z", i+90))
	}
	store := opened(t, made(t, qs), snapshot.Options{MaxMemory: 300_000})
	side := func(from string) *path.Path {
		return path.StartPath(nil, quad.IRI(from)).Out(quad.IRI("p")).Out(quad.IRI("q"))
	}
	want := []string{}
	for i := 90; i < 100; i++ {
		want = append(want, fmt.Sprintf("<z%d> []", i))
	}
	if diff := cmp.Diff(want, rowsOf(t, store, side("b").And(side("a")))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
