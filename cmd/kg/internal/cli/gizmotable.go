package cli

import (
	"context"

	"kg/queries"
	"kg/queries/answers"
	"kg/queries/gizmo"
)

// rowTable collects the rows of a Gizmo text.
type rowTable struct{ answers.Rows }

// row keeps a row. Rows count against the memory of the text, also when a worker found them.
func (t *rowTable) row(r gizmo.Row) error { return t.Add(r) }
func (t *rowTable) result(v any)          { t.Last = v }
func (t *rowTable) warning(*gizmo.Error)  {}

func (t *rowTable) table(ctx context.Context, s *session) (queries.Table, error) {
	return t.Table(ctx, s.reader())
}
