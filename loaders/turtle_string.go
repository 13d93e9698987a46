package loaders

import (
	"bytes"

	"github.com/cayleygraph/quad"
)

// literal reads a string in any of the four kinds of quotes, and its language or datatype.
func (p *parser) literal() (quad.Value, bool) {
	begin := p.pos - p.keep
	quotes, ok := p.scanString()
	if !ok {
		return nil, false
	}
	end := p.pos - p.keep
	suffix := p.have(1) && (p.buf[p.pos] == '@' || p.buf[p.pos] == '^')
	if suffix && p.scanSuffix() {
		return p.literalValue(begin, quotes, end)
	}
	if p.fault != nil {
		return nil, false
	}
	p.pos = p.keep + end
	v, ok := p.literalValue(begin, quotes, end)
	text, plain := v.(quad.String)
	if !ok || !plain || !p.blank() || !p.ready() {
		return v, ok && p.fault == nil
	}
	switch p.buf[p.pos] { // blanks may part a string from what belongs to it
	case '@':
		at := p.pos - p.keep
		if !p.scanLanguage() {
			return nil, false
		}
		return p.terms.literal(string(text), bytes.Clone(p.buf[p.keep+at+1:p.pos]), nil), true
	case '^':
		datatype, ok := p.datatype()
		if !ok {
			return nil, false
		}
		return p.terms.literal(string(text), nil, datatype), true
	}
	return v, true
}

// scanString passes a string and returns how many quotes stand on each side.
func (p *parser) scanString() (quotes int, ok bool) {
	begin, quote := p.pos-p.keep, p.buf[p.pos]
	quotes = 1
	if p.have(3) && p.buf[p.pos+1] == quote && p.buf[p.pos+2] == quote {
		quotes = 3
	}
	p.pos += quotes
	for p.ready() {
		c := p.buf[p.pos]
		switch {
		case c == '\\':
			if !p.have(2) {
				p.pos = p.end
				continue
			}
			p.pos += 2
		case c == quote && (quotes == 1 || p.have(3) && p.buf[p.pos+1] == quote && p.buf[p.pos+2] == quote):
			p.pos += quotes
			return quotes, true
		case quotes == 1 && (c == '\n' || c == '\r'):
			return 0, p.failWith(&fault{
				at:    p.keep + begin,
				want:  string(quote) + " at the end of the string that begins here",
				found: "the end of the line",
				hint:  `a line break inside a string is written \n, or the string is put between """ and """`,
			})
		default:
			p.pos++
		}
	}
	want := string(bytes.Repeat([]byte{quote}, quotes)) + " at the end of the string that begins here"
	return 0, p.fail(p.keep+begin, want, "")
}

// scanSuffix passes a language or datatype that follows its string at once. It returns false, and no
// fault, if the datatype is written in a way that takes more than one look.
func (p *parser) scanSuffix() bool {
	if p.buf[p.pos] == '@' {
		return p.scanLanguage()
	}
	if !p.have(3) || p.buf[p.pos+1] != '^' {
		return false
	}
	switch c := p.buf[p.pos+2]; {
	case c == '<':
		p.pos += 2
		return p.scanAngled()
	case c == ':' || classes[c]&alpha != 0 || c >= 0x80:
		p.pos += 2
		p.scanWord()
		if !p.take(':') {
			return false
		}
		f := p.scanLocal()
		return f == nil || p.failWith(f)
	}
	return false
}

func (p *parser) scanLanguage() bool {
	begin := p.pos - p.keep
	for p.pos++; p.ready() && classes[p.buf[p.pos]]&labelChar != 0; {
		p.pos++
	}
	if end, ok := langEnd(p.buf[:p.pos], p.keep+begin); !ok || end != p.pos {
		at := p.toQuote(p.keep + begin)
		return p.failWith(badLanguage(p.buf[:p.end], at))
	}
	return true
}

// datatype reads ^^ and an IRI, with blanks wherever they may be.
func (p *parser) datatype() (quad.Value, bool) {
	const want = "a datatype like ^^xsd:date"
	if !p.have(2) || p.buf[p.pos+1] != '^' {
		return nil, p.fail(p.pos, want, "a datatype follows two ^")
	}
	p.pos += 2
	if !p.blank() {
		return nil, false
	}
	if p.sees('<') {
		return p.angled()
	}
	return p.name(want)
}

// literalValue makes the value of the literal that has been passed: quotes on each side of a string
// that ends at end, and then its language or datatype.
func (p *parser) literalValue(begin, quotes, end int) (quad.Value, bool) {
	written := p.buf[p.keep+begin : p.pos]
	s, hash, ok := p.terms.literals.find(written)
	if ok {
		return s.value, true
	}
	text := p.buf[p.keep+begin+quotes : p.keep+end-quotes]
	decoded, f := decodeString(text)
	if f != nil {
		return nil, p.failWith(f.in(p.keep + begin + quotes))
	}
	var lang []byte
	var datatype quad.Value
	ok = true
	switch suffix := written[end-begin:]; {
	case len(suffix) == 0:
	case suffix[0] == '@':
		lang = suffix[1:]
	case suffix[2] == '<':
		datatype, ok = p.angledValue(end + 2)
	default:
		datatype, ok = p.nameValue(end + 2)
	}
	if !ok {
		return nil, false
	}
	w := string(written)
	value := w[quotes : quotes+len(text)]
	if len(decoded) != len(text) {
		value = string(decoded)
	}
	return s.keep(hash, w, p.terms.literal(value, lang, datatype)), true
}
