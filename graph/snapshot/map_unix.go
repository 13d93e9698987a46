//go:build linux || darwin

package snapshot

import (
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
