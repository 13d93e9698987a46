package cli

import (
	"context"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/loaders"
)

type inferOptions struct {
	output string
	link   bool
}

func newInfer(a *app) *cobra.Command {
	var o inferOptions
	c := &cobra.Command{
		Use:   "infer TABLE",
		Short: "Write first CSV on the Web metadata for a table",
		Long: `infer reads all rows of a table (.csv, .tsv, .gz or .zst of them, a sheet of an .xlsx
workbook as book.xlsx#Sheet1, - for standard input) and writes metadata that
"kg build --csvw" reads it with: names of columns, datatypes that hold in every row
with the formats of dates and numbers, the key, and links to entities that the graph
knows by name. It is a draft for a person: what is doubtful stands in dc:description,
and the addresses of properties are to be replaced with those that are meant.`,
		Example: `  kg infer table.csv
  kg infer table.csv -o table.csv-metadata.json
  kg build --csvw table.csv --facts table.nq
  kg infer 'book.xlsx#Sheet1' --link=false`,
		Args: wantArgs(1, 1, "a table"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.infer(cmd.Context(), o, args[0])
		},
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "write to this file instead of standard output")
	c.Flags().BoolVar(&o.link, "link", true, "look up texts among the names of the graph")
	return c
}

func (a *app) infer(ctx context.Context, o inferOptions, table string) error {
	ns, err := a.namespaces()
	if err != nil {
		return err
	}
	in := loaders.InferOptions{Options: loaders.Options{Stdin: a.std.In, Namespaces: ns}}
	if in.URL, err = tableAddress(table, o.output); err != nil {
		return err
	}
	if o.link {
		s, err := a.open(ctx)
		if err != nil {
			return err
		}
		in.Lookup = func(ctx context.Context, text string) (string, error) {
			id, err := s.store.Find(ctx, text)
			var none *graph.NotFoundError
			var several *graph.AmbiguousError
			if errors.As(err, &none) || errors.As(err, &several) {
				return "", nil
			}
			return s.store.Namespaces().Expand(string(id)), err
		}
	}
	text, err := loaders.Infer(ctx, table, in)
	if err != nil {
		return err
	}
	err = a.writeFile(o.output, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err == nil && o.output != "" && o.output != "-" {
		a.note("%s: a draft, to be read before it is used", o.output)
	}
	return err
}

// tableAddress is how metadata in the file output call the table: by the path from there, which must not
// leave their folder. "" lets the name stand.
func tableAddress(table, output string) (string, error) {
	if output == "" || output == "-" || table == loaders.StandardInput {
		return "", nil
	}
	file := loaders.FileOf(table)
	path, err := filepath.Rel(filepath.Dir(output), file)
	if err != nil || !filepath.IsLocal(path) {
		return "", &graph.Problem{
			At: graph.Position{File: output}, Want: "metadata in the folder of the table, or above it", Found: "another place",
			Hint: "write them to " + file + loaders.MetadataSuffix,
		}
	}
	address := (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	if sheet := strings.TrimPrefix(table, file); sheet != "" {
		address += "#" + url.PathEscape(strings.TrimPrefix(sheet, "#"))
	}
	return address, nil
}
