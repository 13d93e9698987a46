package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/hidal-go/hidalgo/kv"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// boltKV shows a bbolt file to Cayley, for reading. All keys are in one bucket, as [flatKey] makes
// them: the hundred thousand buckets that Cayley would make, of one or two keys each, cost more than
// what is in them.
type boltKV struct {
	db *bbolt.DB
}

// Close closes the file.
func (b boltKV) Close() error { return b.db.Close() }

// Tx begins a transaction; one for writing is refused.
func (b boltKV) Tx(rw bool) (kv.Tx, error) {
	if rw {
		return nil, kv.ErrReadOnly
	}
	tx, err := b.db.Begin(false)
	if err != nil {
		return nil, fmt.Errorf("bolt: %w", err)
	}
	bucket := tx.Bucket([]byte(boltPairs))
	if bucket == nil {
		return nil, errors.Join(fmt.Errorf("bolt: no bucket %s", boltPairs), tx.Rollback())
	}
	return boltTx{tx: tx, bucket: bucket}, nil
}

type boltTx struct {
	tx     *bbolt.Tx
	bucket *bbolt.Bucket
}

// Get looks a key up.
func (t boltTx) Get(_ context.Context, key kv.Key) (kv.Value, error) {
	v := t.bucket.Get(flatKey(key))
	if v == nil {
		return nil, kv.ErrNotFound
	}
	return v, nil
}

// GetBatch looks keys up; what is not there is nil.
func (t boltTx) GetBatch(_ context.Context, keys []kv.Key) ([]kv.Value, error) {
	values := make([]kv.Value, len(keys))
	for i, key := range keys {
		values[i] = t.bucket.Get(flatKey(key))
	}
	return values, nil
}

// Put is refused.
func (t boltTx) Put(kv.Key, kv.Value) error { return kv.ErrReadOnly }

// Del is refused.
func (t boltTx) Del(kv.Key) error { return kv.ErrReadOnly }

// Commit ends the transaction.
func (t boltTx) Commit(context.Context) error { return t.Close() }

// Close ends the transaction; a second time it does nothing.
func (t boltTx) Close() error {
	if err := t.tx.Rollback(); err != nil && !errors.Is(err, berrors.ErrTxClosed) {
		return fmt.Errorf("bolt: %w", err)
	}
	return nil
}

// Scan walks over the keys that begin with the prefix.
func (t boltTx) Scan(prefix kv.Key) kv.Iterator {
	return &boltIterator{cursor: t.bucket.Cursor(), prefix: flatKey(prefix)}
}

// A boltIterator walks over keys with a prefix; the zero value over none.
type boltIterator struct {
	cursor     *bbolt.Cursor // nil when there is nothing more to see
	prefix     []byte
	started    bool
	key, value []byte
	err        error
}

// Next goes to the next key.
func (it *boltIterator) Next(ctx context.Context) bool {
	if it.cursor == nil {
		return false
	}
	if it.err = ctx.Err(); it.err != nil {
		return false
	}
	if it.started {
		it.key, it.value = it.cursor.Next()
	} else {
		it.started = true
		it.key, it.value = it.cursor.Seek(it.prefix)
	}
	if it.key == nil || !bytes.HasPrefix(it.key, it.prefix) {
		it.cursor = nil
		return false
	}
	return true
}

// Key returns the key, valid until Next.
func (it *boltIterator) Key() kv.Key { return splitKey(it.key) }

// Val returns the value, valid until Next.
func (it *boltIterator) Val() kv.Value { return it.value }

// Err returns what ended the walk early.
func (it *boltIterator) Err() error { return it.err }

// Close ends the walk.
func (it *boltIterator) Close() error {
	it.cursor = nil
	return nil
}
