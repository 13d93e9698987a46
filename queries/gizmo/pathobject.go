package gizmo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// A pathObject is a path inside a text.
type pathObject struct {
	s   *session
	p   *path
	ran bool // a final was called
}

var _ goja.DynamicObject = (*pathObject)(nil)

// Get returns a method, in either spelling.
func (o *pathObject) Get(key string) goja.Value {
	if v, ok := o.s.funcs[key]; ok {
		return v
	}
	f := pathMethod(lowerFirst(key))
	if f == nil {
		return nil
	}
	return o.s.method(key, func(call goja.FunctionCall) goja.Value {
		p, ok := o.s.object(call.This).(*pathObject)
		if !ok {
			return o.s.fail("a path before ."+key+"()", o.s.describe(call.This))
		}
		return f(p, args{s: o.s, name: key, vals: call.Arguments})
	})
}

// Set refuses: paths do not change.
func (o *pathObject) Set(string, goja.Value) bool { return false }

// Has reports whether there is a method.
func (o *pathObject) Has(key string) bool { return pathMethod(lowerFirst(key)) != nil }

// Delete refuses.
func (o *pathObject) Delete(key string) bool { return !o.Has(key) }

// Keys hides the methods from enumeration.
func (o *pathObject) Keys() []string { return nil }

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || !unicode.IsUpper(r) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

func (s *session) newPath(p *path) goja.Value {
	if p.weight() > s.limits.Steps {
		return s.throw(fmt.Errorf("%w: a path of more than %d steps", ErrDepth, s.limits.Steps))
	}
	return s.vm.NewDynamicObject(&pathObject{s: s, p: p})
}

func (o *pathObject) then(st step) goja.Value { return o.s.newPath(o.p.then(st)) }

// pathMethod finds a method by its lower-case spelling.
func pathMethod(name string) func(*pathObject, args) goja.Value {
	switch name {
	case "out":
		return func(o *pathObject, a args) goja.Value { return o.hop(a, true, false) }
	case "in":
		return func(o *pathObject, a args) goja.Value { return o.hop(a, false, true) }
	case "both":
		return func(o *pathObject, a args) goja.Value { return o.hop(a, true, true) }
	case "is":
		return func(o *pathObject, a args) goja.Value {
			nodes := a.values()
			a.s.lintEntities(nodes)
			return o.then(isStep{nodes})
		}
	case "has":
		return func(o *pathObject, a args) goja.Value { return o.has(a, false) }
	case "hasR":
		return func(o *pathObject, a args) goja.Value { return o.has(a, true) }
	case "save":
		return func(o *pathObject, a args) goja.Value { return o.save(a, false, false) }
	case "saveR":
		return func(o *pathObject, a args) goja.Value { return o.save(a, true, false) }
	case "saveOpt":
		return func(o *pathObject, a args) goja.Value { return o.save(a, false, true) }
	case "saveOptR":
		return func(o *pathObject, a args) goja.Value { return o.save(a, true, true) }
	case "tag", "as":
		return func(o *pathObject, a args) goja.Value {
			tags := a.tags(0)
			if len(tags) == 0 {
				return a.s.newPath(o.p)
			}
			return o.then(tagStep{tags})
		}
	case "and", "intersect":
		return func(o *pathObject, a args) goja.Value { return o.with(a, func(p *path) step { return andStep{p} }) }
	case "or", "union":
		return func(o *pathObject, a args) goja.Value { return o.with(a, func(p *path) step { return orStep{p} }) }
	case "except", "difference":
		return func(o *pathObject, a args) goja.Value { return o.with(a, func(p *path) step { return exceptStep{p} }) }
	case "follow":
		return func(o *pathObject, a args) goja.Value {
			return o.with(a, func(p *path) step { return followStep{along: p} })
		}
	case "followR":
		return func(o *pathObject, a args) goja.Value {
			return o.with(a, func(p *path) step { return followStep{along: p, rev: true} })
		}
	case "followRecursive":
		return (*pathObject).followRecursive
	case "labels":
		return func(o *pathObject, _ args) goja.Value { return o.then(labelsStep{}) }
	case "inPredicates":
		return func(o *pathObject, _ args) goja.Value { return o.then(predicatesStep{in: true}) }
	case "outPredicates":
		return func(o *pathObject, _ args) goja.Value { return o.then(predicatesStep{}) }
	case "saveInPredicates":
		return func(o *pathObject, a args) goja.Value { return o.then(savePredStep{in: true, tag: a.tag(0)}) }
	case "saveOutPredicates":
		return func(o *pathObject, a args) goja.Value { return o.then(savePredStep{tag: a.tag(0)}) }
	case "labelContext":
		return (*pathObject).labelContext
	case "back":
		return func(o *pathObject, a args) goja.Value { a.count(1, 1); return o.then(backStep{a.tag(0)}) }
	case "filter":
		return (*pathObject).filter
	case "limit":
		return func(o *pathObject, a args) goja.Value { a.count(1, 1); return o.then(limitStep{a.int()}) }
	case "skip":
		return func(o *pathObject, a args) goja.Value { a.count(1, 1); return o.then(skipStep{a.int()}) }
	case "unique":
		return func(o *pathObject, _ args) goja.Value { return o.then(uniqueStep{}) }
	case "distinct":
		return func(o *pathObject, _ args) goja.Value { return o.then(distinctStep{}) }
	case "order", "sort":
		return (*pathObject).order
	case "claims":
		return func(o *pathObject, _ args) goja.Value { return o.then(claimsStep{}) }
	default:
		return finalMethod(name)
	}
}

// values reads nodes from the arguments; lists of nodes are taken apart.
func (a args) values() []quad.Value {
	var out []quad.Value
	for i := range a.vals {
		if items, ok := a.s.array(a.vals[i]); ok {
			out = append(out, args{s: a.s, name: a.name, vals: items}.values()...)
			continue
		}
		out = append(out, a.value(i))
	}
	return out
}

// tags reads names of tags from the i-th argument on.
func (a args) tags(i int) []string {
	var out []string
	for ; i < len(a.vals); i++ {
		v := a.vals[i]
		if items, ok := a.s.array(v); ok {
			out = append(out, args{s: a.s, name: a.name, vals: items}.tags(0)...)
			continue
		}
		if missing(v) {
			continue
		}
		out = append(out, a.tag(i))
	}
	return out
}

func (a args) tag(i int) string {
	s, ok := a.text(a.at(i))
	if !ok || s == "" || strings.Contains(s, claimTag) {
		a.fail(i, "the name of a tag in "+a.name+"()", a.s.describe(a.at(i)))
	}
	return s
}

// via reads predicates or labels: null for all, a node, a path, or a list of both.
func (a args) via(i int) via {
	v := a.at(i)
	if missing(v) {
		return via{}
	}
	if items, ok := a.s.array(v); ok {
		if len(items) == 1 && missing(items[0]) {
			return via{}
		}
		var out via
		for j := range items {
			if missing(items[j]) {
				a.fail(i, "predicates in the list", a.s.describe(items[j]))
			}
			one := args{s: a.s, name: a.name, vals: items}.via(j)
			out.nodes, out.paths = append(out.nodes, one.nodes...), append(out.paths, one.paths...)
		}
		return out
	}
	if p, ok := a.s.object(v).(*pathObject); ok {
		p.ran = true
		return via{paths: []*path{p.p}}
	}
	q, err := a.s.value(v)
	if err != nil {
		a.fail(i, "a predicate, a list of them or a path in "+a.name+"()", err.Error())
	}
	return via{nodes: []quad.Value{q}}
}

// predicate is via, checked by the lint.
func (a args) predicates(i int) via {
	v := a.via(i)
	a.s.lintPredicates(i, v.nodes)
	return v
}

func (o *pathObject) hop(a args, out, in bool) goja.Value {
	return o.then(hopStep{out: out, in: in, via: a.predicates(0), tags: a.tags(1)})
}

func (o *pathObject) has(a args, rev bool) goja.Value {
	a.count(1, -1)
	if missing(a.at(0)) {
		a.fail(0, "a predicate in "+a.name+"()", a.s.describe(a.at(0)))
	}
	st := hasStep{via: a.predicates(0), rev: rev}
	rest := args{s: a.s, name: a.name, vals: a.vals[1:]}
	st.filters = rest.filters(0)
	if len(st.filters) == 0 {
		st.nodes = rest.values()
		a.s.lintEntities(st.nodes)
	} else if n := rest.flat(); n != len(st.filters) {
		rest.fail(0, "either filters or values in "+a.name+"()", "both")
	}
	return o.then(st)
}

// filters reads the filters among the arguments, in lists too.
func (a args) filters(i int) []filter {
	var out []filter
	for ; i < len(a.vals); i++ {
		if items, ok := a.s.array(a.vals[i]); ok {
			out = append(out, args{s: a.s, name: a.name, vals: items}.filters(0)...)
		} else if f, ok := a.s.object(a.vals[i]).(*filterObject); ok {
			out = append(out, f.f)
		}
	}
	return out
}

// flat counts arguments, those in lists one by one.
func (a args) flat() int {
	n := 0
	for _, v := range a.vals {
		if items, ok := a.s.array(v); ok {
			n += args{s: a.s, vals: items}.flat()
		} else {
			n++
		}
	}
	return n
}

func (o *pathObject) filter(a args) goja.Value {
	a.count(1, -1)
	f := a.filters(0)
	if len(f) != a.flat() || len(f) == 0 {
		a.fail(0, "filters such as gt(10) in filter()", a.s.describe(a.at(0)))
	}
	return o.then(filterStep{f})
}

func (o *pathObject) save(a args, rev, opt bool) goja.Value {
	a.count(1, 2)
	if missing(a.at(0)) {
		a.fail(0, "a predicate in "+a.name+"()", a.s.describe(a.at(0)))
	}
	st := saveStep{via: a.predicates(0), rev: rev, opt: opt}
	switch {
	case len(a.vals) == 2 && !missing(a.at(1)):
		st.tag = a.tag(1)
	case len(st.via.nodes) == 1 && len(st.via.paths) == 0:
		st.tag = quad.StringOf(st.via.nodes[0])
	default:
		a.fail(1, "the name of a tag in "+a.name+"() of a path", "none")
	}
	return o.then(st)
}

func (o *pathObject) with(a args, mk func(*path) step) goja.Value {
	if missing(a.at(0)) {
		return a.s.newPath(o.p)
	}
	p, ok := a.s.object(a.at(0)).(*pathObject)
	if !ok {
		a.fail(0, "a path in "+a.name+"()", a.s.describe(a.at(0)))
	}
	p.ran = true
	return o.then(mk(p.p))
}

func (o *pathObject) followRecursive(a args) goja.Value {
	a.count(1, -1)
	v := a.predicates(0)
	if len(v.nodes)+len(v.paths) != 1 {
		a.fail(0, "one predicate or path in followRecursive()", fmt.Sprint(len(v.nodes)+len(v.paths)))
	}
	st := recursiveStep{}
	if len(v.paths) == 1 {
		st.along = v.paths[0]
	} else {
		st.along = (*path)(nil).then(hopStep{out: true, via: v})
	}
	rest := 1
	if n, ok := number(a.at(1)); ok {
		st.max = int(min(n, float64(1<<30)))
		rest = 2
	}
	st.tags = a.tags(rest)
	return o.then(st)
}

func number(v goja.Value) (float64, bool) {
	if missing(v) {
		return 0, false
	}
	switch n := v.Export().(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, n == n
	default:
		return 0, false
	}
}

func (o *pathObject) labelContext(a args) goja.Value {
	tags := a.tags(1)
	if v := a.via(0); !v.all() {
		return o.then(labelStep{via: &v, tags: tags})
	}
	return o.then(labelStep{tags: tags})
}

// order reads what to sort by: nothing for the node; names of tags, with a minus or "desc" for
// descending; "asc" and "desc" alone for the node.
func (o *pathObject) order(a args) goja.Value {
	var keys []orderKey
	for _, name := range a.tags(0) {
		switch {
		case name == "asc" && len(keys) > 0:
		case name == "desc" && len(keys) > 0:
			keys[len(keys)-1].desc = true
		case name == "asc":
			keys = append(keys, orderKey{})
		case name == "desc":
			keys = append(keys, orderKey{desc: true})
		case strings.HasPrefix(name, "-"):
			keys = append(keys, orderKey{tag: valueKey(name[1:]), desc: true})
		default:
			keys = append(keys, orderKey{tag: valueKey(name)})
		}
	}
	if len(keys) == 0 {
		keys = []orderKey{{}}
	}
	return o.then(orderStep{keys})
}

// valueKey lets the node be named as it is named in rows of JavaScript.
func valueKey(name string) string {
	if name == topTag {
		return ""
	}
	return name
}

// topTag is the node's name among the tags of a row, inside a text.
const topTag = "id"
