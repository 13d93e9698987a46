package exporters

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A Format writes quads in one syntax.
type Format struct {
	Name       string   // "nquads": what the user types
	Extensions []string // with the dot, the usual one first
	MediaType  string
	About      string // one line for help

	// Graphs says whether the names of graphs are kept. Where it is false, Write writes the triples
	// of all graphs alike: tell the user what is lost.
	Graphs bool

	// Star says that the format, though it has no graphs, can tell the claim of each fact as RDF 1.2 does.
	Star bool

	// View says that the format shows a [View]: it needs the schema, holds the whole subgraph, and its
	// files cannot be read back as quads. The others take any quads.
	View bool

	// Write writes the document to w; a format of quads writes them in the order given unless About
	// says otherwise. It stops at the first error of the sequence or of w.
	Write func(w io.Writer, d Document) error
}

// plain makes the Write of a format that needs nothing but quads and prefixes.
func plain(write func(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error { return write(w, d.Quads, d.Namespaces) }
}

// Formats lists the formats, in the order in which help shows them.
func Formats() []Format {
	return []Format{
		nquads(), nquadsStream(), ntriples(), turtle(), trig(), jsonld(), jsonl(), cayleyJSON(), pquadsFormat(),
		gexf(), graphML(), cytoscape(), dot(), mermaid(), edgeList(), neo4j(),
		csvTable(), tsvTable(), jsonTable(), rowsTable(), markdownTable(), xlsx(), parquetTable(),
		geoJSON(), timeline(), ftm(), stix(), schemaOrg(), svg(), pngPicture(), story(),
	}
}

// Names lists the names of the formats.
func Names() []string { return names(func(Format) bool { return true }) }

// QuadNames lists the names of the formats that take any quads, without a schema.
func QuadNames() []string { return names(func(f Format) bool { return !f.View }) }

func names(wanted func(Format) bool) []string {
	var names []string
	for _, f := range Formats() {
		if wanted(f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// ByName returns the format with this name; the error names the nearest.
func ByName(name string) (Format, error) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, &graph.Problem{
		Want:  "an export format (" + strings.Join(Names(), ", ") + ")",
		Found: fmt.Sprintf("%q", name),
		Hint:  graph.DidYouMean(name, Names()),
	}
}

// ByFile returns the format that a file's name asks for, and whether there is one. Of several endings
// that fit the longest counts: story.timeline.json is no mere .json.
func ByFile(name string) (Format, bool) {
	name = strings.ToLower(name)
	var best Format
	longest := 0
	for _, f := range Formats() {
		for _, ext := range f.Extensions {
			if strings.HasSuffix(name, ext) && len(ext) > longest {
				best, longest = f, len(ext)
			}
		}
	}
	return best, longest > 0
}
