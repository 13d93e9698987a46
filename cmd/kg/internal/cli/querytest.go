package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kg/queries"
)

// newQueryTest runs the worked examples of questions.
func newQueryTest(a *app, o *queryOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "test [NAME…]",
		Short: "run the worked examples of the questions",
		Long: `test runs the worked example in the head of every saved question, or of those named,
and compares the answer with what stands there. Exit code 1 says that one differs.`,
		Example: `  kg query test
  kg query test agencies-by-platform`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return a.completeQuestions()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			catalog, err := a.catalog()
			if err != nil {
				return err
			}
			names := slices.Compact(slices.Sorted(slices.Values(args)))
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			failures, err := queries.Test(cmd.Context(), s.store, catalog, names...)
			if err != nil {
				return err
			}
			if len(names) == 0 {
				names = catalog.Names()
			}
			t, failed := testTable(names, failures)
			if err := a.answer(e, o.tableFlags, t); err != nil {
				return err
			}
			if failed > 0 {
				a.note("%d of %d examples differ", failed, t.Count)
				return errCheck
			}
			return nil
		},
	}
}

// testTable has one row a question.
func testTable(names []string, failures []queries.Failure) (t queries.Table, failed int) {
	t = queries.Table{Question: "query test", Columns: textColumns("question", "result", "difference")}
	for _, name := range names {
		t.Count++
		i := slices.IndexFunc(failures, func(f queries.Failure) bool { return f.Question == name })
		if i < 0 {
			t.Rows = append(t.Rows, textRow(name, "pass", ""))
			continue
		}
		failed++
		t.Rows = append(t.Rows, textRow(name, "FAIL", strings.TrimPrefix(failures[i].Error(), name+": ")))
	}
	return t, failed
}
