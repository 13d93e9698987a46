//go:build linux

package worker_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"kg/server/worker"
)

// The watch inside a process ends what it can see. What it cannot see, the kernel must end.
func TestTheKernelEndsAGreedyProcess(t *testing.T) {
	const child = "KG_TEST_GREEDY"
	if os.Getenv(child) != "" {
		if err := worker.LimitMemory(32 << 20); err != nil {
			t.Fatal(err)
		}
		greed := make([]byte, 1<<30)
		for i := range greed {
			greed[i] = 1
		}
		t.Fatalf("held %d bytes", len(greed))
	}
	greedy := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	greedy.Env = append(os.Environ(), child+"=1")
	out, err := greedy.CombinedOutput()
	sanitized := strings.Contains(string(out), "ThreadSanitizer") // the race detector's runtime has words of its own
	if err == nil || !sanitized && !worker.OutOfMemory(string(out)) {
		first, _, _ := strings.Cut(string(out), "\n")
		t.Errorf("want a process ended for want of memory, found %v: %s", err, first)
	}
}

// Threads are no part of what a text may use, however large the system makes their stacks (where it lets us
// ask for large ones).
func TestThreadsFitBesideAText(t *testing.T) {
	const child = "KG_TEST_THREADS"
	if os.Getenv(child) != "" {
		if err := worker.LimitMemory(16 << 20); err != nil {
			t.Fatal(err)
		}
		var started, ended sync.WaitGroup
		all := make(chan struct{})
		for range 12 {
			started.Add(1)
			ended.Go(func() {
				runtime.LockOSThread()
				started.Done()
				<-all
			})
		}
		started.Wait()
		close(all)
		ended.Wait()
		return
	}
	many := exec.Command("sh", "-c", `ulimit -s 65536 || true; exec "$0" -test.run "$1"`, os.Args[0], "^"+t.Name()+"$")
	many.Env = append(os.Environ(), child+"=1")
	if out, err := many.CombinedOutput(); err != nil {
		t.Errorf("want room for twelve threads, found %v: %.300s", err, out)
	}
}
