package gizmo

import (
	"context"
	"sync"

	cayley "github.com/cayleygraph/cayley/graph"
)

// Programs keeps texts that were compiled, for those who run texts one after the other: many are asked
// again and again. It keeps only texts that need no guards, because the others have engines of their own.
// A nil Programs keeps nothing. Several goroutines may use it at once.
type Programs struct {
	mu    sync.Mutex
	known map[programKey]*Program
}

type programKey struct{ name, text string }

// Bounds of what is kept: when there are more, all are forgotten.
const (
	programsMost = 128
	programBytes = 4 << 10
)

// NewPrograms makes an empty one.
func NewPrograms() *Programs { return &Programs{known: map[programKey]*Program{}} }

// Run does what the function [Run] does.
func (ps *Programs) Run(ctx context.Context, store cayley.QuadStore, text string, opts Options, each func(Row) error) error {
	if ps == nil || len(text) > min(programBytes, opts.Limits.withDefaults().Text) {
		return Run(ctx, store, text, opts, each)
	}
	k := programKey{opts.Name, text}
	ps.mu.Lock()
	p, ok := ps.known[k]
	ps.mu.Unlock()
	if !ok {
		var err error
		if p, err = compileText(opts.Name, text, len(text)); err != nil {
			return err
		}
		if p.plain {
			ps.keep(k, p)
		}
	}
	return p.Run(ctx, store, opts, each)
}

func (ps *Programs) keep(k programKey, p *Program) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if len(ps.known) >= programsMost {
		clear(ps.known)
	}
	ps.known[k] = p
}
