package snapshot

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"sync"

	"kg/graph/atomicfile"
)

// A spill is a file for what does not fit into memory. Where the system allows it has no name, and so
// never stays behind.
type spill struct {
	mu   sync.Mutex
	path string // of the file being built
	file *atomicfile.Scratch
	size int64
}

// section writes through a function, alone, and returns what was written.
func (s *spill) section(write func(w *bufio.Writer) error) (*io.SectionReader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(); err != nil {
		return nil, err
	}
	start := s.size
	counted := &countingWriter{w: io.NewOffsetWriter(s.file, start)}
	w := bufio.NewWriterSize(counted, 1<<20)
	err := write(w)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, fmt.Errorf("spill: %w", err)
	}
	s.size += counted.n
	return io.NewSectionReader(s.file, start, counted.n), nil
}

func (s *spill) open() (err error) {
	if s.file == nil {
		s.file, err = atomicfile.NewScratch(s.path)
	}
	return err
}

func (s *spill) close() {
	if s.file != nil {
		s.file.Discard()
		s.file = nil
	}
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // wrapped by section
}

// A run is a batch of quads whose terms are sorted: in memory, or spilled with its rows sorted as well.
type run struct {
	terms  uint32
	preds  []uint64
	least  row               // of a spilled run: the smallest number in each column, 0 for labels that there are not
	most   row               // and the largest
	source func() termSource // the terms in order

	rows    rowList           // in memory: by numbers of the shard, in no order
	spilled *io.SectionReader // or else: sorted, by ranks of terms
	remap   []uint32          // number here → number in the file; filled by the merge
	ranks   map[uint32]uint32 // number of a predicate here → its rank in the file
}

// A termSource yields terms in order. The bytes are good until the next call.
type termSource interface {
	next() (id uint32, term []byte, err error) // io.EOF at the end
}

// run turns the batch of a shard into a run in memory.
func (s *Shard) run() (*run, error) {
	if err := s.lookUp(); err != nil {
		return nil, err
	}
	terms := s.terms
	terms.slots = nil
	keys := terms.sorted()
	r := &run{terms: uint32(len(keys)), preds: s.preds, rows: s.rows}
	r.source = func() termSource { return &memoryTerms{table: &terms, keys: keys} }
	return r, nil
}

type memoryTerms struct {
	table *termTable
	keys  []termKey
	ready [][]byte // the first terms: fetched together, they wait for memory together
	terms [64][]byte
}

func (m *memoryTerms) next() (uint32, []byte, error) {
	if len(m.keys) == 0 {
		return 0, nil, io.EOF
	}
	if len(m.ready) == 0 {
		m.ready = m.terms[:min(len(m.terms), len(m.keys))]
		for i := range m.ready {
			m.ready[i] = m.table.term(m.keys[i].id)
		}
	}
	id, term := m.keys[0].id, m.ready[0]
	m.keys, m.ready = m.keys[1:], m.ready[1:]
	return id, term, nil
}

// spillRun moves a run in memory to the spill.
func (r *run) spillRun(to *spill) error {
	rank := make([]uint32, r.terms+1)
	preds := make([]uint64, r.terms/64+1)
	texts, err := to.section(func(w *bufio.Writer) error {
		var before []byte
		source := r.source()
		for n := uint32(1); ; n++ {
			id, term, err := source.next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			rank[id] = n
			if r.isPredicate(id) {
				preds[n/64] |= 1 << (n % 64)
			}
			shared := sharedPrefix(before, term)
			var head [2 * binary.MaxVarintLen64]byte
			size := binary.PutUvarint(head[:], uint64(shared))
			size += binary.PutUvarint(head[size:], uint64(len(term)-shared))
			_, _ = w.Write(head[:size]) // the flush tells of errors
			_, _ = w.Write(term[shared:])
			before = append(before[:0], term...)
		}
	})
	if err != nil {
		return err
	}
	rows := make([]row, 0, r.rows.n)
	for i, piece := range r.rows.pieces {
		for _, q := range piece {
			rows = append(rows, row{rank[q.s], rank[q.p], rank[q.o], rank[q.l]})
		}
		r.rows.pieces[i] = nil
	}
	r.rows = rowList{}
	r.least, r.most = extent(rows)
	sorted := radixSort(rows, make([]row, len(rows)), orderOf[0][:], r.most)
	r.spilled, err = to.section(func(w *bufio.Writer) error { return writeRows(w, sorted) })
	if err != nil {
		return err
	}
	terms := r.terms
	r.preds = preds
	r.source = func() termSource {
		return &spilledTerms{in: bufio.NewReaderSize(io.NewSectionReader(texts, 0, texts.Size()), 1<<16), terms: terms}
	}
	return nil
}

type spilledTerms struct {
	in      *bufio.Reader
	id      uint32
	terms   uint32
	current []byte
}

func (t *spilledTerms) next() (uint32, []byte, error) {
	if t.id == t.terms {
		return 0, nil, io.EOF
	}
	shared, err := binary.ReadUvarint(t.in)
	if err != nil {
		return 0, nil, fmt.Errorf("spill: %w", err)
	}
	n, err := binary.ReadUvarint(t.in)
	if err != nil {
		return 0, nil, fmt.Errorf("spill: %w", err)
	}
	t.id++
	t.current = append(t.current[:shared], make([]byte, n)...)
	if _, err := io.ReadFull(t.in, t.current[shared:]); err != nil {
		return 0, nil, fmt.Errorf("spill: %w", err)
	}
	return t.id, t.current, nil
}

func sharedPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// rowBytes is the size of a row in the spill.
const rowBytes = 16

func writeRows(w *bufio.Writer, rows []row) error {
	var b [rowBytes]byte
	for _, r := range rows {
		binary.LittleEndian.PutUint32(b[0:], r.s)
		binary.LittleEndian.PutUint32(b[4:], r.p)
		binary.LittleEndian.PutUint32(b[8:], r.o)
		binary.LittleEndian.PutUint32(b[12:], r.l)
		if _, err := w.Write(b[:]); err != nil {
			return err //nolint:wrapcheck // wrapped by section
		}
	}
	return nil
}

// readRows yields rows of the spill in batches.
func readRows(from *io.SectionReader) func() ([]row, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(from, 0, from.Size()), 1<<16)
	batch := make([]row, 0, 1024)
	left := from.Size() / rowBytes
	return func() ([]row, error) {
		batch = batch[:0]
		for ; len(batch) < cap(batch) && left > 0; left-- {
			b, err := in.Peek(rowBytes)
			if err != nil {
				return nil, fmt.Errorf("spill: %w", err)
			}
			batch = append(batch, row{
				binary.LittleEndian.Uint32(b[0:]), binary.LittleEndian.Uint32(b[4:]),
				binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:]),
			})
			_, _ = in.Discard(rowBytes) // peeked at
		}
		if len(batch) == 0 {
			return nil, io.EOF
		}
		return batch, nil
	}
}

// extent returns the smallest and the largest number in each column; for labels the smallest that is one.
func extent(rows []row) (least, most row) {
	if len(rows) == 0 {
		return least, most
	}
	least = rows[0]
	for _, r := range rows {
		least, most = widen(least, most, r)
	}
	return least, most
}

func widen(least, most, r row) (row, row) {
	l := least.l
	if r.l > 0 && (l == 0 || r.l < l) {
		l = r.l
	}
	return row{min(least.s, r.s), min(least.p, r.p), min(least.o, r.o), l},
		row{max(most.s, r.s), max(most.p, r.p), max(most.o, r.o), max(most.l, r.l)}
}

func (r *run) isPredicate(id uint32) bool {
	return int(id/64) < len(r.preds) && r.preds[id/64]>>(id%64)&1 == 1
}

func (r *run) eachPredicate(yield func(id uint32)) {
	for i, word := range r.preds {
		for ; word != 0; word &= word - 1 {
			yield(uint32(64*i + bits.TrailingZeros64(word)))
		}
	}
}

// translated gives a row of a spilled run the numbers of the file.
func (r *run) translated(q row) row {
	return row{r.remap[q.s], r.ranks[q.p], r.remap[q.o], r.remap[q.l]}
}

// fileTerms are the terms of a file, as a run.
type fileTerms struct {
	d       *dictionary
	skip    map[uint32]bool
	id      uint32
	current []byte
	rest    []byte
}

func (t *fileTerms) next() (uint32, []byte, error) {
	for t.id < t.d.terms {
		if t.id%blockTerms == 0 {
			first, rest := t.d.first(uint64(t.id) / blockTerms)
			t.current, t.rest = append(t.current[:0], first...), rest
		} else {
			t.current, t.rest = next(t.current, t.rest)
		}
		t.id++
		if !t.skip[t.id] {
			return t.id, t.current, nil
		}
	}
	return 0, nil, io.EOF
}
