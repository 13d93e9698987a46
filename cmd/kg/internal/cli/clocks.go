package cli

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"kg/graph"
)

// A clockFlags is by which time the claims are chosen that a command sees.
type clockFlags struct {
	known, valid string
	undated      bool
}

// clocked names the commands that look at the graph through the clocks.
func clocked() []string {
	return []string{
		"query", "show", "claims", "why", "search", "path", "near", "sum", "conflicts", "timeline", "gizmo", "repl", "export", workerName,
	}
}

// addClocks gives the commands that answer from the graph the flags of the clocks.
func (a *app) addClocks(root *cobra.Command) {
	for _, c := range root.Commands() {
		if !slices.Contains(clocked(), c.Name()) {
			continue
		}
		f := c.PersistentFlags()
		f.StringVar(&a.clocks.known, "known-at", "", "answer from what was published by the end of this `DATE` (2020-07-03, 2020-07, 2020)")
		f.StringVar(&a.clocks.valid, "valid-at", "", "answer from what held on this `DATE`")
		f.BoolVar(&a.clocks.undated, "undated", false, "with --known-at, keep what stands in documents without a date")
		complete(c, "known-at", cobra.NoFileCompletions)
		complete(c, "valid-at", cobra.NoFileCompletions)
	}
}

// args are the flags as a worker needs them.
func (f clockFlags) args() []string {
	args := []string{"--known-at", f.known, "--valid-at", f.valid}
	if f.undated {
		args = append(args, "--undated")
	}
	return args
}

// clock reads the flags.
func (a *app) clock() (graph.Clock, error) {
	c := graph.Clock{Undated: a.clocks.undated}
	for _, f := range []struct {
		name, text string
		date       *graph.Date
	}{{"--known-at", a.clocks.known, &c.Known}, {"--valid-at", a.clocks.valid, &c.Valid}} {
		if f.text == "" {
			continue
		}
		d, err := graph.ParseDate(f.text)
		if err != nil {
			return c, usagef("kg", "\"kg help clocks\" explains it", "%s: %v", f.name, err)
		}
		*f.date = d
	}
	if c.Undated && c.Known.IsZero() {
		return c, usagef("kg", "give --known-at too", "--undated says what --known-at does with documents without a date")
	}
	return c, nil
}

// setClocks puts the view that the clocks make in the place of the store. The store stays open until the
// session ends.
func (a *app) setClocks(ctx context.Context, s *session, ns graph.Namespaces) error {
	clock, err := a.clock()
	if err != nil || clock.IsZero() {
		return err
	}
	view, left, err := graph.OpenView(ctx, s.store, clock, a.viewFolder(s.project), graph.BuildOptions{
		Schema: s.schema, Namespaces: ns, Tool: toolVersion(),
		Notice: func(text string) { a.note("%s", text) },
	})
	if err != nil {
		return err
	}
	s.base, s.store = s.store, view
	a.note("%s: %s", clock, left.Words("--undated"))
	return nil
}

// viewFolder is where views are kept: beside the project's own store, and for a store that the user
// named in the cache folder, so that nothing appears where nobody expects it.
func (a *app) viewFolder(p project) string {
	if a.store != "" {
		p = project{}
	}
	own := a.ownStore(p)
	if own.InMemory() {
		return ""
	}
	return filepath.Join(filepath.Dir(own.Path), "views")
}

const clocksTopic = `Two clocks choose by time among the claims before anything is answered: what follows
from the claims (who cracked what), which figure is preferred, sums and paths come from
those that are left.

  --known-at DATE  what was known then: claims whose document was published by the end
                   of that day, month or year. A document dated 2021-03 counts from
                   31 March. An undated one counts from the day by which it was out
                   (published before), if that is known; else it is left out and
                   counted on standard error, and --undated keeps it.
  --valid-at DATE  what held then: claims whose own span (valid from, valid until)
                   reaches into that day, month or year, about things that had begun.
                   An event or operation begins with its start, a platform or
                   organisation with its founding, a document with its publication, as
                   far as these are known. A figure is there from the day on which it
                   was struck (as of), else from the last day that it counts, else
                   from the first, else with what it is about.

Conclusions of the editors go with the claims that they rest on. Of a thing of which
nothing was said then, the name stays, so that it can be asked for. The curators' words
(names, kinds, places, which claims are deprecated) have no date, and are those of today.

Both can be given at once. A view is kept in .kg/views (for stores that you name, and
the embedded facts, in the user's cache folder) until the facts change; the sixteen used
last stay.

  kg show encrochat --known-at 2020-07-03
  kg sum mass --item cocaine --known-at 2021
  kg query agencies-by-platform --valid-at 2020-06`
