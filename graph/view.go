package graph

import (
	"context"
	"slices"
	"time"

	"github.com/cayleygraph/quad"
)

// Predicates that date a document, a running total, a thing.
const (
	PublishedBefore quad.IRI = "kg:publishedBefore"
	AsOf            quad.IRI = "kg:asOf"
	FoundingDate    quad.IRI = "schema:foundingDate"
)

// A Clock chooses among the claims of a graph by time. A zero date does not ask.
//
// Known keeps what was known at the end of that day, month or year: claims whose document was published
// by then. A document dated 2021-03 counts as published on the last day of the month; an undated one on
// the day by which it was out, where that is known, and else never, unless Undated says so.
//
// Valid keeps what held on that day, or at some time in that month or year: claims whose own span of
// validity reaches there, about things that had begun. An event, an operation or an organisation begins
// with its first day, a document with that of its publication. A figure is there from the day on which it was struck, else from the last day that
// it counts, else from the first: a total of six weeks is no fact before these are over.
type Clock struct {
	Known, Valid Date
	Undated      bool
}

// IsZero says whether the clock chooses everything.
func (c Clock) IsZero() bool { return c.Known.IsZero() && c.Valid.IsZero() }

// String names what the clock chooses: "known at 2020-07-03, valid at 2020-07".
func (c Clock) String() string {
	s := ""
	if !c.Known.IsZero() {
		s = "known at " + c.Known.String()
		if c.Undated {
			s += " or undated"
		}
	}
	if !c.Valid.IsZero() {
		if s != "" {
			s += ", "
		}
		s += "valid at " + c.Valid.String()
	}
	return s
}

// A View is what a clock leaves of the facts that a store was told. Nothing derived is in it: what
// follows is concluded anew, from the claims that are left.
//
// Of a thing that the store's claims speak of and the view's do not, only class, kind and names stay, so
// that it can be asked for. Places and kinds of goods, which tie others together, stay whole.
type View struct {
	Clock Clock
	Left  ViewCounts
	quads []quad.Quad
}

// ViewCounts says how many claims a view has, and why others are not in it.
type ViewCounts struct {
	Claims           int `json:"claims"` // of the store
	Kept             int `json:"kept"`
	Later            int `json:"later"`             // in documents published later
	Undated          int `json:"undated"`           // in documents without a date
	UndatedDocuments int `json:"undated_documents"` // how many these are
	Loose            int `json:"loose"`             // facts without a document, which are no claims
	NotThen          int `json:"not_then"`          // did not hold then
	NotYet           int `json:"not_yet"`           // about what had not begun
	Premises         int `json:"premises"`          // concluded from claims that are not in the view
}

// Feed hands the view's quads to a build.
func (v *View) Feed() Feed {
	return func(ctx context.Context, sink Sink) error {
		for i, q := range v.quads {
			if i%progressEvery == 0 {
				if err := context.Cause(ctx); err != nil {
					return err
				}
			}
			if err := sink.Add(q, Position{}); err != nil {
				return err
			}
		}
		return nil
	}
}

// View chooses by the clock among the facts of the store.
func (s *Store) View(ctx context.Context, clock Clock) (*View, error) {
	b := &viewBuilder{
		clock: clock, schema: s.schema,
		claims: map[quad.IRI]*viewClaim{}, about: map[quad.IRI][]quad.IRI{}, documents: map[quad.IRI]*viewDocument{}, begun: map[quad.IRI]*beginning{},
	}
	for q, err := range s.Match(ctx, Pattern{}) {
		if err != nil {
			return nil, err
		}
		b.read(q)
	}
	b.chooseKnown()
	b.chooseValid()
	b.choosePremises()
	return b.view(), nil
}

// A viewBuilder holds what a store says of its claims.
type viewBuilder struct {
	clock  Clock
	schema *Schema

	claims    map[quad.IRI]*viewClaim
	about     map[quad.IRI][]quad.IRI // figure → what it counts something of
	documents map[quad.IRI]*viewDocument
	begun     map[quad.IRI]*beginning
	quads     []quad.Quad // gazetteer and what stands under no claim
	left      ViewCounts
}

type viewClaim struct {
	Claim
	fact  quad.Quad
	about []quad.Quad
	out   bool
}

type viewDocument struct {
	issued, before Date
}

// A beginning is the earliest of each date of a thing.
type beginning struct {
	asOf, start, end, founded Date
}

// read sorts a quad in.
func (b *viewBuilder) read(q quad.Quad) {
	subject, _ := q.Subject.(quad.IRI)
	predicate, _ := q.Predicate.(quad.IRI)
	label, _ := q.Label.(quad.IRI)
	switch {
	case IsDerivation(label), IsDerivation(subject), label == SchemaIn:
		return
	case IsClaim(label):
		c := b.claim(label)
		c.fact = q
		c.Subject, c.Predicate, c.Object = subject, predicate, q.Object
		return
	case IsClaim(subject):
		c := b.claim(subject)
		c.about = append(c.about, q)
		c.setFact(predicate, q.Object)
		return
	}
	b.quads = append(b.quads, q)
	if label != Gazetteer {
		return
	}
	if thing, ok := q.Object.(quad.IRI); ok && predicate == "kg:about" {
		b.about[subject] = append(b.about[subject], thing)
	}
	if d, ok := DateOf(q.Object); ok {
		switch predicate {
		case Issued:
			b.document(subject).issued = d
		case PublishedBefore:
			b.document(subject).before = d
		default:
			b.begins(subject, predicate, d)
		}
	}
}

func (b *viewBuilder) claim(id quad.IRI) *viewClaim {
	c, ok := b.claims[id]
	if !ok {
		c = &viewClaim{Claim: Claim{ID: id}}
		b.claims[id] = c
	}
	return c
}

func (b *viewBuilder) document(iri quad.IRI) *viewDocument {
	d, ok := b.documents[iri]
	if !ok {
		d = &viewDocument{}
		b.documents[iri] = d
	}
	return d
}

// begins notes a date of a thing, the earliest where there are several.
func (b *viewBuilder) begins(thing, predicate quad.IRI, d Date) {
	s, ok := b.begun[thing]
	if !ok {
		s = &beginning{}
	}
	var of *Date
	switch predicate {
	case AsOf:
		of = &s.asOf
	case StartDate:
		of = &s.start
	case EndDate:
		of = &s.end
	case FoundingDate:
		of = &s.founded
	default:
		return
	}
	if of.IsZero() || d.First().Before(of.First()) {
		*of = d
	}
	b.begun[thing] = s
}

// since is the first day on which a thing may have been there; zero where nobody says.
func (b *viewBuilder) since(thing quad.IRI) time.Time {
	if d, ok := b.documents[thing]; ok && !d.issued.IsZero() {
		return d.issued.First()
	}
	s, ok := b.begun[thing]
	if !ok {
		return time.Time{}
	}
	order := []Date{s.start, s.founded}
	if b.isA(thing, "kg:Figure") {
		order = []Date{s.asOf, s.end, s.start}
	}
	for _, d := range order {
		if !d.IsZero() {
			return d.First()
		}
	}
	return time.Time{}
}

// notYet says whether a thing had not begun by a day; of a figure without a date, whether what it is
// about had not.
func (b *viewBuilder) notYet(thing quad.IRI, day time.Time) bool {
	since := b.since(thing)
	if !since.IsZero() {
		return since.After(day)
	}
	return slices.ContainsFunc(b.about[thing], func(of quad.IRI) bool { return b.since(of).After(day) })
}

func (b *viewBuilder) isA(thing, class quad.IRI) bool {
	want, ok := b.schema.Class(class)
	if !ok {
		return false
	}
	c, ok := b.schema.ClassOf(thing)
	return ok && b.schema.IsA(c, want)
}
