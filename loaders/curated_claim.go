package loaders

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func claimColumns() []string {
	return []string{
		"claim_id", "subject", "predicate", "value", "value_max", "unit", "qualifier", "reported_as",
		"valid_from", "valid_until", "speaker", "source_id", "derived_from", "converted_from", "rank", "note",
	}
}

func leftOutColumns() []string { return []string{"claim_id", "reason"} }

// stated is what is kept of a claim for the checks of others.
type stated struct {
	at        graph.Position
	subject   quad.IRI
	predicate *graph.Predicate // nil where the row was wrong
	leftOut   bool
}

// A spanKey is a thing as one document tells of it.
type spanKey struct {
	subject, source quad.IRI
}

// A claimRow is a row on its way to a claim.
type claimRow struct {
	*curator
	Row
	claim     graph.Claim
	predicate *graph.Predicate
	class     *graph.Class // of the subject
	problems  graph.Problems
}

// claim reads a row of a table of claims.
func (c *curator) claim(row Row) error {
	r := &claimRow{curator: c, Row: row}
	r.identify()
	r.subject()
	r.readPredicate()
	r.object()
	r.support()
	r.hedges()
	if id := row.Text("claim_id"); c.claims[id].at == row.At("claim_id") {
		c.claims[id] = stated{at: row.At("claim_id"), subject: r.claim.Subject, predicate: r.predicate}
	}
	if len(r.problems) > 0 {
		return r.problems
	}
	for _, q := range r.claim.Quads() {
		if err := c.add(q, row.At("claim_id")); err != nil {
			return err
		}
	}
	return nil
}

func (r *claimRow) fail(column string, p *graph.Problem) {
	p.At = r.At(column)
	r.problems = append(r.problems, p)
}

var claimID = regexp.MustCompile(`^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$`)

// newClaim notes a claim's id, which must be new.
func (c *curator) newClaim(row Row, leftOut bool) *graph.Problem {
	id := row.Text("claim_id")
	if !claimID.MatchString(id) {
		c.unread["claim"] = true
		return &graph.Problem{At: row.At("claim_id"), Want: "a claim id like A-SEED-010", Found: foundCell(id)}
	}
	if first, again := c.claims[id]; again {
		return &graph.Problem{At: row.At("claim_id"), Want: "an id of its own", Found: fmt.Sprintf("%q again", id), Hint: "it stands in " + first.at.String() + " already"}
	}
	c.claims[id] = stated{at: row.At("claim_id"), leftOut: leftOut}
	return nil
}

// leftOut reads a row of the table of what was read and is no claim.
func (c *curator) leftOut(row Row) error {
	if p := c.newClaim(row, true); p != nil {
		return p
	}
	if row.Text("reason") == "" {
		return &graph.Problem{At: row.At("reason"), Want: "the reason why it is no claim", Found: foundCell("")}
	}
	return nil
}

func (r *claimRow) identify() {
	if p := r.newClaim(r.Row, false); p != nil {
		r.problems = append(r.problems, p)
	}
	r.claim.ID = quad.IRI("kg:claim/" + r.Text("claim_id"))
}

func (r *claimRow) subject() {
	iri, p := r.reference(r.Text("subject"))
	if p != nil {
		r.fail("subject", p)
		return
	}
	r.claim.Subject = iri
	r.class, _ = r.schema.ClassOf(iri)
	r.mustExist(iri, r.At("subject"))
}

// readPredicate finds the predicate. The unit completes the name of money: cash in GBP.
func (r *claimRow) readPredicate() {
	name, unit := r.Text("predicate"), r.Text("unit")
	p, ok := r.schema.PredicateNamed(name, unit)
	if !ok && slices.Contains(r.schema.PredicateNames(), name) {
		codes := slices.DeleteFunc(r.schema.Units(), func(u string) bool { known, _ := r.schema.Unit(u); return known.Measures != "money" })
		r.fail("unit", &graph.Problem{Want: "a currency: " + strings.Join(codes, ", "), Found: foundCell(unit), Hint: graph.DidYouMean(unit, codes)})
		return
	}
	switch {
	case !ok:
		problem := &graph.Problem{Want: "a predicate of the schema", Found: foundCell(name), Hint: graph.DidYouMean(name, r.schema.PredicateNames())}
		if problem.Hint == "" {
			problem.Hint = "kg schema predicates lists them"
		}
		r.fail("predicate", problem)
		return
	case p.Derived:
		r.fail("predicate", &graph.Problem{Want: "a predicate that tables may use", Found: p.Name + ", which the program concludes itself", Hint: "state what it follows from"})
		return
	case p.IRI == graph.Name:
		r.fail("predicate", &graph.Problem{Want: "one name for each entity", Found: "a second", Hint: "another name is skos:altLabel"})
		return
	case p.IRI == graph.Type:
		r.fail("predicate", &graph.Problem{Want: "a predicate that a document can back", Found: p.Name, Hint: "the class of a thing follows from its table"})
		return
	}
	if r.claim.Subject != "" {
		if problem := r.ofClass(r.claim.Subject, p.Domain, "as subject of "+p.Name); problem != nil {
			r.fail("subject", problem)
			return
		}
	}
	r.predicate = p
	r.claim.Predicate = p.IRI
}

// object reads the value.
func (r *claimRow) object() {
	if r.predicate == nil {
		return
	}
	p, text := r.predicate, r.Text("value")
	counted := p.Range == graph.RangeInteger || p.Range == graph.RangeDate
	missing, isMissing := r.schema.ConceptNamed(text, "missing")
	switch {
	case text == "":
		hint := ""
		if counted {
			hint = hintMissing
		}
		r.fail("value", &graph.Problem{Want: "a value", Found: foundCell(""), Hint: hint})
	case isMissing && counted:
		r.claim.Object = missing.IRI
		r.unit()
	case p.Range == graph.RangeInteger && p.Unit != "":
		r.quantity()
	default:
		v, problem := r.value(p, r.class, text, false, r.At("value"))
		if problem != nil {
			r.fail("value", problem)
			return
		}
		r.claim.Object = v
		r.upToDate(p, text)
		r.dates(v)
	}
	if p.Unit == "" && r.Text("unit") != "" {
		r.fail("unit", &graph.Problem{Want: "no unit for " + p.Name, Found: fmt.Sprintf("%q", r.Text("unit"))})
	}
}

// unit reads the unit, which must be of the predicate's measure.
func (r *claimRow) unit() (graph.Unit, bool) {
	name := r.Text("unit")
	base, ok := r.schema.Unit(r.predicate.Unit)
	if !ok {
		return graph.Unit{}, false // a date that is not given
	}
	fits := func(u graph.Unit) bool {
		return u.Measures == base.Measures && (base.Measures != "money" || u.Name == base.Name)
	}
	if u, known := r.schema.Unit(name); known && fits(u) {
		return u, true
	}
	fitting := slices.DeleteFunc(r.schema.Units(), func(name string) bool {
		u, _ := r.schema.Unit(name)
		return !fits(u)
	})
	p := &graph.Problem{Want: "a unit of " + base.Measures + ": " + strings.Join(fitting, ", "), Found: foundCell(name)}
	if other, known := r.schema.Unit(name); known {
		p.Found += ", a unit of " + other.Measures
	} else {
		p.Hint = graph.DidYouMean(name, fitting)
	}
	r.fail("unit", p)
	return graph.Unit{}, false
}

// hedges reads what qualifies the claim.
func (r *claimRow) hedges() {
	r.claim.ReportedAs = r.Text("reported_as")
	r.claim.Qualifier = r.word("qualifier")
	if r.claim.Qualifier != "" && r.predicate != nil {
		switch r.predicate.Range {
		case graph.RangeInteger, graph.RangeDecimal, graph.RangeDate:
		default:
			r.fail("qualifier", &graph.Problem{Want: "a qualifier with numbers and dates only", Found: fmt.Sprintf("%q with %s", r.Text("qualifier"), r.predicate.Name)})
		}
	}
	r.claim.Rank = r.word("rank")
	if note := r.Text("note"); note != "" {
		if p := localPath(note); p != nil {
			r.fail("note", p)
		}
		r.claim.Notes = []string{note}
	} else if r.claim.Rank != "" {
		r.fail("note", &graph.Problem{Want: "the reason for the rank", Found: foundCell("")})
	}
	r.claim.Valid.From = r.day("valid_from")
	r.claim.Valid.Until = r.day("valid_until")
	if p := backwards(r.Text("valid_from"), r.Text("valid_until")); p != nil {
		r.fail("valid_until", p)
	}
}

// word reads a column whose words are the list of the same name.
func (r *claimRow) word(column string) quad.IRI {
	text := r.Text(column)
	if text == "" {
		return ""
	}
	if concept, ok := r.schema.ConceptNamed(text, column); ok {
		return concept.IRI
	}
	words := r.schema.Words(column)
	r.fail(column, &graph.Problem{Want: "a " + column + ": " + strings.Join(words, ", "), Found: foundCell(text), Hint: graph.DidYouMean(text, words)})
	return ""
}

func (r *claimRow) day(column string) graph.Date {
	text := r.Text(column)
	if text == "" {
		return graph.Date{}
	}
	d, err := graph.ParseDate(text)
	if p := asProblem(err); p != nil {
		r.fail(column, p)
	}
	return d
}
