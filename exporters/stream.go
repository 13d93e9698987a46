package exporters

import (
	"errors"
	"io"
	"iter"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// piece is how much is written at a time.
const piece = 64 << 10

// stream writes a document piece by piece, so that its size does not matter. add appends a full quad
// to b; end appends what closes the document or, when it is cut short by an error, what ends the line.
func stream(
	w io.Writer, quads iter.Seq2[quad.Quad, error], ns graph.Namespaces,
	add func(b []byte, q quad.Quad) []byte, end func(b []byte, whole bool) []byte,
) error {
	complete := newCompleter(ns)
	b := make([]byte, 0, piece+piece/4)
	for q, err := range quads {
		if err == nil {
			q, err = complete.full(q)
		}
		if err != nil {
			if b = end(b, false); len(b) > 0 {
				if _, writing := w.Write(b); writing != nil {
					return errors.Join(err, writing)
				}
			}
			return err
		}
		if b = add(b, q); len(b) >= piece {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	if b = end(b, true); len(b) == 0 {
		return nil
	}
	_, err := w.Write(b)
	return err
}

// nothing ends documents that just stop.
func nothing(b []byte, _ bool) []byte { return b }
