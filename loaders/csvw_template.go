package loaders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A uriTemplate is a URI template of RFC 6570, all four levels of it but for composite values: a
// variable is a text or, in a column with a separator, a list of texts.
type uriTemplate struct {
	text     string
	parts    []templatePart
	ofColumn bool // what comes out may differ from column to column of a row
}

// A templatePart is literal text, or an expression in braces.
type templatePart struct {
	literal   string
	operator  byte // 0: none
	variables []templateVariable
}

type templateVariable struct {
	name    string
	prefix  int  // {name:3}; 0: the whole
	explode bool // {name*}
}

// A binding is what a variable stands for in one row. Without values it is undefined.
type binding struct {
	list   bool
	values []string
}

// parseTemplate takes a template apart. The fault's place counts characters of the template.
func parseTemplate(text string) (*uriTemplate, *fault) {
	t := &uriTemplate{text: text}
	for i := 0; i < len(text); {
		n := strings.IndexAny(text[i:], "{}")
		if n < 0 {
			t.parts = append(t.parts, templatePart{literal: text[i:]})
			break
		}
		if n > 0 {
			t.parts = append(t.parts, templatePart{literal: text[i : i+n]})
		}
		i += n
		end := strings.IndexByte(text[i:], '}')
		if text[i] == '}' || end < 0 {
			return nil, &fault{at: i, want: "a URI template, with each { closed by a }", found: quote([]byte(shown(text[i:])), "")}
		}
		part, f := parseExpression(text[i+1 : i+end])
		if f != nil {
			return nil, f.in(i + 1)
		}
		t.parts = append(t.parts, part)
		t.ofColumn = t.ofColumn || slices.ContainsFunc(part.variables, func(v templateVariable) bool {
			return v.name == "_name" || v.name == "_column" || v.name == "_sourceColumn"
		})
		i += end + 1
	}
	return t, nil
}

func parseExpression(text string) (templatePart, *fault) {
	var p templatePart
	bad := func(want string) (templatePart, *fault) {
		return p, &fault{want: want, found: quote([]byte("{"+shown(text)+"}"), "")}
	}
	rest := text
	if rest != "" {
		switch c := rest[0]; {
		case strings.IndexByte("+#./;?&", c) >= 0:
			p.operator, rest = c, rest[1:]
		case strings.IndexByte("=,!@|", c) >= 0:
			return bad("one of the operators + # . / ; ? & in a URI template (others are reserved)")
		}
	}
	for _, word := range strings.Split(rest, ",") {
		v := templateVariable{name: word}
		if name, ok := strings.CutSuffix(word, "*"); ok {
			v.name, v.explode = name, true
		} else if name, digits, ok := strings.Cut(word, ":"); ok {
			n, err := strconv.Atoi(digits)
			if err != nil || n < 1 || n > 9999 {
				return bad("a prefix from 1 to 9999 after the : in a URI template")
			}
			v.name, v.prefix = name, n
		}
		if !variableName(v.name) {
			return bad("the name of a column (letters, digits and _, others as %20) in a URI template")
		}
		p.variables = append(p.variables, v)
	}
	return p, nil
}

// variableName says whether a word can be a variable: varname of RFC 6570, and any letter besides,
// since names of columns may have them.
func variableName(s string) bool {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' {
		return false
	}
	for i, r := range s {
		switch {
		case r == '%':
			if i+2 >= len(s) || classes[s[i+1]]&hex4 == 0 || classes[s[i+2]]&hex4 == 0 {
				return false
			}
		case r == '_', r == '.', r >= '0' && r <= '9', nameStart(r), r > 0x7F && namePart(r):
		default:
			return false
		}
	}
	return true
}

// variables lists the names that the template uses.
func (t *uriTemplate) variables() []string {
	var names []string
	for _, p := range t.parts {
		for _, v := range p.variables {
			if !slices.Contains(names, v.name) {
				names = append(names, v.name)
			}
		}
	}
	return names
}

// expand fills the template in.
func (t *uriTemplate) expand(value func(name string) binding) string {
	if len(t.parts) == 1 && t.parts[0].variables == nil {
		return t.parts[0].literal
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.variables == nil {
			writeEncoded(&b, p.literal, true)
			continue
		}
		p.expand(&b, value)
	}
	return b.String()
}

// An expansion is how an operator writes: what comes first, what between, whether names are written,
// what follows a name without a value, and whether reserved characters stay.
type expansion struct {
	first, between string
	named          bool
	ifEmpty        string
	reserved       bool
}

func expansionOf(operator byte) expansion {
	switch operator {
	case '+':
		return expansion{between: ",", reserved: true}
	case '#':
		return expansion{first: "#", between: ",", reserved: true}
	case '.':
		return expansion{first: ".", between: "."}
	case '/':
		return expansion{first: "/", between: "/"}
	case ';':
		return expansion{first: ";", between: ";", named: true}
	case '?':
		return expansion{first: "?", between: "&", named: true, ifEmpty: "="}
	case '&':
		return expansion{first: "&", between: "&", named: true, ifEmpty: "="}
	default:
		return expansion{between: ","}
	}
}

func (p templatePart) expand(b *strings.Builder, value func(string) binding) {
	e := expansionOf(p.operator)
	before := e.first
	name := func(name, value string) {
		b.WriteString(name)
		if value == "" {
			b.WriteString(e.ifEmpty)
		} else {
			b.WriteByte('=')
		}
	}
	for _, v := range p.variables {
		bound := value(v.name)
		if len(bound.values) == 0 {
			continue
		}
		b.WriteString(before)
		before = e.between
		if !bound.list {
			text := bound.values[0]
			if v.prefix > 0 {
				text = firstRunes(text, v.prefix)
			}
			if e.named {
				name(v.name, text)
			}
			writeEncoded(b, text, e.reserved)
			continue
		}
		between := ","
		if v.explode {
			between = e.between
		} else if e.named {
			name(v.name, strings.Join(bound.values, ""))
		}
		for i, text := range bound.values {
			if i > 0 {
				b.WriteString(between)
			}
			if e.named && v.explode {
				name(v.name, text)
			}
			writeEncoded(b, text, e.reserved)
		}
	}
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// writeEncoded writes text with percent-encoding: all but the unreserved characters and, where reserved
// ones may stay, all but these and what is percent-encoded already.
func writeEncoded(b *strings.Builder, s string, reserved bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < utf8.RuneSelf && (classes[c]&alphanumeric != 0 || strings.IndexByte("-._~", c) >= 0):
			b.WriteByte(c)
		case reserved && (strings.IndexByte(":/?#[]@!$&'()*+,;=", c) >= 0 ||
			c == '%' && i+2 < len(s) && classes[s[i+1]]&hex4 != 0 && classes[s[i+2]]&hex4 != 0):
			b.WriteByte(c)
		default:
			fmt.Fprintf(b, "%%%02X", c)
		}
	}
}
