package graph

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// chooseKnown leaves out what was not known yet.
func (b *viewBuilder) chooseKnown() {
	b.left.Claims = len(b.claims)
	if b.clock.Known.IsZero() {
		return
	}
	undated := map[quad.IRI]bool{}
	for _, c := range b.claims {
		switch published, dated := b.published(c.Source); {
		case published:
		case dated:
			c.out = true
			b.left.Later++
		default:
			c.out = true
			b.left.Undated++
			undated[c.Source] = true
		}
	}
	b.left.UndatedDocuments = len(undated)
}

// published says whether a document was out at the time of the clock, and whether that can be known.
func (b *viewBuilder) published(document quad.IRI) (out, dated bool) {
	d := b.documents[document]
	day := Date{}
	if d != nil {
		if day = d.issued; day.IsZero() {
			day = d.before
		}
	}
	if day.IsZero() {
		return b.clock.Undated, false
	}
	return !day.Last().After(b.clock.Known.Last()), true
}

// chooseValid leaves out what did not hold, and what is about things that had not begun. When things
// began, the claims that are left say, and the gazetteer.
func (b *viewBuilder) chooseValid() {
	if b.clock.Valid.IsZero() {
		return
	}
	for _, c := range b.claims {
		if d, ok := DateOf(c.Object); ok && !c.out && c.Rank != Deprecated {
			b.begins(c.Subject, c.Predicate, d)
		}
	}
	last := b.clock.Valid.Last()
	notYet := func(v quad.Value) bool {
		thing, ok := v.(quad.IRI)
		return ok && b.notYet(thing, last)
	}
	for _, c := range b.claims {
		switch {
		case c.out:
		case !c.Valid.Overlaps(Span{From: b.clock.Valid, Until: b.clock.Valid}):
			c.out = true
			b.left.NotThen++
		case notYet(c.Subject), notYet(c.Object):
			c.out = true
			b.left.NotYet++
		}
	}
}

// choosePremises leaves out what the editors concluded from claims that were left out, and what they
// concluded from that, and so on.
func (b *viewBuilder) choosePremises() {
	for again := true; again; {
		again = false
		for _, c := range b.claims {
			if !c.out && c.Basis == Inferred && slices.ContainsFunc(c.DerivedFrom, b.missing) {
				c.out, again = true, true
				b.left.Premises++
			}
		}
	}
}

// missing says whether a claim or document that something was concluded from is not in the view.
func (b *viewBuilder) missing(premise quad.IRI) bool {
	if c, ok := b.claims[premise]; ok {
		return c.out
	}
	if _, ok := b.documents[premise]; ok && !b.clock.Known.IsZero() {
		out, _ := b.published(premise)
		return !out
	}
	return false
}

// view gathers what is left.
func (b *viewBuilder) view() *View {
	v := &View{Clock: b.clock}
	spoken, silent := map[quad.IRI]bool{}, map[quad.IRI]bool{}
	for _, id := range slices.Sorted(maps.Keys(b.claims)) {
		c := b.claims[id]
		object, _ := c.Object.(quad.IRI)
		for _, thing := range []quad.IRI{c.Subject, object, c.Source, c.Speaker} {
			if c.out {
				silent[thing] = true
			} else {
				spoken[thing] = true
			}
		}
		if !c.out {
			b.left.Kept++
			v.quads = append(append(v.quads, c.fact), c.about...)
		}
	}
	bare := func(v quad.Value) bool { // only its name stays
		thing, ok := v.(quad.IRI)
		return ok && silent[thing] && !spoken[thing] && !b.isA(thing, "kg:Location") && !b.isA(thing, "kg:Item")
	}
	for _, q := range b.quads {
		switch {
		case q.Label != Gazetteer && !b.clock.Known.IsZero() && !b.clock.Undated:
			b.left.Loose++
			continue
		case q.Label == Gazetteer && !names(q.Predicate) && (bare(q.Subject) || bare(q.Object)):
			continue
		}
		v.quads = append(v.quads, q)
	}
	v.Left = b.left
	return v
}

// names says whether a predicate tells what a thing is called and of what class it is.
func names(predicate quad.Value) bool {
	switch predicate {
	case Name, AltLabel, Type, Kind:
		return true
	}
	return false
}
