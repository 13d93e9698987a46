package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// NearOptions say how far [Store.Near] looks.
type NearOptions struct {
	Walk
	Depth   int // hops from the entity; 0 for 1
	PerNode int // how many neighbours of each node to return; 0 for [DefaultPerNode]
}

// What is used where options say nothing.
const (
	DefaultPerNode = 25
	nearNodes      = 2_000 // a neighbourhood is read by people, and every hop of it brings its claims
)

// A Neighbour is a hop of a neighbourhood. The node where it begins is Depth-1 hops from the entity.
type Neighbour struct {
	Depth int
	Hop
}

// NearAnswer is what [Store.Near] found.
type NearAnswer struct {
	Neighbours []Neighbour // by depth, then by the nodes of the hop

	// LeftOut says how many neighbours of a node were left out because of PerNode.
	LeftOut map[quad.Value]int

	Limits []string // as in [PathAnswer]
}

// Truncated says whether a limit was met.
func (a NearAnswer) Truncated() bool { return len(a.Limits) > 0 }

// Near returns what lies around an entity, nearest first: each neighbour of each node that is less than
// Depth hops away, with the facts between the two and their claims. Where facts are walked either way, a
// hop is not listed again from its other end. Of the neighbours of a hub PerNode are returned, taken from each of its
// predicates in turn, and the others counted.
func (s *Store) Near(ctx context.Context, entity quad.IRI, o NearOptions) (NearAnswer, error) {
	if o.Depth <= 0 {
		o.Depth = 1
	}
	if o.PerNode <= 0 {
		o.PerNode = DefaultPerNode
	}
	if o.Nodes <= 0 {
		o.Nodes = nearNodes
	}
	look := o.Walk
	look.Nodes = max(o.Nodes, DefaultNodes) // a hub has many facts that are read and not returned
	k, err := s.newWalker(ctx, look)
	if err != nil {
		return NearAnswer{}, err
	}
	start, err := k.steps.number(entity)
	if err != nil {
		return NearAnswer{}, err
	}
	if start == 0 {
		return NearAnswer{}, &NotFoundError{Text: string(entity)}
	}
	if _, err := k.steps.isNode(start); err != nil {
		return NearAnswer{}, err
	}
	n := nearby{walker: k, options: o, left: o.Nodes, seen: map[uint32]bool{start: true}, listed: map[[2]uint32]bool{}}
	n.hops = hopReader{walker: k, known: map[[2]uint32]Hop{}}
	n.answer.LeftOut = map[quad.Value]int{}
	frontier := []uint32{start}
	for depth := 1; depth <= o.Depth && len(frontier) > 0; depth++ {
		if frontier, err = n.ring(ctx, depth, frontier); err != nil {
			break
		}
	}
	if err != nil && !errors.Is(err, errLimit) {
		return NearAnswer{}, err
	}
	if k.limit != "" {
		n.answer.Limits = append(n.answer.Limits, "the walk ended after "+k.limit)
	}
	if left := len(n.answer.LeftOut); left > 0 {
		sum := 0
		for _, count := range n.answer.LeftOut {
			sum += count
		}
		n.answer.Limits = append(n.answer.Limits, fmt.Sprintf("%d neighbours of %d nodes were left out", sum, left))
	}
	return n.answer, nil
}

// nearby gathers a neighbourhood.
type nearby struct {
	*walker
	options NearOptions
	left    int // nodes that may still be returned
	seen    map[uint32]bool
	listed  map[[2]uint32]bool // hops, in either direction
	hops    hopReader
	answer  NearAnswer
}

// ring adds the neighbours of the nodes at one depth, and returns those that are new.
func (n *nearby) ring(ctx context.Context, depth int, frontier []uint32) (next []uint32, err error) {
	slices.SortFunc(frontier, n.steps.compare)
	for _, from := range frontier {
		list, err := n.neighbours(ctx, from)
		if err != nil {
			return nil, err
		}
		for _, to := range list {
			if !n.seen[to] {
				if n.left--; n.left < 0 {
					n.limit = fmt.Sprintf("%d nodes were found", n.options.Nodes)
					return nil, errLimit
				}
				n.seen[to] = true
				next = append(next, to)
			}
			n.listed[[2]uint32{from, to}] = true
			hop, err := n.hops.hop(ctx, from, to)
			if err != nil {
				return nil, err
			}
			n.answer.Neighbours = append(n.answer.Neighbours, Neighbour{Depth: depth, Hop: hop})
		}
	}
	return next, nil
}

// neighbours returns the neighbours of a node that are to be listed, sorted.
func (n *nearby) neighbours(ctx context.Context, from uint32) ([]uint32, error) {
	type way struct {
		predicate uint32
		backward  bool
	}
	first := map[uint32]way{} // of the ways that lead to a node
	before := func(a, b way) int {
		return cmp.Or(n.steps.compare(a.predicate, b.predicate), boolOrder(!a.backward, !b.backward))
	}
	err := n.around(ctx, from, n.walk.ways(), func(s step) error {
		if s.to == from || n.walk.Direction == EitherWay && n.listed[[2]uint32{s.to, from}] {
			return nil // a hop walked either way has the facts that lead back
		}
		w := way{s.predicate, s.backward}
		if known, met := first[s.to]; !met || before(w, known) < 0 {
			first[s.to] = w
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	by := map[way][]uint32{}
	for to, w := range first {
		by[w] = append(by[w], to)
	}
	ways := slices.SortedFunc(maps.Keys(by), before)
	for _, list := range by {
		slices.SortFunc(list, n.steps.compare)
	}
	var list []uint32
	for i := 0; len(list) < min(n.options.PerNode, len(first)); i++ {
		for _, w := range ways {
			if i < len(by[w]) && len(list) < n.options.PerNode {
				list = append(list, by[w][i])
			}
		}
	}
	if more := len(first) - len(list); more > 0 {
		v, err := n.steps.value(from)
		if err != nil {
			return nil, err
		}
		n.answer.LeftOut[v] = more
	}
	slices.SortFunc(list, n.steps.compare)
	return list, nil
}
