package cli

import (
	"github.com/spf13/cobra"
)

func newClaims(a *app) *cobra.Command {
	var f tableFlags
	var stated bool
	c := &cobra.Command{
		Use:   "claims ENTITY [PREDICATE [OBJECT]]",
		Short: "Show who said what about an entity, where and in which words",
		Long: `claims prints one row a claim in which the entity is the subject or the object: its
id, the fact, who said it, the document, the documents that said it first, the figure
in the document's words, the hedge, and the line of the curated table where the facts
are tables. PREDICATE and OBJECT narrow it down; an OBJECT may be a number or a date.

A fact that the program concluded is shown with its rule; the claims that it was
concluded from follow it, named in the column "supports". ENTITY may also be the id
of a claim or of a derivation.`,
		Example: `  kg claims seizure/antwerp-cocaine-2021
  kg claims seizure/antwerp-cocaine-2021 massGrams
  kg claims seizure/antwerp-cocaine-2021 massGrams "27.64 t"
  kg claims A-SEED-010`,
		Args:              wantArgs(1, 3, "ENTITY [PREDICATE [OBJECT]]"),
		ValidArgsFunction: completeEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, err := s.reader().Claims(cmd.Context(), args, stated)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&stated, "stated-only", false, "leave out what the editors or a rule concluded")
	a.boundMemory(c)
	return c
}
