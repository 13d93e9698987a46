package gizmo

import "github.com/cayleygraph/quad"

// A Row is one answer. A row of a path has a Value, which is the node where the path ended, and its
// Tags; a row of g.emit has only Emitted. Rows may be kept.
type Row struct {
	Value   quad.Value
	Tags    []Tag        // in the order of their names; a tag that was not set is absent
	Claims  []quad.Value // labels of the quads that the row stands on, in the path's order; only with Options.Claims or claims()
	Emitted any          // what g.emit was given: nil, bool, float64, int64, string, quad.Value, []any, map[string]any
}

// A Tag is a value that a row met on its way, under the name that the text gave it.
type Tag struct {
	Name  string
	Value quad.Value
}

// Tag returns the value under a name: nil when the row has none. Rows have few tags: it looks at
// one after the other, which is faster than a map and allocates nothing.
func (r Row) Tag(name string) quad.Value {
	for i := range r.Tags {
		if r.Tags[i].Name == name {
			return r.Tags[i].Value
		}
	}
	return nil
}
