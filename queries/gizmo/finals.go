package gizmo

import (
	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// finalMethod finds a method that runs the path.
func finalMethod(name string) func(*pathObject, args) goja.Value {
	switch name {
	case "all":
		return func(o *pathObject, a args) goja.Value { return o.all(a, -1) }
	case "getLimit":
		return func(o *pathObject, a args) goja.Value { a.count(1, 1); return o.all(a, a.int()) }
	case "toArray":
		return func(o *pathObject, a args) goja.Value { return o.array(a, o.nodeJS) }
	case "tagArray":
		return func(o *pathObject, a args) goja.Value { return o.array(a, o.rowJS) }
	case "toValue":
		return func(o *pathObject, _ args) goja.Value { return o.first(o.nodeJS) }
	case "tagValue":
		return func(o *pathObject, _ args) goja.Value { return o.first(o.rowJS) }
	case "forEach", "map":
		return (*pathObject).forEach
	case "count":
		return (*pathObject).count
	default:
		return aggregateMethod(name)
	}
}

// rows runs the path and yields its rows, limit of them at most; a negative limit is none.
func (o *pathObject) rows(limit int64, exact bool, yield func(*maker, cayley.Ref) error) {
	o.ran = true
	s := o.s
	if s.opts.outline != nil {
		s.opts.outline(o.p)
		return
	}
	// What the engine holds for a question ends with it; what the text keeps of it, the watch sees.
	held := s.mem.used
	defer func() { s.mem.used = held }()
	q, err := ask(s.ctx, s.store, &s.mem, o.p, s.opts.Claims, exact)
	if err != nil {
		s.throw(err)
	}
	if limit == 0 {
		return
	}
	m := &maker{q: q}
	n := int64(0)
	var failed error
	err = q.each(func(ref cayley.Ref) bool {
		if failed = yield(m, ref); failed != nil {
			return false
		}
		n++
		return limit < 0 || n < limit
	})
	if err == nil {
		err = failed
	}
	if err == nil && s.opts.explain != nil {
		err = q.describe(s.opts.explain, n)
	}
	if err != nil {
		s.throw(err)
	}
}

func (o *pathObject) all(_ args, limit int64) goja.Value {
	if limit <= 0 {
		limit = -1
	}
	b := &batch{s: o.s}
	if _, ok := o.s.store.(questionView); !ok { // a view names one by one as fast
		b.names, _ = o.s.store.(cayley.BatchQuadStore)
	}
	o.rows(limit, false, b.add)
	if err := b.flush(); err != nil {
		o.s.throw(err)
	}
	return goja.Undefined()
}

// nodeJS shows the node of a row to the text.
func (o *pathObject) nodeJS(m *maker, ref cayley.Ref) (goja.Value, error) {
	v := m.q.x.name(ref)
	if v == nil {
		return nil, nil
	}
	return o.s.toJS(v), o.s.mem.add(valueSize(v) + 48)
}

// rowJS shows a row to the text, the node under the name id.
func (o *pathObject) rowJS(m *maker, ref cayley.Ref) (goja.Value, error) {
	r, ok := m.row(ref)
	if !ok {
		return nil, nil
	}
	return o.s.rowObject(r)
}

func (s *session) rowObject(r Row) (goja.Value, error) {
	obj := s.vm.NewObject()
	size := int64(256)
	set := func(name string, v quad.Value) error {
		size += valueSize(v) + 96
		return obj.Set(name, s.toJS(v))
	}
	for _, t := range r.Tags {
		if err := set(t.Name, t.Value); err != nil {
			return nil, err
		}
	}
	if r.Value != nil {
		if err := set(topTag, r.Value); err != nil {
			return nil, err
		}
	}
	if len(r.Claims) > 0 {
		items := make([]any, len(r.Claims))
		for i, c := range r.Claims {
			items[i] = s.toJS(c)
			size += valueSize(c)
		}
		if err := obj.Set("claims", s.vm.NewArray(items...)); err != nil {
			return nil, err
		}
	}
	return obj, s.mem.add(size)
}

func (o *pathObject) array(a args, show func(*maker, cayley.Ref) (goja.Value, error)) goja.Value {
	a.count(0, 1)
	limit := int64(-1)
	if len(a.vals) == 1 && !missing(a.at(0)) {
		limit = a.int()
	}
	var items []any
	o.rows(limit, false, func(m *maker, ref cayley.Ref) error {
		v, err := show(m, ref)
		if v != nil {
			items = append(items, v)
		}
		return err
	})
	return o.s.vm.NewArray(items...)
}

func (o *pathObject) first(show func(*maker, cayley.Ref) (goja.Value, error)) goja.Value {
	out := goja.Undefined()
	o.rows(1, false, func(m *maker, ref cayley.Ref) error {
		v, err := show(m, ref)
		if v != nil {
			out = v
		}
		return err
	})
	return out
}

func (o *pathObject) forEach(a args) goja.Value {
	a.count(1, 2)
	last := len(a.vals) - 1
	call, ok := goja.AssertFunction(a.at(last))
	if !ok {
		a.fail(last, "a function in "+a.name+"()", a.s.describe(a.at(last)))
	}
	limit := int64(-1)
	if last == 1 && !missing(a.at(0)) {
		limit = a.int()
	}
	o.rows(limit, false, func(m *maker, ref cayley.Ref) error {
		before := o.s.mem.used
		v, err := o.rowJS(m, ref)
		if v == nil || err != nil {
			return err
		}
		o.s.mem.used = before // the row is the text's own to keep or drop; the watch sees what it keeps
		_, err = call(goja.Undefined(), v)
		return err
	})
	return goja.Null()
}

func (o *pathObject) count(a args) goja.Value {
	a.count(0, 0)
	n := int64(0)
	o.rows(-1, true, func(*maker, cayley.Ref) error { n++; return nil })
	return o.s.vm.ToValue(n)
}
