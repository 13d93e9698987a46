//go:build !linux

package worker

import "runtime/debug"

// LimitMemory asks the collector to keep the limit. Only Linux has a bound on writable memory that a Go
// process can live under; elsewhere the time limit is what ends a greedy text.
func LimitMemory(limit int64) error {
	debug.SetMemoryLimit(limit * 2)
	return nil
}
