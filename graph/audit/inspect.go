package audit

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Reviewed is what people have decided about facts, each with a reason. Every part may be missing.
type Reviewed struct {
	Bands      []Band   // what goods fetch
	NotPersons []string // words that look like a person's name and are none
	Slugs      []Slug   // entities that were published once
	Texts      []Text   // that stand beside the facts and are published with them
}

// A Text is words that are no fact: the reason why something was left out.
type Text struct {
	Text  string
	About quad.IRI
	At    graph.Position
}

// A Slug is an entity that was published, and where that stands.
type Slug struct {
	Entity quad.IRI
	At     graph.Position
}

// Inspect looks the facts over by every rule that needs no build, and returns what it finds in the
// order of files and lines. part says that some facts could not be read: then nothing is said of what
// is missing.
func Inspect(schema *graph.Schema, quads []quad.Quad, place func(quad.IRI) graph.Position, part bool, reviewed Reviewed) []Finding {
	in := newInspection(schema, quads, place, reviewed)
	for _, r := range Rules() {
		if r.find != nil && !(r.whole && part) {
			in.rule = r
			r.find(in)
		}
	}
	Sort(in.findings)
	return in.findings
}

// An inspection is a look at facts in the making.
type inspection struct {
	schema   *graph.Schema
	quads    []quad.Quad
	place    func(quad.IRI) graph.Position
	reviewed Reviewed

	rule     Rule
	findings []Finding

	claims    []graph.Claim
	byID      map[quad.IRI]int
	on        map[subjectPredicate][]graph.Claim
	objects   map[subjectPredicate][]quad.Value // stated by claims that are not deprecated, by the gazetteer, or derived
	subjects  []quad.IRI                        // of ours that are defined, in the order in which they are met
	defined   map[quad.IRI]bool
	documents map[quad.IRI]graph.Document
}

type subjectPredicate struct{ subject, predicate quad.IRI }

func newInspection(schema *graph.Schema, quads []quad.Quad, place func(quad.IRI) graph.Position, reviewed Reviewed) *inspection {
	in := &inspection{
		schema: schema, quads: quads, place: place, reviewed: reviewed,
		claims: graph.ClaimsOf(quads), byID: map[quad.IRI]int{}, on: map[subjectPredicate][]graph.Claim{},
		objects: map[subjectPredicate][]quad.Value{}, defined: map[quad.IRI]bool{}, documents: map[quad.IRI]graph.Document{},
	}
	for i, c := range in.claims {
		in.byID[c.ID] = i
		k := subjectPredicate{c.Subject, c.Predicate}
		in.on[k] = append(in.on[k], c)
	}
	for _, q := range slices.Concat(quads, graph.Derive(schema, quads)) {
		subject, ok := q.Subject.(quad.IRI)
		predicate, _ := q.Predicate.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		if !ok || label == graph.Provenance || label == graph.SchemaIn {
			continue
		}
		if graph.IsClaim(label) && in.claims[in.byID[label]].Rank == graph.Deprecated {
			continue
		}
		k := subjectPredicate{subject, predicate}
		if !slices.Contains(in.objects[k], q.Object) {
			in.objects[k] = append(in.objects[k], q.Object)
		}
		if (predicate == graph.Type || predicate == graph.Name) && !in.defined[subject] && strings.HasPrefix(string(subject), "kg:") {
			in.defined[subject] = true
			in.subjects = append(in.subjects, subject)
		}
	}
	return in
}

// report notes a finding of the rule at work, where the claim or entity stands that it is about.
func (in *inspection) report(about quad.IRI, want, found string, hint ...string) {
	in.reportAt(in.place(about), about, want, found, hint...)
}

// reportAt is report at another place. Without a hint the rule's advice is given.
func (in *inspection) reportAt(at graph.Position, about quad.IRI, want, found string, hint ...string) {
	p := &graph.Problem{At: at, Want: want, Found: found, Hint: asHint(in.rule.Advice)}
	if len(hint) > 0 {
		p.Hint = hint[0]
	}
	in.findings = append(in.findings, Finding{Rule: in.rule.ID, Level: in.rule.Level, About: about, Problem: p})
}

// asHint makes the end of a line out of a sentence.
func asHint(advice string) string {
	return strings.ToLower(advice[:1]) + strings.TrimSuffix(advice[1:], ".")
}

// class is the name of an entity's class.
func (in *inspection) class(id quad.IRI) string {
	if c, ok := in.schema.ClassOf(id); ok {
		return c.Name
	}
	return ""
}

// isFigure says whether an entity is a figure or a seizure.
func (in *inspection) isFigure(id quad.IRI) bool {
	want, ok := in.schema.Class("kg:Figure")
	c, known := in.schema.ClassOf(id)
	return ok && known && in.schema.IsA(c, want)
}

// links returns the entities that a subject is linked to.
func (in *inspection) links(subject, predicate quad.IRI) []quad.IRI {
	var list []quad.IRI
	for _, v := range in.objects[subjectPredicate{subject, predicate}] {
		if iri, ok := v.(quad.IRI); ok {
			list = append(list, iri)
		}
	}
	slices.Sort(list)
	return list
}

// has says whether anything is said of a subject under a predicate.
func (in *inspection) has(subject, predicate quad.IRI) bool {
	return len(in.objects[subjectPredicate{subject, predicate}]) > 0
}

// date is the day, month or year under a predicate: the gazetteer's, else that of the preferred claim.
func (in *inspection) date(subject, predicate quad.IRI) graph.Date {
	if c, ok := in.best(subject, predicate); ok {
		d, _ := graph.DateOf(c.Object)
		return d
	}
	for _, v := range in.objects[subjectPredicate{subject, predicate}] {
		if d, ok := graph.DateOf(v); ok {
			return d
		}
	}
	return graph.Date{}
}

// best is the preferred of the claims on a figure that are no conversion.
func (in *inspection) best(subject, predicate quad.IRI) (graph.Claim, bool) {
	var own []graph.Claim
	for _, c := range in.on[subjectPredicate{subject, predicate}] {
		if c.ConvertedFrom == "" && c.Rank != graph.Deprecated {
			own = append(own, c)
		}
	}
	if len(own) == 0 {
		return graph.Claim{}, false
	}
	c, _ := graph.Prefer(own, in.document)
	return c, true
}

// number is the interval of the preferred claim, where that gives a number.
func (in *inspection) number(subject, predicate quad.IRI) (graph.Claim, graph.Interval, bool) {
	c, ok := in.best(subject, predicate)
	if !ok {
		return c, graph.Interval{}, false
	}
	i, ok := c.Covers()
	return c, i, ok
}

func (in *inspection) document(source quad.IRI) graph.Document {
	d, known := in.documents[source]
	if !known {
		for _, kind := range in.links(source, graph.Kind) {
			d.Kind = kind
		}
		for _, v := range in.objects[subjectPredicate{source, graph.Issued}] {
			d.Issued, _ = graph.DateOf(v)
		}
		in.documents[source] = d
	}
	return d
}

// measures lists the predicates with a unit under which a figure has claims, in alphabetical order.
func (in *inspection) measures(figure quad.IRI) []*graph.Predicate {
	var list []*graph.Predicate
	for _, p := range in.schema.Predicates() {
		if p.Unit != "" && len(in.on[subjectPredicate{figure, p.IRI}]) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// short is an identifier as people write it: A-SEED-010, platform/sky-ecc.
func short(id quad.IRI) string {
	return strings.TrimPrefix(strings.TrimPrefix(string(id), "kg:claim/"), "kg:")
}

// where is " (file:line)" of a claim or entity, or "".
func (in *inspection) where(id quad.IRI) string {
	at := in.place(id)
	at.Column = 0
	if s := at.String(); s != "" {
		return " (" + s + ")"
	}
	return ""
}
