package graph

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// A Selection chooses the part of the graph that [Store.Subgraph] returns. The zero value chooses
// every stated quad: claims, gazetteer and schema.
type Selection struct {
	// Entities are where to start; none: everything.
	Entities []quad.IRI
	// Depth is how many facts away from an entity to go, in both directions; at least 1.
	Depth int
	// Claims chooses, beside the entities, the facts of these claims and derivations.
	Claims []quad.IRI
	// Derived adds what the program concluded, with its derivations.
	Derived bool
	// WithoutInferred leaves out what the editors concluded, and the claims under which it stands.
	WithoutInferred bool
}

func (sel Selection) everything() bool { return len(sel.Entities) == 0 && len(sel.Claims) == 0 }

// Subgraph returns the chosen facts, everything said about the claims and derivations under which
// they stand, and the names and classes of all they mention, sorted and without repeats. The whole
// subgraph is gathered in memory before the first quad is returned.
func (s *Store) Subgraph(ctx context.Context, sel Selection) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		g := gatherer{ctx: ctx, store: s, derived: sel.Derived, quads: map[quad.Quad]bool{}, described: map[quad.IRI]bool{}}
		err := g.leaveOut(sel)
		if err != nil {
			yield(quad.Quad{}, err)
			return
		}
		if sel.everything() {
			err = g.all()
		} else {
			err = g.around(sel)
		}
		if err != nil {
			yield(quad.Quad{}, err)
			return
		}
		gathered := slices.Collect(maps.Keys(g.quads))
		SortQuads(gathered)
		for _, q := range gathered {
			if !yield(q, nil) {
				return
			}
		}
	}
}

type gatherer struct {
	ctx       context.Context
	store     *Store
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

func (g *gatherer) all() error {
	for q, err := range g.store.Match(g.ctx, Pattern{}) {
		if err != nil {
			return err
		}
		if g.wanted(q) {
			g.quads[q] = true
		}
	}
	return nil
}

func (g *gatherer) around(sel Selection) error {
	frontier := slices.Clone(sel.Entities)
	reached := map[quad.IRI]bool{}
	for _, e := range frontier {
		reached[e] = true
	}
	for range max(1, sel.Depth) {
		var next []quad.IRI
		for _, entity := range frontier {
			for _, pattern := range []Pattern{{Subject: entity}, {Object: entity}} {
				ends, err := g.facts(pattern)
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
		}
		frontier = next
	}
	for _, claim := range sel.Claims {
		if _, err := g.facts(Pattern{Label: claim}); err != nil {
			return err
		}
	}
	return g.describe()
}

// facts adds the facts of a pattern and returns the entities at their ends. A fact about the world is
// followed; a claim's own facts, names and the schema are not.
func (g *gatherer) facts(p Pattern) ([]quad.IRI, error) {
	var ends []quad.IRI
	for q, err := range g.store.Match(g.ctx, p) {
		if err != nil {
			return nil, err
		}
		if q.Label == Provenance || q.Label == SchemaIn || !g.wanted(q) {
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
