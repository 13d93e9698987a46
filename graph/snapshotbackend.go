package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// snapshotBackend keeps a graph in one immutable, memory-mapped file with all its indexes.
func snapshotBackend() backend {
	return backend{
		scheme:   "snapshot",
		kinds:    []StoreKind{{"snapshot:FILE", "one immutable, memory-mapped file, replaced as a whole; fast at any size"}},
		write:    writeSnapshot,
		open:     openSnapshot,
		manifest: snapshotManifest,
	}
}

func snapshotAddress(path string) Address { return Address{Scheme: "snapshot", Path: path} }

// writeSnapshot hands the quads over on all cores, a stretch at a time, so that progress is told from
// one goroutine and a cancelled build ends soon.
func writeSnapshot(ctx context.Context, path string, g content) error {
	b := snapshot.NewBuilder(path, snapshot.BuildOptions{})
	defer b.Discard()
	shards := make([]*snapshot.Shard, runtime.GOMAXPROCS(0))
	for i := range shards {
		shards[i] = b.Shard()
	}
	stretch := progressEvery * len(shards)
	for start := 0; start < len(g.quads); start += stretch {
		if stop := context.Cause(ctx); stop != nil {
			return stop
		}
		g.step(start)
		if err := addStretch(shards, g.quads[start:min(start+stretch, len(g.quads))]); err != nil {
			return err
		}
	}
	_, err := b.CommitDraft(ctx, func(d *snapshot.Draft) error { return completeDraft(ctx, d, g.manifest, path) })
	return err //nolint:wrapcheck // says what it was doing
}

// completeDraft gives a snapshot its manifest and its index of texts.
func completeDraft(ctx context.Context, d *snapshot.Draft, m Manifest, path string) (err error) {
	if d.Manifest, err = json.Marshal(m); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	d.Text, err = textsOfSnapshot(ctx, d.Reader, path)
	return err
}

func addStretch(shards []*snapshot.Shard, quads []quad.Quad) error {
	errs := make([]error, len(shards))
	share := (len(quads) + len(shards) - 1) / len(shards)
	var wg sync.WaitGroup
	for i, shard := range shards {
		part := quads[min(i*share, len(quads)):min((i+1)*share, len(quads))]
		wg.Go(func() {
			for _, q := range part {
				if errs[i] = shard.AddQuad(q); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// RegisterSnapshot makes snapshots known to Cayley by the name "snapshot", as [Open] does. An edit through
// Cayley's writer then keeps the manifest and the index of names up to date. An edited store is no longer
// what its inputs say, so [OpenFresh] builds it anew.
func RegisterSnapshot() {
	registered.Do(func() { snapshot.Register(snapshot.Options{Edited: completeEdit}) })
}

// completeEdit gives a snapshot that was edited the manifest and the index that it has now.
func completeEdit(d *snapshot.Draft) error {
	ctx := context.Background()
	m, err := parseManifest(snapshotAddress(d.Path()), d.Manifest)
	if err != nil {
		return nil //nolint:nilerr // not one of ours: whoever made it knows what it says
	}
	if m.Counts, err = countsOf(ctx, d.Reader); err != nil {
		return err
	}
	m.Edited = time.Now().UTC()
	sum := sha256.New()
	content := d.Fingerprint()
	fmt.Fprintf(sum, "edited\n%s\n%x\n", digest(m.Inputs, m.Tool), content)
	m.Digest = hex.EncodeToString(sum.Sum(nil))
	return completeDraft(ctx, d, m, d.Path())
}

// registered is here because Cayley's registry is one variable of its whole process.
var registered sync.Once //nolint:gochecknoglobals // see above

func openSnapshot(path string, opening OpenOptions) (opened, error) {
	RegisterSnapshot()
	o := &outage{}
	s, err := snapshot.Open(path, snapshot.Options{ReadOnly: true, MaxMemory: opening.MaxMemory, Fault: func(err error) { _ = o.note(err) }})
	if err != nil {
		return opened{}, snapshotError(path, err)
	}
	m, err := parseSnapshotManifest(path, s.Manifest)
	if err != nil {
		return opened{}, errors.Join(err, s.Close())
	}
	return opened{quads: s, manifest: m, outage: o}, nil
}

func snapshotManifest(path string) (Manifest, error) {
	return parseSnapshotManifest(path, func() ([]byte, error) { return snapshot.ReadManifest(path) })
}

// parseSnapshotManifest prefers what a manifest says about its version to what is wrong with its sum.
func parseSnapshotManifest(path string, read func() ([]byte, error)) (Manifest, error) {
	text, err := read()
	if err != nil && text == nil {
		return Manifest{}, snapshotError(path, err)
	}
	m, parsing := parseManifest(snapshotAddress(path), text)
	if parsing == nil && err != nil {
		return Manifest{}, snapshotError(path, err)
	}
	return m, parsing
}

// snapshotError explains why a file does not open.
func snapshotError(path string, err error) error {
	a := snapshotAddress(path)
	switch {
	case errors.Is(err, snapshot.ErrForeign):
		if info, missing := os.Stat(path); missing == nil && info.Size() == 0 {
			return otherVersion(a, "an empty file")
		}
		return foreignStore(a, "something else")
	case errors.Is(err, snapshot.ErrVersion), errors.Is(err, snapshot.ErrDamaged):
		return otherVersion(a, err.Error())
	default:
		return err //nolint:wrapcheck // explained by explainRead
	}
}
