package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"kg/graph"
)

// writeFile lets write fill a file. The file appears, or replaces the old one, only when all of it is
// there; "-" is standard output. A device (/dev/full, a named pipe) is written as it is, and what a
// symbolic link leads to is written in its place: the link stays.
func (a *app) writeFile(path string, write func(io.Writer) error) error {
	if path == "-" || path == "" {
		return a.writeOut(write)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return &graph.Problem{At: graph.Position{File: path}, Want: "a file to write", Found: "a folder"}
	case err == nil && !info.Mode().IsRegular():
		return explainWrite(path, writeDevice(path, write))
	}
	target := path
	if to, err := filepath.EvalSymlinks(path); err == nil {
		target = to
	}
	temp, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return explainWrite(path, err)
	}
	mode := fs.FileMode(0o644)
	if info != nil {
		mode = info.Mode().Perm()
	}
	err = fill(temp, write)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(temp.Name(), target)
	}
	if err != nil {
		_ = os.Remove(temp.Name()) // the error at hand is the one to tell
		return explainWrite(path, err)
	}
	return nil
}

// writeOut lets write fill standard output.
func (a *app) writeOut(write func(io.Writer) error) error {
	return fill(&markedWriter{a.std.Out}, write)
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = fill(f, write)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

func fill(w io.Writer, write func(io.Writer) error) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// A markedWriter tells its own errors from those of whoever writes to it.
type markedWriter struct{ w io.Writer }

func (m *markedWriter) Write(p []byte) (int, error) {
	n, err := m.w.Write(p)
	if err != nil {
		return n, &writeError{err}
	}
	return n, nil
}

// explainWrite names the file and what to do about it.
func explainWrite(path string, err error) error {
	var known *graph.Problem
	at := graph.Position{File: path}
	cause := err
	var where *fs.PathError
	if errors.As(err, &where) {
		cause = where.Err
	}
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return &graph.Problem{At: at, Want: "room for the output", Found: cause.Error(), Hint: "free some space or choose another place", Err: err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &graph.Problem{At: at, Want: "a place that may be written", Found: cause.Error(), Hint: "choose another place", Err: err}
	case errors.Is(err, fs.ErrNotExist):
		return &graph.Problem{At: at, Want: "a folder that exists", Found: "none", Hint: "make it first", Err: err}
	}
	return fmt.Errorf("writing %s: %w", path, err)
}
