package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/hidal-go/hidalgo/kv/flat"
	"github.com/hidal-go/hidalgo/kv/flat/leveldb"
	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/syndtr/goleveldb/leveldb/storage"

	"kg/graph/atomicfile"
)

// levelBackend keeps a graph in Cayley's LevelDB store:
//
//	DIR/current          the name of the generation that is read
//	DIR/gen-…/           a generation: a LevelDB database and its manifest.json
//	DIR/lock/            held for the moment in which generations are switched and old ones removed
//
// A build writes a new generation and then replaces the file current. A generation that others have
// open stays until a later build finds it closed.
func levelBackend() backend {
	return backend{
		scheme:   "leveldb",
		kinds:    []StoreKind{{"leveldb:DIR", "Cayley's LevelDB store, for graphs larger than memory"}},
		write:    writeLevel,
		open:     openLevel,
		manifest: levelManifest,
	}
}

const (
	levelPointer  = "current"
	levelFile     = "manifest.json"
	levelPrefix   = "gen-"
	levelLock     = "lock"
	lockPatience  = 2 * time.Second
	lockPollEvery = 10 * time.Millisecond
)

func levelAddress(path string) Address { return Address{Scheme: "leveldb", Path: path} }

func writeLevel(ctx context.Context, path string, g content) (err error) {
	made, err := levelFolder(path)
	if err != nil {
		return err
	}
	live := false
	defer func() {
		if made && !live {
			_ = os.Remove(path) // only while it is empty: another build may have begun in it
		}
	}()
	generation, db, err := newGeneration(path)
	if err != nil {
		return err
	}
	defer func() {
		if !live {
			_ = os.RemoveAll(filepath.Join(path, generation))
		}
	}()
	closed := false
	defer func() {
		if !closed {
			_ = db.Close()
		}
	}()
	if err := fillLevel(ctx, db, g); err != nil {
		return err
	}
	text, err := json.Marshal(g.manifest)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(path, generation, levelFile), append(text, '\n'), 0o666); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	// From here on the lock of the folder, not that of the database, keeps others from removing the
	// new generation.
	unlock, err := lockFolder(ctx, path)
	if err != nil {
		return err
	}
	defer unlock()
	closed = true
	if err := db.Close(); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	if err := syncTree(filepath.Join(path, generation)); err != nil {
		return err
	}
	pointer, err := atomicfile.Begin(filepath.Join(path, levelPointer))
	if err != nil {
		return err
	}
	defer pointer.Discard()
	if _, err := pointer.WriteString(generation + "\n"); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	if stop := context.Cause(ctx); stop != nil {
		return stop
	}
	if err := pointer.Commit(); err != nil {
		return err
	}
	live = true
	removeGenerations(path, generation)
	return nil
}

// fillLevel writes Cayley's keys. As one transaction they go into tables at once, not into a log that
// the next open would have to read.
func fillLevel(ctx context.Context, db *leveldb.DB, g content) error {
	ram, err := loadKV(ctx, g)
	if err != nil {
		return err
	}
	tx, err := flat.Upgrade(db).Tx(true)
	if err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	defer tx.Close() //nolint:errcheck // after a commit there is nothing to give up
	err = ram.inOrder(ctx, g, func(keys []string) error {
		for _, key := range keys {
			if err := tx.Put(splitKey([]byte(key)), ram.pairs[key]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = tx.Commit(ctx)
	}
	if err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	return nil
}

// levelFolder makes the folder of the store, and says whether it was missing. It refuses a folder in
// which other things live, since a build removes generations there.
func levelFolder(path string) (made bool, err error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return false, &fs.PathError{Op: "write", Path: path, Err: syscall.ENOTDIR}
	}
	made = errors.Is(err, fs.ErrNotExist)
	if name := foreignEntry(path); name != "" {
		return false, foreignStore(levelAddress(path), "a folder with "+name)
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return false, fmt.Errorf("folder of the store: %w", err)
	}
	return made, nil
}

// foreignEntry names something in the folder that is no part of a store, or returns "".
func foreignEntry(path string) string {
	entries, err := os.ReadDir(path)
	if err != nil {
		return "" // whoever opens or writes the folder says what is wrong with it
	}
	for _, e := range entries {
		name := e.Name()
		if name != levelPointer && name != levelLock && !strings.HasPrefix(name, levelPrefix) && !strings.HasPrefix(name, "."+levelPointer+atomicfile.Mark) {
			return name
		}
	}
	return ""
}

// newGeneration makes an empty database under a name of its own. As long as it is open, its lock
// tells others that it is in use.
func newGeneration(path string) (string, *leveldb.DB, error) {
	for n := 0; ; n++ {
		name := levelPrefix + strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.Itoa(os.Getpid())
		err := os.Mkdir(filepath.Join(path, name), 0o777)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", nil, fmt.Errorf("new store: %w", err)
		}
		db, err := leveldb.Open(filepath.Join(path, name), &opt.Options{ErrorIfExist: true})
		if err == nil {
			return name, db, nil
		}
		// Another build may have taken the new folder for an abandoned one, in the moment before it
		// was locked.
		if n > 0 {
			_ = os.RemoveAll(filepath.Join(path, name))
			return "", nil, fmt.Errorf("new store: %w", err)
		}
	}
}

// lockFolder waits until no other build is switching generations.
func lockFolder(ctx context.Context, path string) (unlock func(), err error) {
	deadline := time.Now().Add(lockPatience)
	for {
		lock, err := storage.OpenFile(filepath.Join(path, levelLock), false)
		if err == nil {
			return func() { _ = lock.Close() }, nil
		}
		if !errors.Is(err, syscall.EAGAIN) || time.Now().After(deadline) {
			return nil, levelError(path, err)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(lockPollEvery):
		}
	}
}

// removeGenerations removes all generations but one, except those that a reader or another build has
// open. The caller holds the folder's lock.
func removeGenerations(path, keep string) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return // the next build tries again
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), levelPrefix) || e.Name() == keep {
			continue
		}
		folder := filepath.Join(path, e.Name())
		lock, err := storage.OpenFile(folder, false)
		if err != nil {
			continue // in use
		}
		_ = os.RemoveAll(folder)
		_ = lock.Close()
	}
}

// syncTree makes the files of a folder, and their names, durable.
func syncTree(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	for _, e := range entries {
		if err := atomicfile.Sync(filepath.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	return atomicfile.Sync(folder)
}

// currentGeneration reads the pointer.
func currentGeneration(path string) (string, error) {
	text, err := os.ReadFile(filepath.Join(path, levelPointer))
	if errors.Is(err, fs.ErrNotExist) {
		if name := foreignEntry(path); name != "" {
			return "", foreignStore(levelAddress(path), "a folder with "+name)
		}
	}
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	name := strings.TrimSpace(string(text))
	if !strings.HasPrefix(name, levelPrefix) || name != filepath.Base(name) {
		return "", otherVersion(levelAddress(path), "a pointer to no generation")
	}
	return name, nil
}

func levelManifest(path string) (Manifest, error) {
	generation, err := currentGeneration(path)
	if err != nil {
		return Manifest{}, err
	}
	text, err := os.ReadFile(filepath.Join(path, generation, levelFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, otherVersion(levelAddress(path), "a generation without "+levelFile)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("store: %w", err)
	}
	return parseManifest(levelAddress(path), text)
}

func openLevel(path string, _ OpenOptions) (opened, error) {
	for {
		generation, err := currentGeneration(path)
		if err != nil {
			return opened{}, err
		}
		o, err := openGeneration(path, generation)
		if err == nil {
			return o, nil
		}
		// A build may have removed the generation between the look at the pointer and now.
		if now, again := currentGeneration(path); again != nil || now == generation {
			return opened{}, err
		}
	}
}

func openGeneration(path, generation string) (opened, error) {
	m, err := levelManifest(path)
	if err != nil {
		return opened{}, err
	}
	db, err := leveldb.Open(filepath.Join(path, generation), &opt.Options{ReadOnly: true, ErrorIfMissing: true})
	if err != nil {
		return opened{}, levelError(path, err)
	}
	qs, f, err := openKV(flat.Upgrade(db))
	if err != nil {
		return opened{}, levelDamaged(path, err)
	}
	return opened{quads: qs, manifest: m, outage: f}, nil
}

// levelError explains why a database does not open.
func levelError(path string, err error) error {
	var system *fs.PathError
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return &Problem{
			At: Position{File: levelAddress(path).String()}, Want: "a store that no other process writes to",
			Found: "its lock held", Hint: "wait for the other program to finish", Err: fmt.Errorf("%w: %w", ErrStoreLocked, err),
		}
	case errors.As(err, &system):
		return fmt.Errorf("store: %w", err)
	}
	return levelDamaged(path, err)
}

func levelDamaged(path string, err error) error {
	if errors.Is(err, cayley.ErrNotInitialized) {
		return otherVersion(levelAddress(path), "an empty LevelDB database")
	}
	return otherVersion(levelAddress(path), "a damaged LevelDB database ("+err.Error()+")")
}
