package graph

import "github.com/cayleygraph/quad"

// A Sink receives the quads of an input in the order of the input. IRIs are in their short form
// ([Namespaces.Shorten]); at says where the quad was read and is used in errors. A quad that was
// added before is not an error. The sink keeps the quad's values; it returns a [*Problem] for a quad
// that it refuses, after which the caller may go on, and any other error to stop the load.
type Sink interface {
	Add(q quad.Quad, at Position) error
}

// SinkFunc lets a function be a [Sink].
type SinkFunc func(q quad.Quad, at Position) error

// Add calls the function.
func (f SinkFunc) Add(q quad.Quad, at Position) error { return f(q, at) }
