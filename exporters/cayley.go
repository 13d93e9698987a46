package exporters

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"

	"kg/graph"
)

func cayleyJSON() Format {
	return Format{
		Name: "cayley-json", Extensions: []string{".cayley"}, MediaType: "application/json",
		About:  "the JSON quads of Cayley, a quad a line",
		Graphs: true,
		Write: plain(func(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
			begun := false
			return stream(w, quads, ns, func(b []byte, q quad.Quad) []byte {
				if begun {
					b = append(b, ",\n"...)
				} else {
					b = append(b, "[\n"...)
				}
				begun = true
				return appendCayley(b, q)
			}, func(b []byte, whole bool) []byte {
				switch {
				case begun && whole:
					return append(b, "\n]\n"...)
				case begun:
					return append(b, '\n')
				case whole:
					return append(b, "[]\n"...)
				}
				return b
			})
		}),
	}
}

func appendCayley(b []byte, q quad.Quad) []byte {
	b = appendJSON(append(b, `{"subject":`...), cayleyTerm(q.Subject))
	b = appendJSON(append(b, `,"predicate":`...), cayleyTerm(q.Predicate))
	b = appendJSON(append(b, `,"object":`...), cayleyTerm(q.Object))
	if q.Label != nil {
		b = appendJSON(append(b, `,"label":`...), cayleyTerm(q.Label))
	}
	return append(b, '}')
}

// cayleyTerm is the text of a term as Cayley writes it. Cayley's JSON cannot tell plain text that
// looks like another kind of term, or empty text, from what it looks like: such text gets the datatype that all
// plain text has.
func cayleyTerm(v quad.Value) string {
	if s, ok := v.(quad.String); ok {
		if s == "" || strings.HasPrefix(string(s), "_:") || strings.HasPrefix(string(s), "<") || strings.HasPrefix(string(s), `"`) {
			return quad.TypedString{Value: s, Type: xsdPrefix + "string"}.String()
		}
	}
	return quad.ToString(v)
}

func pquadsFormat() Format {
	return Format{
		Name: "pquads", Extensions: []string{".pq"}, MediaType: pquads.ContentType,
		About:  "the protobuf quads of Cayley: binary, exact",
		Graphs: true,
		Write:  plain(writePquads),
	}
}

// writePquads streams. Numbers and times keep their text, which Cayley's own kinds of values may not.
func writePquads(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
	complete := newCompleter(ns)
	out := bufio.NewWriterSize(w, piece)
	enc := pquads.NewWriter(out, nil)
	for q, err := range quads {
		if err == nil {
			q, err = complete.full(q)
		}
		if err != nil {
			return err
		}
		if err := enc.WriteQuad(q); err != nil {
			return err
		}
	}
	return errors.Join(enc.Close(), out.Flush())
}
