package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kg/graph/atomicfile"
)

// maxViews is how many views are kept in a folder; the one that was used longest ago goes first.
const maxViews = 16

// What a view consists of: the store, and the counts of what was left out of it.
const (
	viewSuffix   = ".snapshot"
	countsSuffix = ".json"
)

// OpenView opens the view that a clock makes of a store, after building it if it is not in the folder
// yet; without a folder, or where it cannot be written, it is built in memory. A view is kept under the
// digest of its store and the clock, so that a store that was built anew has new views. Two processes
// may ask for one view at a time. Of the options, Inputs is not looked at.
func OpenView(ctx context.Context, base *Store, clock Clock, folder string, o BuildOptions) (*Store, ViewCounts, error) {
	m := base.Manifest()
	of := fmt.Sprintf("%s %s %s %d %s", base.Address(), m.Digest, m.Built.Format(time.RFC3339Nano), m.Checksum, clock)
	o.Inputs = Inputs{Texts: map[string]string{"view": of}}
	if folder == "" || base.Address().InMemory() {
		return buildView(ctx, base, clock, Address{Scheme: "memory"}, o)
	}
	sum := sha256.Sum256([]byte(of))
	name := filepath.Join(folder, hex.EncodeToString(sum[:10]))
	address := Address{Scheme: "snapshot", Path: name + viewSuffix}
	s, left, err := keptView(ctx, address, name+countsSuffix, o)
	if s == nil && err == nil {
		s, left, err = buildView(ctx, base, clock, address, o)
	}
	if err != nil {
		return nil, ViewCounts{}, err
	}
	if !s.Address().InMemory() {
		now := time.Now()
		_ = os.Chtimes(address.Path, now, now) // marks it as used; who cannot, loses only the order
		pruneViews(folder, address.Path)
	}
	return s, left, nil
}

// keptView opens a view that was built before; nil where there is none, or not all of it.
func keptView(ctx context.Context, address Address, counts string, o BuildOptions) (*Store, ViewCounts, error) {
	var left ViewCounts
	text, err := os.ReadFile(counts)
	if err != nil || json.Unmarshal(text, &left) != nil {
		return nil, left, nil //nolint:nilerr // it is built again
	}
	if fresh, err := isFresh(address, o); err != nil || !fresh {
		return nil, left, err
	}
	s, err := Open(ctx, address, OpenOptions{Schema: o.Schema, Namespaces: o.Namespaces})
	if err != nil && rebuildable(err) {
		return nil, left, nil // another process has just removed it
	}
	return s, left, err
}

// buildView builds a view, and keeps beside it what was left out: first, so that who finds a view finds
// that as well.
func buildView(ctx context.Context, base *Store, clock Clock, address Address, o BuildOptions) (*Store, ViewCounts, error) {
	view, err := base.View(ctx, clock)
	if err != nil {
		return nil, ViewCounts{}, err
	}
	if !address.InMemory() {
		keepCounts(strings.TrimSuffix(address.Path, viewSuffix)+countsSuffix, view.Left)
	}
	s, err := OpenFresh(ctx, address, view.Feed(), o)
	return s, view.Left, err
}

// keepCounts writes what was left out of a view. Where that cannot be done the view cannot be kept either,
// or is built at every call.
func keepCounts(path string, left ViewCounts) {
	text, err := json.Marshal(left)
	if err != nil {
		return
	}
	f, err := atomicfile.Begin(path)
	if err != nil {
		return
	}
	defer f.Discard()
	if _, err := f.Write(text); err == nil {
		_ = f.Commit() // see above
	}
}

// pruneViews removes the views that are too many. One that another process has open stays open.
func pruneViews(folder, keep string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // tidying up is no reason to fail
	}
	type kept struct {
		path string
		used time.Time
	}
	var views []kept
	for _, e := range entries {
		info, err := e.Info()
		path := filepath.Join(folder, e.Name())
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(path, viewSuffix) && !strings.HasPrefix(e.Name(), ".") && path != keep {
			views = append(views, kept{path, info.ModTime()})
		}
	}
	slices.SortFunc(views, func(a, b kept) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.path, b.path)) })
	for i, v := range views {
		if i >= maxViews-1 {
			_ = os.Remove(v.path) // the next one tries again
			_ = os.Remove(strings.TrimSuffix(v.path, viewSuffix) + countsSuffix)
		}
	}
}
