package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/shape"
)

// The shapes that Cayley lacks. Parts that are shapes are exported, because Cayley's walk over shapes
// reads them by reflection. A store's optimiser that does not know them leaves them alone and
// rewrites what is within; an iterator that needs one gets its rows through rowsIterator.
type (
	// existsShape keeps each node of a shape once.
	existsShape struct{ From shape.Shape }

	// distinctShape keeps one of the rows that agree in node and all tags.
	distinctShape struct{ From shape.Shape }

	// orderShape sorts rows by value or tags.
	orderShape struct {
		From shape.Shape
		keys []orderKey
	}

	// pageShape is Cayley's, but counts rows and belongs to the end that the text gave it.
	pageShape struct{ Page shape.Page }

	// backShape moves each row to the node under one of its tags.
	backShape struct {
		From shape.Shape
		tag  string
	}

	// recursiveShape is the closure of a path over a set of nodes.
	recursiveShape struct {
		From   shape.Shape
		along  *path
		max    int
		tags   []string
		claims bool
	}

	// exceptShape is all nodes but those of a shape with tags: iterators of Cayley let such tags out.
	exceptShape struct{ Exclude shape.Shape }

	// solidShape becomes its content when it is optimised, but never nil: Cayley's optimiser fails
	// on an exclusion of nothing.
	solidShape struct{ From shape.Shape }

	// noteShape stands on the label of quads: it tags the label of those that have one.
	noteShape struct{ tags []string }
)

func within(s shape.Shape, r shape.Optimizer) (shape.Shape, bool) {
	n, changed := s.Optimize(r)
	if n == nil {
		n = shape.Null{}
	}
	return n, changed
}

// Optimize lets the optimiser see what is within.
func (s existsShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.From, r)
	return existsShape{n}, changed
}

// Optimize lets the optimiser see what is within.
func (s distinctShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.From, r)
	return distinctShape{n}, changed
}

// Optimize lets the optimiser see what is within.
func (s orderShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.From, r)
	return orderShape{From: n, keys: s.keys}, changed
}

// Optimize lets the optimiser see what is within.
func (s pageShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.Page.From, r)
	return pageShape{shape.Page{From: n, Skip: s.Page.Skip, Limit: s.Page.Limit}}, changed
}

// Optimize lets the optimiser see what is within.
func (s backShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.From, r)
	return backShape{From: n, tag: s.tag}, changed
}

// Optimize lets the optimiser see what is within.
func (s recursiveShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.From, r)
	s.From = n
	return s, changed
}

// Optimize lets the optimiser see what is within.
func (s exceptShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, changed := within(s.Exclude, r)
	return exceptShape{n}, changed
}

// Optimize returns what is within.
func (s solidShape) Optimize(r shape.Optimizer) (shape.Shape, bool) {
	n, _ := within(s.From, r)
	return n, true
}

// Optimize has nothing to offer.
func (s noteShape) Optimize(shape.Optimizer) (shape.Shape, bool) { return s, false }

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s existsShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return newRowsIterator(qs, s)
}

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s distinctShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return newRowsIterator(qs, s)
}

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s orderShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator { return newRowsIterator(qs, s) }

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s pageShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator { return newRowsIterator(qs, s) }

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s backShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator { return newRowsIterator(qs, s) }

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s recursiveShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return newRowsIterator(qs, s)
}

// BuildIterator runs the shape here and offers its rows as an iterator.
func (s exceptShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return newRowsIterator(qs, s)
}

// BuildIterator builds what is within.
func (s solidShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return s.From.BuildIterator(qs)
}

// BuildIterator offers all nodes: an iterator cannot say that a label is optional.
func (s noteShape) BuildIterator(qs cayley.QuadStore) cayley.Iterator {
	return shape.Save{From: shape.AllNodes{}, Tags: s.tags}.BuildIterator(qs)
}

// tagged reports whether rows of a shape may carry tags.
func tagged(s shape.Shape) bool {
	switch s := s.(type) {
	case shape.Save:
		return len(s.Tags) > 0 || tagged(s.From)
	case shape.FixedTags:
		return true
	case shape.NodesFrom:
		return tagged(s.Quads)
	case shape.QuadsAction:
		return len(s.Save) > 0
	case shape.Quads:
		for _, f := range s {
			if tagged(f.Values) {
				return true
			}
		}
		return false
	case shape.Intersect:
		return anyTagged(s)
	case shape.IntersectOpt:
		return anyTagged(s.Sub) || anyTagged(s.Opt)
	case shape.Union:
		return anyTagged(s)
	case shape.Filter:
		return tagged(s.From)
	case shape.Unique:
		return tagged(s.From)
	case existsShape:
		return tagged(s.From)
	case solidShape:
		return tagged(s.From)
	case distinctShape:
		return tagged(s.From)
	case orderShape:
		return tagged(s.From)
	case pageShape:
		return tagged(s.Page.From)
	case backShape:
		return tagged(s.From)
	case recursiveShape:
		return true // its path may tag, and so may its depth
	case noteShape:
		return len(s.tags) > 0
	case nil, shape.Null, shape.AllNodes, shape.Lookup, shape.Fixed, shape.Except, exceptShape:
		return false
	default:
		return true // a store's own
	}
}

func anyTagged(shapes []shape.Shape) bool {
	for _, s := range shapes {
		if tagged(s) {
			return true
		}
	}
	return false
}
