package graph

import (
	"context"

	"github.com/cayleygraph/quad"
)

// Stats counts what is in a graph.
type Stats struct {
	Quads      int
	Facts      int // about the world: claims, the gazetteer, what was concluded, what has no label
	Claims     int
	Derived    int
	Gazetteer  int
	Provenance int
	Schema     int

	Classes    map[quad.IRI]int // entities of each class, those of the classes that it includes not counted
	Documents  map[quad.IRI]int // claims read in each
	Speakers   map[quad.IRI]int // claims attributed to each; "" counts those attributed to nobody
	Predicates map[quad.IRI]int // facts of each
}

// Stats counts the graph through.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	st := Stats{
		Classes: map[quad.IRI]int{}, Documents: map[quad.IRI]int{},
		Speakers: map[quad.IRI]int{}, Predicates: map[quad.IRI]int{},
	}
	entities := map[quad.IRI]bool{}
	attributed := 0
	for q, err := range s.Match(ctx, Pattern{}) {
		if err != nil {
			return Stats{}, err
		}
		st.Quads++
		subject, _ := q.Subject.(quad.IRI)
		predicate, _ := q.Predicate.(quad.IRI)
		object, _ := q.Object.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		switch {
		case label == Provenance:
			st.Provenance++
			if IsClaim(subject) {
				switch predicate {
				case ReadIn:
					st.Documents[object]++
				case SaidBy:
					st.Speakers[object]++
					attributed++
				}
			}
			continue
		case label == SchemaIn:
			st.Schema++
			continue
		case label == Gazetteer:
			st.Gazetteer++
		case IsClaim(label):
			st.Claims++
		case IsDerivation(label):
			st.Derived++
		}
		st.Facts++
		st.Predicates[predicate]++
		if _, ok := s.schema.ClassOf(subject); ok {
			entities[subject] = true
		}
		if _, ok := s.schema.Class(object); ok && predicate == Type {
			entities[subject] = true
		}
	}
	if rest := st.Claims - attributed; rest > 0 {
		st.Speakers[""] = rest
	}
	for id := range entities {
		classes, err := s.ClassesOf(ctx, id)
		if err != nil {
			return Stats{}, err
		}
		for _, c := range classes {
			st.Classes[c.IRI]++
		}
	}
	return st, nil
}
