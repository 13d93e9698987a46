package loaders

import (
	"context"
	"io"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// jsonl is JSON Lines of quads as kg exports them: subject, predicate, object and graph, each an
// object with an id or with a value and its type or lang.
func jsonl() Format {
	return Format{
		Name:       "jsonl",
		Extensions: []string{".jsonl", ".ndjson"},
		MediaType:  "application/jsonl",
		Load: func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
			o, err := o.resolved(name)
			if err != nil {
				return err
			}
			t := &jsonlTerms{namespaces: o.Namespaces, document: o.Document}
			if t.base, err = o.base(); err != nil {
				return err
			}
			return loadJSONLines(ctx, r, name, o, sink, t.quad)
		},
		claims: func(head []byte) bool {
			m := firstMembers(head)
			return m["subject"] == '{'
		},
	}
}

// jsonlTerms makes quads of lines.
type jsonlTerms struct {
	namespaces graph.Namespaces
	document   string
	base       *baseIRI
}

func (t *jsonlTerms) quad(r *jsonRecord) error {
	if r.root.kind != '{' {
		return r.fail(&fault{at: r.root.at, want: "a quad: an object with subject, predicate and object", found: r.root.describe()})
	}
	if r.root.member("subject") == nil && (r.root.member("schema") != nil || r.root.member("prop") != nil) {
		return r.fail(&fault{at: r.root.at, want: "a quad with a subject", found: "an entity of FollowTheMoney", hint: "name its format: --from ftm"})
	}
	var q quad.Quad
	for i := range r.root.members {
		m := &r.root.members[i]
		d, known := direction(strings.Replace(m.name, "graph", "label", 1))
		if !known || m.name == "label" {
			f := &fault{at: m.at, want: "subject, predicate, object or graph", found: quote([]byte(shown(m.name)), "")}
			f.hint = graph.DidYouMean(m.name, []string{"subject", "predicate", "object", "graph"})
			return r.fail(f)
		}
		v, f := t.term(&m.value, d)
		if f != nil {
			return r.fail(f)
		}
		q.Set(d, v)
	}
	for _, d := range []quad.Direction{quad.Subject, quad.Predicate, quad.Object} {
		if q.Get(d) == nil {
			return r.fail(&fault{at: r.root.at, want: "a quad with " + article(d.String()), found: "one without"})
		}
	}
	return r.add(q, r.root.at)
}

func (t *jsonlTerms) term(n *jsonNode, d quad.Direction) (quad.Value, *fault) {
	if n.kind != '{' {
		return nil, &fault{at: n.at, want: `an object with an id, or with a value`, found: n.describe()}
	}
	var texts [4]*jsonNode
	names := []string{"id", "value", "type", "lang"}
	for i := range n.members {
		m := &n.members[i]
		k := -1
		for j, name := range names {
			if m.name == name {
				k = j
			}
		}
		switch {
		case k < 0:
			return nil, &fault{at: m.at, want: "id, value, type or lang", found: quote([]byte(shown(m.name)), ""), hint: graph.DidYouMean(m.name, names)}
		case m.value.kind != '"':
			return nil, &fault{at: m.value.at, want: "the " + m.name + " as text", found: m.value.describe(), hint: "numbers are text with a type here"}
		}
		texts[k] = &m.value
	}
	id, value, datatype, lang := texts[0], texts[1], texts[2], texts[3]
	switch {
	case id != nil && (value != nil || datatype != nil || lang != nil):
		return nil, &fault{at: n.at, want: "an id or a value", found: "both"}
	case datatype != nil && lang != nil:
		return nil, &fault{at: n.at, want: "a type or a lang", found: "both", hint: "text with a language has no other type"}
	case id != nil:
		v, f := t.name(id.text)
		if f == nil {
			f = misplaced(v, d)
		}
		return v, at(f, id)
	case value == nil:
		return nil, &fault{at: n.at, want: "an id or a value", found: "neither"}
	case d != quad.Object:
		return nil, &fault{at: value.at, want: "an id for the " + d.String(), found: "a value"}
	case lang != nil:
		v, f := langString(value.text, lang.text)
		return v, at(f, lang)
	case datatype != nil:
		v, f := t.name(datatype.text)
		iri, ok := v.(quad.IRI)
		if f == nil && !ok {
			f = &fault{want: "an IRI as type", found: quote([]byte(shown(datatype.text)), "")}
		}
		if f != nil {
			return nil, at(f, datatype)
		}
		return graph.Native(quad.TypedString{Value: quad.String(value.text), Type: iri}), nil
	default:
		return quad.String(value.text), nil
	}
}

// at places a fault, if it is one.
func at(f *fault, n *jsonNode) *fault {
	if f != nil {
		f.at = n.at
	}
	return f
}

func (t *jsonlTerms) name(id string) (quad.Value, *fault) {
	if label, ok := strings.CutPrefix(id, "_:"); ok {
		if end := labelEnd([]byte(label), 0); end == 0 || end != len(label) {
			return nil, &fault{want: "the label of a blank node, like b1", found: quote([]byte(shown(label)), "")}
		}
		return quad.BNode(t.document + "_" + label), nil
	}
	if t.base != nil && !absolute([]byte(id)) {
		id = t.base.resolve(id)
	}
	if f := plainIRI(id); f != nil {
		return nil, f
	}
	return quad.IRI(t.namespaces.Shorten(id)), nil
}
