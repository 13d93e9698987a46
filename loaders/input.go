package loaders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kg/graph"
)

// StandardInput is the name of the input that [Options].Stdin stands behind.
const StandardInput = "-"

// sniffed is how many of the first bytes are looked at to tell a format.
const sniffed = 4 << 10

// An Input is an opened, unpacked input of a known format. Reading it ends with the error of the
// context that it was opened with as soon as there is one. The reader is not safe for concurrent use.
type Input struct {
	Name   string // as it was given to Open
	Format Format

	io.Reader
	close func() error
	doubt string // about the format, for a load that fails
}

// Close gives back what the input holds. It does not close Options.Stdin, nor wait for a read from
// it that still goes on.
func (in *Input) Close() error { return in.close() }

// Open opens one input: a path, or "-" for Options.Stdin. Archives (.gz, .zst) are recognized by
// name and by content. Whatever is wrong comes back as one [*graph.Problem].
func Open(ctx context.Context, input string, o Options) (*Input, error) {
	o, err := o.resolved(input)
	if err != nil {
		return nil, err
	}
	var format Format
	if o.Format != "" { // before anything is opened: a misspelt option needs no file
		if format, err = ByName(o.Format); err != nil {
			return nil, err
		}
	}
	raw, closeRaw, err := openRaw(ctx, input, o)
	if err != nil {
		return nil, err
	}
	ahead := openAhead(ctx, raw, input, o)
	in := &Input{Name: input, Format: format, close: func() error {
		ahead.stop()
		return closeRaw()
	}}
	wanted := longestMagic
	_, told := byExtension(input)
	if !told && o.Format == "" {
		wanted = sniffed
	}
	head, err := readHead(ahead, wanted)
	if err == nil {
		err = refuseBinary(input, head)
	}
	if err == nil && o.Format == "" {
		in.Format, err = detect(input, head)
		in.doubt = doubt(in.Format, !told, head)
	}
	if err != nil {
		_ = in.Close() // nothing came of it: the error at hand is the one to tell
		return nil, err
	}
	in.Reader = io.MultiReader(bytes.NewReader(head), ahead)
	return in, nil
}

// openAhead unpacks an input while what reads it is at work.
func openAhead(ctx context.Context, raw io.Reader, name string, o Options) *ahead {
	return readAhead(ctx, func() (io.Reader, func(), error) { return unpack(raw, name, o) })
}

// openRaw opens the bytes behind a name, packed or not. Of a zip archive it opens the member named, or
// the only one that can be read.
func openRaw(ctx context.Context, input string, o Options) (io.Reader, func() error, error) {
	if input == StandardInput {
		if o.Stdin == nil {
			return nil, nil, &graph.Problem{At: graph.Position{File: input}, Want: "standard input", Found: "none here"}
		}
		return o.Stdin, func() error { return nil }, nil
	}
	if file, member := splitMember(input); isZip(file) && (member != "" || isRegular(file)) {
		return openMember(file, member, o)
	}
	f, err := openFile(ctx, input)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		return nil, nil, unopened(input, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &graph.Problem{
			At:    graph.Position{File: input},
			Want:  "a file",
			Found: "a folder",
			Hint:  filesIn(input),
			Err:   fs.ErrInvalid,
		}
	}
	if err != nil {
		_ = f.Close() // the error at hand is the one to tell
		return nil, nil, err
	}
	return f, f.Close, nil
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// openFile opens a path without waiting longer than the context allows: opening a named pipe lasts
// until somebody writes to it.
func openFile(ctx context.Context, path string) (*os.File, error) {
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(path)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.f, o.err
	case <-ctx.Done():
		go func() {
			if o := <-done; o.err == nil {
				_ = o.f.Close() // nobody read from it
			}
		}()
		return nil, ctx.Err()
	}
}

// unopened explains why a path could not be opened.
func unopened(path string, err error) error {
	p := &graph.Problem{At: graph.Position{File: path}, Want: "a file to load", Err: err}
	var cause *fs.PathError
	switch {
	case path == "":
		p.At.File, p.Found, p.Hint = `""`, "an empty name", "name a file, or - for standard input"
	case errors.Is(err, fs.ErrNotExist):
		p.Found, p.Hint = "nothing of that name", nearestFile(path)
	case errors.Is(err, fs.ErrPermission):
		p.Found, p.Hint = "one that you may not read", "ask its owner, or see: ls -l"
	case errors.As(err, &cause):
		p.Found = cause.Err.Error()
	default:
		p.Found = err.Error()
	}
	return p
}

// nearestFile guesses which neighbour a missing file's name means.
func nearestFile(path string) string {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "there is no folder " + dir
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	near := graph.Nearest(filepath.Base(path), names)
	if near == "" {
		return ""
	}
	if dir != "." {
		near = filepath.Join(dir, near)
	}
	return "did you mean " + near + "?"
}

// filesIn names what could be loaded from a folder.
func filesIn(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "name the files in it"
	}
	var names []string
	for _, e := range entries {
		if _, ok := byExtension(e.Name()); ok && !e.IsDir() {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(names)
	switch len(names) {
	case 0:
		return "it holds no file whose name tells a format"
	case 1:
		return "did you mean " + names[0] + "?"
	default:
		return fmt.Sprintf("name its files, like %s (it holds %d that can be loaded)", names[0], len(names))
	}
}

// readHead reads the first bytes: all that one read gives, and at least n if there are as many. A
// pipe that is slow to be filled is not waited for longer than that.
func readHead(r io.Reader, n int) ([]byte, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadAtLeast(r, head, n)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}
