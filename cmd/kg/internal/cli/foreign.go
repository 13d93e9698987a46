package cli

import (
	"context"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/loaders"
)

// foreignOptions say how a build takes in what others wrote.
type foreignOptions struct {
	contexts   []string
	relativeTo string
	source     loaders.Source
}

func (f *foreignOptions) flags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringArrayVar(&f.contexts, "context", nil, "file with a context that JSON-LD asks for, as `IRI=FILE`; FILE alone stands for every other")
	flags.StringVar(&f.relativeTo, "relative-to", "", "absolute IRI against which relative ones are resolved")
	flags.StringVar(&f.source.ID, "source", "", "id of the document to put facts without a label under, each as a claim")
	flags.StringVar(&f.source.Title, "title", "", "title of that document (default: its id)")
	flags.StringVar(&f.source.Publisher, "publisher", "", "who published it")
	flags.StringVar(&f.source.Published, "published", "", "when: a day, a month or a year")
	flags.StringVar(&f.source.URL, "url", "", "its address")
}

// check refuses what cannot be meant, before anything is read.
func (f *foreignOptions) check(cmd *cobra.Command, files []string) error {
	path := cmd.CommandPath()
	for _, flag := range []string{"title", "publisher", "published", "url"} {
		if cmd.Flags().Changed(flag) && !cmd.Flags().Changed("source") {
			return usagef(path, "add --source ID", "--%s: want the document that it is about, found none", flag)
		}
	}
	if cmd.Flags().Changed("source") {
		if len(files) == 0 {
			return usagef(path, "", "--source: want files whose facts to put under it, found none")
		}
		if err := f.source.Check(); err != nil {
			return usagef(path, "", "%v", err)
		}
	}
	_, err := contextFiles(path, f.contexts)
	return err
}

// contextFiles takes the values of --context apart.
func contextFiles(path string, values []string) (map[string]string, error) {
	files := map[string]string{}
	for _, value := range values {
		// An address may hold a =, the name of a file rather not.
		address, file := "", value
		if i := strings.LastIndexByte(value, '='); i >= 0 {
			address, file = value[:i], value[i+1:]
		}
		if file == "" {
			return nil, usagef(path, "", "--context: want IRI=FILE or FILE, found %q", value)
		}
		if again, ok := files[address]; ok && again != file {
			return nil, usagef(path, "", "--context: want one file for %s, found %s and %s", orElse(address, "all other contexts"), again, file)
		}
		files[address] = file
	}
	return files, nil
}

// under puts the facts of a feed under the document that the user named, if any.
func (f *foreignOptions) under(feed graph.Feed) graph.Feed {
	if f.source.ID == "" {
		return feed
	}
	return func(ctx context.Context, sink graph.Sink) error {
		under, err := loaders.UnderSource(f.source, sink)
		if err != nil {
			return err
		}
		return feed(ctx, under)
	}
}

// orStore reads the addresses of stores as inputs, and everything else as load does.
func orStore(load loadFunc) loadFunc {
	return func(ctx context.Context, input string, o loaders.Options, sink graph.Sink) error {
		if !graph.IsStore(input) {
			return load(ctx, input, o, sink)
		}
		a, err := graph.ParseAddress(input)
		if err != nil {
			return err
		}
		foreign, err := loaders.FromCayley(input, o, sink)
		if err != nil {
			return err
		}
		c := problemCollector{keepGoing: o.KeepGoing, limit: loaders.DefaultMaxProblems}
		if err := graph.ReadStore(ctx, a, c.over(sink), c.over(foreign)); err != nil {
			return c.with(err)
		}
		return c.problems.Join()
	}
}

// A problemCollector lets a load go on after problems, and keeps them.
type problemCollector struct {
	keepGoing bool
	limit     int
	problems  graph.Problems
}

func (c *problemCollector) over(sink graph.Sink) graph.Sink {
	if !c.keepGoing {
		return sink
	}
	return graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		err := sink.Add(q, at)
		if err == nil {
			return nil
		}
		if len(c.problems) >= c.limit {
			return err
		}
		return c.problems.Collect(err)
	})
}

// with adds what ended a load to the problems before it.
func (c *problemCollector) with(err error) error {
	if other := c.problems.Collect(err); other != nil {
		return other
	}
	return c.problems
}
