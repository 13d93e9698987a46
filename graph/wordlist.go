package graph

import (
	"hash/maphash"

	"kg/graph/snapshot"
)

// A wordList numbers different words as they come. It holds them in few pieces of memory: a word costs
// its letters and twelve bytes.
type wordList struct {
	seed  maphash.Seed
	slots []uint32 // hash table: numbers counted from 1, 0 for a free slot
	texts texts
}

// number returns the number of a word.
func (l *wordList) number(word string) uint32 {
	if 4*l.texts.len() >= 3*len(l.slots) {
		l.grow()
	}
	mask := uint32(len(l.slots) - 1)
	for i := uint32(maphash.String(l.seed, word)) & mask; ; i = (i + 1) & mask {
		n := l.slots[i]
		if n == 0 {
			l.texts.add(word)
			l.slots[i] = uint32(l.texts.len())
			return l.slots[i] - 1
		}
		if string(l.texts.at(int(n-1))) == word {
			return n - 1
		}
	}
}

// grow doubles the hash table.
func (l *wordList) grow() {
	l.slots = make([]uint32, max(64, 2*len(l.slots)))
	mask := uint32(len(l.slots) - 1)
	for n := range l.texts.len() {
		i := uint32(maphash.Bytes(l.seed, l.texts.at(n))) & mask
		for l.slots[i] != 0 {
			i = (i + 1) & mask
		}
		l.slots[i] = uint32(n + 1)
	}
}

// sorted returns the words in order, and for each number its place there.
func (l *wordList) sorted() (words texts, placeOf []uint32) {
	l.slots = nil // no more come
	placeOf = make([]uint32, l.texts.len())
	words.all = make([]byte, 0, len(l.texts.all))
	words.from = make(column, 0, len(l.texts.from))
	for place, n := range snapshot.SortTexts(l.texts.len(), l.texts.at) {
		placeOf[n] = uint32(place)
		words.add(string(l.texts.at(int(n))))
	}
	return words, placeOf
}
