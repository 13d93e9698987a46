package graph

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A replacement is a file being written beside the one it will take the place of. Readers of the old
// file keep it; others see the old file or the new one, never a part of it.
type replacement struct {
	path string // where it will stand
	temp string // where it is written
	done bool
}

// tempMark is in the name of every file that is not finished yet.
const tempMark = ".kg-build-"

// abandoned is the age at which an unfinished file is taken to belong to no running build.
const abandoned = time.Hour

// replaceFile begins a replacement: it makes the folder, and a name for the new file that no other
// build uses. The caller makes the file, then calls commit; discard is harmless after commit.
func replaceFile(path string) (*replacement, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays, and what it points to is replaced
	}
	dir, base := filepath.Split(filepath.Clean(path))
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder of the store: %w", err)
	}
	prefix := "." + base + tempMark
	sweep(dir, prefix)
	for n := 0; ; n++ {
		temp := filepath.Join(dir, prefix+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(n))
		f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if os.IsExist(err) {
			continue // another build of this process, or one long dead with our number
		}
		if err != nil {
			return nil, fmt.Errorf("new store: %w", err)
		}
		return &replacement{path: path, temp: temp}, f.Close()
	}
}

// commit makes the new file durable and puts it in its place.
func (r *replacement) commit() error {
	if err := syncPath(r.temp); err != nil {
		return err
	}
	if err := os.Rename(r.temp, r.path); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	r.done = true
	return syncPath(filepath.Dir(r.path))
}

// discard removes what was not committed.
func (r *replacement) discard() {
	if !r.done {
		_ = os.Remove(r.temp) // nothing more can be done about it
	}
}

// syncPath makes a file, or the names in a folder, survive a loss of power.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	err = f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}

// sweep removes unfinished files of builds that were killed.
func sweep(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // tidying up is no reason to fail; the build will say what is wrong with the folder
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), prefix) && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
