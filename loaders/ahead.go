package loaders

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// aheadChunk is how much is read (and unpacked) while the reader before it is at work.
const aheadChunk = 256 << 10

// ahead reads from a source in a goroutine of its own. That lets unpacking and parsing overlap, and
// lets a load be cancelled while its source keeps silent: the goroutine then waits alone, and ends
// with the read it is in.
type ahead struct {
	ctx    context.Context
	full   chan chunk
	free   chan []byte
	stopAt chan struct{}
	once   sync.Once
	now    []byte // of the chunk at hand, what is not yet read
	whole  []byte // the same chunk's buffer
	err    error
}

type chunk struct {
	data []byte
	err  error
}

// readAhead starts to read what open opens. The function that open returns is called when all
// reading has ended.
func readAhead(ctx context.Context, open func() (io.Reader, func(), error)) *ahead {
	a := &ahead{
		ctx:    ctx,
		full:   make(chan chunk, 1),
		free:   make(chan []byte, 2),
		stopAt: make(chan struct{}),
	}
	a.free <- make([]byte, aheadChunk)
	a.free <- make([]byte, aheadChunk)
	go a.run(open)
	return a
}

func (a *ahead) run(open func() (io.Reader, func(), error)) {
	defer func() { // of a decompressor on hostile input; in a goroutine it would end the process
		if r := recover(); r != nil {
			a.send(chunk{err: fmt.Errorf("unpacking: %v", r)})
		}
	}()
	r, done, err := open()
	if err != nil {
		a.send(chunk{err: err})
		return
	}
	defer done()
	for {
		var buf []byte
		select {
		case buf = <-a.free:
		case <-a.stopAt:
			return
		}
		n, err := r.Read(buf[:cap(buf)])
		if !a.send(chunk{buf[:n], err}) || err != nil {
			return
		}
	}
}

func (a *ahead) send(c chunk) bool {
	select {
	case a.full <- c:
		return true
	case <-a.stopAt:
		return false
	}
}

// Read reads what was read ahead. It returns the context's error once there is one.
func (a *ahead) Read(p []byte) (int, error) {
	if len(a.now) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if a.whole != nil {
			a.free <- a.whole
			a.whole = nil
		}
		select {
		case c := <-a.full:
			a.now, a.whole, a.err = c.data, c.data, c.err
		case <-a.ctx.Done():
			a.err = context.Cause(a.ctx)
		}
	}
	n := copy(p, a.now)
	a.now = a.now[n:]
	if len(a.now) == 0 {
		return n, a.err
	}
	return n, nil
}

// stop ends the reading; a read that goes on is not waited for.
func (a *ahead) stop() { a.once.Do(func() { close(a.stopAt) }) }
