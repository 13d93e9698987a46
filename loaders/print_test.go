package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// list keeps the quads that a loader hands over.
type list []quad.Quad

func (l *list) Add(q quad.Quad, at graph.Position) error {
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return fmt.Errorf("%v: an invalid quad: %v", at, q)
	}
	if at.File == "" || at.Line < 1 || at.Column < 1 {
		return fmt.Errorf("a quad without its place: %v", at)
	}
	*l = append(*l, q)
	return nil
}

// loadText loads a text that nobody needs to open.
func loadText(format, text string, o loaders.Options) (list, error) {
	return loadReader(format, strings.NewReader(text), o)
}

func loadReader(format string, r io.Reader, o loaders.Options) (list, error) {
	f, err := loaders.ByName(format)
	if err != nil {
		return nil, err
	}
	var got list
	err = f.Load(context.Background(), r, "in", o, &got)
	return got, err
}

// wantProblem fails unless err is a problem with a place.
func wantProblem(t *testing.T, err error) {
	t.Helper()
	var p *graph.Problem
	switch {
	case err == nil:
		t.Error("accepted, want a problem")
	case !errors.As(err, &p):
		t.Errorf("want a problem, found %T: %v", err, err)
	case p.At.Line < 1 || p.At.Column < 1:
		t.Errorf("the problem has no place: %v", err)
	}
}

// printQuads writes quads as N-Quads, in full. It is what round trips are tried with, and deliberately
// plain: every character outside of printable ASCII becomes an escape.
func printQuads(quads []quad.Quad) string {
	var b strings.Builder
	ns := graph.DefaultNamespaces()
	for _, q := range quads {
		q = ns.ExpandQuad(q)
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if v != nil {
				b.WriteString(printTerm(ns, v) + " ")
			}
		}
		b.WriteString(".\n")
	}
	return b.String()
}

func printTerm(ns graph.Namespaces, v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		return "<" + escape(string(v)) + ">"
	case quad.BNode:
		return "_:" + string(v)
	case quad.String:
		return `"` + escape(string(v)) + `"`
	case quad.LangString:
		return `"` + escape(string(v.Value)) + `"@` + v.Lang
	case quad.TypedString:
		return `"` + escape(string(v.Value)) + `"^^<` + escape(string(v.Type)) + ">"
	}
	typed, ok := graph.Lexical(v)
	if !ok {
		return fmt.Sprintf("<a value of type %T>", v)
	}
	return printTerm(ns, ns.ExpandValue(typed))
}

func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= ' ' && r < 0x7F && r != '"' && r != '\\' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	return b.String()
}

// rename takes the second of two documents' keys out of blank nodes: again_key_b1 is key_b1.
func rename(quads []quad.Quad) []quad.Quad {
	plain := func(v quad.Value) quad.Value {
		if b, ok := v.(quad.BNode); ok {
			return quad.BNode(strings.TrimPrefix(string(b), "again_"))
		}
		return v
	}
	out := make([]quad.Quad, len(quads))
	for i, q := range quads {
		out[i] = quad.Quad{
			Subject: plain(q.Subject), Predicate: plain(q.Predicate), Object: plain(q.Object), Label: plain(q.Label),
		}
	}
	return out
}
