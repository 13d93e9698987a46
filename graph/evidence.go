package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Derivation is a fact that the program concluded, with what supports it.
type Derivation struct {
	ID    quad.IRI // kg:derivation/…
	Fact  quad.Quad
	Rules []string
	From  []quad.IRI // what it was concluded from: claims, kg:graph/gazetteer
}

// Claims returns the claims on facts that fit: a zero subject or predicate, or a nil object, stands
// for any. They are sorted by subject, predicate, object and id.
func (s *Store) Claims(ctx context.Context, subject, predicate quad.IRI, object quad.Value) ([]Claim, error) {
	facts, err := s.labelled(ctx, subject, predicate, object, IsClaim)
	if err != nil {
		return nil, err
	}
	claims := make([]Claim, len(facts))
	for i, q := range facts {
		if claims[i], err = s.claimOn(ctx, q); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// ClaimsByObject returns the claims on facts that point to an entity.
func (s *Store) ClaimsByObject(ctx context.Context, object quad.Value) ([]Claim, error) {
	return s.Claims(ctx, "", "", object)
}

// Claim returns the claim with this id. Without one the error is a [*NotFoundError].
func (s *Store) Claim(ctx context.Context, id quad.IRI) (Claim, error) {
	if c, ok := s.recalled.claims.get(id, weighClaim); ok {
		return c, nil
	}
	for q, err := range s.Match(ctx, Pattern{Label: id}) {
		if err != nil {
			return Claim{}, err
		}
		if IsClaim(id) {
			return s.claimOn(ctx, q)
		}
	}
	return Claim{}, s.noLabel(id, "kg:Claim")
}

func (s *Store) noLabel(id, class quad.IRI) error {
	e := &NotFoundError{Text: string(id)}
	if c, ok := s.schema.Class(class); ok {
		e.Wanted = []*Class{c}
	}
	return e
}

// claimOn reads what is said about the claim that labels a fact.
func (s *Store) claimOn(ctx context.Context, fact quad.Quad) (Claim, error) {
	var c Claim
	c.ID, _ = fact.Label.(quad.IRI)
	if known, ok := s.recalled.claims.get(c.ID, weighClaim); ok {
		return known, nil
	}
	c.Subject, _ = fact.Subject.(quad.IRI)
	c.Predicate, _ = fact.Predicate.(quad.IRI)
	c.Object = fact.Object
	about, err := s.read(ctx, Pattern{Subject: c.ID})
	if err != nil {
		return Claim{}, err
	}
	for _, q := range about {
		p, _ := q.Predicate.(quad.IRI)
		c.setFact(p, q.Object)
	}
	if s.recalled.claims != nil && s.labelsOne(ctx, c.ID) {
		s.recalled.claims.put(c.ID, c, weighClaim(c))
	}
	return c, nil
}

// labelsOne says whether a label stands on one fact alone, as the checks want it. A store from elsewhere
// may hold others: of those nothing is kept by label.
func (s *Store) labelsOne(ctx context.Context, label quad.IRI) bool {
	n := 0
	for _, err := range s.Match(ctx, Pattern{Label: label}) {
		if n++; n > 1 || err != nil {
			return false
		}
	}
	return n == 1
}

// Derivations returns the derivations of facts that fit, as [Store.Claims] does.
func (s *Store) Derivations(ctx context.Context, subject, predicate quad.IRI, object quad.Value) ([]Derivation, error) {
	facts, err := s.labelled(ctx, subject, predicate, object, IsDerivation)
	if err != nil {
		return nil, err
	}
	list := make([]Derivation, len(facts))
	for i, q := range facts {
		if list[i], err = s.derivationOn(ctx, q); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Derivation returns the derivation with this id. Without one the error is a [*NotFoundError].
func (s *Store) Derivation(ctx context.Context, id quad.IRI) (Derivation, error) {
	if d, ok := s.recalled.derivations.get(id, weighDerivation); ok {
		return d, nil
	}
	for q, err := range s.Match(ctx, Pattern{Label: id}) {
		if err != nil {
			return Derivation{}, err
		}
		if IsDerivation(id) {
			return s.derivationOn(ctx, q)
		}
	}
	return Derivation{}, s.noLabel(id, "kg:Derivation")
}

func (s *Store) derivationOn(ctx context.Context, fact quad.Quad) (Derivation, error) {
	d := Derivation{Fact: fact}
	d.ID, _ = fact.Label.(quad.IRI)
	if known, ok := s.recalled.derivations.get(d.ID, weighDerivation); ok {
		return known, nil
	}
	about, err := s.read(ctx, Pattern{Subject: d.ID})
	if err != nil {
		return Derivation{}, err
	}
	for _, q := range about {
		switch q.Predicate {
		case Rule:
			d.Rules = append(d.Rules, textOf(q.Object))
		case DerivedFrom:
			if from, ok := q.Object.(quad.IRI); ok {
				d.From = append(d.From, from)
			}
		}
	}
	if s.recalled.derivations != nil && s.labelsOne(ctx, d.ID) {
		s.recalled.derivations.put(d.ID, d, weighDerivation(d))
	}
	return d, nil
}

// labelled returns the facts that fit and stand under a label of the wanted kind.
func (s *Store) labelled(ctx context.Context, subject, predicate quad.IRI, object quad.Value, wanted func(quad.IRI) bool) ([]quad.Quad, error) {
	p := Pattern{Object: object}
	if subject != "" {
		p.Subject = subject
	}
	if predicate != "" {
		p.Predicate = predicate
	}
	facts, err := s.sorted(ctx, p)
	return slices.DeleteFunc(facts, func(q quad.Quad) bool {
		label, _ := q.Label.(quad.IRI)
		return !wanted(label)
	}), err
}

// sorted returns the quads that fit in the order of [SortQuads]. The caller may change the list.
func (s *Store) sorted(ctx context.Context, p Pattern) ([]quad.Quad, error) {
	facts, err := s.Facts(ctx, p)
	if s.recalled.facts != nil {
		facts = slices.Clone(facts)
	}
	return facts, err
}

// Facts returns the quads that fit in the order of [SortQuads]. The list must not be changed: the store
// may keep it.
func (s *Store) Facts(ctx context.Context, p Pattern) ([]quad.Quad, error) {
	keep := p.Subject != nil || p.Object != nil
	if keep {
		if facts, ok := s.recalled.facts.get(p, weighQuads); ok {
			return facts, nil
		}
	}
	facts, err := s.read(ctx, p)
	if keep && err == nil {
		s.recalled.facts.put(p, facts, weighQuads(facts))
	}
	return facts, err
}

// read reads the quads that fit, and sorts them.
func (s *Store) read(ctx context.Context, p Pattern) ([]quad.Quad, error) {
	var qs []quad.Quad
	for q, err := range s.Match(ctx, p) {
		if err != nil {
			return nil, err
		}
		qs = append(qs, q)
	}
	SortQuads(qs)
	return qs, nil
}

// SortQuads sorts quads by subject, predicate, object and label. Values come in this order: none, IRIs,
// blank nodes, integers by size, then all others by their spelling.
func SortQuads(qs []quad.Quad) {
	slices.SortFunc(qs, func(a, b quad.Quad) int {
		for _, d := range quad.Directions {
			if c := compareValues(a.Get(d), b.Get(d)); c != 0 {
				return c
			}
		}
		return 0
	})
}

func compareValues(a, b quad.Value) int {
	if x, ok := a.(quad.IRI); ok {
		if y, ok := b.(quad.IRI); ok {
			return strings.Compare(string(x), string(y))
		}
	}
	if x, ok := a.(quad.Int); ok {
		if y, ok := b.(quad.Int); ok {
			return cmp.Compare(x, y)
		}
	}
	if c := cmp.Compare(rankOf(a), rankOf(b)); c != 0 {
		return c
	}
	return strings.Compare(quad.StringOf(a), quad.StringOf(b))
}

// rankOf puts kinds of value in order.
func rankOf(v quad.Value) int {
	switch v.(type) {
	case nil:
		return 0
	case quad.IRI:
		return 1
	case quad.BNode:
		return 2
	case quad.Int:
		return 3
	default:
		return 4
	}
}
