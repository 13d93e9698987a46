package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// Derive concludes what follows from the facts: who cracked, took down, operated or exploited which
// platform and who only helped; what lies in what; which items are kinds of which; the platform of a
// seizure through its operation. It returns the derived quads, each labelled with a derivation of its
// own, and the derivations' facts (rule, supporting claims). Deprecated claims support nothing.
// The result does not depend on the order of the facts, and is sorted.
func Derive(schema *Schema, facts []quad.Quad) []quad.Quad {
	d := deriver{schema: schema, by: map[quad.IRI][]edge{}, deprecated: map[quad.IRI]bool{}, ended: map[quad.IRI]bool{}, found: map[edgeKey]*derivation{}}
	d.index(facts)
	d.roles()
	d.closure(Within, "kg:liesIn", "lies in what its place lies in")
	d.closure(Broader, "skos:broaderTransitive", "is a kind of what its kind is a kind of")
	d.platformOfFigure()
	return d.quads()
}

// An edge is a fact between two entities, with its label.
type edge struct {
	from, to, label quad.IRI
}

type edgeKey struct {
	from, predicate, to quad.IRI
}

// A derivation is why a fact follows. The same reason may be noted several times.
type derivation struct {
	rules    []string
	supports []quad.IRI
}

type deriver struct {
	schema     *Schema
	by         map[quad.IRI][]edge // predicate → edges, sorted
	deprecated map[quad.IRI]bool
	ended      map[quad.IRI]bool // claims with an end of validity
	found      map[edgeKey]*derivation
}

func (d *deriver) index(facts []quad.Quad) {
	for _, q := range facts {
		claim, _ := q.Subject.(quad.IRI)
		switch {
		case !IsClaim(claim): // else a blank node's rank would be that of all facts without a label
		case q.Predicate == RankIs && q.Object == Deprecated:
			d.deprecated[claim] = true
		case q.Predicate == ValidUntil:
			d.ended[claim] = true
		}
	}
	for _, q := range facts {
		s, ok1 := q.Subject.(quad.IRI)
		p, ok2 := q.Predicate.(quad.IRI)
		o, ok3 := q.Object.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		if !ok1 || !ok2 || !ok3 || d.deprecated[label] || IsDerivation(label) || label == SchemaIn || label == Provenance {
			continue
		}
		d.by[p] = append(d.by[p], edge{s, o, label})
	}
	for _, edges := range d.by {
		slices.SortFunc(edges, func(a, b edge) int {
			return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.label, b.label))
		})
	}
}

// conclude records a derived fact, or one more reason for it.
func (d *deriver) conclude(from, predicate, to quad.IRI, rule string, supports ...quad.IRI) {
	key := edgeKey{from, predicate, to}
	c := d.found[key]
	if c == nil {
		c = &derivation{}
		d.found[key] = c
	}
	c.rules = append(c.rules, rule)
	for _, s := range supports {
		if s != "" { // the label of a fact that has none
			c.supports = append(c.supports, s)
		}
	}
}

// A roleRule concludes what an agency did to a platform.
type roleRule struct {
	role   quad.IRI   // the derived predicate
	direct []quad.IRI // agency → platform, said in so many words
	kinds  []string   // kinds of the event or operation; nil: any
	links  []quad.IRI // event or operation → agency
	rule   string
}

func roleRules() []roleRule {
	return []roleRule{
		{
			role:   "kg:cracked",
			direct: []quad.IRI{"kg:gainedAccessTo", "kg:infiltrated", "kg:intercepted", "kg:decrypted"},
			kinds:  []string{"infiltration", "interception", "decryption"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "gained access to its content, or carried out or led an infiltration, interception or decryption that targeted it",
		},
		{
			role:   "kg:tookDown",
			direct: []quad.IRI{"kg:shutDown"},
			kinds:  []string{"takedown"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "shut it down, or carried out or led a takedown that targeted it",
		},
		{
			role:   "kg:operated",
			direct: []quad.IRI{"kg:ran"},
			kinds:  []string{"undercover-platform"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "ran it, or led the undercover operation that did",
		},
		{
			role:   "kg:exploitedDataOf",
			direct: []quad.IRI{"kg:usedDataOf"},
			kinds:  []string{"enforcement"},
			links:  []quad.IRI{"kg:ledBy", "kg:participant", "kg:carriedOutBy"},
			rule:   "used its data, or led or took part in an enforcement operation that targeted it",
		},
		{role: "kg:supported", links: []quad.IRI{"kg:supportedBy"}, rule: "supported an operation or event that targeted it"},
		{role: "kg:coordinated", links: []quad.IRI{"kg:coordinatedBy"}, rule: "coordinated an operation or event that targeted it"},
		{role: "kg:passedOnData", links: []quad.IRI{"kg:sharedDataVia"}, rule: "was the channel for the data of an operation or event that targeted it"},
	}
}

func (d *deriver) roles() {
	const agency, platform = quad.IRI("kg:Agency"), quad.IRI("kg:Platform")
	targets := bySubject(d.by["kg:targeted"])
	uses := bySubject(d.by["kg:usedDataOf"])
	kinds := bySubject(d.by[Kind])
	for _, r := range roleRules() {
		for _, p := range r.direct {
			for _, e := range d.by[p] {
				if d.is(e.from, agency) && d.is(e.to, platform) {
					d.conclude(e.from, r.role, e.to, r.rule, e.label)
				}
			}
		}
		for _, p := range r.links {
			for _, link := range d.by[p] {
				if !d.is(link.to, agency) {
					continue
				}
				aimed := targets[link.from]
				if r.role == "kg:exploitedDataOf" {
					aimed = slices.Concat(aimed, uses[link.from])
				}
				for _, t := range aimed {
					kind, ok := d.kindOf(kinds[link.from], r.kinds)
					if ok && d.is(t.to, platform) {
						d.conclude(link.to, r.role, t.to, r.rule, append(kind, link.label, t.label)...)
					}
				}
			}
		}
	}
	for _, e := range d.by["kg:receivedDataFrom"] {
		for _, t := range targets[e.to] {
			if d.is(e.from, agency) && d.is(t.to, platform) {
				d.conclude(e.from, "kg:receivedData", t.to, "was given data by an operation or event that targeted it", e.label, t.label)
			}
		}
	}
}

// kindOf says whether one of a thing's kinds is wanted, and the claims that say so: none where it is the
// gazetteer's word, or any kind will do.
func (d *deriver) kindOf(kinds []edge, wanted []string) (claims []quad.IRI, ok bool) {
	if wanted == nil {
		return nil, true
	}
	for _, e := range kinds {
		if c, known := d.schema.Concept(e.to); known && slices.Contains(wanted, c.Word) {
			ok = true
			if IsClaim(e.label) {
				claims = append(claims, e.label)
			}
		}
	}
	return claims, ok
}

func bySubject(edges []edge) map[quad.IRI][]edge {
	m := map[quad.IRI][]edge{}
	for _, e := range edges {
		m[e.from] = append(m[e.from], e)
	}
	return m
}

// closure follows step any number of times and concludes a fact for each place reached, supported by
// the labels along a shortest way. A step that has ended (the United Kingdom in the EU) is not taken.
func (d *deriver) closure(step, derived quad.IRI, rule string) {
	next := bySubject(slices.DeleteFunc(slices.Clone(d.by[step]), func(e edge) bool { return d.ended[e.label] }))
	for start := range next {
		cameFrom := map[quad.IRI]quad.IRI{start: ""}
		queue := []quad.IRI{start}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			for _, e := range next[at] {
				if _, seen := cameFrom[e.to]; !seen {
					cameFrom[e.to] = at
					queue = append(queue, e.to)
				}
			}
		}
		for reached := range cameFrom {
			if reached == start {
				continue
			}
			var labels []quad.IRI // of each step on the way; where several back one step, all of them
			for at := reached; at != start; at = cameFrom[at] {
				for _, e := range next[cameFrom[at]] {
					if e.to == at {
						labels = append(labels, e.label)
					}
				}
			}
			d.conclude(start, derived, reached, rule, labels...)
		}
	}
}

// platformOfFigure ties a figure to the platform of its operation, where that targets just one and
// no document ties the figure to a platform itself. A figure of two operations that targeted different
// platforms is tied to neither: it would count for both.
func (d *deriver) platformOfFigure() {
	stated := bySubject(d.by["kg:fromPlatform"])
	targets := bySubject(d.by["kg:targeted"])
	for figure, operations := range bySubject(d.by["kg:duringOperation"]) {
		if len(stated[figure]) > 0 || !d.is(figure, "kg:Figure") {
			continue // an event has no share in a platform's figures
		}
		platforms := map[quad.IRI][]quad.IRI{} // with the labels that lead there
		for _, during := range operations {
			for _, t := range targets[during.to] {
				if d.is(t.to, "kg:Platform") {
					platforms[t.to] = append(platforms[t.to], during.label, t.label)
				}
			}
		}
		if len(platforms) == 1 {
			for p, labels := range platforms {
				d.conclude(figure, "kg:fromPlatform", p, "belongs to an operation that targeted just this platform", labels...)
			}
		}
	}
}

// is says whether an entity's IRI puts it in the class, or in one that the class includes.
func (d *deriver) is(entity, class quad.IRI) bool {
	want, ok := d.schema.Class(class)
	if !ok {
		return false
	}
	c, ok := d.schema.ClassOf(entity)
	return ok && d.schema.IsA(c, want)
}

func (d *deriver) quads() []quad.Quad {
	keys := slices.SortedFunc(maps.Keys(d.found), func(a, b edgeKey) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.predicate, b.predicate), cmp.Compare(a.to, b.to))
	})
	var qs []quad.Quad
	for _, k := range keys {
		label := derivationOf(k)
		qs = append(qs, quad.Quad{Subject: k.from, Predicate: k.predicate, Object: k.to, Label: label})
		for _, rule := range unique(d.found[k].rules) {
			qs = append(qs, quad.Quad{Subject: label, Predicate: Rule, Object: quad.String(rule), Label: Provenance})
		}
		for _, claim := range unique(d.found[k].supports) {
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
