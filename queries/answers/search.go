package answers

import (
	"cmp"
	"context"

	"kg/queries"
)

// Search lists the entities that a text finds, the best first, limit at most; 0 is no limit. The table
// counts those beyond the limit too.
func (r *Reader) Search(ctx context.Context, text string, limit int) (queries.Table, error) {
	t := queries.Table{
		Question: "search", Params: map[string]any{"text": text},
		Columns: []queries.Column{
			Column("entity", queries.TypeEntity),
			Column("class", queries.TypeText),
			Column("id", queries.TypeText),
			Column("how", queries.TypeText),
			Column("matched", queries.TypeText),
			Column("field", queries.TypePredicate),
		},
	}
	hits, total, err := r.Store.SearchFirst(ctx, text, limit)
	if err != nil {
		return t, err
	}
	t.Count, t.Truncated = total, total > len(hits)
	for _, h := range hits {
		class := ""
		if h.Class != nil {
			class = h.Class.Label
		}
		var field queries.Cell
		if h.Field != "" {
			field = queries.Cell{r.Predicate(h.Field, false)}
		}
		t.Rows = append(t.Rows, []queries.Cell{
			{{Term: h.ID, Label: cmp.Or(h.Name, ShortID(h.ID))}},
			Text(class), Text(ShortID(h.ID)), Text(h.How.String()), Text(h.Matched), field,
		})
	}
	return t, nil
}
