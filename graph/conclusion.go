package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// A conclusion is a fact that follows, by one rule from some supports. The same fact may follow several
// times.
type conclusion struct {
	edgeKey
	rule     string
	supports []quad.IRI
}

type edgeKey struct {
	from, predicate, to quad.IRI
}

// quads returns the derived fact and what there is to say of its derivation.
func (c conclusion) quads() []quad.Quad {
	label := derivationOf(c.edgeKey)
	qs := []quad.Quad{
		{Subject: c.from, Predicate: c.predicate, Object: c.to, Label: label},
		{Subject: label, Predicate: Rule, Object: quad.String(c.rule), Label: Provenance},
	}
	for _, claim := range c.supports {
		qs = append(qs, quad.Quad{Subject: label, Predicate: DerivedFrom, Object: claim, Label: Provenance})
	}
	return qs
}

// conclusions are facts with why they follow.
type conclusions map[edgeKey]*derivation

// A derivation is why a fact follows. The same reason may be noted several times.
type derivation struct {
	rules    []string
	supports []quad.IRI
}

func (cs conclusions) add(c conclusion) error {
	d := cs[c.edgeKey]
	if d == nil {
		d = &derivation{}
		cs[c.edgeKey] = d
	}
	d.rules = append(d.rules, c.rule)
	d.supports = append(d.supports, c.supports...)
	return nil
}

func (cs conclusions) quads() []quad.Quad {
	keys := slices.SortedFunc(maps.Keys(cs), func(a, b edgeKey) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.predicate, b.predicate), cmp.Compare(a.to, b.to))
	})
	var qs []quad.Quad
	for _, k := range keys {
		label := derivationOf(k)
		qs = append(qs, quad.Quad{Subject: k.from, Predicate: k.predicate, Object: k.to, Label: label})
		for _, rule := range unique(cs[k].rules) {
			qs = append(qs, quad.Quad{Subject: label, Predicate: Rule, Object: quad.String(rule), Label: Provenance})
		}
		for _, claim := range unique(cs[k].supports) {
			qs = append(qs, quad.Quad{Subject: label, Predicate: DerivedFrom, Object: claim, Label: Provenance})
		}
	}
	return qs
}

// unique sorts the list and drops repeats.
func unique[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// derivationOf names the derivation of a fact: the same fact has the same name in every build.
func derivationOf(k edgeKey) quad.IRI {
	sum := sha256.Sum256([]byte("<" + string(k.from) + "> <" + string(k.predicate) + "> <" + string(k.to) + ">"))
	return derivationPath + quad.IRI(hex.EncodeToString(sum[:8]))
}
