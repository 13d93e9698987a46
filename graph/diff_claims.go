package graph

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// A claimPlace is where a claim stands when its id does not count: claims of one place are versions of one
// another.
type claimPlace struct {
	subject, predicate, source quad.IRI
}

// claims compares the claims: first those that kept their ids, then what is left by place.
func (c *comparison) claims() {
	var pairs [][2]*Claim
	var gone, come []*Claim
	for _, id := range slices.Sorted(maps.Keys(c.before.claims)) {
		old := c.before.claims[id]
		if now, ok := c.after.claims[id]; ok && c.sameThing(old, now) {
			pairs = append(pairs, [2]*Claim{old, now})
		} else {
			gone = append(gone, old)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.after.claims)) {
		now := c.after.claims[id]
		if old, ok := c.before.claims[id]; !ok || !c.sameThing(old, now) {
			come = append(come, now)
		}
	}
	moved, gone, come := c.pair(gone, come)
	pairs = append(pairs, moved...)
	for _, p := range moved {
		c.moved[p[0].ID] = p[1].ID
	}
	d := c.found
	for _, p := range pairs {
		changes := c.changes(*p[0], *p[1])
		correction := Correction{Old: *p[0], New: *p[1], Changes: changes}
		switch {
		case len(changes) > 0:
			d.Corrected = append(d.Corrected, correction)
		case p[0].ID != p[1].ID:
			d.Renumbered = append(d.Renumbered, correction)
		}
	}
	byNewID := func(a, b Correction) int { return cmp.Compare(a.New.ID, b.New.ID) }
	slices.SortFunc(d.Corrected, byNewID)
	slices.SortFunc(d.Renumbered, byNewID)
	for _, old := range gone {
		d.Withdrawn = append(d.Withdrawn, *old)
	}
	for _, now := range come {
		d.Added = append(d.Added, *now)
	}
}

// sameThing says whether two claims of one id are one claim. Where neither what is spoken of nor what
// is said nor the document is the same, the id was given to another claim.
func (c *comparison) sameThing(old, now *Claim) bool {
	return c.now(old.Subject) == now.Subject || old.Predicate == now.Predicate && c.now(old.Source) == now.Source ||
		c.nowValue(old.Object) == now.Object
}

// pair finds for claims that are gone the new ones in their places: those that say the same first, then
// in the order of the ids. It returns who found none as well.
func (c *comparison) pair(gone, come []*Claim) (pairs [][2]*Claim, withdrawn, added []*Claim) {
	waiting := map[claimPlace][]*Claim{}
	for _, now := range come {
		place := claimPlace{now.Subject, now.Predicate, now.Source}
		waiting[place] = append(waiting[place], now)
	}
	take := func(old *Claim, fits func(*Claim) bool) bool {
		place := claimPlace{c.now(old.Subject), old.Predicate, c.now(old.Source)}
		i := slices.IndexFunc(waiting[place], fits)
		if i < 0 {
			return false
		}
		pairs = append(pairs, [2]*Claim{old, waiting[place][i]})
		waiting[place] = slices.Delete(waiting[place], i, i+1)
		return true
	}
	for _, fits := range []func(old, now *Claim) bool{
		func(old, now *Claim) bool { return c.nowValue(old.Object) == now.Object && old.UpTo == now.UpTo },
		func(_, _ *Claim) bool { return true },
	} {
		var left []*Claim
		for _, old := range gone {
			if !take(old, func(now *Claim) bool { return fits(old, now) }) {
				left = append(left, old)
			}
		}
		gone = left
	}
	for _, now := range come {
		if slices.Contains(waiting[claimPlace{now.Subject, now.Predicate, now.Source}], now) {
			added = append(added, now)
		}
	}
	return pairs, gone, added
}

// changes lists the parts in which two versions of a claim differ, in the order of the columns of a
// table. A part that names what has another name now is the same.
func (c *comparison) changes(old, now Claim) []Change {
	var list []Change
	for _, part := range []struct {
		field string
		of    func(Claim) []quad.Value
	}{
		{"subject", func(c Claim) []quad.Value { return iriValues(c.Subject) }},
		{"predicate", func(c Claim) []quad.Value { return iriValues(c.Predicate) }},
		{"value", func(c Claim) []quad.Value { return []quad.Value{c.Object} }},
		{"value_max", func(c Claim) []quad.Value { return valueList(c.UpTo) }},
		{"precision", func(c Claim) []quad.Value { return numberValues(c.LastDigit) }},
		{"qualifier", func(c Claim) []quad.Value { return iriValues(c.Qualifier) }},
		{"reported_as", func(c Claim) []quad.Value { return textValues(c.ReportedAs) }},
		{"valid_from", func(c Claim) []quad.Value { return dateValues(c.Valid.From) }},
		{"valid_until", func(c Claim) []quad.Value { return dateValues(c.Valid.Until) }},
		{"speaker", func(c Claim) []quad.Value { return iriValues(c.Speaker) }},
		{"source_id", func(c Claim) []quad.Value { return iriValues(c.Source) }},
		{"derived_from", func(c Claim) []quad.Value { return iriValues(c.DerivedFrom...) }},
		{"converted_from", func(c Claim) []quad.Value { return iriValues(c.ConvertedFrom) }},
		{"rank", func(c Claim) []quad.Value { return iriValues(c.Rank) }},
		{"note", func(c Claim) []quad.Value { return textValues(c.Notes...) }},
	} {
		a, b := part.of(old), part.of(now)
		there := slices.Clone(a)
		for i, v := range there {
			there[i] = c.nowValue(v)
		}
		slices.SortFunc(there, compareValues)
		if !slices.Equal(there, b) {
			list = append(list, Change{Field: part.field, Old: a, New: b})
		}
	}
	return list
}

func iriValues(iris ...quad.IRI) []quad.Value {
	var list []quad.Value
	for _, iri := range iris {
		if iri != "" {
			list = append(list, iri)
		}
	}
	return list
}

func valueList(v quad.Value) []quad.Value {
	if v == nil {
		return nil
	}
	return []quad.Value{v}
}

func textValues(list ...string) []quad.Value {
	var values []quad.Value
	for _, s := range list {
		if s != "" {
			values = append(values, quad.String(s))
		}
	}
	return values
}

func numberValues(n int64) []quad.Value {
	if n == 0 {
		return nil
	}
	return []quad.Value{quad.Int(n)}
}

func dateValues(d Date) []quad.Value {
	if d.IsZero() {
		return nil
	}
	return []quad.Value{d.Value()}
}
