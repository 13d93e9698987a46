//go:build unix

package loaders_test

import (
	"syscall"
	"time"
)

// cpuTime is how long all cores together have worked for this process. Benchmarks compare that rather
// than the clock: it does not count what other processes take.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
