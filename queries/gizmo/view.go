package gizmo

import (
	"fmt"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// A viewer is a store that offers each question a view of its own: what makes references cheap needs
// to be thrown away with the question. [questionView] says what a view can do besides.
type viewer interface {
	QuestionView() (cayley.QuadStore, error)
}

// A questionView finds the quads that have several nodes at once, without an iterator for each search.
type questionView interface {
	// MatchQuads yields the quads that have the given nodes, in the order of subject, predicate, object
	// and label; nil is any. A quad is good until the next one.
	MatchQuads(nodes [4]cayley.Ref) cayley.Scanner

	// CountQuads returns how many quads there are at most.
	CountQuads(nodes [4]cayley.Ref) (int64, error)

	// Held returns the bytes that the view takes.
	Held() int64

	// Err returns the first error of a look-up that had no other way to tell.
	Err() error
}

// viewOf returns the store as one question sees it.
func viewOf(store cayley.QuadStore) (cayley.QuadStore, error) {
	if v, ok := store.(viewer); ok {
		view, err := v.QuestionView()
		if err != nil {
			return nil, fmt.Errorf("reading the store: %w", err)
		}
		return view, nil
	}
	return store, nil
}

// closed ends a search; it returns false when the search failed.
func (x *exec) closed(scan cayley.Scanner) bool {
	if err := scan.Err(); err != nil {
		x.fail(fmt.Errorf("reading the store: %w", err))
	}
	if err := scan.Close(); err != nil {
		x.fail(fmt.Errorf("reading the store: %w", err))
	}
	return x.err == nil
}

// matched yields the quads of the view that have the given nodes; it returns false when yield did or
// when something failed.
func (x *exec) matched(nodes [4]cayley.Ref, yield func(cayley.Ref) bool) bool {
	scan := x.view.MatchQuads(nodes)
	ok := x.tick()
	for ok && scan.Next(x.ctx) {
		ok = x.tick() && yield(scan.Result())
	}
	return x.closed(scan) && ok
}

// quadsOf yields the quads that have a node in a direction.
func (x *exec) quadsOf(d quad.Direction, node cayley.Ref, yield func(cayley.Ref) bool) bool {
	if x.view == nil {
		return x.each(x.store.QuadIterator(d, node), yield)
	}
	var nodes [4]cayley.Ref
	nodes[place(d)] = node
	return x.matched(nodes, yield)
}

// place is where a direction stands among the nodes of a search.
func place(d quad.Direction) int { return int(d - quad.Subject) }
