package answers

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

// Rows collects the rows of a Gizmo text. The columns of their table are known only when the last row
// is in: the value, each tag that any row has, the claims, what was emitted.
type Rows struct {
	List  []gizmo.Row
	Last  any   // the value of the text's last expression
	Limit int64 // bytes that the rows may hold, roughly; 0: any

	used int64
}

// Add keeps a row. Rows count against the memory of the text, also when a worker found them.
func (t *Rows) Add(r gizmo.Row) error {
	t.used += rowSize(r)
	if t.Limit > 0 && t.used > t.Limit {
		return fmt.Errorf("%w: %d rows hold %d bytes, %d are allowed", gizmo.ErrMemory, len(t.List)+1, t.used, t.Limit)
	}
	t.List = append(t.List, r)
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

// Table lays the rows out in the order found. A text without rows whose last expression has a value,
// like a count, answers with that value.
func (t *Rows) Table(ctx context.Context, r *Reader) (queries.Table, error) {
	rows := t.List
	if len(rows) == 0 && t.Last != nil {
		rows = []gizmo.Row{{Emitted: t.Last}}
	}
	var value, claims, emitted bool
	tags := map[string]bool{}
	for _, row := range rows {
		value = value || row.Value != nil
		claims = claims || len(row.Claims) > 0
		emitted = emitted || row.Value == nil
		for _, tag := range row.Tags {
			tags[tag.Name] = true
		}
	}
	names := slices.Sorted(maps.Keys(tags))
	var out queries.Table
	if value || len(rows) == 0 {
		out.Columns = append(out.Columns, Column("value", TypeAny))
	}
	for _, name := range names {
		out.Columns = append(out.Columns, Column(name, TypeAny))
	}
	if claims {
		out.Columns = append(out.Columns, List("claims", queries.TypeClaim))
	}
	if emitted {
		out.Columns = append(out.Columns, Column("emitted", TypeAny))
	}
	for _, row := range rows {
		var cells []queries.Cell
		add := func(terms ...quad.Value) error {
			cell, err := r.Cell(ctx, terms...)
			cells = append(cells, cell)
			return err
		}
		if value {
			if err := add(row.Value); err != nil {
				return out, err
			}
		}
		for _, name := range names {
			if err := add(row.Tag(name)); err != nil {
				return out, err
			}
		}
		if claims {
			if err := add(row.Claims...); err != nil {
				return out, err
			}
		}
		if emitted {
			cell, err := r.emittedCell(ctx, row)
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
func (r *Reader) emittedCell(ctx context.Context, row gizmo.Row) (queries.Cell, error) {
	if row.Value != nil {
		return nil, nil
	}
	switch v := row.Emitted.(type) {
	case quad.Value:
		return r.Cell(ctx, v)
	case string:
		return Text(v), nil
	case int64:
		return queries.Cell{{Term: quad.Int(v)}}, nil
	case float64:
		return queries.Cell{{Term: quad.Float(v)}}, nil
	case bool:
		return queries.Cell{{Term: quad.Bool(v)}}, nil
	}
	b, err := json.Marshal(plainJSON(row.Emitted))
	if err != nil {
		return nil, fmt.Errorf("a value given to emit has no form in JSON: %w", err)
	}
	return Text(string(b)), nil
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
