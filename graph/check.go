package graph

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/cayleygraph/quad"
)

// Check says what is wrong with a quad by the rules of the schema, or returns nil. A predicate of our
// own vocabulary must be known, stand on a subject of its domain and take a value of its range; other
// vocabularies are open. Quads of the schema's own graph are not checked. The problem has no position.
func (s *Schema) Check(q quad.Quad) *Problem {
	if q.Label == SchemaIn {
		return nil
	}
	iri, ok := q.Predicate.(quad.IRI)
	if !ok {
		return &Problem{Want: "an IRI as predicate", Found: q.Predicate.String()}
	}
	p, ok := s.Predicate(iri)
	if !ok {
		if strings.HasPrefix(string(iri), "kg:") {
			return s.unknownPredicate(strings.TrimPrefix(string(iri), "kg:"))
		}
		return nil
	}
	label, _ := q.Label.(quad.IRI)
	if p.Derived && !IsDerivation(label) {
		return &Problem{Want: "a stated fact", Found: string(iri) + ", which the program concludes itself", Hint: "state what it follows from (kg schema " + p.Name + ")"}
	}
	if problem := s.checkDomain(p, q.Subject); problem != nil {
		return problem
	}
	return s.checkRange(p, q.Object)
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
	iri, ok := subject.(quad.IRI)
	if !ok || len(p.Domain) == 0 {
		return nil
	}
	return s.checkClass(iri, p.Domain, "as subject of "+string(p.IRI))
}

// checkClass says whether an entity of ours belongs to one of the classes; what is not ours may be anything.
func (s *Schema) checkClass(entity quad.IRI, want []*Class, role string) *Problem {
	if !strings.HasPrefix(string(entity), "kg:") {
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

func (s *Schema) checkRange(p *Predicate, v quad.Value) *Problem {
	role := "as value of " + string(p.IRI)
	found := func() string {
		if v == nil {
			return "nothing"
		}
		return v.String()
	}
	iri, isIRI := v.(quad.IRI)
	fail := func(want string) *Problem { return &Problem{Want: want + " " + role, Found: found()} }
	switch p.Range {
	case RangeEntity:
		if !isIRI {
			return fail("an entity")
		}
		return s.checkClass(iri, p.Classes, role)
	case RangeConcept:
		if c, ok := s.Concept(iri); isIRI && ok {
			for _, list := range p.Lists {
				if _, in := s.ConceptNamed(c.Word, list); in {
					return nil
				}
			}
		}
		return fail("one of " + strings.Join(s.Words(p.Lists...), ", "))
	case RangeText, RangeName:
		switch t := v.(type) {
		case quad.String:
			if strings.TrimSpace(string(t)) == "" {
				return fail("text")
			}
			return nil
		case quad.LangString:
			if p.Range == RangeText {
				return nil
			}
		}
		return fail("text")
	case RangeDate:
		if _, ok := DateOf(v); ok || s.isMissing(iri) {
			return nil
		}
		return fail("a date (xsd:date, xsd:gYearMonth or xsd:gYear)")
	case RangeInteger:
		if _, ok := v.(quad.Int); ok || s.isMissing(iri) {
			return nil
		}
		return fail("an integer (xsd:integer)")
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
	}
	return nil
}

// isMissing says whether the value stands for a number that is not given.
func (s *Schema) isMissing(iri quad.IRI) bool {
	return iri == SomeValue || iri == NoValue || iri == Withheld
}

// IsClaim says whether a label is a claim.
func IsClaim(label quad.IRI) bool { return strings.HasPrefix(string(label), claimPath) }

// IsDerivation says whether a label is a derivation.
func IsDerivation(label quad.IRI) bool { return strings.HasPrefix(string(label), derivationPath) }
