package gizmo

import (
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// pathsTo finds how the nodes of a path are connected with other nodes: pathsTo(nodes, {via, max,
// limit, directed}). It returns the shortest connections from each node, an array of arrays of hops
// {from, predicate, to, forward, claim}; forward says whether the quad points along the connection.
// All of the shortest ones are returned unless limit says fewer.
func (o *pathObject) pathsTo(a args) goja.Value {
	a.count(1, 2)
	s := a.s
	held := s.mem.used
	defer func() { s.mem.used = held }()
	c := &connector{x: newExec(s.ctx, s.store, &s.mem), goal: make(map[any]bool), limit: -1}
	target, ok := s.object(a.at(0)).(*pathObject)
	if !ok {
		target = &pathObject{s: s, p: (*path)(nil).then(isStep{a.values1(0)})}
	}
	target.rows(-1, false, func(_ *maker, ref cayley.Ref) error {
		c.goal[c.x.key(ref)] = true
		return s.mem.add(setEntry)
	})
	c.options(a)
	var starts []cayley.Ref
	seen := make(map[any]bool)
	o.rows(-1, false, func(_ *maker, ref cayley.Ref) error {
		if k := c.x.key(ref); !seen[k] {
			seen[k] = true
			starts = append(starts, ref)
		}
		return s.mem.add(setEntry)
	})
	var found []any
	for _, start := range starts {
		for _, hops := range c.from(start) {
			items := make([]any, len(hops))
			for i, h := range hops {
				items[i] = s.hopObject(c.x, h)
			}
			found = append(found, s.vm.NewArray(items...))
		}
		if c.x.err != nil {
			s.throw(c.x.err)
		}
	}
	return s.vm.NewArray(found...)
}

// values1 reads the nodes of one argument.
func (a args) values1(i int) []quad.Value {
	return args{s: a.s, name: a.name, vals: a.vals[i : i+1]}.values()
}

type connector struct {
	x        *exec
	goal     map[any]bool
	preds    map[any]bool // nil: any predicate
	max      int          // hops at most; zero: no limit
	limit    int          // connections from one node; negative: all of the shortest
	directed bool         // only along the quads
}

// connection is one quad on the way.
type connection struct {
	from, pred, to, label cayley.Ref
	forward               bool
}

func (c *connector) options(a args) {
	if missing(a.at(1)) {
		return
	}
	spec, ok := a.at(1).(*goja.Object)
	if !ok || spec.ClassName() != "Object" || a.s.object(spec) != nil {
		a.fail(1, `an object like {via: ["<p>"], max: 4} in pathsTo()`, a.s.describe(a.at(1)))
	}
	for _, name := range spec.Keys() {
		one := args{s: a.s, name: "pathsTo", vals: []goja.Value{spec.Get(name)}}
		switch name {
		case "via":
			v := one.predicates(0)
			if v.all() {
				continue
			}
			c.preds = make(map[any]bool)
			p := &pathObject{s: a.s, p: (*path)(nil).then(isStep{v.nodes})}
			if len(v.nodes) == 0 {
				p.p = v.paths[0]
				v.paths = v.paths[1:]
			}
			for _, q := range v.paths {
				p.p = p.p.then(orStep{q})
			}
			p.rows(-1, false, func(_ *maker, ref cayley.Ref) error {
				c.preds[c.x.key(ref)] = true
				return nil
			})
		case "max":
			c.max = int(one.int())
		case "limit":
			c.limit = int(one.int())
		case "directed":
			c.directed = one.at(0).ToBoolean()
		default:
			a.fail(1, "via, max, limit or directed in pathsTo()", name)
		}
	}
}

// from searches level by level until a level holds a goal, and remembers every way into each node.
func (c *connector) from(start cayley.Ref) [][]connection {
	x := c.x
	if c.goal[x.key(start)] {
		return nil // connected by being the same
	}
	into := make(map[any][]connection)
	depth := map[any]int{x.key(start): 0}
	frontier := []cayley.Ref{start}
	var ends []cayley.Ref
	for d := 1; len(frontier) > 0 && len(ends) == 0 && (c.max <= 0 || d <= c.max); d++ {
		var next []cayley.Ref
		for _, n := range frontier {
			ok := c.neighbours(n, func(h connection) bool {
				k := x.key(h.to)
				at, met := depth[k]
				if met && at < d {
					return true
				}
				if !met {
					depth[k] = d
					next = append(next, h.to)
					if c.goal[k] {
						ends = append(ends, h.to)
					}
				}
				into[k] = append(into[k], h)
				return x.hold(160)
			})
			if !ok {
				return nil
			}
		}
		frontier = next
	}
	var out [][]connection
	for _, end := range ends {
		c.unwind(start, end, nil, into, &out)
	}
	return out
}

// unwind follows the ways back to the start.
func (c *connector) unwind(start, at cayley.Ref, tail []connection, into map[any][]connection, out *[][]connection) bool {
	if c.limit >= 0 && len(*out) >= c.limit {
		return false
	}
	if c.x.same(start, at) {
		hops := slices.Clone(tail)
		slices.Reverse(hops)
		*out = append(*out, hops)
		return c.x.tick() && c.x.hold(int64(100*len(hops)))
	}
	for _, h := range into[c.x.key(at)] {
		if !c.unwind(start, h.from, append(tail, h), into, out) {
			return false
		}
	}
	return true
}

func (c *connector) neighbours(n cayley.Ref, yield func(connection) bool) bool {
	along := func(d, other quad.Direction) bool {
		return c.x.quadsOf(d, n, func(q cayley.Ref) bool {
			p := c.x.store.QuadDirection(q, quad.Predicate)
			if c.preds != nil && !c.preds[c.x.key(p)] {
				return true
			}
			return yield(connection{
				from: n, pred: p, to: c.x.store.QuadDirection(q, other),
				label: c.x.store.QuadDirection(q, quad.Label), forward: d == quad.Subject,
			})
		})
	}
	if !along(quad.Subject, quad.Object) {
		return false
	}
	return c.directed || along(quad.Object, quad.Subject)
}

func (s *session) hopObject(x *exec, h connection) goja.Value {
	o := s.vm.NewObject()
	for _, f := range []struct {
		name string
		v    goja.Value
	}{
		{"from", s.toJS(x.name(h.from))},
		{"predicate", s.toJS(x.name(h.pred))},
		{"to", s.toJS(x.name(h.to))},
		{"forward", s.vm.ToValue(h.forward)},
	} {
		if err := o.Set(f.name, f.v); err != nil {
			s.throw(err)
		}
	}
	if h.label != nil {
		if err := o.Set("claim", s.toJS(x.name(h.label))); err != nil {
			s.throw(err)
		}
	}
	return o
}
