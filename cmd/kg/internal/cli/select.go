package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

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

// A chosen is a selection in words and as the graph takes it.
type chosen struct {
	graph.Selection

	title string
	empty bool   // a question or a path found nothing, and nothing else was asked for
	why   string // it is empty
	cut   map[quad.IRI]int
}

// selection finds what the flags and the arguments name.
func (a *app) selection(ctx context.Context, s *session, o selectFlags, args []string) (*chosen, error) {
	c := &chosen{cut: map[quad.IRI]int{}}
	c.Selection = graph.Selection{
		Depth: o.depth, Direction: graph.Direction(slices.Index(directions(), o.direction)), PerNode: o.perNode,
		Cut:     func(entity quad.IRI, left int) { c.cut[entity] += left },
		Derived: !o.stated, WithoutInferred: o.stated, Preferred: o.preferred, WithoutClaims: o.noClaims,
	}
	var names []string
	for _, arg := range args {
		id, err := s.store.Find(ctx, arg)
		if err != nil {
			return nil, err
		}
		name, err := s.store.NameOf(ctx, id)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		c.Entities = append(c.Entities, id)
	}
	if err := c.narrowTo(ctx, s, o); err != nil {
		return nil, err
	}
	switch {
	case o.path:
		c.title = "How " + names[0] + " and " + names[1] + " connect"
		if err := c.onPath(ctx, s); err != nil {
			return nil, err
		}
		c.why = "no path between the two"
	case len(names) > 0:
		c.title = "The surroundings of " + strings.Join(names, ", ")
	default:
		c.title = "The graph"
	}
	if o.question != "" {
		claims, err := a.claimsOf(ctx, o)
		if err != nil {
			return nil, err
		}
		c.Claims = append(c.Claims, claims...)
		c.why = "no rows"
		if len(names) == 0 {
			c.title = "The answer to " + shellCommand("kg query "+o.question, paramWords(o.params))
		}
	}
	c.empty = c.why != "" && len(c.Entities) == 0 && len(c.Claims) == 0 && len(c.Facts) == 0
	return c, nil
}

func paramWords(params []string) []string {
	var words []string
	for _, p := range params {
		words = append(words, "--param", p)
	}
	return words
}

// narrowTo reads the flags that say what to keep.
func (c *chosen) narrowTo(ctx context.Context, s *session, o selectFlags) error {
	for _, word := range o.classes {
		class, err := s.reader().ClassNamed(word)
		if err != nil {
			return err
		}
		c.Classes = append(c.Classes, class.IRI)
	}
	for _, word := range o.predicates {
		p, err := s.reader().WalkedPredicate(word)
		if err != nil {
			return err
		}
		c.Predicates = append(c.Predicates, p)
	}
	for _, list := range []struct {
		words []string
		class quad.IRI
		to    *[]quad.IRI
	}{{o.sources, "kg:Source", &c.Sources}, {o.places, "kg:Location", &c.Places}} {
		for _, text := range list.words {
			id, err := s.store.Find(ctx, text, list.class)
			if err != nil {
				return err
			}
			*list.to = append(*list.to, id)
		}
	}
	for _, end := range []struct {
		flag, text string
		to         *graph.Date
	}{{"--from", o.from, &c.During.From}, {"--until", o.until, &c.During.Until}} {
		if end.text == "" {
			continue
		}
		var err error
		if *end.to, err = graph.ParseDate(end.text); err != nil {
			return usagef("kg export", "", "%s: %v", end.flag, err)
		}
	}
	return nil
}

// onPath replaces the two entities by the facts of the shortest paths between them.
func (c *chosen) onPath(ctx context.Context, s *session) error {
	answer, err := s.store.Paths(ctx, c.Entities[0], c.Entities[1], graph.PathOptions{})
	if err != nil {
		return err
	}
	c.Entities = nil
	for _, path := range answer.Paths {
		for _, hop := range path {
			for _, fact := range hop.Facts {
				bare := fact.Fact(hop)
				for q, err := range s.store.Match(ctx, graph.Pattern{Subject: bare.Subject, Predicate: bare.Predicate, Object: bare.Object}) {
					if err != nil {
						return err
					}
					c.Facts = append(c.Facts, q)
				}
			}
		}
	}
	return nil
}

// noteCut tells what a bound left out.
func (c *chosen) noteCut(a *app) {
	for _, entity := range slices.Sorted(maps.Keys(c.cut)) {
		a.note("%s brings %d facts more than --per-node allows; they were left out", entity, c.cut[entity])
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
