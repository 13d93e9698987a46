package graph

import (
	"cmp"
	"slices"

	"github.com/cayleygraph/quad"
)

// A links is the facts between entities that may support a conclusion, by predicate. Those that are
// deprecated are not among them.
type links interface {
	// all calls yield with the links of a predicate, sorted by what they lead from, what they lead to and
	// their label.
	all(predicate quad.IRI, yield func(edge) error) error

	// from lists those that lead from an entity, in the same order.
	from(entity, predicate quad.IRI) ([]edge, error)

	// ended says whether a label is a claim with an end of validity.
	ended(label quad.IRI) (bool, error)
}

// An edge is a fact between two entities, with its label.
type edge struct {
	from, to, label quad.IRI
}

func (e edge) compare(other edge) int {
	return cmp.Or(cmp.Compare(e.from, other.from), cmp.Compare(e.to, other.to), cmp.Compare(e.label, other.label))
}

// A linkMap is links in memory.
type linkMap struct {
	by     map[quad.IRI][]edge // predicate → edges, sorted
	starts map[quad.IRI]map[quad.IRI][]edge
	ends   map[quad.IRI]bool // claims with an end of validity
}

// linksOf picks the links out of facts.
func linksOf(facts []quad.Quad) *linkMap {
	wanted := linkPredicates()
	m := &linkMap{by: map[quad.IRI][]edge{}, starts: map[quad.IRI]map[quad.IRI][]edge{}, ends: map[quad.IRI]bool{}}
	deprecated := map[quad.IRI]bool{}
	for _, q := range facts {
		claim, _ := q.Subject.(quad.IRI)
		switch {
		case !IsClaim(claim): // else a blank node's rank would be that of all facts without a label
		case q.Predicate == RankIs && q.Object == Deprecated:
			deprecated[claim] = true
		case q.Predicate == ValidUntil:
			m.ends[claim] = true
		}
	}
	for _, q := range facts {
		p, ok := q.Predicate.(quad.IRI)
		if !ok || !wanted[p] {
			continue
		}
		if e, ok := edgeOf(q); ok && !deprecated[e.label] {
			m.by[p] = append(m.by[p], e)
		}
	}
	for _, edges := range m.by {
		slices.SortFunc(edges, edge.compare)
	}
	return m
}

// edgeOf is the edge that a quad is, if it is one that may support something.
func edgeOf(q quad.Quad) (edge, bool) {
	s, ok1 := q.Subject.(quad.IRI)
	o, ok2 := q.Object.(quad.IRI)
	label, _ := q.Label.(quad.IRI)
	return edge{s, o, label}, ok1 && ok2 && !IsDerivation(label) && label != SchemaIn && label != Provenance
}

func (m *linkMap) all(predicate quad.IRI, yield func(edge) error) error {
	for _, e := range m.by[predicate] {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

func (m *linkMap) from(entity, predicate quad.IRI) ([]edge, error) {
	starts, ok := m.starts[predicate]
	if !ok {
		starts = map[quad.IRI][]edge{}
		for _, e := range m.by[predicate] {
			starts[e.from] = append(starts[e.from], e)
		}
		m.starts[predicate] = starts
	}
	return starts[entity], nil
}

func (m *linkMap) ended(label quad.IRI) (bool, error) { return m.ends[label], nil }
