package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"kg/queries"
	"kg/queries/answers"
	"kg/queries/gizmo"
)

// A lineReader gives the prompt's lines one by one; io.EOF ends it.
type lineReader interface {
	read(prompt string) (string, error)
	Close() error
}

// errDropped says that the line at hand was given up (Ctrl-C), not the prompt.
var errDropped = errors.New("line dropped")

func newRepl(a *app) *cobra.Command {
	o := &gizmoOptions{}
	c := &cobra.Command{
		Use:   "repl",
		Short: "Keep asking in Gizmo",
		Long: `repl reads Gizmo texts and prints their rows, one after the other. A text goes on over
several lines until its brackets are closed. What var, let, const or function names
stays known. Tab completes methods, predicates and entities; the history is kept
between calls. Lines that begin with ":" are commands (:help lists them). Standard
input that is no terminal is read without a prompt.`,
		Example:           "  kg repl\n  echo 'g.V(\"<kg:platform/encrochat>\").in(\"<kg:cracked>\").all()' | kg repl",
		Args:              wantArgs(0, 0, "no argument"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			p, err := newPrompt(cmd, a, o)
			if err != nil {
				return err
			}
			lines, err := a.lines(p)
			if err != nil {
				return err
			}
			err = p.loop(cmd.Context(), lines)
			return errors.Join(err, lines.Close())
		},
	}
	o.add(c)
	o.addRun(c)
	return c
}

// A prompt is one conversation: what is asked next is printed as was chosen before.
type prompt struct {
	app     *app
	cmd     *cobra.Command
	options *gizmoOptions
	session *session
	params  map[string]any
	format  encoding
	names   string         // the texts so far that gave names to things, each on lines of its own
	signals chan os.Signal // Ctrl-C while a text runs; nil where it ends the program
	failed  error          // the first thing that went wrong, for the exit code of a script
}

func newPrompt(cmd *cobra.Command, a *app, o *gizmoOptions) (*prompt, error) {
	p := &prompt{app: a, cmd: cmd, options: o}
	var err error
	if p.format, err = a.encoding(cmd); err != nil {
		return nil, err
	}
	if p.params, err = jsonParams(cmd, o.params); err != nil {
		return nil, err
	}
	if !cmd.Flags().Changed("timeout") {
		if o.timeout, err = timeoutFrom(a.std); err != nil {
			return nil, err
		}
	}
	p.session, err = a.open(cmd.Context())
	return p, err
}

// loop reads and answers until the input ends. At a terminal a mistake is told and forgotten; in a
// script the first one decides the exit code.
func (p *prompt) loop(ctx context.Context, lines lineReader) error {
	var text strings.Builder
	defer p.interrupts()()
	for {
		sign := "kg> "
		if text.Len() > 0 {
			sign = "  > "
		}
		line, err := lines.read(sign)
		switch {
		case errors.Is(err, errDropped):
			text.Reset()
			continue
		case errors.Is(err, io.EOF):
			if strings.TrimSpace(text.String()) != "" {
				p.told(p.interruptible(ctx, func(ctx context.Context) error { return p.answer(ctx, text.String()) }))
			}
			if p.app.std.InTerminal {
				return nil
			}
			return p.failed
		case err != nil:
			return fmt.Errorf("reading standard input: %w", err)
		}
		if text.Len() == 0 && strings.HasPrefix(strings.TrimSpace(line), ":") {
			more := true
			p.told(p.interruptible(ctx, func(ctx context.Context) (err error) {
				more, err = p.command(ctx, strings.TrimSpace(line))
				return err
			}))
			if !more {
				return p.failed
			}
			continue
		}
		text.WriteString(line + "\n")
		if open(text.String()) && text.Len() < textLimit {
			continue
		}
		whole := text.String()
		text.Reset()
		if strings.TrimSpace(whole) != "" {
			p.told(p.interruptible(ctx, func(ctx context.Context) error { return p.answer(ctx, whole) }))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// told prints an error and remembers the first.
func (p *prompt) told(err error) {
	if err == nil {
		return
	}
	report(p.cmd.Context(), p.app.std, err)
	if p.failed == nil && !p.app.std.InTerminal {
		p.failed = fmt.Errorf("%w: %w", errTold, err)
	}
}

// run is one text as the prompt's flags want it, with the names that stand so far before it.
func (p *prompt) run(text string) gizmoRun {
	o := p.options
	before, block := gizmo.Before(p.names, text)
	loose := gizmo.Redeclarable(text)
	if block {
		loose += "\n}"
	}
	return gizmoRun{
		Name: "prompt", Text: before + loose, Params: p.params, Strict: o.strict, Claims: o.claims,
		Timeout: o.timeout, Memory: o.memory << 20, Rows: o.rows,
	}
}

// answer runs one text. Each runs by itself, so a slip leaves nothing behind.
func (p *prompt) answer(ctx context.Context, text string) error {
	rows := rowTable{answers.Rows{Limit: p.options.memory << 20}}
	if err := p.app.runGizmo(ctx, p.run(text), &rows); err != nil {
		return p.placed(err, text)
	}
	if names := gizmo.Definitions(text); names != "" {
		p.names += names
		if len(rows.List) == 0 && rows.Last == nil {
			return nil // a name was given: that there is no answer needs no word
		}
	}
	t, err := rows.table(ctx, p.session)
	if err != nil {
		return err
	}
	return p.app.answer(p.format, p.options.tableFlags, t)
}

// placed counts the lines of an error from the text that was typed, not from the names before it.
func (p *prompt) placed(err error, text string) error {
	var e *gizmo.Error
	names, _ := gizmo.Before(p.names, text)
	if before := strings.Count(names, "\n"); errors.As(err, &e) && e.Line > before {
		e.Line -= before
	}
	return err
}

// A replCommand is a line that begins with ":".
type replCommand struct {
	name, argument, about string
	run                   func(ctx context.Context, p *prompt, argument string) error
}

func replCommands() []replCommand {
	return []replCommand{
		{":help", "", "list these commands", func(_ context.Context, p *prompt, _ string) error { return p.help() }},
		{":schema", "[WORD]", "what the graph may say, or what a word means", func(_ context.Context, p *prompt, word string) error { return p.schema(word) }},
		{":format", "NAME", "print as " + oneOf(formatNames()), func(_ context.Context, p *prompt, name string) error { return p.setFormat(name) }},
		{":explain", "TEXT", "how a text is run, with the rows of each part", func(ctx context.Context, p *prompt, text string) error { return p.app.explain(ctx, p.run(text)) }},
		{":methods", "", "what can be called on g and on a path", func(_ context.Context, p *prompt, _ string) error { return p.methods() }},
		{":quit", "", "end", nil},
	}
}

// command runs a line that begins with ":" and says whether to go on.
func (p *prompt) command(ctx context.Context, line string) (more bool, err error) {
	name, argument, _ := strings.Cut(line, " ")
	var names []string
	for _, c := range replCommands() {
		names = append(names, c.name)
		if c.name != name {
			continue
		}
		if c.run == nil {
			return false, nil
		}
		return true, c.run(ctx, p, strings.TrimSpace(argument))
	}
	return true, usagef("kg repl", near(name, names), "unknown command %s", name)
}

// near is the hint for a misspelt word, or where to find the right one.
func near(word string, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(w, word) {
			return "did you mean " + w + "?"
		}
	}
	return ":help lists them"
}

func (p *prompt) help() error {
	t := queries.Table{Columns: textColumns("command", "does")}
	for _, c := range replCommands() {
		t.Rows = append(t.Rows, textRow(strings.TrimSpace(c.name+" "+c.argument), c.about))
	}
	return p.app.answer(p.format, tableFlags{}, t)
}

func (p *prompt) methods() error {
	t := queries.Table{Columns: textColumns("on", "method")}
	for _, m := range gizmo.GraphMethods() {
		t.Rows = append(t.Rows, textRow("g", m))
	}
	for _, m := range gizmo.Methods() {
		t.Rows = append(t.Rows, textRow("path", m))
	}
	for _, m := range gizmo.Globals() {
		t.Rows = append(t.Rows, textRow("", m))
	}
	return p.app.answer(p.format, tableFlags{}, t)
}

func (p *prompt) schema(word string) error {
	t, err := schemaTable(p.session.schema, word)
	if err != nil {
		return err
	}
	return p.app.answer(p.format, tableFlags{}, t)
}

func (p *prompt) setFormat(name string) error {
	for _, e := range encodings() {
		if e.name == name {
			p.format = e
			return nil
		}
	}
	return checkWord(p.cmd, ":format", name, formatNames())
}

// open says whether a text goes on: brackets, templates or comments are still to be closed, or its
// last character wants something behind it.
func open(text string) bool {
	if last := strings.TrimRight(text, " \t\r\n"); last != "" && strings.ContainsRune(".,=&|?+", rune(last[len(last)-1])) {
		return true
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"', '\'', '`':
			end := closing(text, i+1, c)
			if end < 0 {
				return c == '`' // other strings cannot go on: the compiler says so
			}
			i = end
		case '/':
			switch {
			case strings.HasPrefix(text[i:], "//"):
				n := strings.IndexByte(text[i:], '\n')
				if n < 0 {
					return depth > 0
				}
				i += n
			case strings.HasPrefix(text[i:], "/*"):
				n := strings.Index(text[i+2:], "*/")
				if n < 0 {
					return true
				}
				i += n + 3
			}
		}
	}
	return depth > 0
}

// closing finds the quote that ends a string, or -1. Only a template goes over lines.
func closing(text string, i int, quote byte) int {
	for ; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i
		case '\n':
			if quote != '`' {
				return -1
			}
		}
	}
	return -1
}
