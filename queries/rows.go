package queries

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries/gizmo"
)

// A record is one row of the path: the values of its tags and the claims that it stands on.
type record struct {
	cells  []Cell        // by column; only those filled by the text
	figure quad.IRI      // the tag "figure" of a question that sums
	claims []graph.Claim // of the row's own fact, which is the path's last step; of a derived fact, those that support it
	backs  []quad.IRI    // claims and derivations of every step
	steps  []step

	inferred, linkInferred bool // the row's own fact, or a step on the way to it, is known only by inference
}

// figureTag is the tag under which a question that sums names the figure of an amount.
const figureTag = "figure"

// gather runs the text and returns its rows, without those that stand on a deprecated claim and,
// where only what documents state is wanted, on an inferred one.
func (q *Question) gather(ctx context.Context, w *world, args arguments, o Options) ([]record, error) {
	code, err := q.compiled()
	if err != nil {
		return nil, err
	}
	var records []record
	options := gizmo.Options{
		Params: args.forText, Namespaces: w.store.Namespaces(), Claims: true,
		Limits: gizmo.Limits{Memory: o.Memory},
	}
	err = code.Run(ctx, w.store.Cayley(), options, func(row gizmo.Row) error {
		r, ok, err := q.record(w, row)
		if err != nil {
			return err
		}
		if ok && !(o.StatedOnly && (r.inferred || r.linkInferred)) {
			records = append(records, r)
		}
		return w.err
	})
	sortRecords(records)
	return records, err
}

// sortRecords puts the rows in an order that does not depend on the store.
func sortRecords(records []record) {
	keys := make(map[*Cell]string, len(records)) // by the first cell, which no two records share
	for _, r := range records {
		var b strings.Builder
		for i := range r.cells {
			b.WriteString(key(r.cells, []int{i}))
		}
		b.WriteString(string(r.figure))
		for _, id := range r.backs {
			b.WriteString("\x00" + string(id))
		}
		keys[&r.cells[0]] = b.String()
	}
	slices.SortStableFunc(records, func(a, b record) int {
		return strings.Compare(keys[&a.cells[0]], keys[&b.cells[0]])
	})
}

// record turns a row of the path into typed cells.
func (q *Question) record(w *world, row gizmo.Row) (record, bool, error) {
	tag, err := q.tags(row)
	if err != nil {
		return record{}, false, err
	}
	r := record{cells: make([]Cell, len(q.Columns))}
	r.figure, _ = tag(figureTag).(quad.IRI)
	if !r.stand(w, row.Claims) {
		return record{}, false, nil
	}
	for i, c := range q.Columns {
		term := tag(c.Name)
		if !c.fromText() || term == nil {
			continue
		}
		if c.Name == colAmount {
			v, err := q.amount(w, tag(colMeasure), term, &r)
			if err != nil {
				return record{}, false, err
			}
			r.cells[i] = Cell{v}
			continue
		}
		v := w.value(c, term)
		r.cells[i] = Cell{v}
	}
	return r, true, nil
}

// tags reads the row of a path, or what the text emitted as an object, by name.
func (q *Question) tags(row gizmo.Row) (func(string) quad.Value, error) {
	if row.Value != nil || row.Emitted == nil {
		return row.Tag, nil
	}
	object, ok := row.Emitted.(map[string]any)
	if !ok {
		return nil, &graph.Problem{
			At: graph.Position{File: q.File}, Want: "rows of a path, or objects like {" + q.Columns[0].Name + ": …} in g.emit",
			Found: fmt.Sprintf("%v", row.Emitted),
		}
	}
	return func(name string) quad.Value { return emitted(object[name]) }, nil
}

// emitted is a value of g.emit as a term.
func emitted(v any) quad.Value {
	switch v := v.(type) {
	case quad.Value:
		return v
	case string:
		return quad.String(v)
	case bool:
		return quad.Bool(v)
	case int64:
		return quad.Int(v)
	case float64:
		return quad.Float(v)
	default:
		return nil
	}
}

// amount is the quantity under the measure. The claim that gives it is the row's own fact, wherever the
// path goes from there.
func (q *Question) amount(w *world, measure, term quad.Value, r *record) (Value, error) {
	predicate, _ := measure.(quad.IRI)
	p, ok := w.schema.Predicate(predicate)
	if !ok || p.Unit == "" {
		return Value{}, &graph.Problem{
			At: graph.Position{File: q.File}, Want: "a predicate with a unit under the tag " + colMeasure,
			Found: quad.ToString(measure), Hint: "begin from g.V().has(\"<kg:unit>\")",
		}
	}
	at := slices.IndexFunc(r.steps, func(s step) bool {
		return len(s.claims) == 1 && s.claims[0].Predicate == predicate && s.claims[0].Object == term
	})
	r.own(at)
	if at < 0 {
		return ClaimedQuantity(w.schema, p.Unit, graph.Claim{Object: term}), nil
	}
	return ClaimedQuantity(w.schema, p.Unit, r.claims[0]), nil
}

// A step is one hop of the path: the claim on its fact, or those that support it, where it needs one.
type step struct {
	claims  []graph.Claim
	guessed bool // known only by inference
}

// stand notes the claims that a row stands on; the last step is its own fact. It is false for a row
// that cannot stand.
func (r *record) stand(w *world, labels []quad.Value) bool {
	for _, label := range labels {
		id, _ := label.(quad.IRI)
		var s step
		switch {
		case graph.IsClaim(id):
			c := w.claim(id)
			if c.Rank == graph.Deprecated {
				return false
			}
			s = step{[]graph.Claim{c}, c.Basis == graph.Inferred}
		case graph.IsDerivation(id):
			d := w.derivation(id)
			s = step{d.supports, d.inferred}
		default:
			continue // the gazetteer needs no document
		}
		r.steps = append(r.steps, s)
		if !slices.Contains(r.backs, id) {
			r.backs = append(r.backs, id)
		}
	}
	r.own(len(r.steps) - 1)
	return true
}

// own says which step is the row's own fact; -1: none.
func (r *record) own(at int) {
	r.claims, r.inferred, r.linkInferred = nil, false, false
	for i, s := range r.steps {
		if i == at {
			r.claims, r.inferred = s.claims, s.guessed
		} else {
			r.linkInferred = r.linkInferred || s.guessed
		}
	}
}

// key tells records apart by the cells of some columns.
func key(cells []Cell, columns []int) string {
	var b strings.Builder
	for _, i := range columns {
		for _, v := range cells[i] {
			b.WriteString(v.key())
			b.WriteByte(0)
		}
		b.WriteByte(1)
	}
	return b.String()
}

// key is equal for equal values.
func (v Value) key() string {
	s := quad.ToString(v.Term)
	if v.Unit != "" {
		s += "\x02" + v.Unit + "\x02" + quad.ToString(v.UpTo) + "\x02" + string(v.Qualifier)
		if _, number := v.Term.(quad.Int); !number {
			s += "\x02" + v.ReportedAs
		}
	}
	return s
}

// add appends the values that the cell does not hold yet. A value that one claim states and
// another infers is stated.
func (c Cell) add(values ...Value) Cell {
	if len(values) == 0 {
		return c
	}
	at := make(map[string]int, len(c)+len(values))
	for i, v := range c {
		at[v.key()] = i
	}
	for _, v := range values {
		k := v.key()
		i, known := at[k]
		if !known {
			at[k] = len(c)
			c = append(c, v)
		} else if !v.Inferred {
			c[i].Inferred = false
		}
	}
	return c
}
