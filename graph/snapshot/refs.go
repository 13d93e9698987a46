package snapshot

import (
	cayley "github.com/cayleygraph/cayley/graph"
)

// Cayley passes references as interfaces, and one that is made of a number and a file costs an
// allocation each time. A question meets the same nodes again and again: refs makes the reference of a
// node once, and hands the same pointer out from then on.
type refs struct {
	f     *file
	slots []refSlot // a table with open addressing, its size a power of two
	n     int
	slab  []node // where the next nodes are made
	held  int64  // bytes
}

type refSlot struct {
	ref *node
	id  uint32
}

// of returns the reference of a number. Without a table it is a value of its own.
func (r *refs) of(f *file, id uint32) cayley.Ref {
	if r == nil {
		return node{f, id}
	}
	return r.node(id)
}

func (r *refs) node(id uint32) *node {
	if 2*r.n >= len(r.slots) {
		r.grow()
	}
	mask := uint32(len(r.slots) - 1)
	at := spread(id) & mask
	for r.slots[at].ref != nil {
		if r.slots[at].id == id {
			return r.slots[at].ref
		}
		at = (at + 1) & mask
	}
	if len(r.slab) == cap(r.slab) {
		size := min(max(16, 2*cap(r.slab)), 1024)
		r.slab = make([]node, 0, size)
		r.held += int64(size) * nodeSize
	}
	r.slab = append(r.slab, node{r.f, id})
	ref := &r.slab[len(r.slab)-1]
	r.slots[at] = refSlot{ref, id}
	r.n++
	return ref
}

// Sizes in bytes of what the table is made of.
const nodeSize, slotSize = 16, 16

func (r *refs) grow() {
	old := r.slots
	r.slots = make([]refSlot, max(32, 2*len(old)))
	r.held += int64(len(r.slots)-len(old)) * slotSize
	mask := uint32(len(r.slots) - 1)
	for _, s := range old {
		if s.ref == nil {
			continue
		}
		at := spread(s.id) & mask
		for r.slots[at].ref != nil {
			at = (at + 1) & mask
		}
		r.slots[at] = s
	}
}

// spread mixes the bits of a number: neighbours are met together, and shall not crowd a table.
func spread(id uint32) uint32 {
	h := id * 0x9e3779b1
	return h ^ h>>15
}
