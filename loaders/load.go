package loaders

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Load reads one input, a path or "-" for Options.Stdin, and hands its quads to the sink.
//
// What is wrong with the input comes back as a [*graph.Problem] or, with KeepGoing, as
// [graph.Problems]; so does a quad that the sink refuses with one. Any other error of the sink stops
// the load and is returned as it is, and so is the context's: a load that is told to stop returns
// soon, even while standard input keeps silent.
func Load(ctx context.Context, input string, o Options, sink graph.Sink) (err error) {
	in, err := Open(ctx, input, o)
	if err != nil {
		return err
	}
	defer func() {
		if closing := in.Close(); closing != nil && err == nil {
			err = fmt.Errorf("closing %s: %w", in.Name, closing)
		}
	}()
	return tell(in.Format.Load(ctx, in, in.Name, o, sink), in.doubt)
}

// delivery is the way of a quad from any reader to the sink, with the checks that all of them owe.
type delivery struct {
	ctx    context.Context
	sink   graph.Sink
	report *report
	count  int
}

// cancelEvery is how many quads may pass between two looks at the context: few enough that a slow
// sink does not hold up Ctrl-C.
const cancelEvery = 64

// cancelled looks at the context now and then.
func (d *delivery) cancelled() error {
	if d.count++; d.count%cancelEvery != 0 {
		return nil
	}
	return context.Cause(d.ctx)
}

// watched lets a reader end with the context: between two reads, that is, since no reader can be
// interrupted in one. [Open] sees to those that do not return.
type watched struct {
	ctx context.Context
	r   io.Reader
}

// Read reads from r, unless the context has ended.
func (w watched) Read(p []byte) (int, error) {
	if err := context.Cause(w.ctx); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

// add hands a quad over. It returns nil if reading shall go on.
func (d *delivery) add(q quad.Quad, at graph.Position) error {
	if err := d.sink.Add(q, at); err != nil {
		return d.report.add(err)
	}
	return nil
}

// end closes the load after its reader returned err at that place; io.EOF is how it should.
func (d *delivery) end(err error, at graph.Position) error {
	if stop := context.Cause(d.ctx); stop != nil {
		return stop
	}
	if errors.Is(err, io.EOF) {
		return d.report.end(nil)
	}
	var known *graph.Problem
	if !errors.As(err, &known) {
		err = &graph.Problem{At: at, Err: fmt.Errorf("reading stopped: %w", err)}
	}
	return d.report.end(err)
}
