package graph

import (
	"context"
	"errors"
	"fmt"
)

// OpenFresh opens the store at the address, after building it if it is missing, of another version, or
// out of date. It is out of date when an input changed since: first sizes and times are compared, then,
// where these differ, contents. At "memory:" the graph is built every time.
//
// Where the store cannot be written the graph is built in memory instead, and o.Notice is told so.
func OpenFresh(ctx context.Context, a Address, feed Feed, o BuildOptions) (*Store, error) {
	opening := OpenOptions{Schema: o.Schema, Namespaces: o.Namespaces, MaxMemory: o.MaxMemory}
	if a.InMemory() {
		return openBuilt(ctx, a, feed, o)
	}
	fresh, err := isFresh(a, o)
	if err != nil {
		return nil, err
	}
	if fresh {
		s, err := Open(ctx, a, opening)
		if err == nil || !rebuildable(err) {
			return s, err
		}
	}
	_, err = Build(ctx, a, feed, o)
	switch {
	case err == nil:
		return Open(ctx, a, opening)
	case errors.Is(err, ErrNotWritable):
		s, building := openBuilt(ctx, Address{Scheme: "memory"}, feed, o)
		if building != nil {
			return nil, building
		}
		o.notice(fmt.Sprintf("the store cannot be kept, so it is built at every start: %v", err))
		return s, nil
	default:
		return nil, err
	}
}

// openBuilt builds a graph in memory.
func openBuilt(ctx context.Context, a Address, feed Feed, o BuildOptions) (*Store, error) {
	o.whole = true
	summary, err := Build(ctx, a, feed, o)
	if err != nil {
		return nil, err
	}
	return OpenFacts(summary.Facts, OpenOptions{Schema: o.Schema, Namespaces: o.Namespaces}), nil
}

// IsFresh says whether the store at the address is there, can be read, and is up to date with the
// inputs of the options.
func IsFresh(a Address, o BuildOptions) (bool, error) {
	if a.InMemory() {
		return false, nil
	}
	return isFresh(a, o)
}

func isFresh(a Address, o BuildOptions) (bool, error) {
	m, err := ReadManifest(a)
	if err != nil {
		if rebuildable(err) {
			return false, nil
		}
		return false, err
	}
	now, err := o.Inputs.record(m.Inputs, m.Built)
	if err != nil {
		return false, err
	}
	return digest(now, o.Tool) == m.Digest, nil
}

// rebuildable says whether a store that does not open is replaced by a build.
func rebuildable(err error) bool {
	return errors.Is(err, ErrNoStore) || errors.Is(err, ErrStoreVersion) && !errors.Is(err, errForeign)
}
