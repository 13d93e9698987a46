package cli

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kg/exporters"
	"kg/graph"
)

// exportOptions is what "kg export" was asked to write.
type exportOptions struct {
	selectFlags

	format, output string
	dryRun, star   bool
	command        string // as it was typed
}

func newExport(a *app) *cobra.Command {
	var o exportOptions
	var table tableFlags
	c := &cobra.Command{
		Use:   "export [ENTITY…]",
		Short: "Write the graph, or a part of it, in a format that other tools read",
		Long: `export writes the whole graph, or the part that you choose.

Where to start: one or several entities with their surroundings (--depth counts the
facts on the way, --direction says which way they are followed; things at the edge
come with their numbers, dates and words); the claims behind
the answer to a saved question (--from-query); the facts on the shortest paths
between two entities (--path). What you name is joined; nothing named is everything.
What to keep of it: --class, --predicate, --source, a time (--from, --until). A fact
must meet all of them. --preferred keeps one value of each figure, --no-claims drops
who said what where. Else every fact comes with its claim and what is known of it.

A thing on the way that has more than --per-node facts does not bring them all; what
was left out is told. --dry-run counts and writes nothing.

The format is told by --format, else by the extension of the file that -o names. The
file appears only when it is complete. What a format has no room for is told.` + exportFormatHelp(exporters.Names()),
		Example: `  kg export -o graph.nq
  kg export encrochat --depth 2 -o encrochat.gexf
  kg export --class seizure --place belgium --preferred -o seizures.csv
  kg export sky-ecc europol --path --format mermaid
  kg export --from-query agencies-by-platform --param platform=exclu --dry-run`,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, "", typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := o.exportFormat(cmd, a.json)
			if err != nil {
				return err
			}
			if err := o.check(cmd, args); err != nil {
				return err
			}
			if o.star && !format.Star {
				return usagef(cmd.CommandPath(), "", "--rdf-star goes with --format turtle or ntriples; %s has another place for claims", format.Name)
			}
			o.command = typedCommand(cmd, args)
			if o.dryRun {
				return a.countExport(cmd, o, table, args)
			}
			return a.export(cmd.Context(), o, format, args)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.format, "format", "f", "", "format: "+strings.Join(exporters.Names(), ", ")+" (default: told by the file's name, else nquads)")
	f.StringVarP(&o.output, "output", "o", "", "file to write; - is standard output")
	f.BoolVar(&o.star, "rdf-star", false, "in turtle and ntriples: name the claim of each fact, as RDF 1.2 does (a reifier)")
	f.BoolVar(&o.dryRun, "dry-run", false, "count what would be written, and write nothing")
	o.add(a, c)
	complete(c, "format", fixed(exporters.Names()...))
	a.boundMemory(c)
	return c
}

// exportFormatHelp lists formats with a line each.
func exportFormatHelp(names []string) string {
	var b strings.Builder
	b.WriteString("\n")
	for _, name := range names {
		if f, err := exporters.ByName(name); err == nil {
			b.WriteString("\n  " + f.Name + strings.Repeat(" ", max(1, 15-len(f.Name))) + f.About)
		}
	}
	return b.String()
}

func (o *exportOptions) exportFormat(cmd *cobra.Command, json bool) (exporters.Format, error) {
	if json && !o.dryRun {
		return exporters.Format{}, usagef(cmd.CommandPath(), "--format jsonl writes JSON", "--json is for tables")
	}
	if o.format != "" {
		f, err := exporters.ByName(o.format)
		if err != nil {
			return f, usagef(cmd.CommandPath(), "", "%v", err)
		}
		return f, nil
	}
	if o.output == "" || o.output == "-" {
		return exporters.ByName("nquads")
	}
	f, ok := exporters.ByFile(o.output)
	if !ok {
		return f, usagef(cmd.CommandPath(), "name it with --format: "+oneOf(exporters.Names()), "%s: its name tells no format", o.output)
	}
	return f, nil
}

func (a *app) export(ctx context.Context, o exportOptions, format exporters.Format, args []string) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	chosen, err := a.selection(ctx, s, o.selectFlags, args)
	if err != nil {
		return err
	}
	document := exporters.Document{
		Quads: each(nil), Namespaces: s.store.Namespaces(), Schema: s.schema,
		Star: o.star, Lost: func(text string) { a.note("%s", text) },
	}
	if document.About, err = a.about(s, chosen.Title, o.command); err != nil {
		return err
	}
	if chosen.Empty {
		a.note("%s, so no quads", chosen.Why)
		return a.writeFile(o.output, func(w io.Writer) error { return format.Write(w, document) })
	}
	var n tally
	document.Quads = n.counted(s.store.Subgraph(ctx, chosen.Selection))
	if dump, ok, err := s.store.Dump(ctx, chosen.Selection); err != nil {
		return err
	} else if ok {
		document.Dump = func(w io.Writer, sorted bool, printer graph.TermPrinter) error {
			counts, err := dump.Write(ctx, w, sorted, printer)
			n.quads, n.named = counts.Quads, counts.Labelled
			return err
		}
	}
	err = a.writeFile(o.output, func(w io.Writer) error { return format.Write(w, document) })
	chosen.noteCut(a)
	if err == nil {
		format.Graphs = format.Graphs || o.star // claims are kept either way
		a.noteWritten(o.output, format, n)
	}
	return err
}
