package gizmo

import (
	"fmt"

	"github.com/dop251/goja"
)

// Many built-ins ask an object for its text, its number, its length or its next element, and what
// answers may be a built-in again: a toString that is String.prototype.trim asks itself for ever, on
// Go's stack, whose end is the end of the process; a next that is Object never says that it is done.
// Neither comes by a place where the engine looks for interrupts. So every built-in that can be such
// an answer counts how deep it is called, and asks whether the run is over.

// light is the guarded form of a built-in whose own work is no more than a pass over what it is given.
func (g *guarded) light(f goja.Callable) goja.Value {
	return g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		defer g.enter()()
		return g.call(f, call.This, call.Arguments...)
	})
}

// enter counts a call of a built-in; the function returned ends it.
func (g *guarded) enter() (leave func()) {
	if g.depth >= nativeDepth {
		g.s.throw(fmt.Errorf("%w: built-ins nested more than %d deep", ErrDepth, nativeDepth))
	}
	g.alive()
	g.depth++
	return g.leave
}

func (g *guarded) leave() { g.depth-- }

// natives guards the built-ins that have no check of their own.
func (g *guarded) natives() {
	vm := g.s.vm
	for _, name := range []string{"Object", "Date", "Map", "Set", "WeakMap", "WeakSet", "Promise", "Error"} {
		g.lighten(g.class(name).proto)
	}
	if err := g.protect(vm.Get("RegExp").ToObject(vm).Get("prototype").ToObject(vm), "flags"); err != nil {
		g.must(err)
	}
	iterators, err := vm.RunString(`[Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), Object.getPrototypeOf(function*(){}.prototype)]`)
	g.must(err)
	items, _ := g.s.array(iterators)
	for _, it := range items {
		g.lighten(it.ToObject(vm))
	}
	g.ofStrings(vm.Get("Object").ToObject(vm))
	for _, name := range []string{
		"Object", "Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
	} {
		if v := vm.Get(name); v != nil {
			g.constructor(g.class(name), nil)
		}
	}
}

// ofStrings bounds what takes a string apart into properties, one for each character.
func (g *guarded) ofStrings(object *goja.Object) {
	for _, name := range []string{"assign", "entries", "values", "keys", "getOwnPropertyNames", "getOwnPropertyDescriptors"} {
		f, ok := goja.AssertFunction(object.Get(name))
		if !ok {
			continue
		}
		g.must(object.DefineDataProperty(name, g.wrap(f, func(call goja.FunctionCall) error {
			for _, a := range call.Arguments {
				if str, ok := a.(goja.String); ok {
					if err := g.length(float64(str.Length()), g.s.limits.Array, "a string taken apart"); err != nil {
						return err
					}
				}
			}
			return nil
		}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
}

// raw bounds the parts that String.raw goes over.
func (g *guarded) raw(c class) {
	f, ok := goja.AssertFunction(c.ctor.Get("raw"))
	if !ok {
		return
	}
	g.must(c.ctor.DefineDataProperty("raw", g.wrap(f, func(call goja.FunctionCall) error {
		o, ok := call.Argument(0).(*goja.Object)
		if !ok {
			return nil
		}
		parts := g.data(o, g.s.vm.ToValue("raw"))
		if parts == nil {
			return &Error{Want: "a template before String.raw", Found: g.s.describe(o)}
		}
		return g.size(parts)
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// lighten puts the guarded form in the place of each function of an object.
func (g *guarded) lighten(o *goja.Object) {
	for _, name := range o.GetOwnPropertyNames() {
		if name == "constructor" || name == "__proto__" {
			continue
		}
		if v := g.data(o, g.s.vm.ToValue(name)); v != nil {
			if f, ok := goja.AssertFunction(v); ok {
				g.must(o.DefineDataProperty(name, g.light(f), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
			}
		}
	}
	for _, sym := range []*goja.Symbol{goja.SymIterator, goja.SymToPrimitive, goja.SymHasInstance} {
		if v := g.data(o, sym); v != nil {
			if f, ok := goja.AssertFunction(v); ok {
				g.must(o.DefineDataPropertySymbol(sym, g.light(f), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
			}
		}
	}
}

// protect guards a getter.
func (g *guarded) protect(o *goja.Object, name string) error {
	d := g.descriptor(o, g.s.vm.ToValue(name))
	if d == nil {
		return nil
	}
	f, ok := goja.AssertFunction(d.Get("get"))
	if !ok {
		return nil
	}
	return o.DefineAccessorProperty(name, g.light(f), nil, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// descriptor tells how an object itself has a property; nil when it has not.
func (g *guarded) descriptor(o *goja.Object, key goja.Value) *goja.Object {
	v, err := g.describe(goja.Undefined(), o, key)
	if err != nil {
		g.must(err)
	}
	d, _ := v.(*goja.Object)
	return d
}

// data is the value of a property that is no getter; nil when there is none.
func (g *guarded) data(o *goja.Object, key goja.Value) goja.Value {
	if d := g.descriptor(o, key); d != nil {
		return d.Get("value")
	}
	return nil
}

// objectLength reads the length of an object that is no array as a built-in would, but without
// running code of the text: a length that is made when asked for may be another each time.
func (g *guarded) objectLength(o *goja.Object) (float64, error) {
	for at := o; at != nil; at = at.Prototype() {
		d := g.descriptor(at, g.lengthKey)
		if d == nil {
			continue
		}
		v := d.Get("value")
		if _, computed := v.(*goja.Object); computed || v == nil {
			return 0, &Error{Want: "a length that is a number", Found: "one that is computed"}
		}
		return lengthOf(v), nil
	}
	return 0, nil
}

// checkFlat bounds what flat() goes over: the elements of the arrays within, too.
func (g *guarded) checkFlat(call goja.FunctionCall) error {
	depth := 1.0
	if n := call.Argument(0); !goja.IsUndefined(n) {
		if _, computed := n.(*goja.Object); computed {
			return &Error{Want: "a number in flat()", Found: g.s.describe(n)}
		}
		if depth = n.ToFloat(); depth > nativeDepth {
			return fmt.Errorf("%w: flat() of more than %d levels", ErrDepth, nativeDepth)
		}
	}
	total := 0.0
	return g.flatLength(call.This, int(depth), &total)
}

func (g *guarded) flatLength(v goja.Value, depth int, total *float64) error {
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Array" {
		return nil
	}
	n := lengthOf(o.Get("length"))
	if *total += n; *total > float64(g.s.limits.Array) {
		return g.length(*total, g.s.limits.Array, "an array")
	}
	if depth <= 0 {
		return nil
	}
	for i := range int(n) {
		if d := g.data(o, g.s.vm.ToValue(i)); d != nil {
			if err := g.flatLength(d, depth-1, total); err != nil {
				return err
			}
		}
	}
	return nil
}

// flatMap bounds what the called function makes.
func (g *guarded) flatMap(c class) {
	f, ok := goja.AssertFunction(c.proto.Get("flatMap"))
	if !ok {
		return
	}
	g.must(c.proto.DefineDataProperty("flatMap", g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		by, isFunc := goja.AssertFunction(call.Argument(0))
		if !isFunc {
			return g.call(f, call.This, call.Arguments...)
		}
		total := 0.0
		counted := g.s.vm.ToValue(func(inner goja.FunctionCall) goja.Value {
			out := g.call(by, inner.This, inner.Arguments...)
			if err := g.flatLength(out, 0, &total); err != nil {
				return g.s.throw(err)
			}
			return out
		})
		return g.call(f, call.This, counted, call.Argument(1))
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// bound guards what bind makes: a built-in with its arguments, or a chain of a million of them.
func (g *guarded) bound(proto *goja.Object) {
	f, ok := goja.AssertFunction(proto.Get("bind"))
	if !ok {
		return
	}
	g.must(proto.DefineDataProperty("bind", g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		made, ok := goja.AssertFunction(g.call(f, call.This, call.Arguments...))
		if !ok {
			return goja.Undefined()
		}
		return g.light(made)
	}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}
