package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/graph/snapshot"
	"kg/queries"
	"kg/queries/answers"
	"kg/queries/gizmo"
)

// gizmoOptions are the flags of "kg gizmo" and "kg repl".
type gizmoOptions struct {
	tableFlags
	params  []string
	strict  bool
	claims  bool
	explain bool
	isolate bool
	timeout time.Duration
	memory  int64 // MiB
	rows    int
}

// textLimit bounds a Gizmo text that comes from standard input; the engine's own limit is lower and
// says what it is.
const textLimit = 1 << 20

func newGizmo(a *app) *cobra.Command {
	o := &gizmoOptions{}
	c := &cobra.Command{
		Use:   "gizmo TEXT|-",
		Short: "Run a Gizmo path of your own",
		Long: `gizmo runs a text in Gizmo, Cayley's path language (docs/gizmo.md), and prints one row
an answer: the value where the path ended, and a column for each tag. Short and full
IRIs name the same node. "-" reads the text from standard input.

A predicate or an entity that the graph does not know is told on standard error, with
the nearest known one; --strict makes it an error.

The time limit, the memory of paths and sorting, and what a built-in may allocate are
kept exactly; the memory of the script itself is watched. A text that you did not write
yourself is safer with --isolate: it runs in a process of its own, which the system
ends at its limit.`,
		Example: `  kg gizmo 'g.V("<kg:platform/encrochat>").in("<kg:cracked>").all()'
  kg gizmo 'g.V(params.who).out("<kg:cracked>").tag("platform").all()' \
      --param who='<kg:agency/be-federal-police>'
  kg gizmo --explain 'g.V("<kg:Platform>").in("<rdf:type>").all()'`,
		Args:              wantArgs(1, 1, "TEXT, or - for standard input"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.gizmo(cmd, o, args[0])
		},
	}
	o.add(c)
	o.addRun(c)
	f := c.Flags()
	f.BoolVar(&o.explain, "explain", false, "print how the text was run, with the rows of each part, instead of its rows")
	f.BoolVar(&o.isolate, "isolate", false, "run the text in a process of its own")
	return c
}

// addRun adds the flags about how a text is run.
func (o *gizmoOptions) addRun(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.params, "param", nil, "value of the object params, as `NAME=VALUE`: JSON, or else text; may be repeated")
	f.BoolVar(&o.strict, "strict", false, "make an unknown predicate or entity an error")
	f.BoolVar(&o.claims, "claims", false, "add a column with the claims behind each row")
	f.DurationVar(&o.timeout, "timeout", queries.DefaultTimeout, "how long the text may run; 0 sets no limit")
	f.Int64Var(&o.memory, "max-memory", 256, "memory that the text may use, in MiB")
	f.IntVar(&o.rows, "max-rows", 0, "end with an error after this many rows; 0 sets no limit")
}

// gizmo runs one text and prints its rows.
func (a *app) gizmo(cmd *cobra.Command, o *gizmoOptions, text string) error {
	e, err := a.encoding(cmd)
	if err != nil {
		return err
	}
	if err := o.check(cmd); err != nil {
		return err
	}
	name := "argument"
	if text == "-" {
		name = "-"
		if text, err = readText(a.std.In); err != nil {
			return err
		}
	}
	params, err := jsonParams(cmd, o.params)
	if err != nil {
		return err
	}
	if !cmd.Flags().Changed("timeout") {
		if o.timeout, err = timeoutFrom(a.std); err != nil {
			return err
		}
	}
	r := gizmoRun{Name: name, Text: text, Params: params, Strict: o.strict, Claims: o.claims, Timeout: o.timeout, Memory: o.memory << 20, Rows: o.rows}
	if o.explain {
		return a.explain(cmd.Context(), r)
	}
	rows := rowTable{answers.Rows{Limit: r.Memory}}
	if o.isolate {
		err = a.runIsolated(cmd.Context(), r, &rows)
	} else {
		err = a.runGizmo(cmd.Context(), r, &rows)
	}
	if err != nil {
		return err
	}
	s, err := a.open(cmd.Context())
	if err != nil {
		return err
	}
	t, err := rows.table(cmd.Context(), s)
	if err != nil {
		return err
	}
	return a.answer(e, o.tableFlags, t)
}

func (o *gizmoOptions) check(cmd *cobra.Command) error {
	switch {
	case o.memory < leastQuestionMemory:
		return usagef(cmd.CommandPath(), "", "--max-memory: want %d or more MiB, found %d", leastQuestionMemory, o.memory)
	case o.rows < 0:
		return usagef(cmd.CommandPath(), "", "--max-rows: want 0 or more, found %d", o.rows)
	case o.timeout < 0:
		return usagef(cmd.CommandPath(), "", "--timeout: want 0 or more, found %s", o.timeout)
	}
	return nil
}

// readText reads a Gizmo text from standard input.
func readText(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, textLimit+1))
	if err != nil {
		return "", fmt.Errorf("reading standard input: %w", err)
	}
	if len(b) > textLimit {
		return "", &graph.Problem{At: graph.Position{File: "-"}, Want: fmt.Sprintf("a text of at most %d bytes", textLimit), Found: "a longer one"}
	}
	return string(b), nil
}

// jsonParams reads --param NAME=VALUE: the value is JSON where it can be read as such, text otherwise.
func jsonParams(cmd *cobra.Command, list []string) (map[string]any, error) {
	params := map[string]any{}
	for _, p := range list {
		name, text, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, usagef(cmd.CommandPath(), "", "--param: want NAME=VALUE, found %q", p)
		}
		if _, twice := params[name]; twice {
			return nil, usagef(cmd.CommandPath(), "", "--param: %s is given twice", name)
		}
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			v = text
		}
		params[name] = v
	}
	return params, nil
}

// A gizmoRun is one text with everything that decides its answer. It travels to a worker as JSON.
type gizmoRun struct {
	Name    string         `json:"name"`
	Text    string         `json:"text"`
	Params  map[string]any `json:"params"`
	Strict  bool           `json:"strict"`
	Claims  bool           `json:"claims"`
	Timeout time.Duration  `json:"timeout"`
	Memory  int64          `json:"memory"` // bytes
	Rows    int            `json:"rows"`
}

// A rowSink receives what a text answers.
type rowSink interface {
	row(gizmo.Row) error
	result(any)           // the value of the last expression
	warning(*gizmo.Error) // a finding of the lint
}

// runGizmo runs a text in this process.
func (a *app) runGizmo(ctx context.Context, r gizmoRun, sink rowSink) error {
	a.maxMemory = r.Memory
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := r.limited(ctx)
	defer cancel()
	err = gizmo.Run(ctx, s.store.Cayley(), r.Text, s.gizmoOptions(ctx, a, r, sink), sink.row)
	if err == nil {
		err = s.store.Err() // an answer with gaps is none
	}
	return r.explained(err)
}

// limited is the context under the run's time limit.
func (r gizmoRun) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.Timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, r.Timeout)
}

// explain runs a text and prints how: its plan as a tree, with the rows that were expected and found.
func (a *app) explain(ctx context.Context, r gizmoRun) error {
	a.maxMemory = r.Memory
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := r.limited(ctx)
	defer cancel()
	plan, err := gizmo.Explain(ctx, s.store.Cayley(), r.Text, s.gizmoOptions(ctx, a, r, &rowTable{}))
	if err != nil {
		return r.explained(err)
	}
	return a.writeOut(func(w io.Writer) error {
		_, err := io.WriteString(w, plan)
		return err
	})
}

func (s *session) gizmoOptions(ctx context.Context, a *app, r gizmoRun, sink rowSink) gizmo.Options {
	return gizmo.Options{
		Name: r.Name, Params: r.Params, Namespaces: s.store.Namespaces(),
		Vocabulary: &vocabulary{ctx: ctx, session: s}, Strict: r.Strict, Claims: r.Claims,
		Warn: func(e *gizmo.Error) {
			sink.warning(e)
			a.note("%v", e)
		},
		Result: sink.result,
		Limits: gizmo.Limits{Memory: r.Memory, Rows: r.Rows},
	}
}

// explained adds the flag that sets another limit to the error of one that ended a run.
func (r gizmoRun) explained(err error) error {
	hint := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gizmo.ErrTimeout):
		hint = fmt.Sprintf("no answer within %s, --timeout sets another limit", r.Timeout)
	case errors.Is(err, gizmo.ErrRows):
		hint = fmt.Sprintf("there are more than %d rows, --max-rows sets another limit", r.Rows)
	case errors.Is(err, gizmo.ErrMemory), errors.Is(err, snapshot.ErrMemory):
		hint = fmt.Sprintf("more than %d MiB are needed, --max-memory sets another limit", r.Memory>>20)
	case errors.Is(err, gizmo.ErrDepth), errors.Is(err, gizmo.ErrSize):
	default:
		return err
	}
	return &limitError{err: err, hint: hint}
}

// A limitError is the end of a run at one of its limits: the answer is incomplete.
type limitError struct {
	err  error
	hint string
}

// Error says which limit it was and how to set another.
func (e *limitError) Error() string {
	if e.hint == "" {
		return e.err.Error()
	}
	return e.err.Error() + "; " + e.hint
}

// Unwrap returns the reason, and what it means for the exit code.
func (e *limitError) Unwrap() []error { return []error{errIncomplete, e.err} }
