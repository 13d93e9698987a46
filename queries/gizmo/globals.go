package gizmo

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// globals is the prototype of the global object: it makes what a text touches, and nothing else.
type globals struct {
	s      *session
	graph  goja.Value
	params goja.Value
}

var _ goja.DynamicObject = (*globals)(nil)

// Get returns a global of Gizmo.
func (g *globals) Get(key string) goja.Value {
	s := g.s
	switch key {
	case "g", "graph":
		if g.graph == nil {
			g.graph = s.vm.NewDynamicObject(&graphObject{s: s})
		}
		return g.graph
	case "params":
		if g.params == nil {
			v, err := s.params(s.opts.Params)
			if err != nil {
				return s.throw(err)
			}
			g.params = v
		}
		return g.params
	}
	f := globalFunction(key)
	if f == nil {
		return nil
	}
	return s.method("global."+key, func(call goja.FunctionCall) goja.Value {
		return f(args{s: s, name: key, vals: call.Arguments})
	})
}

// Set lets the text make its own global of that name.
func (g *globals) Set(string, goja.Value) bool { return false }

// Has reports whether there is such a global.
func (g *globals) Has(key string) bool {
	return key == "g" || key == "graph" || key == "params" || globalFunction(key) != nil
}

// Delete refuses.
func (g *globals) Delete(key string) bool { return !g.Has(key) }

// Keys hides them from enumeration.
func (g *globals) Keys() []string { return nil }

// method returns a native function, made once a run.
func (s *session) method(name string, f func(goja.FunctionCall) goja.Value) goja.Value {
	v, ok := s.funcs[name]
	if !ok {
		v = s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			if s.guards != nil {
				defer s.guards.enter()()
			}
			return f(call)
		})
		s.funcs[name] = v
	}
	return v
}

// args is what a method was called with.
type args struct {
	s    *session
	name string
	vals []goja.Value
}

func (a args) at(i int) goja.Value {
	if i < len(a.vals) {
		return a.vals[i]
	}
	return goja.Undefined()
}

func missing(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }

// count checks the number of arguments.
func (a args) count(lo, hi int) {
	n := len(a.vals)
	if n >= lo && (hi < 0 || n <= hi) {
		return
	}
	want := fmt.Sprintf("%d", lo)
	switch {
	case hi < 0:
		want = fmt.Sprintf("at least %d", lo)
	case hi != lo:
		want = fmt.Sprintf("%d to %d", lo, hi)
	}
	a.s.fail(fmt.Sprintf("%s argument(s) in %s()", want, a.name), fmt.Sprint(n))
}

// fail raises the error of one argument at its place.
func (a args) fail(i int, want, found string) {
	a.s.throw(a.s.argError(i, &Error{Want: want, Found: found}))
}

func (a args) value(i int) quad.Value {
	v, err := a.s.value(a.at(i))
	if err != nil {
		a.fail(i, "a value in "+a.name+"()", err.Error())
	}
	return v
}

func (a args) string(i int) string {
	s, ok := a.text(a.at(i))
	if !ok {
		a.fail(i, "a string in "+a.name+"()", a.s.describe(a.at(i)))
	}
	return s
}

// text is a string, or the text of a value as Cayley writes it.
func (a args) text(v goja.Value) (string, bool) {
	if o, ok := a.s.object(v).(*valueObject); ok {
		switch o := o.v.(type) {
		case quad.String:
			return string(o), true
		default:
			return quad.StringOf(o), true
		}
	}
	if missing(v) {
		return "", false
	}
	s, ok := exported(v).(string)
	return s, ok
}

// exported is the Go value of a string, a number or a truth value, and nil for an object: to export
// one runs its getters, and makes a slice as long as an array says that it is.
func exported(v goja.Value) any {
	if _, ok := v.(*goja.Object); ok || v == nil {
		return nil
	}
	return v.Export()
}

// int reads the number that is the first argument.
func (a args) int() int64 {
	v := a.at(0)
	if !missing(v) {
		switch n := exported(v).(type) {
		case int64:
			return n
		case float64:
			if n == n {
				return int64(n)
			}
		}
	}
	a.fail(0, "a number in "+a.name+"()", a.s.describe(v))
	return 0
}

func globalFunction(name string) func(args) goja.Value {
	switch name {
	case "iri":
		return func(a args) goja.Value {
			a.count(1, 1)
			return a.s.valueOf(a.s.names.value(quad.IRI(a.iriText(0))))
		}
	case "bnode":
		return func(a args) goja.Value { a.count(1, 1); return a.s.valueOf(quad.BNode(a.string(0))) }
	case "str":
		return func(a args) goja.Value { a.count(1, 1); return a.s.valueOf(quad.String(a.string(0))) }
	case "raw":
		return func(a args) goja.Value {
			a.count(1, 1)
			text := a.string(0)
			if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
				return a.s.valueOf(quad.String(text[1 : n-1]))
			}
			v := quad.StringToValue(text)
			if v == nil {
				a.fail(0, "a value in raw()", "an empty string")
			}
			return a.s.valueOf(a.s.names.value(v))
		}
	case "lang":
		return func(a args) goja.Value {
			a.count(2, 2)
			return a.s.valueOf(quad.LangString{Value: quad.String(a.string(0)), Lang: a.string(1)})
		}
	case "typed":
		return func(a args) goja.Value {
			a.count(2, 2)
			return a.s.valueOf(a.s.names.value(quad.TypedString{Value: quad.String(a.string(0)), Type: quad.IRI(a.iriText(1))}))
		}
	case "lt":
		return func(a args) goja.Value { return a.compare(iterator.CompareLT) }
	case "lte":
		return func(a args) goja.Value { return a.compare(iterator.CompareLTE) }
	case "gt":
		return func(a args) goja.Value { return a.compare(iterator.CompareGT) }
	case "gte":
		return func(a args) goja.Value { return a.compare(iterator.CompareGTE) }
	case "regex":
		return regexFilter
	case "like":
		return likeFilter
	case "during":
		return duringFilter
	default:
		return nil
	}
}

// iriText reads the name of an IRI: bare, in angle brackets, or an IRI already.
func (a args) iriText(i int) string {
	return strings.TrimSuffix(strings.TrimPrefix(a.string(i), "<"), ">")
}

// A filterObject is a filter inside a text.
type filterObject struct{ f filter }

var _ goja.DynamicObject = (*filterObject)(nil)

// Get has no properties to offer.
func (*filterObject) Get(string) goja.Value { return nil }

// Set refuses.
func (*filterObject) Set(string, goja.Value) bool { return false }

// Has has no properties.
func (*filterObject) Has(string) bool { return false }

// Delete has nothing to delete.
func (*filterObject) Delete(string) bool { return true }

// Keys has no properties.
func (*filterObject) Keys() []string { return nil }

func (a args) filter(f filter) goja.Value { return a.s.vm.NewDynamicObject(&filterObject{f}) }

func (a args) compare(op iterator.Operator) goja.Value {
	a.count(1, 1)
	f, err := comparison(op, a.value(0))
	if err != nil {
		a.s.throw(a.s.argError(0, err))
	}
	return a.filter(f)
}

func likeFilter(a args) goja.Value {
	a.count(1, 1)
	pattern := a.string(0)
	if err := patternSize(pattern); err != nil {
		a.s.throw(err)
	}
	if _, err := wildcard(pattern); err != nil {
		a.fail(0, "a pattern like \"a%b?\"", err.Error())
	}
	return a.filter(shape.Wildcard{Pattern: pattern})
}

func regexFilter(a args) goja.Value {
	a.count(1, 2)
	refs := false
	if len(a.vals) == 2 {
		b, ok := exported(a.at(1)).(bool)
		if !ok {
			a.fail(1, "true or false in regex(), whether IRIs are matched", a.s.describe(a.at(1)))
		}
		refs = b
	}
	text, ok := a.pattern(refs)
	if !ok {
		a.fail(0, "a regular expression in regex()", a.s.describe(a.at(0))+" (true as second argument matches IRIs)")
	}
	if err := patternSize(text); err != nil {
		a.s.throw(err)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		hint := err.Error()
		var e *syntax.Error
		if errors.As(err, &e) {
			hint = e.Code.String() + ": " + e.Expr
		}
		a.fail(0, "a regular expression without look-ahead and back-reference (RE2)", hint)
	}
	return a.filter(shape.Regexp{Re: re, Refs: refs})
}

func (a args) pattern(refs bool) (string, bool) {
	v, err := a.s.value(a.at(0))
	if err != nil {
		return "", false
	}
	switch v := v.(type) {
	case quad.String:
		return string(v), true
	case quad.IRI:
		return string(v), refs
	case quad.BNode:
		return string(v), refs
	default:
		return "", false
	}
}

// duringFilter keeps dates that share an instant with the span from one date to another.
func duringFilter(a args) goja.Value {
	a.count(1, 2)
	f := duringTest{from: a.date(0)}
	f.to = f.from
	if len(a.vals) == 2 {
		f.to = a.date(1)
	}
	f.span = allTime()
	if f.from != nil {
		p, _ := periodOf(f.from)
		f.span.start = p.start
	}
	if f.to != nil {
		p, _ := periodOf(f.to)
		f.span.end = p.end
	}
	if f.span.end.Before(f.span.start) {
		a.fail(1, "a date that is not before the first", describe(f.to))
	}
	return a.filter(f)
}

const opLTE, opGTE = iterator.CompareLTE, iterator.CompareGTE

// date reads a date of any precision: "2020", "2020-07", "2020-07-02", a Date, a typed value; null is open.
func (a args) date(i int) quad.Value {
	v := a.at(i)
	if missing(v) {
		return nil
	}
	if s, ok := exported(v).(string); ok && a.s.object(v) == nil {
		if d, ok := parseDate(s); ok {
			return d
		}
	} else if q, err := a.s.value(v); err == nil {
		if n, ok := q.(quad.Int); ok {
			if d, ok := parseDate(fmt.Sprint(int64(n))); ok {
				return d
			}
		}
		if _, ok := periodOf(q); ok {
			return q
		}
	}
	a.fail(i, `a date like "2020-07-02", "2020-07" or "2020"`, a.s.describe(v))
	return nil
}
