package loaders

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// blank passes blanks and comments. No term has been read that was longer than allowed, if it returns
// true: all are followed by a call of blank or emit.
func (p *parser) blank() bool {
	if p.long {
		return p.tooLong()
	}
	f := p.skipBlank()
	if p.long {
		return p.tooLong()
	}
	return f == nil || p.failWith(f)
}

// keyword returns the word at pos in capitals, if it is no part of a name. The word is not passed.
func (p *parser) keyword() string {
	begin, word := p.pos-p.keep, ""
	p.scanWord()
	if !p.sees(':') && p.pos-p.keep-begin <= len("PREFIX") {
		word = strings.ToUpper(string(p.buf[p.keep+begin : p.pos]))
	}
	p.pos = p.keep + begin
	return word
}

// atDirective reads @prefix or @base.
func (p *parser) atDirective() bool {
	p.pos++
	p.scanWord()
	var ok bool
	switch string(p.buf[p.keep+1 : p.pos]) {
	case "prefix":
		p.pos = p.keep + 1
		ok = p.prefix()
	case "base":
		p.pos = p.keep + 1
		ok = p.base()
	default:
		return p.fail(p.keep, "@prefix or @base", hintDirective)
	}
	if !ok || !p.blank() {
		return false
	}
	return p.take('.') || p.fail(p.pos, ". at the end of the directive", "")
}

// prefix reads the name of a prefix and its IRI, from the word prefix on.
func (p *parser) prefix() bool {
	p.pos += len("prefix")
	if !p.blank() {
		return false
	}
	begin := p.pos - p.keep
	p.scanWord()
	name := string(p.buf[p.keep+begin : p.pos])
	if !p.take(':') {
		return p.fail(p.keep, "a prefix like ex:", "")
	}
	iri, ok := p.directiveIRI()
	if ok {
		p.prefixes[name] = iri
		p.terms.forget()
	}
	return ok
}

// base reads the IRI of a base, from the word base on.
func (p *parser) base() bool {
	p.pos += len("base")
	iri, ok := p.directiveIRI()
	if ok {
		p.setBase(iri)
	}
	return ok
}

func (p *parser) setBase(iri string) {
	b := newBase(iri)
	p.terms.base = &b
	p.terms.forget()
}

// directiveIRI reads the IRI of a directive, in its full form.
func (p *parser) directiveIRI() (string, bool) {
	if !p.blank() {
		return "", false
	}
	if !p.sees('<') {
		return "", p.fail(p.pos, "an IRI in < >", "")
	}
	begin := p.pos - p.keep
	v, ok := p.angled()
	if !ok {
		return "", false
	}
	iri, _ := v.(quad.IRI)
	full := p.terms.namespaces.Expand(string(iri))
	if len(full) > longestNamespace {
		return "", p.failWith(&fault{
			at:    p.keep + begin,
			want:  "an IRI of at most " + strconv.Itoa(longestNamespace) + " bytes in a directive",
			found: "a longer one",
		})
	}
	return full, true
}

// longestNamespace bounds what a prefix or a base adds to each of the names that use it: a small file
// shall not mean a huge graph.
const longestNamespace = 4 << 10

// scanAngled passes an IRI in brackets.
func (p *parser) scanAngled() bool {
	begin := p.pos - p.keep
	for p.pos++; p.ready(); p.pos++ {
		c := p.buf[p.pos]
		if c == '>' {
			p.pos++
			return true
		}
		if c != '\\' && classes[c]&iriChar == 0 {
			return p.failWith(badInIRI(p.buf[:p.end], p.pos))
		}
	}
	return p.fail(p.keep+begin, "> at the end of the IRI that begins here", "")
}

func (p *parser) angled() (quad.Value, bool) {
	begin := p.pos - p.keep
	if !p.scanAngled() {
		return nil, false
	}
	return p.angledValue(begin)
}

func (p *parser) angledValue(begin int) (quad.Value, bool) {
	v, f := p.terms.iri(p.buf[p.keep+begin : p.pos])
	if f == nil {
		return v, true
	}
	if f.at == 0 && f.hint == "" {
		f.hint = "a relative one needs a base: say @base <https://…/> . at the top, or name one with --base"
	}
	return nil, p.failWith(f.in(p.keep + begin))
}

// name reads a name with a prefix; want says what else could stand there.
func (p *parser) name(want string) (quad.Value, bool) {
	begin := p.pos - p.keep
	p.scanWord()
	if !p.take(':') {
		return nil, p.fail(p.keep+begin, want, "")
	}
	if f := p.scanLocal(); f != nil {
		return nil, p.failWith(f)
	}
	return p.nameValue(begin)
}

// nameOrTruth reads a name with a prefix, true or false.
func (p *parser) nameOrTruth(want string) (quad.Value, bool) {
	begin := p.pos - p.keep
	p.scanWord()
	if !p.sees(':') {
		switch word := string(p.buf[p.keep+begin : p.pos]); word {
		case "true", "false":
			return graph.Native(quad.TypedString{Value: quad.String(word), Type: p.yes}), true
		}
	}
	p.pos = p.keep + begin
	return p.name(want)
}

// nameValue makes the value of the name with a prefix that has been passed.
func (p *parser) nameValue(begin int) (quad.Value, bool) {
	written := p.buf[p.keep+begin : p.pos]
	s, hash, ok := p.terms.names.find(written)
	if ok {
		return s.value, true
	}
	prefix, local, _ := bytes.Cut(written, []byte(":"))
	namespace, ok := p.prefixes[string(prefix)]
	if !ok {
		return nil, p.failWith(p.unknownPrefix(string(prefix), p.keep+begin))
	}
	if bytes.IndexByte(local, '\\') >= 0 {
		local = bytes.ReplaceAll(local, []byte(`\`), nil) // no backslash can be escaped by another
	}
	return s.keep(hash, string(written), quad.IRI(p.terms.namespaces.Shorten(namespace+string(local)))), true
}

// labelled reads a blank node with a label.
func (p *parser) labelled() (quad.Value, bool) {
	begin := p.pos - p.keep
	if !p.have(2) || p.buf[p.pos+1] != ':' {
		return nil, p.fail(p.pos, "a blank node like _:b1", "")
	}
	p.pos += len("_:")
	if !p.scanLabel() {
		return nil, p.fail(p.pos, "the label of a blank node, like b1", "")
	}
	return p.terms.blank(p.buf[p.keep+begin : p.pos]), true
}

func (p *parser) number(want string) (quad.Value, bool) {
	begin := p.pos - p.keep
	kind := p.integer
	switch p.scanNumber() {
	case "":
		return nil, p.fail(p.keep+begin, want, "")
	case "decimal":
		kind = p.decimal
	case "double":
		kind = p.double
	}
	written := p.buf[p.keep+begin : p.pos]
	s, hash, ok := p.terms.literals.find(written)
	if ok {
		return s.value, true
	}
	w := string(written)
	return s.keep(hash, w, p.terms.literal(w, nil, kind)), true
}
