package gizmo

import (
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// A path is a list of steps, last first. It is never changed, so that paths share their beginnings:
// a text may grow one in a loop without copying it each time.
type path struct {
	prev  *path // nil at the start
	step  step
	depth int // steps up to here, those of paths within steps counted
}

// A step is one thing a path does. The kinds are the types below.
type step interface{ weight() int }

type (
	// isStep keeps the given nodes.
	isStep struct{ nodes []quad.Value }

	// hopStep goes along quads.
	hopStep struct {
		out, in bool // both are set by both()
		via     via
		tags    []string
	}

	// hasStep keeps nodes with a quad over via to one of the nodes, or to any that pass the filters.
	hasStep struct {
		via     via
		rev     bool
		nodes   []quad.Value
		filters []filter
	}

	// saveStep tags what stands at the other end of a quad over via.
	saveStep struct {
		via      via
		tag      string
		rev, opt bool
	}

	// tagStep tags the node where the path stands.
	tagStep struct{ tags []string }

	andStep    struct{ with *path }
	orStep     struct{ with *path }
	exceptStep struct{ with *path }

	// followStep continues along another path, forward or backward.
	followStep struct {
		along *path
		rev   bool
	}

	// recursiveStep follows a path again and again; each node is met once for each set of tags that
	// the path had before.
	recursiveStep struct {
		along *path
		max   int // steps at most; zero: no limit
		tags  []string
	}

	labelsStep     struct{}
	predicatesStep struct{ in bool }
	savePredStep   struct {
		in  bool
		tag string
	}

	// labelStep sets the labels that the quads of later steps must have; nil lifts the condition.
	labelStep struct {
		via  *via
		tags []string
	}

	// claimsStep asks that later hops note the label of each quad in Row.Claims.
	claimsStep struct{}

	backStep     struct{ tag string }
	filterStep   struct{ filters []filter }
	limitStep    struct{ n int64 }
	skipStep     struct{ n int64 }
	orderStep    struct{ keys []orderKey }
	uniqueStep   struct{}
	distinctStep struct{}
)

// A filter keeps values. It is one of Cayley's, so that a store that knows them can help.
type filter = shape.ValueFilter

// via names predicates (or labels): all of them, the listed ones, or where paths end.
type via struct {
	nodes []quad.Value
	paths []*path
}

func (v via) all() bool { return len(v.nodes) == 0 && len(v.paths) == 0 }

func (v via) weight() int {
	n := 1
	for _, p := range v.paths {
		n += p.weight()
	}
	return n
}

func (p *path) weight() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// then returns the path with one more step.
func (p *path) then(s step) *path {
	return &path{prev: p, step: s, depth: satAdd(p.weight(), s.weight())}
}

// satAdd adds without overflow: a path that is used twice in itself doubles with every step.
func satAdd(a, b int) int {
	if c := a + b; c >= 0 {
		return c
	}
	return maxInt
}

// list returns the steps in order.
func (p *path) list() []step {
	n := 0
	for q := p; q != nil; q = q.prev {
		n++
	}
	steps := make([]step, n)
	for q := p; q != nil; q = q.prev {
		n--
		steps[n] = q.step
	}
	return steps
}

func (isStep) weight() int          { return 1 }
func (s hopStep) weight() int       { return s.via.weight() }
func (s hasStep) weight() int       { return s.via.weight() }
func (s saveStep) weight() int      { return s.via.weight() }
func (tagStep) weight() int         { return 1 }
func (s andStep) weight() int       { return satAdd(1, s.with.weight()) }
func (s orStep) weight() int        { return satAdd(1, s.with.weight()) }
func (s exceptStep) weight() int    { return satAdd(1, s.with.weight()) }
func (s followStep) weight() int    { return satAdd(1, s.along.weight()) }
func (s recursiveStep) weight() int { return satAdd(1, s.along.weight()) }
func (labelsStep) weight() int      { return 1 }
func (predicatesStep) weight() int  { return 1 }
func (savePredStep) weight() int    { return 1 }
func (claimsStep) weight() int      { return 1 }
func (backStep) weight() int        { return 1 }
func (filterStep) weight() int      { return 1 }
func (limitStep) weight() int       { return 1 }
func (skipStep) weight() int        { return 1 }
func (orderStep) weight() int       { return 1 }
func (uniqueStep) weight() int      { return 1 }
func (distinctStep) weight() int    { return 1 }

func (s labelStep) weight() int {
	if s.via == nil {
		return 1
	}
	return s.via.weight()
}
