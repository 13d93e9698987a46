//go:build !linux && !darwin

package atomicfile

import "os"

// Lock does nothing: on this system two processes must not write to one file at a time.
func Lock(*os.File) error { return nil }

const canLock = false

func tryLock(*os.File) bool { return false }
