package gizmo

import (
	"fmt"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// compiler turns a shape into ops. Every place that sets a tag gets a slot of its own, so that the
// order in which the ops run does not decide which of two tags with one name is seen: the later one
// in the text is.
type compiler struct {
	x     *exec
	names []string // the tag of each slot
	build *builder
}

func (c *compiler) slot(tags []string) []int {
	var slots []int
	for _, t := range tags {
		slots = append(slots, len(c.names))
		c.names = append(c.names, t)
	}
	return slots
}

// slotsOf lists the slots of a tag in a span.
func (c *compiler) slotsOf(tag string, s span) []int {
	var slots []int
	for i := s.lo; i < s.hi; i++ {
		if c.names[i] == tag {
			slots = append(slots, i)
		}
	}
	return slots
}

// within compiles a shape and tells which slots it uses.
func (c *compiler) within(s shape.Shape) (op, span, error) {
	lo := len(c.names)
	o, err := c.op(s)
	return o, span{lo, len(c.names)}, err
}

func (c *compiler) op(s shape.Shape) (op, error) {
	switch s := s.(type) {
	case nil, shape.Null:
		return nullOp{}, nil
	case shape.AllNodes:
		return allOp{}, nil
	case shape.Lookup:
		return c.lookup(s)
	case shape.Fixed:
		if len(s) == 0 {
			return nullOp{}, nil
		}
		return &fixedOp{refs: s}, nil
	case shape.Save:
		from, err := c.op(s.From)
		if err != nil || len(s.Tags) == 0 {
			return from, err
		}
		return &saveOp{from: from, slots: c.slot(s.Tags)}, nil
	case shape.FixedTags:
		from, err := c.op(s.On)
		if err != nil {
			return nil, err
		}
		o := &fixedTagsOp{from: from}
		for name, ref := range s.Tags {
			o.slots = append(o.slots, c.slot([]string{name})...)
			o.refs = append(o.refs, ref)
		}
		return o, nil
	case shape.NodesFrom:
		return c.nodesFrom(s)
	case shape.QuadsAction:
		o := &quadsOp{result: s.Result}
		for d := quad.Subject; d <= quad.Label; d++ {
			if ref, ok := s.Filter[d]; ok {
				o.conds = append(o.conds, cond{dir: d, ref: ref})
			}
			if tags, ok := s.Save[d]; ok {
				c.save(o, d, tags)
			}
		}
		return o, nil
	case shape.Intersect:
		return c.join(s, nil)
	case shape.IntersectOpt:
		return c.join(s.Sub, s.Opt)
	case shape.Union:
		o := &unionOp{}
		for _, sub := range s {
			n, err := c.op(sub)
			if err != nil {
				return nil, err
			}
			if _, ok := n.(nullOp); !ok {
				o.subs = append(o.subs, n)
			}
		}
		return o, nil
	case shape.Except:
		return c.except(s)
	case shape.Filter:
		return c.filter(s)
	case shape.Materialize:
		return c.op(s.Values)
	default:
		return c.own(s)
	}
}

// own compiles the shapes of this package, and hands those it does not know to the store.
func (c *compiler) own(s shape.Shape) (op, error) {
	switch s := s.(type) {
	case shape.Unique:
		from, sp, err := c.within(s.From)
		return &distinctOp{from: from, byNode: true, span: sp}, err
	case distinctShape:
		from, sp, err := c.within(s.From)
		return &distinctOp{from: from, span: sp}, err
	case solidShape:
		return c.op(s.From)
	case exceptShape:
		return c.except(shape.Except{Exclude: s.Exclude})
	case existsShape:
		from, err := c.op(s.From)
		return &existsOp{from: from}, err
	case pageShape:
		return c.page(s.Page)
	case shape.Page:
		return c.page(s)
	case orderShape:
		from, sp, err := c.within(s.From)
		o := &orderOp{from: from, keys: s.keys, kept: collected{span: sp}}
		for _, k := range s.keys {
			o.slots = append(o.slots, c.slotsOf(k.tag, sp))
		}
		return o, err
	case backShape:
		from, sp, err := c.within(s.From)
		return &backOp{from: from, slots: c.slotsOf(s.tag, sp), kept: collected{span: sp}}, err
	case recursiveShape:
		return c.recursive(s)
	case noteShape:
		return &noteOp{slots: c.slot(s.tags)}, nil
	case sourceShape:
		return s.Op, nil
	default:
		return c.leaf(s), nil
	}
}

func (c *compiler) lookup(s shape.Lookup) (op, error) {
	var refs []cayley.Ref
	for _, v := range s {
		if v == nil {
			continue
		}
		if ref := c.x.store.ValueOf(v); ref != nil {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return nullOp{}, nil
	}
	return &fixedOp{refs: refs}, nil
}

func (c *compiler) page(s shape.Page) (op, error) {
	from, sp, err := c.within(s.From)
	return &pageOp{from: from, skip: s.Skip, limit: s.Limit, kept: collected{span: sp}}, err
}

func (c *compiler) join(subs, opts []shape.Shape) (op, error) {
	o := &joinOp{}
	for _, s := range subs {
		sub, sp, err := c.within(s)
		if err != nil {
			return nil, err
		}
		switch sub.(type) {
		case nullOp:
			return sub, nil
		case allOp:
			continue
		}
		o.subs = append(o.subs, probe(sub, sp))
	}
	for _, s := range opts {
		opt, sp, err := c.within(s)
		if err != nil {
			return nil, err
		}
		o.opts = append(o.opts, probe(opt, sp))
	}
	if len(o.subs) == 0 {
		o.subs = []op{allOp{}}
	}
	if len(o.subs) == 1 && len(o.opts) == 0 {
		if p, ok := o.subs[0].(*probeOp); ok {
			return p.op, nil
		}
		return o.subs[0], nil
	}
	return o, nil
}

func (c *compiler) except(s shape.Except) (op, error) {
	var from op = allOp{}
	var err error
	if s.From != nil {
		if from, err = c.op(s.From); err != nil {
			return nil, err
		}
	}
	lo := len(c.names)
	exclude, err := c.op(s.Exclude)
	if err != nil {
		return nil, err
	}
	for i := lo; i < len(c.names); i++ {
		c.names[i] = "" // what is excluded leaves no tags
	}
	if _, ok := exclude.(nullOp); ok {
		return from, nil
	}
	return &exceptOp{from: from, exclude: &existsOp{from: exclude}}, nil
}

func (c *compiler) filter(s shape.Filter) (op, error) {
	from, err := c.op(s.From)
	if err != nil {
		return nil, err
	}
	o := &valueOp{from: from}
	for _, f := range s.Filters {
		test, err := testOf(c.x, f)
		if err != nil {
			return nil, err
		}
		o.tests = append(o.tests, test)
		o.names = append(o.names, fmt.Sprint(f))
	}
	return o, nil
}

// testOf turns a filter of Cayley's into a function.
func testOf(x *exec, f filter) (func(quad.Value) bool, error) {
	switch f := f.(type) {
	case test:
		return func(v quad.Value) bool { return f.passes(x.ctx, v) }, nil
	case shape.Comparison:
		return func(v quad.Value) bool { return compares(v, f.Op, f.Val) }, nil
	case shape.Regexp:
		return func(v quad.Value) bool { return matches(x.ctx, f.Re, f.Refs, v) }, nil
	case shape.Wildcard:
		if f.Pattern == "" {
			return func(quad.Value) bool { return false }, nil
		} else if strings.Trim(f.Pattern, "%") == "" {
			return func(quad.Value) bool { return true }, nil
		}
		re, err := wildcard(f.Pattern)
		return func(v quad.Value) bool { return matches(x.ctx, re, true, v) }, err
	default:
		return nil, fmt.Errorf("a filter of kind %T", f)
	}
}

func (c *compiler) nodesFrom(s shape.NodesFrom) (op, error) {
	switch q := s.Quads.(type) {
	case nil, shape.Null:
		return nullOp{}, nil
	case shape.Quads:
		return c.quads(s.Dir, q)
	case shape.Union:
		var u shape.Union
		for _, sub := range q {
			u = append(u, shape.NodesFrom{Dir: s.Dir, Quads: sub})
		}
		return c.op(u)
	case shape.Intersect:
		var all shape.Quads
		for _, sub := range q {
			one, ok := sub.(shape.Quads)
			if !ok {
				return c.leaf(s), nil
			}
			all = append(all, one...)
		}
		return c.quads(s.Dir, all)
	default:
		return c.leaf(s), nil
	}
}

func (c *compiler) quads(result quad.Direction, q shape.Quads) (op, error) {
	o := &quadsOp{result: result}
	for _, f := range q {
		values := f.Values
		lo := len(c.names)
		if sv, ok := values.(shape.Save); ok {
			// The node of a quad in one direction is tagged the same way whatever else it must be.
			from, err := c.op(sv.From)
			if err != nil {
				return nil, err
			}
			if fx, ok := from.(*fixedOp); ok && len(fx.refs) == 1 {
				o.conds = append(o.conds, cond{dir: f.Dir, ref: fx.refs[0]})
				o.saves = append(o.saves, save{f.Dir, c.slot(sv.Tags)})
				continue
			}
			if _, ok := from.(allOp); ok {
				c.save(o, f.Dir, sv.Tags)
				continue
			}
			if _, ok := from.(nullOp); ok {
				return from, nil
			}
			tagged := &saveOp{from: from, slots: c.slot(sv.Tags)}
			o.conds = append(o.conds, cond{dir: f.Dir, node: probe(tagged, span{lo, len(c.names)})})
			continue
		}
		n, err := c.op(values)
		if err != nil {
			return nil, err
		}
		switch n := n.(type) {
		case nullOp:
			return n, nil
		case allOp:
			if f.Dir == quad.Label {
				o.conds = append(o.conds, cond{dir: f.Dir, node: n})
			}
		case *fixedOp:
			if len(n.refs) == 1 && !isSource(values) {
				o.conds = append(o.conds, cond{dir: f.Dir, ref: n.refs[0]})
			} else {
				o.conds = append(o.conds, cond{dir: f.Dir, node: n})
			}
		default:
			o.conds = append(o.conds, cond{dir: f.Dir, node: probe(n, span{lo, len(c.names)})})
		}
	}
	return o, nil
}

// save notes that a direction is tagged. Every quad has its first three nodes; the label is required.
func (c *compiler) save(o *quadsOp, d quad.Direction, tags []string) {
	o.saves = append(o.saves, save{d, c.slot(tags)})
	if d == quad.Label {
		o.conds = append(o.conds, cond{dir: d, node: allOp{}})
	}
}

// sourceShape is where each step of a recursion starts.
type sourceShape struct{ Op *fixedOp }

func isSource(s shape.Shape) bool {
	_, ok := s.(sourceShape)
	return ok
}

// BuildIterator offers the nodes of the moment.
func (s sourceShape) BuildIterator(cayley.QuadStore) cayley.Iterator {
	return iterator.NewFixed(s.Op.refs...)
}

// Optimize has nothing to offer.
func (s sourceShape) Optimize(shape.Optimizer) (shape.Shape, bool) { return s, false }

func (c *compiler) recursive(s recursiveShape) (op, error) {
	lo := len(c.names)
	from, before, err := c.within(s.From)
	if err != nil {
		return nil, err
	}
	steps, err := flatten(s.along, s.claims)
	if err != nil {
		return nil, err
	}
	source := &fixedOp{source: true}
	inner, err := c.build.steps(sourceShape{source}, steps)
	if err != nil {
		return nil, err
	}
	along, err := c.op(inner)
	if err != nil {
		return nil, err
	}
	depth := c.slot(s.tags)
	return &recursiveOp{
		from: from, before: before, along: along, source: source, max: s.max, depth: depth,
		kept: collected{span: span{lo, len(c.names)}},
	}, nil
}

// leaf hands a shape to the store.
func (c *compiler) leaf(s shape.Shape) op {
	o := &leafOp{it: func() cayley.Iterator { return s.BuildIterator(c.x.store) }, name: fmt.Sprintf("%T", s)}
	for name := range c.build.tags {
		if o.slots == nil {
			o.slots = make(map[string]int)
		}
		o.slots[name] = c.slot([]string{name})[0]
	}
	return o
}
