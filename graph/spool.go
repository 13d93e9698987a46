package graph

import (
	"encoding/binary"
	"fmt"
	"io"

	"kg/graph/atomicfile"
)

// A spool keeps what does not fit into memory in one file without a name, which vanishes with the
// process, however that ends.
type spool struct {
	path string // of the store being built
	file *atomicfile.Scratch
	size int64
}

// put appends bytes and returns where they are.
func (s *spool) put(b []byte) (extent, error) {
	if s.file == nil {
		f, err := atomicfile.NewScratch(s.path)
		if err != nil {
			return extent{}, err
		}
		s.file = f
	}
	if _, err := s.file.WriteAt(b, s.size); err != nil {
		return extent{}, fmt.Errorf("spool: %w", err)
	}
	e := extent{s.size, int64(len(b))}
	s.size += e.length
	return e, nil
}

// close lets go of everything.
func (s *spool) close() {
	if s.file != nil {
		s.file.Discard()
		s.file = nil
	}
}

// An extent is a part of the spool.
type extent struct{ at, length int64 }

// A pile is a list of bytes that grows at its end. The spool has most of a large one.
type pile struct {
	spool *spool
	parts []extent
	rest  []byte
	size  int64
	err   error // the first one; told by copyTo
}

// pileRoom is how much of a pile is in memory.
const pileRoom = 1 << 18

func (p *pile) add(b ...byte) {
	p.rest = append(p.rest, b...)
	p.size += int64(len(b))
	if len(p.rest) >= pileRoom && p.spool != nil && p.err == nil {
		e, err := p.spool.put(p.rest)
		if err != nil {
			p.err = err
			return
		}
		p.parts, p.rest = append(p.parts, e), p.rest[:0]
	}
}

// number appends a number.
func (p *pile) number(n int) { p.add(byte(n), byte(n>>8), byte(n>>16), byte(n>>24)) }

// A part is some bytes of an index.
type part interface {
	length() int64
	copyTo(w io.Writer) error
}

// held is a part that is in memory.
type held []byte

func (h held) length() int64 { return int64(len(h)) }

func (h held) copyTo(w io.Writer) error {
	_, err := w.Write(h)
	return err //nolint:wrapcheck // says what it was doing
}

// numbers is a part of numbers that are in memory.
type numbers []uint32

func (n numbers) length() int64 { return 4 * int64(len(n)) }

func (n numbers) copyTo(w io.Writer) error {
	for len(n) > 0 {
		batch := n[:min(len(n), 1<<14)]
		b := make([]byte, 0, 4*len(batch))
		for _, v := range batch {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		if _, err := w.Write(b); err != nil {
			return err //nolint:wrapcheck // says what it was doing
		}
		n = n[len(batch):]
	}
	return nil
}

func (p *pile) length() int64 { return p.size }

// copyTo writes all bytes.
func (p *pile) copyTo(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	for _, e := range p.parts {
		if _, err := io.Copy(w, io.NewSectionReader(p.spool.file, e.at, e.length)); err != nil {
			return fmt.Errorf("spool: %w", err)
		}
	}
	_, err := w.Write(p.rest)
	return err //nolint:wrapcheck // says what it was doing
}
