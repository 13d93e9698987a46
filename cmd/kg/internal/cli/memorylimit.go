package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/spf13/cobra"

	"kg/graph"
)

// errMemory ends a command whose answer needs more memory than it may use.
var errMemory = errors.New("the answer needs more memory than it may use")

// heapEvery is how often the heap is looked at, and collectEvery how often it is collected for that.
const heapEvery, collectEvery = 5 * time.Millisecond, 100 * time.Millisecond

// boundMemory gives a command whose answer can grow with the graph the flag --max-memory, and ends it when
// the heap has grown by more than that since its store was opened.
func (a *app) boundMemory(c *cobra.Command) {
	var mib int64
	c.Flags().Int64Var(&mib, "max-memory", 0, "memory that the answer may use, in MiB; 0 for a quarter of the machine's")
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if mib < 0 {
			return usagef(cmd.CommandPath(), "", "--max-memory: want 0 or more MiB, found %d", mib)
		}
		limit := mib << 20
		if limit == 0 {
			limit = graph.DefaultMemory()
		}
		ctx, cancel := context.WithCancelCause(cmd.Context())
		defer cancel(nil)
		a.maxMemory = limit
		a.whenOpen = func() { go watchHeap(ctx, limit, func() { cancel(errMemory) }) }
		cmd.SetContext(ctx)
		err := run(cmd, args)
		if err != nil && errors.Is(context.Cause(ctx), errMemory) {
			hint := fmt.Sprintf("more than %d MiB are needed: ask for less, or set another limit with --max-memory", limit>>20)
			return &limitError{err: errMemory, hint: hint}
		}
		return explainMemory(err, limit)
	}
}

// watchHeap calls over once when the heap has grown by more than a limit, garbage not counted.
func watchHeap(ctx context.Context, limit int64, over func()) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() int64 {
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	start, collected := heap(), time.Time{}
	t := time.NewTicker(heapEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		grown := heap() - start
		if grown > limit && grown < 4*limit {
			if time.Since(collected) < collectEvery {
				continue
			}
			runtime.GC()
			collected = time.Now()
			grown = heap() - start
		}
		if grown > limit {
			over()
			return
		}
	}
}
