package cli

import (
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/exporters"
	"kg/graph"
)

// exportOptions is what "kg export" was asked to write.
type exportOptions struct {
	format, output, question string
	depth                    int
	params                   []string
	statedOnly               bool
}

func newExport(a *app) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export [ENTITY…]",
		Short: "Write the graph, or a part of it, in a format that other tools read",
		Long: `export writes quads with full IRIs: the whole graph; one or several entities with
their surroundings (--depth counts the facts on the way); or the claims behind the
answer to a saved question (--from-query). Every fact comes with its claim and what is known of the claim.

The format is told by --format, else by the extension of the file that -o names. The
file appears only when it is complete.` + exportFormatHelp(),
		Example: `  kg export -o graph.nq
  kg export encrochat --depth 2 --format jsonl
  kg export --from-query agencies-by-platform --param platform=encrochat`,
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
			return a.export(cmd.Context(), o, format, args)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.format, "format", "f", "", "format: "+strings.Join(exporters.Names(), ", ")+" (default: told by the file's name, else nquads)")
	f.StringVarP(&o.output, "output", "o", "", "file to write; - is standard output")
	f.IntVar(&o.depth, "depth", 1, "how many facts away from an entity to go")
	f.StringVar(&o.question, "from-query", "", "export the result of this saved question")
	f.StringArrayVar(&o.params, "param", nil, "parameter of the question, as `NAME=VALUE`; may be repeated")
	f.StringVar(&a.queries, "queries", a.std.env(envQueries), "folder with more saved questions (*.gizmo)")
	f.BoolVar(&o.statedOnly, "stated-only", false, "leave out what the editors or a rule concluded")
	complete(c, "format", fixed(exporters.Names()...))
	complete(c, "from-query", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.completeQuestions()
	})
	return c
}

func exportFormatHelp() string {
	var b strings.Builder
	b.WriteString("\n")
	for _, f := range exporters.Formats() {
		b.WriteString("\n  " + f.Name + strings.Repeat(" ", max(1, 15-len(f.Name))) + f.About)
	}
	return b.String()
}

func (o *exportOptions) exportFormat(cmd *cobra.Command, json bool) (exporters.Format, error) {
	if json {
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

// check refuses what contradicts itself.
func (o *exportOptions) check(cmd *cobra.Command, args []string) error {
	switch {
	case o.question != "" && len(args) > 0:
		return usagef(cmd.CommandPath(), "give one of them", "an entity and --from-query are both given")
	case len(o.params) > 0 && o.question == "":
		return usagef(cmd.CommandPath(), "", "--param goes with --from-query")
	case o.depth < 1:
		return usagef(cmd.CommandPath(), "", "--depth: want 1 or more, found %d", o.depth)
	case len(args) == 0 && cmd.Flags().Changed("depth") && o.question == "":
		return usagef(cmd.CommandPath(), "", "--depth goes with an entity")
	}
	return nil
}

func (a *app) export(ctx context.Context, o exportOptions, format exporters.Format, args []string) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	selection := graph.Selection{Depth: o.depth, Derived: !o.statedOnly, WithoutInferred: o.statedOnly}
	for _, arg := range args {
		id, err := s.store.Find(ctx, arg)
		if err != nil {
			return err
		}
		selection.Entities = append(selection.Entities, id)
	}
	if o.question != "" {
		if selection.Claims, err = a.claimsOf(ctx, o); err != nil {
			return err
		}
	}
	if o.question != "" && len(selection.Claims) == 0 {
		a.note("no rows, so no quads")
		return a.writeFile(o.output, func(w io.Writer) error { return format.Write(w, each(nil), s.store.Namespaces()) })
	}
	var n tally
	quads := n.counted(s.store.Subgraph(ctx, selection))
	err = a.writeFile(o.output, func(w io.Writer) error { return format.Write(w, quads, s.store.Namespaces()) })
	if err == nil {
		a.noteWritten(o.output, format, n)
	}
	return err
}

// A tally is how many quads passed, and how many of them stood in a graph.
type tally struct{ quads, named int }

// noteWritten says what was written, and what of it the format has no place for.
func (a *app) noteWritten(output string, format exporters.Format, n tally) {
	if output != "" && output != "-" {
		a.note("%s: %d quads as %s", output, n.quads, format.Name)
	}
	if n.named > 0 && !format.Graphs {
		a.note("%s has no graphs: the graph names (claims) of %d quads were left out; trig and nquads keep them", format.Name, n.named)
	}
}

// counted counts the quads that pass.
func (n *tally) counted(quads iter.Seq2[quad.Quad, error]) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for q, err := range quads {
			if err == nil {
				n.add(q)
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func (n *tally) add(q quad.Quad) {
	n.quads++
	if q.Label != nil {
		n.named++
	}
}

// claimsOf asks the question and lists the claims and derivations behind its answer.
func (a *app) claimsOf(ctx context.Context, o exportOptions) ([]quad.IRI, error) {
	catalog, err := a.catalog()
	if err != nil {
		return nil, err
	}
	q, err := catalog.Lookup(o.question)
	if err != nil {
		return nil, err
	}
	params := map[string]string{}
	for _, text := range o.params {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, usagef("kg export", "", "--param: want NAME=VALUE, found %q", text)
		}
		params[name] = value
	}
	t, err := a.run(ctx, q, params, &queryOptions{statedOnly: o.statedOnly, claims: true})
	if err != nil {
		return nil, err
	}
	found := map[quad.IRI]bool{}
	for _, row := range t.Rows {
		for _, cell := range row {
			for _, v := range cell {
				if iri, ok := v.Term.(quad.IRI); ok && (graph.IsClaim(iri) || graph.IsDerivation(iri)) {
					found[iri] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}
