package audit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// unseenCharacters finds what nobody sees in a text: line breaks, which tear a name in two; characters
// that turn the direction of the text, so that it reads as something else than it says; and those without
// width, by which two names that look alike differ.
func unseenCharacters(in *inspection) {
	const want = "words that show all that they hold"
	for _, t := range in.reviewed.Texts {
		if what := unseen(t.Text); what != "" {
			in.reportAt(t.At, t.About, want, what+" in its text")
		}
	}
	in.eachText(func(about, predicate quad.IRI, text string) {
		if what := unseen(text); what != "" {
			in.report(about, want, what+" in "+in.columnOf(predicate))
		}
	})
}

// unseen tells of the first character of a text that nobody sees, "" where there is none.
func unseen(text string) string {
	before := ' '
	for i, r := range text {
		if what := hidden(r, before); what != "" {
			word := text[:i]
			word = word[strings.LastIndexByte(word, ' ')+1:]
			if word == "" {
				return fmt.Sprintf("%s (U+%04X)", what, r)
			}
			return fmt.Sprintf("%s (U+%04X) behind %q", what, r, word)
		}
		before = r
	}
	return ""
}

// hidden names a character that nobody sees, "" for one that is seen or does its work unseen.
func hidden(r, before rune) string {
	switch {
	case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return "a line break"
	case unicode.Is(unicode.Cc, r):
		return "a control character"
	case r == utf8.RuneError:
		return "the sign for a character that could not be read"
	case unicode.Is(unicode.Bidi_Control, r):
		return "a character that turns the direction of the text"
	case (r == '\u200c' || r == '\u200d') && !unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic) && before > unicode.MaxLatin1:
		return "" // joins or parts letters of scripts that ask for it, and emoji
	case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return "a character without width"
	}
	return ""
}
