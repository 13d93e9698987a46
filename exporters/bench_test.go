package exporters_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
)

// BenchmarkWriters writes what a dump says, in every format.
func BenchmarkWriters(b *testing.B) {
	var quads []quad.Quad
	for i := range 5000 {
		s, g := quad.IRI(fmt.Sprintf("kg:seizure/case-%07d", i)), quad.IRI(fmt.Sprintf("kg:claim/A-%07d", i/3))
		for _, po := range []struct {
			p quad.IRI
			o quad.Value
		}{
			{"rdf:type", quad.IRI("kg:Seizure")},
			{"schema:name", quad.LangString{Value: quad.String(fmt.Sprintf("Seizure of load %d in Antwerp", i)), Lang: "en"}},
			{"schema:name", quad.LangString{Value: quad.String(fmt.Sprintf("Inbeslagname \"%d\" te Antwerpen", i)), Lang: "nl-BE"}},
			{"kg:amount", quad.Int(i * 7919 % 100003)},
			{"dcterms:date", quad.TypedString{Value: quad.String(fmt.Sprintf("2021-%02d-%02d", i%12+1, i%28+1)), Type: "xsd:date"}},
			{"prov:wasDerivedFrom", quad.IRI(fmt.Sprintf("kg:seizure/case-%07d", i*31%5000))},
			{"rdfs:comment", quad.String("The load was found in a container of bananas; the crew knew nothing of it, said the ministry.")},
			{"kg:near", quad.BNode(fmt.Sprint("d_place", i%1000))},
		} {
			quads = append(quads, quad.Quad{Subject: s, Predicate: po.p, Object: po.o, Label: g})
		}
	}
	for _, f := range quadFormats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, exporters.Document{Quads: sequence(nil, quads...), Namespaces: graph.DefaultNamespaces()}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(quads))/float64(b.N), "ns/quad")
		})
	}
}
