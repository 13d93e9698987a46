package exporters

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func jsonld() Format {
	return Format{
		Name: "jsonld", Extensions: []string{".jsonld"}, MediaType: "application/ld+json",
		About:  "JSON-LD 1.1 with full IRIs, a node a line; predicates of the schema have terms in a context",
		Graphs: true,
		Write: func(w io.Writer, d Document) error {
			j := &jsonldWriter{}
			if d.Schema != nil {
				j.terms = jsonldTerms(d.Schema, d.Namespaces)
			}
			return stream(w, d.Quads, d.Namespaces, j.add, j.end)
		},
	}
}

// jsonldTerms names the predicates of the schema, by full IRI, as people write them: massGrams,
// startDate. Only predicates have terms: what stands for a thing or a class is a full IRI, which no
// term can change, since a term has no colon and is no prefix.
func jsonldTerms(schema *graph.Schema, ns graph.Namespaces) map[quad.IRI]string {
	taken := map[string]bool{}
	terms := map[quad.IRI]string{}
	for _, p := range schema.Predicates() {
		term := p.Name[strings.LastIndexByte(p.Name, ':')+1:]
		if taken[term] {
			term = strings.ReplaceAll(p.Name, ":", "_") // two vocabularies have the word
		}
		if p.IRI == "rdf:type" || taken[term] {
			continue
		}
		taken[term] = true
		terms[quad.IRI(ns.Expand(string(p.IRI)))] = term
	}
	return terms
}

// A jsonldWriter writes an array of nodes. Quads of one subject that follow each other share a node,
// and nodes of one graph that follow each other its array. A node may stand in several places: readers
// put them together, and so does the writer not need to remember any.
type jsonldWriter struct {
	begun   bool
	last    quad.Quad
	inNode  bool                // last's
	inGraph bool                // last's
	list    jsonldKey           // of the node, that is being filled
	said    map[jsonldKey]bool  // lists that the node has: no member may stand twice
	terms   map[quad.IRI]string // of predicates; nil: no context
}

// A jsonldKey tells the members of a node apart: @type, which holds names, or a predicate.
type jsonldKey struct {
	predicate quad.Value
	names     bool
}

// mostMembers bounds what is remembered of a node.
const mostMembers = 1000

func (j *jsonldWriter) add(b []byte, q quad.Quad) []byte {
	key := jsonldKey{predicate: q.Predicate}
	if q.Predicate == rdfType {
		switch q.Object.(type) {
		case quad.IRI, quad.BNode:
			key.names = true
		}
	}
	same := j.inNode && q.Label == j.last.Label && q.Subject == j.last.Subject
	switch {
	case same && key == j.list:
		b = append(b, ',')
	case same && !j.said[key] && len(j.said) < mostMembers:
		b = j.member(append(b, "],"...), key)
	default:
		b = j.member(append(j.node(b, q), ','), key)
	}
	j.last = q
	return j.value(b, q.Object, key.names)
}

// node begins a node, and a graph where that is another one.
func (j *jsonldWriter) node(b []byte, q quad.Quad) []byte {
	b = j.endNode(b)
	if j.inGraph && q.Label != j.last.Label {
		b = append(b, "\n]}"...)
		j.inGraph = false
	}
	comma := j.begun
	if !j.begun {
		b = j.begin(b)
		j.begun = true
	}
	if q.Label != nil && !j.inGraph {
		b = appendID(separate(b, comma), q.Label)
		b = append(b, `,"@graph":[`...)
		j.inGraph, comma = true, false
	}
	j.inNode = true
	j.said = map[jsonldKey]bool{}
	return appendID(separate(b, comma), q.Subject)
}

// begin opens the array of nodes, behind the context where there is one.
func (j *jsonldWriter) begin(b []byte) []byte {
	if j.terms == nil {
		return append(b, '[')
	}
	b = append(b, `{"@context":{`...)
	byTerm := map[string]quad.IRI{}
	for iri, term := range j.terms {
		byTerm[term] = iri
	}
	for i, term := range slices.Sorted(maps.Keys(byTerm)) {
		b = appendJSON(separate(b, i > 0), term)
		b = append(appendJSON(append(b, `:{"@id":`...), string(byTerm[term])), '}')
	}
	return append(b, "},\n\"@graph\":["...)
}

// separate begins a line, behind what came before.
func separate(b []byte, comma bool) []byte {
	if comma {
		b = append(b, ',')
	}
	return append(b, '\n')
}

func appendID(b []byte, v quad.Value) []byte {
	return appendJSON(append(b, `{"@id":`...), identifier(v))
}

// identifier is how JSON writes an IRI or a blank node.
func identifier(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return string(iri)
	}
	return quad.StringOf(v)
}

func (j *jsonldWriter) member(b []byte, key jsonldKey) []byte {
	j.list, j.said[key] = key, true
	if key.names {
		return append(b, `"@type":[`...)
	}
	name := identifier(key.predicate)
	if iri, ok := key.predicate.(quad.IRI); ok && j.terms[iri] != "" {
		name = j.terms[iri]
	}
	return append(appendJSON(b, name), ":["...)
}

// value appends an object. Numbers stay text with a datatype, so that no reader rounds them.
func (j *jsonldWriter) value(b []byte, v quad.Value, name bool) []byte {
	switch v := v.(type) {
	case quad.IRI, quad.BNode:
		if name {
			return appendJSON(b, identifier(v))
		}
		return append(appendID(b, v), '}')
	case quad.LangString:
		b = appendJSON(append(b, `{"@value":`...), string(v.Value))
		b = appendJSON(append(b, `,"@language":`...), v.Lang)
	case quad.TypedString:
		b = appendJSON(append(b, `{"@value":`...), string(v.Value))
		b = appendJSON(append(b, `,"@type":`...), string(v.Type))
	default:
		b = appendJSON(append(b, `{"@value":`...), quad.ToString(v))
	}
	return append(b, '}')
}

func (j *jsonldWriter) endNode(b []byte) []byte {
	if j.inNode {
		b = append(b, "]}"...)
	}
	j.inNode = false
	return b
}

// end closes the array. One that is cut short stays open, so that nobody takes it for the whole.
func (j *jsonldWriter) end(b []byte, whole bool) []byte {
	switch {
	case !j.begun && whole && j.terms != nil:
		return append(j.begin(b), "]}\n"...)
	case !j.begun && whole:
		return append(b, "[]\n"...)
	case !j.begun:
		return b
	}
	b = j.endNode(b)
	if !whole {
		return append(b, '\n')
	}
	if j.inGraph {
		b = append(b, "\n]}"...)
	}
	if j.terms != nil {
		return append(b, "\n]}\n"...)
	}
	return append(b, "\n]\n"...)
}

// appendJSON appends a string, which is UTF-8, escaping only what JSON asks for.
func appendJSON(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[start:]...), '"')
}
