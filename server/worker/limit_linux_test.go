//go:build linux

package worker_test

import (
	"os"
	"os/exec"
	"strings"
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
