package snapshot

import (
	"fmt"
	"hash/crc32"
	"io"
)

// A sectionWriter writes one section, front to back. Several may write parts of one file at a time.
type sectionWriter struct {
	to  io.WriterAt
	at  uint64
	buf []byte
	span
	err error
}

// sectionBuffer is how much a section gathers before it writes.
const sectionBuffer = 1 << 18

func newSection(to io.WriterAt, at uint64) *sectionWriter {
	return &sectionWriter{to: to, at: at, span: span{Offset: at}, buf: make([]byte, 0, sectionBuffer+1<<12)}
}

// write adds bytes. The first error is kept for close.
func (w *sectionWriter) write(b []byte) {
	w.Length += uint64(len(b))
	if len(w.buf)+len(b) > cap(w.buf) {
		w.flush()
		if len(b) > sectionBuffer {
			w.put(b)
			return
		}
	}
	w.buf = append(w.buf, b...)
}

func (w *sectionWriter) flush() {
	w.put(w.buf)
	w.buf = w.buf[:0]
}

func (w *sectionWriter) put(b []byte) {
	if w.err != nil || len(b) == 0 {
		return
	}
	w.Sum = crc32.Update(w.Sum, crc32.MakeTable(crc32.Castagnoli), b)
	if _, err := w.to.WriteAt(b, int64(w.at)); err != nil {
		w.err = fmt.Errorf("new snapshot: %w", err)
	}
	w.at += uint64(len(b))
}

// close writes what is left.
func (w *sectionWriter) close() (span, error) {
	w.flush()
	return w.span, w.err
}

// drain moves whole bytes from a bit writer to the section.
func (w *sectionWriter) drain(bits *bitWriter) {
	if len(bits.out) >= 1<<15 {
		w.write(bits.out)
		bits.out = bits.out[:0]
	}
}
