package cli

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

type conflictsOptions struct {
	rounding bool
	sort     string
}

// The kinds of disagreement, as "kg conflicts" calls them.
const (
	kindDisagree = "disagree"
	kindRounding = "rounding"
	kindOpen     = "open bound"
	kindWhat     = "what is counted"
)

func newConflicts(a *app) *cobra.Command {
	var f tableFlags
	var o conflictsOptions
	c := &cobra.Command{
		Use:   "conflicts [ENTITY…]",
		Short: "Show where documents disagree, by how much, and which claim is preferred",
		Long: `conflicts compares the claims on each figure and lists those that cannot all be right,
the widest spread first: by how many per cent of the lowest number the highest is
above it, which claim is preferred and by what rule, what the others say, and how many
documents were the first to say any of it (copies of one release count once).

A number covers an interval: half a unit of its last digit on both sides, more where
it is hedged, and without end where it says "at least". Claims whose intervals overlap
are roundings of one number, or bounds that both hold, and no disagreement; --rounding
shows them too. Figures whose documents dispute what is
counted (arrested, or identified) are shown in pairs. With an ENTITY only its figures
are compared: those of a platform, an operation, a place, or the figure itself.`,
		Example: `  kg conflicts
  kg conflicts encrochat --rounding
  kg conflicts --limit 10 --format md`,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, "", typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := checkWord(cmd, "--sort", o.sort, conflictOrders()); err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, roundings, err := s.conflictsTable(cmd.Context(), args, o)
			if err != nil {
				return err
			}
			if err := a.answer(e, f, t); err != nil {
				return err
			}
			if roundings > 0 && !o.rounding {
				a.note("%s more agree once rounded; --rounding shows them", plural(roundings, "figure"))
			}
			return nil
		},
	}
	f.add(c)
	c.Flags().BoolVar(&o.rounding, "rounding", false, "also show the claims that agree once rounded")
	c.Flags().StringVar(&o.sort, "sort", "spread", "order: spread (widest first), figure, claims (most first)")
	complete(c, "sort", fixed(conflictOrders()...))
	return c
}

func conflictOrders() []string { return []string{"spread", "figure", "claims"} }

func conflictColumns() []queries.Column {
	return []queries.Column{
		column("figure", queries.TypeEntity),
		column("predicate", queries.TypePredicate),
		column("kind", queries.TypeText),
		column("spread", queries.TypeQuantity),
		column("preferred", typeAny),
		column("preferred_claim", queries.TypeClaim),
		column("rule", queries.TypeText),
		listColumn("others", typeAny),
		listColumn("other_claims", queries.TypeClaim),
		listColumn("sources", queries.TypeEntity),
		column("origins", queries.TypeInteger),
	}
}

// A conflictRow is a row with what it is sorted by.
type conflictRow struct {
	cells  []queries.Cell
	figure string
	spread *big.Rat // nil: no number
	endless,
	rounding bool
	claims int
}

// conflictsTable compares the figures of the entities, or all, and counts those that agree once rounded.
func (s *session) conflictsTable(ctx context.Context, args []string, o conflictsOptions) (t queries.Table, roundings int, err error) {
	var subjects []quad.IRI
	params := map[string]any{"sort": o.sort, "rounding": o.rounding}
	for _, arg := range args {
		id, err := s.store.Find(ctx, arg)
		if err != nil {
			return t, 0, err
		}
		figures, err := s.reader().Figures(ctx, id)
		if err != nil {
			return t, 0, err
		}
		subjects = append(append(subjects, id), figures...)
	}
	found, err := s.store.Disagreements(ctx, subjects...)
	if err != nil {
		return t, 0, err
	}
	var rows []conflictRow
	for _, d := range found {
		if !d.Conflict {
			roundings++
			if !o.rounding {
				continue
			}
		}
		row, err := s.conflictRow(ctx, d)
		if err != nil {
			return t, 0, err
		}
		rows = append(rows, row)
	}
	disputes, err := s.disputeRows(ctx, subjects)
	if err != nil {
		return t, 0, err
	}
	rows = append(rows, disputes...)
	slices.SortStableFunc(rows, func(a, b conflictRow) int { return compareConflicts(o.sort, a, b) })
	t = queries.Table{Question: "conflicts", Params: params, Columns: conflictColumns()}
	for _, r := range rows {
		t.Rows = append(t.Rows, r.cells)
	}
	return t, roundings, nil
}

func compareConflicts(order string, a, b conflictRow) int {
	byFigure := cmp.Compare(graph.Fold(a.figure), graph.Fold(b.figure))
	switch order {
	case "figure":
		return byFigure
	case "claims":
		return cmp.Or(cmp.Compare(b.claims, a.claims), byFigure)
	}
	size := func(r conflictRow) int { // what has no end, what has a size, what has none
		switch {
		case r.endless:
			return 0
		case r.spread != nil:
			return 1
		default:
			return 2
		}
	}
	if c := cmp.Or(boolFirst(b.rounding, a.rounding), cmp.Compare(size(a), size(b))); c != 0 {
		return c
	}
	if a.spread != nil && b.spread != nil {
		if c := b.spread.Cmp(a.spread); c != 0 {
			return c
		}
	}
	return byFigure
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// conflictRow is the row of claims on one figure.
func (s *session) conflictRow(ctx context.Context, d graph.Disagreement) (conflictRow, error) {
	kind := kindDisagree
	switch open := slices.ContainsFunc(d.Claims(), func(c graph.Claim) bool { return c.Qualifier == graph.AtLeast || c.Qualifier == graph.AtMost }); {
	case !d.Conflict && open:
		kind = kindOpen
	case !d.Conflict:
		kind = kindRounding
	}
	row := conflictRow{claims: len(d.Claims()), rounding: !d.Conflict}
	percent, number := d.Spread()
	row.spread, row.endless = percent, number && percent == nil
	var others queries.Cell
	for _, c := range d.Others {
		v, err := s.claimValue(ctx, c)
		if err != nil {
			return row, err
		}
		if !slices.ContainsFunc(others, func(o queries.Value) bool { return o.Text() == v.Text() }) {
			others = append(others, v)
		}
	}
	return row, s.fillConflict(ctx, &row, d.Subject, d.Predicate, kind, d.Rule, d.Preferred, others, d.Claims()[1:])
}

// fillConflict fills the cells of a row.
func (s *session) fillConflict(ctx context.Context, row *conflictRow, figure, predicate quad.IRI, kind, rule string, preferred graph.Claim, others queries.Cell, rest []graph.Claim) error {
	value, err := s.claimValue(ctx, preferred)
	if err != nil {
		return err
	}
	all := append([]graph.Claim{preferred}, rest...)
	origins, err := s.store.Origins(ctx, all...)
	if err != nil {
		return err
	}
	var ids, sources []quad.Value
	for _, c := range rest {
		ids = answers.AppendNew(ids, c.ID)
	}
	for _, c := range all {
		sources = answers.AppendNew(sources, c.Source)
	}
	var cells [4]queries.Cell
	for i, terms := range [][]quad.Value{{figure}, {preferred.ID}, ids, sources} {
		if cells[i], err = s.cell(ctx, terms...); err != nil {
			return err
		}
	}
	row.figure = cellText(cells[0], false)
	row.cells = []queries.Cell{
		cells[0],
		{s.predicate(predicate, false)},
		textCell(kind), s.percentCell(row.spread),
		{value},
		cells[1], textCell(rule), others, cells[2], cells[3], intCell(len(origins)),
	}
	return nil
}

// percentCell is a share to a tenth of a per cent, exact enough to compare.
func (s *session) percentCell(percent *big.Rat) queries.Cell {
	if percent == nil {
		return nil
	}
	tenths := new(big.Rat).Mul(percent, big.NewRat(10, 1)).FloatString(0)
	n, ok := new(big.Int).SetString(tenths, 10)
	if !ok || !n.IsInt64() || n.Int64() > 1<<50 {
		return nil
	}
	return queries.Cell{queries.Quantity(s.schema, "percent", n.Int64()*10)}
}

// disputeRows pairs the figures whose documents count the same number as different things.
func (s *session) disputeRows(ctx context.Context, subjects []quad.IRI) ([]conflictRow, error) {
	var rows []conflictRow
	done := map[[2]quad.IRI]bool{}
	for q, err := range s.store.Match(ctx, graph.Pattern{Predicate: quad.IRI("kg:disputes")}) {
		if err != nil {
			return nil, err
		}
		a, ok1 := q.Subject.(quad.IRI)
		b, ok2 := q.Object.(quad.IRI)
		pair := [2]quad.IRI{min(a, b), max(a, b)}
		if !ok1 || !ok2 || done[pair] || len(subjects) > 0 && !slices.Contains(subjects, a) && !slices.Contains(subjects, b) {
			continue
		}
		done[pair] = true
		more, err := s.disputeRow(ctx, a, b)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// disputeRow shows what is said of two figures under each predicate that counts.
func (s *session) disputeRow(ctx context.Context, a, b quad.IRI) ([]conflictRow, error) {
	counting := func(id quad.IRI) (map[quad.IRI][]graph.Claim, error) {
		claims, err := s.store.Claims(ctx, id, "", nil)
		by := map[quad.IRI][]graph.Claim{}
		for _, c := range claims {
			if p, ok := s.schema.Predicate(c.Predicate); ok && p.Unit != "" && c.ConvertedFrom == "" && c.Rank != graph.Deprecated {
				by[c.Predicate] = append(by[c.Predicate], c)
			}
		}
		return by, err
	}
	ours, err := counting(a)
	if err != nil {
		return nil, err
	}
	theirs, err := counting(b)
	if err != nil {
		return nil, err
	}
	name, err := s.value(ctx, b)
	if err != nil {
		return nil, err
	}
	var rows []conflictRow
	for _, p := range s.schema.Predicates() {
		if len(ours[p.IRI]) == 0 || len(theirs[p.IRI]) == 0 {
			continue
		}
		documents, err := s.documents(ctx, slices.Concat(ours[p.IRI], theirs[p.IRI]))
		if err != nil {
			return nil, err
		}
		look := func(id quad.IRI) graph.Document { return documents[id] }
		best, rule := graph.Prefer(ours[p.IRI], look)
		other, _ := graph.Prefer(theirs[p.IRI], look)
		v, err := s.claimValue(ctx, other)
		if err != nil {
			return nil, err
		}
		others := queries.Cell{name, v}
		row := conflictRow{claims: len(ours[p.IRI]) + len(theirs[p.IRI])}
		rest := slices.DeleteFunc(slices.Concat(ours[p.IRI], theirs[p.IRI]), func(c graph.Claim) bool { return c.ID == best.ID })
		if err := s.fillConflict(ctx, &row, a, p.IRI, kindWhat, rule, best, others, rest); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
