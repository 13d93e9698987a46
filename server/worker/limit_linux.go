package worker

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
)

// memoryFactor is how much more than its limit a worker's memory may be: the collector needs room to
// work, and what the engine counts is less than what the runtime holds for it.
const memoryFactor = 3

// A process runs one text at a time, which keeps few processors busy, however many the machine has. Each
// has a cache of its own in the heap, and threads that run it.
const (
	processorsMost = 4
	threads        = processorsMost + 12 // the others wait in the kernel, or watch
)

// LimitMemory bounds the writable memory of this process to what it holds now and a multiple of the
// limit. The kernel refuses more, which ends the process. Address space that Go only reserves does not
// count, so RLIMIT_DATA fits and RLIMIT_AS does not.
func LimitMemory(limit int64) error {
	runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), processorsMost))
	startThreads()
	held, err := writableMemory()
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(held + limit*2) // collect harder before the kernel says no
	bound := uint64(held + limit*memoryFactor)
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: bound, Max: bound})
}

// startThreads starts the threads that this process may need. Where C's library makes them, the kernel
// counts the whole stack of each, megabytes of which next to nothing is used; a thread that came later
// would take them from the text, or could not be made at all. Go keeps threads for ever.
func startThreads() {
	var started, ended sync.WaitGroup
	all := make(chan struct{})
	started.Add(threads)
	for range threads {
		ended.Go(func() {
			runtime.LockOSThread() // each in a thread of its own
			defer runtime.UnlockOSThread()
			started.Done()
			<-all
		})
	}
	started.Wait()
	close(all)
	ended.Wait()
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
