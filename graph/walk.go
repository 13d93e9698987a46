package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
)

// Direction says which way a fact is walked.
type Direction int

// The ways to walk a fact.
const (
	EitherWay Direction = iota
	Forward             // from the subject to the object
	Backward            // from the object to the subject
)

// A Walk says which facts lead from one entity to another, and how far to look.
//
// Facts about the world are walked, and those of the gazetteer that tie things to places and to wider
// things. Not walked, because they tie everything to everything: classes, kinds, measures and other
// words of lists; what documents mention; web addresses; facts about claims and about the schema; facts
// that only deprecated claims back; and the closures kg:liesIn and skos:broaderTransitive, whose steps
// are walked themselves.
type Walk struct {
	Only       []quad.IRI // walk just these predicates, also those that are not walked otherwise
	Except     []quad.IRI // never walk these
	Everything bool       // walk every fact between two nodes
	StatedOnly bool       // leave out what the editors or a rule concluded
	Direction  Direction

	// Nodes is how many nodes to visit at most; 0 for [DefaultNodes]. Twenty times as many facts are
	// looked at at most.
	Nodes int
}

// DefaultNodes is how many nodes a walk visits where nothing else is said.
const DefaultNodes = 500_000

const factsPerNode = 20

// notWalked lists predicates that tie everything to everything. Predicates that take a word of a list
// or a web address are found by the schema.
func notWalked() []quad.IRI {
	return []quad.IRI{Type, "kg:mentions", "kg:liesIn", "skos:broaderTransitive"}
}

// errLimit ends a walk that has met one of its limits.
var errLimit = errors.New("limit of the walk")

// A walker walks over the facts of one store. It knows nodes by the numbers of its steps.
type walker struct {
	store *Store
	steps steps
	walk  Walk

	predicates map[uint32]bool // whether they are walked
	graphs     map[uint32]bool // labels whose facts are not walked
	labels     map[uint32]bool // with StatedOnly: whether facts under them are walked
	dead       map[uint32]bool // nodes that are no thing: no value, some value

	nodes, facts int    // what may still be visited and looked at
	limit        string // the limit that was met, for people
}

// steps is how a walker reads a store: by numbers, which are cheaper to compare and to keep than values.
type steps interface {
	// number returns the number of a value, 0 where the store does not have it.
	number(v quad.Value) (uint32, error)
	// value is the inverse of number.
	value(n uint32) (quad.Value, error)
	// isNode says whether facts can begin at a value: whether it is no literal.
	isNode(n uint32) (bool, error)
	// compare orders nodes by their values.
	compare(a, b uint32) int
	// count says how many facts there are around a node in a direction, about where that is costly.
	count(ctx context.Context, n uint32, d quad.Direction) (int, error)
	// each calls yield for the facts that have the node in a direction, until it returns an error.
	each(ctx context.Context, n uint32, d quad.Direction, yield func(step) error) error
}

// A step is a fact as numbers, seen from one of its ends.
type step struct {
	predicate, to, label uint32
	backward             bool // to is the subject
}

func (s *Store) newWalker(ctx context.Context, w Walk) (*walker, error) {
	steps, err := s.steps()
	if err != nil {
		return nil, err
	}
	if w.Nodes <= 0 {
		w.Nodes = DefaultNodes
	}
	k := &walker{
		store: s, steps: steps, walk: w, nodes: w.Nodes, facts: factsPerNode * w.Nodes,
		predicates: map[uint32]bool{}, graphs: map[uint32]bool{}, labels: map[uint32]bool{}, dead: map[uint32]bool{},
	}
	numbers := func(set map[uint32]bool, list ...quad.IRI) error {
		for _, iri := range list {
			n, err := steps.number(iri)
			if err != nil {
				return err
			}
			set[n] = true // 0, where there is none, is no label of a fact that is left out
		}
		return nil
	}
	if !w.Everything {
		if err := numbers(k.dead, SomeValue, NoValue, Withheld); err != nil {
			return nil, err
		}
		if len(w.Only) == 0 {
			if err := numbers(k.graphs, Provenance, SchemaIn); err != nil {
				return nil, err
			}
		}
		if err := k.claimsWith(ctx, RankIs, Deprecated); err != nil {
			return nil, err
		}
	}
	if w.StatedOnly {
		if err := k.claimsWith(ctx, Basis, Inferred); err != nil {
			return nil, err
		}
	}
	delete(k.graphs, 0)
	return k, nil
}

// claimsWith leaves out the facts of claims of which something is said.
func (k *walker) claimsWith(ctx context.Context, predicate, object quad.IRI) error {
	for q, err := range k.store.Match(ctx, Pattern{Predicate: predicate, Object: object}) {
		if err != nil {
			return err
		}
		n, err := k.steps.number(q.Subject)
		if err != nil {
			return err
		}
		k.graphs[n] = true
	}
	return nil
}

// walks says whether a fact is walked.
func (k *walker) walks(s step) (bool, error) {
	if k.graphs[s.label] || k.dead[s.to] {
		return false, nil
	}
	walked, known := k.predicates[s.predicate]
	if !known {
		v, err := k.steps.value(s.predicate)
		if err != nil {
			return false, err
		}
		p, _ := v.(quad.IRI)
		walked = k.walk.walks(k.store.schema, p)
		k.predicates[s.predicate] = walked
	}
	if !walked {
		return false, nil
	}
	if k.walk.StatedOnly && s.label != 0 {
		stated, known := k.labels[s.label]
		if !known {
			v, err := k.steps.value(s.label)
			if err != nil {
				return false, err
			}
			label, _ := v.(quad.IRI)
			stated = !IsDerivation(label)
			k.labels[s.label] = stated
		}
		if !stated {
			return false, nil
		}
	}
	return k.steps.isNode(s.to)
}

// walks says whether facts of a predicate are walked.
func (w Walk) walks(schema *Schema, p quad.IRI) bool {
	switch {
	case slices.Contains(w.Except, p):
		return false
	case len(w.Only) > 0:
		return slices.Contains(w.Only, p)
	case w.Everything:
		return true
	case slices.Contains(notWalked(), p):
		return false
	}
	if known, ok := schema.Predicate(p); ok {
		return known.Range != RangeConcept && known.Range != RangeURL
	}
	return true
}

// ways are the directions in which a node stands in the facts that are walked from it: as the subject
// of those walked forward.
func (w Walk) ways() []quad.Direction {
	switch w.Direction {
	case Forward:
		return []quad.Direction{quad.Subject}
	case Backward:
		return []quad.Direction{quad.Object}
	default:
		return []quad.Direction{quad.Subject, quad.Object}
	}
}

// reversed is the way back.
func (w Walk) reversed() []quad.Direction {
	switch w.Direction {
	case Forward:
		return []quad.Direction{quad.Object}
	case Backward:
		return []quad.Direction{quad.Subject}
	default:
		return w.ways()
	}
}

// around calls yield for the facts that are walked from a node. It ends with errLimit when too many
// facts have been looked at.
func (k *walker) around(ctx context.Context, n uint32, ways []quad.Direction, yield func(step) error) error {
	for _, d := range ways {
		err := k.steps.each(ctx, n, d, func(s step) error {
			if k.facts--; k.facts < 0 {
				k.limit = fmt.Sprintf("%d facts were looked at", factsPerNode*k.walk.Nodes)
				return errLimit
			}
			if ok, err := k.walks(s); err != nil || !ok {
				return err
			}
			return yield(s)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// visit counts a node, and ends with errLimit when there were too many.
func (k *walker) visit() error {
	if k.nodes--; k.nodes < 0 {
		k.limit = fmt.Sprintf("%d nodes were visited", k.walk.Nodes)
		return errLimit
	}
	return nil
}

// cost is how many facts are around a node, where the walk goes.
func (k *walker) cost(ctx context.Context, n uint32, ways []quad.Direction) (int, error) {
	sum := 0
	for _, d := range ways {
		count, err := k.steps.count(ctx, n, d)
		if err != nil {
			return 0, err
		}
		sum += count
	}
	return sum, nil
}
