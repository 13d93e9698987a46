package answers

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// The kinds of disagreement, as the column kind calls them.
const (
	kindDisagree = "disagree"
	kindRounding = "rounding"
	kindOpen     = "open bound"
	kindWhat     = "what is counted"
)

// ConflictsOptions say which disagreements are listed, and in which order.
type ConflictsOptions struct {
	Rounding bool   // also claims that agree once rounded
	Sort     string // one of [ConflictOrders]
}

// ConflictOrders are the orders of conflicts: the widest spread first, by figure, most claims first.
func ConflictOrders() []string { return []string{"spread", "figure", "claims"} }

func conflictColumns() []queries.Column {
	return []queries.Column{
		Column("figure", queries.TypeEntity),
		Column("predicate", queries.TypePredicate),
		Column("kind", queries.TypeText),
		Column("spread", queries.TypeQuantity),
		Column("preferred", TypeAny),
		Column("preferred_claim", queries.TypeClaim),
		Column("rule", queries.TypeText),
		List("others", TypeAny),
		List("other_claims", queries.TypeClaim),
		List("sources", queries.TypeEntity),
		Column("origins", queries.TypeInteger),
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

// Conflicts compares the claims on the figures of the entities, or on all, and counts those that agree
// once rounded.
func (r *Reader) Conflicts(ctx context.Context, entities []string, o ConflictsOptions) (t queries.Table, roundings int, err error) {
	var subjects []quad.IRI
	params := map[string]any{"sort": o.Sort, "rounding": o.Rounding}
	for _, arg := range entities {
		id, err := r.Store.Find(ctx, arg)
		if err != nil {
			return t, 0, err
		}
		figures, err := r.Figures(ctx, id)
		if err != nil {
			return t, 0, err
		}
		subjects = append(append(subjects, id), figures...)
	}
	found, err := r.Store.Disagreements(ctx, subjects...)
	if err != nil {
		return t, 0, err
	}
	var rows []conflictRow
	for _, d := range found {
		if !d.Conflict {
			roundings++
			if !o.Rounding {
				continue
			}
		}
		row, err := r.conflictRow(ctx, d)
		if err != nil {
			return t, 0, err
		}
		rows = append(rows, row)
	}
	disputes, err := r.disputeRows(ctx, subjects)
	if err != nil {
		return t, 0, err
	}
	rows = append(rows, disputes...)
	slices.SortStableFunc(rows, func(a, b conflictRow) int { return compareConflicts(o.Sort, a, b) })
	t = queries.Table{Question: "conflicts", Params: params, Columns: conflictColumns()}
	for _, row := range rows {
		t.Rows = append(t.Rows, row.cells)
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
func (r *Reader) conflictRow(ctx context.Context, d graph.Disagreement) (conflictRow, error) {
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
		v, err := r.ClaimValue(ctx, c)
		if err != nil {
			return row, err
		}
		if !slices.ContainsFunc(others, func(o queries.Value) bool { return o.Text() == v.Text() }) {
			others = append(others, v)
		}
	}
	return row, r.fillConflict(ctx, &row, d.Subject, d.Predicate, kind, d.Rule, d.Preferred, others, d.Claims()[1:])
}

// fillConflict fills the cells of a row.
func (r *Reader) fillConflict(ctx context.Context, row *conflictRow, figure, predicate quad.IRI, kind, rule string, preferred graph.Claim, others queries.Cell, rest []graph.Claim) error {
	value, err := r.ClaimValue(ctx, preferred)
	if err != nil {
		return err
	}
	all := append([]graph.Claim{preferred}, rest...)
	origins, err := r.Store.Origins(ctx, all...)
	if err != nil {
		return err
	}
	var ids, sources []quad.Value
	for _, c := range rest {
		ids = AppendNew(ids, c.ID)
	}
	for _, c := range all {
		sources = AppendNew(sources, c.Source)
	}
	var cells [4]queries.Cell
	for i, terms := range [][]quad.Value{{figure}, {preferred.ID}, ids, sources} {
		if cells[i], err = r.Cell(ctx, terms...); err != nil {
			return err
		}
	}
	if len(cells[0]) > 0 {
		row.figure = cells[0][0].Plain()
	}
	row.cells = []queries.Cell{
		cells[0],
		{r.Predicate(predicate, false)},
		Text(kind), r.percentCell(row.spread),
		{value},
		cells[1], Text(rule), others, cells[2], cells[3], Int(len(origins)),
	}
	return nil
}

// percentCell is a share to a tenth of a per cent, exact enough to compare.
func (r *Reader) percentCell(percent *big.Rat) queries.Cell {
	if percent == nil {
		return nil
	}
	tenths := new(big.Rat).Mul(percent, big.NewRat(10, 1)).FloatString(0)
	n, ok := new(big.Int).SetString(tenths, 10)
	if !ok || !n.IsInt64() || n.Int64() > 1<<50 {
		return nil
	}
	return queries.Cell{queries.Quantity(r.Schema, "percent", n.Int64()*10)}
}

// disputeRows pairs the figures whose documents count the same number as different things.
func (r *Reader) disputeRows(ctx context.Context, subjects []quad.IRI) ([]conflictRow, error) {
	var rows []conflictRow
	done := map[[2]quad.IRI]bool{}
	for q, err := range r.Store.Match(ctx, graph.Pattern{Predicate: quad.IRI("kg:disputes")}) {
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
		more, err := r.disputeRow(ctx, a, b)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// disputeRow shows what is said of two figures under each predicate that counts.
func (r *Reader) disputeRow(ctx context.Context, a, b quad.IRI) ([]conflictRow, error) {
	counting := func(id quad.IRI) (map[quad.IRI][]graph.Claim, error) {
		claims, err := r.Store.Claims(ctx, id, "", nil)
		by := map[quad.IRI][]graph.Claim{}
		for _, c := range claims {
			if p, ok := r.Schema.Predicate(c.Predicate); ok && p.Unit != "" && c.ConvertedFrom == "" && c.Rank != graph.Deprecated {
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
	name, err := r.Value(ctx, b)
	if err != nil {
		return nil, err
	}
	var rows []conflictRow
	for _, p := range r.Schema.Predicates() {
		if len(ours[p.IRI]) == 0 || len(theirs[p.IRI]) == 0 {
			continue
		}
		documents, err := r.Documents(ctx, slices.Concat(ours[p.IRI], theirs[p.IRI]))
		if err != nil {
			return nil, err
		}
		look := func(id quad.IRI) graph.Document { return documents[id] }
		best, rule := graph.Prefer(ours[p.IRI], look)
		other, _ := graph.Prefer(theirs[p.IRI], look)
		v, err := r.ClaimValue(ctx, other)
		if err != nil {
			return nil, err
		}
		others := queries.Cell{name, v}
		row := conflictRow{claims: len(ours[p.IRI]) + len(theirs[p.IRI])}
		rest := slices.DeleteFunc(slices.Concat(ours[p.IRI], theirs[p.IRI]), func(c graph.Claim) bool { return c.ID == best.ID })
		if err := r.fillConflict(ctx, &row, a, p.IRI, kindWhat, rule, best, others, rest); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
