package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxViews is how many views are kept in a folder; the one that was used longest ago goes first.
const maxViews = 16

const viewSuffix = ".snapshot"

// OpenView opens the view that a clock makes of a store, after building it if it is not in the folder
// yet; without a folder, or where it cannot be written, it is built in memory. A view is kept under the
// digest of its store and the clock, so that a store that was built anew has new views. Two processes
// may ask for one view at a time. Of the options, Inputs is not looked at.
func OpenView(ctx context.Context, base *Store, clock Clock, folder string, o BuildOptions) (*Store, ViewCounts, error) {
	view, err := base.View(ctx, clock)
	if err != nil {
		return nil, ViewCounts{}, err
	}
	m := base.Manifest()
	of := fmt.Sprintf("%s %s %s %d %s", base.Address(), m.Digest, m.Built.Format(time.RFC3339Nano), m.Checksum, clock)
	o.Inputs = Inputs{Texts: map[string]string{"view": of}}
	address := Address{Scheme: "memory"}
	if folder != "" && !base.Address().InMemory() {
		sum := sha256.Sum256([]byte(of))
		address = Address{Scheme: "snapshot", Path: filepath.Join(folder, hex.EncodeToString(sum[:10])+viewSuffix)}
	}
	s, err := OpenFresh(ctx, address, view.Feed(), o)
	if err != nil {
		return nil, ViewCounts{}, err
	}
	if !s.Address().InMemory() {
		now := time.Now()
		_ = os.Chtimes(address.Path, now, now) // marks it as used; who cannot, loses only the order
		pruneViews(folder, address.Path)
	}
	return s, view.Left, nil
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
		}
	}
}
