package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

func newSearch(a *app) *cobra.Command {
	var f tableFlags
	c := &cobra.Command{
		Use:   "search TEXT",
		Short: "Find entities by name, alias or text",
		Long: `search lists the entities whose name, other name, identifier or text fits, the best
first. Case, accents, punctuation and a misspelt letter do not matter. The column
"how" says how it fits: exact, prefix, words, part, typo, text.`,
		Example: `  kg search antwerp
  kg search enkrochat
  kg search "national crime"`,
		Args: wantArgs(1, -1, "a text to look for"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			text := strings.Join(args, " ")
			if strings.TrimSpace(text) == "" {
				return usagef(cmd.CommandPath(), "", "want a text to look for, found %q", text)
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, err := s.reader().Search(cmd.Context(), text, 0)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	return c
}
