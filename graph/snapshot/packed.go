package snapshot

import (
	"encoding/binary"
	"math/bits"
)

// slack is how many bytes follow packed bits, so that eight bytes can be loaded wherever a field begins.
const slack = 8

// packedSize returns how many bytes hold rows of a width in bits.
func packedSize(rows uint64, width uint) uint64 {
	hi, lo := bits.Mul64(rows, uint64(width))
	if hi != 0 || lo > 1<<62 {
		return 1 << 62 // more than any file has
	}
	return (lo+7)/8 + slack
}

// numbers are unsigned integers of one width, up to 40 bits, packed without gaps.
type numbers struct {
	data  []byte
	width uint
}

func (n numbers) at(i uint64) uint64 {
	bit := i * uint64(n.width)
	return binary.LittleEndian.Uint64(n.data[bit>>3:]) >> (bit & 7) & (1<<n.width - 1)
}

// shifted returns the bits of a row from a place in it on: 57 of them at least.
func (n numbers) shifted(row uint64, shift uint) uint64 {
	bit := row*uint64(n.width) + uint64(shift)
	return binary.LittleEndian.Uint64(n.data[bit>>3:]) >> (bit & 7)
}

// bitWriter packs numbers.
type bitWriter struct {
	out []byte
	acc uint64
	n   uint // bits in acc, less than 32 between calls
}

// add packs a number of up to 32 bits.
func (w *bitWriter) add(v uint32, width uint) {
	w.acc |= uint64(v) << w.n
	w.n += width
	if w.n >= 32 {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(w.acc))
		w.acc >>= 32
		w.n -= 32
	}
}

// addLong packs a number of up to 64 bits.
func (w *bitWriter) addLong(v uint64, width uint) {
	if width > 32 {
		w.add(uint32(v), 32)
		v >>= 32
		width -= 32
	}
	w.add(uint32(v), width)
}

// finish pads to whole bytes and adds the slack.
func (w *bitWriter) finish() []byte {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
	return append(w.out, make([]byte, slack)...)
}

// widthOf returns how many bits numbers up to largest need.
func widthOf(largest uint64) uint { return uint(bits.Len64(largest)) }
