package gizmo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// constructor puts a checking constructor in front of a class.
func (g *guarded) constructor(c class, check func(goja.ConstructorCall) error) {
	vm := g.s.vm
	construct, ok := goja.AssertConstructor(c.ctor)
	if !ok {
		return
	}
	var ctor *goja.Object
	ctor = vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		defer g.enter()()
		if check != nil {
			if err := check(call); err != nil {
				g.s.throw(err)
			}
		}
		target := call.NewTarget // of a class that extends this one
		if target == ctor {
			target = nil
		}
		o, err := construct(target, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return o
	}).ToObject(vm)
	g.must(ctor.SetPrototype(c.ctor)) // static methods
	g.must(ctor.DefineDataProperty("name", vm.ToValue(c.name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	g.must(ctor.DefineDataProperty("prototype", c.proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	g.must(c.proto.DefineDataProperty("constructor", ctor, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	g.must(vm.GlobalObject().Set(c.name, ctor))
}

// sort gives sorting a comparison that can be interrupted, and elements that the comparison cannot
// take away: what is sorted is a copy.
func (g *guarded) sort(c class) {
	vm := g.s.vm
	byText := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		g.alive()
		return vm.ToValue(strings.Compare(call.Argument(0).String(), call.Argument(1).String()))
	})
	comparison := func(call goja.FunctionCall) goja.Value {
		if goja.IsUndefined(call.Argument(0)) {
			return byText
		}
		return call.Argument(0)
	}
	if f, ok := goja.AssertFunction(c.proto.Get("toSorted")); ok {
		g.must(c.proto.DefineDataProperty("toSorted", vm.ToValue(func(call goja.FunctionCall) goja.Value {
			return g.call(f, call.This, comparison(call))
		}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	f, ok := goja.AssertFunction(c.proto.Get("sort"))
	if !ok {
		return
	}
	g.must(c.proto.DefineDataProperty("sort", vm.ToValue(func(call goja.FunctionCall) goja.Value {
		o, ok := call.This.(*goja.Object)
		if !ok || o.ClassName() != "Array" {
			return g.call(f, call.This, comparison(call))
		}
		n := int(lengthOf(o.Get("length")))
		if err := g.length(float64(n), g.s.limits.Array, "an array"); err != nil {
			return g.s.throw(err)
		}
		items := make([]any, 0, n)
		for i := range n {
			if v := o.Get(strconv.Itoa(i)); v != nil {
				items = append(items, v)
			}
		}
		sorted := vm.NewArray(items...)
		g.call(f, sorted, comparison(call))
		for i := range n {
			if i < len(items) {
				g.must(o.Set(strconv.Itoa(i), sorted.Get(strconv.Itoa(i))))
			} else {
				g.must(o.Delete(strconv.Itoa(i)))
			}
		}
		return o
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// join bounds the string that the elements of an array make.
func (g *guarded) join(c class) {
	f, ok := goja.AssertFunction(c.proto.Get("join"))
	if !ok {
		return
	}
	g.must(c.proto.DefineDataProperty("join", g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if o, ok := call.This.(*goja.Object); ok {
			n := lengthOf(o.Get("length"))
			separator := 1
			if !goja.IsUndefined(call.Argument(0)) {
				separator = len(call.Argument(0).String())
			}
			total := n * float64(separator)
			if o.ClassName() == "Array" && n <= float64(g.s.limits.Array) {
				for i := range int(n) {
					if str, ok := o.Get(fmt.Sprint(i)).(goja.String); ok {
						total += float64(str.Length())
					}
				}
			}
			if err := g.length(total, joined*g.s.limits.String, "a string"); err != nil {
				return g.s.throw(err)
			}
		}
		return g.call(f, call.This, call.Arguments...)
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// patternText lets match, matchAll and search take a string only after it was checked as a pattern.
func (g *guarded) patternText(c class) {
	for _, name := range []string{"match", "matchAll", "search"} {
		f, ok := goja.AssertFunction(c.proto.Get(name))
		if !ok {
			continue
		}
		g.must(c.proto.DefineDataProperty(name, g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			vals := call.Arguments
			if len(vals) > 0 && !goja.IsUndefined(vals[0]) {
				if _, ok := vals[0].(*goja.Object); !ok {
					flags := goja.Undefined()
					if name == "matchAll" {
						flags = g.s.vm.ToValue("g")
					}
					if err := g.pattern(vals[0].String(), ""); err != nil {
						return g.s.throw(err)
					}
					re, err := g.s.vm.New(g.s.vm.Get("RegExp"), vals[0], flags)
					if err != nil {
						panic(err)
					}
					vals = append([]goja.Value{re}, vals[1:]...)
				}
			}
			return g.call(f, call.This, vals...)
		}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
}

// replaceText bounds what a replacing function can make of one text.
func (g *guarded) replaceText(c class) {
	for _, name := range []string{"replace", "replaceAll"} {
		f, ok := goja.AssertFunction(c.proto.Get(name))
		if !ok {
			continue
		}
		g.must(c.proto.DefineDataProperty(name, g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			by, isFunc := goja.AssertFunction(call.Argument(1))
			if !isFunc {
				return g.call(f, call.This, call.Arguments...)
			}
			total := 0
			counted := g.s.vm.ToValue(func(inner goja.FunctionCall) goja.Value {
				out := g.call(by, inner.This, inner.Arguments...).String()
				if total += len(out); total > joined*g.s.limits.String {
					return g.s.throw(g.length(float64(total), joined*g.s.limits.String, "a string"))
				}
				return g.s.vm.ToValue(out)
			})
			return g.call(f, call.This, call.Argument(0), counted)
		}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
}

// json keeps JSON from recursing too deeply: parse by looking at the text, stringify by following
// which object each key belongs to.
func (g *guarded) json() {
	vm := g.s.vm
	j := vm.Get("JSON").ToObject(vm)
	parse, okParse := goja.AssertFunction(j.Get("parse"))
	stringify, okString := goja.AssertFunction(j.Get("stringify"))
	if !okParse || !okString {
		return
	}
	g.must(j.Set("parse", func(call goja.FunctionCall) goja.Value {
		text := call.Argument(0).String()
		if err := g.length(float64(len(text)), joined*g.s.limits.String, "a string"); err != nil {
			return g.s.throw(err)
		}
		if jsonDepth(text) > exportDepth {
			return g.s.throw(fmt.Errorf("%w: JSON nested more than %d deep", ErrDepth, exportDepth))
		}
		return g.call(parse, call.This, append([]goja.Value{vm.ToValue(text)}, call.Arguments[min(1, len(call.Arguments)):]...)...)
	}))
	g.must(j.Set("stringify", func(call goja.FunctionCall) goja.Value {
		replacer := g.replacer(call.Argument(1))
		return g.call(stringify, call.This, call.Argument(0), replacer, call.Argument(2))
	}))
}

// replacer counts the depth and the parts of what JSON.stringify walks, then does what the text asked.
func (g *guarded) replacer(asked goja.Value) goja.Value {
	vm := g.s.vm
	by, isFunc := goja.AssertFunction(asked)
	var keep map[string]bool
	if !isFunc {
		if items, ok := g.s.array(asked); ok {
			keep = make(map[string]bool)
			for _, it := range items {
				keep[it.String()] = true
			}
		}
	}
	var holders []*goja.Object
	n := 0
	return vm.ToValue(func(call goja.FunctionCall) goja.Value {
		holder, _ := call.This.(*goja.Object)
		for len(holders) > 0 && holders[len(holders)-1] != holder {
			holders = holders[:len(holders)-1]
		}
		if len(holders) == 0 {
			holders = append(holders, holder)
		}
		v := call.Argument(1)
		if isFunc {
			v = g.call(by, call.This, call.Arguments...)
		} else if keep != nil && len(holders) > 1 && holder.ClassName() != "Array" && !keep[call.Argument(0).String()] {
			return goja.Undefined()
		}
		if o, ok := v.(*goja.Object); ok {
			if holders = append(holders, o); len(holders) > exportDepth {
				return g.s.throw(fmt.Errorf("%w: JSON nested more than %d deep", ErrDepth, exportDepth))
			}
		}
		if n++; n > g.s.limits.Array {
			return g.s.throw(fmt.Errorf("%w: JSON of more than %d parts", ErrSize, g.s.limits.Array))
		}
		return v
	})
}

// jsonDepth is how deep brackets nest in a JSON text.
func jsonDepth(text string) int {
	depth, deepest := 0, 0
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}

// functions takes away the ways to make code from strings, and bounds lists of arguments.
func (g *guarded) functions() {
	vm := g.s.vm
	refuse := vm.ToValue(func(goja.ConstructorCall) *goja.Object {
		g.s.fail("a function written in the text", "one made from a string")
		return nil
	}).ToObject(vm)
	protos, err := vm.RunString(`[Function.prototype, Object.getPrototypeOf(function*(){}), Object.getPrototypeOf(async function(){})]`)
	g.must(err)
	items, _ := g.s.array(protos)
	for _, p := range items {
		proto := p.ToObject(vm)
		g.must(proto.DefineDataProperty("constructor", refuse, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	}
	g.must(refuse.DefineDataProperty("prototype", items[0], goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	g.must(vm.GlobalObject().Set("Function", refuse))
	fn := class{g: g, name: "Function", ctor: refuse, proto: items[0].ToObject(vm)}
	g.bound(fn.proto)
	for _, name := range []string{"apply", "call", "bind"} {
		if f, ok := goja.AssertFunction(fn.proto.Get(name)); ok {
			g.must(fn.proto.DefineDataProperty(name, g.wrap(f, nil), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		}
	}
	reflect := class{g: g, name: "Reflect", ctor: vm.Get("Reflect").ToObject(vm)}
	reflect.statics("apply", "construct")
}
