package evidence

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Find returns the sentences of a text in which words stand, letter by letter and not as part of a longer
// word or number: as ranges from, to. Words that stand nowhere have none.
func Find(text []byte, words string) [][2]int {
	var list [][2]int
	if words == "" {
		return nil
	}
	for at := 0; ; {
		n := bytes.Index(text[at:], []byte(words))
		if n < 0 {
			return list
		}
		from, to := at+n, at+n+len(words)
		at = to
		if !apart(text, from, to) {
			continue
		}
		sentence := Sentence(text, from, to)
		if len(list) == 0 || list[len(list)-1] != sentence {
			list = append(list, sentence)
		}
	}
}

// apart says whether text[from:to] is not the part of a longer word or number: 27 is no part of 27.64.
func apart(text []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(text[:from])
	first, _ := utf8.DecodeRune(text[from:])
	last, _ := utf8.DecodeLastRune(text[:to])
	after, size := utf8.DecodeRune(text[to:])
	next, _ := utf8.DecodeRune(text[to+size:])
	switch {
	case inWord(before) && inWord(first), inWord(last) && inWord(after):
		return false
	case unicode.IsDigit(last) && (after == '.' || after == ',') && unicode.IsDigit(next):
		return false
	}
	return true
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Sentence widens a range to the sentences that it lies in: from the end of the one before, to the full
// stop or the end of the line. The range must not be empty.
func Sentence(text []byte, from, to int) [2]int {
	start := bytes.LastIndexByte(text[:from], '\n') + 1
	for i := start; i < from; i++ {
		if ends(text, i) {
			start = i + 1
		}
	}
	for start < from && text[start] == ' ' {
		start++
	}
	end := to
	if !ends(text, to-1) {
		for end < len(text) && text[end] != '\n' && !ends(text, end) {
			end++
		}
		if end < len(text) && ends(text, end) {
			end++
		}
	}
	return [2]int{start, end}
}

// ends says whether text[i] is the last character of a sentence: a full stop, a question mark or an
// exclamation mark with a blank after it.
func ends(text []byte, i int) bool {
	switch text[i] {
	case '.', '?', '!':
		return i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '\n')
	}
	return false
}

// Holds says whether words stand in one of the passages of a text, where any blank is as good as
// another.
func Holds(text []byte, passages []Passage, words string) bool {
	for _, p := range passages {
		if p.To <= len(text) && bytes.Contains(blanks(text[p.From:p.To]), blanks([]byte(words))) {
			return true
		}
	}
	return false
}

// blanks makes one blank of each run of them.
func blanks(text []byte) []byte {
	return bytes.Join(bytes.FieldsFunc(text, unicode.IsSpace), []byte(" "))
}
