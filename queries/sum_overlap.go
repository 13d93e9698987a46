package queries

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// overlapping drops figures that may count the same things as another one that is added, where no
// document says that they are parts of each other and nothing proves them apart. One of the two at
// least is a total: two single seizures are two. A total that is not smaller than all that it may
// overlap with is added, and those are left out; else they are, and the total is left out. Either way
// the sum is of what cannot be the same, and the true one may be more.
func (s *summing) overlapping(t *pile) {
	var totals []quad.IRI
	for _, id := range t.order {
		if t.figures[id].dropped == "" && s.isTotal(id) {
			totals = append(totals, id)
		}
	}
	size := func(id quad.IRI) int64 { return int64(t.figures[id].best.Object.(quad.Int)) }
	slices.SortStableFunc(totals, func(a, b quad.IRI) int { return cmp.Compare(size(b), size(a)) })
	for _, total := range totals {
		if t.figures[total].dropped != "" {
			continue
		}
		var same []quad.IRI
		for _, id := range t.order {
			if id != total && t.figures[id].dropped == "" && s.mayOverlap(total, id) {
				same = append(same, id)
			}
		}
		if len(same) == 0 {
			continue
		}
		slices.SortStableFunc(same, func(a, b quad.IRI) int { return cmp.Compare(size(b), size(a)) })
		apart, sum := s.apartFrom(same, size)
		if sum > size(total) && len(apart) > 1 {
			t.figures[total].possible = true
			same := "may count the same as " + s.namesOf(apart) + ", which come to more"
			const unsaid = ": no document says whether they are parts of it"
			t.figures[total].yield(apart, same+" and are counted"+unsaid, same+unsaid)
			continue
		}
		for _, id := range same {
			if size(id) > size(total) {
				t.figures[total].maybeIn(s.w, id)
				break
			}
			t.figures[id].maybeIn(s.w, total)
		}
	}
}

// maybeIn drops a figure because a larger one may include it.
func (f *summand) maybeIn(w *world, larger quad.IRI) {
	in := "may be counted in " + w.name(larger) + " already, which is larger"
	const unsaid = ": no document says whether it is a part of it"
	f.possible = true
	f.yield([]quad.IRI{larger}, in+" and is counted"+unsaid, in+unsaid)
}

// apartFrom takes figures, the largest first, that do not overlap with one another, and adds them up.
func (s *summing) apartFrom(figures []quad.IRI, size func(quad.IRI) int64) (apart []quad.IRI, sum int64) {
	for _, id := range figures {
		if slices.ContainsFunc(apart, func(other quad.IRI) bool {
			return (s.isTotal(id) || s.isTotal(other)) && s.mayOverlap(id, other)
		}) {
			continue
		}
		more, ok := plus(sum, size(id))
		if !ok {
			return apart, sum
		}
		apart, sum = append(apart, id), more
	}
	return apart, sum
}

// namesOf names some figures: two, and how many more.
func (s *summing) namesOf(figures []quad.IRI) string {
	const shown = 2
	var names []string
	for _, id := range figures[:min(shown, len(figures))] {
		names = append(names, s.w.name(id))
	}
	text := strings.Join(names, " and ")
	if more := len(figures) - shown; more > 0 {
		text = strings.Join(names, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return text
}

// isTotal says whether a figure adds up several things: a seizure that is marked as one, and every
// figure that is no seizure.
func (s *summing) isTotal(id quad.IRI) bool {
	if c, ok := s.w.schema.ClassOf(id); ok && c.Name != "Seizure" {
		return true
	}
	return slices.ContainsFunc(s.w.valid(id, "kg:aggregate"), func(f fact) bool { return f.object == quad.Bool(true) })
}

// mayOverlap says whether two figures may count the same things: neither operation, platform, place,
// time, goods nor population keeps them apart, and they measure the same.
func (s *summing) mayOverlap(a, b quad.IRI) bool {
	w := s.w
	if !w.shareContext(a, b) {
		return false
	}
	if m, n := w.objects(a, "kg:measure"), w.objects(b, "kg:measure"); len(m) > 0 && len(n) > 0 && !slices.Equal(m, n) {
		return false
	}
	if w.disjoint(w.objects(a, "kg:place"), w.objects(b, "kg:place"), "kg:liesIn") ||
		w.disjoint(w.objects(a, "kg:item"), w.objects(b, "kg:item"), "skos:broaderTransitive") {
		return false
	}
	if p, q := w.text(a, "kg:population"), w.text(b, "kg:population"); p != "" && q != "" && p != q {
		return false
	}
	return w.span(a).Overlaps(w.span(b))
}

// shareContext says whether two figures may belong together: to one operation, where both belong to some;
// else to one platform, where both belong to some. Where that is not known either, they may.
func (w *world) shareContext(a, b quad.IRI) bool {
	ops, others := w.operationsOf(a), w.operationsOf(b)
	if len(ops) > 0 && len(others) > 0 {
		return !w.disjoint(ops, others, graph.PartOf)
	}
	return !w.disjoint(w.platformsOf(a), w.platformsOf(b), "")
}

// disjoint says whether both lists have something, and nothing of one is in the other, nor within it by
// any number of steps of the predicate, if there is one; nor is anything within both, as luxury cars are
// cars and luxury vehicles.
func (w *world) disjoint(as, bs []quad.IRI, within quad.IRI) bool {
	if len(as) == 0 || len(bs) == 0 {
		return false
	}
	for _, a := range as {
		for _, b := range bs {
			if a == b || within != "" && w.meet(a, b, within) {
				return false
			}
		}
	}
	return true
}

// meet says whether one of two things is within the other, or a third within both.
func (w *world) meet(a, b, within quad.IRI) bool {
	if slices.Contains(w.all(a, within), b) || slices.Contains(w.all(b, within), a) {
		return true
	}
	below := w.below(b, within)
	return slices.ContainsFunc(w.below(a, within), func(id quad.IRI) bool { return slices.Contains(below, id) })
}

// below is what reaches a thing by any number of steps of a predicate.
func (w *world) below(thing, predicate quad.IRI) []quad.IRI {
	return remember(w.within, factKey{thing, predicate}, func() []quad.IRI {
		var reach []quad.IRI
		seen := map[quad.IRI]bool{thing: true}
		for queue := []quad.IRI{thing}; len(queue) > 0; queue = queue[1:] {
			for q, err := range w.store.Match(w.ctx, graph.Pattern{Predicate: predicate, Object: queue[0]}) {
				if err != nil {
					w.note(err)
					return nil
				}
				if id, ok := q.Subject.(quad.IRI); ok && !seen[id] {
					seen[id] = true
					reach = append(reach, id)
					queue = append(queue, id)
				}
			}
		}
		return reach
	})
}

// all is what is reached by any number of steps of a predicate, without the start.
func (w *world) all(start, predicate quad.IRI) []quad.IRI {
	var reached []quad.IRI
	seen := map[quad.IRI]bool{start: true}
	for queue := []quad.IRI{start}; len(queue) > 0; queue = queue[1:] {
		for _, next := range w.objects(queue[0], predicate) {
			if !seen[next] {
				seen[next] = true
				reached = append(reached, next)
				queue = append(queue, next)
			}
		}
	}
	return reached
}

// ofClass keeps the entities of a class.
func (w *world) ofClass(ids []quad.IRI, class string) []quad.IRI {
	return slices.DeleteFunc(slices.Clone(ids), func(id quad.IRI) bool {
		c, ok := w.schema.ClassOf(id)
		return !ok || c.Name != class
	})
}

// operationsOf are the operations that a figure belongs to: its own, those it is about, those of the
// events it is about.
func (w *world) operationsOf(figure quad.IRI) []quad.IRI {
	about := w.objects(figure, "kg:about")
	list := append(w.objects(figure, "kg:duringOperation"), w.ofClass(about, "Operation")...)
	for _, event := range w.ofClass(about, "Event") {
		list = append(list, w.objects(event, "kg:duringOperation")...)
		list = append(list, w.ofClass(w.objects(event, graph.PartOf), "Operation")...)
	}
	return unique(list)
}

// platformsOf are the platforms that a figure belongs to: those it is tied to or about, else those that
// its operations and events targeted.
func (w *world) platformsOf(figure quad.IRI) []quad.IRI {
	about := w.objects(figure, "kg:about")
	list := append(w.objects(figure, "kg:fromPlatform"), w.ofClass(about, "Platform")...)
	if len(list) > 0 {
		return unique(list)
	}
	for _, id := range append(w.operationsOf(figure), w.ofClass(about, "Event")...) {
		list = append(list, w.ofClass(w.objects(id, "kg:targeted"), "Platform")...)
	}
	return unique(list)
}

func unique(list []quad.IRI) []quad.IRI {
	slices.Sort(list)
	return slices.Compact(list)
}

// text is the text under a predicate that has one.
func (w *world) text(id, predicate quad.IRI) string {
	for _, f := range w.valid(id, predicate) {
		if s, ok := f.object.(quad.String); ok {
			return string(s)
		}
	}
	return ""
}

// date is the day, month or year under a predicate, of several the one that the preferred claim gives.
func (w *world) date(id, predicate quad.IRI) graph.Date {
	var claims []graph.Claim
	for _, f := range w.valid(id, predicate) {
		d, ok := graph.DateOf(f.object)
		switch {
		case ok && graph.IsClaim(f.label):
			claims = append(claims, w.claim(f.label))
		case ok:
			return d
		}
	}
	best, _ := graph.Prefer(claims, w.document)
	d, _ := graph.DateOf(best.Object)
	return d
}

// span is the time that a figure counts: open where nothing is known. A running total ends on the day on
// which it was struck.
func (w *world) span(id quad.IRI) graph.Span {
	s := graph.Span{From: w.date(id, graph.StartDate), Until: w.date(id, graph.EndDate)}
	if s.Until.IsZero() {
		s.Until = w.date(id, "kg:asOf")
	}
	if s.Until.IsZero() && !s.From.IsZero() {
		if c, ok := w.schema.ClassOf(id); ok && c.Name == "Seizure" && !(&summing{w: w}).isTotal(id) {
			s.Until = s.From // a single seizure is of one day
		}
	}
	return s
}

// A reach is how much a total covers: the least and the most that its parts can mean.
type reach struct {
	low, high *big.Rat // high nil: open
}

// add widens the reach by what a claim covers.
func (r *reach) add(c graph.Claim) {
	i, ok := c.Covers()
	if !ok {
		return
	}
	if i.Low != nil && i.Low.Sign() > 0 {
		r.low.Add(r.low, i.Low)
	}
	if i.High == nil || r.high == nil {
		r.high = nil
		return
	}
	r.high.Add(r.high, i.High)
}
