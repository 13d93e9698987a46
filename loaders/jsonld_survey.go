package loaders

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kg/graph"
)

// Bounds on contexts. Each term may be spelt with another as its prefix, so that a small document can
// mean names of any length.
const (
	longestContextIRI = 4096 // bytes, as in the directives of Turtle
	longestTermChain  = 100

	// mostSpelt is how many times larger than the largest document the names may be, all written out.
	mostSpelt = 16
)

// jsonldTerms is what all contexts of a document define between them.
type jsonldTerms struct {
	defined   map[string]*jsonNode // the last definition
	names     []string
	open      bool            // names without a definition may mean something
	maps      map[string]bool // terms whose values have members that are no terms: by language, by index, by id
	languages map[string]bool // and those of which are by language
	opaque    map[string]bool // terms whose values are not looked into: JSON, and what means nothing
}

// survey looks at the contexts before json-gold does: that they are at hand and within bounds, and
// which terms they define.
func (d *jsonldDocument) survey() error {
	d.terms = jsonldTerms{defined: map[string]*jsonNode{}, maps: map[string]bool{}, languages: map[string]bool{}, opaque: map[string]bool{}}
	var first error
	relative, longest := 0, 0
	d.root.resolveContexts(d.options.Base)
	terms := func(file string, text *jsonText, n *jsonNode) {
		length, f := d.terms.add(n, &relative)
		if longest = max(longest, length); first == nil && f != nil {
			first = f.problem(text.position(file, f.at))
		}
	}
	d.root.inContexts(false, func(n *jsonNode) {
		if n.kind != '"' {
			terms(d.file, &d.text, n)
			return
		}
		if _, err := d.contexts.find(n.text, nil); err != nil && d.missing == nil {
			// What looks like a context may stand in a literal of JSON. So json-gold has to ask for it.
			d.missing, d.terms.open = d.unknownContext(err, n.at), true
		}
	})
	for _, address := range slices.Sorted(maps.Keys(d.contexts.read)) {
		c := d.contexts.read[address]
		c.root.inContexts(false, func(n *jsonNode) { terms(c.file, &c.text, n) })
	}
	if first != nil {
		return first
	}
	count := 0
	d.root.walk(func(string, int) { count++ })
	if room := mostSpelt * d.options.MaxDocument; longest+relative > 0 && count > room/(longest+relative) {
		return &graph.Problem{
			At:    d.text.position(d.file, d.root.at),
			Want:  fmt.Sprintf("names that take at most %d bytes when all are written out", room),
			Found: "more", Hint: "is a prefix very long, or defined by another that is?",
		}
	}
	slices.Sort(d.terms.names)
	return nil
}

// unknownContext gives the problem with a context the place where it is asked for, unless it has one.
func (d *jsonldDocument) unknownContext(err error, at int) error {
	var p *graph.Problem
	if !errors.As(err, &p) || p.At.File != "" {
		return err
	}
	placed := *p
	placed.At = d.text.position(d.file, at)
	return &placed
}

// add takes the terms of one context and returns the length of the longest name behind one.
func (t *jsonldTerms) add(n *jsonNode, relative *int) (longest int, f *fault) {
	if n.kind != '{' {
		return 0, nil
	}
	meaning := map[string]string{}
	for i := range n.members {
		m := &n.members[i]
		name, target := m.name, target(&m.value)
		if target.kind == '"' && len(target.text) > longestContextIRI || len(name) > longestContextIRI {
			return 0, &fault{at: m.at, want: fmt.Sprintf("names of at most %d bytes in a context", longestContextIRI), found: "a longer one"}
		}
		switch {
		case name == "@vocab" || name == "@base":
			t.open = t.open || name == "@vocab" && target.kind == '"'
			if *relative += len(target.text); target.kind == '"' && !absolute([]byte(target.text)) && *relative > longestContextIRI {
				return 0, &fault{at: m.at, want: fmt.Sprintf("relative %s of at most %d bytes in all", name, longestContextIRI), found: "more"}
			}
		case strings.HasPrefix(name, "@"):
		default:
			if f := checkKeyword(target); f != nil {
				return longest, f
			}
			t.define(name, &m.value, target)
			if target.kind == '"' {
				meaning[name] = target.text
			}
		}
	}
	for name := range meaning {
		length, steps := 0, 0
		for word, ok := name, true; ok; steps++ {
			if steps > longestTermChain {
				break
			}
			word = meaning[word]
			length += len(word)
			if prefix, _, cut := strings.Cut(word, ":"); cut {
				word = prefix
			}
			_, ok = meaning[word]
		}
		if longest = max(longest, length); steps > longestTermChain && !cyclic(meaning, name) {
			return longest, &fault{at: n.at, want: fmt.Sprintf("terms that take at most %d others to be spelt", longestTermChain), found: "more for " + quote([]byte(shown(name)), "")}
		}
	}
	return longest, nil
}

// cyclic says whether spelling a term never ends. That is a mistake with a code of its own, which
// json-gold finds.
func cyclic(meaning map[string]string, name string) bool {
	seen := map[string]bool{}
	for word := name; ; {
		if seen[word] {
			return true
		}
		seen[word] = true
		next, ok := meaning[word]
		if !ok {
			return false
		}
		if prefix, _, cut := strings.Cut(next, ":"); cut {
			next = prefix
		}
		word = next
	}
}

// target is what a definition says that a term stands for.
func target(definition *jsonNode) *jsonNode {
	if definition.kind == '{' {
		for _, name := range []string{"@id", "@reverse"} {
			if id := definition.member(name); id != nil {
				return id
			}
		}
	}
	return definition
}

// define notes a term.
func (t *jsonldTerms) define(name string, definition, target *jsonNode) {
	if _, ok := t.defined[name]; !ok {
		t.names = append(t.names, name)
	}
	t.defined[name] = definition
	if target.kind == 'n' {
		t.opaque[name] = true
	}
	if definition.kind != '{' {
		return
	}
	if kind := definition.member("@type"); kind != nil && kind.text == "@json" {
		t.opaque[name] = true
	}
	if container := definition.member("@container"); container != nil {
		for _, c := range append(container.items, *container) {
			switch c.text {
			case "@language", "@index", "@id", "@type":
				t.maps[name] = true
				t.languages[name] = t.languages[name] || c.text == "@language"
			}
		}
	}
}

// keyword is the keyword that a term stands for, or the term itself.
func (t *jsonldTerms) keyword(name string) string {
	if definition := t.defined[name]; definition != nil {
		if definition.kind == '{' && definition.member("@id") != nil {
			definition = definition.member("@id")
		}
		if strings.HasPrefix(definition.text, "@") {
			return definition.text
		}
	}
	return name
}

// isJSON says whether an object is a literal of JSON, whose value is not looked into.
func (t *jsonldTerms) isJSON(n *jsonNode) bool {
	for i := range n.members {
		if m := &n.members[i]; t.keyword(m.name) == "@type" && m.value.kind == '"' && t.keyword(m.value.text) == "@json" {
			return true
		}
	}
	return false
}

// undefined finds members that no context defines. JSON-LD lets readers drop them; that would be a
// loss in silence. A context that wants it so defines them as null.
func (d *jsonldDocument) undefined() []*fault {
	if d.terms.open {
		return nil
	}
	var faults []*fault
	var visit func(n *jsonNode, isMap bool)
	visit = func(n *jsonNode, isMap bool) {
		for i := range n.items {
			visit(&n.items[i], isMap)
		}
		if d.terms.isJSON(n) {
			return
		}
		for i := range n.members {
			m := &n.members[i]
			_, known := d.terms.defined[m.name]
			switch {
			case m.name == "@context", d.terms.opaque[m.name]:
			case isMap:
				visit(&m.value, false)
			case !known && !strings.Contains(m.name, ":") && !strings.HasPrefix(m.name, "@"):
				faults = append(faults, d.unknownTerm(m))
			default:
				visit(&m.value, d.terms.maps[m.name])
			}
		}
	}
	visit(&d.root, false)
	return faults
}

func (d *jsonldDocument) unknownTerm(m *jsonMember) *fault {
	f := &fault{at: m.at, want: "a member that the @context defines", found: quote([]byte(shown(m.name)), "")}
	if len(d.terms.names) == 0 {
		f.want, f.hint = "an @context that defines the members", "without one, only members like @id and full IRIs mean something"
		return f
	}
	if f.hint = graph.DidYouMean(m.name, d.terms.names); f.hint == "" {
		f.hint = "define it, or define it as null to leave it out"
	}
	return f
}
