package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/graph/audit"
	"kg/loaders"
	"kg/queries"
)

// checkOptions is what "kg check" was asked to look at.
type checkOptions struct {
	paths               []string
	store               string // "" for facts, ownStoreFlag for the project's own
	since               string // a git revision
	rules, writeSlugs   bool
	accepted, warningOK bool
	format              string
}

// ownStoreFlag is what --store holds when it is given without an address.
const ownStoreFlag = "own"

// embeddedFile is the file that the embedded facts were, for places in findings.
const embeddedFile = "data/facts.nq"

func newCheck(a *app) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Look for mistakes in the facts: file, line and what to do",
		Long: `check reads the curated tables of the project, or those at PATH (a data folder, a
folder of tables, files of facts), and tells every mistake in one run, one a line:
where it stands, what was wanted, what was found, and what to do.

Errors are what the schema forbids: a wrong class, unit or date, a link to nothing, a
claim without a document or a number twice, a slug that was published and is gone.
Warnings are what is unlikely: a street value that no gram fetches, a number that is a
thousand times the one in the document's words, a total smaller than its parts, a
figure of a day after the document came out, words that may be a person's name.
"kg check --rules" lists what is looked for.

A warning that turns out to be right goes to data/review/accepted.csv with the reason
(columns: rule, about, reason); --all shows it nevertheless. An accepted warning that
does not occur any more is told. What goods fetch stands in data/review/plausible.yaml,
slugs that were published in data/review/slugs.txt; --since compares with those of a
git revision.

With --store a store is verified instead of facts: that of the project, or the file or
address at PATH. Every byte of a snapshot is compared with its checksums.

The exit code is 1 when there is an error, or a warning that is not accepted.`,
		Example: `  kg check
  kg check --format github
  kg check facts.nq.gz
  kg check --rules`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			if err := o.validate(cmd, a.json); err != nil {
				return err
			}
			return a.check(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.format, "format", "f", "", "how to print: "+strings.Join(checkFormats(), ", "))
	f.StringVar(&o.store, "store", "", "verify a store instead: the project's own, or the one at PATH")
	f.Lookup("store").NoOptDefVal = ownStoreFlag
	f.StringVar(&o.since, "since", "", "a git `REVISION` whose slugs must still be there")
	f.BoolVar(&o.rules, "rules", false, "list what is looked for")
	f.BoolVar(&o.accepted, "all", false, "also show the warnings that are accepted")
	f.BoolVar(&o.warningOK, "errors-only", false, "exit 1 for errors only; warnings are told all the same")
	f.BoolVar(&o.writeSlugs, "write-slugs", false, "add the slugs that are new to data/review/slugs.txt")
	complete(c, "format", fixed(checkFormats()...))
	complete(c, "store", cobra.NoFileCompletions)
	return c
}

// checkFormats lists how findings are printed: as text and for machines, or as any table.
func checkFormats() []string {
	names := []string{"text", "json", "github", "sarif"}
	for _, name := range formatNames() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (o *checkOptions) validate(cmd *cobra.Command, json bool) error {
	switch {
	case json && o.format != "" && o.format != "json":
		return usagef(cmd.CommandPath(), "give one of them", "--json and --format %s contradict each other", o.format)
	case json:
		o.format = "json"
	case o.format == "":
		o.format = "text"
	}
	if !slices.Contains(checkFormats(), o.format) {
		return usagef(cmd.CommandPath(), orElse(graph.DidYouMean(o.format, checkFormats()), "want "+oneOf(checkFormats())), "unknown format %q", o.format)
	}
	switch verify := o.store != ""; {
	case verify && (o.since != "" || o.writeSlugs || o.rules || o.accepted):
		return usagef(cmd.CommandPath(), "", "--store verifies a store; --since, --write-slugs, --rules and --all are about facts")
	case verify && len(o.paths) > 1:
		return usagef(cmd.CommandPath(), "", "--store: want one store, found %s", quoted(o.paths))
	case verify && o.store != ownStoreFlag && len(o.paths) > 0:
		return usagef(cmd.CommandPath(), "", "--store: want one store, found %s", quoted(append([]string{o.store}, o.paths...)))
	case len(o.paths) > 0 && (o.since != "" || o.writeSlugs) && !isProject(o.paths):
		return usagef(cmd.CommandPath(), "", "--since and --write-slugs are for a folder of curated tables")
	}
	return nil
}

// check looks the facts over and prints what it finds.
func (a *app) check(ctx context.Context, o checkOptions) error {
	if o.rules {
		return a.printFindings(o.format, rulesTable(), nil)
	}
	if o.store != "" {
		findings, err := a.verifyStore(ctx, o)
		if err != nil {
			return err
		}
		if len(findings) == 0 && o.format == "text" {
			return nil // what was verified is told already
		}
		return a.answerCheck(o, findings, 0, "")
	}
	project, err := a.checkedProject(o.paths)
	if err != nil {
		return err
	}
	schema, err := a.schemaOf(project)
	if err != nil {
		return err
	}
	reviewed, accepted, err := readReview(project, schema)
	if err != nil {
		return err
	}
	if o.since != "" {
		slugs, err := slugsAt(ctx, project, o.since)
		if err != nil {
			return err
		}
		reviewed.Slugs = append(reviewed.Slugs, slugs...)
	}
	facts, err := a.readFacts(ctx, o, project, schema)
	if err != nil {
		return err
	}
	if o.writeSlugs {
		return a.writeSlugs(project, reviewed.Slugs, facts)
	}
	findings := slices.Concat(facts.problems, audit.Inspect(schema, facts.record.Quads(), facts.record.Place, len(facts.problems) > 0, reviewed))
	audit.Sort(findings)
	left, taken := findings, 0
	if !o.accepted {
		left, taken = audit.Accept(findings, accepted)
	}
	return a.answerCheck(o, left, taken, facts.from)
}

// checkedFacts is what was read, and what was wrong with it.
type checkedFacts struct {
	record   *audit.Recorder
	problems []audit.Finding
	from     string
}

// readFacts reads what is to be checked, as a build would.
func (a *app) readFacts(ctx context.Context, o checkOptions, p project, schema *graph.Schema) (checkedFacts, error) {
	ns, err := a.namespaces()
	if err != nil {
		return checkedFacts{}, err
	}
	facts := checkedFacts{record: audit.NewRecorder(graph.SinkFunc(func(quad.Quad, graph.Position) error { return nil })), from: p.facts()}
	read := loaders.Options{Stdin: a.std.In, Namespaces: ns, KeepGoing: true}
	feed := a.feed(p, schema, read)
	if len(o.paths) > 0 && !isProject(o.paths) {
		files, err := a.expand(ctx, buildOptions{files: o.paths})
		if err != nil {
			return facts, err
		}
		facts.from = strings.Join(o.paths, ", ")
		feed = inputsFeed(files, read, orStore(loadEach(false)))
	}
	watched := func(ctx context.Context, sink graph.Sink) error {
		facts.record = audit.NewRecorder(sink)
		if p.embedded() && len(o.paths) == 0 { // they are read as if from standard input
			return feed(ctx, graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
				at.File = embeddedFile
				return facts.record.Add(q, at)
			}))
		}
		return feed(ctx, facts.record)
	}
	_, err = graph.Gather(ctx, watched, graph.BuildOptions{Schema: schema, Namespaces: ns, Tool: toolVersion()})
	var problems graph.Problems
	if other := problems.Collect(err); other != nil {
		return facts, other
	}
	facts.problems = audit.Refused(problems)
	return facts, nil
}

// answerCheck prints the findings, sums them up, and says by its error whether the facts pass.
func (a *app) answerCheck(o checkOptions, findings []audit.Finding, accepted int, from string) error {
	if err := a.printFindings(o.format, findingsTable(findings), findings); err != nil {
		return err
	}
	count := map[audit.Level]int{}
	for _, f := range findings {
		count[f.Level]++
	}
	text := plural(count[audit.Error], "error") + ", " + plural(count[audit.Warning], "warning")
	if accepted > 0 {
		text += fmt.Sprintf(", and %d accepted", accepted)
	}
	if from != "" {
		text += " in " + from
	}
	a.note("%s", text)
	if count[audit.Error] > 0 || count[audit.Warning] > 0 && !o.warningOK {
		return errCheck
	}
	return nil
}

func plural(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "1 " + what
	default:
		return fmt.Sprintf("%d %ss", n, what)
	}
}

// printFindings prints findings in one of their own formats, or as a table.
func (a *app) printFindings(format string, t queries.Table, findings []audit.Finding) error {
	special := map[string]func(*bufio.Writer, []audit.Finding){"text": textFindings, "github": githubFindings, "sarif": sarifFindings}
	if write, ok := special[format]; ok && t.Question == "check" {
		out := bufio.NewWriterSize(a.std.Out, 1<<16)
		write(out, findings)
		if err := out.Flush(); err != nil {
			return &writeError{err}
		}
		return nil
	}
	all := encodings()
	i := slices.IndexFunc(all, func(e encoding) bool { return e.name == format })
	if i < 0 { // the rules are no findings
		i = slices.IndexFunc(all, func(e encoding) bool { return e.name == "table" })
	}
	opts := encodeOptions{}
	if all[i].name == "table" && a.std.OutTerminal {
		opts.paint, opts.width = colourOn(a.color, a.std, a.std.OutTerminal), a.std.width()
	}
	t.Count = len(t.Rows)
	return all[i].write(a.std.Out, t, opts)
}

func rulesTable() queries.Table {
	t := queries.Table{Question: "rules", Columns: textColumns("rule", "level", "holds", "otherwise")}
	for _, r := range audit.Rules() {
		t.Rows = append(t.Rows, textRow(r.ID, r.Level.String(), r.Summary, r.Advice))
	}
	return t
}

// findingsTable is the findings one a row.
func findingsTable(findings []audit.Finding) queries.Table {
	t := queries.Table{Question: "check", Columns: []queries.Column{
		column("level", queries.TypeText), column("rule", queries.TypeText), column("file", queries.TypeText),
		column("line", queries.TypeInteger), column("column", queries.TypeInteger),
		column("about", queries.TypeText), column("message", queries.TypeText), column("advice", queries.TypeText),
	}}
	number := func(n int) queries.Cell {
		if n == 0 {
			return nil
		}
		return intCell(n)
	}
	for _, f := range findings {
		at := f.Problem.At
		t.Rows = append(t.Rows, []queries.Cell{
			textCell(f.Level.String()), textCell(f.Rule), textCell(at.File), number(at.Line), number(at.Column),
			textCell(shortID(f.About)), textCell(findingText(f)), textCell(f.Problem.Hint),
		})
	}
	return t
}

// findingText is what is wrong, without its place and without what to do.
func findingText(f audit.Finding) string {
	bare := *f.Problem
	bare.At, bare.Hint = graph.Position{}, ""
	return bare.Error()
}

// textFindings prints one line a finding, as editors and terminals read places.
func textFindings(w *bufio.Writer, findings []audit.Finding) {
	for _, f := range findings {
		line := cmp.Or(f.Problem.At.String(), "the facts") + ": " + f.Level.String() + ": " + findingText(f)
		if f.Problem.Hint != "" {
			line += "; " + f.Problem.Hint
		}
		fmt.Fprintf(w, "%s [%s]\n", strings.ReplaceAll(visible(line), "\n", " "), f.Rule)
	}
}
