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
	s.elsewhere()
	for _, t := range s.piles {
		for _, f := range t.figures {
			if f.dropped != "" && !s.stands(t, f) {
				f.dropped = f.instead
			}
		}
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
	s.settled(t)
	if len(waiting) > 0 {
		for _, id := range waiting {
			s.yields(t, id)
		}
		s.settled(t)
	}
}

// stands says whether what a figure was dropped for is added, in its pile or in another currency.
func (s *summing) stands(t *pile, f *summand) bool {
	return t.counts(f.dueTo) || slices.ContainsFunc(s.currencies(t), func(other *pile) bool { return other.counts(f.dueTo) })
}

// currencies lists the piles of what a pile adds up, in other currencies.
func (s *summing) currencies(t *pile) []*pile {
	var list []*pile
	for _, other := range s.piles {
		same := slices.EqualFunc(t.keys, other.keys, func(a, b Value) bool { return a.key() == b.key() })
		if other != t && same && t.measure.Money != "" && other.measure.Money == t.measure.Money {
			list = append(list, other)
		}
	}
	return list
}

// elsewhere leaves no two figures in two currencies of which one includes the other, and none in both:
// whoever reads both totals would count it twice.
func (s *summing) elsewhere() {
	for _, t := range s.piles {
		for _, other := range s.currencies(t) {
			for _, id := range t.order {
				if f := t.figures[id]; f.dropped == "" {
					s.acrossCurrencies(t, other, f)
				}
			}
		}
	}
}

// acrossCurrencies drops a figure that is added in another currency as well, or within a greater one; the
// greater one where it stands nowhere in the breakdown.
func (s *summing) acrossCurrencies(t, other *pile, f *summand) {
	if twin := other.figures[f.figure]; twin != nil && twin.dropped == "" {
		if best, _ := graph.Prefer([]graph.Claim{f.best, twin.best}, s.w.document); best.ID == twin.best.ID {
			why := "the same figure; " + s.amount(other, twin.best).Plain()
			f.yield([]quad.IRI{f.figure}, why+" is counted", why+" is preferred")
		}
		return
	}
	for _, c := range s.containers(f.figure) {
		if !other.counts([]quad.IRI{c.figure}) {
			continue
		}
		whole := other.figures[c.figure]
		if missing := s.missingKey(c.figure); missing != "" && s.missingKey(f.figure) == "" {
			why := "gives no " + missing + ", and includes " + s.w.name(f.figure) + ", of which it is given"
			whole.possible = true
			whole.yield([]quad.IRI{f.figure}, why+" and which counts, in "+s.currency(t), why)
			continue
		}
		f.within(s.w, c)
		f.dropped += ", in " + s.currency(other)
		return
	}
}

// currency is that of a pile: GBP.
func (s *summing) currency(t *pile) string {
	if u, ok := s.w.schema.Unit(t.measure.Unit); ok {
		return u.Name
	}
	return t.measure.Unit
}

// settled leaves no two figures of a pile that count, or may count, the same, of those that are not
// dropped. What was dropped for a figure that is dropped itself in the end is looked at once more: the
// parts of a total that yields to others may count beside those.
func (s *summing) settled(t *pile) {
	for again := true; again; {
		s.contained(t)
		s.disputing(t)
		s.overlapping(t)
		again = false
		for _, id := range t.order {
			f := t.figures[id]
			if f.dropped == "" || f.looks >= looksAtMost || t.counts(f.dueTo) {
				continue
			}
			f.dropped, f.possible, f.dueTo = "", false, nil
			f.looks++
			if s.missingKey(id) != "" {
				s.yields(t, id)
			}
			again = true
		}
	}
}

// counts says whether all of some figures are added.
func (t *pile) counts(ids []quad.IRI) bool {
	return !slices.ContainsFunc(ids, func(id quad.IRI) bool {
		f := t.figures[id]
		return f == nil || f.dropped != ""
	})
}

// missingKey names what a figure does not say of what the total is broken down by, "" for nothing.
func (s *summing) missingKey(id quad.IRI) string {
	if s.lacks == nil {
		return ""
	}
	return s.lacks(id)
}

// yields drops a figure that stands nowhere in the breakdown where those that do, and are added, may count
// the same.
func (s *summing) yields(t *pile, id quad.IRI) {
	f := t.figures[id]
	f.dropped = ""
	var same []quad.IRI
	for _, other := range t.order {
		if other == id || t.figures[other].dropped != "" || s.missingKey(other) != "" {
			continue
		}
		within := func(a, b quad.IRI) bool {
			return slices.ContainsFunc(s.containers(a), func(c container) bool { return c.figure == b })
		}
		disputed := slices.Contains(s.w.objects(id, "kg:disputes"), other) || slices.Contains(s.w.objects(other, "kg:disputes"), id)
		if within(id, other) || within(other, id) || disputed || (s.isTotal(id) || s.isTotal(other)) && s.mayOverlap(id, other) {
			same = append(same, other)
		}
	}
	if len(same) > 0 {
		why := "gives no " + s.missingKey(id) + ", and may count the same as " + s.namesOf(same) + ", of which it is given"
		f.possible = true
		f.yield(same, why+" and which count", why)
	}
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
		f.dropped = "a conversion printed in the document; what it was converted from stands in its own unit"
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
	within := map[quad.IRI]container{}
	for _, id := range t.order {
		if t.figures[id].dropped != "" {
			continue
		}
		for _, c := range s.containers(id) {
			if !t.counts([]quad.IRI{c.figure}) {
				continue
			}
			if slices.ContainsFunc(s.containers(c.figure), func(back container) bool { return back.figure == id }) && id < c.figure {
				continue // each within the other: the facts are wrong, and the first one is added
			}
			within[id] = c
			break
		}
	}
	for id, c := range within {
		t.figures[id].within(s.w, c)
	}
	for id := range within { // the part of a part is part of the whole, which is added
		for _, c := range s.containers(id) {
			if t.counts([]quad.IRI{c.figure}) {
				t.figures[id].within(s.w, c)
				break
			}
		}
	}
}

// within drops a figure because of one that includes it.
func (f *summand) within(w *world, c container) {
	whole := w.name(c.figure)
	if c.series {
		f.looks = looksAtMost // what came after it stands for the series, added or not
		f.yield([]quad.IRI{c.figure}, "an earlier total of the series; "+whole+" is counted", "an earlier total of the series of "+whole+", which is left out itself")
		return
	}
	f.yield([]quad.IRI{c.figure}, "part of "+whole+", which is counted", "part of "+whole+", which is left out itself")
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
				what := "disputes what " + s.w.name(other) + " counts, which is "
				t.figures[id].yield([]quad.IRI{other}, what+"counted", what+"left out itself")
				break
			}
		}
	}
}
