//go:build linux || darwin

package snapshot

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// mapFile maps a file for reading. An empty file is no mapping, and no error.
func mapFile(path string) ([]byte, fs.FileInfo, error) {
	in, info, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close() //nolint:errcheck // read only
	if info.Size() == 0 {
		return nil, info, nil
	}
	data, err := syscall.Mmap(int(in.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, &os.PathError{Op: "map", Path: path, Err: err}
	}
	return data, info, nil
}

// mapOpen maps the first bytes of a file that is being written.
func mapOpen(f *os.File, size int) ([]byte, error) {
	data, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, &os.PathError{Op: "map", Path: f.Name(), Err: err}
	}
	return data, nil
}

// unmap ends a mapping.
func unmap(data []byte) {
	if data != nil {
		_ = syscall.Munmap(data) // nobody is left to tell
	}
}

// lockFile waits until no other process, and nobody else in this one, holds the lock of an open file.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			return nil
		}
		if err != syscall.EINTR {
			return fmt.Errorf("lock: %w", &os.PathError{Op: "lock", Path: f.Name(), Err: err})
		}
	}
}

// canLock says that a lock tells whether somebody is at work on a file.
const canLock = true

// tryLock takes the lock of an open file if nobody holds it.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// hide removes the name of a file that stays open: it vanishes with the process, however that ends.
func hide(f *os.File) bool { return os.Remove(f.Name()) == nil }
