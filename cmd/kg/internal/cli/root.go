package cli

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kg/graph"
)

// An app is one run of the program: its streams, the flags that all commands share and what has been
// opened so far.
type app struct {
	std Streams

	data, store, base, queries string
	color, format              string
	json, quiet                bool
	maxMemory                  int64  // of a question, in bytes; 0: what its parts allow by default
	whenOpen                   func() // called when the store has been opened; nil for nothing
	clocks                     clockFlags

	opened *session
}

// The groups under which "kg --help" lists the commands.
const (
	groupAsk   = "ask"
	groupFacts = "facts"
	groupOther = "other"
)

// newRoot builds the command tree. args tell which saved questions need commands of their own.
func newRoot(a *app, args []string) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "kg",
		Short: "Ask which agencies cracked which platforms, and who says so",
		Long: `kg builds a knowledge graph from curated facts and answers questions about it:
which agencies cracked which encrypted platforms, in which operations, and what
was seized where. Every answer can be traced to a document and a speaker.

Facts come from the nearest folder upward that has data/curated or data/facts.nq,
else from the facts inside this program: no set-up is needed.`,
		Example: `  kg query agencies-by-platform
  kg query agencies-by-platform --platform "Sky ECC" --format json
  kg show encrochat
  kg claims seizure/antwerp-cocaine-2021`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownWord(cmd, args[0])
			}
			if version {
				return a.printVersion(cmd, tableFlags{})
			}
			return cmd.Help()
		},
	}
	root.AddGroup(
		&cobra.Group{ID: groupAsk, Title: "Ask:"},
		&cobra.Group{ID: groupFacts, Title: "Facts:"},
		&cobra.Group{ID: groupOther, Title: "Other:"},
	)
	a.sharedFlags(root.PersistentFlags())
	root.Flags().BoolVar(&version, "version", false, "short for the command version")
	complete(root, "format", fixed(formatNames()...))
	complete(root, "color", fixed(colours()...))
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.checkShared(cmd) }

	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add(groupAsk, newQuery(a, args), newShow(a), newClaims(a), newWhy(a), newConflicts(a), newSum(a), newSearch(a), newPath(a), newNear(a), newGizmo(a), newRepl(a))
	add(groupFacts, newBuild(a), newCheck(a), newFmt(a), newAdd(a), newDiff(a), newInfer(a), newExport(a), newConvert(a), newVerify(a), newStats(a), newSchema(a))
	add(groupOther, newBench(a), newServe(a), newCompletion(a), newVersion(a))
	root.AddCommand(newWorker(a), newServeWorker(a))
	a.addClocks(root)
	root.CompletionOptions.DisableDefaultCmd = true // ours says how to install the script
	for _, topic := range topics() {
		root.AddCommand(topic.command())
	}
	help := newHelp()
	help.GroupID = groupOther
	root.SetHelpCommand(help)
	foldedHelp(root)
	return root
}

// sharedFlags are the flags that every command takes.
func (a *app) sharedFlags(f *pflag.FlagSet) {
	f.StringVar(&a.data, "data", a.std.env(envData), "folder with the facts (curated/ or facts.nq)")
	f.StringVar(&a.store, "store", a.std.env(envStore), "address of a store to open as it is (\"kg help stores\")")
	f.StringVar(&a.base, "base", orElse(a.std.env(envBase), graph.DefaultBase), "namespace behind the prefix kg: in files")
	f.StringVarP(&a.format, "format", "f", "", "how to print: "+strings.Join(formatNames(), ", ")+" (a table on a terminal, else tsv)")
	f.BoolVar(&a.json, "json", false, "short for --format json")
	f.StringVar(&a.color, "color", "auto", "colours: "+strings.Join(colours(), ", "))
	f.BoolVarP(&a.quiet, "quiet", "q", false, "print no notes and no summary on standard error")
}

// checkShared refuses values that no command can work with.
func (a *app) checkShared(cmd *cobra.Command) error {
	if err := checkWord(cmd, "--color", a.color, colours()); err != nil {
		return err
	}
	return nil
}

// checkWord is the usage error for a flag that takes one of a few words.
func checkWord(cmd *cobra.Command, flag, word string, words []string) error {
	for _, w := range words {
		if w == word {
			return nil
		}
	}
	return usagef(cmd.CommandPath(), graph.DidYouMean(word, words), "%s: want %s, found %q", flag, oneOf(words), word)
}

// oneOf lists words for an error: "a, b or c".
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// unknownCommand names the nearest command.
func unknownCommand(parent *cobra.Command, word string) error {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() {
			names = append(append(names, c.Name()), c.Aliases...)
		}
	}
	return usagef(parent.CommandPath(), graph.DidYouMean(word, names), "unknown command %q", word)
}

// unknownWord is unknownCommand for who types a saved question as if it were a command.
func (a *app) unknownWord(root *cobra.Command, word string) error {
	catalog, err := a.catalog()
	if err != nil {
		return unknownCommand(root, word)
	}
	if slices.Contains(catalog.Names(), word) {
		return usagef(root.CommandPath(), "it is a saved question: kg query "+word, "unknown command %q", word)
	}
	return unknownCommand(root, word)
}

// flagError turns what pflag says into a usage error that names the nearest flag.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return usagef(cmd.CommandPath(), "", "--%s: want %s, found %q", invalid.GetFlag().Name, wantedBy(invalid), invalid.GetValue())
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usagef(cmd.CommandPath(), "", "%v", err)
	}
	var names []string
	list := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(list)
	cmd.InheritedFlags().VisitAll(list)
	hint := ""
	if near := graph.Nearest(unknown.GetSpecifiedName(), names); near != "" {
		hint = "did you mean --" + near + "?"
	}
	return usagef(cmd.CommandPath(), hint, "unknown flag --%s", unknown.GetSpecifiedName())
}

// wantedBy says what a flag takes that refused its value.
func wantedBy(e *pflag.InvalidValueError) string {
	switch kind := e.GetFlag().Value.Type(); {
	case errors.Is(e, strconv.ErrRange):
		return "a number that is not so large"
	case kind == "int", kind == "int64":
		return "a whole number"
	case kind == "bool":
		return "true or false"
	case kind == "duration":
		return "a time like 30s or 2m"
	default:
		return "a " + kind
	}
}

// wantArgs checks the number of arguments; names are those of the usage line.
func wantArgs(least, most int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef(cmd.CommandPath(), "", "want %s, found %s", names, quoted(args))
		case most >= 0 && len(args) > most:
			hint := ""
			if len(args) > 1 {
				hint = "quote a name of several words"
			}
			return usagef(cmd.CommandPath(), hint, "want %s, found %s", names, quoted(args))
		}
		return nil
	}
}

func quoted(args []string) string {
	if len(args) == 0 {
		return "nothing"
	}
	return "\"" + strings.Join(args, "\" \"") + "\""
}
