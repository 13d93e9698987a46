package cli

import (
	"github.com/spf13/cobra"
)

func newStats(a *app) *cobra.Command {
	var f tableFlags
	c := &cobra.Command{
		Use:   "stats",
		Short: "Count what is in the graph",
		Long: `stats counts the quads of the graph by kind, the entities of each class, the claims
read in each document and attributed to each speaker, and the facts of each
predicate.`,
		Example: `  kg stats
  kg stats --json`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, err := s.reader().Stats(cmd.Context())
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	return c
}
