package loaders

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"kg/graph"
)

var (
	// ErrTorn is the cause of problems with an archive that ends too early or is damaged.
	ErrTorn = errors.New("torn archive")
	// ErrBomb is the cause of problems with an archive that unpacks to more than is allowed.
	ErrBomb = errors.New("archive unpacks to too much")
)

// archive is how an input is packed.
type archive int

const (
	plain archive = iota
	gzipped
	zstandard
	zipped
)

const (
	gzipMagic = "\x1F\x8B"
	zstdMagic = "\x28\xB5\x2F\xFD"

	// zstdWindow is what an archive may make us hold in memory: zstd's own limit without --ultra
	// and --long is 8 MiB, and --long alone needs 128 MiB.
	zstdWindow = 128 << 20

	// ratioFrom is the unpacked size from which [Options].MaxRatio counts: small files may be as
	// regular as they like.
	ratioFrom = 64 << 20
)

func (a archive) extension() string {
	switch a {
	case gzipped:
		return ".gz"
	case zstandard:
		return ".zst"
	default:
		return ""
	}
}

func (a archive) String() string {
	switch a {
	case gzipped:
		return "gzip archive"
	case zstandard:
		return "zstd archive"
	case zipped:
		return "zip archive"
	default:
		return "plain text"
	}
}

func archiveByExtension(ext string) archive {
	switch ext {
	case ".gz":
		return gzipped
	case ".zst":
		return zstandard
	default:
		return plain
	}
}

func archiveByContent(head []byte) archive {
	switch {
	case bytes.HasPrefix(head, []byte(gzipMagic)):
		return gzipped
	case bytes.HasPrefix(head, []byte(zstdMagic)):
		return zstandard
	default:
		return plain
	}
}

// unpack looks at how an input begins and returns what unpacks it, with what to call at the end.
func unpack(raw io.Reader, name string, o Options) (io.Reader, func(), error) {
	packed := &counter{r: raw}
	in := bufio.NewReaderSize(packed, firstBuffer)
	head, err := in.Peek(len(zstdMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, readProblem(name, err)
	}
	told, is := archiveByExtension(strings.ToLower(path.Ext(name))), archiveByContent(head)
	if told != plain && told != is {
		return nil, nil, misnamed(name, told, is, len(head) == 0)
	}
	done := func() {}
	u := &unpacked{name: name, kind: is, packed: packed, ratio: int64(o.MaxRatio), limit: o.MaxUnpacked}
	switch is {
	case gzipped:
		u.r, err = gzip.NewReader(in)
	case zstandard:
		var z *zstd.Decoder
		z, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err == nil {
			u.r, done = z, z.Close
		}
	default:
		return in, done, nil
	}
	if err != nil {
		return nil, nil, u.torn(err)
	}
	return u, done, nil
}

func misnamed(name string, told, is archive, empty bool) error {
	p := &graph.Problem{
		At:    graph.Position{File: name},
		Want:  fmt.Sprintf("a %s (the name ends in %s)", told, told.extension()),
		Found: is.String(),
		Err:   ErrTorn,
	}
	switch {
	case empty:
		p.Found, p.Hint = "an empty file", "copy or fetch it again"
	case is != plain:
		p.Found, p.Hint = "a "+is.String(), "rename it to end in "+is.extension()
	default:
		p.Hint = "rename it without " + told.extension()
	}
	return p
}

// unpacked reads an archive, bounds what comes out of it and explains how it fails.
type unpacked struct {
	r            io.Reader
	name         string
	kind         archive
	packed       *counter
	size         int64
	limit, ratio int64
}

// Read reads unpacked bytes.
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.size += int64(n)
	switch {
	case u.limit > 0 && u.size > u.limit:
		return n, u.bomb(fmt.Sprintf("an archive that unpacks to at most %d bytes", u.limit))
	case u.size > ratioFrom && u.size/u.ratio > u.packed.n:
		return n, u.bomb(fmt.Sprintf("an archive that unpacks to at most %d times its size", u.ratio))
	case err != nil && !errors.Is(err, io.EOF):
		return n, u.torn(err)
	default:
		return n, err
	}
}

func (u *unpacked) bomb(want string) error {
	return &graph.Problem{
		At:    graph.Position{File: u.name},
		Want:  want,
		Found: fmt.Sprintf("%d bytes out of %d, and more to come", u.size, u.packed.n),
		Hint:  "if you trust it, unpack it first",
		Err:   ErrBomb,
	}
}

// torn explains the failure of a decompressor, unless the bytes below it failed.
func (u *unpacked) torn(err error) error {
	if u.packed.err != nil && !errors.Is(u.packed.err, io.EOF) {
		return readProblem(u.name, u.packed.err)
	}
	p := &graph.Problem{
		At:    graph.Position{File: u.name},
		Want:  "a whole " + u.kind.String(),
		Found: fmt.Sprintf("a damaged one (%v) after %d unpacked bytes", err, u.size),
		Hint:  "copy or fetch it again",
		Err:   fmt.Errorf("%w: %w", ErrTorn, err),
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		p.Found = fmt.Sprintf("one that is cut off after %d unpacked bytes", u.size)
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		p.Want, p.Found = "a zstd archive with a window of at most 128 MiB", "a larger one"
		p.Hint, p.Err = "pack it again without --ultra or --long=28", ErrBomb
	}
	return p
}

// readProblem explains that the bytes of an input could not be read.
func readProblem(name string, err error) error {
	var known *graph.Problem
	if errors.As(err, &known) {
		return err
	}
	return &graph.Problem{At: graph.Position{File: name}, Err: fmt.Errorf("reading stopped: %w", err)}
}

// counter counts the bytes that are read from r and keeps its error.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

// Read reads from r.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil {
		c.err = err
	}
	return n, err
}
