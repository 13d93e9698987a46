package graph

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// Check says what is wrong with a quad by the rules of the schema, or returns nil. A predicate of our
// own vocabulary must be known, stand on a subject of its domain and take a value of its range; other
// vocabularies are open, and those that the schema uses are held to it on entities of ours only: what
// others say of theirs in the terms of schema.org may be anything that schema.org allows. Quads of the
// schema's own graph are not checked. The problem has no position.
//
// What it returns is no error until it is looked at: a nil *Problem in a variable of type error is not
// nil.
func (s *Schema) Check(q quad.Quad) *Problem {
	if q.Label == SchemaIn {
		return nil
	}
	iri, ok := q.Predicate.(quad.IRI)
	if !ok {
		return &Problem{Want: "an IRI as predicate", Found: shownValue(q.Predicate)}
	}
	p, ok := s.Predicate(iri)
	if !ok {
		if ours(iri) {
			return s.unknownPredicate(strings.TrimPrefix(string(iri), "kg:"))
		}
		return nil
	}
	if !ours(iri) && !oursOrLiteral(q.Subject) {
		return nil
	}
	label, _ := q.Label.(quad.IRI)
	if p.Derived && !IsDerivation(label) {
		return &Problem{Want: "a stated fact", Found: string(iri) + ", which the program concludes itself", Hint: "state what it follows from (kg schema " + p.Name + ")"}
	}
	if problem := s.checkDomain(p, q.Subject); problem != nil {
		return problem
	}
	return s.checkRange(p, q.Subject, q.Object)
}

// ours says whether an IRI is of our own namespace.
func ours(iri quad.IRI) bool { return strings.HasPrefix(string(iri), "kg:") }

// oursOrLiteral is false for entities of others. A literal is no entity at all.
func oursOrLiteral(subject quad.Value) bool {
	switch subject := subject.(type) {
	case quad.IRI:
		return ours(subject)
	case quad.BNode:
		return false
	default:
		return true
	}
}

// shownValue prints a value for a problem.
func shownValue(v quad.Value) string {
	if v == nil {
		return "nothing"
	}
	return v.String()
}

func (s *Schema) unknownPredicate(name string) *Problem {
	return &Problem{Want: "a predicate of the schema", Found: fmt.Sprintf("%q", name), Hint: orSee(DidYouMean(name, s.PredicateNames()), "kg schema predicates lists them")}
}

// orSee is the hint, or where to look when there is none.
func orSee(hint, see string) string {
	if hint != "" {
		return hint
	}
	return see
}

func (s *Schema) checkDomain(p *Predicate, subject quad.Value) *Problem {
	role := "as subject of " + string(p.IRI)
	switch subject := subject.(type) {
	case quad.IRI:
		if len(p.Domain) == 0 {
			return nil
		}
		return s.checkClass(subject, p.Domain, role)
	case quad.BNode:
		return nil
	default:
		return &Problem{Want: "an entity " + role, Found: shownValue(subject)}
	}
}

// checkClass says whether an entity of ours belongs to one of the classes; what is not ours may be anything.
func (s *Schema) checkClass(entity quad.IRI, want []*Class, role string) *Problem {
	if !ours(entity) {
		return nil
	}
	c, ok := s.ClassOf(entity)
	if ok {
		for _, w := range want {
			if s.IsA(c, w) {
				return nil
			}
		}
	}
	names := make([]string, len(want))
	for i, w := range want {
		names[i] = w.Path + "/…"
	}
	return &Problem{Want: strings.Join(names, " or ") + " " + role, Found: string(entity)}
}

var absoluteURL = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`)

func (s *Schema) checkRange(p *Predicate, subject, v quad.Value) *Problem {
	role := "as value of " + string(p.IRI)
	iri, isIRI := v.(quad.IRI)
	fail := func(want string) *Problem { return &Problem{Want: want + " " + role, Found: shownValue(v)} }
	switch p.Range {
	case RangeEntity:
		if !isIRI {
			return fail("an entity")
		}
		return s.checkClass(iri, p.Classes, role)
	case RangeConcept:
		lists := s.listsFor(p, subject)
		for _, list := range lists {
			if slices.ContainsFunc(s.lists[list], func(c *Concept) bool { return c.IRI == iri }) {
				return nil
			}
		}
		return fail("one of " + strings.Join(s.Words(lists...), ", "))
	case RangeText, RangeName:
		text, _ := v.(quad.String)
		if p.Range == RangeName && strings.TrimSpace(string(text)) == "" {
			return fail("a name without a language")
		}
		if t, ok := v.(quad.LangString); ok {
			text = t.Value
		}
		if strings.TrimSpace(string(text)) == "" {
			return fail("text")
		}
	case RangeDate:
		if _, ok := DateOf(v); ok || s.isMissing(iri) {
			return nil
		}
		return fail("a date (xsd:date, xsd:gYearMonth or xsd:gYear)")
	case RangeInteger:
		if _, ok := v.(quad.Int); ok || s.isMissing(iri) {
			return nil
		}
		return fail("an integer of at most 64 bits, printed like 42 (xsd:integer)")
	case RangeDecimal:
		if t, ok := v.(quad.TypedString); ok && t.Type == "xsd:decimal" && decimalText.MatchString(string(t.Value)) {
			return nil
		}
		return fail("a decimal number (xsd:decimal)")
	case RangeBoolean:
		if _, ok := v.(quad.Bool); !ok {
			return fail("true or false (xsd:boolean)")
		}
	case RangeURL:
		if !isIRI || !absoluteURL.MatchString(string(iri)) {
			return fail("an absolute address like https://example.org/page")
		}
	case RangeAny:
		if v == nil {
			return fail("something")
		}
	}
	return nil
}

// listsFor names the lists from which a predicate takes its words. One of several that is called
// after the subject's class (agency-kind) is the only one for it: an agency is no phone-network.
func (s *Schema) listsFor(p *Predicate, subject quad.Value) []string {
	iri, _ := subject.(quad.IRI)
	if c, ok := s.ClassOf(iri); ok {
		if own := c.Path + "-" + p.Name; slices.Contains(p.Lists, own) {
			return []string{own}
		}
	}
	return p.Lists
}

// isMissing says whether the value stands for a number that is not given.
func (s *Schema) isMissing(iri quad.IRI) bool {
	return iri == SomeValue || iri == NoValue || iri == Withheld
}

// IsClaim says whether a label is a claim.
func IsClaim(label quad.IRI) bool { return strings.HasPrefix(string(label), claimPath) }

// IsDerivation says whether a label is a derivation.
func IsDerivation(label quad.IRI) bool { return strings.HasPrefix(string(label), derivationPath) }
