package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/queries"
	"kg/queries/gizmo"
)

// queryOptions are the flags of "kg query" and of every question.
type queryOptions struct {
	tableFlags
	params     []string
	show       bool
	statedOnly bool
	claims     bool
	timeout    time.Duration
	memory     int64 // MiB

	timeoutGiven bool // --timeout stands on the command line
}

// newQuery builds the command for saved questions. Each question that args name gets a command of its
// own, so that its parameters are flags; the others cost nothing.
func newQuery(a *app, args []string) *cobra.Command {
	o := &queryOptions{}
	c := &cobra.Command{
		Use:   "query [NAME]",
		Short: "Answer a saved question",
		Long: `query runs a saved question and prints its answer. Without a name it lists the
questions. A parameter is given as --param NAME=VALUE or as a flag of its own name;
"kg query NAME --help" lists a question's parameters.`,
		Example: `  kg query
  kg query agencies-by-platform
  kg query agencies-by-platform --platform "Sky ECC"
  kg query agencies-by-platform --param platform=encrochat --format json
  kg query agencies-by-platform --show`,
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeQuestions()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listQuestions(cmd, o)
			}
			catalog, err := a.catalog()
			if err != nil {
				return err
			}
			if _, err := catalog.Lookup(args[0]); err != nil {
				return err
			}
			return usagef(cmd.CommandPath(), "give one question, and its parameters as flags", "unexpected %s", quoted(args[1:]))
		},
	}
	o.add(c)
	f := c.PersistentFlags()
	f.StringVar(&a.queries, "queries", a.std.env(envQueries), "folder with more saved questions (*.gizmo)")
	f.StringArrayVar(&o.params, "param", nil, "parameter of the question, as `NAME=VALUE`; may be repeated")
	f.BoolVar(&o.show, "show", false, "print the question's text instead of running it")
	f.BoolVar(&o.statedOnly, "stated-only", false, "leave out what no document states")
	f.BoolVar(&o.claims, "claims", false, "add a column with the claims behind each row")
	f.DurationVar(&o.timeout, "timeout", queries.DefaultTimeout, "how long the question may run; 0 sets no limit")
	f.Int64Var(&o.memory, "max-memory", 256, "memory that the question may use, in MiB")
	complete(c, "param", completeParamName(a))
	c.AddCommand(newQueryTest(a, o))
	a.queries = orElse(flagIn(args, "queries"), a.queries)
	for _, q := range a.questionsIn(args) {
		c.AddCommand(newQuestion(a, o, q))
	}
	return c
}

// timeoutFrom is the time limit where --timeout does not set one.
func timeoutFrom(std Streams) (time.Duration, error) {
	text := std.env(envTimeout)
	if text == "" {
		return queries.DefaultTimeout, nil
	}
	d, err := time.ParseDuration(text)
	if (err != nil && text != "0") || d < 0 {
		return 0, usagef("kg", "", "%s: want a time like 30s or 2m, found %q", envTimeout, text)
	}
	return d, nil
}

// flagIn reads a flag before cobra does: which questions there are decides which commands there are.
func flagIn(args []string, name string) string {
	value := ""
	for i, arg := range args {
		if arg == "--"+name && i+1 < len(args) {
			value = args[i+1]
		} else if v, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value = v
		}
	}
	return value
}

// A namedQuestion is a question that the command line names. One with a fault in its head still gets
// a command, which reports the fault.
type namedQuestion struct {
	name string
	*queries.Question
	err error
}

// questionsIn finds the questions that the arguments name.
func (a *app) questionsIn(args []string) []namedQuestion {
	at := slices.Index(args, "query")
	if at < 0 {
		return nil
	}
	catalog, err := a.catalog()
	if err != nil {
		return nil // reported when the command runs
	}
	names := catalog.Names()
	var found []namedQuestion
	for _, arg := range args[at+1:] {
		known := slices.ContainsFunc(found, func(q namedQuestion) bool { return q.name == arg })
		if _, ok := slices.BinarySearch(names, arg); ok && !known && arg != "test" {
			q, err := catalog.Lookup(arg)
			found = append(found, namedQuestion{arg, q, err})
		}
	}
	return found
}

// catalog knows the questions of the program and of --queries.
func (a *app) catalog() (*queries.Catalog, error) {
	if a.queries == "" {
		return queries.All()
	}
	if info, err := os.Stat(a.queries); err != nil || !info.IsDir() {
		return nil, &graph.Problem{At: graph.Position{File: a.queries}, Want: "a folder with questions (*.gizmo)", Found: "none"}
	}
	return queries.Load(queries.Folder{FS: os.DirFS(a.queries), Path: a.queries})
}

// newQuestion is the command of one question.
func newQuestion(a *app, o *queryOptions, q namedQuestion) *cobra.Command {
	c := &cobra.Command{
		Use:               q.name,
		Short:             "a question whose head has a fault",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if q.err != nil {
				return q.err
			}
			if len(args) > 0 {
				return usagef(cmd.CommandPath(), asFlag(q.Question, args), "want parameters as flags, found %s", quoted(args))
			}
			return a.ask(cmd, o, q.Question)
		},
	}
	if q.err != nil {
		c.FParseErrWhitelist.UnknownFlags = true // the head that names them cannot be read
		return c
	}
	c.Short = q.Summary
	c.Long = "kg tells " + q.Summary + "."
	c.Example = questionExample(q.Question)
	for _, p := range q.Params {
		if c.Flags().Lookup(p.Name) != nil || reservedFlag(c, a, p.Name) {
			continue // still reached with --param
		}
		f := c.Flags().VarPF(newParamValue(p), p.Name, "", paramUsage(p))
		if p.Type == paramBoolean {
			f.NoOptDefVal = "true"
		}
		complete(c, p.Name, completeParam(a, p))
	}
	return c
}

// paramBoolean is the type of a parameter that is a switch: its flag needs no value.
const paramBoolean = "boolean"

// asFlag shows how words that stand alone are given to a question: "as in --entity europol".
func asFlag(q *queries.Question, words []string) string {
	text := strings.Join(words, " ")
	switches := text == "true" || text == "false"
	for _, p := range q.Params {
		switch {
		case switches && p.Type == paramBoolean:
			return "write --" + p.Name + "=" + text
		case !switches && p.Type != paramBoolean:
			return "as in --" + p.Name + " " + shellQuoted(text)
		}
	}
	return ""
}

// reservedFlag says whether a parameter's name is that of a flag of ours.
func reservedFlag(_ *cobra.Command, a *app, name string) bool {
	shared := pflag.NewFlagSet("", pflag.ContinueOnError)
	(&app{std: a.std}).sharedFlags(shared)
	return shared.Lookup(name) != nil || slices.Contains([]string{
		"help", "ids", "limit", "require-complete", "exit-status", "queries", "param", "show", "stated-only", "claims", "timeout", "max-memory",
	}, name)
}

func paramUsage(p queries.Param) string {
	usage := p.Help
	if len(p.Enum) > 0 {
		usage = strings.TrimPrefix(usage+": "+oneOf(p.Enum), ": ")
	}
	switch {
	case p.Default != "":
		usage += " (default " + p.Default + ")"
	case !p.Optional:
		usage += " (required)"
	}
	return strings.TrimSpace(usage)
}

// A paramValue is the value of a parameter's flag, named in help by what it takes.
type paramValue struct{ text, kind string }

func newParamValue(p queries.Param) *paramValue { return &paramValue{kind: paramKind(p)} }

func (v *paramValue) String() string     { return v.text }
func (v *paramValue) Set(s string) error { v.text = s; return nil }
func (v *paramValue) Type() string       { return v.kind }

// paramKind is the word that help shows for a parameter's value; for a switch none.
func paramKind(p queries.Param) string {
	switch {
	case len(p.Enum) > 0:
		return "WORD"
	case p.Type == paramBoolean:
		return "bool" // as pflag's own switches say
	default:
		return strings.ToUpper(p.Type)
	}
}

func questionExample(q *queries.Question) string {
	line := "  kg query " + q.Name
	for _, p := range q.Params {
		if v, ok := q.Example.Params[p.Name]; ok {
			line += fmt.Sprintf(" --%s %s", p.Name, shellQuoted(v))
		}
	}
	return line
}

// shellQuoted quotes a word for a shell where it needs it.
func shellQuoted(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_./:,", r)
	}) < 0
	if plain && s != "" {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s) + `"`
}

// given collects the parameters from --param and from the flags of their own.
func given(cmd *cobra.Command, o *queryOptions, q *queries.Question) (map[string]string, error) {
	params := map[string]string{}
	for _, text := range o.params {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, usagef(cmd.CommandPath(), "", "--param: want NAME=VALUE, found %q", text)
		}
		params[name] = value
	}
	for _, p := range q.Params {
		f := cmd.LocalNonPersistentFlags().Lookup(p.Name)
		if f == nil || !f.Changed {
			continue
		}
		if _, twice := params[p.Name]; twice {
			return nil, usagef(cmd.CommandPath(), "give it once", "--param %s and --%s both set the parameter", p.Name, p.Name)
		}
		params[p.Name] = f.Value.String()
	}
	return params, nil
}

// missingParam asks for the first parameter that the question cannot do without.
func missingParam(cmd *cobra.Command, q *queries.Question, given map[string]string) error {
	for _, p := range q.Params {
		if _, ok := given[p.Name]; ok || p.Optional || p.Default != "" {
			continue
		}
		return usagef(cmd.CommandPath(), "for example "+strings.TrimSpace(questionExample(q)), "%s: want --%s %s (%s), found none",
			q.Name, p.Name, paramKind(p), p.Help)
	}
	return nil
}

// ask runs one question and prints its answer.
func (a *app) ask(cmd *cobra.Command, o *queryOptions, q *queries.Question) error {
	e, err := a.encoding(cmd)
	if err != nil {
		return err
	}
	if o.show {
		return a.writeOut(func(w io.Writer) error {
			_, err := io.WriteString(w, strings.TrimRight(q.Text, "\n")+"\n")
			return err
		})
	}
	if o.timeout < 0 {
		return usagef(cmd.CommandPath(), "", "--timeout: want 0 or more, found %s", o.timeout)
	}
	if o.memory < leastQuestionMemory {
		return usagef(cmd.CommandPath(), "", "--max-memory: want %d or more MiB, found %d", leastQuestionMemory, o.memory)
	}
	o.timeoutGiven = cmd.Flags().Changed("timeout")
	params, err := given(cmd, o, q)
	if err != nil {
		return err
	}
	if err := missingParam(cmd, q, params); err != nil {
		return err
	}
	t, err := a.run(cmd.Context(), q, params, o)
	if err != nil {
		return err
	}
	return a.answer(e, o.tableFlags, t)
}

// run asks the store.
func (a *app) run(ctx context.Context, q *queries.Question, params map[string]string, o *queryOptions) (queries.Table, error) {
	a.maxMemory = o.memory << 20
	s, err := a.open(ctx)
	if err != nil {
		return queries.Table{}, err
	}
	timeout := o.timeout
	if !o.timeoutGiven {
		if timeout, err = timeoutFrom(a.std); err != nil {
			return queries.Table{}, err
		}
	}
	if timeout <= 0 {
		timeout = -1 // for queries, zero means the default
	}
	t, err := q.Run(ctx, s.store, params, queries.Options{
		Timeout: timeout, Memory: a.maxMemory, StatedOnly: o.statedOnly, Claims: o.claims,
	})
	if err != nil {
		return queries.Table{}, explainMemory(err, a.maxMemory)
	}
	return *t, nil
}

// leastQuestionMemory is what a text needs to be read at all, in MiB.
const leastQuestionMemory = 16

// explainMemory adds the flag that sets another limit to the error of a question that needs more memory.
func explainMemory(err error, limit int64) error {
	if !errors.Is(err, gizmo.ErrMemory) && !errors.Is(err, snapshot.ErrMemory) {
		return err
	}
	return &limitError{err: err, hint: fmt.Sprintf("more than %d MiB are needed, --max-memory sets another limit", limit>>20)}
}

// listQuestions prints the catalogue.
func (a *app) listQuestions(cmd *cobra.Command, o *queryOptions) error {
	e, err := a.encoding(cmd)
	if err != nil {
		return err
	}
	catalog, err := a.catalog()
	if err != nil {
		return err
	}
	list, err := catalog.Questions()
	if err != nil {
		return err
	}
	t := queries.Table{Question: "query", Columns: textColumns("question", "parameters", "kg_tells")}
	for _, q := range list {
		t.Rows = append(t.Rows, textRow(q.Name, strings.Join(paramNames(q), ", "), q.Summary))
	}
	return a.answer(e, o.tableFlags, t)
}

// paramNames lists the parameters, those that may be left out in brackets.
func paramNames(q *queries.Question) []string {
	var names []string
	for _, p := range q.Params {
		if p.Optional || p.Default != "" {
			names = append(names, "["+p.Name+"]")
		} else {
			names = append(names, p.Name)
		}
	}
	return names
}
