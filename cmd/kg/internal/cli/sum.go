package cli

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

type sumOptions struct {
	by                                  []string
	filters                             answers.SumFilters
	from, to                            string
	naive, statedOnly, figures, leftOut bool
}

// leftOutShown is how many figures that were left out are told on standard error before a reader is
// pointed to the list of all.
const leftOutShown = 20

func newSum(a *app) *cobra.Command {
	var f tableFlags
	var o sumOptions
	c := &cobra.Command{
		Use:   "sum MEASURE",
		Short: "Add up mass, money or counts without counting anything twice",
		Long: `sum adds up what documents say of a MEASURE: mass, cash (or money), street-value, items,
arrests, searches, users and others (a wrong word lists them all); --by breaks the
total down, and may be given several times. Items are always told by substance, unless
one is asked for: pills and rifles are no sum.

Each figure counts once, with its preferred claim; of goods and money only what was
seized counts. Left out are: what is a part of a figure that counts, earlier totals of
a running series, a figure that disputes one that counts, conversions, figures without
a number. Two totals, or a total and a single seizure, may count the same things unless
a document says which is part of which, or operation, platform, place, time, goods or
population keep them apart (what is not known keeps nothing apart): then the larger
counts, or the smaller ones where they come to more together. What counts is judged for
all figures at once and then broken down; with --by, a figure that does not say (a
worldwide total, by country) yields to those that do. No two currencies are added, nor
money and the estimated value of goods; what is a part of a figure that counts in
another currency, or the same figure, does not stand beside it.

"covers" is the range that the parts can mean together: their last digits, hedges and
ranges; "at least" where a part says so, or something was left out that may add to it.
Everything left out is listed with its claim and the reason, on standard error, in
JSON, or as the answer itself with --left-out. --naive shows what adding up every
number in every document would give.`,
		Example: `  kg sum mass --item cocaine --by platform
  kg sum cash --by operation --by year
  kg sum mass --place Belgium --naive
  kg sum arrests --platform encrochat --left-out`,
		Args: wantArgs(1, 1, "one MEASURE"),
		ValidArgsFunction: completeFirst(func() ([]string, error) {
			schema, err := a.schema()
			if err != nil {
				return nil, err
			}
			var words []string
			for _, m := range queries.SumMeasures(schema) {
				words = append(words, m.Name+"\t"+m.Help)
			}
			return words, nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			r, err := o.request(cmd, args[0])
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if err := s.reader().Narrow(cmd.Context(), &r, o.filters); err != nil {
				return err
			}
			t, err := s.reader().Sum(cmd.Context(), r)
			if err != nil {
				return err
			}
			return a.answerSum(e, f, o, t)
		},
	}
	f.add(c)
	o.flags(a, c)
	return c
}

// sumKeyNames lists what --by takes.
func sumKeyNames() []string {
	var names []string
	for _, k := range queries.SumKeys() {
		names = append(names, k.Name)
	}
	return names
}

func (o *sumOptions) flags(a *app, c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.by, "by", nil, "break the total down by this `KEY`: "+strings.Join(sumKeyNames(), ", "))
	entity := func(to *string, name, class, about string) {
		f.StringVar(to, name, "", about)
		complete(c, name, func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, quad.IRI("kg:"+class), typed)
		})
	}
	entity(&o.filters.Platform, "platform", "Platform", "only what belongs to this platform")
	entity(&o.filters.Agency, "agency", "Agency", "only what this agency, or a part of it, seized")
	entity(&o.filters.Operation, "operation", "Operation", "only what belongs to this operation, or to a part of it")
	entity(&o.filters.Place, "place", "Location", "only what was counted in this place, and in all that lies in it")
	entity(&o.filters.Item, "item", "Item", "only these goods, and all kinds of them")
	f.StringVar(&o.from, "from", "", "nothing that begins before this `DATE`")
	f.StringVar(&o.to, "to", "", "nothing that ends after this `DATE`")
	f.BoolVar(&o.naive, "naive", false, "also show what adding up every number in every document gives")
	f.BoolVar(&o.figures, "figures", false, "also list the figures and claims that were added")
	f.BoolVar(&o.leftOut, "left-out", false, "list what was left out, and why, instead of the totals")
	f.BoolVar(&o.statedOnly, "stated-only", false, "leave out what the editors concluded")
	complete(c, "by", fixed(sumKeyNames()...))
	complete(c, "from", cobra.NoFileCompletions)
	complete(c, "to", cobra.NoFileCompletions)
}

// request reads what needs no store.
func (o *sumOptions) request(cmd *cobra.Command, measure string) (queries.SumRequest, error) {
	r := queries.SumRequest{Measure: answers.SumMeasure(measure), Naive: o.naive, StatedOnly: o.statedOnly}
	for _, list := range o.by {
		for _, key := range strings.Split(list, ",") {
			key = answers.SumKey(key)
			if err := checkWord(cmd, "--by", key, sumKeyNames()); err != nil {
				return r, err
			}
			if slices.Contains(r.By, key) {
				return r, usagef(cmd.CommandPath(), "", "--by: %s is given twice", key)
			}
			r.By = append(r.By, key)
		}
	}
	for _, d := range []struct {
		name, text string
		to         *graph.Date
	}{{"--from", o.from, &r.From}, {"--to", o.to, &r.To}} {
		if d.text == "" {
			continue
		}
		date, err := graph.ParseDate(d.text)
		if err != nil {
			return r, usagef(cmd.CommandPath(), "", "%s: %v", d.name, err)
		}
		*d.to = date
	}
	if (graph.Span{From: r.From, Until: r.To}).Backwards() {
		return r, usagef(cmd.CommandPath(), "", "--to: want a date after %s, found %s", r.From, r.To)
	}
	return r, nil
}

// answerSum prints the totals, or what was left out. On standard error a long list of what was left out
// is cut, and says so.
func (a *app) answerSum(e encoding, f tableFlags, o sumOptions, t queries.Table) error {
	if o.leftOut {
		return a.answer(e, f, leftOutTable(t))
	}
	if !o.figures && e.name != "json" && e.name != "jsonl" {
		t = withoutColumns(t, "adds_up", "claims")
	}
	if e.name == "table" || e.name == "md" {
		sayNone(t)
	}
	more := 0
	if e.name != "json" && len(t.LeftOut) > leftOutShown {
		more = len(t.LeftOut) - leftOutShown
		t.LeftOut = t.LeftOut[:leftOutShown]
	}
	err := a.answer(e, f, t)
	if more > 0 {
		a.note("left out: %d more; --left-out lists them all", more)
	}
	return err
}

// sayNone fills the cells of a breakdown of which no document says anything, for readers to whom an empty
// cell would look like the one above.
func sayNone(t queries.Table) {
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			if c.Name == "measure" {
				break
			}
			if len(row[i]) == 0 {
				row[i] = textCell("not given")
			}
		}
	}
}

// leftOutTable makes what was left out the answer.
func leftOutTable(t queries.Table) queries.Table {
	out := queries.Table{Question: "sum", Params: t.Params, Columns: []queries.Column{
		column("figure", queries.TypeEntity), column("amount", queries.TypeQuantity), column("claim", queries.TypeClaim), column("reason", queries.TypeText),
	}}
	cell := func(v queries.Value) queries.Cell {
		if v.Term == nil {
			return nil
		}
		return queries.Cell{v}
	}
	for _, l := range t.LeftOut {
		out.Rows = append(out.Rows, []queries.Cell{cell(l.What), cell(l.Amount), cell(l.Claim), textCell(l.Reason)})
	}
	return out
}

// withoutColumns drops columns by name.
func withoutColumns(t queries.Table, names ...string) queries.Table {
	var keep []int
	out := t
	out.Columns, out.Rows = nil, nil
	for i, c := range t.Columns {
		if !slices.Contains(names, c.Name) {
			keep = append(keep, i)
			out.Columns = append(out.Columns, c)
		}
	}
	for _, row := range t.Rows {
		var cells []queries.Cell
		for _, i := range keep {
			cells = append(cells, row[i])
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
