package exporters

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func nquads() Format {
	return Format{
		Name: "nquads", Extensions: []string{".nq"}, MediaType: "application/n-quads",
		About:  "N-Quads with full IRIs, claims as graph names; canonical: sorted lines, no duplicates",
		Graphs: true,
		Write:  dumped(true, plain(writeNQuads)),
	}
}

func nquadsStream() Format {
	return Format{
		Name: "nquads-stream", Extensions: []string{".nquads"}, MediaType: "application/n-quads",
		About:  "N-Quads in the order given, repeats included: for graphs larger than the memory",
		Graphs: true,
		Write: dumped(false, plain(func(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
			return stream(w, quads, ns, appendQuad, nothing)
		})),
	}
}

// dumped takes the fast way where the document has one.
func dumped(sorted bool, write func(io.Writer, Document) error) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error {
		if d.Dump != nil {
			return d.Dump(w, sorted, printTerm)
		}
		return write(w, d)
	}
}

func ntriples() Format {
	return Format{
		Name: "ntriples", Extensions: []string{".nt"}, MediaType: "application/n-triples",
		About: "N-Triples in the order given; has no graph names: claims are left out, unless kg export --rdf-star",
		Star:  true,
		Write: writeNTriples,
	}
}

// writeNQuads writes the canonical document: every quad once, lines in byte order. Sorting needs the
// whole document in memory.
func writeNQuads(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
	complete := newCompleter(ns)
	var lines [][]byte
	for q, err := range quads {
		if err != nil {
			return err
		}
		if q, err = complete.full(q); err != nil {
			return err
		}
		lines = append(lines, appendQuad(nil, q))
	}
	slices.SortFunc(lines, bytes.Compare)
	lines = slices.CompactFunc(lines, bytes.Equal)
	out := bufio.NewWriter(w)
	for _, line := range lines {
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}
