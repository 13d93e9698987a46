package graph

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// Quads returns the schema itself as quads of the graph kg:graph/schema, so that a question can ask
// what a predicate means. The order is always the same.
func (s *Schema) Quads() []quad.Quad {
	var qs []quad.Quad
	add := func(subject, predicate quad.IRI, v quad.Value) {
		qs = append(qs, quad.Quad{Subject: subject, Predicate: predicate, Object: v, Label: SchemaIn})
	}
	describe := func(subject, class quad.IRI, label, definition string, exact, near quad.IRI) {
		add(subject, Type, class)
		add(subject, "rdfs:label", quad.String(label))
		add(subject, "rdfs:comment", quad.String(definition))
		if exact != "" {
			add(subject, "skos:exactMatch", exact)
		}
		if near != "" {
			add(subject, "skos:closeMatch", near)
		}
	}
	for _, c := range s.Classes() {
		describe(c.IRI, "rdfs:Class", c.Label, c.Definition, c.Exact, c.Close)
		if c.Broader != "" {
			add(c.IRI, "rdfs:subClassOf", c.Broader)
		}
	}
	for _, p := range s.Predicates() {
		describe(p.IRI, "rdf:Property", p.Label, p.Definition, p.Exact, p.Close)
		for _, c := range p.Domain {
			add(p.IRI, "rdfs:domain", c.IRI)
		}
		for _, c := range p.Classes {
			add(p.IRI, "rdfs:range", c.IRI)
		}
		if t := rangeType(p.Range); t != "" {
			add(p.IRI, "rdfs:range", t)
		}
		if p.Unit != "" {
			add(p.IRI, "kg:unit", quad.String(p.Unit))
		}
		cardinality := "one"
		if p.Many {
			cardinality = "many"
		}
		add(p.IRI, "kg:cardinality", quad.String(cardinality))
	}
	for _, iri := range slices.Sorted(maps.Keys(s.concepts)) {
		c := s.concepts[iri]
		describe(c.IRI, "skos:Concept", c.Label, c.Definition, "", "")
	}
	return qs
}

// rangeType is the standard class or datatype of a range, or "".
func rangeType(r Range) quad.IRI {
	switch r {
	case RangeConcept:
		return "skos:Concept"
	case RangeText, RangeName:
		return xsdString
	case RangeURL:
		return "xsd:anyURI"
	case RangeInteger:
		return xsdInteger
	case RangeDecimal:
		return "xsd:decimal"
	case RangeBoolean:
		return xsdBoolean
	case RangeAny, RangeEntity, RangeDate: // dates have three datatypes
	}
	return ""
}
