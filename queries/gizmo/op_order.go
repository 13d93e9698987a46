package gizmo

import (
	"slices"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// orderKey is one thing to sort by.
type orderKey struct {
	tag  string // empty: the node itself
	desc bool
}

// orderOp sorts the rows of another op; rows that compare equal stay in the order in which they came.
type orderOp struct {
	from  op
	keys  []orderKey
	slots [][]int // for each key, where its tag may be
	kept  collected
}

type sortRow struct {
	ref  cayley.Ref
	tags []cayley.Ref
	keys []quad.Value
}

func (o *orderOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	var rows []sortRow
	sp := o.kept.span
	if !o.from.scan(x, func(ref cayley.Ref) bool {
		r := sortRow{ref: ref, tags: x.keep(sp), keys: make([]quad.Value, len(o.keys))}
		size := int64(64+refSize*(sp.hi-sp.lo)) + 16*int64(len(o.keys))
		for i, k := range o.keys {
			at := ref
			if k.tag != "" {
				at = x.tag(o.slots[i])
			}
			r.keys[i] = x.name(at)
			size += valueSize(r.keys[i])
		}
		rows = append(rows, r)
		return x.hold(size)
	}) {
		return false
	}
	if !x.sort(rows, o.keys) {
		return false
	}
	for i := range rows {
		r := &rows[i]
		if !x.tick() || !x.with(sp, r.tags, func() bool { return yield(r.ref) }) {
			return false
		}
	}
	return true
}

// sort sorts rows and can be cancelled: a comparison that finds the run over unwinds.
func (x *exec) sort(rows []sortRow, keys []orderKey) (ok bool) {
	type cancelled struct{}
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(cancelled); !is {
				panic(r)
			}
			ok = false
		}
	}()
	slices.SortStableFunc(rows, func(a, b sortRow) int {
		if !x.tick() {
			panic(cancelled{})
		}
		for i, k := range keys {
			c := Compare(a.keys[i], b.keys[i])
			if k.desc && a.keys[i] != nil && b.keys[i] != nil {
				c = -c // what is missing stands last either way
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	return true
}

func (o *orderOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.from.match(x, ref, yield) // one node at a time has no order
}

func (o *orderOp) size(x *exec) float64 { return o.from.size(x) }
func (o *orderOp) tagged() bool         { return o.from.tagged() }
func (o *orderOp) children() []op       { return []op{o.from} }

func (o *orderOp) label(*exec) string {
	var b strings.Builder
	b.WriteString("sort by")
	for _, k := range o.keys {
		if k.tag == "" {
			b.WriteString(" value")
		} else {
			b.WriteString(" " + k.tag)
		}
		if k.desc {
			b.WriteString(" descending")
		}
	}
	return b.String()
}

// name returns the value of a reference.
func (x *exec) name(r cayley.Ref) quad.Value {
	switch r := r.(type) {
	case nil:
		return nil
	case cayley.PreFetchedValue:
		return r.NameOf()
	default:
		return x.store.NameOf(r)
	}
}

// valueSize is what a value costs in memory, roughly.
func valueSize(v quad.Value) int64 {
	switch v := v.(type) {
	case quad.IRI:
		return 32 + int64(len(v))
	case quad.BNode:
		return 32 + int64(len(v))
	case quad.String:
		return 32 + int64(len(v))
	case quad.LangString:
		return 48 + int64(len(v.Value))
	case quad.TypedString:
		return 48 + int64(len(v.Value))
	default:
		return 24
	}
}
