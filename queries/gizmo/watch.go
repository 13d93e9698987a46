package gizmo

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"
)

// watchEvery is how often the heap is looked at while a script runs that could grow it.
const watchEvery = 5 * time.Millisecond

// collectEvery bounds what looking costs: garbage is collected no more often for its sake.
const collectEvery = 100 * time.Millisecond

// watch interrupts the script when the heap of the process has grown by more than the memory limit.
// It sees what the whole process does, and sees it late: it stops scripts that leak, not an attack.
func (s *session) watch() (stop func()) {
	if s.limits.Memory == 1<<63-1 {
		return func() {}
	}
	start := heap()
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		t := time.NewTicker(watchEvery)
		defer t.Stop()
		var collected time.Time
		var last int64
		for {
			select {
			case <-done:
				return
			case <-t.C:
				grown := heap() - start
				if grown <= s.limits.Memory {
					last = grown
					continue
				}
				// Most of it may be garbage that nobody has collected yet; garbage does not come in such jumps as
				// a string that doubles, though, during which collecting would have to wait.
				jump := grown - last
				last = grown
				if grown < 4*s.limits.Memory && jump < s.limits.Memory/8 {
					if time.Since(collected) < collectEvery {
						continue
					}
					runtime.GC()
					collected = time.Now()
					grown = heap() - start
				}
				if grown > s.limits.Memory {
					err := fmt.Errorf("%w: the heap grew by %d bytes, %d are allowed", ErrMemory, grown, s.limits.Memory)
					s.over.Store(&err)
					s.vm.Interrupt(err)
					return
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

// heap is the size of the objects on the heap, those not yet swept included.
func heap() int64 {
	m := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(m)
	return int64(m[0].Value.Uint64())
}
