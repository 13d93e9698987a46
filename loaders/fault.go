package loaders

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"kg/graph"
)

// A fault is a problem whose place is still an offset in the bytes at hand.
type fault struct {
	at                int
	want, found, hint string
}

// in moves a fault found in part of b to its place in b.
func (f *fault) in(offset int) *fault {
	f.at += offset
	return f
}

// column counts the characters before b[at], from 1.
func column(b []byte, at int) int { return utf8.RuneCount(b[:min(at, len(b))]) + 1 }

func (f *fault) problem(at graph.Position) *graph.Problem {
	return &graph.Problem{At: at, Want: f.want, Found: f.found, Hint: f.hint}
}

const (
	hintUTF8 = "is it Latin-1? convert it: iconv -f latin1 -t utf-8"
	hintBOM  = "a byte order mark belongs at the start of a file only; were files joined?"
)

// badUTF8 reports the first byte of b that is no UTF-8, nil if there is none.
func badUTF8(b []byte) *fault {
	if utf8.Valid(b) {
		return nil
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			return notUTF8(b, i)
		}
		i += size
	}
	return nil
}

func notUTF8(b []byte, i int) *fault {
	return &fault{at: i, want: "UTF-8 text", found: fmt.Sprintf("the byte 0x%02X", b[i]), hint: hintUTF8}
}

// excerptLength is how many characters of the input a message quotes.
const excerptLength = 32

// excerpt describes what stands at b[i]: a word of the input in quotes, a byte that is no text, or
// the end of the line.
func excerpt(b []byte, i int) string {
	if i >= len(b) || b[i] == '\n' || b[i] == '\r' {
		return "the end of the line"
	}
	r, size := runeAt(b, i)
	switch {
	case r == utf8.RuneError && size <= 1:
		return fmt.Sprintf("the byte 0x%02X", b[i])
	case r == '\uFEFF':
		return "a byte order mark (U+FEFF)"
	case r < ' ' && r != '\t', r == 0x7F:
		return fmt.Sprintf("the control character U+%04X", r)
	}
	end, count := i, 0
	for end < len(b) && b[end] != '\n' && b[end] != '\r' {
		if end > i && b[i] != '"' && (b[end] == ' ' || b[end] == '\t') {
			break
		}
		if count++; count > excerptLength {
			return quote(b[i:end], "…")
		}
		_, size := runeAt(b, end)
		end += size
		if b[i] == '"' && end > i+1 && b[end-1] == '"' {
			break
		}
	}
	return quote(b[i:end], "")
}

// quote puts a piece of the input in quotes: those that need no escapes, if there are such.
func quote(b []byte, more string) string {
	s := string(bytes.ToValidUTF8(b, []byte("\uFFFD"))) + more
	if strings.ContainsAny(s, `"\`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// oneCharacter quotes the character at b[i].
func oneCharacter(b []byte, i int) string {
	_, size := runeAt(b, i)
	return excerpt(b[:i+size], i)
}
