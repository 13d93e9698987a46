package snapshot

import (
	"context"
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
)

// mend changes shapes that Cayley cannot run as they are.
func mend(in shape.Shape) (shape.Shape, bool) {
	switch s := in.(type) {
	case shape.Union:
		return withoutNulls(s)
	case shape.Except:
		if !shape.IsNull(s.Exclude) {
			return exception{s}, true
		}
	}
	return in, false
}

// withoutNulls removes what is empty from a union: Cayley does so before a store's own turn, and forgets
// it after.
func withoutNulls(u shape.Union) (shape.Shape, bool) {
	if !slices.ContainsFunc(u, shape.IsNull) {
		return u, false
	}
	rest := slices.DeleteFunc(slices.Clone(u), shape.IsNull)
	switch len(rest) {
	case 0:
		return nil, true
	case 1:
		return rest[0], true
	default:
		return rest, true
	}
}

// An exception is Cayley's Except with a size that is none below zero: Cayley divides by sizes plus one.
type exception struct{ shape.Except }

// Optimize does nothing more.
func (e exception) Optimize(shape.Optimizer) (shape.Shape, bool) { return e, false }

// BuildIterator returns what Cayley would, but for the size.
func (e exception) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	all := qs.NodesAllIterator()
	if e.From != nil {
		all = e.From.BuildIterator(qs)
	}
	not := iterator.NewNot(e.Exclude.BuildIterator(qs), all)
	return legacy(&sized{cayley.AsShape(not)})
}

// sized is an iterator whose size is none below zero.
type sized struct{ cayley.IteratorShape }

// AsLegacy returns the iterator in Cayley's older interface.
func (s *sized) AsLegacy() cayley.Iterator { return legacy(s) }

// Optimize optimizes what is within.
func (s *sized) Optimize(ctx context.Context) (cayley.IteratorShape, bool) {
	within, changed := s.IteratorShape.Optimize(ctx)
	if !changed {
		return s, false
	}
	return &sized{within}, true
}

// Stats returns the costs that Cayley guesses.
func (s *sized) Stats(ctx context.Context) (cayley.IteratorCosts, error) {
	c, err := s.IteratorShape.Stats(ctx)
	c.Size.Size = max(c.Size.Size, 0)
	return c, err
}
