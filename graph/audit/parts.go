package audit

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// partsLarger finds figures that are smaller than a part of them, or than all their parts where these
// cannot overlap.
func partsLarger(in *inspection) {
	parts := map[quad.IRI][]quad.IRI{} // whole → parts
	for _, id := range in.subjects {
		if !in.isFigure(id) {
			continue
		}
		for _, whole := range in.links(id, graph.PartOf) {
			parts[whole] = append(parts[whole], id)
		}
	}
	for _, whole := range in.subjects {
		for _, p := range in.measures(whole) {
			c, total, ok := in.number(whole, p.IRI)
			if !ok || total.High == nil || in.isShare(p) {
				continue
			}
			if !in.onePartLarger(c, total, parts[whole], p) {
				in.allPartsLarger(c, total, parts[whole], p)
			}
		}
	}
}

// isShare says whether numbers of the predicate cannot be compared as a part with its whole: shares,
// and what a price or a length of time is.
func (in *inspection) isShare(p *graph.Predicate) bool {
	u, ok := in.schema.Unit(p.Unit)
	return !ok || p.Money == "price" || !slices.Contains([]string{"mass", "count", "money", "bytes"}, u.Measures)
}

func (in *inspection) onePartLarger(whole graph.Claim, total graph.Interval, parts []quad.IRI, p *graph.Predicate) bool {
	found := false
	for _, part := range parts {
		c, i, ok := in.number(part, p.IRI)
		if ok && in.sameKind(part, whole.Subject) && i.Low != nil && i.Low.Cmp(total.High) > 0 {
			in.report(c.ID, "a part of at most "+in.amount(whole)+", as "+short(whole.Subject)+in.where(whole.ID)+" has", in.amount(c)+" for "+short(part))
			found = true
		}
	}
	return found
}

// allPartsLarger adds up the parts that lie in different places or times, or are of different goods.
func (in *inspection) allPartsLarger(whole graph.Claim, total graph.Interval, parts []quad.IRI, p *graph.Predicate) {
	sum := new(big.Rat)
	var names []string
	var counted []quad.IRI
	for _, part := range parts {
		_, i, ok := in.number(part, p.IRI)
		if !ok || i.Low == nil || !in.sameKind(part, whole.Subject) {
			continue
		}
		if slices.ContainsFunc(counted, func(other quad.IRI) bool { return !in.apart(part, other) }) {
			continue
		}
		counted = append(counted, part)
		names = append(names, short(part))
		sum.Add(sum, i.Low)
	}
	if len(counted) > 1 && sum.Cmp(total.High) > 0 {
		in.report(whole.ID, "a total of at least "+in.inUnits(sum, p.Unit)+", what its parts come to",
			fmt.Sprintf("%s for %s; the parts are %s", in.amount(whole), short(whole.Subject), strings.Join(names, ", ")))
	}
}

// sameKind says whether a part counts what its whole counts: the same goods, or a kind of them.
func (in *inspection) sameKind(part, whole quad.IRI) bool {
	if m, n := in.links(part, "kg:measure"), in.links(whole, "kg:measure"); !slices.Equal(m, n) {
		return false
	}
	wide := in.links(whole, "kg:item")
	if len(wide) == 0 {
		return true
	}
	for _, item := range in.links(part, "kg:item") {
		if slices.Contains(wide, item) {
			return true
		}
		for _, wider := range in.links(item, "skos:broaderTransitive") {
			if slices.Contains(wide, wider) {
				return true
			}
		}
	}
	return false
}

// apart says whether two parts cannot overlap: neither place lies in the other, their times do not
// meet, or neither's goods are a kind of the other's.
func (in *inspection) apart(a, b quad.IRI) bool {
	return in.disjoint(a, b, "kg:place", "kg:liesIn") || in.disjoint(a, b, "kg:item", "skos:broaderTransitive") || !in.span(a).Overlaps(in.span(b))
}

// disjoint says whether both have values under a predicate, of which none is another's or within it.
func (in *inspection) disjoint(a, b, predicate, within quad.IRI) bool {
	as, bs := in.links(a, predicate), in.links(b, predicate)
	if len(as) == 0 || len(bs) == 0 {
		return false
	}
	for _, x := range as {
		for _, y := range bs {
			if x == y || slices.Contains(in.links(x, within), y) || slices.Contains(in.links(y, within), x) {
				return false
			}
		}
	}
	return true
}

// span is the time in which a figure was counted; open where nothing is known.
func (in *inspection) span(id quad.IRI) graph.Span {
	s := graph.Span{From: in.date(id, graph.StartDate), Until: in.date(id, graph.EndDate)}
	if s.Until.IsZero() {
		s.Until = in.date(id, "kg:asOf")
	}
	return s
}

// thousandfold finds numbers that look like one another with the wrong unit or scale.
func thousandfold(in *inspection) {
	for k, claims := range in.on {
		p, ok := in.schema.Predicate(k.predicate)
		if !ok || p.Unit == "" {
			continue
		}
		for i, a := range claims {
			for _, b := range claims[:i] {
				if factor := slip(a, b); factor != "" && a.Rank != graph.Deprecated && b.Rank != graph.Deprecated {
					in.report(a.ID, "about the number of "+short(b.ID)+in.where(b.ID)+", "+in.amount(b), in.amount(a)+", "+factor)
				}
			}
		}
	}
	for _, part := range in.subjects {
		for _, whole := range in.links(part, graph.PartOf) {
			if !in.isFigure(part) {
				continue
			}
			for _, p := range in.measures(part) {
				a, ok1 := in.best(part, p.IRI)
				b, ok2 := in.best(whole, p.IRI)
				if factor := sameDigits(a, b); ok1 && ok2 && factor != "" {
					in.report(a.ID, "another number than "+short(b.ID)+in.where(b.ID)+", "+in.amount(b)+", with other zeros", in.amount(a)+", "+factor)
				}
			}
		}
	}
}

// slip says whether one number is about a thousand or a million times the other.
func slip(a, b graph.Claim) string {
	m, ok1 := a.Object.(quad.Int)
	n, ok2 := b.Object.(quad.Int)
	if !ok1 || !ok2 || m <= 0 || n <= 0 {
		return ""
	}
	way := " times that"
	if m < n {
		m, n, way = n, m, " of that"
	}
	for _, f := range []struct {
		size     float64
		up, part string
	}{{1e3, "a thousand", "a thousandth"}, {1e6, "a million", "a millionth"}, {1e9, "a billion", "a billionth"}} {
		if r := float64(m) / float64(n) / f.size; r > 0.9 && r < 1.1 {
			if way == " of that" {
				return f.part + way
			}
			return f.up + way
		}
	}
	return ""
}

// sameDigits is slip for a part and its whole, which may well be a thousand apart: here the digits, two
// at least, have to be the same.
func sameDigits(a, b graph.Claim) string {
	m, ok1 := a.Object.(quad.Int)
	n, ok2 := b.Object.(quad.Int)
	if !ok1 || !ok2 || m == n {
		return ""
	}
	x, y := strings.TrimRight(fmt.Sprint(int64(m)), "0"), strings.TrimRight(fmt.Sprint(int64(n)), "0")
	if x != y || len(x) < 2 {
		return ""
	}
	return slip(a, b)
}
