package gizmo

import (
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
)

// span is the slots of an op and of those within it: from lo up to hi.
type span struct{ lo, hi int }

// collected keeps the rows of an op, for those that cannot say at once whether a node is one.
type collected struct {
	span
	rows map[any][][]cayley.Ref // by node: the tags
	done bool
}

func (c *collected) match(x *exec, o op, ref cayley.Ref, yield func() bool) bool {
	if !c.done && !c.collect(x, o) {
		return false
	}
	for _, tags := range c.rows[x.key(ref)] {
		if !x.with(c.span, tags, yield) {
			return false
		}
	}
	return true
}

// collect reads all rows; it returns false when it could not.
func (c *collected) collect(x *exec, o op) bool {
	c.rows = make(map[any][][]cayley.Ref)
	c.done = o.scan(x, func(ref cayley.Ref) bool {
		k := x.key(ref)
		c.rows[k] = append(c.rows[k], x.keep(c.span))
		return x.hold(setEntry + int64(c.hi-c.lo)*refSize)
	})
	return c.done
}

func (c *collected) reset() { c.rows, c.done = nil, false }

// refSize is what a reference in a slice costs, with the word behind the interface.
const refSize = 24

// keep copies the tags of some slots.
func (x *exec) keep(s span) []cayley.Ref {
	if s.lo == s.hi {
		return nil
	}
	return slices.Clone(x.slots[s.lo:s.hi])
}

// with puts kept tags back while yield runs.
func (x *exec) with(s span, tags []cayley.Ref, yield func() bool) bool {
	if s.lo == s.hi {
		return yield()
	}
	copy(x.slots[s.lo:s.hi], tags)
	ok := yield()
	clear(x.slots[s.lo:s.hi])
	return ok
}

// pageOp is a part of another op's rows, in the order in which they come.
type pageOp struct {
	from        op
	skip, limit int64 // limit 0: no end
	kept        collected
}

func (o *pageOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	n := int64(0)
	full := false
	ok := o.from.scan(x, func(ref cayley.Ref) bool {
		n++
		if n <= o.skip {
			return true
		}
		if !yield(ref) {
			return false
		}
		full = o.limit > 0 && n-o.skip >= o.limit
		return !full
	})
	return ok || full && x.err == nil
}

func (o *pageOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.kept.match(x, o, ref, yield)
}

func (o *pageOp) size(x *exec) float64 {
	n := o.from.size(x)
	if o.limit > 0 {
		n = min(n, float64(o.limit))
	}
	return n
}
func (o *pageOp) tagged() bool   { return o.from.tagged() }
func (o *pageOp) children() []op { return []op{o.from} }

// distinctOp drops rows that agree with an earlier one in node and tags.
type distinctOp struct {
	from   op
	byNode bool // unique(): tags do not count
	span
}

func (o *distinctOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	seen := newRowSet(x, o.seen())
	return o.from.scan(x, func(ref cayley.Ref) bool {
		if !seen.add(ref) {
			return x.err == nil
		}
		return yield(ref)
	})
}

func (o *distinctOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if o.byNode {
		enough := false
		ok := o.from.match(x, ref, func() bool {
			enough = yield()
			return false
		})
		return ok || enough && x.err == nil
	}
	seen := newRowSet(x, o.seen())
	return o.from.match(x, ref, func() bool {
		if !seen.add(ref) {
			return x.err == nil
		}
		return yield()
	})
}

// seen is the slots that tell rows apart.
func (o *distinctOp) seen() span {
	if o.byNode {
		return span{}
	}
	return o.span
}

func (o *distinctOp) size(x *exec) float64 { return o.from.size(x) }
func (o *distinctOp) tagged() bool         { return o.from.tagged() }
func (o *distinctOp) children() []op       { return []op{o.from} }

// rowSet remembers rows: their nodes, and the tags in some slots.
type rowSet struct {
	x *exec
	span
	nodes map[any]struct{}
	rows  map[string]struct{}
	ids   map[any]uint32 // small numbers for nodes, of which rows are made
	buf   []byte
}

func newRowSet(x *exec, sp span) *rowSet {
	s := &rowSet{x: x, span: sp}
	if sp.lo == sp.hi {
		s.nodes = make(map[any]struct{})
	} else {
		s.rows, s.ids = make(map[string]struct{}), make(map[any]uint32)
	}
	return s
}

// add reports whether the row is new; it is false as well when the memory limit ends the run.
func (s *rowSet) add(ref cayley.Ref) bool {
	if s.lo == s.hi {
		k := s.x.key(ref)
		if _, ok := s.nodes[k]; ok {
			return false
		}
		s.nodes[k] = struct{}{}
		return s.x.hold(setEntry)
	}
	s.buf = s.id(s.buf[:0], ref)
	for _, r := range s.x.slots[s.lo:s.hi] {
		s.buf = s.id(s.buf, r)
	}
	if _, ok := s.rows[string(s.buf)]; ok {
		return false
	}
	s.rows[string(s.buf)] = struct{}{}
	return s.x.hold(setEntry + int64(len(s.buf)))
}

func (s *rowSet) id(buf []byte, ref cayley.Ref) []byte {
	n := uint32(0)
	if ref != nil {
		k := s.x.key(ref)
		var ok bool
		if n, ok = s.ids[k]; !ok {
			n = uint32(len(s.ids) + 1)
			s.ids[k] = n
			s.x.hold(setEntry)
		}
	}
	return append(buf, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
}

// backOp moves rows to the node under a tag; a row without the tag is dropped.
type backOp struct {
	from  op
	slots []int // in which the tag may be, the latest last
	kept  collected
}

func (o *backOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return o.from.scan(x, func(cayley.Ref) bool {
		ref := x.tag(o.slots)
		return ref == nil || yield(ref)
	})
}

func (o *backOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	return o.kept.match(x, o, ref, yield)
}

func (o *backOp) size(x *exec) float64 { return o.from.size(x) }
func (o *backOp) tagged() bool         { return o.from.tagged() }
func (o *backOp) label(*exec) string   { return "back to a tag" }
func (o *backOp) children() []op       { return []op{o.from} }

// tag returns the value of a tag that several ops may set: the latest of them counts.
func (x *exec) tag(slots []int) cayley.Ref {
	for _, s := range slices.Backward(slots) {
		if r := x.slots[s]; r != nil {
			return r
		}
	}
	return nil
}

// leafOp is a shape that the store rewrote into its own, run by the store's iterator.
type leafOp struct {
	it    func() cayley.Iterator
	name  string
	slots map[string]int // for every tag of the question: which of them the iterator sets shows when it runs
	index cayley.Index
	tags  map[string]cayley.Ref
}

// A rowTagger is an iterator that tells its tags by their place, which spares a map for each row.
type rowTagger interface {
	RowTags() []string
	RowRefs(into []cayley.Ref)
}

// placed makes the slots of the tags that an iterator tells by their place; ok is false where it does not.
func (o *leafOp) placed(it cayley.IteratorBase) (t rowTagger, slots []int, ok bool) {
	if t, ok = it.(rowTagger); !ok {
		return nil, nil, false
	}
	for _, name := range t.RowTags() {
		slot, known := o.slots[name]
		if !known {
			return nil, nil, false
		}
		slots = append(slots, slot)
	}
	return t, slots, true
}

// scanPlaced is scan for an iterator that tells its tags by their place.
func (o *leafOp) scanPlaced(x *exec, scan cayley.Scanner, t rowTagger, slots []int, yield func(cayley.Ref) bool) bool {
	refs := make([]cayley.Ref, len(slots))
	ok := true
	for ok && x.tick() && scan.Next(x.ctx) {
		t.RowRefs(refs)
		for i, s := range slots {
			x.slots[s] = refs[i]
		}
		ok = yield(scan.Result())
	}
	for _, s := range slots {
		x.slots[s] = nil
	}
	return ok
}

func (o *leafOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	s, _ := cayley.AsShape(o.it()).Optimize(x.ctx)
	scan := s.Iterate()
	tags := make(map[string]cayley.Ref)
	ok := true
	if t, slots, placed := o.placed(scan); placed {
		ok = o.scanPlaced(x, scan, t, slots, yield)
	}
	for ok && x.tick() && scan.Next(x.ctx) {
		ok = o.row(x, scan, tags, yield)
		for ok && x.tick() && scan.NextPath(x.ctx) {
			ok = o.row(x, scan, tags, yield)
		}
	}
	if err := scan.Err(); err != nil {
		x.fail(err)
	}
	if err := scan.Close(); err != nil {
		x.fail(err)
	}
	return ok && x.alive()
}

func (o *leafOp) row(x *exec, it cayley.IteratorBase, tags map[string]cayley.Ref, yield func(cayley.Ref) bool) bool {
	if len(o.slots) == 0 {
		return yield(it.Result())
	}
	clear(tags)
	it.TagResults(tags)
	o.set(x, tags)
	ok := yield(it.Result())
	o.set(x, nil)
	return ok
}

func (o *leafOp) set(x *exec, tags map[string]cayley.Ref) {
	for name, slot := range o.slots {
		x.slots[slot] = tags[name]
	}
}

func (o *leafOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if o.index == nil {
		s, _ := cayley.AsShape(o.it()).Optimize(x.ctx)
		o.index = s.Lookup()
		x.open = append(x.open, o.index)
		o.tags = make(map[string]cayley.Ref)
	}
	ok := x.tick()
	if ok && o.index.Contains(x.ctx, ref) {
		yieldRef := func(cayley.Ref) bool { return yield() }
		ok = o.row(x, o.index, o.tags, yieldRef)
		for ok && x.tick() && o.index.NextPath(x.ctx) {
			ok = o.row(x, o.index, o.tags, yieldRef)
		}
	}
	if err := o.index.Err(); err != nil {
		x.fail(err)
	}
	return ok && x.err == nil
}

func (o *leafOp) size(x *exec) float64 {
	st, err := cayley.AsShape(o.it()).Stats(x.ctx)
	if err != nil {
		return 1
	}
	return float64(st.Size.Size)
}
func (o *leafOp) tagged() bool       { return len(o.slots) > 0 }
func (o *leafOp) label(*exec) string { return "by the store: " + o.name }
func (o *leafOp) children() []op     { return nil }
