package gizmo

import (
	"fmt"

	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// builder turns steps into a shape.
type builder struct {
	// plain shapes consist of Cayley's alone, as far as possible, for a store that rewrites them.
	// Otherwise conditions are marked as such, and rows are exactly one for each way.
	plain bool

	tags map[string]struct{} // of plain shapes: every tag, because iterators of a store do not tell theirs

	hops int // hops that note their label, so far: each gets a tag of its own
}

// claimTag is the hidden tag of the n-th label noted. No tag of a text starts with NUL.
const claimTag = "\x00"

// note returns the tags.
func (b *builder) note(tags ...string) []string {
	if b.plain {
		if b.tags == nil {
			b.tags = make(map[string]struct{})
		}
		for _, t := range tags {
			b.tags[t] = struct{}{}
		}
	}
	return tags
}

func (b *builder) path(p *path, claims bool) (shape.Shape, error) {
	steps, err := flatten(p, claims)
	if err != nil {
		return nil, err
	}
	return b.steps(shape.AllNodes{}, steps)
}

func (b *builder) steps(s shape.Shape, steps []flat) (shape.Shape, error) {
	var err error
	for _, f := range steps {
		if s, err = b.step(s, f); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (b *builder) step(in shape.Shape, f flat) (shape.Shape, error) {
	switch s := f.step.(type) {
	case isStep:
		if len(s.nodes) == 0 {
			return in, nil
		}
		return intersect(shape.Lookup(s.nodes), in), nil
	case hopStep:
		return b.hop(in, s, f)
	case hasStep:
		return b.has(in, s, f)
	case saveStep:
		return b.save(in, s, f)
	case tagStep:
		return shape.Save{From: in, Tags: b.note(s.tags...)}, nil
	case joinStep:
		with, err := b.steps(shape.AllNodes{}, s.steps)
		if err != nil {
			return nil, err
		}
		return intersect(in, with), nil
	case andStep:
		with, err := b.path(s.with, false)
		if err != nil {
			return nil, err
		}
		if b.plain && !tagged(with) {
			return intersect(in, shape.Unique{From: with}), nil // as a condition is, in Cayley's terms
		}
		return intersect(in, b.condition(with)), nil
	case orStep:
		with, err := b.path(s.with, f.claims)
		if err != nil {
			return nil, err
		}
		return shape.Union{in, with}, nil
	case exceptStep:
		with, err := b.path(s.with, false)
		if err != nil {
			return nil, err
		}
		if tagged(with) {
			return intersect(in, exceptShape{Exclude: with}), nil
		}
		return intersect(in, shape.Except{From: shape.AllNodes{}, Exclude: solidShape{with}}), nil
	case recursiveStep:
		return recursiveShape{From: in, along: s.along, max: s.max, tags: s.tags, claims: f.claims}, nil
	case labelsStep:
		return b.unique(shape.Union{
			shape.NodesFrom{Dir: quad.Label, Quads: ends(quad.Subject, in)},
			shape.NodesFrom{Dir: quad.Label, Quads: ends(quad.Object, in)},
		}), nil
	case predicatesStep:
		return b.unique(shape.NodesFrom{Dir: quad.Predicate, Quads: ends(side(s.in), in)}), nil
	case savePredStep:
		return b.savePredicates(in, s, f)
	case backStep:
		return backShape{From: in, tag: s.tag}, nil
	case filterStep:
		return b.addFilters(in, s.filters), nil
	case limitStep:
		if s.n <= 0 {
			return in, nil
		}
		return pageShape{shape.Page{From: in, Limit: s.n}}, nil
	case skipStep:
		if s.n <= 0 {
			return in, nil
		}
		return pageShape{shape.Page{From: in, Skip: s.n}}, nil
	case orderStep:
		return orderShape{From: in, keys: s.keys}, nil
	case uniqueStep:
		return shape.Unique{From: in}, nil
	case distinctStep:
		return distinctShape{From: in}, nil
	default:
		panic("gizmo: a step without a shape") // the switch lists them all
	}
}

// side is the end of a quad where a path stands before it looks at the quads coming in or going out.
func side(in bool) quad.Direction {
	if in {
		return quad.Object
	}
	return quad.Subject
}

// ends selects quads by the node at one end; all of them when every node will do.
func ends(d quad.Direction, nodes shape.Shape) shape.Quads {
	if _, ok := nodes.(shape.AllNodes); ok {
		return shape.Quads{}
	}
	return shape.Quads{{Dir: d, Values: nodes}}
}

// unique drops repeated rows: by node where no tag could differ, else by node and tags.
func (b *builder) unique(s shape.Shape) shape.Shape {
	if !b.plain || tagged(s) {
		return distinctShape{From: s}
	}
	return shape.Unique{From: s}
}

func (b *builder) hop(in shape.Shape, s hopStep, f flat) (shape.Shape, error) {
	one := func(from quad.Direction) (shape.Shape, error) {
		to := quad.Object
		if from == quad.Object {
			to = quad.Subject
		}
		q := ends(from, in)
		q, err := b.conditions(q, s.via, s.tags, f)
		return shape.NodesFrom{Dir: to, Quads: q}, err
	}
	if s.in && s.out {
		in, err := one(quad.Object)
		if err != nil {
			return nil, err
		}
		out, err := one(quad.Subject)
		return shape.Union{in, out}, err
	}
	return one(side(s.in))
}

// conditions adds what a step says about predicate and label.
func (b *builder) conditions(q shape.Quads, v via, tags []string, f flat) (shape.Quads, error) {
	p, err := b.via(v)
	if err != nil {
		return nil, err
	}
	if len(tags) > 0 {
		p = shape.Save{From: p, Tags: b.note(tags...)}
	}
	if _, ok := p.(shape.AllNodes); !ok {
		q = append(q, shape.QuadFilter{Dir: quad.Predicate, Values: p})
	}
	if f.labels != nil {
		var l shape.Shape = noteShape{tags: b.note(f.labels.tags...)}
		if f.labels.via != nil {
			if l, err = b.via(*f.labels.via); err != nil {
				return nil, err
			}
			if len(f.labels.tags) > 0 {
				l = shape.Save{From: l, Tags: f.labels.tags}
			}
		}
		q = append(q, shape.QuadFilter{Dir: quad.Label, Values: l})
	}
	if f.claims {
		b.hops++
		q = append(q, shape.QuadFilter{Dir: quad.Label, Values: noteShape{tags: []string{claimTag + fmt.Sprintf("%06d", b.hops)}}})
	}
	return q, nil
}

func (b *builder) via(v via) (shape.Shape, error) {
	if v.all() {
		return shape.AllNodes{}, nil
	}
	var u shape.Union
	if len(v.nodes) > 0 {
		u = append(u, shape.Lookup(v.nodes))
	}
	for _, p := range v.paths {
		s, err := b.path(p, false)
		if err != nil {
			return nil, err
		}
		u = append(u, s)
	}
	if len(u) == 1 {
		return u[0], nil
	}
	return u, nil
}

func (b *builder) has(in shape.Shape, s hasStep, f flat) (shape.Shape, error) {
	start, goal := quad.Subject, quad.Object
	if s.rev {
		start, goal = goal, start
	}
	var q shape.Quads
	switch {
	case len(s.filters) > 0:
		q = append(q, shape.QuadFilter{Dir: goal, Values: b.addFilters(shape.AllNodes{}, s.filters)})
	case len(s.nodes) > 0:
		q = append(q, shape.QuadFilter{Dir: goal, Values: shape.Lookup(s.nodes)})
	}
	q, err := b.conditions(q, s.via, nil, f)
	if err != nil {
		return nil, err
	}
	return intersect(in, b.condition(shape.NodesFrom{Dir: start, Quads: q})), nil
}

func (b *builder) save(in shape.Shape, s saveStep, f flat) (shape.Shape, error) {
	start, goal := quad.Subject, quad.Object
	if s.rev {
		start, goal = goal, start
	}
	q := shape.Quads{{Dir: goal, Values: shape.Save{From: shape.AllNodes{}, Tags: b.note(s.tag)}}}
	q, err := b.conditions(q, s.via, nil, f)
	if err != nil {
		return nil, err
	}
	saved := shape.NodesFrom{Dir: start, Quads: q}
	if s.opt {
		return optional(in, saved), nil
	}
	return intersect(in, saved), nil
}

func (b *builder) savePredicates(in shape.Shape, s savePredStep, f flat) (shape.Shape, error) {
	q, err := b.conditions(nil, via{}, []string{s.tag}, flat{claims: f.claims})
	return intersect(in, shape.NodesFrom{Dir: side(s.in), Quads: q}), err
}

// condition marks a shape that only keeps or drops rows. One with tags adds rows, like a join.
func (b *builder) condition(s shape.Shape) shape.Shape {
	if b.plain || tagged(s) {
		return s
	}
	return existsShape{s}
}

// intersect joins two shapes on their nodes, without nesting: Cayley's optimiser forgets optional
// parts that stand two levels deep.
func intersect(a, b shape.Shape) shape.Shape {
	if _, ok := a.(shape.AllNodes); ok {
		return b
	}
	if _, ok := b.(shape.AllNodes); ok {
		return a
	}
	sub, opt := parts(a)
	subB, optB := parts(b)
	sub, opt = concat(sub, subB), concat(opt, optB)
	if len(opt) == 0 {
		return shape.Intersect(sub)
	}
	return shape.IntersectOpt{Sub: sub, Opt: opt}
}

func optional(s, opt shape.Shape) shape.Shape {
	sub, opts := parts(s)
	return shape.IntersectOpt{Sub: sub, Opt: concat(opts, []shape.Shape{opt})}
}

// parts takes an intersection apart: what is required, what is optional.
func parts(s shape.Shape) (sub, opt []shape.Shape) {
	switch s := s.(type) {
	case shape.Intersect:
		return s, nil
	case shape.IntersectOpt:
		return s.Sub, s.Opt
	}
	return []shape.Shape{s}, nil
}

// concat never writes into its arguments: shapes share their parts.
func concat(a, b []shape.Shape) []shape.Shape {
	return append(append(make([]shape.Shape, 0, len(a)+len(b)), a...), b...)
}

// addFilters puts filters on a shape. Plain shapes know no filter that takes integers and floats
// alike: such a one becomes either of two.
func (b *builder) addFilters(s shape.Shape, filters []filter) shape.Shape {
	if !b.plain {
		return shape.Filter{From: s, Filters: filters}
	}
	ints := make([]filter, len(filters))
	floats := make([]filter, len(filters))
	split := false
	for i, f := range filters {
		ints[i], floats[i] = f, f
		if n, ok := f.(numberTest); ok {
			split = true
			ints[i], floats[i] = n.bounds()
		}
	}
	if !split {
		return shape.Filter{From: s, Filters: filters}
	}
	return shape.Union{shape.Filter{From: s, Filters: ints}, shape.Filter{From: s, Filters: floats}}
}
