package snapshot_test

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"
)

// The reference evaluator: what a path means, written down as plainly as can be. A path is a list of
// steps; a step turns rows into rows by looking at every quad there is. Rows are a set.

// A row is a value and its tags. The value is nil for the label of a quad that has none.
type row struct {
	value quad.Value
	tags  map[string]quad.Value
}

// String is the row as text, the same for equal rows.
func (r row) String() string {
	var tags []string
	for name, v := range r.tags {
		tags = append(tags, fmt.Sprintf("%s=%v", name, v))
	}
	slices.Sort(tags)
	return fmt.Sprintf("%v %v", r.value, tags)
}

// with returns the row with another value, and perhaps one more tag.
func (r row) with(v quad.Value, tagged ...any) row {
	tags := map[string]quad.Value{}
	for name, old := range r.tags {
		tags[name] = old
	}
	for i := 0; i+1 < len(tagged); i += 2 {
		tags[tagged[i].(string)], _ = tagged[i+1].(quad.Value)
	}
	return row{v, tags}
}

// A world is the quads, and the labels that the path looks at: nil for all, and for none.
type world struct {
	quads  []quad.Quad
	labels []quad.Value
}

// step is a part of a path: for Cayley, for the evaluator, and for people.
type step struct {
	text   string
	cayley func(p *path.Path) *path.Path
	rows   func(w *world, in []row) []row
}

func evaluate(w world, steps []step) []row {
	var rows []row
	seen := map[quad.Value]bool{}
	for _, q := range w.quads {
		for _, d := range quad.Directions {
			if v := q.Get(d); v != nil && !seen[v] {
				seen[v] = true
				rows = append(rows, row{value: v})
			}
		}
	}
	for _, s := range steps {
		rows = s.rows(&w, rows)
	}
	return rows
}

// seen says whether the path looks at a quad.
func (w *world) seen(q quad.Quad) bool { return w.labels == nil || in(w.labels, q.Label) }

func in(list []quad.Value, v quad.Value) bool { return v != nil && slices.Contains(list, v) }

// hops yields the quads that lead on from a value: forward, or backward.
func (w *world) hops(v quad.Value, back bool, preds []quad.Value, yield func(q quad.Quad, to quad.Value)) {
	for _, q := range w.quads {
		from, to := q.Subject, q.Object
		if back {
			from, to = to, from
		}
		if w.seen(q) && from == v && (len(preds) == 0 || in(preds, q.Predicate)) {
			yield(q, to)
		}
	}
}
