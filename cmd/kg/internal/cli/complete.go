package cli

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

// A completer proposes words for what the user is typing. A problem proposes nothing: a shell has no
// place for an error.
type completer = cobra.CompletionFunc

// complete attaches a completer to a flag of the command.
func complete(c *cobra.Command, flag string, f completer) {
	if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag is not there, or has a completer: a slip of the line that calls this
	}
}

// fixed proposes the same words always.
func fixed(words ...string) completer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeFirst proposes words for the first argument only.
func completeFirst(words func() ([]string, error)) completer {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, err := words()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return startingWith(list, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// startingWith keeps the proposals that go on what was typed; what stands behind a tab describes one.
func startingWith(words []string, typed string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, typed) })
}

// completeQuestions proposes the questions with their summaries.
func (a *app) completeQuestions() ([]string, cobra.ShellCompDirective) {
	catalog, err := a.catalog()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var words []string
	for _, name := range catalog.Names() {
		if q, err := catalog.Lookup(name); err == nil {
			words = append(words, name+"\t"+q.Summary)
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeParam proposes values for a parameter of a question.
func completeParam(a *app, p queries.Param) completer {
	switch {
	case len(p.Enum) > 0:
		return fixed(p.Enum...)
	case p.Type == "boolean":
		return fixed("true", "false")
	case p.IsEntity():
		return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, quad.IRI("kg:"+p.Type), typed)
		}
	default:
		return cobra.NoFileCompletions
	}
}

// completeEntities proposes the entities of a class by slug, or those of every class by slug or
// class/slug: by slug once a part of it is typed, for that is what people know.
func (a *app) completeEntities(cmd *cobra.Command, class quad.IRI, typed string) ([]string, cobra.ShellCompDirective) {
	a.quiet = true
	s, err := a.open(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	want, single := s.schema.Class(class)
	entities, err := s.entities(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var words []string
	for _, e := range entities {
		word := strings.TrimPrefix(string(e.iri), "kg:")
		_, slug, _ := strings.Cut(word, "/")
		if single {
			c, ok := s.schema.ClassOf(e.iri)
			if !ok || !s.schema.IsA(c, want) {
				continue
			}
			word = slug
		} else if typed != "" && strings.HasPrefix(slug, typed) {
			word = slug
		}
		words = append(words, word+"\t"+e.name)
	}
	slices.Sort(words)
	return startingWith(words, typed), cobra.ShellCompDirectiveNoFileComp
}

// completeParamName proposes the parameters of the question for --param.
func completeParamName(a *app) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		catalog, err := a.catalog()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		q, err := catalog.Lookup(cmd.Name())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var words []string
		for _, p := range q.Params {
			words = append(words, p.Name+"=\t"+p.Help)
		}
		return startingWith(words, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// completeFirstEntity proposes an entity for the first argument.
func completeFirstEntity(a *app) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.completeEntities(cmd, "", typed)
	}
}

// completeEntity proposes an entity for the first argument, a predicate for the second.
func completeEntity(a *app) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		switch len(args) {
		case 0:
			return a.completeEntities(cmd, "", typed)
		case 1:
			schema, err := a.schema()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return startingWith(predicateWords(schema), typed), cobra.ShellCompDirectiveNoFileComp
		default:
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
	}
}

func predicateWords(s *graph.Schema) []string {
	var words []string
	for _, p := range s.Predicates() {
		words = append(words, p.Name+"\t"+p.Label)
	}
	return words
}
