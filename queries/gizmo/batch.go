package gizmo

import (
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// batchRows is how many rows are named together in a store that offers it.
const batchRows = 256

// batch hands rows to the caller: one by one, or, where the store names many references at once,
// some hundred at a time. Their order stays.
type batch struct {
	s     *session
	names cayley.BatchQuadStore // nil: one by one
	maker *maker
	refs  []cayley.Ref // of the rows that wait: the node, then a place for each tag and claim
	rows  int
}

func (b *batch) add(m *maker, ref cayley.Ref) error {
	b.maker = m
	if b.names == nil {
		r, ok := m.row(ref)
		if !ok {
			return nil
		}
		return b.s.emit(r)
	}
	b.refs = append(b.refs, ref)
	for i := range m.q.cols {
		b.refs = append(b.refs, m.q.x.tag(m.q.cols[i].slots))
	}
	for _, slot := range m.q.claims {
		b.refs = append(b.refs, m.q.x.slots[slot])
	}
	if b.rows++; b.rows < batchRows {
		return nil
	}
	return b.flush()
}

// flush names the rows that wait and hands them on.
func (b *batch) flush() error {
	if b.rows == 0 {
		return nil
	}
	values, err := b.values()
	if err != nil {
		return err
	}
	q := b.maker.q
	width := len(values) / b.rows
	b.rows, b.refs = 0, b.refs[:0]
	for row := range slices.Chunk(values, width) {
		r := Row{Value: row[0]}
		for i, v := range row[1 : 1+len(q.cols)] {
			if v != nil {
				r.Tags = append(r.Tags, Tag{q.cols[i].name, v})
			}
		}
		for _, v := range row[1+len(q.cols):] {
			if v != nil && !slices.Contains(r.Claims, v) {
				r.Claims = append(r.Claims, v)
			}
		}
		if r.Value == nil && len(r.Tags) == 0 {
			continue
		}
		if err := b.s.emit(r); err != nil {
			return err
		}
	}
	return nil
}

// values names the references, each of them once.
func (b *batch) values() ([]quad.Value, error) {
	x := b.maker.q.x
	out := make([]quad.Value, len(b.refs))
	places := make(map[any][]int)
	var ask []cayley.Ref
	for i, r := range b.refs {
		switch r := r.(type) {
		case nil:
		case cayley.PreFetchedValue:
			out[i] = r.NameOf()
		default:
			k := x.key(r)
			if _, ok := places[k]; !ok {
				ask = append(ask, r)
			}
			places[k] = append(places[k], i)
		}
	}
	named, err := b.names.ValuesOf(b.s.ctx, ask)
	if err != nil {
		return nil, err
	}
	for i, v := range named {
		for _, at := range places[x.key(ask[i])] {
			out[at] = v
		}
	}
	return out, nil
}
