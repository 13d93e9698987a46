package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kg/graph"
	"kg/queries/answers"
)

// defaultPerNode is how many facts a thing on the way brings into an export: enough for every entity
// of a curated graph, and too few for a hub of a dump to bring all of it.
const defaultPerNode = 1000

// selectFlags choose the part of the graph that is exported.
type selectFlags struct {
	depth, perNode              int
	direction                   string
	question                    string
	params                      []string
	path                        bool
	classes, predicates         []string
	sources, places             []string
	from, until                 string
	preferred, noClaims, stated bool
}

func (o *selectFlags) add(a *app, c *cobra.Command) {
	f := c.Flags()
	f.IntVar(&o.depth, "depth", 1, "how many facts away from an entity to go")
	f.StringVar(&o.direction, "direction", "either", "follow facts from subject to object (forward), backward, or either way")
	f.IntVar(&o.perNode, "per-node", defaultPerNode, "facts that a thing on the way may bring at most; 0 for all")
	f.BoolVar(&o.path, "path", false, "export the shortest paths between the two entities")
	f.StringVar(&o.question, "from-query", "", "export the result of this saved question")
	f.StringArrayVar(&o.params, "param", nil, "parameter of the question, as `NAME=VALUE`; may be repeated")
	f.StringVar(&a.queries, "queries", a.std.env(envQueries), "folder with more saved questions (*.gizmo)")
	f.StringSliceVar(&o.classes, "class", nil, "keep facts about things of this class; give it again for more")
	f.StringSliceVar(&o.predicates, "predicate", nil, "keep facts of this predicate; give it again for more")
	f.StringSliceVar(&o.sources, "source", nil, "keep facts that this document backs; give it again for more")
	f.StringSliceVar(&o.places, "place", nil, "keep things that are tied to this place or to one in it; give it again for more")
	f.StringVar(&o.from, "from", "", "leave out what is known to have ended before this `DATE`")
	f.StringVar(&o.until, "until", "", "leave out what is known to have begun after this `DATE`")
	f.BoolVar(&o.preferred, "preferred", false, "keep one value of each figure: that of the preferred claim")
	f.BoolVar(&o.noClaims, "no-claims", false, "leave out who said what where")
	f.BoolVar(&o.stated, "stated-only", false, "leave out what the editors or a rule concluded")
	complete(c, "direction", fixed(directions()...))
	complete(c, "class", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		schema, err := a.schema()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return answers.ClassWords(schema), cobra.ShellCompDirectiveNoFileComp
	})
	complete(c, "predicate", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		schema, err := a.schema()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return predicateWords(schema), cobra.ShellCompDirectiveNoFileComp
	})
	complete(c, "source", func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return a.completeEntities(cmd, "kg:Source", typed)
	})
	complete(c, "place", func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return a.completeEntities(cmd, "kg:Location", typed)
	})
	complete(c, "from-query", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.completeQuestions()
	})
}

// check refuses what contradicts itself.
func (o *selectFlags) check(cmd *cobra.Command, args []string) error {
	if err := checkWord(cmd, "--direction", o.direction, directions()); err != nil {
		return err
	}
	switch {
	case o.path && len(args) != 2:
		return usagef(cmd.CommandPath(), "kg export NCA EncroChat --path", "--path: want two entities, found %d", len(args))
	case o.path && cmd.Flags().Changed("depth"):
		return usagef(cmd.CommandPath(), "", "--depth does not go with --path: a path is as long as it is")
	case len(o.params) > 0 && o.question == "":
		return usagef(cmd.CommandPath(), "", "--param goes with --from-query")
	case o.depth < 1:
		return usagef(cmd.CommandPath(), "", "--depth: want 1 or more, found %d", o.depth)
	case o.perNode < 0:
		return usagef(cmd.CommandPath(), "", "--per-node: want 0 or more, found %d", o.perNode)
	case len(args) == 0 && cmd.Flags().Changed("depth"):
		return usagef(cmd.CommandPath(), "", "--depth goes with an entity")
	}
	return nil
}

// A chosen is what the flags and the arguments name.
type chosen struct{ *answers.Chosen }

// selection finds what the flags and the arguments name.
func (a *app) selection(ctx context.Context, s *session, o selectFlags, args []string) (*chosen, error) {
	choice := answers.Choice{
		Entities: args, Path: o.path, Depth: o.depth, PerNode: o.perNode,
		Direction: graph.Direction(slices.Index(directions(), o.direction)),
		Classes:   o.classes, Predicates: o.predicates, Sources: o.sources, Places: o.places,
		Preferred: o.preferred, WithoutClaims: o.noClaims, StatedOnly: o.stated,
	}
	for _, end := range []struct {
		flag, text string
		to         *graph.Date
	}{{"--from", o.from, &choice.During.From}, {"--until", o.until, &choice.During.Until}} {
		if end.text == "" {
			continue
		}
		var err error
		if *end.to, err = graph.ParseDate(end.text); err != nil {
			return nil, usagef("kg export", "", "%s: %v", end.flag, err)
		}
	}
	if choice.During.Backwards() {
		return nil, usagef("kg export", "", "--until: want a date after %s, found %s", choice.During.From, choice.During.Until)
	}
	if o.question != "" {
		var err error
		if choice.Claims, err = a.claimsOf(ctx, o); err != nil {
			return nil, err
		}
		choice.Question = shellCommand("kg query "+o.question, paramWords(o.params))
	}
	c, err := s.reader().Choose(ctx, choice)
	return &chosen{c}, err
}

func paramWords(params []string) []string {
	var words []string
	for _, p := range params {
		words = append(words, "--param", p)
	}
	return words
}

// noteCut tells what a bound left out.
func (c *chosen) noteCut(a *app) {
	const shown = 10
	entities := slices.SortedFunc(maps.Keys(c.Cut), func(x, y quad.IRI) int { return cmp.Or(c.Cut[y]-c.Cut[x], cmp.Compare(x, y)) })
	facts := 0
	for i, entity := range entities {
		if i < shown {
			a.note("%s brings %s more than --per-node allows; left out", entity, countOf(c.Cut[entity], "fact", "facts"))
			continue
		}
		facts += c.Cut[entity]
	}
	if more := len(entities) - shown; more > 0 {
		a.note("%s of %s more left out, for --per-node; --per-node 0 takes all", countOf(facts, "fact", "facts"), countOf(more, "thing", "things"))
	}
}

// typedCommand is the command with the flags that were given, so that it can be run again.
func typedCommand(cmd *cobra.Command, args []string) string {
	words := slices.Clone(args)
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "output", "data", "store", "color", "quiet", "dry-run":
			return // where things lie on one machine makes no other export
		}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			for _, v := range list.GetSlice() {
				words = append(words, "--"+f.Name, v)
			}
			return
		}
		if f.Value.Type() == "bool" {
			words = append(words, "--"+f.Name)
			return
		}
		words = append(words, "--"+f.Name, f.Value.String())
	})
	return shellCommand(cmd.CommandPath(), words)
}
