//go:build linux || darwin

package atomicfile

import (
	"fmt"
	"os"
	"syscall"
)

// Lock waits until no other process, and nobody else in this one, holds the lock of an open file.
func Lock(f *os.File) error {
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
