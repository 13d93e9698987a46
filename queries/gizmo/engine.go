package gizmo

import (
	"context"

	"github.com/dop251/goja"
)

// An engine is JavaScript before a text has run in it. It serves one run.
type engine struct {
	vm     *goja.Runtime
	guards *guarded // nil for plain texts
}

// engine returns an engine for a run. To guard the built-ins takes longer than many a question, so that a
// program which is run again and again has one made ready beside the run before: what a program costs
// at rest is the memory of one engine, some hundred kilobytes.
func (p *Program) engine() *engine {
	if p.plain {
		return &engine{vm: goja.New()}
	}
	again := p.runs.Add(1) > 1
	e := p.spare.Swap(nil)
	if again {
		go p.prepare()
	}
	if e == nil {
		e = newEngine()
	}
	return e
}

// prepare makes the spare engine.
func (p *Program) prepare() {
	defer func() {
		_ = recover() // the next run makes its own, and tells
	}()
	p.spare.CompareAndSwap(nil, newEngine())
}

// newEngine makes an engine with guards.
func newEngine() *engine {
	s := &session{ctx: context.Background(), vm: goja.New(), limits: Limits{}.withDefaults()}
	return &engine{vm: s.vm, guards: guard(s)}
}
