package loaders

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// jsonldQuads makes quads of a document whose names are written out in full. It does so itself, and
// not through json-gold, which drops relative IRIs in silence and reads every number as a float.
type jsonldQuads struct {
	doc    *jsonldDocument
	out    *delivery
	base   *baseIRI
	places map[string]int // where the nodes stand, by what they are called
	blanks int
}

func newJSONLDQuads(d *jsonldDocument, out *delivery) (*jsonldQuads, error) {
	base, err := d.options.base()
	return &jsonldQuads{doc: d, out: out, base: base}, err
}

func (j *jsonldQuads) document(expanded []any) error {
	j.places = map[string]int{}
	j.index(&j.doc.root)
	for _, item := range expanded {
		if node, ok := item.(map[string]any); ok {
			if _, err := j.node(node, nil, j.doc.root.at); err != nil {
				return err
			}
		}
	}
	return nil
}

// index notes where nodes stand.
func (j *jsonldQuads) index(n *jsonNode) {
	for i := range n.members {
		m := &n.members[i]
		switch {
		case m.name == "@context":
			continue
		case m.value.kind == '"' && j.doc.terms.keyword(m.name) == "@id":
			j.note(m.value.text, m.value.at)
		}
		j.index(&m.value)
	}
	for i := range n.items {
		j.index(&n.items[i])
	}
}

// note files a node under what it may be called once its name is written out.
func (j *jsonldQuads) note(id string, at int) {
	names := []string{id}
	if prefix, rest, ok := strings.Cut(id, ":"); ok {
		if definition := j.doc.terms.defined[prefix]; definition != nil {
			if definition.kind == '{' && definition.member("@id") != nil {
				definition = definition.member("@id")
			}
			names = append(names, definition.text+rest)
		}
	} else if j.base != nil {
		names = append(names, j.base.resolve(id))
	}
	for _, name := range names {
		if _, ok := j.places[name]; !ok {
			j.places[name] = at
		}
	}
}

func (j *jsonldQuads) add(q quad.Quad, at int) error {
	if err := j.out.cancelled(); err != nil {
		return err
	}
	return j.out.add(q, j.doc.text.position(j.doc.file, at))
}

func (j *jsonldQuads) fail(f *fault, at int) error {
	return j.out.report.add(f.problem(j.doc.text.position(j.doc.file, at)))
}

// node hands out what is said of a node and of all within it. It returns the node, nil if its name
// was a problem.
func (j *jsonldQuads) node(n map[string]any, label quad.Value, at int) (quad.Value, error) {
	var subject quad.Value
	if id, ok := n["@id"].(string); ok {
		if place, known := j.places[id]; known {
			at = place
		}
		var f *fault
		if subject, f = j.name(id); f != nil {
			return nil, j.fail(f, at)
		}
	} else {
		subject = j.blank()
	}
	for _, key := range slices.Sorted(maps.Keys(n)) {
		if err := j.member(subject, key, n[key], label, at); err != nil {
			return nil, err
		}
	}
	return subject, nil
}

func (j *jsonldQuads) member(subject quad.Value, key string, value any, label quad.Value, at int) error {
	values, _ := value.([]any)
	switch key {
	case "@id", "@index":
		return nil
	case "@type":
		return j.types(subject, values, label, at)
	case "@graph":
		return j.nodes(values, subject, at)
	case "@included":
		return j.nodes(values, label, at)
	case "@reverse":
		return j.reverse(subject, value, label, at)
	}
	if strings.HasPrefix(key, "@") {
		return j.fail(&fault{want: "a keyword of JSON-LD", found: quote([]byte(shown(key)), "")}, at)
	}
	predicate, err := j.predicate(key, at)
	if predicate == nil || err != nil {
		return err
	}
	for _, v := range values {
		object, err := j.object(v, label, at)
		if object != nil && err == nil {
			err = j.add(quad.Quad{Subject: subject, Predicate: predicate, Object: object, Label: label}, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonldQuads) types(subject quad.Value, values []any, label quad.Value, at int) error {
	for _, v := range values {
		id, _ := v.(string)
		class, f := j.name(id)
		var err error
		if f != nil {
			if !absolute([]byte(id)) {
				f.hint = "does the @context define it?"
			}
			err = j.fail(f, at)
		} else {
			err = j.add(quad.Quad{Subject: subject, Predicate: graph.Type, Object: class, Label: label}, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonldQuads) nodes(values []any, label quad.Value, at int) error {
	for _, v := range values {
		if node, ok := v.(map[string]any); ok {
			if _, err := j.node(node, label, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *jsonldQuads) reverse(object quad.Value, value any, label quad.Value, at int) error {
	properties, _ := value.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		predicate, err := j.predicate(key, at)
		if err != nil {
			return err
		}
		values, _ := properties[key].([]any)
		for _, v := range values {
			node, ok := v.(map[string]any)
			if !ok || predicate == nil {
				continue
			}
			subject, err := j.node(node, label, at)
			if subject != nil && err == nil {
				err = j.add(quad.Quad{Subject: subject, Predicate: predicate, Object: object, Label: label}, at)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// predicate is nil, without an error, where its name was a problem and reading goes on.
func (j *jsonldQuads) predicate(key string, at int) (quad.Value, error) {
	v, f := j.name(key)
	if _, blank := v.(quad.BNode); blank {
		f = &fault{want: "an IRI as predicate", found: "the blank node " + quote([]byte(shown(key)), "")}
	}
	if f != nil {
		return nil, j.fail(f, at)
	}
	return v, nil
}

// name makes the value of an IRI or a blank node.
func (j *jsonldQuads) name(id string) (quad.Value, *fault) {
	if label, ok := strings.CutPrefix(id, "_:"); ok {
		if end := labelEnd([]byte(label), 0); end == 0 || end != len(label) {
			return nil, &fault{want: "the label of a blank node, like b1", found: quote([]byte(shown(label)), "")}
		}
		return quad.BNode(j.doc.options.Document + "_" + label), nil
	}
	if f := plainIRI(id); f != nil {
		return nil, f
	}
	return quad.IRI(j.doc.options.Namespaces.Shorten(id)), nil
}

// plainIRI refuses what is no absolute IRI. An escape like \u00E9 is none of its characters, other
// than in formats that have escapes.
func plainIRI(id string) *fault {
	b := []byte(id)
	if !absolute(b) {
		f := notAbsolute(b)
		f.hint = relativeTo
		return f
	}
	decoded, f := decodeIRI(b)
	if f != nil {
		return &fault{want: "an IRI like https://example.org/x", found: quote([]byte(shown(id)), ""), hint: "a space is written %20, other characters that IRIs do not have likewise"}
	}
	if len(decoded) != len(id) {
		return &fault{want: "an IRI like https://example.org/x", found: quote([]byte(shown(id)), "")}
	}
	return nil
}

func (j *jsonldQuads) blank() quad.Value {
	j.blanks++
	return quad.BNode(j.doc.options.Document + "-" + strconv.Itoa(j.blanks))
}

// object makes the value of a member: a literal, a list, or a node, whose own quads it hands out.
// The value is nil where it was a problem.
func (j *jsonldQuads) object(v any, label quad.Value, at int) (quad.Value, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, j.fail(&fault{want: "values that can be read", found: "something else", hint: "look at what stands in @list"}, at)
	}
	if _, ok := m["@value"]; ok {
		literal, f := j.literal(m)
		if f != nil {
			return nil, j.fail(f, at)
		}
		return literal, nil
	}
	if items, ok := m["@list"].([]any); ok {
		return j.list(items, label, at)
	}
	return j.node(m, label, at)
}

// list makes a chain of rdf:first and rdf:rest.
func (j *jsonldQuads) list(items []any, label quad.Value, at int) (quad.Value, error) {
	const first, rest, end quad.IRI = "rdf:first", "rdf:rest", "rdf:nil"
	head := quad.Value(end)
	var last quad.Value
	link := func(s quad.Value, p quad.IRI, o quad.Value) error {
		return j.add(quad.Quad{Subject: s, Predicate: p, Object: o, Label: label}, at)
	}
	for _, item := range items {
		object, err := j.object(item, label, at)
		if err != nil {
			return nil, err
		}
		if object == nil {
			continue
		}
		cell := j.blank()
		if last == nil {
			head = cell
		} else if err := link(last, rest, cell); err != nil {
			return nil, err
		}
		if err := link(cell, first, object); err != nil {
			return nil, err
		}
		last = cell
	}
	if last == nil {
		return head, nil
	}
	return head, link(last, rest, end)
}
