package graph

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Hop leads from one node to a neighbour. It has every fact that was walked between the two.
type Hop struct {
	From, To quad.Value
	Facts    []HopFact // sorted by predicate, those walked forward first
}

// A HopFact is a fact of a hop with what stands behind it.
type HopFact struct {
	Predicate   quad.IRI
	Backward    bool         // the fact leads from To to From
	Claims      []Claim      // the preferred one first; none where no document needs to back the fact
	Rule        string       // by which the first claim is preferred to the second; "" for one claim or none
	Derivations []Derivation // where the program concluded the fact
}

// Fact returns the fact itself, without a label.
func (f HopFact) Fact(h Hop) quad.Quad {
	if f.Backward {
		return quad.Quad{Subject: h.To, Predicate: f.Predicate, Object: h.From}
	}
	return quad.Quad{Subject: h.From, Predicate: f.Predicate, Object: h.To}
}

// Derived says whether the program concluded the fact, and no claim states it.
func (f HopFact) Derived() bool { return len(f.Derivations) > 0 && len(f.Claims) == 0 }

// A hopReader reads what stands behind hops.
type hopReader struct {
	*walker
	known     map[[2]uint32]Hop
	documents map[quad.IRI]Document
}

// hop returns the hop between two nodes.
func (r *hopReader) hop(ctx context.Context, from, to uint32) (Hop, error) {
	if h, ok := r.known[[2]uint32{from, to}]; ok {
		return h, nil
	}
	steps, err := r.between(ctx, from, to)
	if err != nil {
		return Hop{}, err
	}
	var h Hop
	if h.From, err = r.steps.value(from); err != nil {
		return Hop{}, err
	}
	if h.To, err = r.steps.value(to); err != nil {
		return Hop{}, err
	}
	if err := r.read(ctx, &h, steps); err != nil {
		return Hop{}, err
	}
	r.known[[2]uint32{from, to}] = h
	return h, nil
}

// between returns the facts from one node to another: it looks around the one that has fewer.
func (r *hopReader) between(ctx context.Context, from, to uint32) ([]step, error) {
	forth, err := r.cost(ctx, from, r.walk.ways())
	if err != nil {
		return nil, err
	}
	back, err := r.cost(ctx, to, r.walk.reversed())
	if err != nil {
		return nil, err
	}
	at, other, ways := from, to, r.walk.ways()
	if back < forth {
		at, other, ways = to, from, r.walk.reversed()
	}
	var steps []step
	r.facts = max(r.facts, forth+back+1) // a hop that is part of the answer is never left out
	err = r.around(ctx, at, ways, func(s step) error {
		if s.to == other {
			s.backward = s.backward != (at == to) // as seen from the node where the hop begins
			steps = append(steps, s)
		}
		return nil
	})
	if errors.Is(err, errLimit) {
		err = nil // counts that a store only guesses
	}
	return steps, err
}

// read fills the facts of a hop in from its steps, of which each has one label.
func (r *hopReader) read(ctx context.Context, h *Hop, steps []step) error {
	for _, s := range steps {
		predicate, err := r.steps.value(s.predicate)
		if err != nil {
			return err
		}
		p, _ := predicate.(quad.IRI)
		i := slices.IndexFunc(h.Facts, func(f HopFact) bool { return f.Predicate == p && f.Backward == s.backward })
		if i < 0 {
			i = len(h.Facts)
			h.Facts = append(h.Facts, HopFact{Predicate: p, Backward: s.backward})
		}
		if s.label == 0 {
			continue
		}
		label, err := r.steps.value(s.label)
		if err != nil {
			return err
		}
		if err := r.evidence(ctx, &h.Facts[i], *h, label); err != nil {
			return err
		}
	}
	for i := range h.Facts {
		if err := r.prefer(ctx, &h.Facts[i]); err != nil {
			return err
		}
	}
	slices.SortFunc(h.Facts, func(a, b HopFact) int {
		return cmp.Or(boolOrder(!a.Backward, !b.Backward), strings.Compare(string(a.Predicate), string(b.Predicate)))
	})
	return nil
}

// evidence adds the claim or the derivation that labels a fact.
func (r *hopReader) evidence(ctx context.Context, f *HopFact, h Hop, label quad.Value) error {
	iri, _ := label.(quad.IRI)
	fact := f.Fact(h)
	fact.Label = label
	switch {
	case IsClaim(iri):
		c, err := r.store.claimOn(ctx, fact)
		f.Claims = append(f.Claims, c)
		return err
	case IsDerivation(iri):
		d, err := r.store.derivationOn(ctx, fact)
		f.Derivations = append(f.Derivations, d)
		return err
	}
	return nil
}

// prefer puts the preferred claim first, the others in the order in which they would take its place.
func (r *hopReader) prefer(ctx context.Context, f *HopFact) error {
	if len(f.Claims) < 2 {
		return nil
	}
	for _, c := range f.Claims {
		if _, known := r.documents[c.Source]; known || c.Source == "" {
			continue
		}
		d, err := r.store.Document(ctx, c.Source)
		if err != nil {
			return err
		}
		if r.documents == nil {
			r.documents = map[quad.IRI]Document{}
		}
		r.documents[c.Source] = d
	}
	of := func(source quad.IRI) Document { return r.documents[source] }
	slices.SortFunc(f.Claims, func(a, b Claim) int {
		order, _ := comparePreferred(a, b, of)
		return order
	})
	_, f.Rule = comparePreferred(f.Claims[0], f.Claims[1], of)
	return nil
}

// Document returns what the choice between claims needs to know of a source.
func (s *Store) Document(ctx context.Context, source quad.IRI) (Document, error) {
	if d, ok := s.recalled.documents.get(source, weighDocument); ok {
		return d, nil
	}
	facts, err := s.read(ctx, Pattern{Subject: source})
	if err != nil {
		return Document{}, err
	}
	var d Document
	for _, q := range facts {
		switch q.Predicate {
		case Kind:
			d.Kind, _ = q.Object.(quad.IRI)
		case Issued:
			d.Issued, _ = DateOf(q.Object)
		}
	}
	s.recalled.documents.put(source, d, weighDocument(d))
	return d, nil
}
