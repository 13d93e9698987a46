package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
)

// A claimField is a column of a table of claims, as a flag and as a question.
type claimField struct {
	column, flag, short string
	question            string // what a person is asked; "" where only the flag sets it
	required            bool
	class               quad.IRI // of the entity that it names; "-" where it may be of any class
	onlyNumbers         bool     // asked only where the predicate takes a number
}

// claimFields lists the columns in the order in which a person is asked.
func claimFields() []claimField {
	return []claimField{
		{column: "claim_id", flag: "id", short: "id of the claim (default: the next free one)"},
		{column: "subject", flag: "subject", short: "what it is about: class/slug, or a name", question: "Subject", required: true, class: "-"},
		{column: "predicate", flag: "predicate", short: "predicate of the schema; money is cash, price, … with the currency as unit", question: "Predicate", required: true},
		{column: "value", flag: "value", short: "entity, date, words, or the number as the document gives it", question: "Value", required: true},
		{column: "value_max", flag: "value-max", short: "upper end of a range", question: "Upper end of a range", onlyNumbers: true},
		{column: "unit", flag: "unit", short: "unit of the number: tonne, count, EUR", question: "Unit", onlyNumbers: true},
		{column: "qualifier", flag: "qualifier", short: "the document's own hedge: approx, nearly, atLeast, atMost, estimated", question: "The document's hedge", onlyNumbers: true},
		{column: "reported_as", flag: "reported-as", short: "the figure in the document's words, letter by letter", question: "In the document's words", onlyNumbers: true},
		{column: "source_id", flag: "source", short: "document it was read in: id or title", question: "Document", required: true, class: "kg:Source"},
		{column: "speaker", flag: "speaker", short: "who says so, when the document names one; agent/editors for a conclusion", question: "Who says so", class: "-"},
		{column: "derived_from", flag: "derived-from", short: "claims or documents that it repeats or was concluded from, separated by |", question: "Repeats or was concluded from"},
		{column: "converted_from", flag: "converted-from", short: "claim of which it is a conversion printed in the document"},
		{column: "valid_from", flag: "valid-from", short: "first day on which the fact held, where it starts and stops holding"},
		{column: "valid_until", flag: "valid-until", short: "last day on which the fact held"},
		{column: "rank", flag: "rank", short: "preferred or deprecated, with the reason in the note"},
		{column: "note", flag: "note", short: "a remark for readers", question: "Note for readers"},
	}
}

// resolve turns what a person calls a thing into what a table holds. What is no entity stays; whether it
// is right, the check tells.
func (add *addition) resolve(column, text string) (string, error) {
	text = strings.TrimSpace(text)
	i := slices.IndexFunc(claimFields(), func(f claimField) bool { return f.column == column })
	f := claimFields()[i]
	var classes []quad.IRI
	switch {
	case column == "value":
		p, ok := add.predicate()
		if !ok || p.Range != graph.RangeEntity {
			return text, nil
		}
		for _, c := range p.Classes {
			classes = append(classes, c.IRI)
		}
	case f.class == "":
		return text, nil
	case f.class != "-":
		classes = []quad.IRI{f.class}
	}
	if text == "" {
		return "", nil
	}
	iri, err := add.s.store.Find(add.ctx, text, classes...)
	var none *graph.NotFoundError
	switch {
	case errors.As(err, &none) && strings.Contains(text, "/"):
		return text, nil // class/slug of what the store has not; the check says what is near
	case err != nil:
		return "", err
	}
	written := shortID(iri)
	if column == "source_id" {
		written = strings.TrimPrefix(written, "source/")
	}
	return written, nil
}

// predicate is the one that the cells name, as far as they do.
func (add *addition) predicate() (*graph.Predicate, bool) {
	name := add.cells["predicate"]
	if given := add.options.cells["predicate"]; name == "" && given != nil {
		name = *given
	}
	unit := add.cells["unit"]
	if given := add.options.cells["unit"]; unit == "" && given != nil {
		unit = *given
	}
	return predicateOf(add.s.schema, name, unit)
}

// predicateOf finds a predicate; of money without its currency, the one in euros, which takes the same.
func predicateOf(s *graph.Schema, name, unit string) (*graph.Predicate, bool) {
	if p, ok := s.PredicateNamed(name, unit); ok {
		return p, true
	}
	return s.PredicateNamed(name, "EUR")
}

// predicatesFor lists the predicates that a claim on a thing may have, with what they say.
func predicatesFor(s *graph.Schema, subject quad.IRI) []string {
	class, known := s.ClassOf(subject)
	var words []string
	for _, name := range s.PredicateNames() {
		p, ok := predicateOf(s, name, "")
		if !ok || p.Derived || p.IRI == graph.Name || p.IRI == graph.Type {
			continue
		}
		fits := p.Domain == nil
		for _, d := range p.Domain {
			fits = fits || !known || s.IsA(class, d)
		}
		if fits && !slices.ContainsFunc(p.Domain, func(d *graph.Class) bool { return d.IRI == "kg:Claim" || d.IRI == "kg:Derivation" }) {
			words = append(words, name+"\t"+p.Label+". "+p.Definition)
		}
	}
	return words
}

// unitsOf lists the units that a number under a predicate may have; a predicate of money, all currencies.
func unitsOf(s *graph.Schema, p *graph.Predicate) []string {
	base, ok := s.Unit(p.Unit)
	if !ok {
		return nil
	}
	var names []string
	for _, name := range s.Units() {
		if u, ok := s.Unit(name); ok && u.Measures == base.Measures {
			names = append(names, name)
		}
	}
	return names
}

// valuesOf lists the words that a predicate takes, and the words for numbers that are not given.
func valuesOf(s *graph.Schema, p *graph.Predicate, subject quad.IRI) []string {
	switch p.Range { //nolint:exhaustive // the others take no words of the schema
	case graph.RangeConcept:
		if class, ok := s.ClassOf(subject); ok && p.IRI == graph.Kind {
			return s.Words(class.Path + "-kind")
		}
		return s.Words(p.Lists...)
	case graph.RangeInteger, graph.RangeDate:
		return s.Words("missing")
	case graph.RangeBoolean:
		return []string{"true", "false"}
	}
	return nil
}

// completeField proposes values for a flag.
func (a *app) completeField(f claimField) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		a.quiet = true
		s, err := a.open(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		cell := func(flag string) string {
			if given := cmd.Flags().Lookup(flag); given != nil {
				return given.Value.String()
			}
			return ""
		}
		words := fieldWords(s, f, quad.IRI("kg:"+cell("subject")), cell("predicate"), cell("unit"))
		if words != nil {
			return startingWith(words, typed), cobra.ShellCompDirectiveNoFileComp
		}
		class := f.class
		if f.column == "value" {
			p, ok := predicateOf(s.schema, cell("predicate"), cell("unit"))
			if ok && p.Range == graph.RangeEntity && len(p.Classes) == 1 {
				list, directive := a.completeEntities(cmd, p.Classes[0].IRI, typed)
				return list, directive
			}
			if ok && p.Range == graph.RangeEntity {
				class = "-"
			}
		}
		switch class {
		case "":
			return nil, cobra.ShellCompDirectiveNoFileComp
		case "-":
			class = ""
		}
		return a.completeEntities(cmd, class, typed)
	}
}

// fieldWords lists the words of the schema that a field takes; nil where it takes others.
func fieldWords(s *session, f claimField, subject quad.IRI, predicate, unit string) []string {
	switch f.column {
	case "predicate":
		return predicatesFor(s.schema, subject)
	case "qualifier", "rank":
		return s.schema.Words(f.column)
	}
	p, ok := predicateOf(s.schema, predicate, unit)
	if !ok {
		return nil
	}
	switch f.column {
	case "unit":
		return unitsOf(s.schema, p)
	case "value":
		return valuesOf(s.schema, p, subject)
	}
	return nil
}
