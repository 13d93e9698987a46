package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Version is what a graph states at one time, gathered to be compared with another: its claims, its
// entities with names and descriptions, and facts that stand under no claim. It is a [Sink]. What was
// derived and what belongs to the schema is left out: it follows from the rest.
type Version struct {
	claims   map[quad.IRI]*Claim
	entities map[quad.IRI]*Entity
	loose    map[quad.Quad]bool
}

// An Entity is a thing as the gazetteer describes it.
type Entity struct {
	IRI     quad.IRI
	Name    string
	Aliases []string    // sorted
	Facts   []quad.Quad // all else, sorted
}

// NewVersion returns a version that states nothing yet.
func NewVersion() *Version {
	return &Version{claims: map[quad.IRI]*Claim{}, entities: map[quad.IRI]*Entity{}, loose: map[quad.Quad]bool{}}
}

// Add takes a quad. It refuses none: whether facts are right is for a build to say.
func (v *Version) Add(q quad.Quad, _ Position) error {
	q.Object = storable(q.Object)
	subject, _ := q.Subject.(quad.IRI)
	predicate, _ := q.Predicate.(quad.IRI)
	label, _ := q.Label.(quad.IRI)
	switch {
	case IsDerivation(label), IsDerivation(subject), label == SchemaIn:
	case IsClaim(label):
		c := v.claim(label)
		if c.Predicate != "" { // a second fact under one claim, which a build refuses
			v.loose[q] = true
			return nil
		}
		c.Subject, c.Predicate, c.Object = subject, predicate, q.Object
	case IsClaim(subject):
		v.claim(subject).setFact(predicate, q.Object)
	case label == Gazetteer && subject != "":
		v.describe(subject, q)
	default:
		v.loose[q] = true
	}
	return nil
}

func (v *Version) claim(id quad.IRI) *Claim {
	c, ok := v.claims[id]
	if !ok {
		c = &Claim{ID: id}
		v.claims[id] = c
	}
	return c
}

func (v *Version) describe(iri quad.IRI, q quad.Quad) {
	e, ok := v.entities[iri]
	if !ok {
		e = &Entity{IRI: iri}
		v.entities[iri] = e
	}
	text, isText := q.Object.(quad.String)
	switch {
	case q.Predicate == Name && isText:
		e.Name = string(text)
	case q.Predicate == AltLabel && isText:
		e.Aliases = append(e.Aliases, string(text))
	default:
		e.Facts = append(e.Facts, q)
	}
}

// settle sorts what came in any order, and drops repeats.
func (v *Version) settle() {
	for _, e := range v.entities {
		slices.Sort(e.Aliases)
		e.Aliases = slices.Compact(e.Aliases)
		SortQuads(e.Facts)
		e.Facts = slices.Compact(e.Facts)
	}
	for _, c := range v.claims {
		c.DerivedFrom = unique(c.DerivedFrom)
		c.Notes = unique(c.Notes)
	}
}

// Entity returns an entity as this version describes it.
func (v *Version) Entity(iri quad.IRI) (Entity, bool) {
	if e, ok := v.entities[iri]; ok {
		return *e, true
	}
	return Entity{}, false
}

// A Difference is what changed from one version to another. All lists are sorted: by the ids of
// claims, by the names of entities.
type Difference struct {
	Added, Withdrawn []Claim
	Corrected        []Correction // the same claim with another content
	Renumbered       []Correction // the same claim under another id, and nothing else

	EntitiesAdded, EntitiesRemoved []Entity
	Renamed                        []Renaming
	Redescribed                    []Redescription

	FactsAdded, FactsRemoved []quad.Quad // that stand under no claim
}

// A Correction is a claim before and after.
type Correction struct {
	Old, New Claim
	Changes  []Change
}

// A Change is a part of a claim, named as the column of the curated tables that holds it. None or
// several values may stand on each side.
type Change struct {
	Field    string
	Old, New []quad.Value
}

// A Renaming is an entity that has another name, another slug, or became part of another entity.
type Renaming struct {
	Old, New Entity
	Merged   bool // New was there before
	Kept     bool // the old name is among the new one's names
}

// A Redescription is an entity whose description changed: its aliases, or facts of the gazetteer.
type Redescription struct {
	Old, New       Entity
	Gained, Lost   []string // aliases
	Added, Removed []quad.Quad
}

// Empty says whether nothing changed.
func (d *Difference) Empty() bool {
	return len(d.Added)+len(d.Withdrawn)+len(d.Corrected)+len(d.Renumbered)+len(d.EntitiesAdded)+len(d.EntitiesRemoved)+
		len(d.Renamed)+len(d.Redescribed)+len(d.FactsAdded)+len(d.FactsRemoved) == 0
}

// Compare tells what changed from one version to another.
//
// A claim is corrected when the other version has it with another content: under the same id or, where
// ids were not kept, on the same subject and predicate from the same document. An entity whose slug is
// gone was renamed to the one of its class that bears the old name or slug among its names, if there is
// exactly one; what was said of it is compared under the new slug, so that a rename is no correction.
func Compare(before, after *Version) *Difference {
	before.settle()
	after.settle()
	c := comparison{before: before, after: after, moved: map[quad.IRI]quad.IRI{}, found: &Difference{}}
	c.entities()
	c.claims()
	c.facts()
	return c.found
}

type comparison struct {
	before, after *Version
	moved         map[quad.IRI]quad.IRI // old name → new name, of entities and claims
	found         *Difference
}

// now is the name that something has in the version after.
func (c *comparison) now(iri quad.IRI) quad.IRI {
	if to, ok := c.moved[iri]; ok {
		return to
	}
	return iri
}

func (c *comparison) nowValue(v quad.Value) quad.Value {
	if iri, ok := v.(quad.IRI); ok {
		return c.now(iri)
	}
	return v
}

func (c *comparison) nowQuad(q quad.Quad) quad.Quad {
	return quad.Quad{Subject: c.nowValue(q.Subject), Predicate: q.Predicate, Object: c.nowValue(q.Object), Label: q.Label}
}

func (c *comparison) entities() {
	d := c.found
	targets := map[quad.IRI]bool{}
	for _, iri := range slices.Sorted(maps.Keys(c.before.entities)) {
		if _, stays := c.after.entities[iri]; stays {
			continue
		}
		old := c.before.entities[iri]
		if to := c.successor(old); to != nil {
			_, merged := c.before.entities[to.IRI]
			c.moved[iri] = to.IRI
			targets[to.IRI] = true
			d.Renamed = append(d.Renamed, Renaming{Old: *old, New: *to, Merged: merged, Kept: to.called(old.Name)})
		} else {
			d.EntitiesRemoved = append(d.EntitiesRemoved, *old)
		}
	}
	for _, iri := range slices.Sorted(maps.Keys(c.after.entities)) {
		e := c.after.entities[iri]
		old, stayed := c.before.entities[iri]
		switch {
		case !stayed && !targets[iri]:
			d.EntitiesAdded = append(d.EntitiesAdded, *e)
		case stayed:
			if old.Name != e.Name {
				d.Renamed = append(d.Renamed, Renaming{Old: *old, New: *e, Kept: e.called(old.Name)})
			}
			c.description(old, e)
		}
	}
	for _, r := range d.Renamed {
		if r.Old.IRI != r.New.IRI && !r.Merged {
			c.description(&r.Old, &r.New)
		}
	}
	slices.SortFunc(d.Redescribed, func(a, b Redescription) int { return cmp.Compare(a.New.IRI, b.New.IRI) })
	slices.SortFunc(d.Renamed, func(a, b Renaming) int {
		return cmp.Or(cmp.Compare(a.New.IRI, b.New.IRI), cmp.Compare(a.Old.IRI, b.Old.IRI))
	})
}

// called says whether the entity bears a name, or a slug, among its names.
func (e *Entity) called(name string) bool {
	return e.Name == name || slices.Contains(e.Aliases, name)
}

// bears is called, in any spelling.
func (e *Entity) bears(name string) bool {
	key := Fold(name)
	same := func(other string) bool { return Fold(other) == key }
	return key != "" && (same(e.Name) || slices.ContainsFunc(e.Aliases, same))
}

// successor finds the entity that one whose slug is gone has become. One that is new goes before one
// that was there already.
func (c *comparison) successor(gone *Entity) *Entity {
	class, slug := splitEntity(gone.IRI)
	var fresh, older []*Entity
	for _, iri := range slices.Sorted(maps.Keys(c.after.entities)) {
		e := c.after.entities[iri]
		if of, _ := splitEntity(iri); of != class || !e.bears(gone.Name) && !e.bears(slug) {
			continue
		}
		if _, was := c.before.entities[iri]; was {
			older = append(older, e)
		} else {
			fresh = append(fresh, e)
		}
	}
	switch {
	case len(fresh) == 1:
		return fresh[0]
	case len(fresh) == 0 && len(older) == 1:
		return older[0]
	default:
		return nil
	}
}

// splitEntity parts "kg:platform/sky-ecc" into "kg:platform" and "sky-ecc".
func splitEntity(iri quad.IRI) (class, slug string) {
	if i := strings.LastIndexByte(string(iri), '/'); i >= 0 {
		return string(iri[:i]), string(iri[i+1:])
	}
	return "", string(iri)
}

// description compares what the gazetteer says of an entity. An old name that became an alias, as it
// should, is no news beside the renaming.
func (c *comparison) description(old, now *Entity) {
	r := Redescription{Old: *old, New: *now}
	for _, a := range now.Aliases {
		if _, slug := splitEntity(old.IRI); !old.called(a) && a != slug {
			r.Gained = append(r.Gained, a)
		}
	}
	for _, a := range old.Aliases {
		if !now.called(a) {
			r.Lost = append(r.Lost, a)
		}
	}
	facts := make([]quad.Quad, len(old.Facts))
	for i, q := range old.Facts {
		facts[i] = c.nowQuad(q)
		facts[i].Subject = now.IRI
	}
	r.Removed, r.Added = without(facts, now.Facts), without(now.Facts, facts)
	if len(r.Gained)+len(r.Lost)+len(r.Added)+len(r.Removed) > 0 {
		c.found.Redescribed = append(c.found.Redescribed, r)
	}
}

// without returns the quads of a list that another does not have, sorted.
func without(list, other []quad.Quad) []quad.Quad {
	there := make(map[quad.Quad]bool, len(other))
	for _, q := range other {
		there[q] = true
	}
	var left []quad.Quad
	for _, q := range list {
		if !there[q] {
			left = append(left, q)
		}
	}
	SortQuads(left)
	return left
}

// facts compares what stands under no claim.
func (c *comparison) facts() {
	old := make([]quad.Quad, 0, len(c.before.loose))
	for q := range c.before.loose {
		old = append(old, c.nowQuad(q))
	}
	now := slices.Collect(maps.Keys(c.after.loose))
	c.found.FactsRemoved, c.found.FactsAdded = without(old, now), without(now, old)
}
