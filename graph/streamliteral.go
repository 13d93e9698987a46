package graph

import "time"

// A plainLiteral is a typed literal that is seen to be right without being made a value.
type plainLiteral uint8

const (
	notPlain     plainLiteral = iota
	plainInteger              // in the form that [Lexical] prints
	plainDate                 // a day of the calendar
)

// plain says what a typed literal is by its looks. Most figures of a graph are integers and days.
func (t *Term) plain() (is plainLiteral, integer int64) {
	switch {
	case string(t.More) == string(xsdInteger):
		if n, ok := canonicalInteger(t.Text); ok {
			return plainInteger, n
		}
	case string(t.More) == string(xsdDate):
		if isDay(t.Text) {
			return plainDate, 0
		}
	}
	return notPlain, 0
}

// canonicalInteger reads an integer of up to 18 digits that has no sign but -, and no zero in front.
func canonicalInteger(text []byte) (n int64, ok bool) {
	digits := text
	if len(text) > 0 && text[0] == '-' {
		digits = text[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(text) > 1 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if len(digits) < len(text) {
		n = -n
	}
	return n, true
}

// isDay says whether a text is what [ParseDate] takes for a day.
func isDay(text []byte) bool {
	if len(text) != len("2006-01-02") || text[4] != '-' || text[7] != '-' {
		return false
	}
	year, ok := canonicalInteger(text[:4]) // earlier years are rare enough to be made values
	month, day := twoDigits(text[5:]), twoDigits(text[8:])
	if !ok || year <= 0 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= 28 || day <= time.Date(int(year), time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// twoDigits reads a number of two digits; -1 is none.
func twoDigits(text []byte) int {
	if text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' {
		return -1
	}
	return 10*int(text[0]-'0') + int(text[1]-'0')
}
