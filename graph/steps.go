package graph

import (
	"context"
	"fmt"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// steps returns the fastest way that the store has to walk it.
func (s *Store) steps() (steps, error) {
	if fast, ok := s.quads.(*snapshot.Store); ok {
		r, err := fast.Reader()
		if err != nil {
			return nil, fmt.Errorf("reading the store: %w", err)
		}
		return snapshotSteps{r}, nil
	}
	return &cayleySteps{store: s, quads: s.quads, numbers: map[any]uint32{}}, nil
}

// snapshotSteps reads the arrays of a snapshot.
type snapshotSteps struct{ *snapshot.Reader }

func (s snapshotSteps) number(v quad.Value) (uint32, error) { return wrapRead(s.Number(v)) }
func (s snapshotSteps) value(n uint32) (quad.Value, error)  { return wrapRead(s.Value(n)) }
func (s snapshotSteps) isNode(n uint32) (bool, error)       { return !s.IsLiteral(n), nil }
func (s snapshotSteps) compare(a, b uint32) int             { return int(int64(a) - int64(b)) }

func (s snapshotSteps) count(_ context.Context, n uint32, d quad.Direction) (int, error) {
	return wrapRead(s.Count(n, d))
}

func (s snapshotSteps) each(ctx context.Context, n uint32, d quad.Direction, yield func(step) error) error {
	var facts [256]snapshot.Fact
	for from := 0; ; from += len(facts) {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		count, err := s.Facts(n, d, from, facts[:])
		if err != nil {
			return fmt.Errorf("reading the store: %w", err)
		}
		for _, f := range facts[:count] {
			at := step{predicate: f.Predicate, to: f.Object, label: f.Label}
			if d == quad.Object {
				at.to, at.backward = f.Subject, true
			}
			if err := yield(at); err != nil {
				return err
			}
		}
		if count < len(facts) {
			return nil
		}
	}
}

func wrapRead[T any](v T, err error) (T, error) {
	if err != nil {
		err = fmt.Errorf("reading the store: %w", err)
	}
	return v, err
}

// cayleySteps reads any store of Cayley, and numbers nodes as it meets them.
type cayleySteps struct {
	store   *Store
	quads   cayley.QuadStore
	numbers map[any]uint32 // by key of the reference
	refs    []cayley.Ref   // by number, less 1
	values  []quad.Value   // nil where it was not looked up yet
}

func (s *cayleySteps) of(ref cayley.Ref) uint32 {
	if ref == nil {
		return 0
	}
	n, ok := s.numbers[ref.Key()]
	if !ok {
		s.refs, s.values = append(s.refs, ref), append(s.values, nil)
		n = uint32(len(s.refs))
		s.numbers[ref.Key()] = n
	}
	return n
}

func (s *cayleySteps) number(v quad.Value) (uint32, error) {
	ref := s.quads.ValueOf(v)
	return s.of(ref), s.store.Err()
}

func (s *cayleySteps) value(n uint32) (quad.Value, error) {
	if s.values[n-1] == nil {
		s.values[n-1] = s.quads.NameOf(s.refs[n-1])
	}
	if v := s.values[n-1]; v != nil {
		return v, nil
	}
	if err := s.store.Err(); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("reading %s: a node has no value", s.store.address)
}

func (s *cayleySteps) isNode(n uint32) (bool, error) {
	v, err := s.value(n)
	switch v.(type) {
	case quad.IRI, quad.BNode:
		return true, nil
	default:
		return false, err
	}
}

// compare looks at values that isNode has read: only nodes are compared.
func (s *cayleySteps) compare(a, b uint32) int { return compareValues(s.values[a-1], s.values[b-1]) }

func (s *cayleySteps) count(ctx context.Context, n uint32, d quad.Direction) (int, error) {
	size, err := s.quads.QuadIteratorSize(ctx, d, s.refs[n-1])
	if err != nil {
		return 0, fmt.Errorf("reading the store: %w", err)
	}
	return int(size.Size), nil
}

func (s *cayleySteps) each(ctx context.Context, n uint32, d quad.Direction, yield func(step) error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	it := s.quads.QuadIterator(d, s.refs[n-1])
	defer it.Close() //nolint:errcheck // its errors are those of Err
	other := quad.Object
	if d == quad.Object {
		other = quad.Subject
	}
	for it.Next(ctx) {
		q := it.Result()
		err := yield(step{
			predicate: s.of(s.quads.QuadDirection(q, quad.Predicate)),
			to:        s.of(s.quads.QuadDirection(q, other)),
			label:     s.of(s.quads.QuadDirection(q, quad.Label)),
			backward:  d == quad.Object,
		})
		if err != nil {
			return err
		}
	}
	if err := it.Err(); err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	if err := context.Cause(ctx); err != nil {
		return err // some iterators of Cayley just end
	}
	return s.store.Err()
}
