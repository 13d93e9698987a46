package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// A maker makes steps by chance.
type maker struct {
	*rand.Rand
	quads []quad.Quad
	tags  int
	tagly bool // tags may be made
}

func (m *maker) node() quad.Value {
	q := m.quads[m.IntN(len(m.quads))]
	return []quad.Value{q.Subject, q.Object, q.Object, q.Subject, q.Predicate}[m.IntN(5)]
}

func (m *maker) nodes() []quad.Value {
	list := []quad.Value{m.node()}
	for m.IntN(3) == 0 {
		if v := m.node(); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

func (m *maker) preds() []quad.Value {
	var list []quad.Value
	for m.IntN(3) > 0 && len(list) < 2 {
		if p := m.quads[m.IntN(len(m.quads))].Predicate; !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

func (m *maker) name() string {
	m.tags++
	return fmt.Sprint("t", m.tags)
}

func anys(list []quad.Value) []any {
	var out []any
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// path makes a path of up to so many steps.
func (m *maker) path(n int) []step {
	var steps []step
	if m.IntN(4) > 0 {
		steps = append(steps, m.is())
	}
	for range 1 + m.IntN(n) {
		steps = append(steps, m.step(n))
	}
	return steps
}

func (m *maker) step(n int) step {
	for {
		switch m.IntN(19) {
		case 0, 1, 2:
			return m.hop(false)
		case 3, 4, 5:
			return m.hop(true)
		case 6:
			return m.both()
		case 7, 8:
			return m.has(m.IntN(2) == 0)
		case 9:
			return m.is()
		case 10:
			if m.tagly {
				return m.tag()
			}
		case 11, 12:
			if m.tagly {
				return m.save(m.IntN(2) == 0)
			}
		case 13:
			if m.tags == 0 {
				m.tagly = false // which of the rows of a node stays is not said
				return m.unique()
			}
		case 14:
			return m.compare()
		case 15:
			return m.labelContext()
		case 16:
			if m.tags == 0 {
				return m.names(n)
			}
		default:
			if n > 1 {
				return m.combine(n - 2)
			}
		}
	}
}

func (m *maker) is() step {
	list := m.nodes()
	return step{
		fmt.Sprintf("is%v", list),
		func(p *path.Path) *path.Path { return p.Is(list...) },
		func(_ *world, rows []row) []row {
			return slices.DeleteFunc(rows, func(r row) bool { return !in(list, r.value) })
		},
	}
}

func (m *maker) hop(back bool) step {
	preds := m.preds()
	name := ""
	var tags []string
	if m.tagly && m.IntN(4) == 0 {
		name = m.name()
		tags = []string{name}
	}
	s := step{text: fmt.Sprintf("out%v%v", preds, tags)}
	s.cayley = func(p *path.Path) *path.Path { return p.OutWithTags(tags, anys(preds)...) }
	if back {
		s.text = fmt.Sprintf("in%v%v", preds, tags)
		s.cayley = func(p *path.Path) *path.Path { return p.InWithTags(tags, anys(preds)...) }
	}
	s.rows = func(w *world, rows []row) (out []row) {
		for _, r := range rows {
			w.hops(r.value, back, preds, func(q quad.Quad, to quad.Value) {
				if name != "" {
					out = append(out, r.with(to, name, q.Predicate))
				} else {
					out = append(out, r.with(to))
				}
			})
		}
		return out
	}
	return s
}

func (m *maker) both() step {
	preds := m.preds()
	return step{
		fmt.Sprintf("both%v", preds),
		func(p *path.Path) *path.Path { return p.Both(anys(preds)...) },
		func(w *world, rows []row) (out []row) {
			for _, r := range rows {
				for _, back := range []bool{false, true} {
					w.hops(r.value, back, preds, func(_ quad.Quad, to quad.Value) { out = append(out, r.with(to)) })
				}
			}
			return out
		},
	}
}

func (m *maker) has(back bool) step {
	pred := m.quads[m.IntN(len(m.quads))].Predicate
	var list []quad.Value
	if m.IntN(3) > 0 {
		list = m.nodes()
	}
	s := step{text: fmt.Sprintf("has(%v %v)", pred, list)}
	s.cayley = func(p *path.Path) *path.Path { return p.Has(pred, list...) }
	if back {
		s.text = fmt.Sprintf("hasR(%v %v)", pred, list)
		s.cayley = func(p *path.Path) *path.Path { return p.HasReverse(pred, list...) }
	}
	s.rows = func(w *world, rows []row) (out []row) {
		for _, r := range rows {
			w.hops(r.value, back, []quad.Value{pred}, func(_ quad.Quad, to quad.Value) {
				if list == nil || in(list, to) {
					out = append(out, r)
				}
			})
		}
		return out
	}
	return s
}

func (m *maker) save(back bool) step {
	pred, name := m.quads[m.IntN(len(m.quads))].Predicate, m.name()
	s := step{text: fmt.Sprintf("save(%v %s)", pred, name)}
	s.cayley = func(p *path.Path) *path.Path { return p.Save(pred, name) }
	if back {
		s.text = fmt.Sprintf("saveR(%v %s)", pred, name)
		s.cayley = func(p *path.Path) *path.Path { return p.SaveReverse(pred, name) }
	}
	s.rows = func(w *world, rows []row) (out []row) {
		for _, r := range rows {
			w.hops(r.value, back, []quad.Value{pred}, func(_ quad.Quad, to quad.Value) {
				out = append(out, r.with(r.value, name, to))
			})
		}
		return out
	}
	return s
}

func (m *maker) tag() step {
	name := m.name()
	return step{
		"tag(" + name + ")",
		func(p *path.Path) *path.Path { return p.Tag(name) },
		func(_ *world, rows []row) (out []row) {
			for _, r := range rows {
				out = append(out, r.with(r.value, name, r.value))
			}
			return out
		},
	}
}

func (m *maker) unique() step {
	return step{"unique", func(p *path.Path) *path.Path { return p.Unique() }, func(_ *world, rows []row) []row { return rows }}
}

func (m *maker) compare() step {
	v := m.node()
	switch v.(type) {
	case quad.IRI, quad.BNode, quad.String, quad.Int, quad.Float, quad.Time:
	default:
		v = quad.Int(m.IntN(6) - 3)
	}
	op := iterator.Operator(m.IntN(4))
	return step{
		fmt.Sprintf("filter(%v %v)", op, v),
		func(p *path.Path) *path.Path { return p.Filters(shape.Comparison{Op: op, Val: v}) },
		func(_ *world, rows []row) []row {
			return slices.DeleteFunc(rows, func(r row) bool { return !compares(r.value, op, v) })
		},
	}
}

// compares says whether two values of one kind are in a relation.
func compares(a quad.Value, op iterator.Operator, b quad.Value) bool {
	var c int
	switch a := a.(type) {
	case quad.Int:
		other, ok := b.(quad.Int)
		if !ok {
			return false
		}
		c = int(a - other)
	case quad.Float:
		other, ok := b.(quad.Float)
		if !ok {
			return false
		}
		return op == iterator.CompareLT && a < other || op == iterator.CompareLTE && a <= other ||
			op == iterator.CompareGT && a > other || op == iterator.CompareGTE && a >= other
	case quad.IRI, quad.BNode, quad.String:
		if fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) {
			return false
		}
		c = strings.Compare(text(a), text(b))
	default:
		return false
	}
	switch op {
	case iterator.CompareLT:
		return c < 0
	case iterator.CompareLTE:
		return c <= 0
	case iterator.CompareGT:
		return c > 0
	default:
		return c >= 0
	}
}

func text(v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		return string(v)
	case quad.BNode:
		return string(v)
	case quad.String:
		return string(v)
	default:
		return ""
	}
}

// labelContext looks at quads under some labels alone from here on.
func (m *maker) labelContext() step {
	var labels []quad.Value
	for range 1 + m.IntN(2) {
		if l := m.quads[m.IntN(len(m.quads))].Label; l != nil && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	if labels == nil {
		return m.is()
	}
	return step{
		fmt.Sprintf("labelContext%v", labels),
		func(p *path.Path) *path.Path { return p.LabelContext(anys(labels)...) },
		func(w *world, rows []row) []row {
			w.labels = labels
			return rows
		},
	}
}

// names goes to the predicates or the labels of a node's quads.
func (m *maker) names(int) step {
	switch m.IntN(3) {
	case 0:
		return step{"labels", func(p *path.Path) *path.Path { return p.Labels() }, func(w *world, rows []row) (out []row) {
			for _, r := range rows {
				for _, q := range w.quads {
					if r.value != nil && (q.Subject == r.value || q.Object == r.value) {
						out = append(out, r.with(q.Label))
					}
				}
			}
			return out
		}}
	case 1:
		return step{"outPredicates", func(p *path.Path) *path.Path { return p.OutPredicates() }, func(w *world, rows []row) (out []row) {
			for _, r := range rows {
				for _, q := range w.quads {
					if q.Subject == r.value {
						out = append(out, r.with(q.Predicate))
					}
				}
			}
			return out
		}}
	default:
		return step{"inPredicates", func(p *path.Path) *path.Path { return p.InPredicates() }, func(w *world, rows []row) (out []row) {
			for _, r := range rows {
				for _, q := range w.quads {
					if q.Object == r.value {
						out = append(out, r.with(q.Predicate))
					}
				}
			}
			return out
		}}
	}
}

// combine puts the path together with another one.
func (m *maker) combine(n int) step {
	kind := m.IntN(3)
	was := m.tagly
	if kind == 2 {
		m.tagly = false // tags of what is left out are not there
	}
	other := m.path(max(n, 1))
	if kind == 0 { // Cayley takes "and" of all nodes and all nodes for nothing
		other = append(other, m.is())
	}
	m.tagly = was && m.tagly || kind == 2 && was
	s := step{text: [3]string{"and", "or", "except"}[kind] + describe(other)}
	s.cayley = func(p *path.Path) *path.Path {
		switch kind {
		case 0:
			return p.And(startWith(other))
		case 1:
			return p.Or(startWith(other))
		default:
			return p.Except(startWith(other))
		}
	}
	s.rows = func(w *world, rows []row) (out []row) {
		others := evaluate(world{quads: w.quads}, other)
		switch kind {
		case 0:
			for _, r := range rows {
				for _, o := range others {
					if r.value == o.value && r.value != nil {
						both := r.with(r.value)
						for name, v := range o.tags {
							both.tags[name] = v
						}
						out = append(out, both)
					}
				}
			}
		case 1:
			out = slices.Concat(rows, others)
		default:
			for _, r := range rows {
				if r.value != nil && !slices.ContainsFunc(others, func(o row) bool { return o.value == r.value }) {
					out = append(out, r)
				}
			}
		}
		return out
	}
	return s
}

func startWith(steps []step) *path.Path {
	p := path.StartPath(nil)
	for _, s := range steps {
		p = s.cayley(p)
	}
	return p
}

func describe(steps []step) string {
	var texts []string
	for _, s := range steps {
		texts = append(texts, s.text)
	}
	return "(" + strings.Join(texts, " . ") + ")"
}
