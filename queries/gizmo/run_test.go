package gizmo_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"

	"kg/queries/gizmo"
)

// people is the graph of the drawings in Cayley's manual: who follows whom, who is cool.
func people() []quad.Quad {
	iri := func(s string) quad.Value { return quad.IRI(s) }
	q := func(s, p string, o quad.Value, label string) quad.Quad {
		var l quad.Value
		if label != "" {
			l = quad.IRI(label)
		}
		return quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: o, Label: l}
	}
	return []quad.Quad{
		q("alice", "follows", iri("bob"), ""),
		q("bob", "follows", iri("fred"), ""),
		q("bob", "status", quad.String("cool_person"), ""),
		q("dani", "follows", iri("bob"), ""),
		q("charlie", "follows", iri("bob"), ""),
		q("charlie", "follows", iri("dani"), ""),
		q("dani", "follows", iri("greg"), ""),
		q("dani", "status", quad.String("cool_person"), ""),
		q("emily", "follows", iri("fred"), ""),
		q("fred", "follows", iri("greg"), ""),
		q("greg", "status", quad.String("cool_person"), ""),
		q("predicates", "are", iri("follows"), ""),
		q("predicates", "are", iri("status"), ""),
		q("emily", "status", quad.String("smart_person"), "smart_graph"),
		q("greg", "status", quad.String("smart_person"), "smart_graph"),
	}
}

func rows(t testing.TB, quads []quad.Quad, text string, opts gizmo.Options) ([]string, error) {
	t.Helper()
	var out []string
	err := gizmo.Run(context.Background(), memstore.New(quads...), text, opts, func(r gizmo.Row) error {
		out = append(out, show(r))
		return nil
	})
	slices.Sort(out)
	return out, err
}

func show(r gizmo.Row) string {
	var b strings.Builder
	if r.Emitted != nil {
		return fmt.Sprint(r.Emitted)
	}
	b.WriteString(quad.StringOf(r.Value))
	for _, t := range r.Tags {
		fmt.Fprintf(&b, " %s=%s", t.Name, quad.StringOf(t.Value))
	}
	for _, c := range r.Claims {
		fmt.Fprintf(&b, " [%s]", quad.StringOf(c))
	}
	return b.String()
}
