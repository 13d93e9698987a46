package graph

import (
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"
)

// Fold reduces a name to what people agree on: letters and digits, without case, accents and
// punctuation. "Sky ECC", "sky-ecc" and "SKYECC" fold to the same key.
func Fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Slug makes an identifier out of a name: lower-case ASCII words joined by '-'.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’': // accents and apostrophes part no words
		default:
			gap = true
		}
	}
	return b.String()
}

// validSlug says whether s is an identifier as [Slug] makes it.
func validSlug(s string) bool { return s != "" && Slug(s) == s }

// Nearest returns the word of the list that is most like the given one, or "" if none is near enough
// to be what was meant.
func Nearest(word string, list []string) string {
	key := Fold(word)
	best, distance := "", max(1, len(key)/3)+1
	for _, candidate := range list {
		d := levenshtein.ComputeDistance(key, Fold(candidate))
		if d < distance || d == distance && best != "" && candidate < best {
			best, distance = candidate, d
		}
	}
	return best
}

// DidYouMean is the hint of a [Problem] with an unknown word: the nearest known one, or "".
func DidYouMean(word string, list []string) string {
	if near := Nearest(word, list); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}
