//go:build !linux

package cli

import "runtime/debug"

// limitMemory asks the collector to keep the limit. Only Linux has a bound on writable memory that a Go
// process can live under; elsewhere the time limit is what ends a greedy text.
func limitMemory(limit int64) error {
	debug.SetMemoryLimit(limit * 2)
	return nil
}
