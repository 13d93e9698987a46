package gizmo

import (
	"fmt"
	"math/big"
	"slices"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

func aggregateMethod(name string) func(*pathObject, args) goja.Value {
	switch name {
	case "sum", "min", "max":
		return func(o *pathObject, a args) goja.Value {
			a.count(0, 1)
			t := newTally(o.s, name)
			o.tally(valueTag(a, 0), t)
			return t.result()
		}
	case "stats":
		return func(o *pathObject, a args) goja.Value {
			a.count(0, 1)
			t := newTally(o.s, name)
			o.tally(valueTag(a, 0), t)
			return t.stats()
		}
	case "group":
		return (*pathObject).group
	case "pathsTo":
		return (*pathObject).pathsTo
	case "overlaps":
		return (*pathObject).overlaps
	default:
		return nil
	}
}

// valueTag reads the name of the tag to look at; none means the node.
func valueTag(a args, i int) string {
	if missing(a.at(i)) {
		return ""
	}
	return valueKey(a.tag(i))
}

func (o *pathObject) tally(tag string, t *tally) {
	o.rows(-1, true, func(m *maker, ref cayley.Ref) error {
		return t.add(m.value(tag, ref))
	})
}

// value returns the node or a tag of the row that is being made.
func (m *maker) value(tag string, ref cayley.Ref) quad.Value {
	if tag == "" {
		return m.q.x.name(ref)
	}
	for i := range m.q.cols {
		if c := &m.q.cols[i]; c.name == tag {
			return m.q.x.name(m.q.x.tag(c.slots))
		}
	}
	return nil
}

// tally adds up values. Sums are exact: of integers an integer, else of what the floats stand for.
type tally struct {
	s        *session
	want     string // sum, min, max, stats, count
	count    int64  // rows
	sum      *big.Rat
	floats   bool
	min, max quad.Value
	left     []quad.Value // what is no number, and so is in no sum
}

func newTally(s *session, want string) *tally { return &tally{s: s, want: want, sum: new(big.Rat)} }

func (t *tally) add(v quad.Value) error {
	t.count++
	if v == nil || t.want == "count" {
		return nil
	}
	k := kindOf(v)
	if t.want == "min" || t.want == "max" {
		if t.min != nil && kindOf(t.min) != k {
			return &Error{Want: "values of one kind in " + t.want + "()", Found: describe(t.min) + " and " + describe(v), Hint: "stats() tells numbers from the rest"}
		}
		t.bound(v)
		return nil
	}
	n, ok := ratOf(v)
	if k != kindNumber || !ok {
		if t.want == "sum" {
			return &Error{Want: "numbers in sum()", Found: describe(v), Hint: "stats() lists what it leaves out"}
		}
		t.left = append(t.left, v)
		return t.s.mem.add(valueSize(v))
	}
	if _, ok := v.(quad.Float); ok {
		t.floats = true
	}
	t.sum.Add(t.sum, n)
	t.bound(v)
	return nil
}

func (t *tally) bound(v quad.Value) {
	if t.min == nil || Compare(v, t.min) < 0 {
		t.min = v
	}
	if t.max == nil || Compare(v, t.max) > 0 {
		t.max = v
	}
}

func (t *tally) total() quad.Value {
	if t.floats {
		f, _ := t.sum.Float64()
		return quad.Float(f)
	}
	if t.sum.IsInt() && t.sum.Num().IsInt64() {
		return quad.Int(t.sum.Num().Int64())
	}
	return quad.TypedString{Value: quad.String(decimalText(t.sum)), Type: t.s.decimal()}
}

// decimalText writes a sum of decimals without loss: they end, so their sum does.
func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	n, _ := r.FloatPrec()
	return r.FloatString(n)
}

func (s *session) decimal() quad.IRI { return quad.IRI(s.names.normal(xsdNamespace + "decimal")) }

func (t *tally) result() goja.Value {
	switch t.want {
	case "count":
		return t.s.vm.ToValue(t.count)
	case "min":
		return t.s.toJS(t.min)
	case "max":
		return t.s.toJS(t.max)
	default:
		return t.s.number(t.total())
	}
}

// number shows a number to the text, as a plain one if JavaScript can hold it exactly.
func (s *session) number(v quad.Value) goja.Value {
	if f, ok := v.(quad.Float); ok {
		return s.vm.ToValue(float64(f))
	}
	return s.toJS(v)
}

func (t *tally) stats() goja.Value {
	o := t.s.vm.NewObject()
	left := make([]any, len(t.left))
	for i, v := range t.left {
		left[i] = t.s.toJS(v)
	}
	for _, f := range []struct {
		name string
		v    goja.Value
	}{
		{"count", t.s.vm.ToValue(t.count)},
		{"sum", t.s.number(t.total())},
		{"min", t.s.toJS(t.min)},
		{"max", t.s.toJS(t.max)},
		{"leftOut", t.s.vm.NewArray(left...)},
	} {
		if err := o.Set(f.name, f.v); err != nil {
			t.s.throw(err)
		}
	}
	return o
}

// group sorts rows by the values of tags and adds up each group: group("a"), group(["a","b"]),
// group("a", {total: ["sum", "mass"], first: ["min", "date"], n: ["count"]}). It returns an array of
// objects in the order of their keys; without a second argument they have a count.
func (o *pathObject) group(a args) goja.Value {
	a.count(1, 2)
	keys := args{s: a.s, name: a.name, vals: a.vals[:1]}.tags(0)
	if len(keys) == 0 {
		a.fail(0, "the name of a tag, or several, in group()", a.s.describe(a.at(0)))
	}
	outs := a.outputs(1)
	type group struct {
		keys    []quad.Value
		tallies []*tally
	}
	groups := make(map[string]*group)
	o.rows(-1, true, func(m *maker, ref cayley.Ref) error {
		vals := make([]quad.Value, len(keys))
		id := ""
		for i, k := range keys {
			vals[i] = m.value(valueKey(k), ref)
			id += fmt.Sprintf("%q ", quad.StringOf(vals[i]))
		}
		g := groups[id]
		if g == nil {
			g = &group{keys: vals}
			for _, out := range outs {
				g.tallies = append(g.tallies, newTally(a.s, out.how))
			}
			groups[id] = g
			if err := a.s.mem.add(int64(200*len(outs) + 2*len(id))); err != nil {
				return err
			}
		}
		for i, out := range outs {
			var v quad.Value
			if out.how != "count" {
				v = m.value(out.tag, ref)
			}
			if err := g.tallies[i].add(v); err != nil {
				return err
			}
		}
		return nil
	})
	list := make([]*group, 0, len(groups))
	for _, g := range groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(x, y *group) int {
		for i := range keys {
			if c := Compare(x.keys[i], y.keys[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	items := make([]any, len(list))
	for i, g := range list {
		row := a.s.vm.NewObject()
		for j, k := range keys {
			if err := row.Set(k, a.s.toJS(g.keys[j])); err != nil {
				a.s.throw(err)
			}
		}
		for j, out := range outs {
			v := g.tallies[j].result()
			if out.how == "stats" {
				v = g.tallies[j].stats()
			}
			if err := row.Set(out.name, v); err != nil {
				a.s.throw(err)
			}
		}
		items[i] = row
	}
	return a.s.vm.NewArray(items...)
}

// output is one column that group() adds up.
type output struct{ name, how, tag string }

func (a args) outputs(i int) []output {
	if missing(a.at(i)) {
		return []output{{name: "count", how: "count"}}
	}
	spec, ok := a.at(i).(*goja.Object)
	if !ok || spec.ClassName() != "Object" || a.s.object(spec) != nil {
		a.fail(i, `an object like {total: ["sum", "mass"]} in group()`, a.s.describe(a.at(i)))
	}
	var outs []output
	for _, name := range spec.Keys() {
		vals, ok := a.s.array(spec.Get(name))
		if !ok {
			vals = []goja.Value{spec.Get(name)}
		}
		words := args{s: a.s, name: a.name, vals: vals}.tags(0)
		if len(words) == 0 || len(words) > 2 || !slices.Contains([]string{"count", "sum", "min", "max", "stats"}, words[0]) {
			a.fail(i, `["count"], ["sum", tag], ["min", tag], ["max", tag] or ["stats", tag] for `+name, a.s.describe(spec.Get(name)))
		}
		out := output{name: name, how: words[0]}
		if len(words) == 2 {
			out.tag = valueKey(words[1])
		}
		outs = append(outs, out)
	}
	return outs
}

// overlaps keeps nodes whose time shares an instant with a span: overlaps(start, end, from, to). A
// node without an end lasts as long as its start says, one without a start as long as its end; where
// documents disagree, one of them is enough.
func (o *pathObject) overlaps(a args) goja.Value {
	a.count(3, 4)
	start, end := a.predicates(0), a.predicates(1)
	from := a.date(2)
	to := from
	if len(a.vals) == 4 {
		to = a.date(3)
	}
	var notAfter, notBefore, within []filter
	if to != nil {
		f, _ := comparison(opLTE, to)
		notAfter = append(notAfter, f)
		within = append(within, f)
	}
	if from != nil {
		f, _ := comparison(opGTE, from)
		notBefore = append(notBefore, f)
		within = append(within, f)
	}
	all := func() *path { return nil }
	has := func(p *path, v via, f []filter) *path { return p.then(hasStep{via: v, filters: f}) }
	both := has(has(all(), start, notAfter), end, notBefore)
	onlyStart := has(all(), start, within).then(exceptStep{has(all(), end, nil)})
	onlyEnd := has(all(), end, within).then(exceptStep{has(all(), start, nil)})
	return o.then(andStep{both.then(orStep{onlyStart}).then(orStep{onlyEnd})})
}
