package atomicfile

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

// Mark is in the name of every file that is not finished yet.
const Mark = ".kg-build-"

// abandoned is the age at which an unfinished file is taken to belong to nobody, on systems where its
// lock does not tell.
const abandoned = time.Hour

// A File is being written beside the one that it will take the place of.
type File struct {
	*os.File // open for reading and writing, and locked, until Release

	path   string // where it will stand
	temp   string // where it is written
	open   bool
	hidden bool // it has no name any more
	done   bool
}

// Begin begins a file: it makes the folder, sweeps it, and makes a file under a name that nobody else
// uses. The caller ends with Commit or Discard; Discard after Commit does nothing.
func Begin(path string) (*File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	}
	dir, base := place(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder of the store: %w", err)
	}
	prefix := "." + base + Mark
	sweep(dir, prefix)
	for n := 0; ; n++ {
		temp := filepath.Join(dir, prefix+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(n))
		f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
		if os.IsExist(err) {
			continue // another build of this process, or one long dead with our number
		}
		if err != nil {
			return nil, fmt.Errorf("new store: %w", err)
		}
		tryLock(f) // tells others that somebody is at it
		return &File{File: f, path: filepath.Join(dir, base), temp: temp, open: true}, nil
	}
}

// place returns the folder and the name of what is to be replaced: where a path is a link, the link
// stays and what it points to is replaced.
func place(path string) (dir, base string) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir, base = filepath.Split(filepath.Clean(path))
	if dir == "" {
		dir = "."
	}
	return dir, base
}

// Path is where the file will stand.
func (f *File) Path() string { return f.path }

// Temp is where the file is written.
func (f *File) Temp() string { return f.temp }

// Release closes the file, for somebody else to open and lock it under its name.
func (f *File) Release() error {
	f.open = false
	return f.Close() //nolint:wrapcheck // names the file
}

// Hide takes the name of a file away that will not be committed: nothing stays of it, however the
// process ends. Where the system has names for open files only, Discard removes it.
func (f *File) Hide() { f.hidden = os.Remove(f.temp) == nil }

// Commit makes the file durable and puts it in its place.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("new store: %w", fs.ErrClosed)
	}
	if err := f.sync(); err != nil {
		return err
	}
	if !canLock && f.open { // no lock would be lost, and some systems rename no file that is open
		if err := f.Release(); err != nil {
			return fmt.Errorf("new store: %w", err)
		}
	}
	if err := os.Rename(f.temp, f.path); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	f.done = true
	if f.open {
		if err := f.Close(); err != nil {
			return fmt.Errorf("new store: %w", err)
		}
	}
	return Sync(filepath.Dir(f.path))
}

func (f *File) sync() error {
	if !f.open {
		return Sync(f.temp)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("new store: %w", err)
	}
	return nil
}

// Discard removes what was not committed.
func (f *File) Discard() {
	if f.done {
		return
	}
	f.done = true
	if !f.hidden {
		_ = os.Remove(f.temp) // nothing more can be done about it
	}
	if f.open {
		_ = f.Close()
	}
}

// Sync makes a file, or the names in a folder, survive a loss of power.
func Sync(path string) error {
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

// sweep removes unfinished files of processes that were killed.
func sweep(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // tidying up is no reason to fail; the build will say what is wrong with the folder
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), prefix) || !info.Mode().IsRegular() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if f, err := os.Open(name); err == nil {
			// A file is locked right after it is made; one this young may not be locked yet.
			age := time.Since(info.ModTime())
			if canLock && age > time.Second && tryLock(f) || !canLock && age > abandoned {
				_ = os.Remove(name)
			}
			_ = f.Close()
		}
	}
}
