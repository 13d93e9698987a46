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

// boltKV shows a bbolt database to Cayley. The parts of a key but the last name nested buckets; Cayley
// uses keys of two parts, a bucket and a key in it.
type boltKV struct {
	db *bbolt.DB
}

// Close closes the file.
func (b boltKV) Close() error { return b.db.Close() } //nolint:wrapcheck // an adapter passes errors on

// Tx begins a transaction.
func (b boltKV) Tx(rw bool) (kv.Tx, error) {
	tx, err := b.db.Begin(rw)
	if errors.Is(err, berrors.ErrDatabaseReadOnly) {
		return nil, kv.ErrReadOnly
	}
	if err != nil {
		return nil, fmt.Errorf("bolt: %w", err)
	}
	return &boltTx{tx: tx, buckets: map[string]*bbolt.Bucket{}}, nil
}

// A boltTx remembers the buckets that it has seen: finding one costs as much as finding a key.
type boltTx struct {
	tx      *bbolt.Tx
	buckets map[string]*bbolt.Bucket
}

// bucket returns the bucket of a key, or nil.
func (t *boltTx) bucket(key kv.Key) *bbolt.Bucket {
	if len(key) != 2 {
		return nil
	}
	if b, ok := t.buckets[string(key[0])]; ok {
		return b
	}
	b := t.tx.Bucket(key[0])
	if b != nil {
		t.buckets[string(key[0])] = b
	}
	return b
}

func (t *boltTx) value(key kv.Key) kv.Value {
	b := t.bucket(key)
	if b == nil || len(key[1]) == 0 {
		return nil
	}
	return b.Get(key[1])
}

// Get looks a key up.
func (t *boltTx) Get(_ context.Context, key kv.Key) (kv.Value, error) {
	v := t.value(key)
	if v == nil {
		return nil, kv.ErrNotFound
	}
	return v, nil
}

// GetBatch looks keys up; what is not there is nil.
func (t *boltTx) GetBatch(_ context.Context, keys []kv.Key) ([]kv.Value, error) {
	values := make([]kv.Value, len(keys))
	for i, key := range keys {
		values[i] = t.value(key)
	}
	return values, nil
}

// Put writes a key. One whose last part is empty makes the bucket only.
func (t *boltTx) Put(key kv.Key, v kv.Value) error {
	if len(key) != 2 {
		return fmt.Errorf("bolt: want a bucket and a key, found a key of %d parts", len(key))
	}
	b := t.bucket(key)
	if b == nil {
		var err error
		if b, err = t.tx.CreateBucketIfNotExists(key[0]); err != nil {
			return fmt.Errorf("bolt: %w", err)
		}
		t.buckets[string(key[0])] = b
	}
	if len(key[1]) == 0 {
		return nil
	}
	if err := b.Put(key[1], v); err != nil {
		return fmt.Errorf("bolt: %w", err)
	}
	return nil
}

// Del removes a key.
func (t *boltTx) Del(key kv.Key) error {
	b := t.bucket(key)
	if b == nil {
		return nil
	}
	if err := b.Delete(key[1]); err != nil {
		return fmt.Errorf("bolt: %w", err)
	}
	return nil
}

// Commit writes the transaction.
func (t *boltTx) Commit(context.Context) error {
	if err := t.tx.Commit(); err != nil {
		return fmt.Errorf("bolt: %w", err)
	}
	return nil
}

// Close ends the transaction; after Commit, or a second time, it does nothing.
func (t *boltTx) Close() error {
	if err := t.tx.Rollback(); err != nil && !errors.Is(err, berrors.ErrTxClosed) {
		return fmt.Errorf("bolt: %w", err)
	}
	return nil
}

// Scan walks over the keys of one bucket that begin with the prefix's last part.
func (t *boltTx) Scan(prefix kv.Key) kv.Iterator {
	it := &boltIterator{}
	switch len(prefix) {
	case 1:
		it.bucket = prefix[0]
		if b := t.tx.Bucket(prefix[0]); b != nil {
			it.cursor = b.Cursor()
		}
	case 2:
		it.bucket, it.prefix = prefix[0], prefix[1]
		if b := t.bucket(prefix); b != nil {
			it.cursor = b.Cursor()
		}
	default:
		it.err = fmt.Errorf("bolt: want a bucket and the start of a key, found a prefix of %d parts", len(prefix))
	}
	return it
}

type boltIterator struct {
	cursor         *bbolt.Cursor // nil when there is nothing to see
	bucket, prefix []byte
	started        bool
	key, value     []byte
	err            error
}

// Next goes to the next key.
func (it *boltIterator) Next(ctx context.Context) bool {
	if it.cursor == nil {
		return false
	}
	if err := ctx.Err(); err != nil {
		it.err = err
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
func (it *boltIterator) Key() kv.Key { return kv.Key{it.bucket, it.key} }

// Val returns the value, valid until Next.
func (it *boltIterator) Val() kv.Value { return it.value }

// Err returns what ended the walk early.
func (it *boltIterator) Err() error { return it.err }

// Close ends the walk.
func (it *boltIterator) Close() error {
	it.cursor = nil
	return nil
}
