package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/loaders"
)

func newAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "add",
		Short: "Add a claim to the curated tables",
		Long: `add appends a row to the curated tables of the project, after asking for what is
needed and checking it as a build would. "kg add claim --help" tells
more.`,
		Example: `  kg add claim
  kg add claim --help`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	c.AddCommand(newAddClaim(a))
	return c
}

type addOptions struct {
	cells         map[string]*string // column → what was given
	table, prefix string
	dryRun, yes   bool
}

func newAddClaim(a *app) *cobra.Command {
	o := addOptions{cells: map[string]*string{}}
	c := &cobra.Command{
		Use:   "claim",
		Short: "Ask for a claim, check it, and append it to its table",
		Long: `claim puts one claim into a table of data/curated/claims. On a terminal it asks for the
fields that were not given, says what each wants, proposes values (Tab), and checks
each answer; an empty answer takes what stands in brackets, "?" explains more. In a
script the fields are flags, and --yes writes without asking.

Entities may be given by name or as class/slug. The row is checked with all tables, as
a build does: nothing is written while it has a mistake. It goes into the table that
--table names, else into the one that has most claims on its subject, or from its
document. Without --id it takes the next free id of --prefix, else of those in the
table. The table is replaced as a whole, in canonical form, or stays as it was.

The id of the claim is printed; with --dry-run, its quads.`,
		Example: `  kg add claim
  kg add claim --dry-run --subject encrochat --predicate hostedBy \
      --value OVHcloud --source deeside-nca-2020-07-02
  kg add claim --yes --subject encrochat-users --predicate itemCount \
      --value 60000 --unit count --reported-as "60,000 users" \
      --source deeside-nca-2020-07-02 --speaker NCA --note "Told in passing."`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.addClaim(cmd, o) },
	}
	f := c.Flags()
	for _, field := range claimFields() {
		o.cells[field.column] = f.String(field.flag, "", field.short)
		complete(c, field.flag, a.completeField(field))
	}
	f.StringVar(&o.table, "table", "", "table of claims to write to: its name, encrochat or encrochat.csv")
	f.StringVar(&o.prefix, "prefix", "", "take the next free id that begins with this")
	f.BoolVar(&o.dryRun, "dry-run", false, "check, print the quads, and write nothing")
	f.BoolVar(&o.yes, "yes", false, "write without asking")
	complete(c, "table", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.claimTables(), cobra.ShellCompDirectiveNoFileComp
	})
	complete(c, "prefix", cobra.NoFileCompletions)
	return c
}

// claimTables lists the tables of claims of the project.
func (a *app) claimTables() []string {
	p, err := a.project()
	if err != nil || p.tables == "" {
		return nil
	}
	ids, err := loaders.ClaimIDs(os.DirFS(p.tables), ".")
	if err != nil {
		return nil
	}
	var names []string
	for file := range ids {
		if path.Dir(file) == "claims" {
			names = append(names, strings.TrimSuffix(path.Base(file), ".csv"))
		}
	}
	slices.Sort(names)
	return names
}

// An addition is a claim on its way into the tables.
type addition struct {
	app     *app
	ctx     context.Context //nolint:containedctx // lives as long as one command
	project project
	s       *session
	ids     map[string][]string // table → claim ids
	options addOptions
	cells   map[string]string
	table   string // within the folder of tables: claims/encrochat.csv

	numbered bool // the id was counted on, not given

	asking claimField    // the question that stands on the terminal
	plain  *bufio.Reader // standard input that is no terminal, kept from one question to the next
}

func (a *app) addClaim(cmd *cobra.Command, o addOptions) error {
	s, err := a.open(cmd.Context())
	if err != nil {
		return err
	}
	add := &addition{app: a, ctx: cmd.Context(), project: s.project, s: s, options: o, cells: map[string]string{}}
	if s.project.tables == "" {
		return noTables(s.project)
	}
	if add.ids, err = loaders.ClaimIDs(os.DirFS(s.project.tables), "."); err != nil {
		return err
	}
	for column, value := range o.cells {
		if *value != "" {
			if add.cells[column], err = add.resolve(column, *value); err != nil {
				return err
			}
		}
	}
	if o.table != "" {
		if add.table, err = tableNamed(o.table); err != nil {
			return usagef(cmd.CommandPath(), "", "--table: %v", err)
		}
	}
	if a.std.InTerminal && !o.yes {
		err = add.ask()
	} else {
		err = add.require(cmd)
	}
	if err != nil {
		return err
	}
	return add.finish()
}

// tableNamed is the path of a table of claims by its name.
func tableNamed(name string) (string, error) {
	name = strings.TrimSuffix(filepath.ToSlash(name), ".csv")
	name = strings.TrimPrefix(name, "claims/")
	if graph.Slug(name) != name {
		return "", &graph.Problem{Want: "the name of a table, like encrochat", Found: strconv.Quote(name)}
	}
	return "claims/" + name + ".csv", nil
}

// require refuses a command line that leaves out what every claim has.
func (add *addition) require(cmd *cobra.Command) error {
	var missing []string
	for _, f := range claimFields() {
		if f.required && add.cells[f.column] == "" {
			missing = append(missing, "--"+f.flag)
		}
	}
	switch {
	case len(missing) > 0:
		return usagef(cmd.CommandPath(), "on a terminal kg asks for them", "want %s", strings.Join(missing, ", "))
	case !add.options.yes && !add.options.dryRun:
		return usagef(cmd.CommandPath(), "--yes writes without asking, --dry-run shows what would be written", "nobody is there to be asked")
	}
	return add.place()
}

// place chooses the table and the id.
func (add *addition) place() error {
	if add.table == "" {
		add.table = add.likelyTable()
	}
	if add.table == "" {
		return &graph.Problem{Want: "the table that the claim goes to", Found: "none that speaks of its subject or its document", Hint: "--table names it"}
	}
	if add.cells["claim_id"] == "" {
		id, err := add.nextID()
		if err != nil {
			return err
		}
		add.cells["claim_id"], add.numbered = id, true
	}
	return nil
}

// likelyTable is the table with most claims on the subject, else from the document; "" where no table
// has any.
func (add *addition) likelyTable() string {
	at := map[string]string{}
	for table, ids := range add.ids {
		for _, id := range ids {
			at[id] = table
		}
	}
	for _, of := range []struct{ column, prefix string }{{"subject", "kg:"}, {"source_id", "kg:source/"}} {
		count := map[string]int{}
		claims, err := add.s.store.Claims(add.ctx, "", "", nil)
		if err != nil {
			return ""
		}
		for _, c := range claims {
			thing := c.Subject
			if of.column == "source_id" {
				thing = c.Source
			}
			if string(thing) == of.prefix+add.cells[of.column] {
				count[at[shortID(c.ID)]]++
			}
		}
		delete(count, "")
		tables := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
		if len(tables) > 0 {
			return tables[0]
		}
	}
	return ""
}

// nextID is the next free id: of the prefix, else of the one that most ids of the table have. Numbers
// keep the width that they have there.
func (add *addition) nextID() (string, error) {
	prefix := add.options.prefix
	if prefix == "" {
		count := map[string]int{}
		for _, id := range add.ids[add.table] {
			count[strings.TrimRight(id, "0123456789")]++
		}
		for _, p := range slices.Sorted(maps.Keys(count)) {
			if prefix == "" || count[p] > count[prefix] {
				prefix = p
			}
		}
	}
	if prefix == "" {
		return "", &graph.Problem{Want: "the beginning of the claim's id", Found: "a table without claims to take it from", Hint: "--prefix A-NEW- gives it, or --id the whole"}
	}
	highest, width := 0, 3
	first := true
	for _, ids := range add.ids {
		for _, id := range ids {
			digits, ok := strings.CutPrefix(id, prefix)
			n, err := strconv.Atoi(digits)
			if !ok || err != nil || n < 0 {
				continue
			}
			if first || len(digits) > width {
				width, first = len(digits), false
			}
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("%s%0*d", prefix, width, highest+1), nil
}

// try reads the tables with the claim.
func (add *addition) try(sink graph.Sink) (loaders.Trial, error) {
	return add.tryAs(add.cells, add.table, sink)
}

func (add *addition) tryAs(cells map[string]string, table string, sink graph.Sink) (loaders.Trial, error) {
	parent, name := filepath.Split(filepath.Clean(add.project.tables))
	return loaders.TryClaim(add.ctx, os.DirFS(orElse(parent, ".")), name, table, cells, add.s.schema, sink)
}

// finish checks the claim with everything else, shows it, asks, and writes.
func (add *addition) finish() error {
	a := add.app
	file := filepath.Join(add.project.tables, filepath.FromSlash(add.table))
	trial, err := add.check(file)
	if faults := add.faults(trial); len(faults) > 0 {
		return faults
	}
	if len(trial.Others) > 0 {
		a.note("the tables have %s beside this claim; kg build lists them", countOf(len(trial.Others), "mistake", "mistakes"))
	} else if err != nil {
		return err
	}
	quads := slices.Clone(trial.Quads)
	graph.SortQuads(quads)
	if add.options.dryRun {
		ns := add.s.store.Namespaces()
		return a.writeOut(func(w io.Writer) error {
			for _, q := range quads {
				if typed, ok := graph.Lexical(q.Object); ok {
					q.Object = typed
				}
				if _, err := fmt.Fprintln(w, ns.ExpandQuad(q).NQuad()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if !add.options.yes {
		for _, q := range quads {
			a.std.say("  %s\n", q.NQuad())
		}
		yes, err := add.confirm(fmt.Sprintf("Write %s to %s? [y/N] ", add.cells["claim_id"], file))
		if err != nil || !yes {
			a.note("nothing was written")
			return err
		}
	}
	isNew, err := add.write(file)
	if err != nil {
		return err
	}
	a.note("%s: %s written", file, add.cells["claim_id"])
	if isNew {
		a.note("%s is new: go test ./loaders -run CuratedMetadata -update describes it for other tools", file)
	}
	return a.writeOut(func(w io.Writer) error {
		_, err := fmt.Fprintln(w, add.cells["claim_id"])
		return err
	})
}

// check tries the claim out with everything else, as a build does, while nobody else writes.
func (add *addition) check(file string) (trial loaders.Trial, err error) {
	unlock, err := lockTables(filepath.Dir(file))
	if err != nil {
		return trial, err
	}
	defer unlock()
	if err := add.renumber(); err != nil {
		return trial, err
	}
	_, err = graph.Gather(add.ctx, func(_ context.Context, sink graph.Sink) (err error) {
		trial, err = add.try(sink)
		return err
	}, graph.BuildOptions{Schema: add.s.schema})
	return trial, err
}

// renumber takes another id where somebody has taken the one that was counted on.
func (add *addition) renumber() (err error) {
	if !add.numbered {
		return nil
	}
	if add.ids, err = loaders.ClaimIDs(os.DirFS(add.project.tables), "."); err != nil {
		return err
	}
	for _, ids := range add.ids {
		if slices.Contains(ids, add.cells["claim_id"]) {
			add.cells["claim_id"], err = add.nextID()
			return err
		}
	}
	return nil
}

// write puts the row into the table as it is now, under an id that is free now: others may have added
// claims since the tables were read.
func (add *addition) write(file string) (isNew bool, err error) {
	unlock, err := lockTables(filepath.Dir(file))
	if err != nil {
		return false, err
	}
	defer unlock()
	if err := add.renumber(); err != nil {
		return false, err
	}
	old, err := os.ReadFile(file)
	isNew = os.IsNotExist(err)
	if err != nil && !isNew {
		return false, unreadable(file, "a table of claims", err)
	}
	trial, err := add.try(nil)
	if err != nil {
		return false, err
	}
	if faults := add.faults(trial); len(faults) > 0 {
		return false, faults
	}
	return isNew, add.app.replaceTable(curatedFile{path: file, old: old, new: trial.Text})
}

// faults are the mistakes of the row, each under the name of the flag that can mend it.
func (add *addition) faults(t loaders.Trial) graph.Problems {
	var list graph.Problems
	for _, f := range claimFields() {
		for _, p := range t.Faults[f.column] {
			told := *p
			told.At = graph.Position{File: "--" + f.flag}
			list = append(list, &told)
		}
	}
	return list
}
