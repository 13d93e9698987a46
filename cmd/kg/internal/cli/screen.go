package cli

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"unicode/utf8"
)

// A screen writes to a terminal and keeps from it what is not text: names, notes and files may hold
// sequences that recolour it, clear it, or type for its user. What [painter] writes passes.
type screen struct {
	w    io.Writer
	rest []byte // the beginning of what the next Write ends
}

// ownStyle is what a painter, or the table writer in its name, writes: weights and colours of ours.
var ownStyle = regexp.MustCompile(`^\x1b\[(?:(?:[012]|31|32|33)(?:;(?:[012]|31|32|33))*)?m`)

// longestStyle bounds how much is kept back for a style whose end is yet to come.
const longestStyle = 16

// Write implements [io.Writer].
func (s *screen) Write(p []byte) (int, error) {
	text := slices.Concat(s.rest, p)
	out := make([]byte, 0, len(text))
	for len(text) > 0 && !cutOff(text) {
		out, text = appendShown(out, text)
	}
	s.rest = bytes.Clone(text)
	if _, err := s.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close writes what was kept back. It does not close the terminal.
func (s *screen) Close() error {
	var out []byte
	for text := s.rest; len(text) > 0; {
		out, text = appendShown(out, text)
	}
	s.rest = nil
	_, err := s.w.Write(out)
	return err
}

// cutOff says whether the first character of a text, or the style it begins, may go on behind the text.
func cutOff(text []byte) bool {
	switch text[0] {
	case '\r':
		return len(text) == 1
	case '\x1b':
		return len(text) < longestStyle && bytes.IndexByte(text, 'm') < 0
	}
	return !utf8.FullRune(text)
}

// appendShown takes one character, or one style, off a text.
func appendShown(out, text []byte) (longer, left []byte) {
	if n := len(ownStyle.Find(text)); n > 0 {
		return append(out, text[:n]...), text[n:]
	}
	r, n := utf8.DecodeRune(text)
	if r == '\t' || r == '\r' && n < len(text) && text[n] == '\n' {
		return append(out, text[0]), text[n:]
	}
	return utf8.AppendRune(out, shown(r)), text[n:]
}

// shown is what a terminal is given for a character: itself, unless it is a control character, or one
// that puts text on another line or in another order than it is written in. Line feeds stay.
func shown(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r < ' ', r >= 0x7f && r < 0xa0,
		r == '\u2028', r == '\u2029', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return utf8.RuneError
	}
	return r
}
