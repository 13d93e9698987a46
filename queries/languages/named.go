package languages

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"

	"kg/graph"
)

// named is a store in which the full and the short name of a node mean the same node.
func named(store *graph.Store) cayley.QuadStore {
	return &namedStore{QuadStore: store.Cayley(), namespaces: store.Namespaces()}
}

// A namedStore is a store behind which names are translated.
type namedStore struct {
	cayley.QuadStore

	namespaces graph.Namespaces
}

// ValueOf finds a node by either name.
func (s *namedStore) ValueOf(v quad.Value) cayley.Ref {
	if iri, ok := v.(quad.IRI); ok {
		v = quad.IRI(s.namespaces.Normal(string(iri)))
	}
	return s.QuadStore.ValueOf(v)
}

// OptimizeShape lets the store rewrite what it knows better.
func (s *namedStore) OptimizeShape(sh shape.Shape) (shape.Shape, bool) {
	if o, ok := s.QuadStore.(shape.Optimizer); ok {
		return o.OptimizeShape(sh)
	}
	return sh, false
}
