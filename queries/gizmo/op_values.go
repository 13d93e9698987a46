package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// valueOp keeps the rows whose node passes tests of its value.
type valueOp struct {
	from  op
	tests []func(quad.Value) bool
	names []string
}

func (o *valueOp) scan(x *exec, yield func(cayley.Ref) bool) bool {
	return o.from.scan(x, func(ref cayley.Ref) bool {
		if !o.passes(x, ref) {
			return x.err == nil
		}
		return yield(ref)
	})
}

func (o *valueOp) match(x *exec, ref cayley.Ref, yield func() bool) bool {
	if !o.passes(x, ref) {
		return x.err == nil
	}
	return o.from.match(x, ref, yield)
}

func (o *valueOp) passes(x *exec, ref cayley.Ref) bool {
	if !x.tick() {
		return false
	}
	v := x.store.NameOf(ref)
	if v == nil {
		return false
	}
	for _, t := range o.tests {
		if !t(v) {
			return false
		}
	}
	return true
}

func (o *valueOp) size(x *exec) float64 { return o.from.size(x)/2 + 1 }
func (o *valueOp) tagged() bool         { return o.from.tagged() }
func (o *valueOp) children() []op       { return []op{o.from} }
