package loaders

import (
	"bytes"
	"slices"
	"strings"

	"kg/graph"
)

// doubt is what to say when reading an input fails whose format nobody named: that it was told by the
// first bytes, or that these look like another format than the name tells. "" where nothing speaks
// against the format. (That N-Quads look like Turtle their reader says itself.)
func doubt(f Format, sniffed bool, head []byte) string {
	if sniffed {
		return "read as " + f.Name + " by its first bytes: --from names another format"
	}
	looks := looksLike(bytes.TrimPrefix(head, byteOrderMark))
	if looks == "" || !slices.Contains([]string{"nquads", "ntriples", "turtle", "trig"}, f.Name) {
		return ""
	}
	return "it begins like " + looks + ", though its name tells " + f.Name
}

// looksLike recognizes beginnings that no format of RDF with lines and points has.
func looksLike(head []byte) string {
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("<rdf:RDF")):
		return "XML"
	case bytes.HasPrefix(head, []byte(`{"`)), bytes.HasPrefix(head, []byte(`[{`)), bytes.HasPrefix(head, []byte("[\n")):
		return "JSON"
	default:
		return ""
	}
}

// tell adds a doubt about the format to the first problem of a load that failed.
func tell(err error, doubt string) error {
	var found graph.Problems
	if err == nil || doubt == "" || found.Collect(err) != nil || len(found) == 0 || found[0].Err != nil {
		return err
	}
	first := *found[0]
	if first.Hint != "" && strings.HasPrefix(doubt, "read as") {
		return err // the reader knows better what went wrong
	}
	first.Hint = doubt
	if several, ok := err.(graph.Problems); ok { //nolint:errorlint // a wrapped list keeps its wrapping, and its first problem
		several = slices.Clone(several)
		several[0] = &first
		return several
	}
	return &first
}
