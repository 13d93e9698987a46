package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

// A walkFlags chooses the facts that "kg path" and "kg near" walk.
type walkFlags struct {
	only, except []string
	direction    string
	all, stated  bool
	nodes        int
}

func directions() []string { return []string{"either", "forward", "backward"} }

func (w *walkFlags) add(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&w.only, "predicate", nil, "walk only facts of this predicate; give it again for more")
	flags.StringSliceVar(&w.except, "except", nil, "walk no facts of this predicate; give it again for more")
	flags.StringVar(&w.direction, "direction", "either", "walk facts from subject to object (forward), backward, or either way")
	flags.BoolVar(&w.all, "all", false, "walk every fact, also classes, kinds, measures, mentions and facts about claims")
	flags.BoolVar(&w.stated, "stated-only", false, "leave out what the editors or a rule concluded")
	flags.IntVar(&w.nodes, "nodes", 0, "visit at most this many nodes; 0 for a limit that fits the machine")
	complete(c, "direction", fixed(directions()...))
	for _, flag := range []string{"predicate", "except"} {
		complete(c, flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			schema, err := a.schema()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return predicateWords(schema), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// check refuses values that no walk can have, before a store is opened.
func (w *walkFlags) check(c *cobra.Command, counts ...string) error {
	if err := checkWord(c, "--direction", w.direction, directions()); err != nil {
		return err
	}
	for _, name := range append(counts, "nodes") {
		if f := c.Flags().Lookup(name); strings.HasPrefix(f.Value.String(), "-") {
			return usagef(c.CommandPath(), "", "--%s: want 0 or more, found %s", name, f.Value)
		}
	}
	return nil
}

// walk reads the flags.
func (w *walkFlags) walk(s *session) (graph.Walk, error) {
	out := graph.Walk{
		Everything: w.all, StatedOnly: w.stated, Nodes: w.nodes,
		Direction: graph.Direction(slices.Index(directions(), w.direction)),
	}
	for _, list := range []struct {
		words []string
		to    *[]quad.IRI
	}{{w.only, &out.Only}, {w.except, &out.Except}} {
		for _, word := range list.words {
			p, err := s.reader().WalkedPredicate(word)
			if err != nil {
				return graph.Walk{}, err
			}
			*list.to = append(*list.to, p)
		}
	}
	return out, nil
}

func newPath(a *app) *cobra.Command {
	var f tableFlags
	var w walkFlags
	var o graph.PathOptions
	c := &cobra.Command{
		Use:   "path ENTITY ENTITY",
		Short: "Show how two entities connect, with the claims behind every hop",
		Long: `path prints the shortest ways from one entity to another, all of them: one row a
fact, numbered by path and hop. The claims behind a fact stand beside it, the
preferred one first; a fact that the program concluded is marked, with its rule.

Facts are walked either way; "direction" tells which: a backward fact leads from the
right entity to the left one. Not walked are facts that tie everything to
everything, such as classes, kinds and measures, and what only deprecated claims
say; --all walks them too, --predicate just the ones it names. Of places and items
the single steps are walked, not what they add up to.

Where many paths are as short, or a search grows too large, the answer is cut and
says so; with --require-complete the exit status is 4 then.`,
		Example: `  kg path be-federal-police encrochat
  kg path europol port-of-antwerp --max 4
  kg path nca sky-ecc --except within --stated-only --json`,
		Args:              wantArgs(2, 2, "two ENTITIES"),
		ValidArgsFunction: completeEntities(a, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := w.check(cmd, "max", "paths"); err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if o.Walk, err = w.walk(s); err != nil {
				return err
			}
			t, answer, err := s.reader().Paths(cmd.Context(), args[0], args[1], o)
			if err != nil {
				return err
			}
			switch from, to := t.Params["from"], t.Params["to"]; {
			case len(t.Rows) > 0 || len(answer.Limits) > 0:
			case sameTerm(from, to):
				a.note("both are the same entity")
			default:
				a.note("no path of at most %d hops", cmp.Or(o.MaxHops, graph.DefaultHops))
			}
			return a.answerCut(e, f, t, answer.Limits)
		},
	}
	f.add(c)
	w.add(a, c)
	c.Flags().IntVar(&o.MaxHops, "max", graph.DefaultHops, "look for paths of at most this many hops")
	c.Flags().IntVar(&o.MaxPaths, "paths", graph.DefaultPaths, "print at most this many paths, and say so")
	a.boundMemory(c)
	return c
}

func sameTerm(a, b any) bool {
	x, ok := a.(queries.Value)
	y, also := b.(queries.Value)
	return ok && also && x.Term == y.Term
}

// completeEntities proposes entities for the first n arguments.
func completeEntities(a *app, n int) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= n {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.completeEntities(cmd, "", typed)
	}
}
