package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/graph/atomicfile"
	"kg/loaders"
)

type fmtOptions struct {
	check, diff bool
}

func newFmt(a *app) *cobra.Command {
	var o fmtOptions
	c := &cobra.Command{
		Use:   "fmt [PATH…]",
		Short: "Put the curated tables in their canonical form",
		Long: `fmt writes the curated tables the one way they are kept, so that a change to them
shows what was changed and nothing else: columns in their order, a row an id sorted
by id (A-9 before A-10), cells in quotes only where they must be and without blanks
around them, lists like aliases sorted and without repeats, lines that end in LF. What
the tables say stays the same.

A PATH is a table, a folder of tables (data/curated, or one that holds it), or - for a
table on standard input, which comes out on standard output; without one, the tables
of the project. A table that cannot be read is refused with every mistake in it, and
then no table is written at all. Each file is replaced as a whole, or stays as it was;
one that was changed in the meantime stays.

With --check nothing is written: the tables that are not in form are listed, and the
exit code is 1 if there are any. --diff prints what would change instead.`,
		Example: `  kg fmt
  kg fmt --check
  kg fmt --diff
  kg fmt data/curated/agencies.csv
  kg fmt - < data/curated/agencies.csv`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"csv"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.json || cmd.Flags().Changed("format") {
				return usagef(cmd.CommandPath(), "fmt prints names or differences", "--format and --json are for tables of results")
			}
			if o.check && o.diff {
				return usagef(cmd.CommandPath(), "give one of them", "--check lists what differs, --diff prints it")
			}
			return a.formatTables(cmd.Context(), o, args)
		},
	}
	c.Flags().BoolVar(&o.check, "check", false, "write nothing; list the tables that are not in form, and exit 1 if there are any")
	c.Flags().BoolVar(&o.diff, "diff", false, "write nothing; print what would change, and exit 1 if anything would")
	return c
}

// A curatedFile is a table and its canonical form.
type curatedFile struct {
	path     string
	old, new []byte
}

func (f curatedFile) inForm() bool { return bytes.Equal(f.old, f.new) }

func (a *app) formatTables(ctx context.Context, o fmtOptions, paths []string) error {
	files, err := a.tablePaths(paths)
	if err != nil {
		return err
	}
	var tables []curatedFile
	var problems graph.Problems
	for _, path := range files {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		t, err := a.canonical(path)
		if err != nil {
			if other := problems.Collect(err); other != nil {
				return other
			}
			continue
		}
		tables = append(tables, t)
	}
	if err := problems.Join(); err != nil {
		return err
	}
	if slices.Equal(paths, []string{"-"}) && !o.check && !o.diff {
		return a.writeOut(func(w io.Writer) error {
			_, err := w.Write(tables[0].new)
			return err
		})
	}
	changed := slices.DeleteFunc(slices.Clone(tables), curatedFile.inForm)
	if o.check || o.diff {
		return a.tellForm(o, changed, len(tables))
	}
	for _, t := range changed {
		unlock, err := lockTables(filepath.Dir(t.path))
		if err != nil {
			return err
		}
		err = a.replaceTable(t)
		unlock()
		if err != nil {
			return err
		}
		a.note("%s: written", t.path)
	}
	a.note("%s in canonical form, %d of them written", countOf(len(tables), "table", "tables"), len(changed))
	return nil
}

// tellForm prints the tables that are not in form, or what would change in them.
func (a *app) tellForm(o fmtOptions, changed []curatedFile, all int) error {
	err := a.writeOut(func(w io.Writer) error {
		for _, t := range changed {
			text := []byte(t.path + "\n")
			if o.diff {
				text = diff.Diff(t.path, t.old, t.path+" (canonical)", t.new)
			}
			if _, err := w.Write(text); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(changed) == 0:
		a.note("%s in canonical form", countOf(all, "table", "tables"))
		return nil
	}
	a.note("%d of %s not in canonical form; kg fmt writes it", len(changed), countOf(all, "table", "tables"))
	return errCheck
}

// canonical reads a table and puts it in form.
func (a *app) canonical(path string) (curatedFile, error) {
	t := curatedFile{path: path}
	var err error
	if path == loaders.StandardInput {
		t.old, err = io.ReadAll(a.std.In)
	} else {
		t.old, err = os.ReadFile(path)
	}
	if err != nil {
		return t, unreadable(path, "a curated table", err)
	}
	t.new, err = loaders.FormatTable(bytes.NewReader(t.old), path)
	return t, err
}

// lockTables waits until no other kg writes to the tables of a folder, and keeps it so until unlock is
// called. A folder that is not there yet has nobody to wait for.
func lockTables(folder string) (unlock func(), err error) {
	f, err := os.Open(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, unreadable(folder, "a folder of tables", err)
	}
	if err := atomicfile.Lock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // which lets go of the lock
}

// replaceTable writes a table's new text, unless someone else has changed the table meanwhile.
func (a *app) replaceTable(t curatedFile) error {
	path := t.path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays, and what it points to is replaced
	}
	now, err := os.ReadFile(path)
	if os.IsNotExist(err) && t.old == nil {
		now, err = nil, nil // a new table
	}
	if err != nil {
		return unreadable(path, "a curated table", err)
	}
	if !bytes.Equal(now, t.old) {
		return &graph.Problem{
			At: graph.Position{File: t.path}, Want: "the table as it was read", Found: "one that was changed meanwhile",
			Hint: "it stays as it is now; run the command again",
		}
	}
	return a.writeFile(path, func(w io.Writer) error {
		_, err := w.Write(t.new)
		return err
	})
}

// tablePaths lists the tables that the user means.
func (a *app) tablePaths(paths []string) ([]string, error) {
	if len(paths) == 0 {
		p, err := a.project()
		if err != nil {
			return nil, err
		}
		if p.tables == "" {
			return nil, noTables(p)
		}
		paths = []string{p.tables}
	}
	var files []string
	for _, path := range paths {
		if path == loaders.StandardInput || !isFolder(path) {
			files = append(files, path)
			continue
		}
		found, err := tablesIn(path)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// noTables is the problem of a project whose facts do not come from tables.
func noTables(p project) error {
	return &graph.Problem{
		At: graph.Position{File: p.facts()}, Want: "a folder of curated tables", Found: "facts that come from none",
		Hint: "--data (or " + envData + ") names a folder with curated/",
	}
}

// tablesIn lists the tables in a folder: one of curated tables, one that holds such a folder, or one of
// tables of claims.
func tablesIn(dir string) ([]string, error) {
	if p, err := projectAt(dir); err == nil && p.tables != "" {
		dir = p.tables
	}
	var names []string
	var err error
	if filepath.Base(filepath.Clean(dir)) == "claims" { // one of its tables may be called like one of entities
		names, err = fs.Glob(os.DirFS(dir), "*.csv")
	} else {
		names, err = loaders.CuratedTables(os.DirFS(dir), ".")
	}
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, &graph.Problem{At: graph.Position{File: dir}, Want: "a folder of curated tables", Found: "one without any"}
	}
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names, nil
}

// unreadable names a file that cannot be read, and why.
func unreadable(path, want string, err error) error {
	reason := err.Error()
	if _, cause, ok := strings.Cut(reason, path+": "); ok {
		reason = cause
	}
	return &graph.Problem{At: graph.Position{File: path}, Want: want, Found: reason, Err: err}
}

// countOf is "1 table" or "3 tables".
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
