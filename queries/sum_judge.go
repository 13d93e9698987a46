package queries

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// judge decides which figures of each pile are added.
func (s *summing) judge() {
	for _, t := range s.piles {
		slices.Sort(t.order)
		for _, id := range t.order {
			f := t.figures[id]
			slices.SortFunc(f.claims, func(a, b graph.Claim) int { return strings.Compare(string(a.ID), string(b.ID)) })
			f.choose(s.w)
		}
		for _, id := range t.order {
			if f := t.figures[id]; f.dropped == "" {
				f.dropped = s.together(t, f)
			}
		}
		s.settle(t)
	}
	for _, t := range s.piles {
		for _, f := range t.figures {
			if f.dropped == "" {
				s.counted[f.best.ID] = s.amount(t, f.best).Plain()
			}
		}
	}
	for _, t := range s.piles {
		for _, id := range t.order {
			s.list(t, t.figures[id])
		}
	}
}

// settle leaves no two figures of a pile that count, or may count, the same. Where a total is broken down,
// figures that stand in the breakdown come first: a worldwide total yields to the countries.
func (s *summing) settle(t *pile) {
	var waiting []quad.IRI
	for _, id := range t.order {
		if f := t.figures[id]; f.dropped == "" && s.missingKey(id) != "" {
			f.dropped = "waits for those that say more"
			waiting = append(waiting, id)
		}
	}
	settle := func() {
		s.contained(t)
		s.disputing(t)
		s.overlapping(t)
	}
	settle()
	if len(waiting) == 0 {
		return
	}
	var counted []quad.IRI
	for _, id := range t.order {
		if t.figures[id].dropped == "" {
			counted = append(counted, id)
		}
	}
	for _, id := range waiting {
		f := t.figures[id]
		f.dropped = s.yields(id, counted)
		f.possible = f.dropped != ""
	}
	settle()
}

// missingKey names what a figure does not say of what the total is broken down by, "" for nothing.
func (s *summing) missingKey(id quad.IRI) string {
	if s.lacks == nil {
		return ""
	}
	return s.lacks(id)
}

// yields says why a figure that stands nowhere in the breakdown is left out beside those that do.
func (s *summing) yields(id quad.IRI, counted []quad.IRI) string {
	var same []quad.IRI
	for _, other := range counted {
		within := func(a, b quad.IRI) bool {
			return slices.ContainsFunc(s.containers(a), func(c container) bool { return c.figure == b })
		}
		disputed := slices.Contains(s.w.objects(id, "kg:disputes"), other) || slices.Contains(s.w.objects(other, "kg:disputes"), id)
		if within(id, other) || within(other, id) || disputed || (s.isTotal(id) || s.isTotal(other)) && s.mayOverlap(id, other) {
			same = append(same, other)
		}
	}
	if len(same) == 0 {
		return ""
	}
	return "gives no " + s.missingKey(id) + ", and may count the same as " + s.namesOf(same) + ", of which it is given and which count"
}

// choose takes the preferred of a figure's claims that can be added.
func (f *summand) choose(w *world) {
	var own []graph.Claim
	for _, c := range f.claims {
		if c.ConvertedFrom == "" && c.Rank != graph.Deprecated {
			own = append(own, c)
		}
	}
	if len(own) == 0 {
		f.dropped = "a conversion printed in the document; what it was converted from is counted in its own unit"
		return
	}
	f.best, _ = graph.Prefer(own, w.document)
	if _, f.number = f.best.Object.(quad.Int); f.number {
		return
	}
	switch f.best.Object {
	case graph.NoValue:
		f.dropped = "the document says that there was none"
	case graph.Withheld:
		f.dropped = "the number is withheld"
	default:
		f.dropped = "no number given"
	}
}

// together says why a figure that counts several items as one cannot stand under a single item.
func (s *summing) together(t *pile, f *summand) string {
	items := s.w.objects(f.figure, "kg:item")
	if len(items) < 2 {
		return ""
	}
	for _, k := range t.keys {
		key, _ := k.Term.(quad.IRI)
		if c, ok := s.w.schema.ClassOf(key); !ok || c.Name != "Item" {
			continue
		}
		for _, item := range items {
			if item != key && !slices.Contains(s.w.objects(item, "skos:broaderTransitive"), key) {
				names := make([]string, len(items))
				for i, item := range items {
					names[i] = s.w.name(item)
				}
				slices.Sort(names)
				return "counts " + strings.Join(names, " and ") + " together"
			}
		}
	}
	return ""
}

// contained drops the figures that lie within another one that is added: parts of a whole, earlier
// totals of a series, and both in any sequence.
func (s *summing) contained(t *pile) {
	counts := func(id quad.IRI) bool { f := t.figures[id]; return f != nil && f.dropped == "" }
	reasons := map[quad.IRI]string{}
	for _, id := range t.order {
		if !counts(id) {
			continue
		}
		for _, c := range s.containers(id) {
			if !counts(c.figure) {
				continue
			}
			if slices.ContainsFunc(s.containers(c.figure), func(back container) bool { return back.figure == id }) && id < c.figure {
				continue // each within the other: the facts are wrong, and the first one is added
			}
			reasons[id] = "part of " + s.w.name(c.figure) + ", which is counted"
			if c.series {
				reasons[id] = "an earlier total of the series; " + s.w.name(c.figure) + " is counted"
			}
			break
		}
	}
	for id, reason := range reasons {
		t.figures[id].dropped = reason
	}
	s.outermost(t, reasons)
}

// outermost lets a reason name a figure that is added itself: the part of a part is part of the whole.
func (s *summing) outermost(t *pile, reasons map[quad.IRI]string) {
	for id := range reasons {
		for _, c := range s.containers(id) {
			if f := t.figures[c.figure]; f == nil || f.dropped != "" {
				continue
			}
			t.figures[id].dropped = "part of " + s.w.name(c.figure) + ", which is counted"
			if c.series {
				t.figures[id].dropped = "an earlier total of the series; " + s.w.name(c.figure) + " is counted"
			}
			break
		}
	}
}

// A container is a figure that includes another.
type container struct {
	figure quad.IRI
	series bool // reached by the series alone
}

// containers lists the figures that include one, the nearest first.
func (s *summing) containers(figure quad.IRI) []container {
	var found []container
	seen := map[quad.IRI]bool{figure: true}
	queue := []container{{figure, true}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		step := func(predicate quad.IRI, series bool) {
			for _, next := range s.w.objects(at.figure, predicate) {
				if !seen[next] {
					seen[next] = true
					c := container{next, series}
					found = append(found, c)
					queue = append(queue, c)
				}
			}
		}
		step(graph.NextInSeries, at.series)
		step(graph.PartOf, false)
	}
	return found
}

// disputing drops a figure that only disputes what another one counts: it is the same number.
func (s *summing) disputing(t *pile) {
	for _, id := range t.order {
		if t.figures[id].dropped != "" {
			continue
		}
		for _, other := range s.w.objects(id, "kg:disputes") {
			if f := t.figures[other]; f != nil && f.dropped == "" && other != id {
				t.figures[id].dropped = "disputes what " + s.w.name(other) + " counts, which is counted"
				break
			}
		}
	}
}
