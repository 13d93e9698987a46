package graph

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/cayleygraph/quad"
)

// A Schema says what the graph may hold: classes, predicates, lists of concepts, units, currencies.
// It is read from data/schema.yaml; nothing in code repeats it.
type Schema struct {
	Version    int
	classes    map[quad.IRI]*Class
	paths      map[string]*Class
	predicates map[quad.IRI]*Predicate
	concepts   map[quad.IRI]*Concept
	lists      map[string][]*Concept
	units      map[string]Unit
	money      map[string]moneyYAML
	currencies map[string]int
	ladders    sync.Map // decimal units by the name of one, each list made when first asked for
}

// A Class is a kind of entity. Its members are identified as kg:<Path>/<slug>.
type Class struct {
	IRI                       quad.IRI
	Name                      string // "Platform"
	Path                      string // "platform"
	Label, Plural, Definition string
	Broader                   quad.IRI // the class that includes it, or ""
	Exact, Close              quad.IRI // the standard term
}

// A Predicate is a kind of fact.
type Predicate struct {
	IRI                        quad.IRI
	Name                       string // "massGrams", "schema:startDate": as tables write it
	Label, Inverse, Definition string
	Domain                     []*Class // nil: any
	Range                      Range
	Classes                    []*Class // the classes of an entity range
	Lists                      []string // the lists of a concept range
	Unit                       string   // in which people read the integer, itself in base units: "gram", "gigabyte" (bytes), "EUR" (cents)
	Money                      string   // the family ("cash") of a generated money predicate
	Many                       bool     // several values are no conflict
	Estimate                   bool     // an estimate of goods: never added to money seized
	Derived                    bool     // concluded by the program, never in a table
	Exact, Close               quad.IRI // the standard term
}

// A Concept is a word of a list that a predicate may take. Several lists may have it: an operation and
// an event can both be an investigation.
type Concept struct {
	IRI               quad.IRI
	List, Word        string // the first of its lists
	Label, Definition string
}

// Range is the kind of value that a predicate takes.
type Range int

// The kinds of value.
const (
	RangeAny Range = iota
	RangeEntity
	RangeConcept
	RangeText
	RangeName
	RangeDate
	RangeURL
	RangeInteger
	RangeDecimal
	RangeBoolean
)

// rangeNames are the words of the schema, in the order of the kinds.
func rangeNames() []string {
	return []string{"any", "entity", "concept", "text", "name", "date", "url", "integer", "decimal", "boolean"}
}

// String returns the word that the schema uses.
func (r Range) String() string { return rangeNames()[r] }

// predicateIRI reads a predicate as tables write it: without a prefix it stands in kg:.
func predicateIRI(name string) quad.IRI {
	if strings.Contains(name, ":") {
		return quad.IRI(name)
	}
	return quad.IRI("kg:" + name)
}

// Class returns the class with this IRI.
func (s *Schema) Class(iri quad.IRI) (*Class, bool) {
	c, ok := s.classes[iri]
	return c, ok
}

// ClassOf returns the class to which the path of an entity's IRI says that it belongs:
// Platform for kg:platform/sky-ecc.
func (s *Schema) ClassOf(entity quad.IRI) (*Class, bool) {
	rest, ok := strings.CutPrefix(string(entity), "kg:")
	if !ok {
		return nil, false
	}
	path, slug, ok := strings.Cut(rest, "/")
	if !ok || slug == "" {
		return nil, false
	}
	c, ok := s.paths[path]
	return c, ok
}

// IsA says whether class c is class want or is included in it.
func (s *Schema) IsA(c, want *Class) bool {
	for c != nil {
		if c == want {
			return true
		}
		c = s.classes[c.Broader]
	}
	return false
}

// Predicate returns the predicate with this IRI (short form).
func (s *Schema) Predicate(iri quad.IRI) (*Predicate, bool) {
	p, ok := s.predicates[iri]
	return p, ok
}

// PredicateNamed returns the predicate that a table or a user writes: "place", "kg:place",
// "schema:startDate". unit, which may be empty, completes the name of a money family: "cash" in GBP
// is kg:cashGBP.
func (s *Schema) PredicateNamed(name, unit string) (*Predicate, bool) {
	if _, ok := s.money[strings.TrimPrefix(name, "kg:")]; ok {
		name += unit
	}
	return s.Predicate(predicateIRI(name))
}

// Concept returns the concept with this IRI.
func (s *Schema) Concept(iri quad.IRI) (*Concept, bool) {
	c, ok := s.concepts[iri]
	return c, ok
}

// ConceptNamed finds a word in the first of the lists that has it.
func (s *Schema) ConceptNamed(word string, lists ...string) (*Concept, bool) {
	for _, list := range lists {
		for _, c := range s.lists[list] {
			if c.Word == word {
				return c, true
			}
		}
	}
	return nil, false
}

// Unit returns the unit or currency with this name.
func (s *Schema) Unit(name string) (Unit, bool) {
	u, ok := s.units[name]
	return u, ok
}

// Classes lists the classes in alphabetical order.
func (s *Schema) Classes() []*Class {
	return slices.SortedFunc(maps.Values(s.classes), func(a, b *Class) int { return strings.Compare(a.Name, b.Name) })
}

// Predicates lists the predicates in alphabetical order of their IRIs.
func (s *Schema) Predicates() []*Predicate {
	return slices.SortedFunc(maps.Values(s.predicates), func(a, b *Predicate) int { return strings.Compare(string(a.IRI), string(b.IRI)) })
}

// Words lists the words of the lists, in alphabetical order within each list.
func (s *Schema) Words(lists ...string) []string {
	var words []string
	for _, list := range lists {
		for _, c := range s.lists[list] {
			words = append(words, c.Word)
		}
	}
	return words
}

// Units lists the names of all units and currencies in alphabetical order.
func (s *Schema) Units() []string { return slices.Sorted(maps.Keys(s.units)) }

// PredicateNames lists what a table may write in its predicate column: every predicate that is not
// derived, and the money families.
func (s *Schema) PredicateNames() []string {
	var names []string
	for _, p := range s.predicates {
		if !p.Derived && p.Money == "" {
			names = append(names, p.Name)
		}
	}
	for family := range s.money {
		names = append(names, family)
	}
	slices.Sort(names)
	return names
}
