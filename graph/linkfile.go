package graph

import (
	"context"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A linkFile is links in a file that is sorted: what it holds in memory is bounded, but for the claims
// that are deprecated, of which it holds a number each.
type linkFile struct {
	ctx        context.Context
	r          *snapshot.Reader
	iris       uint32          // IRIs have numbers less than this
	begin, end uint32          // those that all begins at, and ends before
	deprecated map[uint32]bool // claims
	schema     uint32
	provenance uint32
	validUntil uint32
	predicates map[quad.IRI]uint32
	known      map[linkKey][]edge
}

type linkKey struct{ entity, predicate quad.IRI }

// linksKnown is how many entities a linkFile remembers the links of: those that were asked for lately
// are mostly asked for again.
const linksKnown = 1 << 14

func newLinkFile(ctx context.Context, r *snapshot.Reader) (*linkFile, error) {
	l := &linkFile{
		ctx: ctx, r: r, deprecated: map[uint32]bool{},
		predicates: map[quad.IRI]uint32{}, known: map[linkKey][]edge{},
	}
	var rank, word uint32
	for _, known := range []struct {
		iri quad.IRI
		to  *uint32
	}{{SchemaIn, &l.schema}, {Provenance, &l.provenance}, {ValidUntil, &l.validUntil}, {RankIs, &rank}, {Deprecated, &word}} {
		var err error
		if *known.to, err = r.Number(known.iri); err != nil {
			return nil, err
		}
	}
	var err error
	if l.iris, _, err = r.IRIs("\xFF"); err != nil {
		return nil, err
	}
	l.begin, l.end = 1, l.iris
	if word == 0 {
		return l, nil
	}
	from, end, err := r.IRIs(string(claimPath))
	if err != nil {
		return nil, err
	}
	return l, r.Scan(ctx, from, end, func(f snapshot.Fact) error {
		if f.Predicate == rank && f.Object == word {
			l.deprecated[f.Subject] = true
		}
		return nil
	})
}

// part returns the same links for another goroutine.
func (l *linkFile) part() *linkFile {
	p := *l
	p.predicates, p.known = map[quad.IRI]uint32{}, map[linkKey][]edge{}
	return &p
}

// number returns the number of a predicate, 0 if no link has it.
func (l *linkFile) number(predicate quad.IRI) (uint32, error) {
	n, ok := l.predicates[predicate]
	if !ok {
		var err error
		if n, err = l.r.Number(predicate); err != nil {
			return 0, err
		}
		l.predicates[predicate] = n
	}
	return n, nil
}

// supports says whether a fact is one that may support a conclusion.
func (l *linkFile) supports(f snapshot.Fact) bool {
	return f.Subject < l.iris && f.Object < l.iris && !l.deprecated[f.Label] &&
		(f.Label == 0 || f.Label != l.schema && f.Label != l.provenance)
}

func (l *linkFile) edge(f snapshot.Fact) (e edge, err error) {
	if e.from, err = l.iri(f.Subject); err != nil {
		return e, err
	}
	if e.to, err = l.iri(f.Object); err != nil {
		return e, err
	}
	if f.Label > 0 && f.Label < l.iris { // of a blank node as label nothing can be said
		e.label, err = l.iri(f.Label)
	}
	return e, err
}

func (l *linkFile) iri(n uint32) (quad.IRI, error) {
	var buf [128]byte
	text, _, err := l.r.AppendText(buf[:0], n)
	return quad.IRI(text), err
}

func (l *linkFile) all(predicate quad.IRI, yield func(edge) error) error {
	p, err := l.number(predicate)
	if err != nil || p == 0 {
		return err
	}
	return l.r.Scan(l.ctx, l.begin, l.end, func(f snapshot.Fact) error {
		if f.Predicate != p || !l.supports(f) {
			return nil
		}
		e, err := l.edge(f)
		if err != nil {
			return err
		}
		return yield(e)
	})
}

func (l *linkFile) from(entity, predicate quad.IRI) ([]edge, error) {
	p, err := l.number(predicate)
	if err != nil || p == 0 {
		return nil, err
	}
	key := linkKey{entity, predicate}
	if edges, ok := l.known[key]; ok {
		return edges, nil
	}
	n, err := l.r.Number(entity)
	if err != nil {
		return nil, err
	}
	var edges []edge
	err = l.each(n, func(f snapshot.Fact) error {
		if f.Predicate != p || !l.supports(f) {
			return nil
		}
		e, err := l.edge(f)
		edges = append(edges, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(l.known) >= linksKnown {
		clear(l.known)
	}
	l.known[key] = edges
	return edges, nil
}

// each calls yield with the facts of a subject.
func (l *linkFile) each(subject uint32, yield func(snapshot.Fact) error) error {
	var facts [16]snapshot.Fact
	for at := 0; subject > 0; {
		n, err := l.r.Facts(subject, quad.Subject, at, facts[:])
		if err != nil || n == 0 {
			return err
		}
		for _, f := range facts[:n] {
			if err := yield(f); err != nil {
				return err
			}
		}
		at += n
	}
	return nil
}

func (l *linkFile) ended(label quad.IRI) (ended bool, err error) {
	if l.validUntil == 0 || !IsClaim(label) {
		return false, nil
	}
	n, err := l.r.Number(label)
	if err != nil {
		return false, err
	}
	err = l.each(n, func(f snapshot.Fact) error {
		ended = ended || f.Predicate == l.validUntil
		return nil
	})
	return ended, err
}

// circular returns the links that put things in order, if they run in a circle anywhere; none if all is
// well, which is found out with a byte for each thing.
func (l *linkFile) circular() ([]quad.Quad, error) {
	var found []quad.Quad
	for _, predicate := range orderedBy() {
		p, err := l.number(predicate)
		if err != nil {
			return nil, err
		}
		if p == 0 {
			continue
		}
		runs, err := l.runsInCircle(p)
		if err != nil {
			return nil, err
		}
		if !runs {
			continue
		}
		err = l.r.Scan(l.ctx, 1, l.iris, func(f snapshot.Fact) error {
			if f.Predicate != p {
				return nil
			}
			q, err := quadOf(l.r, f)
			found = append(found, q)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// runsInCircle walks every link of a predicate once, depth first.
func (l *linkFile) runsInCircle(p uint32) (bool, error) {
	const onTheWay, done = 1, 2
	state := make([]byte, l.r.Numbers())
	next := func(n uint32) (list []uint32, err error) {
		err = l.each(n, func(f snapshot.Fact) error {
			if f.Predicate == p && f.Object < l.iris {
				list = append(list, f.Object)
			}
			return nil
		})
		return list, err
	}
	type step struct {
		at   uint32
		left []uint32
	}
	circle := false
	walk := func(start uint32) error {
		first, err := next(start)
		if err != nil {
			return err
		}
		state[start] = onTheWay
		way := []step{{start, first}}
		for len(way) > 0 {
			s := &way[len(way)-1]
			if len(s.left) == 0 {
				state[s.at] = done
				way = way[:len(way)-1]
				continue
			}
			to := s.left[0]
			s.left = s.left[1:]
			switch state[to] {
			case onTheWay:
				circle = true
				return nil
			case done:
				continue
			}
			more, err := next(to)
			if err != nil {
				return err
			}
			state[to] = onTheWay
			way = append(way, step{to, more})
		}
		return nil
	}
	err := l.r.Scan(l.ctx, 1, l.iris, func(f snapshot.Fact) error {
		if f.Predicate != p || state[f.Subject] != 0 || circle {
			return nil
		}
		return walk(f.Subject)
	})
	return circle, err
}

// quadOf returns the quad that a fact is.
func quadOf(r *snapshot.Reader, f snapshot.Fact) (q quad.Quad, err error) {
	for _, part := range []struct {
		n  uint32
		to *quad.Value
	}{{f.Subject, &q.Subject}, {f.Predicate, &q.Predicate}, {f.Object, &q.Object}, {f.Label, &q.Label}} {
		if part.n == 0 {
			continue
		}
		if *part.to, err = r.Value(part.n); err != nil {
			return q, err
		}
	}
	return q, nil
}
