package snapshot

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync/atomic"
	"syscall"

	"github.com/cayleygraph/quad"
)

// A file is a snapshot that is open for reading. It is unmapped when nothing refers to it any more:
// iterators, references and readers of an older generation keep theirs, and none can read what is gone.
type file struct {
	path       string
	generation uint32 // counts the files that one store had
	info       fs.FileInfo
	data       []byte
	trailer    *trailer
	dict       dictionary
	predicates []byte // numbers, 4 bytes each, sorted
	stats      []byte
	cache      atomic.Pointer[valueCache] // made when a value is first asked for

	spol, opsl, posl, lspo order
}

// Columns of the orders, without the leading one.
const (
	spolP, spolO, spolL = 0, 1, 2
	opslP, opslS, opslL = 0, 1, 2
	poslO, poslS, poslL = 0, 1, 2
	lspoS, lspoP, lspoO = 0, 1, 2
)

func openFile(path string) (*file, error) {
	data, info, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	f, err := newFile(path, data)
	if err != nil {
		unmap(data)
		return nil, err
	}
	f.info = info
	runtime.AddCleanup(f, unmap, data)
	return f, nil
}

func newFile(path string, data []byte) (f *file, err error) {
	f = &file{path: path, data: data}
	defer f.guard(debug.SetPanicOnFault(true), &err)
	t, err := parseTrailer(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.trailer = t
	f.read()
	return f, nil
}

// read sets up everything that is read from the trailer and the bytes.
func (f *file) read() {
	t := f.trailer
	w := t.widths()
	f.dict = dictionary{blob: f.section(secTerms), blocks: numbers{f.section(secBlocks), w.blob}, terms: t.Terms, kinds: t.Kinds}
	f.predicates, f.stats = f.section(secPredicates), f.section(secStats)
	f.spol = newOrder(f.section(secSPOL), t.Quads, [3]uint{w.rank, w.object, w.label}, f.section(secSubjects), w.row, t.FirstSubject, t.LastSubject)
	f.opsl = newOrder(f.section(secOPSL), t.Quads, [3]uint{w.rank, w.subject, w.label}, f.section(secObjects), w.row, t.FirstObject, t.LastObject)
	f.posl = newOrder(f.section(secPOSL), t.Quads, [3]uint{w.object, w.subject, w.label}, f.section(secPredOffs), w.row, min(t.Predicates, 1), t.Predicates)
	f.lspo = newOrder(f.section(secLSPO), t.Labelled, [3]uint{w.subject, w.rank, w.object}, f.section(secLabels), w.row, t.FirstLabel, t.LastLabel)
}

func (f *file) section(i int) []byte {
	s := f.trailer.Sections[i]
	return f.data[s.Offset : s.Offset+s.Length : s.Offset+s.Length]
}

// damage is what readers panic with when the parts of a file contradict each other. A guard turns it
// into an error.
type damage string

// guard ends a reading of the file. It is deferred, with debug.SetPanicOnFault(true) as its first
// argument: a page that is not there any more, a read beyond a section, and damage become errors.
func (f *file) guard(before bool, err *error) {
	debug.SetPanicOnFault(before)
	switch cause := recover().(type) {
	case nil:
	case damage:
		*err = fmt.Errorf("%s: %w: %s", f.path, ErrDamaged, string(cause))
	case interface{ Addr() uintptr }:
		*err = fmt.Errorf("%s: %w: the file was cut short, or its disk cannot be read", f.path, ErrDamaged)
	case runtime.Error:
		*err = fmt.Errorf("%s: %w: %w", f.path, ErrDamaged, cause)
	default:
		panic(cause)
	}
	runtime.KeepAlive(f)
}

// guarded reads the file through a function.
func (f *file) guarded(read func()) (err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	read()
	return nil
}

// value decodes a term.
func (f *file) value(id uint32) (quad.Value, error) {
	cache := f.cache.Load()
	if cache == nil {
		f.cache.CompareAndSwap(nil, new(valueCache))
		cache = f.cache.Load()
	}
	if v, ok := cache.get(id); ok {
		return v, nil
	}
	var buf [128]byte
	term := f.dict.appendTerm(buf[:0], id)
	v, err := decodeTerm(term)
	if err == nil && len(term) <= cacheText {
		cache.offer(id, v)
	}
	return v, err
}

// predicateAt returns the number of the predicate with a rank.
func (f *file) predicateAt(rank uint32) uint32 {
	return binary.LittleEndian.Uint32(f.predicates[4*int(rank):])
}

// rankOf returns the rank of a predicate, and whether the term is one.
func (f *file) rankOf(id uint32) (uint32, bool) {
	n := int(f.trailer.Predicates)
	i := sort.Search(n, func(i int) bool { return f.predicateAt(uint32(i)) >= id })
	return uint32(i), i < n && f.predicateAt(uint32(i)) == id
}

// manifest returns a copy of what the builder was given. The error says when its checksum is wrong.
func (f *file) manifest() (text []byte, err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	text = append(text, f.section(secManifest)...)
	if castagnoli(text) != f.trailer.Sections[secManifest].Sum {
		return text, fmt.Errorf("%s: %w: the checksum of its manifest", f.path, ErrDamaged)
	}
	return text, nil
}

// verify checks every byte of the file.
func (f *file) verify(ctx context.Context) (err error) {
	defer f.guard(debug.SetPanicOnFault(true), &err)
	for i := range sections {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if castagnoli(f.section(i)) != f.trailer.Sections[i].Sum {
			return fmt.Errorf("%s: %w: the checksum of section %s", f.path, ErrDamaged, sectionName(i))
		}
	}
	return f.consistent(ctx)
}

// Verify checks every byte of a file, and that its orders hold the same quads. It reads all of it.
func Verify(ctx context.Context, path string) error {
	f, err := openFile(path)
	if err != nil {
		return err
	}
	return f.verify(ctx)
}

// ReadManifest returns what the builder of a file was given to keep in it. When only the checksum of
// the manifest is wrong, the text comes with the error: it may say why.
func ReadManifest(path string) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return f.manifest()
}

// openRegular opens a file that can be mapped.
func openRegular(path string) (*os.File, fs.FileInfo, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("snapshot: %w", err)
	}
	info, err := in.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s: %w: no regular file", path, ErrForeign)
	case int64(int(info.Size())) != info.Size():
		err = fmt.Errorf("%s: %w: too large for this machine", path, ErrForeign)
	}
	if err != nil {
		return nil, nil, errors.Join(err, in.Close())
	}
	return in, info, nil
}
