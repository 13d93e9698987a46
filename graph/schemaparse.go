package graph

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"
	"go.yaml.in/yaml/v3"
)

// schemaVersion is the version of the schema's own form that this program reads.
const schemaVersion = 1

// ParseSchema reads a schema; file names it in errors. The error is [Problems]: everything that is
// wrong, in the order of the file.
func ParseSchema(file string, text []byte) (*Schema, error) {
	p := schemaParser{
		namespaces: DefaultNamespaces(),
		defined:    map[quad.IRI]string{},
		Schema: &Schema{
			classes:    map[quad.IRI]*Class{},
			paths:      map[string]*Class{},
			predicates: map[quad.IRI]*Predicate{},
			concepts:   map[quad.IRI]*Concept{},
			lists:      map[string][]*Concept{},
			units:      map[string]Unit{},
		},
	}
	if err := p.decode(text); err != nil {
		return nil, syntaxProblems(file, err)
	}
	p.addClasses()
	p.addConcepts()
	p.addUnits()
	p.addPredicates()
	p.addMoney()
	if len(p.faults) > 0 {
		return nil, p.problems(file, text)
	}
	return p.Schema, nil
}

type schemaParser struct {
	*Schema
	yaml       schemaYAML
	namespaces Namespaces
	defined    map[quad.IRI]string // what an IRI was defined as
	faults     []schemaFault
}

// define notes what an IRI means; it may mean one thing.
func (p *schemaParser) define(e schemaEntry, iri quad.IRI, what string) {
	if before, ok := p.defined[iri]; ok {
		p.fault(e, "one meaning of "+string(iri), what+" beside "+before, "")
		return
	}
	p.defined[iri] = what
}

// describe checks what people read about a thing.
func (p *schemaParser) describe(e schemaEntry, texts map[string]string) {
	for _, what := range slices.Sorted(maps.Keys(texts)) {
		if strings.TrimSpace(texts[what]) == "" {
			p.fault(e, "a "+what, "none", "")
		}
	}
}

// term checks that an IRI, if there is one, is short and of a vocabulary that we know.
func (p *schemaParser) term(e schemaEntry, iri string) quad.IRI {
	prefix, name, _ := strings.Cut(iri, ":")
	if iri != "" && (name == "" || p.namespaces.namespace(prefix) == "") {
		var known []string
		for _, k := range p.namespaces.Prefixes() {
			known = append(known, k.Name+":")
		}
		p.fault(e, "a term of "+strings.Join(known, " "), fmt.Sprintf("%q", iri), "")
	}
	return quad.IRI(iri)
}

// known looks classes up by name.
func (p *schemaParser) known(e schemaEntry, names []string) []*Class {
	var list []*Class
	for _, name := range names {
		c, ok := p.classes[quad.IRI("kg:"+name)]
		if !ok {
			p.fault(e, "a class", fmt.Sprintf("%q", name), DidYouMean(name, slices.Sorted(maps.Keys(p.yaml.Classes))))
			continue
		}
		list = append(list, c)
	}
	return list
}

func (p *schemaParser) addClasses() {
	for _, name := range slices.Sorted(maps.Keys(p.yaml.Classes)) {
		c, e := p.yaml.Classes[name], schemaEntry{"classes", name}
		class := &Class{
			IRI: quad.IRI("kg:" + name), Name: name, Path: c.Path, Label: c.Label, Plural: c.Plural,
			Definition: c.Definition, Exact: p.term(e, c.Exact), Close: p.term(e, c.Close),
		}
		p.define(e, class.IRI, "a class")
		p.describe(e, map[string]string{"label": c.Label, "plural": c.Plural, "definition": c.Definition})
		if c.Broader != "" {
			class.Broader = quad.IRI("kg:" + c.Broader)
		}
		if !validSlug(c.Path) {
			p.fault(e, "a path of lower-case words joined by -", fmt.Sprintf("%q", c.Path), "")
		} else if _, ok := p.paths[c.Path]; ok {
			p.fault(e, "a path of its own", c.Path+", which another class has", "")
		}
		p.classes[class.IRI] = class
		if c.Path != "" {
			p.paths[c.Path] = class
		}
	}
	for _, c := range p.classes {
		e := schemaEntry{"classes", c.Name}
		if c.Broader != "" {
			p.known(e, []string{strings.TrimPrefix(string(c.Broader), "kg:")})
		}
		above := p.classes[c.Broader]
		for range p.classes { // as many steps as there are classes find every loop
			if above == nil {
				break
			}
			if above == c {
				p.fault(e, "a broader class that is not included in it", above.Name+", which is", "")
				break
			}
			above = p.classes[above.Broader]
		}
	}
}

var conceptWord = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$`)

func (p *schemaParser) addConcepts() {
	for _, list := range slices.Sorted(maps.Keys(p.yaml.Concepts)) {
		c, e := p.yaml.Concepts[list], schemaEntry{"concepts", list}
		if _, taken := p.paths[c.Path]; taken || c.Path != "" && !validSlug(c.Path) {
			p.fault(e, "a path of lower-case words joined by - that is no class's, or none", fmt.Sprintf("%q", c.Path), "")
		}
		if len(c.Words) == 0 {
			p.fault(e, "words", "none", "")
		}
		for _, word := range slices.Sorted(maps.Keys(c.Words)) {
			iri := quad.IRI("kg:" + word)
			if c.Path != "" {
				iri = quad.IRI("kg:" + c.Path + "/" + word)
			}
			concept := &Concept{IRI: iri, List: list, Word: word, Label: strings.ReplaceAll(word, "-", " "), Definition: c.Words[word]}
			if !conceptWord.MatchString(word) {
				p.fault(e, "words of letters and digits", fmt.Sprintf("%q", word), "")
			}
			if strings.TrimSpace(concept.Definition) == "" {
				p.fault(e, "a definition of "+word, "none", "")
			}
			switch first, again := p.concepts[iri]; {
			case !again:
				p.define(e, iri, "a word of "+list)
				p.concepts[iri] = concept
			case first.Definition != concept.Definition:
				p.fault(e, "one meaning of "+string(iri), "another definition in "+first.List, "define both alike, or give one another name")
			default:
				concept = first
			}
			p.lists[list] = append(p.lists[list], concept)
		}
	}
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3,5}$`)

func (p *schemaParser) addUnits() {
	for name, u := range p.yaml.Units {
		e := schemaEntry{"units", name}
		unit, err := newUnit(name, u)
		if err != nil {
			p.fault(e, "a factor: a decimal number greater than 0", fmt.Sprintf("%q", u.Factor), "")
		}
		p.describe(e, map[string]string{"measures": u.Measures})
		p.units[name] = unit
	}
	p.currencies = p.yaml.Currencies
	for code, digits := range p.currencies {
		e := schemaEntry{"currencies", code}
		if !currencyCode.MatchString(code) {
			p.fault(e, "a code of capital letters", fmt.Sprintf("%q", code), "")
		}
		if digits < 0 || digits > 18 { // more do not fit in 64 bits
			p.fault(e, "0 to 18 digits", strconv.Itoa(digits), "")
			continue
		}
		if _, ok := p.units[code]; ok {
			p.fault(e, "a name of its own", "that of a unit", "")
		}
		p.units[code] = currencyUnit(code, digits)
	}
}

var predicateName = regexp.MustCompile(`^([a-z]+:)?[a-z][a-zA-Z0-9]*$`)

func (p *schemaParser) addPredicates() {
	for _, name := range slices.Sorted(maps.Keys(p.yaml.Predicates)) {
		y, e := p.yaml.Predicates[name], schemaEntry{"predicates", name}
		pred := &Predicate{
			IRI: predicateIRI(name), Name: name, Label: y.Label, Inverse: y.Inverse, Definition: y.Definition,
			Domain: p.known(e, y.Domain), Unit: y.Unit, Many: y.Cardinality == "many", Derived: y.Derived,
			Exact: p.term(e, y.Exact), Close: p.term(e, y.Close), Lists: y.In,
		}
		if !predicateName.MatchString(name) {
			p.fault(e, "a name like massGrams or schema:startDate", fmt.Sprintf("%q", name), "")
		}
		p.term(e, string(pred.IRI))
		p.define(e, pred.IRI, "a predicate")
		p.describe(e, map[string]string{"label": y.Label, "definition": y.Definition})
		if y.Cardinality != "one" && y.Cardinality != "many" {
			p.fault(e, "cardinality one or many", fmt.Sprintf("%q", y.Cardinality), "")
		}
		p.setRange(e, pred, y)
		if _, ok := p.units[y.Unit]; y.Unit != "" && !ok {
			p.fault(e, "a unit", fmt.Sprintf("%q", y.Unit), DidYouMean(y.Unit, p.Units()))
		}
		if y.Unit != "" && pred.Range != RangeInteger {
			p.fault(e, "range integer, as it has a unit", pred.Range.String(), "")
		}
		p.predicates[pred.IRI] = pred
	}
}

// setRange reads what values a predicate takes: lists of concepts, classes, or a kind of literal.
func (p *schemaParser) setRange(e schemaEntry, pred *Predicate, y predicateYAML) {
	for _, list := range y.In {
		if _, ok := p.lists[list]; !ok {
			p.fault(e, "a list of concepts", fmt.Sprintf("%q", list), DidYouMean(list, slices.Sorted(maps.Keys(p.lists))))
		}
	}
	literals := slices.DeleteFunc(rangeNames(), func(word string) bool {
		return word == RangeEntity.String() || word == RangeConcept.String()
	})
	switch y.Range.Kind {
	case 0:
		pred.Range = RangeConcept
		if len(y.In) == 0 {
			p.fault(e, "a range, or lists of concepts (in)", "neither", "")
		}
		return
	case yaml.SequenceNode:
		var names []string
		if err := y.Range.Decode(&names); err != nil || len(names) == 0 {
			p.fault(e, "a range of classes", "a list without or with other things", "")
		}
		pred.Range, pred.Classes = RangeEntity, p.known(e, names)
	default:
		if !slices.Contains(literals, y.Range.Value) {
			p.fault(e, "as range [Class, …] or one of "+strings.Join(literals, ", "), fmt.Sprintf("%q", y.Range.Value), "")
		}
		pred.Range = Range(max(0, slices.Index(rangeNames(), y.Range.Value)))
	}
	if len(y.In) > 0 {
		p.fault(e, "a range or lists of concepts (in)", "both", "")
	}
}

// addMoney makes a predicate of every family of money and every currency.
func (p *schemaParser) addMoney() {
	p.money = p.yaml.Money
	for _, family := range slices.Sorted(maps.Keys(p.money)) {
		m, e := p.money[family], schemaEntry{"money", family}
		p.describe(e, map[string]string{"label": m.Label, "definition": m.Definition})
		if !predicateName.MatchString(family) {
			p.fault(e, "a name like streetValue", fmt.Sprintf("%q", family), "")
		}
		domain := p.known(e, m.Domain)
		for _, code := range slices.Sorted(maps.Keys(p.currencies)) {
			pred := &Predicate{
				IRI: predicateIRI(family + code), Name: family + code, Label: m.Label, Definition: m.Definition,
				Domain: domain, Range: RangeInteger, Unit: code, Money: family, Estimate: m.Estimate,
			}
			p.define(e, pred.IRI, "an amount of money")
			p.predicates[pred.IRI] = pred
		}
	}
}
