package exporters

import "unicode/utf8"

// blankLabel says whether the grammars of N-Quads and Turtle take a label of a blank node: a letter,
// a digit or _ first, then - and inner points too.
func blankLabel(s string) bool {
	if localName(s) {
		return true // as most are: ASCII
	}
	for i, r := range s {
		switch {
		case labelStart(r):
		case i > 0 && labelPart(r), i > 0 && i < len(s)-1 && r == '.':
		default:
			return false
		}
	}
	return s != "" && utf8.ValidString(s) // what is not has been taken for U+FFFD
}

// labelStart is PN_CHARS_U of the grammars, or a digit.
func labelStart(r rune) bool {
	switch {
	case r < 0x80:
		return r == '_' || alphanumeric(byte(r))
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

// labelPart is what PN_CHARS has besides.
func labelPart(r rune) bool {
	return r == '-' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// localName says whether a name may follow a prefix as it is, in every reader: ASCII letters, digits
// and _, then - and inner points too.
func localName(s string) bool {
	for i, c := range []byte(s) {
		switch {
		case c == '_', alphanumeric(c):
		case i > 0 && c == '-', i > 0 && i < len(s)-1 && c == '.':
		default:
			return false
		}
	}
	return s != ""
}

// languageTag says whether a tag is a word of letters and then, behind hyphens, words of letters and digits.
func languageTag(s string) bool {
	start, digits := 0, false
	for i := range len(s) + 1 {
		switch {
		case i == len(s) || s[i] == '-':
			if i == start {
				return false
			}
			start, digits = i+1, true
		case !alphanumeric(s[i]), !digits && s[i] <= '9':
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
