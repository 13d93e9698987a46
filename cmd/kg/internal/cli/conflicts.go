package cli

import (
	"github.com/spf13/cobra"

	"kg/queries/answers"
)

func newConflicts(a *app) *cobra.Command {
	var f tableFlags
	var o answers.ConflictsOptions
	c := &cobra.Command{
		Use:   "conflicts [ENTITY…]",
		Short: "Show where documents disagree, by how much, and which claim is preferred",
		Long: `conflicts compares the claims on each figure and lists those that cannot all be right,
the widest spread first: by how many per cent of the lowest number the highest is
above it, which claim is preferred and by what rule, what the others say, and how many
documents were the first to say any of it (copies of one release count once).

A number covers an interval: half a unit of its last digit on both sides, more where
it is hedged, and without end where it says "at least". Claims whose intervals overlap
are roundings of one number, or bounds that both hold, and no disagreement; --rounding
shows them too. Figures whose documents dispute what is
counted (arrested, or identified) are shown in pairs. With an ENTITY only its figures
are compared: those of a platform, an operation, a place, or the figure itself.`,
		Example: `  kg conflicts
  kg conflicts encrochat --rounding
  kg conflicts --limit 10 --format md`,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, "", typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := checkWord(cmd, "--sort", o.Sort, answers.ConflictOrders()); err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, roundings, err := s.reader().Conflicts(cmd.Context(), args, o)
			if err != nil {
				return err
			}
			if err := a.answer(e, f, t); err != nil {
				return err
			}
			if roundings > 0 && !o.Rounding {
				a.note("%s more agree once rounded; --rounding shows them", plural(roundings, "figure"))
			}
			return nil
		},
	}
	f.add(c)
	c.Flags().BoolVar(&o.Rounding, "rounding", false, "also show the claims that agree once rounded")
	c.Flags().StringVar(&o.Sort, "sort", "spread", "order: spread (widest first), figure, claims (most first)")
	complete(c, "sort", fixed(answers.ConflictOrders()...))
	return c
}
