package snapshot

import (
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tempMark is in the name of every file that is not finished yet.
const tempMark = ".kg-build-"

// abandoned is the age at which an unfinished file is taken to belong to no running build, on systems
// where its lock does not tell.
const abandoned = time.Hour

// An output is a file being written beside the one it will take the place of.
type output struct {
	path string // where it will stand
	file *os.File
	done bool

	hidden bool // it has no name any more
}

// newOutput begins a file: it makes the folder, and a name that no other build uses.
func newOutput(path string) (*output, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	}
	dir, base := place(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder of the snapshot: %w", err)
	}
	path = filepath.Join(dir, base)
	prefix := "." + base + tempMark
	sweep(dir, prefix)
	for n := 0; ; n++ {
		temp := filepath.Join(dir, prefix+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(n))
		f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
		if os.IsExist(err) {
			continue // another build of this process, or one long dead with our number
		}
		if err != nil {
			return nil, fmt.Errorf("new snapshot: %w", err)
		}
		tryLock(f) // tells other builds that somebody is at it
		return &output{path: path, file: f}, nil
	}
}

// place returns the folder and the name of what is to be replaced: where a path is a link, the link
// stays and what it points to is replaced.
func place(path string) (dir, base string) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir, base = filepath.Split(filepath.Clean(path))
	if dir == "" {
		dir = "."
	}
	return dir, base
}

// commit makes the file durable and puts it in its place.
func (o *output) commit() error {
	if err := o.file.Sync(); err != nil {
		return fmt.Errorf("new snapshot: %w", err)
	}
	if err := os.Rename(o.file.Name(), o.path); err != nil {
		return fmt.Errorf("new snapshot: %w", err)
	}
	o.done = true
	if err := o.file.Close(); err != nil {
		return fmt.Errorf("new snapshot: %w", err)
	}
	return syncFolder(filepath.Dir(o.path))
}

// discard removes what was not committed.
func (o *output) discard() {
	if !o.done {
		o.done = true
		if !o.hidden {
			_ = os.Remove(o.file.Name()) // nothing more can be done about it
		}
		_ = o.file.Close()
	}
}

// syncFolder makes the names in a folder survive a loss of power.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	err = f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}

// sweep removes unfinished files of builds that were killed.
func sweep(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // tidying up is no reason to fail; the build will say what is wrong with the folder
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), prefix) || !info.Mode().IsRegular() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if f, err := os.Open(name); err == nil {
			// A build locks its file right after making it; a file this young may not be locked yet.
			age := time.Since(info.ModTime())
			if canLock && age > time.Second && tryLock(f) || !canLock && age > abandoned {
				_ = os.Remove(name)
			}
			_ = f.Close()
		}
	}
}

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
