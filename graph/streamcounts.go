package graph

import (
	"context"
	"errors"
	"iter"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

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
