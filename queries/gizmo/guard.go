package gizmo

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// guarded is the state of the guards: built-ins of JavaScript that could take memory, time or stack
// without the engine noticing are replaced by functions that look first. Texts that are plain do
// not get them, because they cannot reach the built-ins.
type guarded struct {
	s     *session
	depth int            // built-ins within built-ins
	steps uint           // of iterators
	cost  map[string]int // size of the machine of a regular expression, by its source

	describe  goja.Callable // Object.getOwnPropertyDescriptor
	lengthKey goja.Value
}

const (
	joined      = 4          // a text put together from parts may be this much longer than the limit of one
	nativeDepth = 200        // built-ins within built-ins: each takes a piece of Go's stack
	matchCost   = 20_000_000 // length of a text times size of an expression: a tenth of a second
	patternMax  = 2_000      // characters of a regular expression that is made while the text runs
)

func guard(s *session) *guarded {
	g := &guarded{s: s, cost: make(map[string]int), lengthKey: s.vm.ToValue("length")}
	global := s.vm.GlobalObject()
	g.describe, _ = goja.AssertFunction(s.vm.Get("Object").ToObject(s.vm).Get("getOwnPropertyDescriptor"))
	for _, name := range []string{
		"eval", "Proxy", "BigInt", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray",
		"Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array",
		"BigInt64Array", "BigUint64Array", "SharedArrayBuffer", "Atomics",
	} {
		g.must(global.Delete(name))
	}
	g.iterators()
	array, str, re := g.class("Array"), g.class("String"), g.class("RegExp")
	array.statics("from", "of")
	array.methods(map[string]func(goja.FunctionCall) error{"flat": g.checkFlat})
	str.methods(map[string]func(call goja.FunctionCall) error{
		"repeat": g.checkRepeat, "padStart": g.checkPad, "padEnd": g.checkPad, "concat": g.checkConcat,
		"replace": g.checkReplace, "replaceAll": g.checkReplace, "match": g.checkPattern,
		"matchAll": g.checkPattern, "search": g.checkPattern,
	})
	g.raw(str)
	re.methods(nil)
	g.must(re.proto.Delete("compile"))
	g.sort(array)
	g.join(array)
	g.replaceText(str)
	g.patternText(str)
	g.constructor(array, func(c goja.ConstructorCall) error {
		if len(c.Arguments) == 1 {
			return g.length(lengthOf(c.Argument(0)), g.s.limits.Array, "an array")
		}
		return nil
	})
	g.constructor(re, func(c goja.ConstructorCall) error {
		if o, ok := c.Argument(0).(*goja.Object); ok && o.ClassName() == "RegExp" {
			return nil
		}
		return g.pattern(c.Argument(0).String(), c.Argument(1).String())
	})
	g.json()
	g.functions()
	g.flatMap(array)
	g.natives()
	return g
}

func (g *guarded) must(err error) {
	if err != nil {
		panic(err) // a built-in that refuses: Run reports it as a fault of the engine
	}
}

// class is a constructor of JavaScript and its prototype.
type class struct {
	g           *guarded
	name        string
	ctor, proto *goja.Object
}

func (g *guarded) class(name string) class {
	ctor := g.s.vm.Get(name).ToObject(g.s.vm)
	return class{g: g, name: name, ctor: ctor, proto: ctor.Get("prototype").ToObject(g.s.vm)}
}

// methods guards every method of the prototype; some have a check of their own.
func (c class) methods(checks map[string]func(goja.FunctionCall) error) {
	for _, name := range c.proto.GetOwnPropertyNames() {
		if name == "constructor" || name == "length" {
			continue
		}
		if c.name == "RegExp" && name != "exec" && name != "test" && name != "toString" {
			continue // the others are getters
		}
		f, ok := goja.AssertFunction(c.proto.Get(name))
		if !ok {
			continue
		}
		var guarded goja.Value
		switch _, checked := checks[name]; {
		case c.name == "String" && !checked && name != "split" && name != "normalize":
			guarded = c.g.light(f) // no longer than the text itself, and as fast as copying it
		case c.name == "Array" && (name == "at" || name == "push" || name == "pop"):
			guarded = c.g.light(f) // constant time, and called in loops
		default:
			guarded = c.g.wrap(f, checks[name])
		}
		c.g.must(c.proto.DefineDataProperty(name, guarded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	for _, sym := range []*goja.Symbol{goja.SymIterator, goja.SymMatch, goja.SymMatchAll, goja.SymReplace, goja.SymSearch, goja.SymSplit} {
		if f, ok := goja.AssertFunction(c.proto.GetSymbol(sym)); ok {
			c.g.must(c.proto.DefineDataPropertySymbol(sym, c.g.wrap(f, nil), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		}
	}
}

func (c class) statics(names ...string) {
	for _, name := range names {
		if f, ok := goja.AssertFunction(c.ctor.Get(name)); ok {
			c.g.must(c.ctor.DefineDataProperty(name, c.g.wrap(f, nil), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		}
	}
}

// wrap makes the guarded form of a built-in: it looks at the lengths of what it works on, at how
// deep built-ins are nested, and at the context.
func (g *guarded) wrap(f goja.Callable, check func(goja.FunctionCall) error) goja.Value {
	return g.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		s := g.s
		defer g.enter()()
		if err := g.operands(&call); err != nil {
			return s.throw(err)
		}
		if check != nil {
			if err := check(call); err != nil {
				return s.throw(err)
			}
		}
		return g.call(f, call.This, call.Arguments...)
	})
}

// alive ends the run when the context or the watch says so: a built-in that calls other built-ins
// never gets to where the engine looks for interrupts.
func (g *guarded) alive() {
	if err := g.s.ctx.Err(); err != nil {
		g.s.throw(err)
	}
	if err := g.s.over.Load(); err != nil {
		g.s.throw(*err)
	}
}

// iterators lets loops inside the engine, such as those of spread and Array.from, be ended.
func (g *guarded) iterators() {
	vm := g.s.vm
	protos, err := vm.RunString(`[[][Symbol.iterator](), ""[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator]()].map(Object.getPrototypeOf)`)
	g.must(err)
	items, _ := g.s.array(protos)
	for _, it := range items {
		proto := it.ToObject(vm)
		next, ok := goja.AssertFunction(proto.Get("next"))
		if !ok {
			continue
		}
		g.must(proto.DefineDataProperty("next", vm.ToValue(func(call goja.FunctionCall) goja.Value {
			if g.steps++; g.steps&0xff == 0 {
				g.alive()
			}
			return g.call(next, call.This)
		}), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
}

// call calls a function of JavaScript; what it throws goes on as it is.
func (g *guarded) call(f goja.Callable, this goja.Value, vals ...goja.Value) goja.Value {
	v, err := f(this, vals...)
	if err == nil {
		return v
	}
	var ex *goja.Exception
	if errors.As(err, &ex) {
		panic(ex)
	}
	panic(err)
}

// operands checks the length of this and of array-like arguments, and what matching would cost.
func (g *guarded) operands(call *goja.FunctionCall) error {
	if err := g.size(call.This); err != nil {
		return err
	}
	for _, a := range call.Arguments {
		if err := g.size(a); err != nil {
			return err
		}
	}
	if o, ok := call.This.(*goja.Object); ok && o.ClassName() == "RegExp" && len(call.Arguments) > 0 {
		call.Arguments = slices.Clone(call.Arguments)
		call.Arguments[0] = call.Arguments[0].ToString() // once: an object may be another text each time
		return g.matching(o, call.Arguments[0])
	}
	return nil
}

func (g *guarded) size(v goja.Value) error {
	switch o := v.(type) {
	case *goja.Object:
		switch o.ClassName() {
		case "Function":
			return nil
		case "String":
			return g.length(lengthOf(o.Get("length")), g.s.limits.String, "a string")
		}
		if g.s.object(o) != nil {
			return nil
		}
		if o.ClassName() == "Array" {
			return g.length(lengthOf(o.Get("length")), g.s.limits.Array, "an array")
		}
		n, err := g.objectLength(o)
		if err != nil {
			return err
		}
		return g.length(n, g.s.limits.Array, "an array")
	case goja.String:
		return g.length(float64(o.Length()), g.s.limits.String, "a string")
	}
	return nil
}

func (g *guarded) length(n float64, limit int, what string) error {
	if n > float64(limit) {
		return fmt.Errorf("%w: %s of length %.0f, %d is allowed", ErrSize, what, n, limit)
	}
	return nil
}

// lengthOf reads a length without running the text's code.
func lengthOf(v goja.Value) float64 {
	if v == nil {
		return 0
	}
	if _, ok := v.(*goja.Object); ok {
		return 0
	}
	switch n := v.Export().(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
		if err == nil {
			return f
		}
	}
	return 0
}

func (g *guarded) checkRepeat(call goja.FunctionCall) error {
	return g.length(float64(len(call.This.String()))*call.Argument(0).ToFloat(), g.s.limits.String, "a string")
}

func (g *guarded) checkPad(call goja.FunctionCall) error {
	return g.length(call.Argument(0).ToFloat(), g.s.limits.String, "a string")
}

func (g *guarded) checkConcat(call goja.FunctionCall) error {
	n := len(call.This.String())
	for _, a := range call.Arguments {
		n += len(a.String())
	}
	return g.length(float64(n), g.s.limits.String, "a string")
}

// checkReplace bounds the text that a replacement can make: one for each place where it can match.
func (g *guarded) checkReplace(call goja.FunctionCall) error {
	if err := g.checkPattern(call); err != nil {
		return err
	}
	if _, ok := call.Argument(1).(*goja.Object); ok {
		return nil // a function: what it returns is the script's own, and watched
	}
	n := float64(len(call.This.String()))
	return g.length(n+(n+1)*float64(len(call.Argument(1).String())), joined*g.s.limits.String, "a string")
}

func (g *guarded) checkPattern(call goja.FunctionCall) error {
	if o, ok := call.Argument(0).(*goja.Object); ok {
		if o.ClassName() == "RegExp" {
			return g.matching(o, call.This)
		}
		return &Error{Want: "a string or a regular expression", Found: g.s.describe(o)}
	}
	return nil
}

// matching bounds the time of a regular expression, which cannot be interrupted.
func (g *guarded) matching(re *goja.Object, text goja.Value) error {
	source := re.Get("source").String()
	n, ok := g.cost[source]
	if !ok {
		n = machine(source)
		g.cost[source] = n
	}
	size := 0
	if str, ok := text.(goja.String); ok {
		size = str.Length()
	}
	if float64(n)*float64(size) > matchCost {
		return fmt.Errorf("%w: a text of %d characters for a regular expression of size %d", ErrSize, size, n)
	}
	return nil
}

// machine is the number of instructions of a regular expression.
func machine(source string) int {
	text, err := parser.TransformRegExp(source, false, false)
	if err != nil {
		return matchCost
	}
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return matchCost
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return matchCost
	}
	return len(prog.Inst)
}

// pattern refuses regular expressions that only a backtracking engine can match.
func (g *guarded) pattern(source, flags string) error {
	if len(source) > patternMax {
		return fmt.Errorf("%w: a regular expression of %d characters, %d are allowed", ErrSize, len(source), patternMax)
	}
	if err := linear(source, flags); err != nil {
		return err
	}
	return nil
}

// linear reports whether a regular expression of JavaScript can be matched in linear time.
func linear(source, flags string) error {
	_, err := parser.TransformRegExp(source, strings.Contains(flags, "s"), strings.Contains(flags, "u"))
	var incompatible parser.RegexpErrorIncompatible
	if errors.As(err, &incompatible) {
		return &Error{Want: "a regular expression without look-ahead, look-behind and back-reference", Found: "/" + clip(source) + "/"}
	}
	return nil
}
