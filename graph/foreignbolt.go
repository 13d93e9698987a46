package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/hidal-go/hidalgo/kv"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// foreignBolt opens a Bolt file in which Cayley itself keeps a graph, in a bucket for each kind of
// key; nil if the file is none of those, or one of ours.
func foreignBolt(path string) (*pairStore, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Size() == 0 {
		return nil, nil //nolint:nilerr,nilnil // for others to tell
	}
	db, err := bbolt.Open(path, 0, &bbolt.Options{ReadOnly: true, Timeout: boltPatience})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &Problem{
			At: Position{File: boltAddress(path).String()}, Want: "a store that no other process writes to",
			Found: fmt.Sprintf("its lock held for %s", boltPatience), Hint: "stop the other program first", Err: fmt.Errorf("%w: %w", ErrStoreLocked, err),
		}
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("store: %w", err)
	case err != nil:
		return nil, nil //nolint:nilerr,nilnil // no Bolt file
	}
	tx, err := db.Begin(false)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), db.Close())
	}
	p := &pairStore{
		get: func(_ context.Context, bucket string, keys [][]byte) ([]kv.Value, error) {
			values := make([]kv.Value, len(keys))
			b := tx.Bucket([]byte(bucket))
			for i, key := range keys {
				if b != nil {
					values[i] = b.Get(key)
				}
			}
			return values, nil
		},
		close: func() error { return errors.Join(tx.Rollback(), db.Close()) },
	}
	// Reading a page that is not there any more would end the process.
	if info.Size() < tx.Size() {
		return nil, errors.Join(otherVersion(boltAddress(path), "a Bolt file that is cut short"), p.close())
	}
	if tx.Bucket([]byte(boltBucket)) != nil || tx.Bucket([]byte(cayleyMeta)) == nil {
		return nil, p.close() // ours, or of no graph
	}
	return p, nil
}
