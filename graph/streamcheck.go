package graph

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// suspects are the quads of a stream that do not fit together. What is wrong with them a collector says,
// to which they are handed once more, with their places where the input can be read again.
type suspects struct {
	quads    []quad.Quad
	claims   map[quad.IRI]bool
	singles  map[singleKey]bool
	values   map[quad.Value]bool
	circular bool
}

type singleKey struct {
	subject   quad.Value
	predicate quad.IRI
	label     quad.IRI
}

// suspectsEnough is how many wrong things are told of a build that has more.
const suspectsEnough = 1000

func (s *suspects) any() bool { return s != nil && (s.circular || s.count() > 0) }

func (s *suspects) count() int { return len(s.claims) + len(s.singles) + len(s.values) }

func (s *suspects) enough() bool { return s.count() >= suspectsEnough }

// has says whether a quad is one of the suspects.
func (s *suspects) has(q quad.Quad) bool {
	predicate, _ := q.Predicate.(quad.IRI)
	if s.circular && slices.Contains(orderedBy(), predicate) || s.values[q.Object] {
		return true
	}
	label, _ := q.Label.(quad.IRI)
	subject, _ := q.Subject.(quad.IRI)
	return s.claims[label] || s.claims[subject] || s.singles[singleKey{q.Subject, predicate, label}]
}

// problems says what is wrong with the suspects among the quads that a feed hands over.
func (s *suspects) problems(ctx context.Context, feed Feed, o BuildOptions) (Problems, error) {
	o.Progress = nil
	c := newCollector(o)
	err := feed(ctx, SinkFunc(func(q quad.Quad, at Position) error {
		wrong := malformed(q) // and told already, as is what the schema refuses
		if wrong == nil {
			q.Object = storable(q.Object)
			wrong = o.Schema.Check(q)
		}
		if wrong == nil && s.has(q) {
			return c.Add(q, at)
		}
		return nil
	}))
	if stop := context.Cause(ctx); stop != nil {
		return nil, stop
	}
	var ps Problems
	if err != nil {
		if other := ps.Collect(err); other != nil {
			return nil, other
		}
	}
	ps = c.problems // the feed may tell of others, which were told before
	if complete(err) {
		c.order = slices.DeleteFunc(c.order, func(id quad.IRI) bool { return !s.claims[id] })
		ps = append(ps, c.unfinished()...)
	}
	return ps, nil
}

// feed hands over the quads that were found, without their places.
func (s *suspects) feed(_ context.Context, sink Sink) error {
	for _, q := range s.quads {
		var ignored Problems
		if err := ignored.Collect(sink.Add(q, Position{})); err != nil {
			return err
		}
	}
	return nil
}

// A streamCheck looks for quads that do not fit together.
type streamCheck struct {
	*suspects
	r      *snapshot.Reader
	schema *Schema
}

// run looks for all of them, on several cores.
func (c *streamCheck) run(ctx context.Context) error {
	looks := []func(*streamCheck, context.Context) error{
		(*streamCheck).checkClaims, (*streamCheck).checkSingles, (*streamCheck).checkSpellings,
	}
	found := make([]*suspects, len(looks))
	errs := make([]error, len(looks))
	var wg sync.WaitGroup
	for i, look := range looks {
		found[i] = &suspects{claims: map[quad.IRI]bool{}, singles: map[singleKey]bool{}, values: map[quad.Value]bool{}}
		wg.Go(func() {
			if err := look(&streamCheck{suspects: found[i], r: c.r, schema: c.schema}, ctx); !errors.Is(err, errEnough) {
				errs[i] = err
			}
		})
	}
	wg.Wait()
	for _, f := range found {
		c.quads = append(c.quads, f.quads...)
	}
	c.claims, c.singles, c.values = found[0].claims, found[1].singles, found[2].values
	return errors.Join(errs...)
}

// errEnough ends a look when enough was found.
var errEnough = errors.New("enough was found")

// suspect notes the facts of a value, a few of them.
func (c *streamCheck) suspect(n uint32, d quad.Direction, wanted func(snapshot.Fact) bool) error {
	const few = 100
	var facts [few]snapshot.Fact
	count, err := c.r.Facts(n, d, 0, facts[:])
	if err != nil {
		return err
	}
	for _, f := range facts[:count] {
		if wanted != nil && !wanted(f) {
			continue
		}
		q, err := quadOf(c.r, f)
		if err != nil {
			return err
		}
		c.quads = append(c.quads, q)
	}
	return nil
}

// checkClaims holds that a claim labels one fact and has a document.
func (c *streamCheck) checkClaims(ctx context.Context) error {
	lo, hi, err := c.r.IRIs(string(claimPath))
	if err != nil {
		return err
	}
	readIn, err := c.r.Number(ReadIn)
	if err != nil {
		return err
	}
	const spoken, sourced = 1, 2
	states := make([]byte, hi-lo)
	err = c.r.Scan(ctx, lo, hi, func(f snapshot.Fact) error {
		states[f.Subject-lo] |= spoken
		if f.Predicate == readIn {
			states[f.Subject-lo] |= sourced
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.r.Labels(ctx, lo, hi, func(label uint32, facts int) error {
		state := states[label-lo]
		if facts == 0 && state == 0 || facts == 1 && state&sourced != 0 {
			return nil
		}
		v, err := c.r.Value(label)
		if err != nil {
			return err
		}
		claim, _ := v.(quad.IRI)
		c.claims[claim] = true
		if err := c.suspect(label, quad.Label, nil); err != nil {
			return err
		}
		if err := c.suspect(label, quad.Subject, nil); err != nil {
			return err
		}
		if c.enough() {
			return errEnough
		}
		return nil
	})
}

// checkSingles holds that what has one value by the schema has one, where no two documents could disagree.
func (c *streamCheck) checkSingles(ctx context.Context) error {
	var graphs [2]uint32
	for i, iri := range [2]quad.IRI{Gazetteer, Provenance} {
		var err error
		if graphs[i], err = c.r.Number(iri); err != nil {
			return err
		}
	}
	single := map[uint32]bool{}
	predicates, err := c.r.Predicates()
	if err != nil {
		return err
	}
	for _, n := range predicates {
		v, err := c.r.Value(n)
		if err != nil {
			return err
		}
		iri, _ := v.(quad.IRI)
		p, ok := c.schema.Predicate(iri)
		single[n] = ok && !p.Many
	}
	end := c.r.Numbers()
	derivedFrom, derivedEnd, err := c.r.IRIs(string(derivationPath))
	if err != nil {
		return err
	}
	var last snapshot.Fact
	var counts [2]int
	only := false
	look := func(f snapshot.Fact) error {
		if f.Subject != last.Subject || f.Predicate != last.Predicate {
			if f.Predicate != last.Predicate {
				only = single[f.Predicate]
			}
			last, counts = f, [2]int{}
		}
		if !only {
			return nil
		}
		for i, graph := range graphs {
			if f.Label != graph || graph == 0 {
				continue
			}
			if counts[i]++; counts[i] == 2 {
				return c.twice(f)
			}
		}
		return nil
	}
	if err := c.r.Scan(ctx, 1, derivedFrom, look); err != nil { // derivations are the program's own
		return err
	}
	return c.r.Scan(ctx, derivedEnd, end, look)
}

// twice notes a fact that stands beside another one.
func (c *streamCheck) twice(f snapshot.Fact) error {
	q, err := quadOf(c.r, f)
	if err != nil {
		return err
	}
	predicate, _ := q.Predicate.(quad.IRI)
	label, _ := q.Label.(quad.IRI)
	c.singles[singleKey{q.Subject, predicate, label}] = true
	err = c.suspect(f.Subject, quad.Subject, func(other snapshot.Fact) bool {
		return other.Predicate == f.Predicate && other.Label == f.Label
	})
	if err == nil && c.enough() {
		err = errEnough
	}
	return err
}

// checkSpellings looks for values that Cayley spells alike: a typed text is spelled like a number, a
// truth or a time if it says the same in the words of Cayley.
func (c *streamCheck) checkSpellings(ctx context.Context) error {
	for _, datatype := range []quad.IRI{quad.Float(0).TypedString().Type, quad.Bool(true).TypedString().Type, quad.Time{}.TypedString().Type} {
		lo, hi, err := c.r.TypedLiterals(datatype)
		if err != nil {
			return err
		}
		for n := lo; n < hi; n++ {
			if n%textStretch == 0 {
				if err := context.Cause(ctx); err != nil {
					return err
				}
			}
			if err := c.checkSpelling(n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *streamCheck) checkSpelling(n uint32) error {
	v, err := c.r.Value(n)
	if err != nil {
		return err
	}
	typed, ok := v.(quad.TypedString)
	if !ok {
		return nil
	}
	native, err := typed.ParseValue()
	if err != nil || native == quad.Value(typed) || native.String() != v.String() {
		return nil //nolint:nilerr // what Cayley cannot read it takes for no other value
	}
	other, err := c.r.Number(native)
	if err != nil || other == 0 {
		return err
	}
	c.values[v], c.values[native] = true, true
	if err := c.suspect(n, quad.Object, nil); err != nil {
		return err
	}
	if err := c.suspect(other, quad.Object, nil); err != nil {
		return err
	}
	if c.enough() {
		return errEnough
	}
	return nil
}

// countsOf sums a snapshot up.
func countsOf(ctx context.Context, r *snapshot.Reader) (Counts, error) {
	var n Counts
	n.Quads = r.Quads()
	claimsFrom, claimsEnd, err := r.IRIs(string(claimPath))
	if err != nil {
		return n, err
	}
	err = r.Labels(ctx, claimsFrom, claimsEnd, func(_ uint32, facts int) error {
		n.Claims += facts
		return nil
	})
	if err != nil {
		return n, err
	}
	from, end, err := r.IRIs(string(derivationPath))
	if err != nil {
		return n, err
	}
	err = r.Labels(ctx, from, end, func(_ uint32, facts int) error {
		n.Derived += facts
		return nil
	})
	if err != nil {
		return n, err
	}
	about := 0
	err = r.Scan(ctx, from, end, func(snapshot.Fact) error {
		about++
		return nil
	})
	n.Stated = n.Quads - n.Derived - about
	return n, err
}

// statedOf yields the quads of a snapshot that nobody concluded.
func statedOf(ctx context.Context, r *snapshot.Reader) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		from, end, err := r.IRIs(string(derivationPath))
		if err == nil {
			err = r.Scan(ctx, 1, r.Numbers(), func(f snapshot.Fact) error {
				derived := func(n uint32) bool { return n >= from && n < end }
				if derived(f.Subject) || derived(f.Label) {
					return nil
				}
				q, err := quadOf(r, f)
				if err != nil {
					return err
				}
				if !yield(q, nil) {
					return errEnough
				}
				return nil
			})
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(quad.Quad{}, err)
		}
	}
}

// sayOnce adds problems that were not told yet.
func sayOnce(to, more Problems) Problems {
	told := map[string]bool{}
	for _, p := range to {
		told[strings.TrimSpace(p.Error())] = true
	}
	for _, p := range more {
		if text := strings.TrimSpace(p.Error()); !told[text] {
			told[text] = true
			to = append(to, p)
		}
	}
	return to
}
