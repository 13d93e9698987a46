package loaders

import (
	"strings"

	"kg/graph"
)

// check finds the mistakes that people make most, before json-gold does: it tells none's place. Only
// keywords spelt as such are looked at; behind an alias the library finds them.
func (d *jsonldDocument) check() *fault {
	var first *fault
	var visit func(n *jsonNode)
	visit = func(n *jsonNode) {
		if first == nil && n.kind == '{' {
			first = d.checkObject(n)
		}
		for i := range n.members {
			if m := &n.members[i]; m.name != "@context" && !d.terms.opaque[m.name] && !d.terms.isJSON(n) {
				visit(&m.value)
			}
		}
		for i := range n.items {
			visit(&n.items[i])
		}
	}
	visit(&d.root)
	return first
}

func (d *jsonldDocument) checkObject(n *jsonNode) *fault {
	if id := n.member("@id"); id != nil && id.kind != '"' {
		return &fault{at: id.at, want: "an IRI as text for @id", found: id.describe()}
	}
	value, kind, language := n.member("@value"), n.member("@type"), n.member("@language")
	if value == nil {
		if kind != nil {
			return checkTypes(kind)
		}
		return nil
	}
	for i := range n.members {
		switch m := &n.members[i]; m.name {
		case "@value", "@type", "@language", "@direction", "@index", "@context":
		default:
			if strings.HasPrefix(m.name, "@") || d.terms.defined[m.name] == nil {
				return &fault{at: m.at, want: "@type or @language beside @value", found: quote([]byte(shown(m.name)), ""), hint: "a literal has no members of its own"}
			}
		}
	}
	switch {
	case kind != nil && kind.kind != '"' && kind.kind != 'n':
		return &fault{at: kind.at, want: "one datatype as text", found: kind.describe()}
	case kind != nil && kind.kind == '"' && language != nil && language.kind == '"':
		return &fault{at: kind.at, want: "a datatype or a language", found: "both", hint: "text with a language has no other type"}
	case d.terms.isJSON(n):
		return nil
	case value.kind == '{' || value.kind == '[':
		return &fault{at: value.at, want: "text, a number, true, false or null as @value", found: value.describe()}
	case kind != nil && kind.kind == '"' && !d.terms.open && !strings.Contains(kind.text, ":") && d.terms.defined[kind.text] == nil && !strings.HasPrefix(kind.text, "@"):
		return &fault{at: kind.at, want: "a datatype that the @context defines, or its IRI", found: quote([]byte(shown(kind.text)), "")}
	case language == nil || language.kind == 'n':
		return nil
	case language.kind != '"':
		return &fault{at: language.at, want: "a language as text", found: language.describe()}
	case value.kind != '"' && value.kind != 'n':
		return &fault{at: value.at, want: "text beside a language", found: value.describe()}
	}
	if _, f := langString("", language.text); f != nil {
		f.at = language.at
		if strings.Contains(language.text, "_") {
			f.hint = "its parts are joined by -"
		}
		return f
	}
	return nil
}

func checkTypes(kind *jsonNode) *fault {
	want := &fault{at: kind.at, want: "a class, or several in an array, as text for @type", found: kind.describe()}
	switch kind.kind {
	case '"':
		return nil
	case '[':
		for i := range kind.items {
			if item := &kind.items[i]; item.kind != '"' {
				want.at, want.found = item.at, item.describe()
				return want
			}
		}
		return nil
	default:
		return want
	}
}

// checkKeyword refuses a term that stands for a keyword which there is not: readers have to pass over
// what such a member says.
func checkKeyword(target *jsonNode) *fault {
	if target.kind != '"' || !strings.HasPrefix(target.text, "@") || len(target.text) == 1 {
		return nil
	}
	keywords := []string{
		"@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included", "@index", "@json",
		"@language", "@list", "@nest", "@none", "@prefix", "@propagate", "@protected", "@reverse", "@set", "@type",
		"@value", "@version", "@vocab",
	}
	for _, c := range target.text[1:] {
		if c > 0x7F || classes[byte(c)]&alpha == 0 {
			return nil // no word
		}
	}
	for _, known := range keywords {
		if target.text == known {
			return nil
		}
	}
	return &fault{at: target.at, want: "a keyword of JSON-LD", found: quote([]byte(shown(target.text)), ""), hint: graph.DidYouMean(target.text, keywords)}
}
