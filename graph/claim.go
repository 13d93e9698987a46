package graph

import (
	"github.com/cayleygraph/quad"
)

// The graphs (fourth column) of quads that are no claims and no derivations.
const (
	Gazetteer  quad.IRI = "kg:graph/gazetteer"  // names, classes, place in place
	Provenance quad.IRI = "kg:graph/provenance" // facts about claims and derivations
	SchemaIn   quad.IRI = "kg:graph/schema"     // the schema
)

// Predicates and values that the code itself reads; all are defined in data/schema.yaml.
const (
	Type           quad.IRI = "rdf:type"
	Name           quad.IRI = "schema:name"
	AltLabel       quad.IRI = "skos:altLabel"
	Kind           quad.IRI = "kg:kind"
	Within         quad.IRI = "kg:within"
	Broader        quad.IRI = "skos:broader"
	ReadIn         quad.IRI = "dcterms:source"
	PrimarySource  quad.IRI = "prov:hadPrimarySource"
	SaidBy         quad.IRI = "prov:wasAttributedTo"
	DerivedFrom    quad.IRI = "prov:wasDerivedFrom"
	QualifierIs    quad.IRI = "kg:qualifier"
	ReportedAs     quad.IRI = "kg:reportedAs"
	UpTo           quad.IRI = "kg:upTo"
	ConvertedFrom  quad.IRI = "kg:convertedFrom"
	LastDigit      quad.IRI = "kg:lastDigit"
	IsRounded      quad.IRI = "kg:rounded"
	ExactValue     quad.IRI = "kg:exactValue"
	ValidFrom      quad.IRI = "kg:validFrom"
	ValidUntil     quad.IRI = "kg:validUntil"
	RankIs         quad.IRI = "kg:rank"
	Basis          quad.IRI = "kg:basis"
	Rule           quad.IRI = "kg:rule"
	Note           quad.IRI = "kg:note"
	Issued         quad.IRI = "dcterms:issued"
	PartOf         quad.IRI = "kg:partOf"
	NextInSeries   quad.IRI = "kg:nextInSeries"
	StartDate      quad.IRI = "schema:startDate"
	EndDate        quad.IRI = "schema:endDate"
	SomeValue      quad.IRI = "kg:someValue"
	NoValue        quad.IRI = "kg:noValue"
	Withheld       quad.IRI = "kg:withheld"
	Inferred       quad.IRI = "kg:inferred"
	Preferred      quad.IRI = "kg:preferred"
	Deprecated     quad.IRI = "kg:deprecated"
	Approx         quad.IRI = "kg:approx"
	Nearly         quad.IRI = "kg:nearly"
	AtLeast        quad.IRI = "kg:atLeast"
	AtMost         quad.IRI = "kg:atMost"
	Estimated      quad.IRI = "kg:estimated"
	Editors        quad.IRI = "kg:agent/editors"
	KindPrimary    quad.IRI = "kg:kind/primary"
	claimPath               = "kg:claim/"
	derivationPath          = "kg:derivation/"
)

// A Claim is one fact with everything said about it. IRIs are short; an empty field was not given.
type Claim struct {
	ID        quad.IRI // kg:claim/A-SEED-010
	Subject   quad.IRI
	Predicate quad.IRI
	Object    quad.Value

	Source        quad.IRI   // the document it was read in
	PrimarySource bool       // the document is the speaker's own
	Speaker       quad.IRI   // who said it, when the document names one
	Qualifier     quad.IRI   // the document's hedge
	ReportedAs    string     // the figure in the document's words
	UpTo          quad.Value // upper end of a range; Object is the lower
	ConvertedFrom quad.IRI   // the claim of which it is a printed conversion
	DerivedFrom   []quad.IRI // claims or documents that it repeats or was inferred from
	LastDigit     int64      // size of the last digit given; 0 where Object shows it
	Exact         string     // the value before rounding; empty when it was whole
	Valid         Span       // when the fact held
	Rank          quad.IRI
	Basis         quad.IRI // kg:inferred for what the editors concluded
	Notes         []string
}

// Quads returns the fact under the claim's label, then the claim's own facts.
func (c Claim) Quads() []quad.Quad {
	qs := []quad.Quad{{Subject: c.Subject, Predicate: c.Predicate, Object: c.Object, Label: c.ID}}
	add := func(p quad.IRI, v quad.Value) {
		qs = append(qs, quad.Quad{Subject: c.ID, Predicate: p, Object: v, Label: Provenance})
	}
	iri := func(p, v quad.IRI) {
		if v != "" {
			add(p, v)
		}
	}
	iri(ReadIn, c.Source)
	if c.PrimarySource {
		iri(PrimarySource, c.Source)
	}
	iri(SaidBy, c.Speaker)
	iri(QualifierIs, c.Qualifier)
	if c.ReportedAs != "" {
		add(ReportedAs, quad.String(c.ReportedAs))
	}
	if c.UpTo != nil {
		add(UpTo, c.UpTo)
	}
	iri(ConvertedFrom, c.ConvertedFrom)
	for _, d := range c.DerivedFrom {
		add(DerivedFrom, d)
	}
	if c.LastDigit != 0 {
		add(LastDigit, quad.Int(c.LastDigit))
	}
	if c.Exact != "" {
		add(IsRounded, quad.Bool(true))
		add(ExactValue, quad.TypedString{Value: quad.String(c.Exact), Type: "xsd:decimal"})
	}
	if !c.Valid.From.IsZero() {
		add(ValidFrom, c.Valid.From.Value())
	}
	if !c.Valid.Until.IsZero() {
		add(ValidUntil, c.Valid.Until.Value())
	}
	iri(RankIs, c.Rank)
	iri(Basis, c.Basis)
	for _, n := range c.Notes {
		add(Note, quad.String(n))
	}
	return qs
}

// setFact reads one of the claim's own facts back; it is the inverse of [Claim.Quads].
func (c *Claim) setFact(p quad.IRI, v quad.Value) {
	iri, _ := v.(quad.IRI)
	text, _ := v.(quad.String)
	switch p {
	case ReadIn:
		c.Source = iri
	case PrimarySource:
		c.PrimarySource = true
	case SaidBy:
		c.Speaker = iri
	case QualifierIs:
		c.Qualifier = iri
	case ReportedAs:
		c.ReportedAs = string(text)
	case UpTo:
		c.UpTo = v
	case ConvertedFrom:
		c.ConvertedFrom = iri
	case DerivedFrom:
		c.DerivedFrom = append(c.DerivedFrom, iri)
	case LastDigit:
		n, _ := v.(quad.Int)
		c.LastDigit = int64(n)
	case ExactValue:
		t, _ := v.(quad.TypedString)
		c.Exact = string(t.Value)
	case ValidFrom:
		c.Valid.From, _ = DateOf(v)
	case ValidUntil:
		c.Valid.Until, _ = DateOf(v)
	case RankIs:
		c.Rank = iri
	case Basis:
		c.Basis = iri
	case Note:
		c.Notes = append(c.Notes, string(text))
	}
}
