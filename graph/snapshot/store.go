package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/quad"
)

// Name is the name under which Cayley knows this kind of store.
const Name = "snapshot"

// ErrClosed says that a store was asked after it was closed.
var ErrClosed = errors.New("the snapshot is closed")

// ErrReadOnly says that a store was opened for reading alone.
var ErrReadOnly = errors.New("the snapshot is open for reading")

// Register makes the store known to Cayley, whose registry is one for the whole process. A second call
// does nothing, but two at a time are not allowed: so is Cayley's registry made. The options are those of
// the stores that Cayley opens.
func Register(o Options) {
	if cayley.IsRegistered(Name) {
		return
	}
	cayley.RegisterQuadStore(Name, cayley.QuadStoreRegistration{
		NewFunc: func(path string, _ cayley.Options) (cayley.QuadStore, error) {
			s, err := Open(path, o)
			if err != nil {
				return nil, err // not a Store that is nil
			}
			return s, nil
		},
		InitFunc:     func(path string, _ cayley.Options) error { return Create(path) },
		IsPersistent: true,
	})
}

// Options say how a store is opened.
type Options struct {
	// Fault, when set, is told of the errors of look-ups, for which Cayley's interface has no place.
	// Several goroutines may call it at once.
	Fault func(error)

	// MaxMemory bounds the memory that one question may use for what it has found so far, in bytes; 0
	// for a gigabyte. Beyond it the question ends with [ErrMemory].
	MaxMemory int64

	// Edited, when set, completes the file that an edit makes; its manifest is that of the file before.
	// Without it the manifest stays what it was, and the text is left out, for it was about what the file
	// held before.
	Edited Finish

	// ReadOnly refuses all writes.
	ReadOnly bool

	// Generic leaves every question to Cayley's own iterators, for comparison.
	Generic bool
}

// A Store is an open snapshot, as Cayley's quad store. Several goroutines may use it at once. Edits make
// a new file; iterators that have begun go on with the old one.
type Store struct {
	path    string
	options Options
	current atomic.Pointer[file]
	closed  atomic.Bool
	fault   atomic.Pointer[error]

	edit        sync.Mutex // held while a new file is made
	generations atomic.Uint32
}

var (
	_ cayley.QuadStore      = (*Store)(nil)
	_ cayley.BatchQuadStore = (*Store)(nil)
)

// Open opens the file at a path, which must be there.
func Open(path string, o Options) (*Store, error) {
	if o.MaxMemory <= 0 {
		o.MaxMemory = 1 << 30
	}
	s := &Store{path: path, options: o}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	s.adopt(f)
	return s, nil
}

// Create makes a file without quads where there is nothing yet.
func Create(path string) error {
	_, err := openFile(path)
	if err == nil {
		return fmt.Errorf("%s: %w", path, cayley.ErrDatabaseExists)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err // something else is there
	}
	_, err = NewBuilder(path, BuildOptions{}).Commit(context.Background(), nil)
	return err
}

// adopt makes a file the current one.
func (s *Store) adopt(f *file) {
	f.generation = s.generations.Add(1)
	s.current.Store(f)
}

// file returns the current file.
func (s *Store) file() (*file, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	return s.current.Load(), nil
}

// note keeps the first error, and tells of every one.
func (s *Store) note(err error) {
	if err == nil {
		return
	}
	s.fault.CompareAndSwap(nil, &err)
	if s.options.Fault != nil {
		s.options.Fault(err)
	}
}

// Err returns the first error of a look-up, for which Cayley's interface has no place; answers since
// then may have gaps.
func (s *Store) Err() error {
	if err := s.fault.Load(); err != nil {
		return *err
	}
	return nil
}

// Close closes the store. What still reads it gets [ErrClosed]; the memory of the file is given back
// when nothing refers to it any more.
func (s *Store) Close() error {
	s.edit.Lock()
	defer s.edit.Unlock()
	s.closed.Store(true)
	return nil
}

// Manifest returns what the builder of the file was given to keep in it.
func (s *Store) Manifest() ([]byte, error) {
	f, err := s.file()
	if err != nil {
		return nil, err
	}
	return f.manifest()
}

// Counts says what the file holds.
func (s *Store) Counts() (Counts, error) {
	f, err := s.file()
	if err != nil {
		return Counts{}, err
	}
	return Counts{Quads: int(f.trailer.Quads), Terms: int(f.trailer.Terms), Bytes: int64(len(f.data))}, nil
}

// ValueOf returns the reference of a value, nil where the store does not have it.
func (s *Store) ValueOf(v quad.Value) cayley.Ref {
	f, err := s.file()
	if err != nil || v == nil {
		s.note(err)
		return nil
	}
	id, err := f.findValue(v)
	if err != nil || id == 0 {
		s.note(err)
		return nil
	}
	return node{f, id}
}

// NameOf returns the value of a reference.
func (s *Store) NameOf(ref cayley.Ref) quad.Value {
	v, err := s.nameOf(ref)
	s.note(err)
	return v
}

func (s *Store) nameOf(ref cayley.Ref) (quad.Value, error) {
	switch ref := ref.(type) {
	case *node:
		if s.closed.Load() {
			return nil, ErrClosed
		}
		return ref.f.valueOf(ref.id)
	case node:
		if s.closed.Load() {
			return nil, ErrClosed
		}
		return ref.f.valueOf(ref.id)
	case cayley.PreFetchedValue:
		return ref.NameOf(), nil
	default:
		return nil, nil //nolint:nilnil // Cayley asks for the name of what is none
	}
}

// ValuesOf returns the values of references.
func (s *Store) ValuesOf(ctx context.Context, refs []cayley.Ref) ([]quad.Value, error) {
	values := make([]quad.Value, len(refs))
	for i, ref := range refs {
		if i%checkEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return nil, err
			}
		}
		var err error
		if values[i], err = s.nameOf(ref); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// RefsOf returns the references of values; one that is not there is an error.
func (s *Store) RefsOf(ctx context.Context, values []quad.Value) ([]cayley.Ref, error) {
	f, err := s.file()
	if err != nil {
		return nil, err
	}
	return s.refsOf(ctx, f, values)
}

func (s *Store) refsOf(ctx context.Context, f *file, values []quad.Value) ([]cayley.Ref, error) {
	refs := make([]cayley.Ref, len(values))
	for i, v := range values {
		if i%checkEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return nil, err
			}
		}
		id, err := f.findValue(v)
		if err != nil {
			return nil, err
		}
		if id == 0 {
			return nil, fmt.Errorf("no node %v", v)
		}
		refs[i] = node{f, id}
	}
	return refs, nil
}

// Quad returns the quad of a reference.
func (s *Store) Quad(ref cayley.Ref) quad.Quad {
	q, ok := asLink(ref)
	if !ok {
		return quad.Quad{}
	}
	if s.closed.Load() {
		s.note(ErrClosed)
		return quad.Quad{}
	}
	out, err := q.f.quadOf(q)
	s.note(err)
	return out
}

// QuadDirection returns one part of a quad, nil for a label that is not there.
func (s *Store) QuadDirection(ref cayley.Ref, d quad.Direction) cayley.Ref {
	q, ok := asLink(ref)
	if !ok {
		return nil
	}
	id := q.get(d)
	if id == 0 {
		return nil
	}
	return node{q.f, id}
}

// QuadIterator yields the quads that have a value in a direction.
func (s *Store) QuadIterator(d quad.Direction, ref cayley.Ref) cayley.Iterator {
	if ref == nil || d < quad.Subject || d > quad.Label {
		return iterator.NewNull()
	}
	// Cayley plans with sizes, and plans best where nothing looks like nothing.
	if size, err := s.QuadIteratorSize(context.Background(), d, ref); err == nil && size.Size == 0 {
		return iterator.NewNull()
	}
	return legacy(&quadsShape{store: s, direction: d, value: ref})
}

// QuadIteratorSize returns exactly how many quads have a value in a direction.
func (s *Store) QuadIteratorSize(_ context.Context, d quad.Direction, ref cayley.Ref) (cayley.Size, error) {
	f, err := s.file()
	if err != nil {
		return cayley.Size{}, err
	}
	id, err := numberIn(f, ref)
	if err != nil || id == 0 {
		return cayley.Size{Exact: true}, err
	}
	n, err := f.countOf(d, id)
	return cayley.Size{Size: int64(n), Exact: true}, err
}

// NodesAllIterator yields all values.
func (s *Store) NodesAllIterator() cayley.Iterator { return legacy(&nodesShape{store: s}) }

// QuadsAllIterator yields all quads.
func (s *Store) QuadsAllIterator() cayley.Iterator { return legacy(&quadsShape{store: s}) }

// Stats returns the exact numbers of values and quads.
func (s *Store) Stats(context.Context, bool) (cayley.Stats, error) {
	f, err := s.file()
	if err != nil {
		return cayley.Stats{}, err
	}
	return cayley.Stats{
		Nodes: cayley.Size{Size: int64(f.trailer.Terms), Exact: true},
		Quads: cayley.Size{Size: int64(f.trailer.Quads), Exact: true},
	}, nil
}
