package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	b.Run("dump", func(b *testing.B) { benchmarkReaders(b, dump(5000)) })
	b.Run("distinct", func(b *testing.B) { benchmarkReaders(b, []byte(distinct(40000))) })
}

func benchmarkReaders(b *testing.B, data []byte) {
	b.Helper()
	quads := bytes.Count(data, []byte("\n"))
	report := func(b *testing.B) {
		b.ReportMetric(float64(quads)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mquads/s")
	}
	b.Run("kg", func(b *testing.B) {
		f, err := loaders.ByName("nquads")
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { n++; return nil })
			if err := f.Load(context.Background(), bytes.NewReader(data), "dump.nq", loaders.Options{}, sink); err != nil || n != quads {
				b.Fatal(n, err)
			}
		}
		report(b)
	})
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
