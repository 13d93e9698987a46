package loaders

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"

	"kg/graph"
)

// Limits that hold where an option is left at zero.
const (
	DefaultMaxTerm     = 16 << 20 // bytes
	DefaultMaxDepth    = 1000
	DefaultMaxProblems = 1000
	DefaultMaxDocument = 64 << 20 // bytes

	// DefaultMaxRatio is far above what text compresses to (20 to 100) and far below what archives
	// made to exhaust a reader reach (1,000 for gzip, more for zstd).
	DefaultMaxRatio = 300
)

// deepest keeps the stack of a nested input far below the size at which Go ends the process.
const deepest = 100_000

// Options say how to read an input. The zero value is what most people want.
type Options struct {
	// Format is the name of the format. Empty: told by the file's name, then by the first bytes.
	Format string

	// Stdin is what the input "-" reads.
	Stdin io.Reader

	// Namespaces shorten the IRIs. Without prefixes (the zero value): graph.DefaultNamespaces.
	Namespaces graph.Namespaces

	// Base is the absolute IRI against which relative ones are resolved. Empty: a relative IRI is a
	// problem unless the file itself names a base.
	Base string

	// Document is put in front of the blank nodes of this input (ASCII letters and digits) to keep
	// them apart from those of other inputs. Empty: a fingerprint of the input's name.
	Document string

	// Metadata is the file that describes the table which [LoadTable] reads. Empty: the one beside it.
	Metadata string

	// Contexts names the files with the contexts that JSON-LD documents may ask for, by their
	// addresses. The file under "" stands for every other address. Nothing is fetched from the network.
	Contexts map[string]string

	// KeepGoing collects problems, up to MaxProblems, instead of stopping at the first.
	KeepGoing   bool
	MaxProblems int

	// Workers is how many cores read N-Quads and N-Triples at the same time; zero means all, one
	// that nothing but the calling goroutine does. The sink is always called by that one, in order.
	Workers int

	// MaxTerm bounds a term and, in N-Quads and N-Triples, a line, in bytes.
	MaxTerm int

	// MaxDocument bounds what has to be read whole before any of it is understood, a document of
	// JSON-LD, in bytes.
	MaxDocument int

	// MaxDepth bounds the nesting of [ ] and ( ) in Turtle and TriG, and of brackets in JSON; more than
	// 100,000 is not possible.
	MaxDepth int

	// MaxUnpacked bounds what an archive unpacks to, in bytes; zero sets no bound, since inputs are
	// streamed. MaxRatio bounds how many times larger than the archive that may be, once it is
	// larger than 64 MiB.
	MaxUnpacked int64
	MaxRatio    int
}

// resolved fills in the defaults for the input of that name.
func (o Options) resolved(name string) (Options, error) {
	if len(o.Namespaces.Prefixes()) == 0 {
		o.Namespaces = graph.DefaultNamespaces()
	}
	if o.Document == "" {
		sum := sha256.Sum256([]byte(name))
		o.Document = hex.EncodeToString(sum[:6])
	}
	for i := range len(o.Document) {
		if classes[o.Document[i]]&alphanumeric == 0 {
			return o, &graph.Problem{
				At:    graph.Position{File: name},
				Want:  "a document key of ASCII letters and digits",
				Found: fmt.Sprintf("%q", o.Document),
			}
		}
	}
	orDefault(&o.Workers, runtime.GOMAXPROCS(0))
	orDefault(&o.MaxTerm, DefaultMaxTerm)
	orDefault(&o.MaxDepth, DefaultMaxDepth)
	orDefault(&o.MaxDocument, DefaultMaxDocument)
	orDefault(&o.MaxProblems, DefaultMaxProblems)
	orDefault(&o.MaxRatio, DefaultMaxRatio)
	o.MaxDepth = min(o.MaxDepth, deepest)
	return o, nil
}

func orDefault(n *int, value int) {
	if *n <= 0 {
		*n = value
	}
}
