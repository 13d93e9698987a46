package graph

import "github.com/cayleygraph/quad"

// ClaimsOf puts claims together from their quads, in the order in which their facts are met. A fact
// without a claim's label is none, and what is said about a claim that labels no fact is left out.
func ClaimsOf(quads []quad.Quad) []Claim {
	var claims []Claim
	at := map[quad.IRI]int{}
	for _, q := range quads {
		id, _ := q.Label.(quad.IRI)
		if !IsClaim(id) {
			continue
		}
		if _, again := at[id]; again {
			continue // one claim labels one fact; a build tells of a second
		}
		c := Claim{ID: id, Object: q.Object}
		c.Subject, _ = q.Subject.(quad.IRI)
		c.Predicate, _ = q.Predicate.(quad.IRI)
		at[id] = len(claims)
		claims = append(claims, c)
	}
	for _, q := range quads {
		id, _ := q.Subject.(quad.IRI)
		if i, ok := at[id]; ok {
			p, _ := q.Predicate.(quad.IRI)
			claims[i].setFact(p, q.Object)
		}
	}
	return claims
}
