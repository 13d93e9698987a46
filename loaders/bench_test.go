package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"kg/graph"
	"kg/loaders"
)

// dump makes N-Quads as dumps look: entities with a class, names in two languages, dates, figures, links to
// each other and to one graph for each, a few escapes.
func dump(entities int) []byte {
	var b bytes.Buffer
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	for i := range entities {
		s := fmt.Sprintf("<https://example.org/kg/seizure/case-%07d>", i)
		g := fmt.Sprintf("<https://example.org/kg/claim/A-%07d>", i/3)
		fmt.Fprintf(&b, "%s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/kg/Seizure> %s .\n", s, g)
		fmt.Fprintf(&b, "%s <https://schema.org/name> \"Seizure of load %d in Antwerp\"@en %s .\n", s, i, g)
		fmt.Fprintf(&b, "%s <https://schema.org/name> \"Inbeslagname \\\"%d\\\" te Antwerpen\\u00E9\"@nl-BE %s .\n", s, i, g)
		fmt.Fprintf(&b, "%s <https://example.org/kg/amount> \"%d\"^^<%sinteger> %s .\n", s, i*7919%100003, xsd, g)
		fmt.Fprintf(&b, "%s <http://purl.org/dc/terms/date> \"2021-%02d-%02d\"^^<%sdate> %s .\n", s, i%12+1, i%28+1, xsd, g)
		fmt.Fprintf(&b, "%s <http://www.w3.org/ns/prov#wasDerivedFrom> <https://example.org/kg/seizure/case-%07d> %s .\n", s, i*31%entities, g)
		fmt.Fprintf(&b, "%s <http://www.w3.org/2000/01/rdf-schema#comment> \"The load was found in a container of bananas; the crew knew nothing of it, said the ministry.\" %s .\n", s, g)
		fmt.Fprintf(&b, "_:place%d <https://example.org/kg/near> <https://example.org/kg/location/antwerp> %s .\n", i%1000, g)
	}
	return b.Bytes()
}

// BenchmarkNQuads reads the same bytes with our reader and with that of Cayley, from memory: a dump as
// they usually are, and one in which no subject and no object comes twice.
func BenchmarkNQuads(b *testing.B) {
	b.Run("dump", func(b *testing.B) { benchmarkReaders(b, dump(20000)) })
	b.Run("distinct", func(b *testing.B) { benchmarkReaders(b, []byte(distinct(100000))) })
}

func benchmarkReaders(b *testing.B, data []byte) {
	b.Helper()
	quads := bytes.Count(data, []byte("\n"))
	report := func(b *testing.B) {
		b.Helper()
		b.ReportMetric(float64(quads)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mquads/s")
	}
	for _, workers := range slices.Compact([]int{1, runtime.GOMAXPROCS(0)}) {
		b.Run(fmt.Sprintf("kg/cores=%d", workers), func(b *testing.B) {
			f, err := loaders.ByName("nquads")
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { n++; return nil })
				o := loaders.Options{Workers: workers}
				if err := f.Load(context.Background(), bytes.NewReader(data), "dump.nq", o, sink); err != nil || n != quads {
					b.Fatal(n, err)
				}
			}
			report(b)
		})
	}
	b.Run("cayley", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			r := nquads.NewReader(bytes.NewReader(data), false)
			n := 0
			for {
				_, err := r.ReadQuad()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != quads {
				b.Fatal(n)
			}
		}
		report(b)
	})
}

// turtleDump says what dump says, as people write it: prefixes, semicolons, nested nodes.
func turtleDump(entities int) []byte {
	var b bytes.Buffer
	b.WriteString("@prefix kg: <https://example.org/kg/> .\n@prefix schema: <https://schema.org/> .\n" +
		"@prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix prov: <http://www.w3.org/ns/prov#> .\n" +
		"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n")
	for i := range entities {
		fmt.Fprintf(&b, "<https://example.org/kg/seizure/case-%07d> a kg:Seizure ;\n", i)
		fmt.Fprintf(&b, "    schema:name \"Seizure of load %d in Antwerp\"@en , \"Inbeslagname \\\"%d\\\" te Antwerpen\"@nl-BE ;\n", i, i)
		fmt.Fprintf(&b, "    kg:amount %d ; kg:tonnes %d.5 ;\n", i*7919%100003, i%30)
		fmt.Fprintf(&b, "    dcterms:date \"2021-%02d-%02d\"^^xsd:date ;\n", i%12+1, i%28+1)
		fmt.Fprintf(&b, "    prov:wasDerivedFrom <https://example.org/kg/seizure/case-%07d> ;\n", i*31%entities)
		b.WriteString("    rdfs:comment \"The load was found in a container of bananas; the crew knew nothing of it, said the ministry.\" ;\n")
		b.WriteString("    kg:near [ schema:name \"Antwerp\" ; kg:items ( 1 2 ) ] .\n\n")
	}
	return b.Bytes()
}

// BenchmarkTurtle reads from memory.
func BenchmarkTurtle(b *testing.B) {
	data := turtleDump(5000)
	for _, name := range []string{"turtle", "trig"} {
		b.Run(name, func(b *testing.B) {
			f, err := loaders.ByName(name)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { n++; return nil })
				if err := f.Load(context.Background(), bytes.NewReader(data), "dump.ttl", loaders.Options{}, sink); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mquads/s")
		})
	}
}
