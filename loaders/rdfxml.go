package loaders

import (
	"bytes"
	"path"
	"strings"

	"kg/graph"
)

// RDF/XML is not read: docs/adr/0010-no-rdfxml.md says why. So it is recognized and told apart from
// other XML, with what to do.

// isXML says whether an unpacked input begins like XML, and whether that is RDF/XML.
func isXML(head []byte) (xml, rdf bool) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, byteOrderMark), " \t\r\n")
	rdf = bytes.HasPrefix(text, []byte("<rdf:RDF"))
	xml = rdf || bytes.HasPrefix(text, []byte("<?xml"))
	if bytes.Contains(text, []byte(rdfPrefix)) {
		xml = xml || bytes.HasPrefix(text, []byte("<!--")) || bytes.HasPrefix(text, []byte("<!DOCTYPE"))
		rdf = xml
	}
	return xml, rdf
}

// refuseXML tells an input that is XML.
func refuseXML(name string, head []byte) error {
	xml, rdf := isXML(head)
	if !xml {
		return nil
	}
	p := &graph.Problem{
		At:    graph.Position{File: name},
		Want:  "an input in one of the formats " + strings.Join(formatNames(), ", "),
		Found: "XML", Err: ErrFormat,
	}
	if rdf {
		p.Found, p.Hint = "RDF/XML", convertRDFXML(name)
	}
	return p
}

// convertRDFXML says what to do with a file of RDF/XML.
func convertRDFXML(file string) string {
	bare := strings.TrimSuffix(file, path.Ext(file))
	if file == StandardInput || file == "" {
		file, bare = "FILE", "FILE"
	}
	return "convert it: rapper -i rdfxml -o ntriples " + file + " > " + bare + ".nt, or: riot --output=ntriples " + file
}

// isRDFXMLName says whether what somebody calls a format is RDF/XML.
func isRDFXMLName(format string) bool {
	switch strings.TrimPrefix(format, ".") {
	case "rdfxml", "rdf/xml", "rdf-xml", "application/rdf+xml", "rdf", "owl", "xml":
		return true
	default:
		return false
	}
}
