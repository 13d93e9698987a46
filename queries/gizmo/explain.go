package gizmo

import (
	"context"
	"fmt"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
)

// Explain runs a text and describes how each of its paths is answered: the plan as a tree, the number
// of rows expected of each part, and the number that the part has by itself. Rows are dropped.
func Explain(ctx context.Context, store cayley.QuadStore, text string, opts Options) (string, error) {
	var b strings.Builder
	opts.explain = &b
	err := Run(ctx, store, text, opts, func(Row) error { return nil })
	return b.String(), err
}

// describe prints the plan of a question that gave a number of rows.
func (q *question) describe(b *strings.Builder, rows int64) error {
	how := "evaluated here"
	if rewritesShapes(q.x.store) {
		how = "evaluated here, after the store rewrote what it knows"
	}
	fmt.Fprintf(b, "path: %d rows, %s\n", rows, how)
	return q.describeOp(b, q.root, 1)
}

func (q *question) describeOp(b *strings.Builder, o op, depth int) error {
	x := q.x
	if p, ok := o.(*probeOp); ok {
		o = p.op
	}
	fmt.Fprintf(b, "%s%s: about %.0f", strings.Repeat("  ", depth), o.label(x), o.size(x))
	n := int64(0)
	held := x.mem.used
	o.scan(x, func(cayley.Ref) bool { n++; return true })
	x.mem.used = held
	x.close()
	if x.err != nil {
		return x.err
	}
	fmt.Fprintf(b, ", really %d\n", n)
	if r, ok := o.(*recursiveOp); ok {
		return q.describeOp(b, r.from, depth+1) // a step of it has no size by itself
	}
	for _, child := range o.children() {
		if _, ok := child.(*noteOp); ok {
			continue // a label that may be missing is no condition
		}
		if err := q.describeOp(b, child, depth+1); err != nil {
			return err
		}
	}
	return nil
}
