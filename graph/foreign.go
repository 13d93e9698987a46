package graph

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/cayleygraph/cayley/graph/proto"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
	"github.com/hidal-go/hidalgo/kv"
	"github.com/hidal-go/hidalgo/kv/flat"
	"github.com/hidal-go/hidalgo/kv/flat/leveldb"
	"github.com/syndtr/goleveldb/leveldb/opt"
)

// ReadStore hands every quad of a store to a sink: to own if kg made the store, whose names are those
// of kg's stores then, else to foreign, with the names that whoever filled it with Cayley chose. The
// store is opened for reading and stays as it is, byte for byte. Quads come in the order in which they
// were stored; what was deleted does not come. An error of the sink ends it.
//
// A foreign store is a LevelDB folder or a Bolt file as Cayley 0.7 writes them (for Bolt its folder
// can be named as well). It is read past Cayley, which logs what it cannot read and goes on.
func ReadStore(ctx context.Context, a Address, own, foreign Sink) error {
	at := Position{File: a.String()}
	isForeign, err := readForeign(ctx, a, func(q quad.Quad) error { return foreign.Add(q, at) })
	if isForeign || err != nil {
		return explainRead(a, err)
	}
	s, err := Open(ctx, a, OpenOptions{})
	if err != nil {
		return err
	}
	for q, err := range s.Match(ctx, Pattern{}) {
		if err == nil {
			err = own.Add(q, at)
		}
		if err != nil {
			return errors.Join(err, s.Close())
		}
	}
	return errors.Join(s.Err(), s.Close())
}

// IsStore says whether a text is the address of a store that can be read, and not the name of a file.
func IsStore(text string) bool {
	if _, err := os.Lstat(text); err == nil {
		return false
	}
	a, err := ParseAddress(text)
	return err == nil && !a.InMemory()
}

// readForeign reads a store that kg did not make, if the address is that of one. Bolt reads a file as
// it is in memory, and where a damaged one points out of it, reading goes astray: that is an error
// here, not the end of the process.
func readForeign(ctx context.Context, a Address, yield func(quad.Quad) error) (isForeign bool, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	inYield := false
	defer func() {
		if inYield {
			return // whoever is given the quads panics for reasons of its own
		}
		if p := recover(); p != nil {
			isForeign = true
			err = (&foreignReader{address: a}).problem(fmt.Sprintf("a database that cannot be read (%v)", p), "is it damaged? try a copy")
		}
	}()
	pairs, err := foreignPairs(a)
	if pairs == nil || err != nil {
		return false, err
	}
	return true, pairs.quads(ctx, a, func(q quad.Quad) error {
		inYield = true
		err := yield(q)
		inYield = false
		return err
	})
}

// A pairStore is what of a key-value store is needed to read Cayley's log: values by bucket and key.
type pairStore struct {
	get   func(ctx context.Context, bucket string, keys [][]byte) ([]kv.Value, error)
	close func() error
}

// foreignPairs opens a store of Cayley's that kg did not make; nil if there is none.
func foreignPairs(a Address) (*pairStore, error) {
	switch a.Scheme {
	case "leveldb":
		// Our own stores have this file in a folder for each generation.
		text, err := os.ReadFile(filepath.Join(a.Path, "CURRENT"))
		if err != nil || !strings.HasPrefix(string(text), "MANIFEST-") {
			return nil, nil //nolint:nilerr,nilnil // no store of that kind, which is for others to tell
		}
		return foreignLevel(a.Path)
	case "bolt":
		path := a.Path
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			path = filepath.Join(path, "indexes.bolt")
		}
		return foreignBolt(path)
	}
	return nil, nil //nolint:nilnil // see above
}

func foreignLevel(path string) (*pairStore, error) {
	db, err := leveldb.Open(path, &opt.Options{ReadOnly: true, ErrorIfMissing: true})
	if err != nil {
		return nil, levelError(path, err)
	}
	tx, err := flat.Upgrade(db).Tx(false)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), db.Close())
	}
	return &pairStore{
		get: func(ctx context.Context, bucket string, keys [][]byte) ([]kv.Value, error) {
			list := make([]kv.Key, len(keys))
			for i, key := range keys {
				list[i] = kv.Key{[]byte(bucket), key}
			}
			return tx.GetBatch(ctx, list)
		},
		close: func() error { return errors.Join(tx.Close(), db.Close()) },
	}, nil
}

// Where Cayley keeps what: all it was given is in its log, under numbers from 1 to the horizon.
const (
	cayleyMeta    = "meta"
	cayleyLog     = "log"
	cayleyVersion = 2

	foreignBatch  = 256
	foreignValues = 1 << 16 // remembered
)

// A foreignReader reads the log.
type foreignReader struct {
	pairs   *pairStore
	address Address
	values  map[uint64]quad.Value
}

// quads walks over the quads of the log.
func (s *pairStore) quads(ctx context.Context, a Address, yield func(quad.Quad) error) (err error) {
	r := foreignReader{pairs: s, address: a, values: map[uint64]quad.Value{}}
	defer func() {
		if closing := s.close(); err == nil {
			err = closing
		}
	}()
	version, err := r.number(ctx, "version")
	switch {
	case err != nil:
		return err
	case version != cayleyVersion:
		return r.problem(fmt.Sprintf("data of version %d", version), "upgrade it with the cayley that made it: cayley upgrade")
	}
	horizon, err := r.number(ctx, "horizon")
	if err != nil {
		return err
	}
	for id := uint64(1); id <= horizon; id += foreignBatch {
		if stop := context.Cause(ctx); stop != nil {
			return stop
		}
		ids := make([]uint64, 0, foreignBatch)
		for n := id; n < id+foreignBatch && n <= horizon; n++ {
			ids = append(ids, n)
		}
		if err := r.batch(ctx, ids, yield); err != nil {
			return err
		}
	}
	return nil
}

func (r *foreignReader) number(ctx context.Context, key string) (uint64, error) {
	values, err := r.pairs.get(ctx, cayleyMeta, [][]byte{[]byte(key)})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", r.address, err)
	}
	switch {
	case len(values[0]) == 8:
		return binary.LittleEndian.Uint64(values[0]), nil
	case len(values[0]) == 0 && key == "horizon":
		return 0, nil // nothing was ever stored
	default:
		return 0, r.problem("a database without one", "")
	}
}

// problem says that a store is not what it should be.
func (r *foreignReader) problem(found, hint string) error {
	return &Problem{
		At: Position{File: r.address.String()}, Want: "a graph that Cayley 0.7 stored", Found: found, Hint: hint, Err: ErrStoreVersion,
	}
}

// batch hands out the quads under some numbers. Other numbers are those of values, or of nothing.
func (r *foreignReader) batch(ctx context.Context, ids []uint64, yield func(quad.Quad) error) error {
	entries, err := r.entries(ctx, ids)
	if err != nil {
		return err
	}
	var wanted []uint64
	for _, e := range entries {
		if e == nil || e.Deleted || e.IsNode() {
			continue
		}
		for _, d := range quad.Directions {
			if n := e.GetDirection(d); n != 0 {
				wanted = append(wanted, n)
			}
		}
	}
	if err := r.know(ctx, wanted); err != nil {
		return err
	}
	for _, e := range entries {
		if e == nil || e.Deleted || e.IsNode() {
			continue
		}
		var q quad.Quad
		for _, d := range quad.Directions {
			n := e.GetDirection(d)
			if n == 0 && d == quad.Label {
				continue
			}
			v, ok := r.values[n]
			if !ok {
				return r.problem(fmt.Sprintf("a quad (number %d) whose %s is missing", e.ID, d), "is it damaged? try a copy")
			}
			q.Set(d, v)
		}
		if err := yield(q); err != nil {
			return err
		}
	}
	return nil
}

// know looks up what values numbers stand for.
func (r *foreignReader) know(ctx context.Context, ids []uint64) error {
	if len(r.values) > foreignValues {
		clear(r.values)
	}
	missing := ids[:0]
	for _, id := range ids {
		if _, ok := r.values[id]; !ok {
			missing = append(missing, id)
		}
	}
	entries, err := r.entries(ctx, missing)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if e == nil || !e.IsNode() {
			continue // whoever needs it tells
		}
		v, err := decodeValue(e.Value)
		if err != nil {
			return r.problem(fmt.Sprintf("a value (number %d) that cannot be read: %v", missing[i], err), "is it damaged? try a copy")
		}
		r.values[missing[i]] = v
	}
	return nil
}

// decodeValue reads a value. The library panics where the message holds none.
func decodeValue(b []byte) (v quad.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("%v", p)
		}
	}()
	v, err = pquads.UnmarshalValue(b)
	if err == nil && v == nil {
		err = errors.New("it is empty")
	}
	return v, err
}

func (r *foreignReader) entries(ctx context.Context, ids []uint64) ([]*proto.Primitive, error) {
	keys := make([][]byte, len(ids))
	for i, id := range ids {
		keys[i] = binary.BigEndian.AppendUint64(nil, id)
	}
	values, err := r.pairs.get(ctx, cayleyLog, keys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.address, err)
	}
	entries := make([]*proto.Primitive, len(ids))
	for i, v := range values {
		if v == nil {
			continue
		}
		e := new(proto.Primitive)
		if err := e.Unmarshal(v); err != nil {
			return nil, r.problem(fmt.Sprintf("an entry (number %d) that cannot be read: %v", ids[i], err), "is it damaged? try a copy")
		}
		entries[i] = e
	}
	return entries, nil
}
