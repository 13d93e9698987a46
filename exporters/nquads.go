package exporters

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func nquads() Format {
	return Format{
		Name: "nquads", Extensions: []string{".nq"}, MediaType: "application/n-quads",
		About: "N-Quads with full IRIs, claims as graph names; canonical: sorted lines, no duplicates",
		Write: writeNQuads,
	}
}

// writeNQuads writes the canonical document: every quad once, lines in byte order. Sorting needs the
// whole document in memory.
func writeNQuads(w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
	var lines [][]byte
	for q, err := range quads {
		if err != nil {
			return err
		}
		if t, ok := graph.Lexical(q.Object); ok {
			q.Object = t
		}
		line, err := appendQuad(nil, ns.ExpandQuad(q))
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, bytes.Compare)
	lines = slices.CompactFunc(lines, bytes.Equal)
	out := bufio.NewWriter(w)
	for _, line := range lines {
		out.Write(line) // the writer keeps its first error for Flush
	}
	return out.Flush()
}

// appendQuad appends the canonical N-Quads line of a quad whose IRIs are full and whose literals are
// strings, typed or not.
func appendQuad(b []byte, q quad.Quad) ([]byte, error) {
	var err error
	for i, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if v == nil && i == 3 {
			break
		}
		if i > 0 {
			b = append(b, ' ')
		}
		if b, err = appendTerm(b, v); err != nil {
			return nil, fmt.Errorf("writing %v: %w", q, err)
		}
	}
	return append(b, " .\n"...), nil
}

func appendTerm(b []byte, v quad.Value) ([]byte, error) {
	switch v := v.(type) {
	case quad.IRI:
		return appendIRI(b, string(v))
	case quad.BNode:
		return append(append(b, "_:"...), v...), nil
	case quad.String:
		return appendString(b, string(v))
	case quad.LangString:
		b, err := appendString(b, string(v.Value))
		return append(append(b, '@'), v.Lang...), err
	case quad.TypedString:
		b, err := appendString(b, string(v.Value))
		if err != nil {
			return nil, err
		}
		return appendIRI(append(b, "^^"...), string(v.Type))
	default:
		return nil, fmt.Errorf("a value of type %T has no form in N-Quads", v)
	}
}

// appendIRI escapes what the grammar does not allow between angle brackets.
func appendIRI(b []byte, iri string) ([]byte, error) {
	if !utf8.ValidString(iri) {
		return nil, fmt.Errorf("IRI %q is not UTF-8", iri)
	}
	b = append(b, '<')
	for _, r := range iri {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			b = fmt.Appendf(b, "\\u%04X", r)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return append(b, '>'), nil
}

// appendString escapes as canonical N-Quads does: the named escapes, and other control characters as
// \uXXXX.
func appendString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("text %q is not UTF-8", s)
	}
	b = append(b, '"')
	for _, r := range s {
		switch r {
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		case '"':
			b = append(b, `\"`...)
		case '\\':
			b = append(b, `\\`...)
		default:
			if r < ' ' || r == 0x7F {
				b = fmt.Appendf(b, "\\u%04X", r)
				continue
			}
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"'), nil
}
