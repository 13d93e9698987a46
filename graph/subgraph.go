package graph

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// A Selection chooses the part of the graph that [Store.Subgraph] returns. The zero value chooses
// every stated quad: claims, gazetteer and schema. Entities, Claims and Facts say where to start, and
// what is there is joined; Classes and what follows them narrow it, and a fact must meet them all.
type Selection struct {
	// Entities are where to start.
	Entities []quad.IRI
	// Depth is how many facts away from an entity to go; at least 1. The things at the edge come with
	// their numbers, dates and words.
	Depth int
	// Direction is the way in which facts are followed.
	Direction Direction
	// PerNode bounds how many facts a thing met on the way may bring, so that a hub does not bring
	// the graph with it; 0 for no bound. The entities where a walk starts are never cut.
	PerNode int
	// Cut, unless nil, is told which things had more facts than PerNode, and how many were left out.
	Cut func(entity quad.IRI, left int)

	// Claims chooses the facts of these claims and derivations, Facts these facts.
	Claims []quad.IRI
	Facts  []quad.Quad

	// Classes keeps facts about things of these classes, or of those that they include, on either end.
	Classes []quad.IRI
	// Predicates keeps facts under these predicates.
	Predicates []quad.IRI
	// Sources keeps facts under claims that were read in these documents.
	Sources []quad.IRI
	// Places keeps facts about things that are tied to these places, or to places in them, and about
	// what those things are tied to.
	Places []quad.IRI
	// During leaves out things that are known to have happened, or to have been counted, at another
	// time, with all facts about them. What has no date stays.
	During Span

	// Derived adds what the program concluded, with its derivations.
	Derived bool
	// WithoutInferred leaves out what the editors concluded, and the claims under which it stands.
	WithoutInferred bool
	// Preferred keeps one claim of those on one subject under a predicate that takes one value.
	Preferred bool
	// WithoutClaims leaves out the claims: facts stand in no graph, and nothing is said about them.
	WithoutClaims bool
}

func (sel Selection) everything() bool {
	return len(sel.Entities) == 0 && len(sel.Claims) == 0 && len(sel.Facts) == 0
}

// narrow says whether something is left out of what the start brings.
func (sel Selection) narrow() bool {
	return len(sel.Classes) > 0 || len(sel.Predicates) > 0 || len(sel.Sources) > 0 || len(sel.Places) > 0 || sel.During != Span{} || sel.Preferred
}

// Subgraph returns the chosen facts, everything said about the claims and derivations under which
// they stand, and the names and classes of all they mention, sorted and without repeats. The whole
// subgraph is gathered in memory before the first quad is returned.
func (s *Store) Subgraph(ctx context.Context, sel Selection) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		gathered, err := s.gather(ctx, sel)
		if err != nil {
			yield(quad.Quad{}, err)
			return
		}
		for _, q := range gathered {
			if !yield(q, nil) {
				return
			}
		}
	}
}

func (s *Store) gather(ctx context.Context, sel Selection) ([]quad.Quad, error) {
	g := gatherer{ctx: ctx, store: s, selection: sel, derived: sel.Derived, quads: map[quad.Quad]bool{}, described: map[quad.IRI]bool{}}
	if err := g.leaveOut(sel); err != nil {
		return nil, err
	}
	gathered, err := g.chosen(sel)
	if err != nil {
		return nil, err
	}
	if sel.WithoutClaims {
		gathered = withoutClaims(gathered)
	}
	SortQuads(gathered)
	return slices.Compact(gathered), nil
}

// chosen gathers the quads, in no order.
func (g *gatherer) chosen(sel Selection) ([]quad.Quad, error) {
	if sel.everything() && !sel.narrow() {
		return g.all()
	}
	start := g.world
	if !sel.everything() {
		start = func() error { return g.around(sel) }
	}
	for _, step := range []func() error{start, g.narrow, g.describe} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return slices.Collect(maps.Keys(g.quads)), nil
}

// withoutClaims takes the labels from facts, and what is said about claims and derivations away.
func withoutClaims(quads []quad.Quad) []quad.Quad {
	kept := quads[:0]
	for _, q := range quads {
		subject, _ := q.Subject.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		if IsClaim(subject) || IsDerivation(subject) {
			continue
		}
		if IsClaim(label) || IsDerivation(label) || label == Provenance {
			q.Label = nil
		}
		kept = append(kept, q)
	}
	return kept
}

type gatherer struct {
	ctx       context.Context
	store     *Store
	selection Selection
	derived   bool
	quads     map[quad.Quad]bool
	described map[quad.IRI]bool // entities and claims whose own facts have been gathered
	inferred  map[quad.IRI]bool // claims to leave out
}

// leaveOut finds the claims of the editors, where the selection is to do without.
func (g *gatherer) leaveOut(sel Selection) error {
	if !sel.WithoutInferred {
		return nil
	}
	g.inferred = map[quad.IRI]bool{}
	for q, err := range g.store.Match(g.ctx, Pattern{Predicate: Basis, Object: Inferred}) {
		if err != nil {
			return err
		}
		if claim, ok := q.Subject.(quad.IRI); ok {
			g.inferred[claim] = true
		}
	}
	return nil
}

// wanted says whether a quad belongs into the subgraph at all.
func (g *gatherer) wanted(q quad.Quad) bool {
	label, _ := q.Label.(quad.IRI)
	subject, _ := q.Subject.(quad.IRI)
	if g.inferred[label] || g.inferred[subject] {
		return false
	}
	return g.derived || !IsDerivation(label) && !IsDerivation(subject)
}

// all lists the whole graph. No store has a quad twice, so that none needs to be remembered.
func (g *gatherer) all() ([]quad.Quad, error) {
	var all []quad.Quad
	for q, err := range g.store.Match(g.ctx, Pattern{}) {
		if err != nil {
			return nil, err
		}
		if g.wanted(q) {
			all = append(all, q)
		}
	}
	return all, nil
}

func (g *gatherer) around(sel Selection) error {
	frontier := slices.Clone(sel.Entities)
	reached := map[quad.IRI]bool{}
	for _, e := range frontier {
		reached[e] = true
	}
	bound := 0 // what was asked for is not cut
	for range max(1, sel.Depth) {
		var next []quad.IRI
		for _, entity := range frontier {
			ends, err := g.factsOf(entity, bound)
			if err != nil {
				return err
			}
			for _, end := range ends {
				if !reached[end] {
					reached[end] = true
					next = append(next, end)
				}
			}
		}
		frontier, bound = next, sel.PerNode
	}
	if sel.Direction != Backward {
		for _, entity := range frontier {
			if err := g.attributes(entity); err != nil {
				return err
			}
		}
	}
	for _, claim := range sel.Claims {
		if _, err := g.facts(Pattern{Label: claim}, nil); err != nil {
			return err
		}
	}
	for _, q := range sel.Facts {
		if g.wanted(q) {
			g.quads[q] = true
		}
	}
	return nil
}

// attributes adds the numbers, dates and words of an entity at the edge of a subgraph: a seizure
// without its quantity would tell nobody anything.
func (g *gatherer) attributes(entity quad.IRI) error {
	for q, err := range g.store.Match(g.ctx, Pattern{Subject: entity}) {
		if err != nil {
			return err
		}
		object, isIRI := q.Object.(quad.IRI)
		if q.Label != Provenance && q.Label != SchemaIn && g.wanted(q) && !(isIRI && g.isEntity(object)) {
			g.quads[q] = true
		}
	}
	return nil
}

// factsOf adds the facts of an entity that are to be followed, and returns the entities at their ends.
// A bound above 0 is how many of them to add.
func (g *gatherer) factsOf(entity quad.IRI, bound int) ([]quad.IRI, error) {
	var patterns []Pattern
	if g.selection.Direction != Backward {
		patterns = append(patterns, Pattern{Subject: entity})
	}
	if g.selection.Direction != Forward {
		patterns = append(patterns, Pattern{Object: entity})
	}
	var ends []quad.IRI
	taken, left := 0, 0
	var room func() bool
	if bound > 0 {
		room = func() bool {
			if taken < bound {
				taken++
				return true
			}
			left++
			return false
		}
	}
	for _, pattern := range patterns {
		found, err := g.facts(pattern, room)
		if err != nil {
			return nil, err
		}
		ends = append(ends, found...)
	}
	if left > 0 && g.selection.Cut != nil {
		g.selection.Cut(entity, left)
	}
	return ends, nil
}

// facts adds the facts of a pattern and returns the entities at their ends. A fact about the world is
// followed; a claim's own facts, names and the schema are not. room, unless nil, says of each new fact
// whether there is room for it.
func (g *gatherer) facts(p Pattern, room func() bool) ([]quad.IRI, error) {
	var ends []quad.IRI
	matches := g.store.Match(g.ctx, p)
	if room != nil { // which facts there is room for must not depend on the store
		quads, err := g.store.sorted(g.ctx, p)
		if err != nil {
			return nil, err
		}
		matches = func(yield func(quad.Quad, error) bool) {
			for _, q := range quads {
				if !yield(q, nil) {
					return
				}
			}
		}
	}
	for q, err := range matches {
		if err != nil {
			return nil, err
		}
		if q.Label == Provenance || q.Label == SchemaIn || !g.wanted(q) {
			continue
		}
		if room != nil && !g.quads[q] && !room() {
			continue
		}
		g.quads[q] = true
		for _, v := range []quad.Value{q.Subject, q.Object} {
			if iri, ok := v.(quad.IRI); ok && g.isEntity(iri) {
				ends = append(ends, iri)
			}
		}
	}
	return ends, nil
}

// isEntity says whether an IRI is a thing of the graph and no class, concept or word.
func (g *gatherer) isEntity(iri quad.IRI) bool {
	_, ok := g.store.Schema().ClassOf(iri)
	return ok
}

// describe adds what is said about every claim, and the name and class of every entity, that the
// gathered quads mention, until nothing new is mentioned.
func (g *gatherer) describe() error {
	for {
		var fresh []quad.IRI
		for q := range g.quads {
			for _, v := range []quad.Value{q.Subject, q.Object, q.Label} {
				if iri, ok := v.(quad.IRI); ok && !g.described[iri] && g.isEntity(iri) {
					g.described[iri] = true
					fresh = append(fresh, iri)
				}
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		for _, iri := range fresh {
			for q, err := range g.store.Match(g.ctx, Pattern{Subject: iri}) {
				if err != nil {
					return err
				}
				if g.describes(q) && g.wanted(q) {
					g.quads[q] = true
				}
			}
		}
	}
}

// describes says whether a quad belongs to the description of its subject: all about claims and
// documents; of other entities their class, kind and names.
func (g *gatherer) describes(q quad.Quad) bool {
	if q.Label == Provenance {
		return true
	}
	if q.Label != Gazetteer {
		return false
	}
	switch q.Predicate {
	case Type, Kind, Name, AltLabel:
		return true
	}
	subject, _ := q.Subject.(quad.IRI)
	class, ok := g.store.Schema().ClassOf(subject)
	return ok && class.Path == "source"
}
