package loaders

import (
	"bytes"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// notAbsolute tells that an IRI lacks its scheme.
func notAbsolute(iri []byte) *fault {
	f := &fault{want: "an absolute IRI like <https://example.org/x>", found: "<" + shown(string(iri)) + ">"}
	if len(iri) == 0 {
		f.found = "an empty one: <>"
	}
	return f
}

// absolute says whether an IRI begins with a scheme.
func absolute(iri []byte) bool {
	for i := range len(iri) {
		switch c := iri[i]; {
		case classes[c]&alpha != 0:
		case i > 0 && (classes[c]&digit != 0 || c == '+' || c == '-' || c == '.'):
		default:
			return i > 0 && c == ':'
		}
	}
	return false
}

// decodeIRI checks the characters of an IRI and replaces its \u escapes. It returns raw itself if
// there are none.
func decodeIRI(raw []byte) ([]byte, *fault) {
	i, ascii := 0, true
	for ; i < len(raw) && classes[raw[i]]&iriChar != 0; i++ {
		ascii = ascii && raw[i] < utf8.RuneSelf
	}
	if !ascii {
		if f := badUTF8(raw[:i]); f != nil {
			return nil, f
		}
	}
	if i == len(raw) {
		return raw, nil
	}
	out := make([]byte, i, len(raw))
	copy(out, raw)
	for i < len(raw) {
		c := raw[i]
		switch {
		case c == '\\':
			r, size, f := decodeNumeric(raw, i, `\u00E9`)
			if f != nil {
				return nil, f
			}
			if r < 0x80 && classes[byte(r)]&iriChar == 0 {
				return nil, &fault{
					at:    i,
					want:  "a character that may stand in an IRI",
					found: fmt.Sprintf("U+%04X written as an escape", r),
				}
			}
			out = utf8.AppendRune(out, r)
			i += size
		case classes[c]&iriChar == 0:
			return nil, badInIRI(raw, i)
		default:
			r, size := runeAt(raw, i)
			if r == utf8.RuneError && size <= 1 {
				return nil, notUTF8(raw, i)
			}
			out = append(out, raw[i:i+size]...)
			i += size
		}
	}
	return out, nil
}

func badInIRI(raw []byte, i int) *fault {
	f := &fault{at: i, want: "> at the end of the IRI", found: oneCharacter(raw, i)}
	switch c := raw[i]; c {
	case ' ':
		f.found, f.hint = "a space", "is the > missing? a space in an IRI is written %20"
	case '\t':
		f.found, f.hint = "a tab", "is the > missing? a tab in an IRI is written %09"
	case '<', '"', '\n', '\r':
	default:
		if c > ' ' {
			f.hint = fmt.Sprintf("in an IRI it is written %%%02X", c)
		}
	}
	return f
}

// decodeString checks the text between quotes and replaces its escapes. It returns raw itself if
// there are none. Line breaks are the caller's business, since only some formats allow them.
func decodeString(raw []byte) ([]byte, *fault) { return decodeStringTo(nil, raw) }

// decodeStringTo is decodeString that replaces escapes in the memory of dst.
func decodeStringTo(dst, raw []byte) ([]byte, *fault) {
	if f := badUTF8(raw); f != nil {
		return nil, f
	}
	i := bytes.IndexByte(raw, '\\')
	if i < 0 {
		return raw, nil
	}
	whole := len(raw)
	out := slices.Grow(dst[:0], whole)
	for {
		out = append(out, raw[:i]...)
		c := byte(0)
		if i+1 < len(raw) {
			c = raw[i+1]
		}
		size := 2
		switch c {
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 'f':
			out = append(out, '\f')
		case '"', '\'', '\\':
			out = append(out, c)
		default:
			r, n, f := decodeNumeric(raw, i, `\t \b \n \r \f \" \' \\ \u00E9`)
			if f != nil {
				return nil, f.in(whole - len(raw))
			}
			out, size = utf8.AppendRune(out, r), n
		}
		raw = raw[i+size:]
		if i = bytes.IndexByte(raw, '\\'); i < 0 {
			return append(out, raw...), nil
		}
	}
}

// decodeNumeric decodes the \uXXXX or \UXXXXXXXX at raw[i]; allowed lists the escapes that may
// stand there, for the message.
func decodeNumeric(raw []byte, i int, allowed string) (r rune, size int, f *fault) {
	digits := 0
	if i+1 < len(raw) {
		switch raw[i+1] {
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		}
	}
	if digits == 0 {
		f := &fault{at: i, want: "an escape: " + allowed, found: `a \ alone`, hint: `a backslash itself is written \\`}
		if r, n := runeAt(raw, min(i+1, len(raw))); n > 0 && unicode.IsGraphic(r) && r != ' ' {
			f.found = string(bytes.ToValidUTF8(raw[i:i+1+n], []byte("\uFFFD")))
		}
		return 0, 0, f
	}
	size = 2 + digits
	for j := i + 2; j < i+size; j++ {
		if j >= len(raw) || classes[raw[j]]&hex4 == 0 {
			return 0, 0, &fault{
				at:    i,
				want:  fmt.Sprintf(`%d hexadecimal digits after \%c`, digits, raw[i+1]),
				found: fmt.Sprintf("%d", j-i-2),
			}
		}
		c := raw[j]
		switch {
		case c <= '9':
			c -= '0'
		case c <= 'F':
			c -= 'A' - 10
		default:
			c -= 'a' - 10
		}
		if r > utf8.MaxRune>>4 {
			r = utf8.MaxRune + 1
			continue // far too large already: only look at the digits
		}
		r = r<<4 | rune(c)
	}
	if !utf8.ValidRune(r) {
		f := &fault{at: i, want: "the number of a Unicode character", found: string(raw[i : i+size])}
		if r <= 0xFFFF {
			f.hint = `half of a surrogate pair is no character: write the pair as one \U escape`
		}
		return 0, 0, f
	}
	return r, size, nil
}

// shown shortens a text for a message.
func shown(s string) string {
	count := 0
	for i := range s {
		if count++; count > 2*excerptLength {
			return s[:i] + "…"
		}
	}
	return s
}
