package loaders

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// pquads is Cayley's binary format: a head, then quads as protobuf messages with their lengths. It is
// the one format of Cayley's that keeps every value apart from every other, so the one to move a
// graph in.
func pquads() Format {
	return Format{
		Name:       "pquads",
		Extensions: []string{".pq", ".pquads"},
		MediaType:  "application/x-protobuf",
		Load:       loadPQuads,
		claims:     func(head []byte) bool { return bytes.HasPrefix(head, []byte(pquadsMagic)) },
	}
}

const (
	pquadsMagic   = "\x00pq\x00"
	pquadsVersion = 1
)

// A pquadsReader reads messages. It has no lines, so the line in a position is the number of the
// quad; messages say at which byte they mean.
type pquadsReader struct {
	terms  *cayleyTerms
	in     *bufio.Reader
	offset int64 // of the next byte
	limit  int
	strict bool // subject, predicate and label are references, not values
	last   [4]pquadsTerm
	buf    []byte
}

// A pquadsTerm is a term as it was read last in one direction: a term left out is that of the quad
// before. So a fault in it is a fault of every quad that repeats it.
type pquadsTerm struct {
	value quad.Value
	fault *fault
}

func loadPQuads(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	p := &pquadsReader{in: bufio.NewReaderSize(watched{ctx, r}, firstBuffer), limit: o.MaxTerm}
	if p.terms, err = newCayleyTerms(o); err != nil {
		return err
	}
	out := &delivery{ctx: ctx, sink: sink, report: newReport(name, o)}
	at := graph.Position{File: name, Line: 1, Column: 1}
	f, err := p.head()
	for ; f == nil && err == nil; at.Line++ {
		if err := out.cancelled(); err != nil {
			return err
		}
		var message []byte
		if message, f, err = p.message(); f != nil || err != nil {
			break
		}
		var q quad.Quad
		var bad *fault
		if q, bad, f = p.quad(message); f != nil {
			break
		}
		if bad != nil {
			err = out.report.add(bad.problem(at))
		} else {
			err = out.add(q, at)
		}
		if err != nil {
			return err
		}
	}
	if f != nil {
		err = f.problem(at)
	}
	return out.end(err, at)
}

// head reads what comes before the quads.
func (p *pquadsReader) head() (*fault, error) {
	head := make([]byte, len(pquadsMagic)+4)
	n, err := io.ReadFull(p.in, head)
	p.offset += int64(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	case n < len(head) || !bytes.HasPrefix(head, []byte(pquadsMagic)):
		f := &fault{want: `Cayley's protobuf quads, which begin with the bytes 00 "pq" 00`, found: fmt.Sprintf("the bytes % X", head[:min(n, len(pquadsMagic))])}
		if n == 0 {
			f.found = "an empty file"
		}
		return f, nil
	}
	if v := binary.LittleEndian.Uint32(head[len(pquadsMagic):]); v != pquadsVersion {
		return &fault{want: fmt.Sprintf("version %d of Cayley's protobuf quads", pquadsVersion), found: fmt.Sprintf("version %d", v)}, nil
	}
	message, f, err := p.message()
	if f != nil || errors.Is(err, io.EOF) {
		return torn("the head"), nil
	}
	if err != nil {
		return nil, err
	}
	p.strict = true
	return p.fields(message, func(field protoField) *fault {
		if field.number == 2 { // not_strict
			p.strict = field.varint == 0
		}
		return nil
	}), nil
}

func torn(what string) *fault {
	return &fault{want: "the rest of " + what, found: "the end of the file", hint: "is the file cut off?"}
}

// message reads the next message. The error is io.EOF where the file ends between two.
func (p *pquadsReader) message() ([]byte, *fault, error) {
	start := p.offset
	length, n, err := p.uvarint()
	switch {
	case errors.Is(err, io.EOF) && n == 0:
		return nil, nil, io.EOF
	case errors.Is(err, io.EOF):
		return nil, torn("a quad"), nil
	case err != nil:
		return nil, nil, err
	case length > uint64(p.limit):
		return nil, &fault{
			want:  fmt.Sprintf("a quad of at most %d bytes", p.limit),
			found: fmt.Sprintf("one of %d at byte %d", length, start), hint: "is the file damaged?",
		}, nil
	}
	// The length is the file's word only: no more is set aside than has been read.
	p.buf = p.buf[:0]
	for uint64(len(p.buf)) < length {
		if room := min(int(length)-len(p.buf), blockSize); cap(p.buf)-len(p.buf) < room {
			p.buf = append(make([]byte, 0, 2*len(p.buf)+room), p.buf...)
		}
		n, err := p.in.Read(p.buf[len(p.buf):min(cap(p.buf), int(length))])
		p.buf = p.buf[:len(p.buf)+n]
		p.offset += int64(n)
		if errors.Is(err, io.EOF) && uint64(len(p.buf)) < length {
			return nil, torn("a quad"), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, nil, err
		}
	}
	return p.buf, nil, nil
}

// uvarint reads a number and tells how many bytes it took.
func (p *pquadsReader) uvarint() (value uint64, n int, err error) {
	for ; n < binary.MaxVarintLen64; n++ {
		c, err := p.in.ReadByte()
		if err != nil {
			return 0, n, err
		}
		p.offset++
		value |= uint64(c&0x7F) << (7 * n)
		if c < 0x80 {
			return value, n + 1, nil
		}
	}
	return 1<<64 - 1, n, nil // longer than any message may be
}
