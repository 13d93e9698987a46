package loaders

import (
	"strconv"

	"kg/graph"
)

// relativeTo is what to do about a relative IRI in a format that has no directive for it.
const relativeTo = "kg build --relative-to and kg convert --base say what it is relative to"

// base takes Options.Base apart; nil if there is none.
func (o Options) base() (*baseIRI, error) {
	if o.Base == "" {
		return nil, nil //nolint:nilnil // no base is no error
	}
	if _, f := decodeIRI([]byte(o.Base)); f != nil || !absolute([]byte(o.Base)) {
		return nil, &graph.Problem{Want: "a base that is an absolute IRI like https://example.org/", Found: strconv.Quote(o.Base)}
	}
	b := newBase(o.Base)
	return &b, nil
}
