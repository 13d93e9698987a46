package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
)

func newRowsIterator(cayley.QuadStore, shape.Shape) cayley.Iterator { return iterator.NewNull() }
