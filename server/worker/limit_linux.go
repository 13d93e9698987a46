package worker

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// memoryFactor is how much more than its limit a worker's memory may be: the collector needs room to
// work, and what the engine counts is less than what the runtime holds for it.
const memoryFactor = 3

// LimitMemory bounds the writable memory of this process to what it holds now and a multiple of the
// limit. The kernel refuses more, which ends the process. Address space that Go only reserves does not
// count, so RLIMIT_DATA fits and RLIMIT_AS does not.
func LimitMemory(limit int64) error {
	held, err := writableMemory()
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(held + limit*2) // collect harder before the kernel says no
	bound := uint64(held + limit*memoryFactor)
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: bound, Max: bound})
}

// writableMemory is what the kernel counts for RLIMIT_DATA, in bytes.
func writableMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kib int64
		if _, err := fmt.Sscanf(line, "VmData: %d kB", &kib); err == nil {
			return kib << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/self/status: want a line VmData, found none")
}
