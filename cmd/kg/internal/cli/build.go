package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/exporters"
	"kg/graph"
	"kg/loaders"
)

// buildOptions is what "kg build" was asked to do.
type buildOptions struct {
	files     []string
	from      string
	facts     string
	keepGoing bool
	csvw      bool
	metadata  string
	memory    size
	foreignOptions
}

func newBuild(a *app) *cobra.Command {
	var o buildOptions
	c := &cobra.Command{
		Use:   "build [FILE…]",
		Short: "Read the facts, check them, and fill a store",
		Long: `build reads the curated tables of the project, or the files named, checks every fact
against the schema, concludes what follows, and fills the store: the project's own,
or the one that --store names. A FILE is a path, - for standard input, a folder (its
curated tables, else the files in it whose names tell a format), a pattern in quotes,
or a .zip archive or a member of one (dump.zip#facts.nq); .gz and .zst are read as
they are. With --csvw a FILE is a table (.csv, .tsv, .xlsx) that CSV on the Web
metadata describe, or such metadata; "kg infer" writes a first draft of them. The
address of a store (leveldb:DIR, bolt:FILE) stands for all its quads, whoever made it
with Cayley. What relative IRIs are relative to, --relative-to says.

With --source ID facts that have no label, as those of foreign files, become claims
read in the document of that id; the other flags describe the document. Facts with a
label keep it.

Bad input is refused as a whole: every problem is listed with its place, the exit
code is 3, and the store that was there stays as it was. A question builds the
project's store by itself when the facts have changed; build is for checking them,
for other stores and for --facts.

Inputs may be larger than the memory: a snapshot is sorted in files beside it where
--memory is not enough; beyond 1.25GB more memory would make it no faster, and is left
to others. The other kinds of store gather all facts first.`,
		Example: `  kg build
  kg build --facts facts.nq
  kg build --store bolt:graph.bolt
  kg build --csvw table.csv --facts table.nq
  kg build facts.nq.gz --source copy-2026 --publisher "A colleague" \
      --published 2026-11
  zcat facts.nq.gz | kg build - --from nquads --store memory:graph.kg
  kg build facts.nq.gz --store snapshot:graph.snapshot --memory 512MB`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			o.csvw = o.csvw || o.metadata != ""
			switch {
			case o.csvw && len(args) == 0:
				return usagef(cmd.CommandPath(), "name a table", "--csvw: want a table, found nothing")
			case o.metadata != "" && len(args) > 1:
				return usagef(cmd.CommandPath(), "name the metadata themselves to load all their tables", "--metadata: want one table, found %d files", len(args))
			}
			if o.from != "" {
				if _, err := loaders.ByName(o.from); err != nil {
					return usagef(cmd.CommandPath(), "", "--from: %v", err)
				}
			}
			if err := o.check(cmd, args); err != nil {
				return err
			}
			return a.build(cmd.Context(), o)
		},
	}
	o.flags(c)
	c.Flags().StringVar(&o.from, "from", "", "format of the files, where name and content do not tell")
	c.Flags().StringVar(&o.facts, "facts", "", "also write the facts read to this file, as canonical N-Quads")
	c.Flags().BoolVar(&o.keepGoing, "keep-going", true, "list every problem; =false stops at the first")
	c.Flags().BoolVar(&o.csvw, "csvw", false, "read tables through CSV on the Web metadata: TABLE-metadata.json or csv-metadata.json beside them")
	c.Flags().StringVar(&o.metadata, "metadata", "", "metadata of the table named, wherever they are (implies --csvw)")
	c.Flags().Var(&o.memory, "memory", "about how much memory to use, a `SIZE` like 512MB or 1GB (default: a quarter of the machine's; more than 1.25GB is not used)")
	complete(c, "from", fixed(loaderNames()...))
	return c
}

func (a *app) build(ctx context.Context, o buildOptions) error {
	ns, err := a.namespaces()
	if err != nil {
		return err
	}
	plan, err := a.plan(ctx, o, ns)
	if err != nil {
		return err
	}
	line := a.newProgress(time.Now)
	plan.options.Progress = line.show
	plan.options.Notice = func(text string) { line.clear(); a.note("%s", text) }
	if o.facts != "" {
		plan.options.Facts = func(stated iter.Seq2[quad.Quad, error]) error {
			line.clear()
			return writeFacts(a, o.facts, stated, ns)
		}
	}
	defer o.memory.limitHeap()()
	summary, err := graph.Build(ctx, plan.address, plan.feed, plan.options)
	line.clear()
	if err != nil {
		return err
	}
	if summary.Address.InMemory() {
		a.note("nothing was kept; --store names a place")
	}
	n := summary.Counts
	if n.Stated <= a.schemaSize() {
		a.note("%s: no facts in it; the store holds the schema alone", namedInput(plan.from))
	}
	a.note("%s: %d claims and %d derived facts in %d quads, from %s, in %s",
		summary.Address, n.Claims, n.Derived, n.Quads, plan.from, summary.Took.Round(time.Millisecond))
	return nil
}

// namedInput is an input in words.
func namedInput(name string) string {
	if name == loaders.StandardInput {
		return "standard input"
	}
	return name
}

// schemaSize is how many quads every store holds, whatever was read.
func (a *app) schemaSize() int {
	schema, err := a.schema()
	if err != nil {
		return 0
	}
	different := map[quad.Quad]bool{}
	for _, q := range schema.Quads() {
		different[q] = true
	}
	return len(different)
}

// A buildPlan says what goes where.
type buildPlan struct {
	address graph.Address
	feed    graph.Feed
	options graph.BuildOptions
	from    string // for the summary
}

// plan decides from where a build reads and to where it writes.
func (a *app) plan(ctx context.Context, o buildOptions, ns graph.Namespaces) (buildPlan, error) {
	p, err := a.project()
	if err != nil {
		return buildPlan{}, err
	}
	schema, err := a.schema()
	if err != nil {
		return buildPlan{}, err
	}
	read := loaders.Options{Format: o.from, Stdin: a.std.In, Namespaces: ns, KeepGoing: o.keepGoing}
	plan := buildPlan{from: p.facts()}
	plan.options = graph.BuildOptions{Schema: schema, Namespaces: ns, Tool: toolVersion(), Memory: int64(o.memory), Again: canReadAgain(o.files)}
	if len(o.files) > 0 {
		read.Metadata = o.metadata
		read.Base = o.relativeTo
		if read.Contexts, err = contextFiles("kg build", o.contexts); err != nil {
			return plan, err
		}
		if o.files, err = a.expand(ctx, o); err != nil {
			return plan, err
		}
		if err := plan.readFiles(o, schema, ns, read); err != nil {
			return plan, err
		}
		plan.feed = o.under(plan.feed)
	} else {
		plan.feed = a.feed(p, schema, read)
		if plan.options.Inputs, err = p.inputs(ns); err != nil {
			return plan, err
		}
	}
	switch {
	case a.store != "":
		plan.address, err = graph.ParseAddress(a.store)
	case len(o.files) > 0:
		plan.address = graph.Address{Scheme: "memory"} // checks only: these are not the project's facts
	default:
		plan.address = a.ownStore(p)
	}
	return plan, err
}

// readFiles makes the plan read what the user named instead of the project.
func (plan *buildPlan) readFiles(o buildOptions, schema *graph.Schema, ns graph.Namespaces, read loaders.Options) error {
	files := o.files
	plan.from = files[0]
	if len(files) > 1 {
		plan.from = fmt.Sprintf("%d files", len(files))
	}
	if len(files) == 1 && isFolder(files[0]) {
		p := project{dir: filepath.Dir(files[0]), tables: files[0]}
		if found, err := projectAt(files[0]); err == nil {
			p = found
		}
		var err error
		plan.from, plan.feed = p.facts(), tablesFeed(p.tables, schema)
		if p.tables == "" {
			plan.feed = filesFeed([]string{p.facts()}, read)
		}
		plan.options.Inputs, err = p.inputs(ns)
		return err
	}
	plan.feed = inputsFeed(files, read, orStore(loadEach(o.csvw)))
	plan.options.Inputs.Files = watched(files, o)
	return nil
}

// writeFacts writes what was read, without what was concluded, as canonical N-Quads.
func writeFacts(a *app, path string, stated iter.Seq2[quad.Quad, error], ns graph.Namespaces) error {
	format, err := exporters.ByName("nquads")
	if err != nil {
		return err
	}
	return a.writeFile(path, func(w io.Writer) error {
		return format.Write(w, exporters.Document{Quads: stated, Namespaces: ns})
	})
}

// each is a sequence of quads that are at hand.
func each(quads []quad.Quad) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}

func loaderNames() []string {
	var names []string
	for _, f := range loaders.Formats() {
		names = append(names, f.Name)
	}
	return names
}
