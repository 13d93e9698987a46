package graph

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// circles lists the circles among the links that order things: a place within itself, a figure that is
// part of its own part, a series that never ends. Sums and closures have no answer on them. Each circle
// is told once, with the places of its links as far as they are known.
func circles(facts []quad.Quad, at func(quad.Quad) Position) Problems {
	next := map[quad.IRI]map[quad.IRI][]edge{}
	for _, p := range orderedBy() {
		next[p] = nil
	}
	for _, q := range facts {
		p, _ := q.Predicate.(quad.IRI)
		if _, ordered := next[p]; !ordered {
			continue
		}
		from, ok1 := q.Subject.(quad.IRI)
		to, ok2 := q.Object.(quad.IRI)
		if !ok1 || !ok2 {
			continue
		}
		if next[p] == nil {
			next[p] = map[quad.IRI][]edge{}
		}
		label, _ := q.Label.(quad.IRI)
		next[p][from] = append(next[p][from], edge{from, to, label})
	}
	var problems Problems
	for _, p := range sortedKeys(next) {
		for _, circle := range circlesOf(next[p]) {
			names := make([]string, 0, len(circle)+1)
			var places []Position
			for _, e := range circle {
				names = append(names, string(e.from))
				link := quad.Quad{Subject: e.from, Predicate: p, Object: e.to}
				if e.label != "" {
					link.Label = e.label
				}
				if place := at(link); place != (Position{}) && !slices.Contains(places, place) {
					places = append(places, place)
				}
			}
			names = append(names, string(circle[0].from))
			problem := &Problem{
				Want: "no circle of " + string(p), Found: strings.Join(names, " → "), Hint: "one of these links is wrong",
			}
			if len(places) > 0 {
				problem.At = places[0]
			}
			if len(places) > 1 {
				problem.Hint += "; the others stand at " + positions(places[1:])
			}
			problems = append(problems, problem)
		}
	}
	return problems
}

// positions lists places, the first few where there are many.
func positions(places []Position) string {
	const few = 5
	list := make([]string, 0, few+1)
	for i, place := range places {
		if i == few {
			list = append(list, "…")
			break
		}
		list = append(list, place.String())
	}
	return strings.Join(list, ", ")
}

// orderedBy lists the predicates that put things in order.
func orderedBy() []quad.IRI { return []quad.IRI{Within, Broader, PartOf, NextInSeries, "kg:precedes"} }

func sortedKeys[V any](m map[quad.IRI]V) []quad.IRI {
	keys := make([]quad.IRI, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// circlesOf walks every link once, depth first, and returns a circle for each link that leads back to
// the way that is being walked.
func circlesOf(next map[quad.IRI][]edge) [][]edge {
	const onTheWay, done = 1, 2
	state := map[quad.IRI]int{}
	var found [][]edge
	for _, start := range sortedKeys(next) {
		if state[start] != 0 {
			continue
		}
		var way []edge                // the links walked to get here
		left := [][]edge{next[start]} // of each node on the way, the links not yet walked
		state[start] = onTheWay
		for len(left) > 0 {
			last := len(left) - 1
			if len(left[last]) == 0 {
				left = left[:last]
				if last == 0 {
					state[start] = done
					break
				}
				state[way[last-1].to] = done
				way = way[:last-1]
				continue
			}
			e := left[last][0]
			left[last] = left[last][1:]
			switch state[e.to] {
			case onTheWay:
				first := slices.IndexFunc(way, func(w edge) bool { return w.from == e.to })
				circle := []edge{e}
				if first >= 0 {
					circle = append(slices.Clone(way[first:]), e)
				}
				found = append(found, circle)
			case done:
			default:
				state[e.to] = onTheWay
				way = append(way, e)
				left = append(left, next[e.to])
			}
		}
	}
	return found
}
