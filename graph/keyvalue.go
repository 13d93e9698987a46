package graph

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/cayley/clog"
	cayley "github.com/cayleygraph/cayley/graph"
	cayleykv "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/quad"
	"github.com/hidal-go/hidalgo/kv"
)

// tunedIndexes is what Cayley shall index, in its own JSON: each direction by itself first, so that
// the size of every step of a query is known exactly. With Cayley's default indexes every node looks
// as if half of the graph hung on it, and plans turn out 50 to 1500 times slower. Labels (4) have an
// index because a claim is found by its label.
const tunedIndexes = `[{"dirs":[1]},{"dirs":[3]},{"dirs":[2]},{"dirs":[4]},{"dirs":[1,2]},{"dirs":[3,2,1]}]`

// isIndex says whether a bucket is one of the indexes above. Cayley names them by the letters
// s, p, o and c (the label).
func isIndex(bucket []byte) bool {
	switch string(bucket) {
	case "s", "o", "p", "c", "sp", "ops":
		return true
	default:
		return false
	}
}

// bloomFrom is the size of a graph from which Cayley's bloom filters make a load faster. They cost
// half a gigabyte of address space, and small loads more time than they save.
const bloomFrom = 150_000

// writeBatch is how many quads Cayley is given at a time.
const writeBatch = 5_000

// openKV opens a key-value store that holds what loadKV made. The store owns db from now on, and has closed it
// when there is an error.
func openKV(db kv.KV) (cayley.QuadStore, *outage, error) {
	quietCayley()
	o := &outage{}
	qs, err := cayleykv.New(watchedKV{KV: db, outage: o}, cayley.Options{cayleykv.OptNoBloom: true})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return qs, o, nil
}

// quiet is here because Cayley's logger is one variable of its whole process.
var quiet sync.Once //nolint:gochecknoglobals // see above

// quietCayley keeps Cayley from writing to standard error. What it would log as errors, an [outage] has.
func quietCayley() { quiet.Do(func() { clog.SetLogger(nil) }) }

// An outage remembers the first error of a backend. Cayley logs errors of its look-ups and goes on as if
// nothing had been found; whoever reads asks the outage afterwards.
type outage struct {
	first atomic.Pointer[error]
}

// note keeps an error that means trouble and returns it unchanged.
func (o *outage) note(err error) error {
	if err != nil && !errors.Is(err, kv.ErrNotFound) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		o.first.CompareAndSwap(nil, &err)
	}
	return err
}

// err returns the first error, or nil. A nil outage has none.
func (o *outage) err() error {
	if o == nil {
		return nil
	}
	if e := o.first.Load(); e != nil {
		return fmt.Errorf("the store failed: %w", *e)
	}
	return nil
}

// A watchedKV notes the errors of a key-value store, and mends one of Cayley's look-ups: the size of
// an index entry that does not exist is zero, not an error.
type watchedKV struct {
	kv.KV
	outage *outage
}

// Tx begins a transaction.
func (w watchedKV) Tx(rw bool) (kv.Tx, error) {
	tx, err := w.KV.Tx(rw)
	if err != nil && rw {
		return nil, err
	}
	if err != nil {
		return nil, w.outage.note(err)
	}
	return watchedTx{Tx: tx, outage: w.outage}, nil
}

type watchedTx struct {
	kv.Tx
	outage *outage
}

// Get looks one key up.
func (w watchedTx) Get(ctx context.Context, key kv.Key) (kv.Value, error) {
	v, err := w.Tx.Get(ctx, key)
	if errors.Is(err, kv.ErrNotFound) && len(key) == 2 && isIndex(key[0]) {
		return kv.Value{}, nil
	}
	return v, w.outage.note(err)
}

// GetBatch looks several keys up.
func (w watchedTx) GetBatch(ctx context.Context, keys []kv.Key) ([]kv.Value, error) {
	vs, err := w.Tx.GetBatch(ctx, keys)
	return vs, w.outage.note(err)
}

// Scan walks over the keys with a prefix.
func (w watchedTx) Scan(prefix kv.Key) kv.Iterator {
	return watchedIterator{Iterator: w.Tx.Scan(prefix), outage: w.outage}
}

type watchedIterator struct {
	kv.Iterator
	outage *outage
}

// Next goes to the next key.
func (w watchedIterator) Next(ctx context.Context) bool {
	ok := w.Iterator.Next(ctx)
	if !ok {
		_ = w.outage.note(w.Iterator.Err()) // the caller asks Err as well
	}
	return ok
}

// sameNode says whether two references of Cayley mean one node.
func sameNode(a, b cayley.Ref) bool {
	return a != nil && b != nil && a.Key() == b.Key()
}

// valuesOf looks the values of references up, and fails where Cayley would leave a gap.
func valuesOf(ctx context.Context, qs cayley.QuadStore, refs []cayley.Ref) ([]quad.Value, error) {
	values, err := cayley.ValuesOf(ctx, qs, refs)
	if err != nil {
		return nil, fmt.Errorf("reading the store: %w", err)
	}
	for i, v := range values {
		if v == nil && refs[i] != nil {
			return nil, errors.New("reading the store: a node has no value")
		}
	}
	return values, nil
}
