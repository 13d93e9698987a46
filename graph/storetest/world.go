package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// schemaText is a small schema of the exam's own, so that the exam does not change with the real one.
const schemaText = `
version: 1
classes:
  Platform:   {path: platform, label: platform, plural: platforms, definition: "A network."}
  Agency:     {path: agency, label: agency, plural: agencies, definition: "An authority."}
  Operation:  {path: operation, label: operation, plural: operations, definition: "An effort."}
  Location:   {path: location, label: location, plural: locations, definition: "A place."}
  Figure:     {path: figure, label: figure, plural: figures, definition: "What is counted."}
  Seizure:    {path: seizure, label: seizure, plural: seizures, broader: Figure, definition: "Goods taken."}
  Source:     {path: source, label: document, plural: documents, definition: "Where it was read."}
  Claim:      {path: claim, label: claim, plural: claims, definition: "The label of a fact."}
  Derivation: {path: derivation, label: derivation, plural: derivations, definition: "The label of a conclusion."}
concepts:
  qualifier: {path: "", words: {approx: "About.", nearly: "A little less."}}
  kind:      {path: kind, words: {takedown: "Shut down.", enforcement: "Used the data."}}
units: {gram: {symbol: g, measures: mass, factor: 1}}
currencies: {}
money: {}
predicates:
  rdf:type:             {label: is a, range: any, cardinality: many, definition: "Class."}
  schema:name:          {label: name, range: name, cardinality: one, definition: "Name."}
  skos:altLabel:        {label: also called, range: name, cardinality: many, definition: "Alias."}
  kind:                 {label: kind, in: [kind], cardinality: one, definition: "Kind."}
  within:               {label: within, domain: [Location], range: [Location], cardinality: many, definition: "In."}
  note:                 {label: note, range: text, cardinality: many, definition: "Remark."}
  infiltrated:          {label: infiltrated, domain: [Agency], range: [Platform], cardinality: many, definition: "Got in."}
  targeted:             {label: targeted, domain: [Operation], range: [Platform], cardinality: many, definition: "Aim."}
  ledBy:                {label: led by, domain: [Operation], range: [Agency], cardinality: many, definition: "Leader."}
  place:                {label: place, domain: [Figure], range: [Location], cardinality: many, definition: "Where."}
  massGrams:            {label: mass, domain: [Figure], range: integer, unit: gram, cardinality: one, definition: "Mass."}
  describedAs:          {label: described as, range: text, cardinality: many, definition: "Words."}
  dcterms:source:       {label: read in, domain: [Claim], range: [Source], cardinality: one, definition: "Document."}
  prov:wasAttributedTo: {label: said by, domain: [Claim], range: [Agency], cardinality: one, definition: "Speaker."}
  prov:wasDerivedFrom:  {label: derived from, domain: [Claim, Derivation, Source], range: any, cardinality: many, definition: "Support."}
  qualifier:            {label: qualifier, domain: [Claim], in: [qualifier], cardinality: one, definition: "Hedge."}
  reportedAs:           {label: reported as, domain: [Claim], range: text, cardinality: one, definition: "Wording."}
  rule:                 {label: rule, domain: [Derivation], range: text, cardinality: many, definition: "Rule."}
  cracked:              {label: cracked, domain: [Agency], range: [Platform], cardinality: many, derived: true, definition: "Got in."}
  liesIn:               {label: lies in, domain: [Location], range: [Location], cardinality: many, derived: true, definition: "In, at last."}
`

// Schema returns the schema of the exam.
func Schema(tb testing.TB) *graph.Schema {
	tb.Helper()
	s, err := graph.ParseSchema("exam.yaml", []byte(schemaText))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

const (
	article    quad.IRI = "kg:source/article"
	release    quad.IRI = "kg:source/release"
	sky        quad.IRI = "kg:platform/sky-ecc"
	encro      quad.IRI = "kg:platform/encrochat"
	belgians   quad.IRI = "kg:agency/be-federal-police"
	nca        quad.IRI = "kg:agency/nca"
	venetic    quad.IRI = "kg:operation/venetic"
	antwerp    quad.IRI = "kg:location/antwerp"
	port       quad.IRI = "kg:location/port-of-antwerp"
	belgium    quad.IRI = "kg:location/belgium"
	cocaine    quad.IRI = "kg:seizure/antwerp-cocaine"
	massGrams  quad.IRI = "kg:massGrams"
	infiltrate quad.IRI = "kg:infiltrated"
	foreign    quad.IRI = "http://example.com/holds"
)

// things are the entities of the exam: id, name, aliases.
func things() [][]string {
	return [][]string{
		{string(sky), "Sky ECC", "SkyECC", "Sky Global's network"},
		{string(encro), "EncroChat"},
		{string(belgians), "Belgian Federal Police", "Federale Politie", "Police Fédérale"},
		{string(nca), "National Crime Agency", "NCA"},
		{string(venetic), "Operation Venetic"},
		{"kg:operation/ghost", "Operation Ghost"},
		{"kg:platform/ghost", "Ghost"},
		{"kg:operation/limit", "Argus"},
		{"kg:agency/argus", "Argus"},
		{string(port), "Port of Antwerp"},
		{string(antwerp), "Antwerp", "Antwerpen", "Anvers"},
		{string(belgium), "Belgium"},
		{string(cocaine), "Cocaine at the port of Antwerp"},
		{string(article), "The article"},
		{string(release), "The release"},
	}
}

// claims are the claims of the exam; C-1 and C-2 make the same statement.
func claims() []graph.Claim {
	return []graph.Claim{
		{ID: "kg:claim/C-1", Subject: belgians, Predicate: infiltrate, Object: sky, Source: article, Speaker: belgians},
		{ID: "kg:claim/C-2", Subject: belgians, Predicate: infiltrate, Object: sky, Source: release},
		{ID: "kg:claim/C-3", Subject: cocaine, Predicate: massGrams, Object: quad.Int(27_640_000), Source: article, Speaker: belgians, ReportedAs: "27.64 tons"},
		{ID: "kg:claim/C-4", Subject: cocaine, Predicate: massGrams, Object: quad.Int(28_000_000), Source: article, Qualifier: graph.Nearly, ReportedAs: "nearly 28 tons", Notes: []string{"From the headline.", "A rounding."}},
		{ID: "kg:claim/C-5", Subject: cocaine, Predicate: "kg:place", Object: port, Source: article},
		{ID: "kg:claim/C-6", Subject: venetic, Predicate: "kg:targeted", Object: encro, Source: article},
		{ID: "kg:claim/C-7", Subject: venetic, Predicate: "kg:ledBy", Object: nca, Source: article, Speaker: nca},
		{ID: "kg:claim/C-8", Subject: encro, Predicate: "kg:describedAs", Object: quad.String("a command and control centre"), Source: article, Speaker: nca},
	}
}

// values are all kinds of value, and the ones that stores have been known to bend.
func values() []quad.Value {
	long := make([]byte, 70_000)
	for i := range long {
		long[i] = byte('a' + i%26)
	}
	day := time.Date(2021, 3, 9, 4, 0, 0, 0, time.UTC)
	return []quad.Value{
		quad.IRI("http://example.com/full"), quad.IRI("http://example.com/ü?a=b&c=\"<d>\""), quad.IRI("iri:kg:x"),
		quad.BNode("b0"), quad.BNode("doc1_b0"),
		quad.String(""), quad.String("plain"), quad.String("<not an IRI>"), quad.String("_:not a node"),
		quad.String("line\nbreak\r\ttab \\ \"quoted\""), quad.String("nul \x00 in the middle"), quad.String("Ökonomie 警察 🚔"),
		quad.String(long), quad.String("42"), quad.String("true"), quad.String("\"v\"^^<xsd:integer>"), quad.String("\"v\"@en"),
		quad.LangString{Value: "police", Lang: "en"},
		quad.LangString{Value: "police", Lang: "fr"},
		quad.LangString{Value: "", Lang: "nl-BE"},
		quad.Int(0), quad.Int(1), quad.Int(-1), quad.Int(9223372036854775807), quad.Int(-9223372036854775808),
		quad.Float(0), quad.Float(1.5), quad.Float(-2.5e-300), quad.Float(1e21), quad.Float(4.9e-324),
		quad.Bool(true), quad.Bool(false),
		quad.Time(day), quad.Time(day.Add(time.Second)), quad.Time(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)), quad.Time(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)),
		quad.TypedString{Value: "2021-03-09", Type: "xsd:date"},
		quad.TypedString{Value: "2021-03", Type: "xsd:gYearMonth"},
		quad.TypedString{Value: "2021", Type: "xsd:gYear"},
		quad.TypedString{Value: "042", Type: "xsd:integer"},
		quad.TypedString{Value: "27.640", Type: "xsd:decimal"},
		quad.TypedString{Value: "NaN", Type: "xsd:double"},
		quad.TypedString{Value: "2021-03-09T04:00:00.25Z", Type: "xsd:dateTime"},
		quad.TypedString{Value: "2021-03-09T04:00:00+02:00", Type: "xsd:dateTime"},
		quad.TypedString{Value: "", Type: "http://example.com/empty"},
		quad.TypedString{Value: "POINT(4.4 51.2)", Type: "http://example.com/wkt"},
	}
}

// world is the graph of most behaviours.
func world() []quad.Quad {
	var qs []quad.Quad
	gazetteer := func(s, p quad.IRI, o quad.Value) {
		qs = append(qs, quad.Quad{Subject: s, Predicate: p, Object: o, Label: graph.Gazetteer})
	}
	for _, thing := range things() {
		id := quad.IRI(thing[0])
		gazetteer(id, graph.Name, quad.String(thing[1]))
		for _, alias := range thing[2:] {
			gazetteer(id, graph.AltLabel, quad.String(alias))
		}
	}
	gazetteer(port, graph.Within, antwerp)
	gazetteer(antwerp, graph.Within, belgium)
	gazetteer(venetic, graph.Kind, quad.IRI("kg:kind/enforcement"))
	gazetteer(sky, graph.Note, quad.String("Its makers deny that it was decrypted."))
	for _, c := range claims() {
		qs = append(qs, c.Quads()...)
	}
	// Facts of other people's vocabularies, with a label of theirs and without one.
	qs = append(qs,
		quad.Quad{Subject: quad.IRI("http://example.com/it"), Predicate: foreign, Object: sky},
		quad.Quad{Subject: quad.IRI("http://example.com/it"), Predicate: foreign, Object: sky, Label: quad.IRI("http://example.com/graph")},
		quad.Quad{Subject: quad.BNode("b1"), Predicate: foreign, Object: quad.BNode("b1"), Label: quad.BNode("b1")},
	)
	return qs
}

// many is a graph that takes a store several steps to write.
func many(n int) []quad.Quad {
	qs := make([]quad.Quad, n)
	for i := range qs {
		qs[i] = quad.Quad{
			Subject: quad.IRI(fmt.Sprintf("http://example.com/s%d", i%(n/10+1))), Predicate: foreign,
			Object: quad.Int(i), Label: quad.IRI(fmt.Sprintf("http://example.com/g%d", i%7)),
		}
	}
	return qs
}

// Feed hands over quads, with line numbers as positions.
func Feed(qs []quad.Quad) graph.Feed {
	return func(_ context.Context, sink graph.Sink) error {
		for i, q := range qs {
			if err := sink.Add(q, graph.Position{File: "exam.nq", Line: i + 1}); err != nil {
				return err
			}
		}
		return nil
	}
}
