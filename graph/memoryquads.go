package graph

import (
	"errors"
	"sync"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"
)

// memoryQuads is a memstore that several goroutines may read: memstore notes, without a lock, that
// someone walks over all of it. It refuses writes, with which memstore cannot be read at all.
type memoryQuads struct {
	cayley.QuadStore
	walks sync.Mutex
}

func readMemory(qs *memstore.QuadStore) *memoryQuads { return &memoryQuads{QuadStore: qs} }

// errReadOnly is what a store in memory answers to a write.
var errReadOnly = errors.New("the store is open for reading")

// NodesAllIterator walks over all nodes.
func (m *memoryQuads) NodesAllIterator() cayley.Iterator {
	m.walks.Lock()
	defer m.walks.Unlock()
	return m.QuadStore.NodesAllIterator()
}

// QuadsAllIterator walks over all quads.
func (m *memoryQuads) QuadsAllIterator() cayley.Iterator {
	m.walks.Lock()
	defer m.walks.Unlock()
	return m.QuadStore.QuadsAllIterator()
}

// ApplyDeltas is refused.
func (m *memoryQuads) ApplyDeltas([]cayley.Delta, cayley.IgnoreOpts) error { return errReadOnly }

// NewQuadWriter is refused.
func (m *memoryQuads) NewQuadWriter() (quad.WriteCloser, error) { return nil, errReadOnly }
