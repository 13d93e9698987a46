package loaders

import (
	"context"
	"io"
	"sync"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

const (
	// blockSize is how much of the input a core is given at a time: enough to be worth it, little
	// enough to stay in the core's cache together with its quads.
	blockSize = 128 << 10

	// smallBlock is what is not worth to be handed to another core. An input that trickles in is read
	// in blocks of this kind, and its quads arrive at the sink at once.
	smallBlock = 16 << 10
)

// A block is some whole lines of an input and, once a core has read them, what they say.
type block struct {
	data     []byte
	quads    []quad.Quad
	places   []place // of the quads
	problems []lineProblem
	lines    int
	bulk     bool // the quads go to a bulk sink as bytes
	before   int  // lines in the blocks before, where that is so
	done     chan struct{}
}

// A place counts lines from the beginning of the block.
type place struct{ line, column int }

// A lineProblem was met before the quad of that number: a fault of the line, or what a bulk sink said.
type lineProblem struct {
	before int
	at     place
	fault  *fault
	err    error
}

// A blockReader reads the lines of a block, up to the first problem if that ends the load.
type blockReader interface {
	block(b *block, o Options)
}

// A splitter reads N-Quads and N-Triples. It cuts the input into blocks, which several cores read at
// the same time, and hands them to the sink in order; that, and the reading of blocks smaller than
// small, is done by the goroutine that calls.
type splitter struct {
	options Options
	graphs  bool
	small   int

	out     *delivery
	bulk    graph.BulkSink // nil: the sink takes values only
	asBytes bool           // the bulk sink wants bytes by now
	lines   int            // in the blocks so far, where it does
	at      graph.Position // where the oldest block that is not handed out begins
	jobs    chan *block
	pending []*block // given to cores, in the order of the input
	free    []*block
}

func (s *splitter) load(ctx context.Context, r io.Reader, name string, sink graph.Sink) error {
	s.out = &delivery{ctx: ctx, sink: sink, report: newReport(name, s.options)}
	s.at.File = name
	s.bulk, _ = sink.(graph.BulkSink)
	s.jobs = make(chan *block)
	var cores sync.WaitGroup
	defer cores.Wait()
	defer close(s.jobs)
	if s.options.Workers > 1 {
		for range s.options.Workers {
			cores.Go(func() {
				read := s.reader()
				for b := range s.jobs {
					read(b)
				}
			})
		}
	}
	var (
		read = s.reader()
		cut  = cutter{r: watched{ctx, r}, limit: s.options.MaxTerm}
	)
	for {
		if err := s.ask(); err != nil {
			return err
		}
		b, err := s.next(&cut)
		if err != nil {
			if err := s.deliver(0); err != nil {
				return err
			}
			s.at.Line, s.at.Column = s.at.Line+1, 0
			return s.out.end(err, s.at)
		}
		left := 0
		if s.options.Workers > 1 && len(b.data) >= s.small {
			left = 2 * s.options.Workers // blocks on their way keep all cores busy
			s.jobs <- b
		} else {
			if err := s.deliver(0); err != nil {
				return err
			}
			read(b)
		}
		s.pending = append(s.pending, b)
		if err := s.deliver(left); err != nil {
			return err
		}
	}
}

// reader makes what reads blocks for one goroutine.
func (s *splitter) reader() (read func(b *block)) {
	var values, bytes blockReader // made when they are needed
	return func(b *block) {
		if b.bulk {
			if bytes == nil {
				bytes = &bulkReader{
					statements: statements[graph.Term]{terms: newTermMaker(s.options), graphs: s.graphs},
					sink:       s.bulk,
					file:       s.at.File,
				}
			}
			bytes.block(b, s.options)
		} else {
			if values == nil {
				values = &valueReader{statements[quad.Value]{terms: valueMaker{newTerms(s.options)}, graphs: s.graphs}}
			}
			values.block(b, s.options)
		}
		b.done <- struct{}{}
	}
}

// ask asks the sink whether it wants bytes. Values that are on their way come before them.
func (s *splitter) ask() error {
	if s.bulk == nil || s.asBytes || !s.bulk.Bulk() {
		return nil
	}
	if err := s.deliver(0); err != nil {
		return err
	}
	s.asBytes, s.lines = true, s.at.Line
	return nil
}

// next returns the next block of the input, in the memory of one that is done with.
func (s *splitter) next(cut *cutter) (b *block, err error) {
	if n := len(s.free); n > 0 {
		b, s.free = s.free[n-1], s.free[:n-1]
	} else {
		b = &block{done: make(chan struct{}, 1)}
	}
	b.data, err = cut.next(b.data[:0])
	if b.bulk = s.asBytes; b.bulk {
		b.before = s.lines
		s.lines += countLines(b.data)
	}
	return b, err
}

// deliver hands out the oldest blocks until only so many are on their way.
func (s *splitter) deliver(left int) error {
	for len(s.pending) > left {
		b := s.pending[0]
		<-b.done
		if err := s.out.block(b, &s.at); err != nil {
			return err
		}
		s.pending, s.free = s.pending[1:], append(s.free, b)
	}
	return nil
}

// A valueReader makes quads of values, which are handed to the sink afterwards.
type valueReader struct{ statements[quad.Value] }

func (r *valueReader) block(b *block, o Options) {
	b.quads, b.places, b.problems = b.quads[:0], b.places[:0], b.problems[:0]
	in := textLines{text: b.data}
	for line, ok := in.next(); ok; line, ok = in.next() {
		var t [parts]quad.Value
		start, terms, f := r.line(line, o.MaxTerm, &t)
		switch {
		case f != nil:
			b.problems = append(b.problems, lineProblem{len(b.quads), place{in.number, column(line, f.at)}, f, nil})
			if !o.KeepGoing {
				return
			}
		case terms > 0:
			b.quads = append(b.quads, quad.Quad{Subject: t[inSubject], Predicate: t[inPredicate], Object: t[inObject], Label: t[inLabel]})
			b.places = append(b.places, place{in.number, start + 1})
		}
	}
	b.lines = in.number
}

// block hands out what a block says; at is where it begins and then where it ends.
func (d *delivery) block(b *block, at *graph.Position) error {
	problems, first := b.problems, at.Line
	for i := 0; ; i++ {
		for len(problems) > 0 && problems[0].before == i {
			p := problems[0]
			at.Line, at.Column = first+p.at.line, p.at.column
			if p.err == nil {
				p.err = p.fault.problem(*at)
			}
			if err := d.report.add(p.err); err != nil {
				return err
			}
			problems = problems[1:]
		}
		if i == len(b.quads) {
			break
		}
		if err := d.cancelled(); err != nil {
			return err
		}
		at.Line, at.Column = first+b.places[i].line, b.places[i].column
		if err := d.add(b.quads[i], *at); err != nil {
			return err
		}
	}
	at.Line = first + b.lines
	clear(b.quads) // lets go of values that only the sink may want to keep
	return nil
}
