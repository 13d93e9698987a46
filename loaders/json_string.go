package loaders

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads the string that begins with the '"' at the place reached.
func (p *jsonParser) quoted() (string, *fault) {
	start := p.i
	p.i++
	n := bytes.IndexAny(p.b[p.i:], "\"\\\n")
	if n >= 0 && p.b[p.i+n] == '"' {
		if text := p.b[p.i : p.i+n]; !hasControl(text) { // most strings hold no escapes
			p.i += n + 1
			return string(text), nil
		}
	}
	var out []byte
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c == '"':
			p.i++
			return string(out), nil
		case c == '\n' || c == '\r':
			return "", &fault{
				at: start, want: `" at the end of the string that begins here`, found: "the end of the line",
				hint: `a line break inside a string is written \n`,
			}
		case c < ' ':
			return "", &fault{at: p.i, want: fmt.Sprintf(`\u%04X`, c), found: p.excerpt(), hint: "control characters are escaped inside a string"}
		case c == '\\':
			r, f := p.escaped()
			if f != nil {
				return "", f
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
			p.i++
		}
	}
	return "", &fault{at: start, want: `" at the end of the string that begins here`, found: "the end of the text"}
}

func hasControl(b []byte) bool {
	for _, c := range b {
		if c < ' ' {
			return true
		}
	}
	return false
}

// escaped reads an escape and the second half of a pair of surrogates.
func (p *jsonParser) escaped() (rune, *fault) {
	const simple, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	start := p.i
	p.i++
	if p.i >= len(p.b) {
		return 0, &fault{at: start, want: `an escape like \n or \u00E9`, found: "the end of the text"}
	}
	c := p.b[p.i]
	if k := bytes.IndexByte([]byte(simple), c); k >= 0 {
		p.i++
		return rune(meant[k]), nil
	}
	if c != 'u' {
		return 0, &fault{at: start, want: `an escape: one of \" \\ \/ \b \f \n \r \t \u`, found: escapeAt(p.b, start), hint: `a backslash is written \\`}
	}
	high, f := p.unit(start)
	if f != nil || !utf16.IsSurrogate(high) {
		return high, f
	}
	if p.i+1 < len(p.b) && p.b[p.i] == '\\' && p.b[p.i+1] == 'u' {
		second := p.i
		p.i++
		low, f := p.unit(second)
		if f != nil {
			return 0, f
		}
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			return r, nil
		}
	}
	return 0, &fault{at: start, want: "a pair of surrogates", found: "half of one", hint: "was the text cut in the middle of a character?"}
}

// escapeAt quotes a backslash with the character after it.
func escapeAt(b []byte, i int) string {
	_, size := runeAt(b, i+1)
	return quote(b[i:i+1+size], "")
}

// unit reads the four digits after the u at the place reached.
func (p *jsonParser) unit(start int) (rune, *fault) {
	p.i++
	var r rune
	for range 4 {
		if p.i >= len(p.b) || classes[p.b[p.i]]&hex4 == 0 {
			return 0, &fault{at: start, want: `four hexadecimal digits after \u`, found: p.excerpt()}
		}
		r = r<<4 | hexDigit(p.b[p.i])
		p.i++
	}
	return r, nil
}

func hexDigit(c byte) rune {
	switch {
	case c <= '9':
		return rune(c - '0')
	case c <= 'F':
		return rune(c-'A') + 10
	default:
		return rune(c-'a') + 10
	}
}
