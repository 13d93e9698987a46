package graph

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A stream takes the quads of a build that are too many to be gathered in memory. Each is checked by
// itself as it comes, and goes to the builder of a snapshot, which sorts them beyond memory; those that
// may support a conclusion go to a second, small one as well. What only all quads together can show is
// looked for in the sorted file, before it is put in place.
type stream struct {
	options BuildOptions
	main    *snapshot.Builder
	links   *snapshot.Builder
	linking map[quad.IRI]bool
	own     *streamShard // of the goroutine that runs the build

	mu       sync.Mutex
	stage    string // as progress tells it
	problems Problems
	failed   error // the first error of the builders
	offered  int   // quads, as the builder told last
}

// linkShare is the part of the memory that the links get: they are few beside all quads.
const linkShare = 8

// enoughMemory is what more of makes no build faster: what is sorted in larger pieces no longer fits the
// caches of the processor, which costs what the fewer pieces save.
const enoughMemory = 5 << 28

// newStream begins a stream whose store will be at the path, or nowhere if that is empty.
func newStream(path string, o BuildOptions) *stream {
	if path == "" {
		path = filepath.Join(os.TempDir(), "kg-build")
	}
	memory := o.Memory
	if memory <= 0 {
		memory = DefaultMemory()
	}
	memory = min(memory, enoughMemory)
	s := &stream{options: o, stage: "reading", linking: linkPredicates()}
	s.main = snapshot.NewBuilder(path, snapshot.BuildOptions{
		Memory: memory - memory/linkShare, Workers: o.Workers, Progress: s.progress,
	})
	s.links = snapshot.NewBuilder(path+".links", snapshot.BuildOptions{Memory: memory / linkShare, Workers: o.Workers})
	s.own = s.shard()
	return s
}

// discard ends a stream. After the main builder's end it does nothing.
func (s *stream) discard() {
	s.main.Discard()
	s.links.Discard()
}

// progress passes on what the builder tells, from one goroutine at a time.
func (s *stream) progress(p snapshot.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stage, total := p.Stage, p.Total
	switch stage {
	case "reading":
		stage = s.stage
		s.offered = p.Done
	case "writing":
		total = s.offered
	}
	if s.options.Progress != nil {
		s.options.Progress(Progress{Stage: stage, Done: p.Done, Total: max(total, 0)})
	}
}

func (s *stream) enter(stage string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stage = stage
	s.options.progress(stage, s.offered)
}

// Shard returns a way in for one goroutine.
func (s *stream) Shard() TermSink { return s.shard() }

func (s *stream) shard() *streamShard {
	return &streamShard{
		stream: s, main: s.main.Shard(), links: s.links.Shard(),
		predicates: map[string]*streamPredicate{}, right: map[string]bool{},
	}
}

// Add takes a quad of values.
func (s *stream) Add(q quad.Quad, at Position) error {
	return s.own.add(q, at)
}

// refuse notes a problem, and returns it as the sink's answer.
func (s *stream) refuse(p *Problem, at Position) error {
	p.At = at
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, p)
	return p
}

// fail notes that the builders cannot go on.
func (s *stream) fail(err error) error {
	if err == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	return err
}

// conclude adds what follows from what was read. It returns the links that run in circles.
func (s *stream) conclude(ctx context.Context) (circular []quad.Quad, err error) {
	s.enter("concluding")
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	s.main.Settle()
	err = s.links.Peek(ctx, func(r *snapshot.Reader) error {
		l, err := newLinkFile(ctx, r)
		if err != nil {
			return err
		}
		if circular, err = l.circular(); err != nil || len(circular) > 0 {
			return err // closures of circles say nothing
		}
		return s.concludeFrom(l)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return circular, nil
}

// errSuspects ends the commit of a draft that is not right.
var errSuspects = errors.New("quads that do not fit together")

// linkStretches is how many stretches of entities there are for each core: those of some conclude much more
// than others.
const linkStretches = 8

// concludeFrom adds what follows from links, on all cores.
func (s *stream) concludeFrom(l *linkFile) error {
	workers := s.options.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	stretches := make(chan [2]uint32, workers*linkStretches)
	step := l.iris/uint32(cap(stretches)) + 1
	for lo := uint32(1); lo < l.iris; lo += step {
		stretches <- [2]uint32{lo, min(lo+step, l.iris)}
	}
	close(stretches)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			part, to := l.part(), s.main.Shard()
			take := func(c conclusion) error {
				for _, q := range c.quads() {
					if err := to.AddQuad(q); err != nil {
						return err //nolint:wrapcheck // says what it was doing
					}
				}
				return nil
			}
			for stretch := range stretches {
				part.begin, part.end = stretch[0], stretch[1]
				if errs[i] = conclude(s.options.Schema, part, take); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// build ends a build whose quads were streamed; err is how the reading ended.
func (s *stream) build(ctx context.Context, a Address, feed Feed, m Manifest, problems Problems, whole bool, err error) (Counts, error) {
	if err == nil && whole {
		var found *suspects
		m.Counts, found, err = s.finish(ctx, a, m, len(problems) == 0)
		if err == nil && found.any() {
			more, looking := s.explain(ctx, feed, found)
			if looking != nil {
				return Counts{}, looking
			}
			problems = sayOnce(problems, more)
		}
	}
	if s.failed != nil {
		return Counts{}, stopOr(ctx, explainWrite(a, s.failed))
	}
	if err == nil {
		err = problems.Join()
	}
	if err != nil {
		return Counts{}, stopOr(ctx, err)
	}
	return m.Counts, nil
}

// explain says what is wrong with suspects and, if the feed can be run again, where.
func (s *stream) explain(ctx context.Context, feed Feed, found *suspects) (Problems, error) {
	if s.options.Again {
		problems, err := found.problems(ctx, feed, s.options)
		if err != nil || len(problems) > 0 {
			return problems, err
		}
	}
	return found.problems(ctx, found.feed, s.options) // an input that changed meanwhile does not mend them
}

// finish concludes, checks and, where nothing was wrong so far and nothing is found to be, puts the store
// in place if it is to be kept; it returns its counts.
func (s *stream) finish(ctx context.Context, a Address, m Manifest, right bool) (Counts, *suspects, error) {
	circular, err := s.conclude(ctx)
	if err != nil {
		return Counts{}, nil, err
	}
	found := &suspects{quads: circular, circular: len(circular) > 0}
	var telling error // of whoever is handed the facts
	look := func(r *snapshot.Reader) error {
		c := streamCheck{r: r, schema: s.options.Schema, suspects: found}
		if err := c.run(ctx); err != nil {
			return err
		}
		if found.any() {
			return errSuspects
		}
		m.Counts, err = countsOf(ctx, r)
		if err == nil && s.options.Facts != nil && right {
			telling = s.options.Facts(statedOf(ctx, r))
			err = telling
		}
		return err
	}
	if right && !a.InMemory() {
		_, err = s.main.CommitDraft(ctx, func(d *snapshot.Draft) error {
			if err := look(d.Reader); err != nil {
				return err
			}
			return completeDraft(ctx, d, m, a.Path)
		})
	} else {
		err = s.main.Peek(ctx, look)
	}
	switch {
	case errors.Is(err, errSuspects):
		return Counts{}, found, nil
	case telling != nil:
		return Counts{}, nil, telling
	default:
		return m.Counts, found, s.fail(err)
	}
}
