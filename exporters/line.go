package exporters

import (
	"fmt"

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
	start := 0
	for i := range len(iri) {
		switch c := iri[i]; c {
		case '<', '>', '"', '{', '}', '|', '^', '`', '\\':
		default:
			if c > ' ' {
				continue
			}
		}
		b = fmt.Appendf(append(b, iri[start:i]...), "\\u%04X", iri[i])
		start = i + 1
	}
	return append(append(b, iri[start:]...), '>')
}

// appendString escapes as the canonical form asks: seven characters by name; other control
// characters, and the two below U+10000 that XML 1.1 does not know as characters, as \uXXXX; nothing
// else. The string is UTF-8.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c, size := s[i], 1
		switch {
		case c == '"', c == '\\', c < ' ', c == 0x7F:
		case c == 0xEF && (s[i:i+3] == "\uFFFE" || s[i:i+3] == "\uFFFF"):
			size = 3
		default:
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
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
		case '"', '\\':
			b = append(b, '\\', c)
		case 0xEF:
			b = fmt.Appendf(b, "\\uFFF%c", s[i+2]-0xBE+'E') // their last bytes are BE and BF
		default:
			b = fmt.Appendf(b, "\\u%04X", c)
		}
		i += size - 1
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}
