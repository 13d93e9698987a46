package exporters

import (
	"iter"
	"strconv"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A Document is what a format writes: a subgraph, and what its readers must know of it as a whole.
type Document struct {
	Quads      iter.Seq2[quad.Quad, error] // IRIs in the short form of the store
	Namespaces graph.Namespaces
	Schema     *graph.Schema // labels, classes, units; needed by formats that show a [View]
	About      About

	// Dump, unless nil, is a faster way to write Quads, for formats of lines of terms.
	Dump Dumper

	// Star says claims in the way of RDF 1.2, in formats of which [Format.Star] is true.
	Star bool

	// Lost, unless nil, is told in words what the format has no room for.
	Lost func(text string)
}

// About says where a document comes from. Formats that have room for it carry it; an empty field is
// not printed.
type About struct {
	Title   string // "The surroundings of EncroChat"
	Dataset string // the digest of the dataset, which names its version
	Licence string // "CC BY 4.0"
	Terms   string // the address of the licence
	Command string // the command that makes this document again
	Program string // "kg 1.2.0"
}

// Lines returns what is said of the document, a line each, for formats with comments.
func (a About) Lines() []string {
	var lines []string
	for _, l := range []struct{ label, text string }{
		{"", a.Title},
		{"Made with ", a.Program},
		{"Dataset ", a.Dataset},
		{"Licence: ", a.Licence},
		{"Terms: ", a.Terms},
		{"Made again by: ", a.Command},
	} {
		if l.text != "" {
			lines = append(lines, l.label+l.text)
		}
	}
	return lines
}

// lose tells what is lost, n times.
func (d Document) lose(n int, one, many string) {
	switch {
	case d.Lost == nil || n == 0:
	case n == 1:
		d.Lost("1 " + one)
	default:
		d.Lost(strconv.Itoa(n) + " " + many)
	}
}
