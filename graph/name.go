package graph

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"
)

// Fold reduces a name to what people agree on: letters and digits, without case, accents and
// punctuation. "Sky ECC", "sky-ecc" and "SKYECC" fold to the same key, as do "Økokrim" and "okokrim".
// The key of a name without letters and digits is empty.
func Fold(name string) string {
	var b strings.Builder
	if isASCII(name) { // what most names are, and needs none of the tables of Unicode
		b.Grow(len(name))
		for i := range len(name) {
			switch c := name[i]; {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				b.WriteByte(c)
			case c >= 'A' && c <= 'Z':
				b.WriteByte(c + ('a' - 'A'))
			}
		}
		return b.String()
	}
	for _, r := range takeApart(name) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), isVowelSign(r):
			writeSimple(&b, r)
		}
	}
	return b.String()
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Slug makes an identifier out of a name: lower-case ASCII words joined by '-'. Of other scripts than
// the Latin nothing is left; the slug of such a name is empty and must be chosen by a person.
func Slug(name string) string {
	var b, letters strings.Builder
	gap := false
	for _, r := range takeApart(name) {
		letters.Reset()
		writeSimple(&letters, r)
		switch c := letters.String(); {
		case c[0] >= 'a' && c[0] <= 'z', c[0] >= '0' && c[0] <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteString(c)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’': // accents and apostrophes part no words
		default:
			gap = true
		}
	}
	return b.String()
}

// takeApart parts letters from their accents, and ligatures into letters. Bytes that are not UTF-8 go
// first: they would keep the letters after them whole.
func takeApart(name string) string {
	return norm.NFKD.String(strings.ToValidUTF8(name, "\uFFFD"))
}

// isVowelSign says whether a mark is part of the spelling, as in the scripts of India and Thailand; an
// accent, which people leave out, belongs to no script.
func isVowelSign(r rune) bool {
	return unicode.IsMark(r) && !unicode.Is(unicode.Inherited, r)
}

// writeSimple writes a character in lower case, and letters that Unicode does not take apart as people
// type them who do not have them on their keyboard.
func writeSimple(b *strings.Builder, r rune) {
	switch r = unicode.ToLower(r); r {
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	case 'þ':
		b.WriteString("th")
	case 'ø':
		b.WriteByte('o')
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'ħ':
		b.WriteByte('h')
	case 'ı':
		b.WriteByte('i')
	case 'ł':
		b.WriteByte('l')
	case 'ŧ':
		b.WriteByte('t')
	case 'ς':
		b.WriteRune('σ') // the same letter at the end of a word
	default:
		b.WriteRune(r)
	}
}

// validSlug says whether s is an identifier as [Slug] makes it.
func validSlug(s string) bool { return s != "" && Slug(s) == s }

// Nearest returns the word of the list that is most like the given one, or "" if none is near enough
// to be what was meant.
func Nearest(word string, list []string) string {
	key := Fold(word)
	length := utf8.RuneCountInString(key)
	best, distance := "", max(1, length/3)+1
	for _, candidate := range list {
		other := Fold(candidate)
		n := utf8.RuneCountInString(other)
		if abs(length-n) > distance {
			continue // the distance is no less, and long to compute where one of the words is long
		}
		d := levenshtein.ComputeDistance(key, other)
		if d >= max(length, n) {
			continue // nothing in common
		}
		if d < distance || d == distance && best != "" && candidate < best {
			best, distance = candidate, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// DidYouMean is the hint of a [Problem] with an unknown word: the nearest known one, or "".
func DidYouMean(word string, list []string) string {
	if near := Nearest(word, list); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}
