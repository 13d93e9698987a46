package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

// A tableFlags is what every command that prints a table takes, beside --format.
type tableFlags struct {
	ids, full, requireComplete, exitStatus bool
	limit                                  int
}

func (f *tableFlags) add(cmd *cobra.Command) {
	flags := cmd.PersistentFlags()
	flags.BoolVar(&f.ids, "ids", false, "print identifiers instead of names")
	flags.BoolVar(&f.full, "full", false, "on a terminal: print long lists in cells too, where they are only counted else")
	flags.IntVar(&f.limit, "limit", 0, "print at most this many rows and say so; 0 prints all")
	flags.BoolVar(&f.requireComplete, "require-complete", false, "exit 4 when the answer was cut")
	flags.BoolVar(&f.exitStatus, "exit-status", false, "exit 1 when there are no rows")
}

// encoding is the one that --format, --json or the kind of output asks for.
func (a *app) encoding(cmd *cobra.Command) (encoding, error) {
	name := a.format
	limit := cmd.Flags().Lookup("limit")
	switch {
	case limit != nil && strings.HasPrefix(limit.Value.String(), "-"):
		return encoding{}, usagef(cmd.CommandPath(), "", "--limit: want 0 or more, found %s", limit.Value)
	case a.json && name != "" && name != "json":
		return encoding{}, usagef(cmd.CommandPath(), "give one of them", "--json and --format %s contradict each other", name)
	case a.json:
		name = "json"
	case name == "" && a.std.OutTerminal:
		name = "table"
	case name == "":
		name = "tsv"
	}
	all := encodings()
	i := slices.IndexFunc(all, func(e encoding) bool { return e.name == name })
	if i < 0 {
		hint := orElse(graph.DidYouMean(name, formatNames()), "want "+oneOf(formatNames()))
		return encoding{}, usagef(cmd.CommandPath(), hint, "unknown format %q", name)
	}
	return all[i], nil
}

// answer cuts the table to --limit, prints it and says on standard error what a reader must know of
// it: that it was cut, what a sum left out, that it is empty.
func (a *app) answer(e encoding, f tableFlags, t queries.Table) error {
	return a.answerCut(e, f, t, nil)
}

// answerCut is answer for what was cut before it became a table: limits say how.
func (a *app) answerCut(e encoding, f tableFlags, t queries.Table, limits []string) error {
	t.Count = max(t.Count, len(t.Rows))
	if f.limit > 0 && len(t.Rows) > f.limit {
		t.Rows = t.Rows[:f.limit]
		t.Truncated = true
		limits = append(limits, fmt.Sprintf("%d of %d rows are shown; --limit 0 shows all", len(t.Rows), t.Count))
	}
	t.Truncated = t.Truncated || len(limits) > 0
	o := encodeOptions{ids: f.ids}
	if e.name == "table" {
		o.paint = colourOn(a.color, a.std, a.std.OutTerminal)
		if a.std.OutTerminal {
			o.width = a.std.width()
		}
	}
	printed, counted := t, []string(nil)
	if o.width > 0 && !f.full {
		printed, counted = brief(t, o)
	}
	if err := e.write(a.std.Out, printed, o); err != nil {
		return err
	}
	if len(counted) > 0 {
		a.note("only counted, for room: %s; --full names them", strings.Join(counted, ", "))
	}
	if e.name != "json" {
		for _, l := range t.LeftOut[:min(leftOutShown, len(t.LeftOut))] {
			a.note("left out: %s", leftOutText(l))
		}
		if more := len(t.LeftOut) - leftOutShown; more > 0 {
			a.note("left out: %d more; --format json lists them all", more)
		}
	}
	if t.Tally != nil && e.name == "table" && len(t.Rows) > 0 {
		a.note("%s", a.tallyText(*t.Tally))
	}
	if t.Truncated && f.requireComplete {
		return fmt.Errorf("%w: %s", errIncomplete, strings.Join(limits, "; "))
	}
	for _, l := range limits {
		a.note("%s", l)
	}
	switch {
	case len(t.Rows) == 0 && f.exitStatus:
		a.note("no rows")
		return errEmpty
	case len(t.Rows) == 0:
		a.note("no rows")
	}
	return nil
}

// tallyText says what was counted: "6 different agencies".
func (a *app) tallyText(t queries.Tally) string {
	one, many := "value of "+t.Column, "values of "+t.Column
	if schema, err := a.schema(); err == nil {
		for _, c := range schema.Classes() {
			if c.Label == strings.ReplaceAll(t.Column, "_", " ") {
				one, many = c.Label, c.Plural
			}
		}
	}
	if t.N == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d different %s", t.N, many)
}

// note tells a person something on standard error, unless --quiet.
func (a *app) note(format string, args ...any) {
	if a.quiet {
		return
	}
	paint := colourOn(a.color, a.std, a.std.ErrTerminal)
	a.std.say("%s\n", paint.paint(styleQuiet, "kg: "+visible(fmt.Sprintf(format, args...))))
}

func leftOutText(l queries.LeftOut) string {
	parts := []string{l.What.Text()}
	if l.Amount.Term != nil {
		parts = append(parts, l.Amount.Text())
	}
	s := strings.Join(parts, ", ")
	if l.Claim.Term != nil {
		s += " (" + l.Claim.Text() + ")"
	}
	return s + ": " + l.Reason
}
