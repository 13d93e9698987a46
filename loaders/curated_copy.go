package loaders

import (
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// checkCopy keeps what repeats another among its own kind, where the predicate takes anything: a document
// repeats a document, not itself, and, once all rows are known, none that repeats it in turn. At is where
// v was read.
func (r *entityRow) checkCopy(p *graph.Predicate, v quad.Value, at graph.Position) *graph.Problem {
	iri, ok := v.(quad.IRI)
	if p.IRI != graph.DerivedFrom || !ok {
		return nil
	}
	if iri == r.iri {
		return &graph.Problem{Want: "another " + r.class.Label, Found: foundCell(written(iri)) + ", the row itself"}
	}
	if problem := r.ofClass(iri, []*graph.Class{r.class}, "that it repeats"); problem != nil {
		return problem
	}
	c, self := r.curator, r.iri
	c.repeats[self] = append(c.repeats[self], iri)
	c.later = append(c.later, func() *graph.Problem {
		if !c.comesFrom(iri, self) {
			return nil
		}
		return &graph.Problem{
			At: at, Want: "one that does not repeat " + written(self) + " in turn", Found: written(iri),
			Hint: "decide which of them was there first",
		}
	})
	return nil
}

// comesFrom says whether a document repeats another, directly or by way of others.
func (c *curator) comesFrom(document, other quad.IRI) bool {
	seen := []quad.IRI{document}
	for i := 0; i < len(seen); i++ {
		for _, next := range c.repeats[seen[i]] {
			if next == other {
				return true
			}
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return false
}
