package loaders

import "unicode/utf8"

// class is what a byte may be part of; a byte can be in several.
type class uint8

const (
	alpha        class = 1 << iota // A–Z, a–z
	digit                          // 0–9
	hex4                           // 0–9, A–F, a–f
	iriChar                        // allowed between < and >, unescaped
	labelChar                      // ASCII letters, digits, '_' and '-': PN_CHARS below U+0080
	alphanumeric = alpha | digit
)

// classes is a table over bytes. Bytes of 0x80 and above stand for the characters that they begin.
var classes = byteClasses() //nolint:gochecknoglobals // a table that nothing writes to

func byteClasses() (t [256]class) {
	for b := range 256 {
		c := byte(b)
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			t[b] |= alpha | labelChar
		case c >= '0' && c <= '9':
			t[b] |= digit | hex4 | labelChar
		case c == '_', c == '-':
			t[b] |= labelChar
		}
		if c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f' {
			t[b] |= hex4
		}
		switch c {
		case '<', '>', '"', '{', '}', '|', '^', '`', '\\':
		default:
			if c > ' ' {
				t[b] |= iriChar
			}
		}
	}
	return t
}

// nameStart is PN_CHARS_BASE of the grammars, '_' aside.
func nameStart(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	case r < 0x300:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7
	case r < 0x2000:
		return r >= 0x370 && r != 0x37E
	case r < 0x3001:
		return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF
	default:
		return r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
	}
}

// namePart is PN_CHARS of the grammars.
func namePart(r rune) bool {
	if r < 0x80 {
		return classes[byte(r)]&labelChar != 0
	}
	return nameStart(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// runeAt decodes the character at b[i]; an invalid byte is utf8.RuneError of size 1.
func runeAt(b []byte, i int) (rune, int) {
	if i < len(b) && b[i] < utf8.RuneSelf {
		return rune(b[i]), 1
	}
	return utf8.DecodeRune(b[i:])
}

// labelEnd returns the end of the blank node label that begins at b[i]. It is i if none does.
func labelEnd(b []byte, i int) int {
	r, size := runeAt(b, i)
	if r == utf8.RuneError && size <= 1 || r != '_' && !nameStart(r) && (r < '0' || r > '9') {
		return i
	}
	i += size
	end := i
	for i < len(b) { // dots belong to the label only if more of it follows
		if b[i] == '.' {
			i++
			continue
		}
		r, size := runeAt(b, i)
		if r == utf8.RuneError && size <= 1 || !namePart(r) {
			break
		}
		i += size
		end = i
	}
	return end
}

// langEnd returns the end of the language tag after the '@' at b[i]; ok is false if none is there.
func langEnd(b []byte, i int) (end int, ok bool) {
	end = i + 1
	for end < len(b) && classes[b[end]]&alpha != 0 {
		end++
	}
	if end == i+1 {
		return end, false
	}
	for end < len(b) && b[end] == '-' {
		sub := end + 1
		for sub < len(b) && classes[b[sub]]&alphanumeric != 0 {
			sub++
		}
		if sub == end+1 {
			return end, false
		}
		end = sub
	}
	return end, true
}
