package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
)

// Errors of a store as a whole. Each comes wrapped in a [*Problem] that names the store and what to do.
var (
	// ErrNoStore says that there is nothing at the address.
	ErrNoStore = errors.New("no store")

	// ErrStoreVersion says that what is there was not made by this version of kg, or not by kg at all.
	ErrStoreVersion = errors.New("store of another version")

	// ErrStoreLocked says that another process holds the store.
	ErrStoreLocked = errors.New("store is locked")

	// ErrNotWritable says that the store cannot be written where it should be: a read-only folder, no
	// space, a folder where a file is wanted.
	ErrNotWritable = errors.New("store cannot be written")
)

// A backend keeps graphs of one scheme. It is a value in the list that [backends] returns.
type backend struct {
	scheme   string
	pathless bool // the path may be left out
	kinds    []StoreKind

	// write puts a graph at the path: all of it or, on an error or when the context ends, nothing.
	// What was there before is replaced in one step and stays readable to those who have it open.
	write func(ctx context.Context, path string, g content) error

	// open returns the graph at the path for reading. It creates nothing.
	open func(path string, o OpenOptions) (opened, error)

	// manifest reads the manifest alone.
	manifest func(path string) (Manifest, error)
}

// backends lists the kinds of store, the one for most people first.
func backends() []backend {
	return []backend{snapshotBackend(), memoryBackend(), levelBackend(), boltBackend()}
}

// backendOf finds the backend of a parsed address.
func backendOf(a Address) (backend, error) {
	for _, b := range backends() {
		if b.scheme == a.Scheme {
			return b, nil
		}
	}
	_, err := ParseAddress(a.String())
	if err == nil {
		err = fmt.Errorf("%w: no store of kind %q", ErrAddress, a.Scheme)
	}
	return backend{}, err
}

// content is what a backend writes.
type content struct {
	manifest Manifest
	quads    []quad.Quad
	step     func(done int) // progress; never nil
}

// opened is a store as its backend opens it.
type opened struct {
	quads    cayley.QuadStore
	manifest Manifest
	outage   *outage // what Cayley would only log; nil where nothing can go wrong
}

// explainWrite turns an error of the operating system into one that says what to do. The error wraps
// [ErrNotWritable] where another place would help.
func explainWrite(a Address, err error) error {
	if settledError(err) {
		return err
	}
	var want string
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		want = "room for the store"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrNotExist):
		want = "a place that may be written"
	case errors.Is(err, syscall.EISDIR):
		want = "a file"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		want = "a folder"
	default:
		return fmt.Errorf("%s: %w", a, err)
	}
	return &Problem{
		At: Position{File: a.String()}, Want: want, Found: plainCause(err),
		Hint: "make room or choose another place with --store", Err: fmt.Errorf("%w: %w", ErrNotWritable, err),
	}
}

// explainRead is explainWrite for a store that is opened.
func explainRead(a Address, err error) error {
	switch {
	case settledError(err):
		return err
	case errors.Is(err, syscall.EISDIR):
		return foreignStore(a, "a folder")
	case errors.Is(err, syscall.ENOTDIR):
		if _, missing := os.Stat(a.Path); missing != nil {
			return noStore(a) // a folder on the way is none
		}
		return foreignStore(a, "a file where a folder should be")
	case errors.Is(err, fs.ErrNotExist):
		return noStore(a)
	case errors.Is(err, fs.ErrPermission):
		return &Problem{At: Position{File: a.String()}, Want: "a store that may be read", Found: plainCause(err), Err: err}
	default:
		return fmt.Errorf("%s: %w", a, err)
	}
}

// settledError says whether an error needs no more words.
func settledError(err error) bool {
	var known *Problem
	return err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// plainCause names the path and the reason without the name of the system call.
func plainCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Path + ": " + path.Err.Error()
	}
	return err.Error()
}

func noStore(a Address) error {
	return &Problem{
		At: Position{File: a.String()}, Want: "a store", Found: "nothing there",
		Hint: "make it with kg build --store " + a.String(), Err: fmt.Errorf("%w: %w", ErrNoStore, fs.ErrNotExist),
	}
}

// otherVersion is the error for a store that this program cannot read.
func otherVersion(a Address, found string) error {
	return &Problem{
		At: Position{File: a.String()}, Want: "a store of " + wantedVersion(), Found: found,
		Hint: "build it again: kg build --store " + a.String(), Err: ErrStoreVersion,
	}
}

// errForeign says that what is at an address is no store of any version. A build does not replace it.
var errForeign = errors.New("not made by kg")

// foreignStore is the error for what is no store at all.
func foreignStore(a Address, found string) error {
	return &Problem{
		At: Position{File: a.String()}, Want: "a store of " + wantedVersion(), Found: found + ", which kg did not make",
		Hint: "make a store elsewhere (kg build --store " + a.Scheme + ":…), or move it away", Err: fmt.Errorf("%w: %w", ErrStoreVersion, errForeign),
	}
}
