package gizmo

import (
	"context"
	"fmt"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
)

// Outline describes the last path of a text by nodes and links, as Cayley's page "query shape" draws
// them. Paths are not run.
func Outline(ctx context.Context, store cayley.QuadStore, text string, opts Options) (nodes map[string]any, err error) {
	nodes = map[string]any{"nodes": []iterator.Node{}, "links": []iterator.Link{}}
	var last *path
	opts.outline = func(p *path) { last = p }
	if err := Run(ctx, store, text, opts, func(Row) error { return nil }); err != nil || last == nil {
		return nodes, err
	}
	defer func() {
		if fault := recover(); fault != nil { // Cayley's drawing knows fewer kinds of paths than there are
			err = &Error{File: opts.Name, Want: "a path that can be drawn", Found: fmt.Sprintf("one that cannot: %v", fault)}
		}
	}()
	b := &builder{plain: true}
	s, err := b.path(last, false)
	if err != nil {
		return nodes, err
	}
	it := s.BuildIterator(store)
	defer it.Close() //nolint:errcheck // nothing was read
	iterator.OutputQueryShapeForIterator(it, store, nodes)
	return nodes, nil
}
