package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/data"
	"kg/graph"
	"kg/loaders"
)

// feed reads the facts of a project.
func (a *app) feed(p project, schema *graph.Schema, o loaders.Options) graph.Feed {
	switch {
	case p.embedded():
		return func(ctx context.Context, sink graph.Sink) error {
			// The embedded facts were written with the default base, whatever --base says.
			return loaders.Load(ctx, loaders.StandardInput, loaders.Options{Format: "nquads", Stdin: strings.NewReader(data.Facts)}, sink)
		}
	case p.tables != "":
		return tablesFeed(p.tables, schema)
	default:
		return filesFeed([]string{p.facts()}, o)
	}
}

// tablesFeed reads a folder of curated tables, naming them in positions as the user names the folder.
func tablesFeed(dir string, schema *graph.Schema) graph.Feed {
	parent, name := filepath.Split(filepath.Clean(dir))
	if filepath.IsLocal(dir) {
		parent, name = "", filepath.ToSlash(filepath.Clean(dir))
	}
	return func(ctx context.Context, sink graph.Sink) error {
		root := orElse(parent, ".")
		named := graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
			at.File = parent + at.File
			return sink.Add(q, at)
		})
		err := loaders.Curated(ctx, os.DirFS(root), name, schema, named)
		var problems graph.Problems
		if err == nil || parent == "" || problems.Collect(err) != nil {
			return err
		}
		for _, p := range problems {
			if p.At.File != "" && !strings.HasPrefix(p.At.File, parent) {
				p.At.File = parent + p.At.File
			}
		}
		return problems
	}
}

// filesFeed reads files one after the other. With KeepGoing the problems of all of them are reported.
func filesFeed(files []string, o loaders.Options) graph.Feed {
	return inputsFeed(files, o, loaders.Load)
}

// A loadFunc reads one input: loaders.Load, or one that knows of tables.
type loadFunc func(ctx context.Context, input string, o loaders.Options, sink graph.Sink) error

// inputsFeed is filesFeed with another way to read.
func inputsFeed(files []string, o loaders.Options, load loadFunc) graph.Feed {
	return func(ctx context.Context, sink graph.Sink) error {
		var problems graph.Problems
		for _, file := range files {
			err := load(ctx, file, o, sink)
			if err == nil {
				continue
			}
			if !o.KeepGoing {
				return err
			}
			if other := problems.Collect(err); other != nil {
				return other
			}
		}
		return problems.Join()
	}
}
