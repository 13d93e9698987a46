package graph

import (
	"context"
	"errors"
	"time"
)

// BuildOptions say what a store is built with. Only Schema is required.
type BuildOptions struct {
	Schema     *Schema
	Namespaces Namespaces // how opened stores read IRIs; zero: [DefaultNamespaces]

	// Inputs is recorded in the store, which is out of date once they change. What the feed reads and
	// they do not name (standard input) is not watched.
	Inputs Inputs

	// Tool is the version of the program. A store built by another one is out of date.
	Tool string

	// Progress, when set, is called every few thousand quads, from the goroutine of the build.
	Progress func(Progress)

	// Notice, when set, is told what a user should know and no error says, one sentence at a time.
	Notice func(string)

	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Progress is how far a build is.
type Progress struct {
	Stage string // "reading", "concluding", "writing"
	Done  int    // quads
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
	Facts   *Facts // the content, for who wants to write it elsewhere as well
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
	facts, err := Gather(ctx, feed, o)
	if err != nil {
		return Summary{}, err
	}
	manifest.Counts = facts.Counts()
	total := manifest.Counts.Quads
	g := content{manifest: manifest, quads: facts.All(), step: func(done int) {
		if o.Progress != nil {
			o.Progress(Progress{Stage: "writing", Done: done, Total: total})
		}
	}}
	if !a.InMemory() {
		if err := b.write(ctx, a.Path, g); err != nil {
			if stop := context.Cause(ctx); stop != nil {
				return Summary{}, stop
			}
			return Summary{}, explainWrite(a, err)
		}
	}
	return Summary{Address: a, Counts: manifest.Counts, Facts: facts, Took: time.Since(start)}, nil
}
