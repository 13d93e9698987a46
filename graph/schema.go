package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"go.yaml.in/yaml/v3"
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
	Unit                       string   // the unit of the integer: "gram", or a currency code
	Money                      string   // the family ("cash") of a generated money predicate
	Many                       bool     // several values are no conflict
	Estimate                   bool     // an estimate of goods: never added to money seized
	Derived                    bool     // concluded by the program, never in a table
	Exact, Close               quad.IRI // the standard term
}

// A Concept is a word of a list that a predicate may take.
type Concept struct {
	IRI               quad.IRI
	List, Word        string
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

var rangeNames = [...]string{"any", "entity", "concept", "text", "name", "date", "url", "integer", "decimal", "boolean"}

// String returns the word that the schema uses.
func (r Range) String() string { return rangeNames[r] }

type schemaYAML struct {
	Version  int                  `yaml:"version"`
	Classes  map[string]classYAML `yaml:"classes"`
	Concepts map[string]struct {
		Path  string            `yaml:"path"`
		Words map[string]string `yaml:"words"`
	} `yaml:"concepts"`
	Units      map[string]unitYAML      `yaml:"units"`
	Currencies map[string]int           `yaml:"currencies"`
	Money      map[string]moneyYAML     `yaml:"money"`
	Predicates map[string]predicateYAML `yaml:"predicates"`
}

type classYAML struct {
	Path, Label, Plural, Definition, Broader, Exact, Close string
}

type unitYAML struct {
	Symbol, Measures, Factor string
}

type moneyYAML struct {
	Label, Definition string
	Domain            []string
	Estimate          bool
}

type predicateYAML struct {
	Label, Inverse, Definition, Cardinality, Unit, Exact, Close string
	Domain, In                                                  []string
	Range                                                       yaml.Node
	Derived                                                     bool
}

// ParseSchema reads a schema; file names it in errors.
func ParseSchema(file string, text []byte) (*Schema, error) {
	var y schemaYAML
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	dec.KnownFields(true)
	if err := dec.Decode(&y); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s := &Schema{
		Version:    y.Version,
		classes:    map[quad.IRI]*Class{},
		paths:      map[string]*Class{},
		predicates: map[quad.IRI]*Predicate{},
		concepts:   map[quad.IRI]*Concept{},
		lists:      map[string][]*Concept{},
		units:      map[string]Unit{},
		money:      y.Money,
		currencies: y.Currencies,
	}
	var problems Problems
	fault := func(format string, args ...any) {
		problems = append(problems, &Problem{At: Position{File: file}, Found: fmt.Sprintf(format, args...)})
	}
	s.addClasses(y, fault)
	for list, c := range y.Concepts {
		for word, definition := range c.Words {
			iri := quad.IRI("kg:" + word)
			if c.Path != "" {
				iri = quad.IRI("kg:" + c.Path + "/" + word)
			}
			concept := &Concept{IRI: iri, List: list, Word: word, Label: strings.ReplaceAll(word, "-", " "), Definition: definition}
			s.lists[list] = append(s.lists[list], concept)
			s.concepts[iri] = concept
		}
		slices.SortFunc(s.lists[list], func(a, b *Concept) int { return strings.Compare(a.Word, b.Word) })
	}
	for name, u := range y.Units {
		unit, err := newUnit(name, u)
		if err != nil {
			fault("unit %s: %v", name, err)
		}
		s.units[name] = unit
	}
	for code, digits := range y.Currencies {
		s.units[code] = currencyUnit(code, digits)
	}
	s.addPredicates(y, fault)
	if err := problems.Join(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Schema) addClasses(y schemaYAML, fault func(string, ...any)) {
	for name, c := range y.Classes {
		class := &Class{
			IRI: quad.IRI("kg:" + name), Name: name, Path: c.Path, Label: c.Label, Plural: c.Plural,
			Definition: c.Definition, Exact: quad.IRI(c.Exact), Close: quad.IRI(c.Close),
		}
		if c.Broader != "" {
			if _, ok := y.Classes[c.Broader]; !ok {
				fault("class %s: broader class %s is not defined", name, c.Broader)
			}
			class.Broader = quad.IRI("kg:" + c.Broader)
		}
		if !validSlug(c.Path) {
			fault("class %s: path %q is no slug", name, c.Path)
		}
		s.classes[class.IRI] = class
		s.paths[c.Path] = class
	}
}

func (s *Schema) addPredicates(y schemaYAML, fault func(string, ...any)) {
	classes := func(where string, names []string) []*Class {
		var list []*Class
		for _, name := range names {
			c, ok := s.classes[quad.IRI("kg:"+name)]
			if !ok {
				fault("%s: class %s is not defined", where, name)
				continue
			}
			list = append(list, c)
		}
		return list
	}
	for name, p := range y.Predicates {
		pred := &Predicate{
			IRI: predicateIRI(name), Name: name, Label: p.Label, Inverse: p.Inverse, Definition: p.Definition,
			Domain: classes(name, p.Domain), Unit: p.Unit, Many: p.Cardinality == "many", Derived: p.Derived,
			Exact: quad.IRI(p.Exact), Close: quad.IRI(p.Close), Lists: p.In,
		}
		if p.Cardinality != "one" && p.Cardinality != "many" {
			fault("%s: want cardinality one or many, found %q", name, p.Cardinality)
		}
		for _, list := range p.In {
			if _, ok := s.lists[list]; !ok {
				fault("%s: list %s is not defined", name, list)
			}
		}
		if _, ok := s.units[p.Unit]; p.Unit != "" && !ok {
			fault("%s: unit %s is not defined", name, p.Unit)
		}
		switch {
		case len(p.In) > 0:
			pred.Range = RangeConcept
		case p.Range.Kind == yaml.SequenceNode:
			var names []string
			if err := p.Range.Decode(&names); err != nil {
				fault("%s: %v", name, err)
			}
			pred.Range, pred.Classes = RangeEntity, classes(name, names)
		default:
			i := slices.Index(rangeNames[:], p.Range.Value)
			if i < 0 || Range(i) == RangeEntity || Range(i) == RangeConcept {
				fault("%s: want a range of [Class, …] or one of %s, found %q", name, strings.Join(rangeNames[:], ", "), p.Range.Value)
				continue
			}
			pred.Range = Range(i)
		}
		s.predicates[pred.IRI] = pred
	}
	for family, m := range y.Money {
		for code := range y.Currencies {
			name := family + code
			s.predicates[predicateIRI(name)] = &Predicate{
				IRI: predicateIRI(name), Name: name, Label: m.Label, Definition: m.Definition,
				Domain: classes(name, m.Domain), Range: RangeInteger, Unit: code, Money: family, Estimate: m.Estimate,
			}
		}
	}
}

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
