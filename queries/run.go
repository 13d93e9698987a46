package queries

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries/gizmo"
)

// DefaultTimeout ends a question that has no other limit.
const DefaultTimeout = 30 * time.Second

// ErrTimeLimit is the cause of an error about a question that did not end in time.
var ErrTimeLimit = errors.New("time limit reached")

// A TimeLimitError says that a question was ended by its time limit. It is [ErrTimeLimit].
type TimeLimitError struct {
	Question string
	Limit    time.Duration
}

// Error names the question and the limit.
func (e *TimeLimitError) Error() string {
	return fmt.Sprintf("%s: no answer within %s; --timeout sets another limit", e.Question, e.Limit)
}

// Unwrap returns [ErrTimeLimit].
func (e *TimeLimitError) Unwrap() error { return ErrTimeLimit }

// Options say how a question is asked.
type Options struct {
	Limit      int           // rows in the table; 0: all
	Claims     bool          // a column with the ids of the claims behind each row
	StatedOnly bool          // without what is known only by inference
	Timeout    time.Duration // 0: [DefaultTimeout]; negative: none
	Memory     int64         // bytes that the question's text may use; 0: what [gizmo.Limits] say
}

// Run asks the question. Parameters are given as a user types them. Errors: [graph.Problems] about
// parameters, *[graph.NotFoundError] and *[graph.AmbiguousError] about entities, *[gizmo.Error] about
// the text, *[TimeLimitError], the context's own, and those of the store.
func (q *Question) Run(ctx context.Context, store *graph.Store, params map[string]string, o Options) (*Table, error) {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	limited, cancel := ctx, func() {}
	if o.Timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, o.Timeout)
	}
	defer cancel()
	t, err := q.run(limited, store, params, o)
	if err == nil {
		err = store.Err() // Cayley only logs what its stores report: an answer with gaps is none
	}
	switch {
	case err == nil:
		return t, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case limited.Err() != nil, errors.Is(err, gizmo.ErrTimeout):
		return nil, &TimeLimitError{Question: q.Name, Limit: o.Timeout}
	default:
		return nil, err
	}
}

func (q *Question) run(ctx context.Context, store *graph.Store, params map[string]string, o Options) (*Table, error) {
	args, err := q.bind(ctx, store, params)
	if err != nil {
		return nil, err
	}
	if o.Claims {
		q = q.withClaims()
	}
	w := newWorld(ctx, store)
	records, err := q.gather(ctx, w, args, o)
	if err != nil {
		return nil, err
	}
	over := ending(ctx)
	t := &Table{Question: q.Name, Params: args.forTable}
	var groups []*group
	if len(q.Sum) > 0 {
		groups, t.LeftOut, err = q.sum(w, records)
		if err != nil {
			return nil, err
		}
	} else {
		for _, g := range q.group(records) {
			if over() {
				break
			}
			groups = append(groups, q.settle(w, g)...)
		}
		groups = q.foldConversions(groups)
	}
	for _, c := range q.Columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for _, g := range groups {
		if over() {
			break
		}
		if len(q.Sum) == 0 {
			q.backing(w, g)
		}
		q.join(w, g, o.StatedOnly)
		if q.within(g, args) {
			t.Rows = append(t.Rows, g.cells)
		}
	}
	q.sortRows(ctx, t.Rows)
	if err := context.Cause(ctx); err != nil {
		return nil, err // what was left out is no answer
	}
	q.tally(w, t)
	t.Count = len(t.Rows)
	if o.Limit > 0 && t.Count > o.Limit {
		t.Rows, t.Truncated = t.Rows[:o.Limit], true
	}
	return t, w.err
}

// withClaims returns the question with a column for the claims' ids.
func (q *Question) withClaims() *Question {
	if q.column(colClaims) >= 0 {
		return q
	}
	more := *q
	claims, _ := reserved(colClaims)
	more.Columns = append(slices.Clone(q.Columns), QuestionColumn{Column: claims})
	return &more
}

// join fills the columns that are facts of an entity of the row. Where one value is wanted and the
// documents give several, it is that of the preferred claim.
func (q *Question) join(w *world, g *group, statedOnly bool) {
	for i, c := range q.Columns {
		if c.Of == "" {
			continue
		}
		for _, p := range c.predicates(w.schema) {
			var all Cell
			for _, of := range g.cells[q.column(c.Of)] {
				if id, ok := of.Term.(quad.IRI); ok {
					all = append(all, w.joined(c, id, p.IRI, statedOnly)...)
				}
			}
			g.cells[i] = Cell{}.add(all...)
			if len(g.cells[i]) > 0 {
				break
			}
		}
		w.sortCell(c, g.cells[i])
	}
}

// joined returns the values of one entity for a column.
func (w *world) joined(c QuestionColumn, id, predicate quad.IRI, statedOnly bool) Cell {
	facts := w.valid(id, predicate)
	if statedOnly {
		facts = slices.DeleteFunc(facts, w.guessed)
	}
	if !c.List && len(facts) > 1 {
		var claims []graph.Claim
		for _, f := range facts {
			claim := graph.Claim{ID: f.label, Object: f.object}
			if graph.IsClaim(f.label) {
				claim = w.claim(f.label)
			}
			claims = append(claims, claim)
		}
		best, _ := graph.Prefer(claims, w.document)
		facts = slices.DeleteFunc(facts, func(f fact) bool { return f.object != best.Object || f.label != best.ID })
		facts = facts[:min(1, len(facts))]
	}
	cell := make(Cell, len(facts))
	for i, f := range facts {
		cell[i] = w.value(c, f.object)
		cell[i].Inferred = w.guessed(f)
	}
	return cell
}

// within says whether a row's span lies within the bounds that the parameters set. A row without any
// date is outside.
func (q *Question) within(g *group, args arguments) bool {
	if len(q.Span) != 2 {
		return true
	}
	var span graph.Span
	for _, v := range g.cells[q.column(q.Span[0])] {
		span.From, _ = graph.DateOf(v.Term)
	}
	for _, v := range g.cells[q.column(q.Span[1])] {
		span.Until, _ = graph.DateOf(v.Term)
	}
	if span.From.IsZero() && span.Until.IsZero() {
		return false
	}
	if span.Until.IsZero() {
		span.Until = span.From // it is not known to have lasted
	}
	var bounds graph.Span
	for _, p := range q.Params {
		text, _ := args.forText[p.Name].(string)
		d, err := graph.ParseDate(text)
		if err != nil {
			continue
		}
		switch p.Bound {
		case boundSince:
			bounds.From = d
		case boundUntil:
			bounds.Until = d
		}
	}
	return span.Overlaps(bounds)
}

// sortCell puts the values of a list in order.
func (w *world) sortCell(c QuestionColumn, cell Cell) {
	if c.Name == colClaims {
		return // the row's own first
	}
	if len(cell) < 2 {
		return
	}
	o := newOrdering()
	slices.SortStableFunc(cell, func(a, b Value) int { return o.compareValues(c, a, b) })
}
