package audit

import (
	"cmp"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Level says how bad a finding is.
type Level int

// The levels. An Error has to be mended; a Warning has to be mended or accepted; a Note is for reading.
const (
	Note Level = iota
	Warning
	Error
)

// String is the word for a level: note, warning, error.
func (l Level) String() string { return [...]string{"note", "warning", "error"}[l] }

// A Rule is one kind of thing that is looked for.
type Rule struct {
	ID      string // "price-per-gram"
	Level   Level
	Summary string // what holds of facts that are right
	Advice  string // what to do where it does not
	find    func(*inspection)
	whole   bool // says nothing where rows could not be read: what is missing may stand in them
}

// The ids of rules that more than one place names.
const (
	RuleStore    = "store"
	RuleFacts    = "facts"
	RuleSlug     = "slug-gone"
	RuleAccepted = "accepted"
	RulePerson   = "person-name"
)

// Rules lists what is looked for, in the order in which it is told.
func Rules() []Rule {
	return []Rule{
		{RuleStore, Error, "A store holds what was written to it, byte for byte.", "Build it again: kg build.", nil, false},
		{RuleFacts, Error, "Every fact obeys the schema, has a document, and points to what is there.", "Mend it there; \"kg schema\" prints what may stand.", nil, false},
		{"dangling", Error, "What a fact points to is defined.", "Add a row for it, or correct the slug.", dangling, true},
		{"no-name", Error, "Every entity has a name.", "Give it a name.", nameless, true},
		{RuleSlug, Error, "A slug is for ever: one that was there is there, or is another name of what has it now.", "Put the old slug back, or add it to the aliases of the row that replaces it.", slugsGone, true},
		{"dates-backwards", Warning, "What starts ends later, also where two documents tell of start and end.", "Look at both documents; correct the wrong date.", datesBackwards, false},
		{"told-before", Warning, "A document tells of what was, not of what will be: nothing is counted after the day on which the document was published.", "Correct the date of the figure or of the document.", toldBefore, false},
		{"no-place", Warning, "A single seizure has a place, a place lies in a wider one and has coordinates, an agency has a country.", "Add the place; a total that has none is marked as one that totals several (aggregate).", placeless, false},
		{"no-number", Warning, "Every figure has a claim that says how much or how many.", "Add the claim, or delete the figure.", numberless, true},
		{"claim-twice", Warning, "A document says a thing once.", "Delete one of the two rows.", claimTwice, false},
		{"part-larger", Warning, "A total is not smaller than a part of it.", "Look at both; one number, its unit, or the link part_of is wrong.", partsLarger, false},
		{"series-backwards", Warning, "Running totals follow each other in time and grow.", "Correct as_of, the link next_in_series, or the number.", seriesBackwards, false},
		{"price-per-gram", Warning, "Street value by mass is what such goods fetch at that time.", "Look the mass and the value up again: a unit, a zero or a currency is off.", pricePerGram, false},
		{"thousandfold", Warning, "Claims on one figure, and totals and their parts, do not differ by a thousand or a million.", "One of the two has the wrong unit or scale: kilograms for tonnes, million for billion.", thousandfold, false},
		{"words-differ", Warning, "The number is the one in the document's own words.", "Correct the value, its unit, or what stands in reported_as.", wordsDiffer, false},
		{"unseen", Error, "No text holds characters that nobody sees: line breaks, turns of direction, characters without width.", "Type the words again.", unseenCharacters, false},
		{RulePerson, Warning, "No text names a private person.", "Take the name out; if it is no person, add it to not-persons.csv with the reason.", personNames, false},
		{RuleAccepted, Note, "Every accepted warning still occurs.", "Delete the row from the accepted warnings.", nil, false},
	}
}

// A Finding is one thing that is wrong, or may be.
type Finding struct {
	Rule    string
	Level   Level
	About   quad.IRI // the claim or entity that it is about: what an acceptance names
	Problem *graph.Problem
}

// Refused turns the problems for which a build refuses facts into findings.
func Refused(problems graph.Problems) []Finding {
	advice := ""
	for _, r := range Rules() {
		if r.ID == RuleFacts {
			advice = asHint(r.Advice)
		}
	}
	findings := make([]Finding, len(problems))
	for i, problem := range problems {
		told := *problem
		if told.Hint == "" {
			told.Hint = advice
		}
		findings[i] = Finding{Rule: RuleFacts, Level: Error, Problem: &told}
	}
	return findings
}

// Sort puts findings in the order of files and lines; rules decide among those of one place.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		x, y := a.Problem.At, b.Problem.At
		return cmp.Or(
			cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.About, b.About), cmp.Compare(a.Problem.Found, b.Problem.Found),
		)
	})
}
