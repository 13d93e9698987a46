package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/exporters"
	"kg/graph"
	"kg/loaders"
)

// convertOptions is what "kg convert" was asked to do.
type convertOptions struct {
	files                    []string
	from, to, output, baseAt string
	contexts                 []string
	metadata                 string
	keepGoing, csvw          bool
}

func newConvert(a *app) *cobra.Command {
	var o convertOptions
	c := &cobra.Command{
		Use:   "convert FILE…",
		Short: "Turn a file of one format into another",
		Long: `convert reads files in one format and writes what they say in another. A FILE is a
path, - for standard input, a folder (the files in it whose names tell a format), a
pattern in quotes, or a .zip archive or a member of one (dump.zip#facts.nq); .gz and
.zst are read as they are. With --csvw a FILE is a table that CSV on the Web metadata
describe. The address of a store (leveldb:DIR, bolt:FILE) stands for all its quads,
whoever made it with Cayley. No schema is involved: names, datatypes and the text of
numbers and dates come out as they went in. Only blank nodes get new labels, so that
those of two files do not mix.

The format to write is told by --to, else by the extension of the file that -o names,
else it is nquads-stream. The file appears only when it is complete.

Bad input is refused with its place, and nothing is written. With --keep-going what
can be read is converted, every problem is listed, and the exit code is 4.

All formats but nquads, which sorts, are written while reading goes on, and all but
jsonld are read without being held in memory: the input may be as large as you like.
What a format has no place for is counted on standard error.

Formats that are read: ` + strings.Join(loaderNames(), ", ") + `.
Formats that are written:` + exportFormatHelp(exporters.QuadNames()),
		Example: `  kg convert facts.nq.gz -o facts.trig
  kg convert facts.nq.gz --to turtle
  zcat facts.nq.gz | kg convert - --from nquads --to jsonld
  echo '<#a> <#p> 042 .' | kg convert - --from turtle --base http://a.example/`,
		Args: wantArgs(1, -1, "one or more files"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			o.csvw = o.csvw || o.metadata != ""
			format, err := o.check(cmd, a)
			if err != nil {
				return err
			}
			return a.convert(cmd.Context(), o, format)
		},
	}
	f := c.Flags()
	f.StringVar(&o.from, "from", "", "format of the files, where name and content do not tell")
	f.StringVar(&o.to, "to", "", "format to write (default: told by the file's name, else nquads-stream)")
	f.StringVarP(&o.output, "output", "o", "", "file to write; - is standard output")
	f.StringVar(&o.baseAt, "base", "", "absolute IRI against which relative ones are resolved")
	f.StringArrayVar(&o.contexts, "context", nil, "file with a context that JSON-LD asks for, as `IRI=FILE`; FILE alone stands for every other")
	f.BoolVar(&o.csvw, "csvw", false, "read tables through CSV on the Web metadata")
	f.StringVar(&o.metadata, "metadata", "", "metadata of the table named, wherever they are (implies --csvw)")
	f.BoolVar(&o.keepGoing, "keep-going", false, "convert what can be read, and list every problem")
	complete(c, "from", fixed(loaderNames()...))
	complete(c, "to", fixed(exporters.QuadNames()...))
	return c
}

// check refuses what cannot be meant, before anything is read, and finds the format to write.
func (o *convertOptions) check(cmd *cobra.Command, a *app) (exporters.Format, error) {
	if a.json || cmd.Flags().Changed("format") {
		return exporters.Format{}, usagef(cmd.CommandPath(), "--to names the format to write", "--format and --json are for tables")
	}
	if o.metadata != "" && len(o.files) > 1 {
		return exporters.Format{}, usagef(cmd.CommandPath(), "name the metadata themselves to convert all their tables", "--metadata: want one table, found %d files", len(o.files))
	}
	if o.from != "" {
		if _, err := loaders.ByName(o.from); err != nil {
			return exporters.Format{}, usagef(cmd.CommandPath(), "", "--from: %v", err)
		}
	}
	for i, file := range o.files {
		if file == loaders.StandardInput && slices.Contains(o.files[:i], file) {
			return exporters.Format{}, usagef(cmd.CommandPath(), "", "- is given twice, and there is one standard input")
		}
	}
	switch {
	case o.to != "":
		format, err := exporters.ByName(o.to)
		if err != nil {
			return format, usagef(cmd.CommandPath(), "", "--to: %v", err)
		}
		return format, quadsOnly(cmd, format)
	case o.output == "" || o.output == "-":
		return exporters.ByName("nquads-stream")
	}
	format, ok := exporters.ByFile(o.output)
	if !ok {
		return format, usagef(cmd.CommandPath(), "name it with --to: "+oneOf(exporters.QuadNames()), "%s: its name tells no format", o.output)
	}
	return format, quadsOnly(cmd, format)
}

// quadsOnly refuses formats that show entities: what a converter reads may have none.
func quadsOnly(cmd *cobra.Command, format exporters.Format) error {
	if format.View {
		return usagef(cmd.CommandPath(), "kg build makes a graph of the files, and kg export writes it", "%s shows entities with their names and claims, which files of any origin need not have", format.Name)
	}
	return nil
}

func (a *app) convert(ctx context.Context, o convertOptions, format exporters.Format) error {
	ns := graph.DefaultNamespaces()
	read := loaders.Options{Format: o.from, Stdin: a.std.In, Namespaces: ns, Base: o.baseAt, KeepGoing: o.keepGoing}
	var err error
	if read.Contexts, err = contextFiles("kg convert", o.contexts); err != nil {
		return err
	}
	read.Metadata = o.metadata
	files, notes, err := loaders.Expand(ctx, o.files, o.csvw)
	for _, note := range notes {
		a.note("%s", note)
	}
	if err != nil {
		return err
	}
	var problems graph.Problems
	var n tally
	quads := n.counted(converted(ctx, files, read, orStore(loadEach(o.csvw)), &problems))
	if err := a.writeFile(o.output, func(w io.Writer) error { return format.Write(w, exporters.Document{Quads: quads, Namespaces: ns}) }); err != nil {
		return err
	}
	a.noteWritten(o.output, format, n)
	if n.quads == 0 && len(problems) == 0 {
		a.note("%s: no facts in it", namedInput(strings.Join(o.files, ", ")))
	}
	if len(problems) > 0 {
		return &skippedError{problems}
	}
	return nil
}

// errEnough stops a load whose quads nobody takes any more.
var errEnough = errors.New("enough")

// converted reads the files one after the other. Problems that KeepGoing passes over are added to the
// list.
func converted(ctx context.Context, files []string, o loaders.Options, load loadFunc, problems *graph.Problems) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		sink := graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
			if !yield(q, nil) {
				return errEnough
			}
			return nil
		})
		for i, file := range files {
			o.Document = fmt.Sprint("f", i+1) // the same labels wherever the file lies
			err := load(ctx, file, o, sink)
			if errors.Is(err, errEnough) {
				return
			}
			if err != nil && o.KeepGoing {
				err = keepSome(err, problems)
			}
			if err != nil {
				yield(quad.Quad{}, err)
				return
			}
		}
	}
}

// keepSome adds the problems of single statements to the list, and returns the error if there is any
// other: a file that cannot be read at all is no small loss.
func keepSome(err error, problems *graph.Problems) error {
	var found graph.Problems
	if other := found.Collect(err); other != nil {
		return other
	}
	for _, p := range found {
		if p.At.Line == 0 && p.Want != "" {
			return err
		}
	}
	*problems = append(*problems, found...)
	return nil
}

// A skippedError lists what --keep-going left out.
type skippedError struct{ problems graph.Problems }

func (e *skippedError) Error() string   { return e.problems.Error() }
func (e *skippedError) Unwrap() []error { return []error{errIncomplete, e.problems} }
