package graph

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// A Store is a built graph, open for reading. Several goroutines may use it at once.
type Store struct {
	address    Address
	quads      cayley.QuadStore
	schema     *Schema
	namespaces Namespaces
	manifest   Manifest
	outage     *outage
	recalled   recalled // nothing, where [Store.Remember] was not called
	keptText   atomic.Pointer[keptText]

	lookup struct {
		sync.Mutex
		names, index *textIndex // made when first needed, where the store keeps none: without texts, with them
	}
}

// OpenOptions say how a store is opened. Schema is required.
type OpenOptions struct {
	Schema     *Schema
	Namespaces Namespaces // zero: [DefaultNamespaces]

	// MaxMemory bounds what one question may hold in memory while the store runs it, in bytes; 0 for a
	// gigabyte. Only snapshots run questions themselves.
	MaxMemory int64
}

// Open opens the store at the address as it is, for reading. Nothing is created or changed. A missing
// store wraps [ErrNoStore], one that this program cannot read [ErrStoreVersion], one that another
// process writes to [ErrStoreLocked].
func Open(ctx context.Context, a Address, o OpenOptions) (*Store, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	b, err := backendOf(a)
	if err != nil {
		return nil, err
	}
	if a.InMemory() {
		return nil, &Problem{
			At: Position{File: a.String()}, Want: "a store that is kept somewhere", Found: "one that is built at every start",
			Hint: "name a file: memory:FILE", Err: ErrNoStore,
		}
	}
	found, err := b.open(a.Path, o)
	if err != nil {
		return nil, explainRead(a, err)
	}
	return newStore(a, found, o), nil
}

// OpenFacts makes a store of facts that are in memory already. Its address is "memory:".
func OpenFacts(f *Facts, o OpenOptions) *Store {
	return newStore(Address{Scheme: "memory"}, opened{
		quads:    readMemory(fill(f.All())),
		manifest: Manifest{Program: "kg", Version: StoreVersion, Generation: QuadGeneration, Counts: f.Counts()},
	}, o)
}

func newStore(a Address, found opened, o OpenOptions) *Store {
	if len(o.Namespaces.prefixes) == 0 {
		o.Namespaces = DefaultNamespaces()
	}
	return &Store{
		address: a, quads: found.quads, manifest: found.manifest, outage: found.outage,
		schema: o.Schema, namespaces: o.Namespaces,
	}
}

// ReadManifest reads what a store says about itself without opening it.
func ReadManifest(a Address) (Manifest, error) {
	b, err := backendOf(a)
	if err != nil {
		return Manifest{}, err
	}
	if a.InMemory() {
		return Manifest{}, noStore(a)
	}
	m, err := b.manifest(a.Path)
	if err != nil {
		return Manifest{}, explainRead(a, err)
	}
	return m, nil
}

// Cayley returns the store as Cayley sees it, for query languages. It refuses writes. Cayley hides
// errors of its look-ups; ask [Store.Err] when a query is done.
func (s *Store) Cayley() cayley.QuadStore { return s.quads }

// Err returns the first error of the store that Cayley would only have logged: answers since then may
// have gaps. It is nil for a healthy store.
func (s *Store) Err() error { return s.outage.err() }

// Schema returns the schema that the store was opened with.
func (s *Store) Schema() *Schema { return s.schema }

// Namespaces returns the prefixes that the store was opened with.
func (s *Store) Namespaces() Namespaces { return s.namespaces }

// Address says where the store is.
func (s *Store) Address() Address { return s.address }

// Manifest returns what the store was built from.
func (s *Store) Manifest() Manifest { return s.manifest }

// Close releases the store.
func (s *Store) Close() error {
	if err := s.quads.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", s.address, err)
	}
	return nil
}

// Has says whether a node with this value is in the graph.
func (s *Store) Has(v quad.Value) bool {
	return s.quads.ValueOf(v) != nil
}
