package exporters

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// appendQuad appends the canonical N-Quads line of a full quad.
func appendQuad(b []byte, q quad.Quad) []byte {
	for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if v != nil { // only a label is nil
			b = append(appendTerm(b, v), ' ')
		}
	}
	return append(b, ".\n"...)
}

func appendTerm(b []byte, v quad.Value) []byte {
	switch v := v.(type) {
	case quad.IRI:
		return appendIRI(b, string(v))
	case quad.BNode:
		return append(append(b, "_:"...), v...)
	case quad.LangString:
		b = append(appendString(b, string(v.Value)), '@')
		return append(b, v.Lang...)
	case quad.TypedString:
		b = append(appendString(b, string(v.Value)), "^^"...)
		return appendIRI(b, string(v.Type))
	default:
		return appendString(b, quad.ToString(v))
	}
}

// appendIRI escapes what the grammar does not allow between angle brackets: the line stays whole, even
// though strict readers refuse such an IRI in any spelling.
func appendIRI(b []byte, iri string) []byte {
	b = append(b, '<')
	for _, r := range iri {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			b = fmt.Appendf(b, "\\u%04X", r)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return append(b, '>')
}

// appendString escapes as the canonical form asks: seven characters by name; other control
// characters, and the two below U+10000 that XML 1.1 does not know as characters, as \uXXXX; nothing
// else.
func appendString(b []byte, s string) []byte {
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
		case 0x7F, 0xFFFE, 0xFFFF:
			b = fmt.Appendf(b, "\\u%04X", r)
		default:
			if r < ' ' {
				b = fmt.Appendf(b, "\\u%04X", r)
				continue
			}
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
