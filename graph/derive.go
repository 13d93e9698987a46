package graph

import (
	"slices"

	"github.com/cayleygraph/quad"
)

// Derive concludes what follows from the facts: who cracked, took down, operated or exploited which
// platform and who only helped; what lies in what; which items are kinds of which; the platform of a
// seizure through its operation. It returns the derived quads, each labelled with a derivation of its
// own, and the derivations' facts (rule, supporting claims). Deprecated claims support nothing.
// The result does not depend on the order of the facts, and is sorted.
func Derive(schema *Schema, facts []quad.Quad) []quad.Quad {
	found := conclusions{}
	_ = conclude(schema, linksOf(facts), found.add) // neither of them has errors of its own
	return found.quads()
}

// linkPredicates lists the predicates that the rules read: what else is said concludes nothing.
func linkPredicates() map[quad.IRI]bool {
	list := map[quad.IRI]bool{
		"kg:targeted": true, "kg:usedDataOf": true, "kg:receivedDataFrom": true, "kg:fromPlatform": true, "kg:duringOperation": true,
		Kind: true, Within: true, Broader: true, RankIs: true, ValidUntil: true,
	}
	for _, r := range roleRules() {
		for _, p := range slices.Concat(r.direct, r.links) {
			list[p] = true
		}
	}
	for _, p := range orderedBy() {
		list[p] = true
	}
	return list
}

// conclude hands every conclusion to yield.
func conclude(schema *Schema, l links, yield func(conclusion) error) error {
	d := deriver{schema: schema, links: l, yield: yield}
	for _, rule := range []func() error{
		d.roles,
		d.received,
		func() error { return d.closure(Within, "kg:liesIn", "lies in what its place lies in") },
		func() error {
			return d.closure(Broader, "skos:broaderTransitive", "is a kind of what its kind is a kind of")
		},
		d.platformOfFigure,
	} {
		if err := rule(); err != nil {
			return err
		}
	}
	return nil
}

type deriver struct {
	schema *Schema
	links  links
	yield  func(conclusion) error
}

// conclude hands over a derived fact, or one more reason for it.
func (d *deriver) conclude(from, predicate, to quad.IRI, rule string, supports ...quad.IRI) error {
	supports = slices.DeleteFunc(supports, func(s quad.IRI) bool { return s == "" }) // the label of a fact that has none
	return d.yield(conclusion{edgeKey{from, predicate, to}, rule, supports})
}

func (d *deriver) roles() error {
	for _, r := range roleRules() {
		for _, p := range r.direct {
			err := d.links.all(p, func(e edge) error {
				if !d.is(e.from, agencyClass) || !d.is(e.to, platformClass) {
					return nil
				}
				return d.conclude(e.from, r.role, e.to, r.rule, e.label)
			})
			if err != nil {
				return err
			}
		}
		for _, p := range r.links {
			if err := d.links.all(p, func(link edge) error { return d.role(r, link) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// role concludes what an event or operation says of the agency that it links to.
func (d *deriver) role(r roleRule, link edge) error {
	if !d.is(link.to, agencyClass) {
		return nil
	}
	aimed, err := d.links.from(link.from, "kg:targeted")
	if err != nil {
		return err
	}
	if r.role == "kg:exploitedDataOf" {
		used, err := d.links.from(link.from, "kg:usedDataOf")
		if err != nil {
			return err
		}
		aimed = slices.Concat(aimed, used)
	}
	if len(aimed) == 0 {
		return nil
	}
	kinds, err := d.links.from(link.from, Kind)
	if err != nil {
		return err
	}
	kind, ok := d.kindOf(kinds, r.kinds)
	if !ok {
		return nil
	}
	for _, t := range aimed {
		if !d.is(t.to, platformClass) {
			continue
		}
		if err := d.conclude(link.to, r.role, t.to, r.rule, slices.Concat(kind, []quad.IRI{link.label, t.label})...); err != nil {
			return err
		}
	}
	return nil
}

// received concludes which agency was given the data of which platform.
func (d *deriver) received() error {
	return d.links.all("kg:receivedDataFrom", func(e edge) error {
		if !d.is(e.from, agencyClass) {
			return nil
		}
		targets, err := d.links.from(e.to, "kg:targeted")
		if err != nil {
			return err
		}
		for _, t := range targets {
			if !d.is(t.to, platformClass) {
				continue
			}
			if err := d.conclude(e.from, "kg:receivedData", t.to, "was given data by an operation or event that targeted it", e.label, t.label); err != nil {
				return err
			}
		}
		return nil
	})
}

// kindOf says whether one of a thing's kinds is wanted, and the claims that say so: none where it is the
// gazetteer's word, or any kind will do.
func (d *deriver) kindOf(kinds []edge, wanted []string) (claims []quad.IRI, ok bool) {
	if wanted == nil {
		return nil, true
	}
	for _, e := range kinds {
		if c, known := d.schema.Concept(e.to); known && slices.Contains(wanted, c.Word) {
			ok = true
			if IsClaim(e.label) {
				claims = append(claims, e.label)
			}
		}
	}
	return claims, ok
}

// closure follows step any number of times and concludes a fact for each place reached, supported by
// the labels along a shortest way. A step that has ended (the United Kingdom in the EU) is not taken.
func (d *deriver) closure(step, derived quad.IRI, rule string) error {
	steps := stepper{links: d.links, step: step, known: map[quad.IRI][]edge{}}
	return d.eachFrom(step, func(start quad.IRI, _ []edge) error {
		cameFrom := map[quad.IRI]quad.IRI{start: ""}
		queue := []quad.IRI{start}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			next, err := steps.from(at)
			if err != nil {
				return err
			}
			for _, e := range next {
				if _, seen := cameFrom[e.to]; !seen {
					cameFrom[e.to] = at
					queue = append(queue, e.to)
				}
			}
		}
		for reached := range cameFrom {
			if reached == start {
				continue
			}
			var labels []quad.IRI // of each step on the way; where several back one step, all of them
			for at := reached; at != start; at = cameFrom[at] {
				next, err := steps.from(cameFrom[at])
				if err != nil {
					return err
				}
				for _, e := range next {
					if e.to == at {
						labels = append(labels, e.label)
					}
				}
			}
			if err := d.conclude(start, derived, reached, rule, labels...); err != nil {
				return err
			}
		}
		return nil
	})
}

// A stepper remembers the steps from the places that were met lately: the upper ones are met from
// everywhere.
type stepper struct {
	links links
	step  quad.IRI
	known map[quad.IRI][]edge
}

// stepsKnown is how many places a stepper remembers.
const stepsKnown = 1 << 14

func (s *stepper) from(place quad.IRI) ([]edge, error) {
	if steps, ok := s.known[place]; ok {
		return steps, nil
	}
	all, err := s.links.from(place, s.step)
	if err != nil {
		return nil, err
	}
	var steps []edge
	for _, e := range all {
		ended, err := s.links.ended(e.label)
		if err != nil {
			return nil, err
		}
		if !ended {
			steps = append(steps, e)
		}
	}
	if len(s.known) >= stepsKnown {
		clear(s.known)
	}
	s.known[place] = steps
	return steps, nil
}

// eachFrom calls yield with each entity that has links of a predicate, and them.
func (d *deriver) eachFrom(predicate quad.IRI, yield func(from quad.IRI, edges []edge) error) error {
	var edges []edge
	err := d.links.all(predicate, func(e edge) error {
		if len(edges) > 0 && edges[0].from != e.from {
			if err := yield(edges[0].from, edges); err != nil {
				return err
			}
			edges = edges[:0]
		}
		edges = append(edges, e)
		return nil
	})
	if err != nil || len(edges) == 0 {
		return err
	}
	return yield(edges[0].from, edges)
}

// platformOfFigure ties a figure to the platform of its operation, where that targets just one and
// no document ties the figure to a platform itself. A figure of two operations that targeted different
// platforms is tied to neither: it would count for both.
func (d *deriver) platformOfFigure() error {
	return d.eachFrom("kg:duringOperation", func(figure quad.IRI, operations []edge) error {
		if !d.is(figure, "kg:Figure") {
			return nil // an event has no share in a platform's figures
		}
		if stated, err := d.links.from(figure, "kg:fromPlatform"); err != nil || len(stated) > 0 {
			return err
		}
		platforms := map[quad.IRI][]quad.IRI{} // with the labels that lead there
		for _, during := range operations {
			targets, err := d.links.from(during.to, "kg:targeted")
			if err != nil {
				return err
			}
			for _, t := range targets {
				if d.is(t.to, platformClass) {
					platforms[t.to] = append(platforms[t.to], during.label, t.label)
				}
			}
		}
		if len(platforms) != 1 {
			return nil
		}
		for p, labels := range platforms {
			return d.conclude(figure, "kg:fromPlatform", p, "belongs to an operation that targeted just this platform", labels...)
		}
		return nil
	})
}

const agencyClass, platformClass = quad.IRI("kg:Agency"), quad.IRI("kg:Platform")

// is says whether an entity's IRI puts it in the class, or in one that the class includes.
func (d *deriver) is(entity, class quad.IRI) bool {
	want, ok := d.schema.Class(class)
	if !ok {
		return false
	}
	c, ok := d.schema.ClassOf(entity)
	return ok && d.schema.IsA(c, want)
}
