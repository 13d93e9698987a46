package graph

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// Origins returns the documents that first said what the claims say, sorted. A claim that repeats
// another claim or a document has the origins of that one; a document that only repeats another has
// that one's; any other claim has the document that it was read in. So ten articles on one press
// release are one origin. Where links lead in a circle nothing in it was first, and all of it counts
// as one: the first of its members by name.
func (s *Store) Origins(ctx context.Context, claims ...Claim) ([]quad.IRI, error) {
	o := origins{store: s, ctx: ctx, claims: map[quad.IRI]*Claim{}, links: map[quad.IRI][]quad.IRI{}}
	for i := range claims {
		o.claims[claims[i].ID] = &claims[i]
	}
	first := map[quad.IRI]bool{}
	for i := range claims {
		reached, err := o.reach(claims[i].ID)
		if err != nil {
			return nil, err
		}
		for id := range reached {
			root, err := o.root(id)
			if err != nil {
				return nil, err
			}
			if root != "" {
				first[root] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(first)), nil
}

// origins follows who repeats whom; what it has read it keeps.
type origins struct {
	store  *Store
	ctx    context.Context
	claims map[quad.IRI]*Claim // nil: the store has no such claim
	links  map[quad.IRI][]quad.IRI
}

// root is what stands for id among the origins: id itself, where it repeats nothing, the first of its
// circle, or "" where something else came before it.
func (o *origins) root(id quad.IRI) (quad.IRI, error) {
	behind, err := o.reach(id)
	if err != nil {
		return "", err
	}
	for other := range behind {
		back, err := o.reach(other)
		if err != nil || !back[id] {
			return "", err
		}
	}
	if len(behind) == 1 && IsClaim(id) {
		return "", nil // read in no document
	}
	return slices.Min(slices.Collect(maps.Keys(behind))), nil
}

// reach is id with all that it repeats, directly or not.
func (o *origins) reach(id quad.IRI) (map[quad.IRI]bool, error) {
	reached := map[quad.IRI]bool{id: true}
	for todo := []quad.IRI{id}; len(todo) > 0; {
		from, err := o.repeated(todo[0])
		if err != nil {
			return nil, err
		}
		todo = todo[1:]
		for _, next := range from {
			if !reached[next] {
				reached[next] = true
				todo = append(todo, next)
			}
		}
	}
	return reached, nil
}

// repeated is what a claim or a document repeats; of a claim that repeats nothing, its document.
func (o *origins) repeated(id quad.IRI) ([]quad.IRI, error) {
	if from, known := o.links[id]; known {
		return from, nil
	}
	var from []quad.IRI
	if !IsClaim(id) {
		said, err := o.store.sorted(o.ctx, Pattern{Subject: id, Predicate: DerivedFrom})
		if err != nil {
			return nil, err
		}
		for _, q := range said {
			if iri, ok := q.Object.(quad.IRI); ok {
				from = append(from, iri)
			}
		}
		o.links[id] = from
		return from, nil
	}
	c, err := o.claim(id)
	if err != nil || c == nil {
		return nil, err
	}
	for _, next := range c.DerivedFrom {
		if IsClaim(next) { // one that this store does not have says nothing here
			if other, err := o.claim(next); err != nil {
				return nil, err
			} else if other == nil {
				continue
			}
		}
		from = append(from, next)
	}
	if len(from) == 0 && c.Source != "" {
		from = []quad.IRI{c.Source}
	}
	o.links[id] = from
	return from, nil
}

// claim is the claim of this id, nil where the store has none.
func (o *origins) claim(id quad.IRI) (*Claim, error) {
	if c, known := o.claims[id]; known {
		return c, nil
	}
	c, err := o.store.Claim(o.ctx, id)
	var missing *NotFoundError
	switch {
	case errors.As(err, &missing):
		o.claims[id] = nil
	case err != nil:
		return nil, err
	default:
		o.claims[id] = &c
	}
	return o.claims[id], nil
}
