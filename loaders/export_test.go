package loaders

import (
	"context"
	"io"

	"kg/graph"
)

// LoadSplit reads N-Quads like its format, but gives even the smallest blocks to other cores.
func LoadSplit(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	return (&splitter{options: o, graphs: true, small: 1}).load(ctx, r, name, sink)
}
