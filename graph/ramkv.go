package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	cayleykv "github.com/cayleygraph/cayley/graph/kv"
	"github.com/hidal-go/hidalgo/kv"
)

// A ramKV is the key-value store into which Cayley loads a graph, before it is written to disk in
// order. Cayley writes keys in the order of hashes and reads each one back before: done on disk, that
// takes ten to a hundred times as long.
type ramKV struct {
	pairs map[string]kv.Value // by flatKey
}

// flatKey makes one key of a bucket and a key in it, so that keys of a bucket stand together. The
// first byte is the length of the bucket's name; Cayley's are five bytes at most.
func flatKey(key kv.Key) []byte {
	flat := []byte{byte(len(key[0]))}
	for _, part := range key {
		flat = append(flat, part...)
	}
	return flat
}

// splitKey is the inverse of flatKey.
func splitKey(flat []byte) kv.Key {
	n := 1 + int(flat[0])
	return kv.Key{flat[1:n], flat[n:]}
}

// loadKV lets Cayley turn a graph into keys and values.
func loadKV(ctx context.Context, g content) (_ ramKV, err error) {
	quietCayley()
	db := ramKV{pairs: make(map[string]kv.Value, 8*len(g.quads))}
	options := cayley.Options{cayleykv.OptNoBloom: len(g.quads) < bloomFrom}
	if err := cayleykv.Init(db, options); err != nil {
		return db, fmt.Errorf("new store: %w", err)
	}
	db.pairs[string(flatKey(kv.SKey("meta", "indexes")))] = kv.Value(tunedIndexes)
	qs, err := cayleykv.New(db, options)
	if err != nil {
		return db, fmt.Errorf("new store: %w", err)
	}
	w, err := qs.NewQuadWriter()
	if err != nil {
		return db, fmt.Errorf("new store: %w", err)
	}
	defer func() {
		if closing := w.Close(); err == nil {
			err = closing
		}
	}()
	for start := 0; start < len(g.quads); start += writeBatch {
		if stop := context.Cause(ctx); stop != nil {
			return db, stop
		}
		g.step(start / 2)
		if _, err := w.WriteQuads(g.quads[start:min(start+writeBatch, len(g.quads))]); err != nil {
			return db, fmt.Errorf("new store: %w", err)
		}
	}
	return db, context.Cause(ctx)
}

// inOrder hands over batches of keys in ascending order, the second half of a build's work.
func (r ramKV) inOrder(ctx context.Context, g content, put func(keys []string) error) error {
	keys := slices.Sorted(maps.Keys(r.pairs))
	done := 0
	for batch := range slices.Chunk(keys, 4*writeBatch) {
		if stop := context.Cause(ctx); stop != nil {
			return stop
		}
		half := len(g.quads) / 2
		g.step(half + half*done/len(keys))
		if err := put(batch); err != nil {
			return err
		}
		done += len(batch)
	}
	return nil
}

// Close does nothing.
func (r ramKV) Close() error { return nil }

// Tx begins a transaction. Cayley loads with one at a time, and what it gives up is thrown away as a
// whole, so there is nothing to undo.
func (r ramKV) Tx(bool) (kv.Tx, error) { return r, nil }

// Commit does nothing: what is put is there.
func (r ramKV) Commit(context.Context) error { return nil }

// Get looks a key up.
func (r ramKV) Get(_ context.Context, key kv.Key) (kv.Value, error) {
	v, ok := r.pairs[string(flatKey(key))]
	if !ok {
		return nil, kv.ErrNotFound
	}
	return v, nil
}

// GetBatch looks keys up; what is not there is nil.
func (r ramKV) GetBatch(_ context.Context, keys []kv.Key) ([]kv.Value, error) {
	values := make([]kv.Value, len(keys))
	for i, key := range keys {
		values[i] = r.pairs[string(flatKey(key))]
	}
	return values, nil
}

// Put writes a key. One whose last part is empty would make a bucket; there are none here.
func (r ramKV) Put(key kv.Key, v kv.Value) error {
	if len(key[len(key)-1]) > 0 {
		r.pairs[string(flatKey(key))] = v
	}
	return nil
}

// Del removes a key.
func (r ramKV) Del(key kv.Key) error {
	delete(r.pairs, string(flatKey(key)))
	return nil
}

// Scan walks over nothing: Cayley scans while it loads only to fill the filters of a graph that is
// there already.
func (r ramKV) Scan(kv.Key) kv.Iterator { return &boltIterator{} }
