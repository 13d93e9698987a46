package audit

import (
	"github.com/cayleygraph/quad"

	"kg/graph"
)

// datesBackwards finds what ends before it starts. Start and end of one document are for the loader to
// refuse; here they may come from two.
func datesBackwards(in *inspection) {
	for _, id := range in.subjects {
		start, end := in.date(id, graph.StartDate), in.date(id, graph.EndDate)
		if (graph.Span{From: start, Until: end}).Backwards() {
			about := id
			if c, ok := in.best(id, graph.EndDate); ok {
				about = c.ID
			}
			in.report(about, "an end after the start, "+start.String(), end.String()+" for "+short(id))
		}
		if struck := in.date(id, "kg:asOf"); (graph.Span{From: start, Until: struck}).Backwards() {
			in.report(id, "a total struck after the start, "+start.String(), "as of "+struck.String()+" for "+short(id))
		}
	}
}

// toldBefore finds documents that tell of what happened or was counted after they came out.
func toldBefore(in *inspection) {
	for _, c := range in.claims {
		out := in.document(c.Source).Issued
		if out.IsZero() || c.Rank == graph.Deprecated {
			continue
		}
		if d, ok := graph.DateOf(c.Object); ok && c.Predicate == graph.EndDate || ok && c.Predicate == graph.StartDate {
			in.later(c, d, out, "a day that had passed")
			continue
		}
		p, ok := in.schema.Predicate(c.Predicate)
		if !ok || p.Unit == "" || !in.isFigure(c.Subject) {
			continue
		}
		struck := in.date(c.Subject, "kg:asOf")
		if struck.IsZero() {
			struck = in.date(c.Subject, graph.StartDate)
		}
		in.later(c, struck, out, "a figure of a day that had passed")
	}
}

func (in *inspection) later(c graph.Claim, d, out graph.Date, want string) {
	if d.IsZero() || !d.First().After(out.Last()) {
		return
	}
	in.report(c.ID, want+" when "+short(c.Source)+" was published, "+out.String(), d.String()+" for "+short(c.Subject))
}

// seriesBackwards finds running totals that shrink, or are linked against the order of their days.
func seriesBackwards(in *inspection) {
	for _, id := range in.subjects {
		for _, next := range in.links(id, graph.NextInSeries) {
			was, is := in.date(id, "kg:asOf"), in.date(next, "kg:asOf")
			if (graph.Span{From: was, Until: is}).Backwards() {
				in.report(id, "a next total that was struck later than "+was.String(), short(next)+", as of "+is.String())
				continue
			}
			in.shrinks(id, next)
		}
	}
}

func (in *inspection) shrinks(id, next quad.IRI) {
	for _, p := range in.measures(id) {
		was, low, ok1 := in.number(id, p.IRI)
		is, high, ok2 := in.number(next, p.IRI)
		if ok1 && ok2 && low.Low != nil && high.High != nil && high.High.Cmp(low.Low) < 0 {
			in.report(is.ID, "a running total of at least "+in.amount(was)+" as in "+short(id)+in.where(was.ID), in.amount(is)+" in "+short(next))
		}
	}
}
