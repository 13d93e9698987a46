package answers

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// A Choice is the part of the graph that somebody wants, in words. What is named is joined; nothing named
// is everything. What it is narrowed to must all be met.
type Choice struct {
	Entities       []string // with their surroundings
	Path           bool     // the shortest paths between the two entities instead
	Depth, PerNode int
	Direction      graph.Direction

	Question string     // the question asked, for the title; "" for none
	Claims   []quad.IRI // behind its answer

	Classes, Predicates, Sources, Places []string
	During                               graph.Span

	Preferred     bool // one value of each figure
	WithoutClaims bool // not who said what where
	StatedOnly    bool // not what the editors or a rule concluded
}

// A Chosen is a choice as the graph takes it.
type Chosen struct {
	graph.Selection

	Title string
	Empty bool             // a question or a path found nothing, and nothing else was asked for
	Why   string           // it is empty
	Cut   map[quad.IRI]int // what a bound left out; filled while the subgraph is read
}

// Choose looks up what a choice names.
func (r *Reader) Choose(ctx context.Context, o Choice) (*Chosen, error) {
	c := &Chosen{Cut: map[quad.IRI]int{}}
	c.Selection = graph.Selection{
		Depth: o.Depth, Direction: o.Direction, PerNode: o.PerNode, Claims: o.Claims, During: o.During,
		Cut:     func(entity quad.IRI, left int) { c.Cut[entity] += left },
		Derived: !o.StatedOnly, WithoutInferred: o.StatedOnly, Preferred: o.Preferred, WithoutClaims: o.WithoutClaims,
	}
	var names []string
	for _, text := range o.Entities {
		id, err := r.Store.Find(ctx, text)
		if err != nil {
			return nil, err
		}
		name, err := r.Store.NameOf(ctx, id)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		c.Entities = append(c.Entities, id)
	}
	if err := r.narrow(ctx, c, o); err != nil {
		return nil, err
	}
	switch {
	case o.Path:
		c.Title = "How " + names[0] + " and " + names[1] + " connect"
		if err := r.onPath(ctx, c); err != nil {
			return nil, err
		}
		c.Why = "no path between the two"
	case len(names) > 0:
		c.Title = "The surroundings of " + strings.Join(names, ", ")
	default:
		c.Title = "The graph"
	}
	if o.Question != "" {
		c.Why = "no rows"
		if len(names) == 0 {
			c.Title = "The answer to " + o.Question
		}
	}
	c.Empty = c.Why != "" && len(c.Entities) == 0 && len(c.Claims) == 0 && len(c.Facts) == 0
	return c, nil
}

// narrow looks up what is to be kept.
func (r *Reader) narrow(ctx context.Context, c *Chosen, o Choice) error {
	for _, word := range o.Classes {
		class, err := r.ClassNamed(word)
		if err != nil {
			return err
		}
		c.Classes = append(c.Classes, class.IRI)
	}
	for _, word := range o.Predicates {
		p, err := r.WalkedPredicate(word)
		if err != nil {
			return err
		}
		c.Predicates = append(c.Predicates, p)
	}
	for _, list := range []struct {
		words []string
		class quad.IRI
		to    *[]quad.IRI
	}{{o.Sources, "kg:Source", &c.Sources}, {o.Places, "kg:Location", &c.Places}} {
		for _, text := range list.words {
			id, err := r.Store.Find(ctx, text, list.class)
			if err != nil {
				return err
			}
			*list.to = append(*list.to, id)
		}
	}
	return nil
}

// onPath replaces the two entities by the facts of the shortest paths between them.
func (r *Reader) onPath(ctx context.Context, c *Chosen) error {
	answer, err := r.Store.Paths(ctx, c.Entities[0], c.Entities[1], graph.PathOptions{})
	if err != nil {
		return err
	}
	c.Entities = nil
	for _, path := range answer.Paths {
		for _, hop := range path {
			for _, fact := range hop.Facts {
				bare := fact.Fact(hop)
				for q, err := range r.Store.Match(ctx, graph.Pattern{Subject: bare.Subject, Predicate: bare.Predicate, Object: bare.Object}) {
					if err != nil {
						return err
					}
					c.Facts = append(c.Facts, q)
				}
			}
		}
	}
	return nil
}

// ClaimsIn lists the claims and derivations that stand in a table, sorted.
func ClaimsIn(t queries.Table) []quad.IRI {
	found := map[quad.IRI]bool{}
	for _, row := range t.Rows {
		for _, cell := range row {
			for _, v := range cell {
				if iri, ok := v.Term.(quad.IRI); ok && (graph.IsClaim(iri) || graph.IsDerivation(iri)) {
					found[iri] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}
