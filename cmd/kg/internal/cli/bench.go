package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/cmd/kg/internal/bench"
	"kg/exporters"
	"kg/graph"
	"kg/queries"
)

func newBench(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "bench",
		Short: "Make graphs of any size and measure the stores with them",
		Long: `bench measures. "kg bench generate" writes an invented graph of our schema, as large as
is wanted; "kg bench run" builds one in stores of every kind and asks all of them the
same questions. No facts of yours are read or changed.`,
		Example: `  kg bench generate --quads 20000 -o invented.nq.gz
  kg bench run --quads 5000 --runs 1`,
		Args: wantArgs(0, 0, "generate or run"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(newBenchGenerate(a), newBenchRun(a))
	return c
}

// worldFlags say which invented graph is meant.
func worldFlags(c *cobra.Command, w *bench.World, quads int) {
	c.Flags().IntVar(&w.Quads, "quads", quads, "make at least this many quads, and few more")
	c.Flags().Uint64Var(&w.Seed, "seed", 1, "another seed makes another graph")
}

func checkWorld(c *cobra.Command, w bench.World) error {
	if w.Quads < 1_000 {
		return usagef(c.CommandPath(), "", "--quads: want 1000 or more, found %d", w.Quads)
	}
	return nil
}

func newBenchGenerate(a *app) *cobra.Command {
	var w bench.World
	var output string
	c := &cobra.Command{
		Use:   "generate",
		Short: "Write an invented graph as N-Quads",
		Long: `generate writes an invented graph of our schema: platforms, agencies, operations,
seizures and places, every fact under a claim with its document, some seizures with two
figures. The same size and seed write the same bytes on every machine, and a larger
graph begins with the smaller one. Memory does not grow with the size.`,
		Example: `  kg bench generate --quads 20000 -o invented.nq.gz
  kg bench generate --quads 2000 --seed 7 | tail -1`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkWorld(cmd, w); err != nil {
				return err
			}
			format, err := exporters.ByName("nquads-stream")
			if err != nil {
				return err
			}
			ns, err := a.namespaces()
			if err != nil {
				return err
			}
			var n tally
			all := n.counted(func(yield func(quad.Quad, error) bool) {
				i := 0
				for q := range w.All() {
					if i++; i%4096 == 0 && cmd.Context().Err() != nil {
						yield(quad.Quad{}, context.Cause(cmd.Context()))
						return
					}
					if !yield(q, nil) {
						return
					}
				}
			})
			if err := a.writeFile(output, func(out io.Writer) error { return format.Write(out, exporters.Document{Quads: all, Namespaces: ns}) }); err != nil {
				return err
			}
			a.noteWritten(output, format, n)
			return nil
		},
	}
	worldFlags(c, &w, 100_000)
	c.Flags().StringVarP(&output, "output", "o", "", "file to write; - is standard output")
	return c
}

func newBenchRun(a *app) *cobra.Command {
	var f tableFlags
	o := bench.Options{}
	var dir string
	var kinds []string
	c := &cobra.Command{
		Use:   "run",
		Short: "Measure build, open, questions, paths and search on stores of every kind",
		Long: `run builds an invented graph in a snapshot and in Cayley's own stores, one after the
other, and does the same work on each: the build and the part of it that writes the
store, the size, opening, every saved question, paths, neighbourhoods and searches. It
prints the median times and how many times as long as on the first store each took.
"over" is what did not end within --timeout.

Absolute times belong to the machine and to what else it does; the ratios are of one
run. The stores are built in a folder of their own, which is removed at the end. A
store given with --store is measured too, built at its address, where nothing may be
yet.`,
		Example: `  kg bench run --quads 5000 --runs 1
  kg bench run --quads 3000 --kinds snapshot,leveldb --runs 1 --format md`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := checkWorld(cmd, o.World); err != nil {
				return err
			}
			t, err := a.bench(cmd, o, dir, kinds)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	worldFlags(c, &o.World, 100_000)
	c.Flags().IntVar(&o.Runs, "runs", 5, "do each work this often and print the median; a build is done once")
	c.Flags().DurationVar(&o.Timeout, "timeout", 20*time.Second, "end a work that takes longer, and print \"over\"")
	c.Flags().StringVar(&dir, "dir", "", "build the stores in a new folder in this one (default: the system's for temporary files)")
	c.Flags().StringSliceVar(&kinds, "kinds", []string{"snapshot", "memory", "leveldb", "bolt"}, "kinds of store, the one to compare with first")
	complete(c, "kinds", fixed("snapshot", "memory", "leveldb", "bolt"))
	return c
}

func (a *app) bench(cmd *cobra.Command, o bench.Options, dir string, kinds []string) (t queries.Table, err error) {
	if o.Schema, err = a.schema(); err != nil {
		return t, err
	}
	o.Tool = toolVersion()
	o.Notice = func(text string) {
		if a.std.ErrTerminal {
			a.note("%s", text)
		}
	}
	folder, err := os.MkdirTemp(dir, "kg-bench-")
	if err != nil {
		return t, fmt.Errorf("folder for the stores: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	names := kinds
	for _, kind := range kinds {
		path := filepath.Join(folder, kind, "graph")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return t, fmt.Errorf("folder for the stores: %w", err)
		}
		address, err := graph.ParseAddress(kind + ":" + path)
		if err != nil {
			return t, err
		}
		o.Stores = append(o.Stores, address)
	}
	if a.store != "" {
		address, err := graph.ParseAddress(a.store)
		if err != nil {
			return t, err
		}
		if _, there := os.Lstat(address.Path); !os.IsNotExist(there) || address.InMemory() {
			return t, usagef(cmd.CommandPath(), "name a place where nothing is yet", "--store %s: want a place for a new store", a.store)
		}
		o.Stores = append(o.Stores, address)
		names = append(names, a.store)
	}
	report, err := bench.Run(cmd.Context(), o)
	if err != nil {
		return t, err
	}
	a.note("%d quads, %d of them derived facts; median of %d runs", report.Counts.Quads, report.Counts.Derived, cmp.Or(o.Runs, 1))
	return benchTable(o, names, report), nil
}

// benchTable has a row for each work, and for each store its time and how it compares with the first.
func benchTable(o bench.Options, names []string, report bench.Report) queries.Table {
	t := queries.Table{Question: "bench", Params: map[string]any{"quads": int64(o.World.Quads), "seed": strconv.FormatUint(o.World.Seed, 10)}}
	t.Columns = textColumns("work")
	for i, name := range names {
		t.Columns = append(t.Columns, column(name, queries.TypeText))
		if i > 0 {
			t.Columns = append(t.Columns, column(name+"_ratio", queries.TypeText))
		}
	}
	for _, r := range report.Results {
		row := textRow(r.Work)
		for i, time := range r.Times {
			row = append(row, textCell(timeText(time)))
			if i > 0 {
				row = append(row, textCell(ratioText(time, r.Times[0])))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func timeText(t bench.Time) string {
	switch {
	case t.Missing:
		return ""
	case t.Bytes > 0:
		return fmt.Sprintf("%.1f MB", float64(t.Bytes)/1e6)
	case t.Over:
		return "over " + t.Median.String()
	case t.Median >= time.Second:
		return fmt.Sprintf("%.2f s", t.Median.Seconds())
	default:
		return fmt.Sprintf("%.2f ms", float64(t.Median.Microseconds())/1000)
	}
}

func ratioText(t, first bench.Time) string {
	over := ""
	if t.Over {
		over = "> "
	}
	switch {
	case t.Missing || first.Missing || first.Over:
		return ""
	case t.Bytes > 0:
		return fmt.Sprintf("%.1fx", float64(t.Bytes)/float64(max(first.Bytes, 1)))
	default:
		return over + fmt.Sprintf("%.1fx", float64(t.Median)/float64(max(first.Median, 1)))
	}
}
