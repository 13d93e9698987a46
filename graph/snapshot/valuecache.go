package snapshot

import (
	"sync/atomic"

	"github.com/cayleygraph/quad"
)

// cacheSlots is how many values of a file are kept decoded: the predicates, sources and names that
// answers are full of.
const cacheSlots = 1 << 12

// cacheText bounds the terms that are kept, so that all of them together stay small.
const cacheText = 256

// A valueCache keeps values that were asked for twice. What is asked for once, as the nodes of a long
// list are, passes by. Several goroutines may use it at once.
type valueCache struct {
	kept [cacheSlots]atomic.Pointer[cachedValue]
	met  [cacheSlots]atomic.Uint32 // the number that was asked for last and is not kept
}

type cachedValue struct {
	id    uint32
	value quad.Value
}

func (c *valueCache) get(id uint32) (quad.Value, bool) {
	if kept := c.kept[spread(id)%cacheSlots].Load(); kept != nil && kept.id == id {
		return kept.value, true
	}
	return nil, false
}

// offer keeps a value when it was offered before.
func (c *valueCache) offer(id uint32, v quad.Value) {
	slot := spread(id) % cacheSlots
	if c.met[slot].Swap(id) == id {
		c.kept[slot].Store(&cachedValue{id, v})
	}
}
