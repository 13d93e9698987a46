package graph

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// BuildOptions say what a store is built with. Only Schema is required.
type BuildOptions struct {
	Schema     *Schema
	Namespaces Namespaces // how opened stores read IRIs; zero: [DefaultNamespaces]
	MaxMemory  int64      // of questions to opened stores, as in [OpenOptions]

	// Inputs is recorded in the store, which is out of date once they change. What the feed reads and
	// they do not name (standard input) is not watched.
	Inputs Inputs

	// Tool is the version of the program. A store built by another one is out of date.
	Tool string

	// Memory is about how many bytes the build may use; 0 for [DefaultMemory]. What does not fit goes to
	// files beside the store. A build that streams uses 1.25 GiB at most.
	Memory int64

	// Hold is how many quads are gathered in memory before the build streams; 0 for 65,536. Only snapshots
	// and builds of which nothing is kept stream.
	Hold int

	// Workers is how many cores sort what is streamed; 0 for all.
	Workers int

	// Again says that the feed can be run a second time: the places of quads that do not fit together are
	// then found by reading them once more.
	Again bool

	// Facts, when set, is handed what was read, and the schema, without what was concluded, once all of it
	// was found to be right. Its error ends the build.
	Facts func(iter.Seq2[quad.Quad, error]) error

	// Progress, when set, is called every few thousand quads, by no two goroutines at a time.
	Progress func(Progress)

	// Notice, when set, is told what a user should know and no error says, one sentence at a time.
	Notice func(string)

	// Now is the clock; nil: time.Now.
	Now func() time.Time

	whole bool // the facts are wanted in memory
}

// holdQuads is how many quads are gathered before a build streams, where the options do not say.
const holdQuads = 1 << 16

func (o BuildOptions) hold() int {
	if o.Hold > 0 {
		return o.Hold
	}
	return holdQuads
}

// Progress is how far a build is.
type Progress struct {
	Stage string // "reading", "concluding", "sorting", "writing"
	Done  int    // quads; when sorting, different values
	Total int    // 0 where it is not known
}

// progressEvery is how many quads pass between two reports.
const progressEvery = 1 << 12

func (o BuildOptions) progress(stage string, done int) {
	if o.Progress != nil {
		o.Progress(Progress{Stage: stage, Done: done})
	}
}

func (o BuildOptions) notice(text string) {
	if o.Notice != nil {
		o.Notice(text)
	}
}

func (o BuildOptions) now() time.Time {
	if o.Now != nil {
		return o.Now().UTC()
	}
	return time.Now().UTC()
}

// A Summary is what a build did.
type Summary struct {
	Address Address
	Counts  Counts
	Facts   *Facts // the content, if it was gathered in memory
	Took    time.Duration
}

// Build gathers what the feed hands over and stores it at the address, in place of what was there.
// It is all or nothing: on any error, and when the context ends, the old store is untouched and
// nothing else stays behind. Two builds at one time both succeed; the later one stands.
// At "memory:" it only checks.
func Build(ctx context.Context, a Address, feed Feed, o BuildOptions) (Summary, error) {
	b, err := backendOf(a)
	if err != nil {
		return Summary{}, err
	}
	start := time.Now()
	if !a.InMemory() {
		if _, err := b.manifest(a.Path); errors.Is(explainRead(a, err), errForeign) {
			return Summary{}, explainRead(a, err)
		}
	}
	manifest := Manifest{Program: "kg", Version: StoreVersion, Generation: QuadGeneration, Tool: o.Tool, Built: o.now()}
	// The inputs are looked at before they are read: one that changes meanwhile makes the store old.
	if manifest.Inputs, err = o.Inputs.record(nil, manifest.Built); err != nil {
		return Summary{}, err
	}
	manifest.Digest = digest(manifest.Inputs, o.Tool)
	c := newCollector(o)
	if !o.whole && (a.InMemory() || a.Scheme == snapshot.Name) {
		c.flow = func() *stream { return newStream(a.Path, o) }
	}
	problems, whole, err := c.read(ctx, feed)
	if c.stream != nil {
		defer c.stream.discard()
		manifest.Counts, err = c.stream.build(ctx, a, feed, manifest, problems, whole, err)
		return Summary{Address: a, Counts: manifest.Counts, Took: time.Since(start)}, err
	}
	if err != nil {
		return Summary{}, err
	}
	facts, err := c.conclude(ctx, problems, whole)
	if err != nil {
		return Summary{}, err
	}
	manifest.Counts = facts.Counts()
	if o.Facts != nil {
		if err := o.Facts(eachOf(facts.Stated)); err != nil {
			return Summary{}, err
		}
	}
	total := manifest.Counts.Quads
	g := content{manifest: manifest, quads: facts.All(), step: func(done int) {
		if o.Progress != nil {
			o.Progress(Progress{Stage: "writing", Done: done, Total: total})
		}
	}}
	if !a.InMemory() {
		if err := b.write(ctx, a.Path, g); err != nil {
			return Summary{}, stopOr(ctx, explainWrite(a, err))
		}
	}
	return Summary{Address: a, Counts: manifest.Counts, Facts: facts, Took: time.Since(start)}, nil
}

// stopOr is the reason for which the context ended, or else an error.
func stopOr(ctx context.Context, err error) error {
	if stop := context.Cause(ctx); stop != nil {
		return stop
	}
	return err
}

// eachOf yields quads that are at hand.
func eachOf(quads []quad.Quad) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}
