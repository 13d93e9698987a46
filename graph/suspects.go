package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// suspects are the quads of a stream that do not fit together. What is wrong with them a collector says,
// to which they are handed once more, with their places where the input can be read again.
type suspects struct {
	quads    []quad.Quad
	claims   map[quad.IRI]bool
	singles  map[singleKey]bool
	values   map[quad.Value]bool
	circular bool
}

type singleKey struct {
	subject   quad.Value
	predicate quad.IRI
	label     quad.IRI
}

// suspectsEnough is how many wrong things are told of a build that has more.
const suspectsEnough = 1000

func (s *suspects) any() bool { return s != nil && (s.circular || s.count() > 0) }

func (s *suspects) count() int { return len(s.claims) + len(s.singles) + len(s.values) }

func (s *suspects) enough() bool { return s.count() >= suspectsEnough }

// has says whether a quad is one of the suspects.
func (s *suspects) has(q quad.Quad) bool {
	predicate, _ := q.Predicate.(quad.IRI)
	if s.circular && slices.Contains(orderedBy(), predicate) || s.values[q.Object] {
		return true
	}
	label, _ := q.Label.(quad.IRI)
	subject, _ := q.Subject.(quad.IRI)
	return s.claims[label] || s.claims[subject] || s.singles[singleKey{q.Subject, predicate, label}]
}

// problems says what is wrong with the suspects among the quads that a feed hands over.
func (s *suspects) problems(ctx context.Context, feed Feed, o BuildOptions) (Problems, error) {
	o.Progress = nil
	c := newCollector(o)
	err := feed(ctx, SinkFunc(func(q quad.Quad, at Position) error {
		wrong := malformed(q) // and told already, as is what the schema refuses
		if wrong == nil {
			q.Object = storable(q.Object)
			wrong = o.Schema.Check(q)
		}
		if wrong == nil && s.has(q) {
			return c.Add(q, at)
		}
		return nil
	}))
	if stop := context.Cause(ctx); stop != nil {
		return nil, stop
	}
	var ps Problems
	if err != nil {
		if other := ps.Collect(err); other != nil {
			return nil, other
		}
	}
	ps = c.problems // the feed may tell of others, which were told before
	if complete(err) {
		c.order = slices.DeleteFunc(c.order, func(id quad.IRI) bool { return !s.claims[id] })
		ps = append(ps, c.unfinished()...)
	}
	return ps, nil
}

// feed hands over the quads that were found, without their places.
func (s *suspects) feed(_ context.Context, sink Sink) error {
	for _, q := range s.quads {
		var ignored Problems
		if err := ignored.Collect(sink.Add(q, Position{})); err != nil {
			return err
		}
	}
	return nil
}

// sayOnce adds problems that were not told yet.
func sayOnce(to, more Problems) Problems {
	told := map[string]bool{}
	for _, p := range to {
		told[strings.TrimSpace(p.Error())] = true
	}
	for _, p := range more {
		if text := strings.TrimSpace(p.Error()); !told[text] {
			told[text] = true
			to = append(to, p)
		}
	}
	return to
}
