package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/queries"
	"kg/queries/gizmo"
)

// rowTable collects the rows of a Gizmo text. Its columns are known only when the last row is in:
// the value, each tag that any row has, the claims, what was emitted.
type rowTable struct {
	rows []gizmo.Row
	last any // the value of the text's last expression

	limit, used int64 // bytes that the rows may hold, and do, roughly; limit 0: any
}

// row keeps a row. Rows count against the memory of the text, also when a worker found them.
func (t *rowTable) row(r gizmo.Row) error {
	t.used += rowSize(r)
	if t.limit > 0 && t.used > t.limit {
		return fmt.Errorf("%w: %d rows hold %d bytes, %d are allowed", gizmo.ErrMemory, len(t.rows)+1, t.used, t.limit)
	}
	t.rows = append(t.rows, r)
	return nil
}

// rowSize is what a row holds, roughly, with the room that a growing list of rows leaves.
func rowSize(r gizmo.Row) int64 {
	n := int64(200) + termSize(r.Value) + dataSize(r.Emitted)
	for _, t := range r.Tags {
		n += 32 + termSize(t.Value)
	}
	for _, c := range r.Claims {
		n += 16 + termSize(c)
	}
	return n
}

func termSize(v quad.Value) int64 {
	switch v := v.(type) {
	case nil:
		return 0
	case quad.IRI:
		return 16 + int64(len(v))
	case quad.String:
		return 16 + int64(len(v))
	case quad.LangString:
		return 32 + int64(len(v.Value))
	case quad.TypedString:
		return 32 + int64(len(v.Value))
	default:
		return 32
	}
}

func dataSize(x any) int64 {
	n := int64(16)
	switch x := x.(type) {
	case quad.Value:
		n += termSize(x)
	case string:
		n += int64(len(x))
	case []any:
		for i := range x {
			n += dataSize(x[i])
		}
	case map[string]any:
		for k := range x {
			n += 48 + int64(len(k)) + dataSize(x[k])
		}
	}
	return n
}

func (t *rowTable) result(v any)         { t.last = v }
func (t *rowTable) warning(*gizmo.Error) {}

// table lays the rows out in the order found. A text without rows whose last expression has a value,
// like a count, answers with that value.
func (t *rowTable) table(ctx context.Context, s *session) (queries.Table, error) {
	rows := t.rows
	if len(rows) == 0 && t.last != nil {
		rows = []gizmo.Row{{Emitted: t.last}}
	}
	var value, claims, emitted bool
	tags := map[string]bool{}
	for _, r := range rows {
		value = value || r.Value != nil
		claims = claims || len(r.Claims) > 0
		emitted = emitted || r.Value == nil
		for _, tag := range r.Tags {
			tags[tag.Name] = true
		}
	}
	names := slices.Sorted(maps.Keys(tags))
	var out queries.Table
	if value || len(rows) == 0 {
		out.Columns = append(out.Columns, column("value", typeAny))
	}
	for _, name := range names {
		out.Columns = append(out.Columns, column(name, typeAny))
	}
	if claims {
		out.Columns = append(out.Columns, listColumn("claims", queries.TypeClaim))
	}
	if emitted {
		out.Columns = append(out.Columns, column("emitted", typeAny))
	}
	for _, r := range rows {
		var cells []queries.Cell
		add := func(terms ...quad.Value) error {
			cell, err := s.cell(ctx, terms...)
			cells = append(cells, cell)
			return err
		}
		if value {
			if err := add(r.Value); err != nil {
				return out, err
			}
		}
		for _, name := range names {
			if err := add(r.Tag(name)); err != nil {
				return out, err
			}
		}
		if claims {
			if err := add(r.Claims...); err != nil {
				return out, err
			}
		}
		if emitted {
			cell, err := s.emittedCell(ctx, r)
			if err != nil {
				return out, err
			}
			cells = append(cells, cell)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out, nil
}

// emittedCell shows what g.emit was given: a node or number as such, anything larger as JSON.
func (s *session) emittedCell(ctx context.Context, r gizmo.Row) (queries.Cell, error) {
	if r.Value != nil {
		return nil, nil
	}
	switch v := r.Emitted.(type) {
	case quad.Value:
		return s.cell(ctx, v)
	case string:
		return textCell(v), nil
	case int64:
		return queries.Cell{{Term: quad.Int(v)}}, nil
	case float64:
		return queries.Cell{{Term: quad.Float(v)}}, nil
	case bool:
		return queries.Cell{{Term: quad.Bool(v)}}, nil
	}
	b, err := json.Marshal(plainJSON(r.Emitted))
	if err != nil {
		return nil, fmt.Errorf("a value given to emit has no form in JSON: %w", err)
	}
	return textCell(string(b)), nil
}

// plainJSON replaces the nodes within an emitted value by their spelling.
func plainJSON(v any) any {
	switch v := v.(type) {
	case quad.Value:
		return quad.ToString(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plainJSON(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for k := range v {
			object[k] = plainJSON(v[k])
		}
		return object
	}
	return v
}
