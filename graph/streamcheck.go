package graph

import (
	"context"
	"errors"
	"sync"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

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
