package graph

import (
	"context"
	"fmt"
	"iter"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// A Pattern is what quads shall look like; nil stands for any value, and for no label as well.
type Pattern struct {
	Subject, Predicate, Object, Label quad.Value
}

// matchBatch is how many quads are looked up at a time: stores on disk answer many questions at once
// faster than one by one.
const matchBatch = 256

// Match yields the quads that fit the pattern, in no particular order. After an error, which comes
// with the zero quad, nothing follows. The quads are found through the part of the pattern that the
// fewest of them share.
func (s *Store) Match(ctx context.Context, p Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		if err := s.match(ctx, p, func(q quad.Quad) bool { return yield(q, nil) }); err != nil {
			yield(quad.Quad{}, err)
		}
	}
}

// A matcher is a store that finds the quads of a pattern by itself; nil stands for any value, and for no
// label as well.
type matcher interface {
	Match(ctx context.Context, subject, predicate, object, label quad.Value, yield func(quad.Quad) bool) error
}

// A condition is a part of a pattern that quads must have.
type condition struct {
	direction quad.Direction
	ref       cayley.Ref
}

func (s *Store) match(ctx context.Context, p Pattern, yield func(quad.Quad) bool) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if m, ok := s.quads.(matcher); ok {
		if err := m.Match(ctx, p.Subject, p.Predicate, p.Object, p.Label, yield); err != nil {
			return fmt.Errorf("reading the store: %w", err)
		}
		return s.Err()
	}
	conditions, possible, err := s.plan(ctx, p)
	if err != nil || !possible {
		return err
	}
	var it cayley.Iterator
	if len(conditions) == 0 {
		it = s.quads.QuadsAllIterator()
	} else {
		it = s.quads.QuadIterator(conditions[0].direction, conditions[0].ref)
		conditions = conditions[1:]
	}
	defer it.Close() //nolint:errcheck // its errors are those of Err
	b := batch{store: s, values: map[any]quad.Value{}}
	for it.Next(ctx) {
		ref := it.Result()
		if !s.fits(ref, conditions) {
			continue
		}
		b.refs = append(b.refs, ref)
		if len(b.refs) == matchBatch {
			if more, err := b.flush(ctx, yield); err != nil || !more {
				return err
			}
		}
	}
	if err := it.Err(); err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	if more, err := b.flush(ctx, yield); err != nil || !more {
		return err // who wants no more is told no error either
	}
	if err := context.Cause(ctx); err != nil {
		return err // some iterators of Cayley just end
	}
	return s.Err()
}

// plan finds the nodes of a pattern, the rarest first. Nothing is possible where one does not exist.
func (s *Store) plan(ctx context.Context, p Pattern) (conditions []condition, possible bool, err error) {
	smallest := int64(-1)
	for _, c := range []struct {
		direction quad.Direction
		value     quad.Value
	}{{quad.Subject, p.Subject}, {quad.Object, p.Object}, {quad.Label, p.Label}, {quad.Predicate, p.Predicate}} {
		if c.value == nil {
			continue
		}
		ref := s.quads.ValueOf(c.value)
		if ref == nil {
			return nil, false, s.Err()
		}
		size, err := s.quads.QuadIteratorSize(ctx, c.direction, ref)
		if err != nil {
			return nil, false, fmt.Errorf("reading the store: %w", err)
		}
		conditions = append(conditions, condition{c.direction, ref})
		if smallest < 0 || size.Size < smallest {
			smallest = size.Size
			last := len(conditions) - 1
			conditions[0], conditions[last] = conditions[last], conditions[0]
		}
	}
	return conditions, true, nil
}

func (s *Store) fits(ref cayley.Ref, conditions []condition) bool {
	for _, c := range conditions {
		if !sameNode(s.quads.QuadDirection(ref, c.direction), c.ref) {
			return false
		}
	}
	return true
}

// A batch looks up the values of several quads at once, and those of the batch before no second time.
type batch struct {
	store  *Store
	refs   []cayley.Ref
	values map[any]quad.Value // by key of reference
}

// rememberValues bounds the values that are kept from one batch to the next.
const rememberValues = 1 << 14

// flush yields the quads gathered so far and says whether more are wanted.
func (b *batch) flush(ctx context.Context, yield func(quad.Quad) bool) (more bool, err error) {
	if len(b.values) > rememberValues {
		clear(b.values)
	}
	qs := b.store.quads
	var missing []cayley.Ref
	for _, ref := range b.refs {
		for _, d := range quad.Directions {
			node := qs.QuadDirection(ref, d)
			if node == nil {
				continue
			}
			if _, known := b.values[node.Key()]; !known {
				b.values[node.Key()] = nil
				missing = append(missing, node)
			}
		}
	}
	values, err := valuesOf(ctx, qs, missing)
	if err != nil {
		return false, err
	}
	for i, v := range values {
		b.values[missing[i].Key()] = v
	}
	for _, ref := range b.refs {
		if err := context.Cause(ctx); err != nil {
			return false, err
		}
		var q quad.Quad
		for _, d := range quad.Directions {
			if node := qs.QuadDirection(ref, d); node != nil {
				q.Set(d, b.values[node.Key()])
			}
		}
		if !yield(q) {
			return false, nil
		}
	}
	b.refs = b.refs[:0]
	return true, nil
}
