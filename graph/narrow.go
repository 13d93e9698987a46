package graph

import (
	"cmp"
	"slices"

	"github.com/cayleygraph/quad"
)

// world gathers the facts about the world: claims, derivations and the gazetteer, without what is said
// about claims and without the schema.
func (g *gatherer) world() error {
	for q, err := range g.store.Match(g.ctx, Pattern{}) {
		if err != nil {
			return err
		}
		if q.Label != Provenance && q.Label != SchemaIn && g.wanted(q) && g.meets(q) {
			g.quads[q] = true
		}
	}
	return nil
}

// narrow leaves out what the selection does not want of the facts that were gathered.
func (g *gatherer) narrow() error {
	if !g.selection.narrow() {
		return nil
	}
	var sources map[quad.IRI]bool
	if len(g.selection.Sources) > 0 {
		var err error
		if sources, err = g.claimsReadIn(); err != nil {
			return err
		}
	}
	for q := range g.quads {
		label, _ := q.Label.(quad.IRI)
		if !g.meets(q) || sources != nil && !sources[label] {
			delete(g.quads, q)
		}
	}
	if err := g.leaveOtherPlaces(); err != nil {
		return err
	}
	if err := g.leaveOtherTimes(); err != nil {
		return err
	}
	if g.selection.Preferred {
		return g.prefer()
	}
	return nil
}

// meets says whether a fact has the class and the predicate that are wanted.
func (g *gatherer) meets(q quad.Quad) bool {
	predicate, _ := q.Predicate.(quad.IRI)
	if wanted := g.selection.Predicates; len(wanted) > 0 && !slices.Contains(wanted, predicate) {
		return false
	}
	if len(g.selection.Classes) == 0 {
		return true
	}
	return g.ofClass(q.Subject) || g.ofClass(q.Object)
}

func (g *gatherer) ofClass(v quad.Value) bool {
	iri, ok := v.(quad.IRI)
	if !ok {
		return false
	}
	class, ok := g.store.schema.ClassOf(iri)
	return ok && slices.ContainsFunc(g.selection.Classes, func(want quad.IRI) bool {
		w, ok := g.store.schema.Class(want)
		return ok && g.store.schema.IsA(class, w)
	})
}

// claimsReadIn finds the claims that the wanted documents back.
func (g *gatherer) claimsReadIn() (map[quad.IRI]bool, error) {
	found := map[quad.IRI]bool{}
	for _, source := range g.selection.Sources {
		for q, err := range g.store.Match(g.ctx, Pattern{Predicate: ReadIn, Object: source}) {
			if err != nil {
				return nil, err
			}
			if claim, ok := q.Subject.(quad.IRI); ok {
				found[claim] = true
			}
		}
	}
	return found, nil
}

// leaveOtherPlaces keeps the facts about things at the wanted places.
func (g *gatherer) leaveOtherPlaces() error {
	if len(g.selection.Places) == 0 {
		return nil
	}
	places := map[quad.IRI]bool{}
	queue := slices.Clone(g.selection.Places)
	for len(queue) > 0 {
		place := queue[0]
		queue = queue[1:]
		if places[place] {
			continue
		}
		places[place] = true
		inside, err := g.subjects(Pattern{Predicate: Within, Object: place})
		if err != nil {
			return err
		}
		queue = append(queue, inside...)
	}
	there := map[quad.IRI]bool{}
	for place := range places {
		things, err := g.subjects(Pattern{Predicate: quad.IRI("kg:place"), Object: place})
		if err != nil {
			return err
		}
		for _, thing := range things {
			there[thing] = true
		}
	}
	for q := range g.quads {
		subject, _ := q.Subject.(quad.IRI)
		object, _ := q.Object.(quad.IRI)
		if !there[subject] && !there[object] {
			delete(g.quads, q)
		}
	}
	return nil
}

// subjects lists the things of which a pattern holds.
func (g *gatherer) subjects(p Pattern) ([]quad.IRI, error) {
	var list []quad.IRI
	for q, err := range g.store.Match(g.ctx, p) {
		if err != nil {
			return nil, err
		}
		if iri, ok := q.Subject.(quad.IRI); ok && g.wanted(q) {
			list = append(list, iri)
		}
	}
	return list, nil
}

// leaveOtherTimes leaves out the facts about things that were at another time.
func (g *gatherer) leaveOtherTimes() error {
	if g.selection.During == (Span{}) {
		return nil
	}
	outside := map[quad.IRI]bool{}
	known := map[quad.IRI]bool{}
	for q := range g.quads {
		for _, v := range []quad.Value{q.Subject, q.Object} {
			iri, ok := v.(quad.IRI)
			if !ok || known[iri] || !g.isEntity(iri) {
				continue
			}
			known[iri] = true
			span, dated, err := g.timeOf(iri)
			if err != nil {
				return err
			}
			outside[iri] = dated && !span.Overlaps(g.selection.During)
		}
	}
	for q := range g.quads {
		subject, _ := q.Subject.(quad.IRI)
		object, _ := q.Object.(quad.IRI)
		if outside[subject] || outside[object] {
			delete(g.quads, q)
		}
	}
	return nil
}

// timeOf is the time that the claims on a thing give it, from the earliest beginning to the latest end
// that any of them states: two documents that disagree widen it.
func (g *gatherer) timeOf(entity quad.IRI) (span Span, dated bool, err error) {
	for q, err := range g.store.Match(g.ctx, Pattern{Subject: entity}) {
		if err != nil {
			return Span{}, false, err
		}
		date, ok := DateOf(q.Object)
		if !ok {
			continue
		}
		switch q.Predicate {
		case StartDate, EndDate, quad.IRI("kg:asOf"), quad.IRI("kg:announcedOn"):
		default:
			continue
		}
		if !dated || date.First().Before(span.From.First()) {
			span.From = date
		}
		if !dated || date.Last().After(span.Until.Last()) {
			span.Until = date
		}
		dated = true
	}
	return span, dated, nil
}

// prefer keeps, of claims on one subject under a predicate that takes one value, the preferred one.
func (g *gatherer) prefer() error {
	type figure struct{ subject, predicate quad.IRI }
	by := map[figure][]quad.Quad{}
	for q := range g.quads {
		label, _ := q.Label.(quad.IRI)
		subject, _ := q.Subject.(quad.IRI)
		predicate, _ := q.Predicate.(quad.IRI)
		if p, ok := g.store.schema.Predicate(predicate); !ok || p.Many || !IsClaim(label) {
			continue
		}
		by[figure{subject, predicate}] = append(by[figure{subject, predicate}], q)
	}
	documents := map[quad.IRI]Document{}
	for _, quads := range by {
		if len(quads) < 2 {
			continue
		}
		slices.SortFunc(quads, func(a, b quad.Quad) int {
			return cmp.Compare(quad.StringOf(a.Label), quad.StringOf(b.Label))
		})
		var claims []Claim
		for _, q := range quads {
			c, err := g.store.claimOn(g.ctx, q)
			if err != nil {
				return err
			}
			if _, ok := documents[c.Source]; !ok {
				if documents[c.Source], err = g.store.Document(g.ctx, c.Source); err != nil {
					return err
				}
			}
			claims = append(claims, c)
		}
		best, _ := Prefer(claims, func(id quad.IRI) Document { return documents[id] })
		for _, q := range quads {
			if q.Label != best.ID {
				delete(g.quads, q)
			}
		}
	}
	return nil
}
