package snapshot

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// A termKey is a term being sorted: eight bytes of it, from the depth that is being looked at, and its
// number in its table.
type termKey struct {
	word uint64
	id   uint32
}

// numbered is a list of texts by number.
type numbered interface {
	term(id uint32) []byte
}

// sorted returns the terms in their order.
func (t *termTable) sorted() []termKey {
	keys := make([]termKey, len(t.at))
	for i := range keys {
		keys[i].id = uint32(i + 1)
	}
	sortFrom(t, keys, 0)
	return keys
}

// SortTexts returns the numbers from 0 to before n in the order of the texts that they have; equal texts
// in the order of the numbers.
func SortTexts(n int, text func(i int) []byte) []uint32 {
	keys := make([]termKey, n)
	for i := range keys {
		keys[i].id = uint32(i)
	}
	sortFrom(textsOf(text), keys, 0)
	sorted := make([]uint32, n)
	for i, k := range keys {
		sorted[i] = k.id
	}
	return sorted
}

type textsOf func(i int) []byte

func (t textsOf) term(id uint32) []byte { return t(int(id)) }

// sortFrom sorts by what follows a beginning that all have. Terms of a graph share long beginnings, so
// they are compared word by word: those that agree in one word are sorted by the next.
func sortFrom[T numbered](t T, keys []termKey, depth int) {
	for len(keys) > 1 {
		if len(keys) <= 12 {
			slices.SortFunc(keys, func(a, b termKey) int {
				return cmp.Or(bytes.Compare(t.term(a.id)[depth:], t.term(b.id)[depth:]), cmp.Compare(a.id, b.id))
			})
			return
		}
		for i := range keys {
			keys[i].word = wordAt(t.term(keys[i].id), depth)
		}
		slices.SortFunc(keys, func(a, b termKey) int { return cmp.Compare(a.word, b.word) })
		depth += 8
		if keys[0].word == keys[len(keys)-1].word {
			keys = endedFirst(t, keys, depth)
			continue // no recursion, however long the common beginning is
		}
		for len(keys) > 0 {
			n := 1
			for n < len(keys) && keys[n].word == keys[0].word {
				n++
			}
			if n > 1 {
				sortFrom(t, endedFirst(t, keys[:n], depth), depth)
			}
			keys = keys[n:]
		}
	}
}

// endedFirst puts the terms that are over at the depth to the front, the shorter before the longer, and
// returns the others. Terms that agree so far and are over differ in zeros at their end alone.
func endedFirst[T numbered](t T, keys []termKey, depth int) []termKey {
	ended := 0
	for i := range keys {
		if len(t.term(keys[i].id)) <= depth {
			keys[i], keys[ended] = keys[ended], keys[i]
			ended++
		}
	}
	slices.SortFunc(keys[:ended], func(a, b termKey) int {
		return cmp.Or(cmp.Compare(len(t.term(a.id)), len(t.term(b.id))), cmp.Compare(a.id, b.id))
	})
	return keys[ended:]
}

// wordAt returns eight bytes of a term as a number that compares like them; zeros follow its end.
func wordAt(term []byte, depth int) uint64 {
	if len(term) >= depth+8 {
		return binary.BigEndian.Uint64(term[depth:])
	}
	var word [8]byte
	if depth < len(term) {
		copy(word[:], term[depth:])
	}
	return binary.BigEndian.Uint64(word[:])
}
