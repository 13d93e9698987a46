package gizmo

import (
	"fmt"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
)

// How ops are named in a plan.

func (o *fixedOp) label(x *exec) string {
	if len(o.refs) == 0 {
		return "the nodes of the step before"
	}
	var names []string
	for i, r := range o.refs {
		if i == 4 {
			names = append(names, fmt.Sprintf("… %d in all", len(o.refs)))
			break
		}
		names = append(names, refName(x, r))
	}
	return "nodes " + strings.Join(names, " ")
}

func refName(x *exec, r cayley.Ref) string { return describe(x.name(r)) }

func (o *saveOp) label(*exec) string { return "tag" }

func (o *quadsOp) label(x *exec) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%ss of quads", o.result)
	for _, c := range o.conds {
		if c.ref != nil {
			fmt.Fprintf(&b, ", %s %s", c.dir, refName(x, c.ref))
		} else {
			fmt.Fprintf(&b, ", %s as below", c.dir)
		}
	}
	for _, s := range o.saves {
		fmt.Fprintf(&b, ", %s tagged", s.dir)
	}
	if d := o.driver(x); d >= 0 {
		fmt.Fprintf(&b, " (by %s)", o.conds[d].dir)
	} else {
		b.WriteString(" (every quad)")
	}
	return b.String()
}

func (o *joinOp) label(*exec) string {
	if len(o.opts) > 0 {
		return fmt.Sprintf("all of the first %d, and the others where they are", len(o.subs))
	}
	return "all of"
}

func (o *valueOp) label(*exec) string { return "values " + strings.Join(o.names, ", ") }

func (o *pageOp) label(*exec) string {
	s := "rows"
	if o.skip > 0 {
		s += fmt.Sprintf(" after %d", o.skip)
	}
	if o.limit > 0 {
		s += fmt.Sprintf(", %d at most", o.limit)
	}
	return s
}

func (o *distinctOp) label(*exec) string {
	if o.byNode {
		return "one row a node"
	}
	return "each row once"
}
