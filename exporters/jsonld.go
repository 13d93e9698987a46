package exporters

import (
	"io"
	"iter"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func jsonld() Format {
	return Format{
		Name: "jsonld", Extensions: []string{".jsonld"}, MediaType: "application/ld+json",
		About:  "JSON-LD 1.1, expanded: full IRIs and no context, a node a line",
		Graphs: true,
		Write: plain(func(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
			j := &jsonldWriter{}
			return stream(w, quads, ns, j.add, j.end)
		}),
	}
}

// A jsonldWriter writes an array of nodes. Quads of one subject that follow each other share a node,
// and nodes of one graph that follow each other its array. A node may stand in several places: readers
// put them together, and so does the writer not need to remember any.
type jsonldWriter struct {
	begun   bool
	last    quad.Quad
	inNode  bool               // last's
	inGraph bool               // last's
	list    jsonldKey          // of the node, that is being filled
	said    map[jsonldKey]bool // lists that the node has: no member may stand twice
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
		b = append(b, '[')
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
	return append(appendJSON(b, identifier(key.predicate)), ":["...)
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
