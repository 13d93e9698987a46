package audit

import (
	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A Recorder keeps the facts that pass it on their way to a sink, and where they stood.
type Recorder struct {
	next   graph.Sink
	quads  []quad.Quad
	places map[quad.IRI]graph.Position
}

// NewRecorder stands before a sink and keeps what that takes.
func NewRecorder(next graph.Sink) *Recorder {
	return &Recorder{next: next, places: map[quad.IRI]graph.Position{}}
}

// Add hands the quad on and, unless it is refused, keeps it.
func (r *Recorder) Add(q quad.Quad, at graph.Position) error {
	if err := r.next.Add(q, at); err != nil {
		return err
	}
	if t, ok := q.Object.(quad.TypedString); ok {
		q.Object = graph.Native(t)
	}
	r.quads = append(r.quads, q)
	note := func(v quad.Value) {
		if iri, ok := v.(quad.IRI); ok {
			if _, known := r.places[iri]; !known {
				r.places[iri] = at
			}
		}
	}
	switch label, _ := q.Label.(quad.IRI); {
	case graph.IsClaim(label):
		note(label)
	case label == graph.Gazetteer:
		note(q.Subject) // the row that defines it
	}
	return nil
}

// Quads returns the facts in the order in which they came.
func (r *Recorder) Quads() []quad.Quad { return r.quads }

// Place is where a claim or an entity stood, as far as that is known.
func (r *Recorder) Place(id quad.IRI) graph.Position { return r.places[id] }
