package graph

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Disagreement is what documents say of one subject under one predicate that has one value, where
// they do not all say the same.
type Disagreement struct {
	Subject, Predicate quad.IRI
	Preferred          Claim
	Rule               string  // by which it is preferred
	Others             []Claim // that say something else, by value and id
	Same               []Claim // that say what the preferred one says, by id
	Conflict           bool    // some of them cannot both be right; else they are roundings of one number

	low, high quad.Int
	numbers   bool
}

// Claims lists all claims that were compared, the preferred one first.
func (d Disagreement) Claims() []Claim {
	return slices.Concat([]Claim{d.Preferred}, d.Same, d.Others)
}

// Spread is by how many per cent of the lowest number the highest is above it. ok is false for what is
// no number. Where the lowest is 0 and the highest is not, the spread has no end, and is nil.
func (d Disagreement) Spread() (percent *big.Rat, ok bool) {
	if !d.numbers {
		return nil, false
	}
	if d.low == 0 {
		return nil, true
	}
	r := new(big.Rat).Sub(rat(d.high), rat(d.low))
	r.Quo(r, new(big.Rat).Abs(rat(d.low)))
	return r.Mul(r, big.NewRat(100, 1)), true
}

// Disagreements compares the claims on each subject and predicate; without subjects, on all. What is
// deprecated, gives no value, or is a printed conversion is not compared. The order is that of subjects
// and predicates.
func (s *Store) Disagreements(ctx context.Context, subjects ...quad.IRI) ([]Disagreement, error) {
	var list []Disagreement
	documents := map[quad.IRI]Document{}
	single := map[quad.Value]*Predicate{}
	var patterns []Pattern // what each finds is compared before the next is looked for
	for _, p := range s.schema.Predicates() {
		if p.Many || p.Derived {
			continue
		}
		single[p.IRI] = p
		if len(subjects) == 0 {
			patterns = append(patterns, Pattern{Predicate: p.IRI})
		}
	}
	for _, subject := range slices.Compact(slices.Sorted(slices.Values(subjects))) {
		patterns = append(patterns, Pattern{Subject: subject})
	}
	for _, pattern := range patterns {
		groups, err := s.severalClaims(ctx, pattern, single)
		if err != nil {
			return nil, err
		}
		for point, facts := range groups {
			d, found, err := s.compare(ctx, point.predicate, facts, documents)
			if err != nil {
				return nil, err
			}
			if found {
				list = append(list, d)
			}
		}
	}
	slices.SortFunc(list, func(a, b Disagreement) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate))
	})
	return list, nil
}

// A point is what claims may differ about.
type point struct {
	subject   quad.IRI
	predicate *Predicate
}

// severalClaims finds the facts of a pattern on points about which there are several claims.
func (s *Store) severalClaims(ctx context.Context, pattern Pattern, single map[quad.Value]*Predicate) (map[point][]quad.Quad, error) {
	groups := map[point][]quad.Quad{}
	for q, err := range s.Match(ctx, pattern) {
		if err != nil {
			return nil, err
		}
		predicate := single[q.Predicate]
		subject, ok := q.Subject.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		if at := (point{subject, predicate}); ok && predicate != nil && IsClaim(label) {
			groups[at] = append(groups[at], q)
		}
	}
	for at, facts := range groups {
		if len(facts) < 2 {
			delete(groups, at)
		}
	}
	return groups, nil
}

// compare says whether the claims on one figure differ.
func (s *Store) compare(ctx context.Context, p *Predicate, facts []quad.Quad, documents map[quad.IRI]Document) (Disagreement, bool, error) {
	var claims []Claim
	for _, q := range facts {
		c, err := s.claimOn(ctx, q)
		if err != nil {
			return Disagreement{}, false, err
		}
		if disputable(c) {
			claims = append(claims, c)
			if err := s.readDocument(ctx, c.Source, documents); err != nil {
				return Disagreement{}, false, err
			}
		}
	}
	if !slices.ContainsFunc(claims, func(c Claim) bool { return !saysTheSame(c, claims[0]) }) {
		return Disagreement{}, false, nil
	}
	d := Disagreement{Subject: claims[0].Subject, Predicate: p.IRI}
	d.Preferred, d.Rule = Prefer(claims, func(id quad.IRI) Document { return documents[id] })
	for i, c := range claims {
		switch {
		case c.ID == d.Preferred.ID:
		case saysTheSame(c, d.Preferred):
			d.Same = append(d.Same, c)
		default:
			d.Others = append(d.Others, c)
		}
		d.stretch(c)
		for _, other := range claims[:i] {
			d.Conflict = d.Conflict || p.Conflict(c, other)
		}
	}
	byID := func(a, b Claim) int { return strings.Compare(string(a.ID), string(b.ID)) }
	slices.SortFunc(d.Same, byID)
	slices.SortFunc(d.Others, func(a, b Claim) int { return cmp.Or(compareValues(a.Object, b.Object), byID(a, b)) })
	return d, true, nil
}

// stretch widens the range from the lowest number to the highest.
func (d *Disagreement) stretch(c Claim) {
	n, ok := c.Object.(quad.Int)
	if c.Object == NoValue {
		n, ok = 0, true
	}
	if !ok {
		return
	}
	up := n
	if u, ranged := c.UpTo.(quad.Int); ranged {
		up = u
	}
	if !d.numbers {
		d.low, d.high, d.numbers = n, up, true
		return
	}
	d.low, d.high = min(d.low, n), max(d.high, up)
}

// saysTheSame says whether two claims give one value with one hedge.
func saysTheSame(a, b Claim) bool {
	return a.Object == b.Object && a.UpTo == b.UpTo && a.Qualifier == b.Qualifier && a.Valid == b.Valid
}

// readDocument reads what the choice between claims needs to know of a source, once.
func (s *Store) readDocument(ctx context.Context, id quad.IRI, documents map[quad.IRI]Document) error {
	if _, done := documents[id]; done || id == "" {
		return nil
	}
	d, err := s.Document(ctx, id)
	if err != nil {
		return err
	}
	documents[id] = d
	return nil
}
