package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"kg/graph"
	"kg/queries"
)

// Options say what to measure.
type Options struct {
	World   World
	Stores  []graph.Address // where to build; ratios are to the first
	Schema  *graph.Schema
	Tool    string
	Runs    int           // each work is done so often, and the median told; a build is done once
	Timeout time.Duration // of each work
	Notice  func(string)  // told what is done next
}

// A Result is what one work took on each store.
type Result struct {
	Work  string
	Times []Time // in the order of the stores
}

// A Time is how long a work took on a store.
type Time struct {
	Median  time.Duration
	Bytes   int64 // instead of a time: a size
	Over    bool  // it was ended by the time limit
	Missing bool  // the store has no such thing
}

// A Report is the result of a run.
type Report struct {
	Counts  graph.Counts
	Results []Result
}

// Run builds the world in each store and asks all of them the same. The stores stay where they are.
func Run(ctx context.Context, o Options) (Report, error) {
	r := runner{options: o}
	for i, a := range o.Stores {
		r.store = i
		if err := r.one(ctx, a); err != nil {
			return Report{}, fmt.Errorf("%s: %w", a, err)
		}
		debug.FreeOSMemory() // what one store needed is not to slow down the next
	}
	return r.report, nil
}

type runner struct {
	options Options
	store   int
	report  Report
}

// note adds a measurement.
func (r *runner) note(work string, t Time) {
	i := slices.IndexFunc(r.report.Results, func(have Result) bool { return have.Work == work })
	if i < 0 {
		i = len(r.report.Results)
		missing := make([]Time, len(r.options.Stores))
		for s := range missing {
			missing[s].Missing = true
		}
		r.report.Results = append(r.report.Results, Result{Work: work, Times: missing})
	}
	r.report.Results[i].Times[r.store] = t
}

// measure does a work several times. What the time limit ends is noted as that.
func (r *runner) measure(ctx context.Context, work string, do func(context.Context) error) error {
	var times []time.Duration
	for range max(1, r.options.Runs) {
		limited, cancel := context.WithTimeout(ctx, r.options.Timeout)
		start := time.Now()
		err := do(limited)
		took := time.Since(start)
		over := limited.Err() != nil && ctx.Err() == nil
		cancel()
		if over && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, queries.ErrTimeLimit)) {
			r.note(work, Time{Median: r.options.Timeout, Over: true})
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", work, err)
		}
		times = append(times, took)
	}
	slices.Sort(times)
	r.note(work, Time{Median: times[len(times)/2]})
	return nil
}

// one measures one store.
func (r *runner) one(ctx context.Context, a graph.Address) error {
	if err := r.build(ctx, a); err != nil {
		return err
	}
	schema := graph.OpenOptions{Schema: r.options.Schema}
	for _, cold := range []struct {
		name string
		do   func(context.Context, *graph.Store) error
	}{
		{"open, find an entity, close", func(ctx context.Context, s *graph.Store) error {
			_, err := s.Find(ctx, "kg:agency/b0")
			return err
		}},
		{"open, search with a slip, close", func(ctx context.Context, s *graph.Store) error {
			_, err := s.Search(ctx, slip, 20)
			return err
		}},
	} {
		err := r.measure(ctx, cold.name, func(ctx context.Context) error {
			s, err := graph.Open(ctx, a, schema)
			if err != nil {
				return err
			}
			return errors.Join(cold.do(ctx, s), s.Close())
		})
		if err != nil {
			return err
		}
	}
	s, err := graph.Open(ctx, a, schema)
	if err != nil {
		return err
	}
	return errors.Join(r.ask(ctx, s), s.Close())
}

// slip is the name of an operation, misspelt.
const slip = "Opertaion Loka"

// build builds a store, and tells the writing from the rest, which is the same for all.
func (r *runner) build(ctx context.Context, a graph.Address) error {
	r.options.Notice("building " + a.String())
	start := time.Now()
	var writing time.Time
	summary, err := graph.Build(ctx, a, r.options.World.Feed(), graph.BuildOptions{
		Schema: r.options.Schema, Tool: r.options.Tool,
		Progress: func(p graph.Progress) {
			if (p.Stage == "sorting" || p.Stage == "writing") && writing.IsZero() {
				writing = time.Now()
			}
		},
	})
	if err != nil {
		return err
	}
	r.report.Counts = summary.Counts
	r.note("build", Time{Median: time.Since(start)})
	r.note("build: writing the store", Time{Median: time.Since(writing)})
	size, err := sizeOf(a.Path)
	r.note("size", Time{Bytes: size})
	return err
}

// sizeOf adds up a file, or all files of a folder and of those that a pointer file names beside it.
func sizeOf(path string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(filepath.Dir(path), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

// ask asks the saved questions, for paths, for what is near, and for names.
func (r *runner) ask(ctx context.Context, s *graph.Store) error {
	r.options.Notice("asking " + s.Address().String())
	catalog, err := queries.All()
	if err != nil {
		return err
	}
	questions, err := catalog.Questions()
	if err != nil {
		return err
	}
	for _, q := range questions {
		params := map[string]string{}
		for _, p := range q.Params {
			if p.IsEntity() {
				params[p.Name] = r.example(p.Type)
			}
		}
		err := r.measure(ctx, "query "+q.Name, func(ctx context.Context) error {
			_, err := q.Run(ctx, s, params, queries.Options{Timeout: -1})
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, way := range []struct {
		from, to string
		o        graph.PathOptions
	}{
		{"kg:agency/b0", "kg:platform/b0", graph.PathOptions{}},
		{"kg:seizure/b1", "kg:seizure/b20", graph.PathOptions{}},
		{"kg:event/b0", "kg:location/b0", graph.PathOptions{Walk: graph.Walk{StatedOnly: true}}},
	} {
		from, err := s.Find(ctx, way.from)
		if err != nil {
			return err
		}
		to, err := s.Find(ctx, way.to)
		if err != nil {
			return err
		}
		err = r.measure(ctx, "path "+strings.TrimPrefix(way.from, "kg:")+" "+strings.TrimPrefix(way.to, "kg:"), func(ctx context.Context) error {
			_, err := s.Paths(ctx, from, to, way.o)
			return err
		})
		if err != nil {
			return err
		}
	}
	return r.lookUp(ctx, s)
}

// example is an entity of a class that every world has; any entity is an agency.
func (r *runner) example(class string) string {
	for _, c := range r.options.Schema.Classes() {
		switch {
		case c.Name != class:
		case class == "Item":
			return "kg:item/bench-" + item(0)
		default:
			return "kg:" + c.Path + "/b0"
		}
	}
	return "kg:agency/b0"
}

func (r *runner) lookUp(ctx context.Context, s *graph.Store) error {
	for _, work := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"near, two hops around an operation", func(ctx context.Context) error {
			_, err := s.Near(ctx, "kg:operation/b1", graph.NearOptions{Depth: 2})
			return err
		}},
		{"search, a name", func(ctx context.Context) error {
			_, err := s.Search(ctx, "Operation "+name(1), 20)
			return err
		}},
		{"search, a slip", func(ctx context.Context) error {
			_, err := s.Search(ctx, slip, 20)
			return err
		}},
	} {
		if err := r.measure(ctx, work.name, work.do); err != nil {
			return err
		}
	}
	return nil
}
