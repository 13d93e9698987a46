package loaders_test

import (
	"runtime"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A heapWatch counts quads, and looks now and then how large the heap has become since it began.
type heapWatch struct {
	before, most uint64
	count        int
}

func watchHeap() *heapWatch {
	w := &heapWatch{}
	w.before = heapInUse()
	return w
}

func heapInUse() uint64 {
	var now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&now)
	return now.HeapAlloc
}

func (w *heapWatch) sink() graph.Sink {
	return graph.SinkFunc(func(quad.Quad, graph.Position) error {
		if w.count++; w.count%100_000 == 0 {
			w.most = max(w.most, heapInUse())
		}
		return nil
	})
}

// grown is by how many bytes the heap was larger at the most.
func (w *heapWatch) grown() int64 { return int64(w.most) - int64(w.before) }
