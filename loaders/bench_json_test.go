package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"

	"kg/graph"
	"kg/loaders"
)

// BenchmarkJSON reads what other programs write: entities, quads of Cayley's, a document of JSON-LD.
func BenchmarkJSON(b *testing.B) {
	var entities, cayley, nodes strings.Builder
	var binary bytes.Buffer
	w := pquads.NewWriter(&binary, nil)
	for i := range 20_000 {
		fmt.Fprintf(&entities, `{"id":"NK-%d","caption":"Company %d","schema":"Company","datasets":["a"],"properties":{"name":["Company %d"],"country":["ca"],"incorporationDate":["2008-05"]}}`+"\n", i, i, i)
		fmt.Fprintf(&cayley, `{"subject":"<https://example.org/%d>","predicate":"<https://schema.org/name>","object":"Company %d"}`+"\n", i, i)
		fmt.Fprintf(&nodes, `,{"@id":"https://example.org/%d","https://schema.org/name":[{"@value":"Company %d"}]}`, i, i)
		q := quad.Quad{Subject: quad.IRI(fmt.Sprint("https://example.org/", i)), Predicate: quad.IRI("https://schema.org/name"), Object: quad.String(fmt.Sprint("Company ", i))}
		if _, err := w.WriteQuads([]quad.Quad{q}); err != nil {
			b.Fatal(err)
		}
	}
	for format, text := range map[string]string{
		"ftm": entities.String(), "cayley-json": cayley.String(), "pquads": binary.String(), "jsonld": "[" + nodes.String()[1:] + "]",
	} {
		b.Run(format, func(b *testing.B) {
			f, err := loaders.ByName(format)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			count := 0
			sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { count++; return nil })
			for b.Loop() {
				if err := f.Load(context.Background(), strings.NewReader(text), "in", loaders.Options{}, sink); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "quads/s")
		})
	}
	b.Run("pquads-of-Cayley", func(b *testing.B) {
		b.SetBytes(int64(binary.Len()))
		b.ReportAllocs()
		for b.Loop() {
			r := pquads.NewReader(bytes.NewReader(binary.Bytes()), 0)
			for {
				if _, err := r.ReadQuad(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
