package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

func newShow(a *app) *cobra.Command {
	var f tableFlags
	var stated bool
	c := &cobra.Command{
		Use:   "show ENTITY",
		Short: "Show all that is known about an entity, with claims and sources",
		Long: `show prints what the graph holds on one entity: what it is; the figures about it,
such as users, arrests or seizures; the claims in which it takes part; and what the
program concluded, with the rule.

Each row names the speaker, the document and the claim. The column "standing" tells
figures that conflict from those that agree once rounded, and which one is preferred
and why. ENTITY is a name, another spelling, class/slug, or a full IRI. A claim or a
derivation is shown as "kg claims" shows it.`,
		Example: `  kg show encrochat
  kg show "Belgian Federal Police"
  kg show seizure/antwerp-cocaine-2021 --format json`,
		Args:              wantArgs(1, 1, "one ENTITY"),
		ValidArgsFunction: completeFirstEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			id, err := s.store.Find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if graph.IsClaim(id) || graph.IsDerivation(id) {
				t, err := s.reader().Claims(cmd.Context(), args, stated)
				if err != nil {
					return err
				}
				return a.answer(e, f, t)
			}
			t, err := s.reader().Show(cmd.Context(), id, stated)
			if err != nil {
				return err
			}
			if e.name == "table" {
				e = encoding{name: "table", encode: encodeSections}
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&stated, "stated-only", false, "leave out what the editors or a rule concluded")
	a.boundMemory(c)
	return c
}

// encodeSections prints a heading above the rows of each section instead of a column with its name.
func encodeSections(w *bufio.Writer, t queries.Table, o encodeOptions) {
	if v, ok := t.Params["entity"].(queries.Value); ok {
		id, _ := v.Term.(quad.IRI)
		fmt.Fprintf(w, "%s  %s\n", o.paint.paint(styleTitle, visible(v.Label)), o.paint.paint(styleQuiet, visible(string(id))))
	}
	for start := 0; start < len(t.Rows); {
		section := cellText(t.Rows[start][0], false)
		end := start
		part := queries.Table{Columns: t.Columns[1:]}
		for ; end < len(t.Rows) && cellText(t.Rows[end][0], false) == section; end++ {
			part.Rows = append(part.Rows, t.Rows[end][1:])
		}
		fmt.Fprintf(w, "\n%s\n", o.paint.paint(styleTitle, strings.ToUpper(section)))
		encodeTable(w, withoutEmptyColumns(part), o)
		start = end
	}
}
