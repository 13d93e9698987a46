package atomicfile

import (
	"fmt"
	"os"
)

// A Scratch is a file for what does not fit into memory. It has no name, where the system allows that,
// and vanishes with the process, however that ends.
type Scratch struct {
	*os.File

	hidden bool
}

// NewScratch makes a scratch file beside the file at a path.
func NewScratch(path string) (*Scratch, error) {
	dir, base := place(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder of the store: %w", err)
	}
	f, err := os.CreateTemp(dir, "."+base+Mark+"*")
	if err != nil {
		return nil, fmt.Errorf("spill: %w", err)
	}
	tryLock(f)
	return &Scratch{File: f, hidden: os.Remove(f.Name()) == nil}, nil
}

// Discard lets go of the file.
func (s *Scratch) Discard() {
	_ = s.Close() // its content is of no use any more
	if !s.hidden {
		_ = os.Remove(s.Name())
	}
}
