package loaders

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// cayleyJSON is what Cayley's HTTP interface and its command dump write and read: objects with
// subject, predicate, object and label, in an array or one a line.
func cayleyJSON() Format {
	return Format{
		Name:       "cayley-json",
		Extensions: []string{".cayley"},
		MediaType:  "application/x-json-stream",
		Load:       loadCayleyJSON,
		claims: func(head []byte) bool {
			m := firstMembers(head)
			return m["subject"] == '"' && m["predicate"] == '"'
		},
	}
}

func loadCayleyJSON(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	t, err := newCayleyTerms(o)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, firstBuffer)
	if head, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(head, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark)) // it is in the buffer
	}
	if firstByte(in) == '[' {
		return loadJSONArray(ctx, in, name, o, sink, t.quad)
	}
	return loadJSONLines(ctx, in, name, o, sink, t.quad)
}

// firstByte looks at the first byte that is no blank, as far as the buffer goes.
func firstByte(in *bufio.Reader) byte {
	for n := 1; n <= in.Size(); n++ {
		head, err := in.Peek(n)
		if err != nil {
			return 0 // whoever reads on meets the error again
		}
		if c := head[n-1]; !isJSONBlank(c) {
			return c
		}
	}
	return 0
}

// quad reads one object; null, which Cayley writes for no quads at all, is nothing.
func (t *cayleyTerms) quad(r *jsonRecord) error {
	if r.root.kind == 'n' {
		return nil
	}
	if r.root.kind != '{' {
		return r.fail(&fault{at: r.root.at, want: "a quad: an object with subject, predicate and object", found: r.root.describe()})
	}
	var q quad.Quad
	for _, m := range r.root.members {
		d, ok := direction(m.name)
		if !ok {
			return r.fail(&fault{
				at: m.at, want: "subject, predicate, object or label", found: quote([]byte(shown(m.name)), ""),
				hint: graph.DidYouMean(m.name, []string{"subject", "predicate", "object", "label"}),
			})
		}
		if m.value.kind != '"' {
			return r.fail(&fault{at: m.value.at, want: "the " + m.name + " as a string", found: m.value.describe()})
		}
		if m.value.text == "" && d == quad.Label {
			continue
		}
		v, f := t.term(m.value.text)
		if f == nil {
			f = misplaced(v, d)
		}
		if f != nil {
			f.at = m.value.at
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

func direction(name string) (quad.Direction, bool) {
	for _, d := range quad.Directions {
		if d.String() == name {
			return d, true
		}
	}
	return quad.Any, false
}

// misplaced refuses what RDF does not have in a place and Cayley does.
func misplaced(v quad.Value, d quad.Direction) *fault {
	if d == quad.Object {
		return nil
	}
	want := "an IRI in < > or a blank node like _:b1 as " + d.String()
	switch v := v.(type) {
	case quad.IRI:
		return nil
	case quad.BNode:
		if d != quad.Predicate {
			return nil
		}
		return &fault{want: "an IRI in < > as predicate", found: "a blank node"}
	case quad.String:
		if d == quad.Predicate {
			want = "an IRI in < > as predicate"
		}
		f := &fault{want: want, found: quote([]byte(shown(string(v))), "")}
		if _, bad := decodeIRI([]byte(v)); bad == nil && v != "" {
			f.hint = "did you mean <" + shown(string(v)) + ">?"
		}
		return f
	default:
		return &fault{want: want, found: "a literal: " + quote([]byte(shown(v.String())), "")}
	}
}
