package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
)

// PathOptions say which paths [Store.Paths] looks for.
type PathOptions struct {
	Walk
	MaxHops  int // longest path; 0 for [DefaultHops]
	MaxPaths int // how many paths to return; 0 for [DefaultPaths]
}

// What is used where options say nothing.
const (
	DefaultHops  = 6
	DefaultPaths = 100
)

// A Path is a way from one entity to another, hop by hop. No hops lead from an entity to itself.
type Path []Hop

// PathAnswer is what [Store.Paths] found.
type PathAnswer struct {
	Paths   []Path // all of the same length, sorted by the entities on the way
	Visited int    // nodes

	// Limits says which limits were met, for people. With one, there may be other paths as short or,
	// where there are no paths at all, some.
	Limits []string
}

// Truncated says whether a limit was met.
func (a PathAnswer) Truncated() bool { return len(a.Limits) > 0 }

// Paths returns the shortest paths between two entities: all of them, unless a limit of the options is
// met. Paths differ by the entities on the way; a hop has every fact that ties its two entities, each
// with its claims. A search goes out from both ends, from the side around which there are fewer facts,
// so that a hub with many neighbours is looked at only where no path avoids it.
func (s *Store) Paths(ctx context.Context, from, to quad.IRI, o PathOptions) (PathAnswer, error) {
	if o.MaxHops <= 0 {
		o.MaxHops = DefaultHops
	}
	if o.MaxPaths <= 0 {
		o.MaxPaths = DefaultPaths
	}
	k, err := s.newWalker(ctx, o.Walk)
	if err != nil {
		return PathAnswer{}, err
	}
	search := &search{walker: k}
	for i, end := range []quad.IRI{from, to} {
		n, err := k.steps.number(end)
		if err != nil {
			return PathAnswer{}, err
		}
		if n == 0 {
			return PathAnswer{}, &NotFoundError{Text: string(end)}
		}
		if _, err := k.steps.isNode(n); err != nil {
			return PathAnswer{}, err
		}
		ways := k.walk.ways()
		if i == 1 {
			ways = k.walk.reversed()
		}
		search.sides[i] = &side{start: n, reached: map[uint32]reached{n: {}}, more: map[uint32][]uint32{}, frontier: []uint32{n}, ways: ways}
		if search.sides[i].cost, err = k.cost(ctx, n, ways); err != nil {
			return PathAnswer{}, err
		}
	}
	met, err := search.run(ctx, o.MaxHops)
	if err != nil {
		return PathAnswer{}, err
	}
	return search.answer(ctx, met, o.MaxPaths)
}

// A search goes from both ends until the sides meet.
type search struct {
	*walker
	sides [2]*side
}

// A side is what has been reached from one end.
type side struct {
	start    uint32
	reached  map[uint32]reached
	more     map[uint32][]uint32 // further nodes from which one was reached as soon
	frontier []uint32            // those reached last
	depth    int                 // their distance
	cost     int                 // facts around them
	ways     []quad.Direction
}

// reached says how far a node is from the start of a side, and from which node it was reached.
type reached struct {
	distance int32
	from     uint32
}

// run returns the nodes where the sides met, sorted: every shortest path leads through just one of them.
// When a limit is met it returns those found until then.
func (s *search) run(ctx context.Context, maxHops int) (met []uint32, err error) {
	a, b := s.sides[0], s.sides[1]
	if a.start == b.start {
		return []uint32{a.start}, nil
	}
	for len(met) == 0 && a.depth+b.depth < maxHops && len(a.frontier) > 0 && len(b.frontier) > 0 {
		near, far := a, b
		if b.cost < a.cost {
			near, far = b, a
		}
		met, err = s.expand(ctx, near, far)
		if errors.Is(err, errLimit) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(met, s.steps.compare)
	return met, nil
}

// expand goes one hop on from a side, and returns the new nodes that the other side has reached too.
func (s *search) expand(ctx context.Context, near, far *side) (met []uint32, err error) {
	var next []uint32
	near.cost = 0
	for _, n := range near.frontier {
		err := s.around(ctx, n, near.ways, func(to step) error {
			if known, seen := near.reached[to.to]; seen {
				more := near.more[to.to]
				again := known.from == n || len(more) > 0 && more[len(more)-1] == n // by another fact
				if int(known.distance) == near.depth+1 && !again {
					near.more[to.to] = append(more, n)
				}
				return nil
			}
			if err := s.visit(); err != nil {
				return err
			}
			near.reached[to.to] = reached{distance: int32(near.depth + 1), from: n}
			next = append(next, to.to)
			if _, meets := far.reached[to.to]; meets {
				met = append(met, to.to)
			}
			cost, err := s.cost(ctx, to.to, near.ways)
			near.cost += cost
			return err
		})
		if err != nil {
			return met, err
		}
	}
	near.frontier = next
	near.depth++
	return met, nil
}

// nearer returns the nodes one hop nearer to the start of a side, sorted.
func (s *search) nearer(of *side, n uint32) []uint32 {
	list := append(slices.Clone(of.more[n]), of.reached[n].from)
	slices.SortFunc(list, s.steps.compare)
	return list
}

// chains calls yield with the ways from a node to the start of a side, the node first. The slice is
// good until yield returns; that it returns false ends them.
func (s *search) chains(of *side, chain []uint32, yield func([]uint32) bool) bool {
	n := chain[len(chain)-1]
	if n == of.start {
		return yield(chain)
	}
	for _, next := range s.nearer(of, n) {
		if !s.chains(of, append(chain, next), yield) {
			return false
		}
	}
	return true
}

// answer puts paths together from where the sides met.
func (s *search) answer(ctx context.Context, met []uint32, limit int) (PathAnswer, error) {
	var found [][]uint32
	all := true
	for i := 0; i < len(met) && all; i++ {
		all = s.chains(s.sides[0], met[i:i+1:i+1], func(first []uint32) bool {
			return s.chains(s.sides[1], met[i:i+1:i+1], func(second []uint32) bool {
				if len(found) == limit {
					return false
				}
				path := slices.Clone(first)
				slices.Reverse(path)
				found = append(found, append(path, second[1:]...))
				return true
			})
		})
	}
	slices.SortFunc(found, func(a, b []uint32) int { return slices.CompareFunc(a, b, s.steps.compare) })
	answer := PathAnswer{Visited: len(s.sides[0].reached) + len(s.sides[1].reached)}
	if s.limit != "" {
		answer.Limits = append(answer.Limits, "the search ended after "+s.limit)
	}
	if !all {
		answer.Limits = append(answer.Limits, fmt.Sprintf("there are more than %d paths of this length", limit))
	}
	hops := hopReader{walker: s.walker, known: map[[2]uint32]Hop{}}
	for _, nodes := range found {
		path := make(Path, len(nodes)-1)
		for i := range path {
			hop, err := hops.hop(ctx, nodes[i], nodes[i+1])
			if err != nil {
				return PathAnswer{}, err
			}
			path[i] = hop
		}
		answer.Paths = append(answer.Paths, path)
	}
	return answer, nil
}
