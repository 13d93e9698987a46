package cli

import (
	"github.com/spf13/cobra"

	"kg/graph"
)

func newNear(a *app) *cobra.Command {
	var f tableFlags
	var w walkFlags
	var o graph.NearOptions
	c := &cobra.Command{
		Use:   "near ENTITY",
		Short: "Show what lies around an entity, with the claims behind every hop",
		Long: `near prints the entities that facts tie to an entity, the nearest first: one row a
fact, numbered by how many hops away it leads. Which facts are walked is said under
"kg path"; the claims behind a fact stand beside it, the preferred one first.

Of an entity with many neighbours some are printed, of each predicate in turn, and
the others counted; --neighbours sets how many. With --require-complete the exit
status is 4 then.`,
		Example: `  kg near encrochat
  kg near operation/venetic --depth 2 --stated-only
  kg near port-of-antwerp --predicate place --predicate within`,
		Args:              wantArgs(1, 1, "one ENTITY"),
		ValidArgsFunction: completeFirstEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := w.check(cmd, "depth", "neighbours"); err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if o.Walk, err = w.walk(s); err != nil {
				return err
			}
			t, answer, err := s.reader().Near(cmd.Context(), args[0], o)
			if err != nil {
				return err
			}
			return a.answerCut(e, f, t, answer.Limits)
		},
	}
	f.add(c)
	w.add(a, c)
	c.Flags().IntVar(&o.Depth, "depth", 1, "how many hops to go")
	c.Flags().IntVar(&o.PerNode, "neighbours", graph.DefaultPerNode, "print at most this many neighbours of one entity, and say so")
	a.boundMemory(c)
	return c
}
