//go:build !linux && !darwin

package snapshot

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// mapFile reads the file: this system's mappings are not used.
func mapFile(path string) ([]byte, fs.FileInfo, error) {
	in, info, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close() //nolint:errcheck // read only
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(in, data); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, info, nil
}

// mapOpen reads the first bytes of a file that is being written.
func mapOpen(f *os.File, size int) ([]byte, error) {
	data := make([]byte, size)
	if _, err := f.ReadAt(data, 0); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return data, nil
}

func unmap([]byte) {}
