package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"kg/graph/atomicfile"
)

// boltBackend keeps a graph in one Bolt file, through bbolt: Cayley's own Bolt store uses the archived
// original, which waits for a lock for ever and dies under the race detector.
func boltBackend() backend {
	return backend{
		scheme:   "bolt",
		kinds:    []StoreKind{{"bolt:FILE", "Cayley's Bolt store, one file; for graphs larger than memory"}},
		write:    writeBolt,
		open:     openBolt,
		manifest: boltManifest,
	}
}

// boltPatience is how long an open waits for another process to release the file.
const boltPatience = 2 * time.Second

const (
	boltPairs  = "cayley" // the bucket with Cayley's keys
	boltBucket = "kg"     // the bucket with the manifest
	boltKey    = "manifest"
)

func boltAddress(path string) Address { return Address{Scheme: "bolt", Path: path} }

func writeBolt(ctx context.Context, path string, g content) error {
	file, err := atomicfile.Begin(path)
	if err != nil {
		return err
	}
	defer file.Discard()
	if err := file.Release(); err != nil { // Bolt has a lock of its own
		return fmt.Errorf("new store: %w", err)
	}
	// Nobody else knows the new file, so nothing is lost by syncing it once, at the end.
	db, err := bbolt.Open(file.Temp(), 0o666, &bbolt.Options{Timeout: boltPatience, NoSync: true, NoGrowSync: true, NoFreelistSync: true})
	if err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	err = fillBolt(ctx, db, g)
	if closing := db.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	if stop := context.Cause(ctx); stop != nil {
		return stop
	}
	return file.Commit()
}

// fillBolt writes Cayley's keys in order, which fills every page, and the manifest.
func fillBolt(ctx context.Context, db *bbolt.DB, g content) error {
	manifest, err := json.Marshal(g.manifest)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	ram, err := loadKV(ctx, g)
	if err != nil {
		return err
	}
	put := func(keys []string) error {
		return db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte(boltPairs))
			if err != nil {
				return err
			}
			b.FillPercent = 1
			for _, key := range keys {
				if err := b.Put([]byte(key), ram.pairs[key]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := ram.inOrder(ctx, g, put); err != nil {
		return err
	}
	return db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte(boltBucket))
		if err != nil {
			return err
		}
		return b.Put([]byte(boltKey), manifest)
	})
}

func openBolt(path string, _ OpenOptions) (opened, error) {
	db, m, err := openBoltFile(path)
	if err != nil {
		return opened{}, err
	}
	qs, f, err := openKV(boltKV{db})
	if err != nil {
		return opened{}, otherVersion(boltAddress(path), "a damaged Bolt file ("+err.Error()+")")
	}
	return opened{quads: qs, manifest: m, outage: f}, nil
}

func boltManifest(path string) (Manifest, error) {
	db, m, err := openBoltFile(path)
	if err != nil {
		return Manifest{}, err
	}
	if err := db.Close(); err != nil {
		return Manifest{}, fmt.Errorf("store: %w", err)
	}
	return m, nil
}

// openBoltFile opens a file for reading, beside other readers, and reads its manifest.
func openBoltFile(path string) (*bbolt.DB, Manifest, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, Manifest{}, fmt.Errorf("store: %w", err)
	}
	if info.IsDir() {
		return nil, Manifest{}, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	db, err := bbolt.Open(path, 0, &bbolt.Options{ReadOnly: true, Timeout: boltPatience})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, Manifest{}, &Problem{
			At: Position{File: boltAddress(path).String()}, Want: "a store that no other process writes to",
			Found: fmt.Sprintf("its lock held for %s", boltPatience), Hint: "wait for the other program to finish",
			Err: fmt.Errorf("%w: %w", ErrStoreLocked, err),
		}
	case errors.Is(err, fs.ErrPermission):
		return nil, Manifest{}, fmt.Errorf("store: %w", err)
	case err != nil && info.Size() == 0:
		return nil, Manifest{}, otherVersion(boltAddress(path), "an empty file")
	case err != nil:
		return nil, Manifest{}, foreignStore(boltAddress(path), "no Bolt file ("+err.Error()+")")
	}
	m, err := readBoltManifest(db, path, info.Size())
	if err != nil {
		return nil, Manifest{}, errors.Join(err, db.Close())
	}
	return db, m, nil
}

func readBoltManifest(db *bbolt.DB, path string, size int64) (m Manifest, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		// Reading a page that is not there any more would end the process.
		if size < tx.Size() {
			return otherVersion(boltAddress(path), "a Bolt file that is cut short")
		}
		b := tx.Bucket([]byte(boltBucket))
		if b == nil {
			return foreignStore(boltAddress(path), "a Bolt file")
		}
		m, err = parseManifest(boltAddress(path), b.Get([]byte(boltKey)))
		return err
	})
	return m, err
}
