package snapshot

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// A termTable gives terms numbers, from 1 on, in the order in which they come.
type termTable struct {
	seed   maphash.Seed
	slots  []slot   // hash table
	at     []uint32 // the place of each number's record
	chunks [][]byte // the records: number, size, bytes
}

// A slot has the place of a record, counted from 1, or 0 for none, and the term's hash: most terms that
// are not the one looked for are passed over without a look at them, which would be a look at memory
// that is in no cache.
type slot struct {
	hash, at uint32
}

const (
	// chunkSize is how many bytes of records are allocated at a time.
	chunkSize = 1 << 20

	// placeUnit is what places are counted in: 32 bits reach four times as far.
	placeUnit = 4

	// maxChunks is how many chunks places reach.
	maxChunks = 1 << 32 / (chunkSize / placeUnit)

	recordHead = 8
)

// lookahead is how many terms are looked up together.
const lookahead = 256

// A lookup is terms that are looked up together. What one of them waits for from memory, the others
// wait for at the same time.
type lookup struct {
	hashes [lookahead]uint32
	slots  [lookahead]slot
	seen   byte
}

// prepare makes ready to look terms up, which is then done one after the other, by number.
func (t *termTable) prepare(l *lookup, n int, term func(i int) []byte) {
	for 2*(len(t.at)+n) > len(t.slots) {
		t.grow()
	}
	for i := range n {
		l.hashes[i] = uint32(maphash.Bytes(t.seed, term(i)))
	}
	mask := uint32(len(t.slots) - 1)
	for i, hash := range l.hashes[:n] {
		l.slots[i] = t.slots[hash&mask]
	}
	for i := range n {
		if l.slots[i].at == 0 || l.slots[i].hash != l.hashes[i] {
			continue
		}
		// A record of another size is another term's.
		if r := t.record(l.slots[i].at - 1); len(r) >= recordHead+len(term(i)) {
			l.seen += r[0] + r[recordHead+len(term(i))-1]
		}
	}
}

// number returns the number of a term of a hash, for which there is room.
func (t *termTable) number(term []byte, hash uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.at == 0 {
			*s = slot{hash, t.store(term) + 1}
			return uint32(len(t.at))
		}
		if s.hash == hash {
			if r := t.record(s.at - 1); bytes.Equal(inRecord(r), term) {
				return binary.LittleEndian.Uint32(r)
			}
		}
	}
}

func (t *termTable) record(at uint32) []byte {
	return t.chunks[at/(chunkSize/placeUnit)][at%(chunkSize/placeUnit)*placeUnit:]
}

func inRecord(r []byte) []byte { return r[recordHead:][:binary.LittleEndian.Uint32(r[4:])] }

// term returns the term of a number.
func (t *termTable) term(id uint32) []byte { return inRecord(t.record(t.at[id-1])) }

// store keeps a new term, and returns the place of its record.
func (t *termTable) store(term []byte) (at uint32) {
	n := len(t.chunks)
	size := recordHead + (len(term)+placeUnit-1)/placeUnit*placeUnit
	if n == 0 || len(t.chunks[n-1])+size > cap(t.chunks[n-1]) {
		t.chunks = append(t.chunks, make([]byte, 0, max(chunkSize, size)))
		n++
	}
	chunk := t.chunks[n-1]
	at = uint32(n-1)*(chunkSize/placeUnit) + uint32(len(chunk)/placeUnit)
	t.at = append(t.at, at)
	r := chunk[len(chunk) : len(chunk)+size]
	binary.LittleEndian.PutUint32(r, uint32(len(t.at)))
	binary.LittleEndian.PutUint32(r[4:], uint32(len(term)))
	copy(r[recordHead:], term)
	t.chunks[n-1] = chunk[:len(chunk)+size]
	return at
}

// grow doubles the hash table.
func (t *termTable) grow() {
	before := t.slots
	t.slots = make([]slot, max(1024, 2*len(before)))
	mask := uint32(len(t.slots) - 1)
	for _, old := range before {
		if old.at == 0 {
			continue
		}
		at := old.hash & mask
		for t.slots[at].at != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = old
	}
}

// full says whether the table should not get many more terms.
func (t *termTable) full() bool { return len(t.chunks) > maxChunks/2 }

// size is about how many bytes the table holds, and sorting its terms will take.
func (t *termTable) size() int64 {
	n := int64(len(t.at))*(4+16) + int64(len(t.slots))*8
	for _, c := range t.chunks {
		n += int64(cap(c))
	}
	return n
}
