package gizmo_test

import (
	"context"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"

	"kg/queries/gizmo"
)

// TestPathThatDoesNotRun asks when a path at the end of a text is warned of: when nothing else can
// come of it.
func TestPathThatDoesNotRun(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{`g.V("<alice>")`, true},
		{`var p = g.V("<alice>"); p`, true},
		{`g.M().out()`, true},
		{`var p = g.M()`, false},
		{`const p = g.V("<alice>")`, false},
		{`p = g.V("<alice>")`, false},
		{`function f() { return g.V() }`, false},
		{`g.V("<alice>").all()`, false},
		{`var p = g.V("<alice>"); p.all(); p`, false},
	}
	for _, tc := range tests {
		warned := false
		err := gizmo.Run(context.Background(), memstore.New(people()...), tc.text, gizmo.Options{Warn: func(*gizmo.Error) { warned = true }}, func(gizmo.Row) error { return nil })
		if err != nil || warned != tc.want {
			t.Errorf("%s: warned %v %v, want %v", tc.text, warned, err, tc.want)
		}
	}
}
