package gizmo_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph/memstore"

	"kg/queries/gizmo"
)

// TestNativesThatCallNatives runs texts in which built-ins call built-ins, so that no code of the text
// runs in between: some of them would end the process with Go's stack, some never end.
func TestNativesThatCallNatives(t *testing.T) {
	set := func(next string) string { return "new Set({[Symbol.iterator]: () => (" + next + ")})" }
	tests := []struct {
		name, text string
		want       error // nil: any error that is not about time
	}{
		{"a toString that is toLocaleString", `var o = {toString: Object.prototype.toLocaleString}; o.toLocaleString()`, gizmo.ErrDepth},
		{"an error named by itself", `var e = {toString: Error.prototype.toString}; e.name = e; "" + e`, gizmo.ErrDepth},
		{"a toISOString that is toJSON", `var o = {toISOString: Date.prototype.toJSON}; o.toISOString()`, gizmo.ErrDepth},
		{"a toString that trims, in a text that only builds paths", `var o = {toString: "".trim}; "" + o`, gizmo.ErrDepth},
		{"a number bound to itself", `var o = {}; o.valueOf = Math.abs.bind(null, o); +o`, gizmo.ErrDepth},
		{"a kind that asks for the kind", `var o = {}; Object.defineProperty(o, Symbol.toStringTag, {get: Object.prototype.toString}); o.toString()`, gizmo.ErrDepth},
		{"flags that ask for flags", `var o = {}; Object.defineProperty(o, "global", {get: Object.getOwnPropertyDescriptor(RegExp.prototype, "flags").get}); o.global`, gizmo.ErrDepth},
		{"a length that pushes", `var o = {}; Object.defineProperty(o, "length", {get: [].push}); o.length`, gizmo.ErrDepth},
		{"a then that catches", `var o = {then: Promise.prototype.catch}; o.then()`, gizmo.ErrDepth},
		{"generators within generators", `function* f(n) { yield* f(n + 1) } for (var x of f(0));`, gizmo.ErrDepth},
		{"a chain of bound functions", `var f = () => 1; for (var i = 0; i < 1e4; i++) f = f.bind(null); f()`, gizmo.ErrDepth},
		{"a next that is Object", set(`{next: Object}`), gizmo.ErrTimeout},
		{"a next that is Error", set(`{next: Error}`), gizmo.ErrTimeout},
		{"a next that is Array.of", set(`{next: Array.of}`), gizmo.ErrTimeout},
		{"a next that is a path", set(`{next: g.V}`), gizmo.ErrTimeout},
		{"a next that is bound", set(`{next: Object.keys.bind(null, {})}`), gizmo.ErrTimeout},
		{"a map that is its own next", set(`Object.assign(new Map(), {next: Map.prototype.set})`), gizmo.ErrTimeout},
		{"an array that is its own next", set(`Object.assign([{}], {next: Array.prototype.at})`), gizmo.ErrTimeout},
		{"a rest without end", `var [...z] = {[Symbol.iterator]: () => ({next: Object})}`, gizmo.ErrTimeout},
		{"a length that is an object", `Array.prototype.includes.call({length: {valueOf: () => 1e15}}, 1)`, nil},
		{"a length that grows when looked at", `var n = 0; Math.max.apply(null, {get length() { return n++ ? 4e9 : 0 }})`, nil},
		{"a length of the prototype", `var n = 0; [].concat.call(Object.create({get length() { return n++ ? 1e15 : 0 }, [Symbol.isConcatSpreadable]: true}))`, nil},
		{"raw parts without end", `String.raw({raw: {length: 1e15}})`, gizmo.ErrSize},
		{"raw parts that are made when asked for", `String.raw({get raw() { return {length: 1e15} }})`, nil},
		{"a text for an expression that is an object", `var s = "a".repeat(1e6); /(a{0,500}){0,2}b/.test({toString: () => s})`, gizmo.ErrSize},
		{"a text for an expression that is an array", `var s = "a".repeat(1e6); /(a{0,500}){0,2}b/.test([s])`, gizmo.ErrSize},
		{"many matches, each over the whole text", `"a".repeat(1e6).match(/a(.*b)?/g)`, gizmo.ErrTimeout},
		{"sorting by a built-in", `var a = []; for (var i = 0; i < 1e5; i++) a.push(i * 7919 % 50009); for (;;) a.sort(Math.max)`, gizmo.ErrTimeout},
		{"arrays that double, made flat", `var a = [1, 2]; for (var i = 0; i < 30; i++) a = [a, a]; a.flat(100)`, gizmo.ErrSize},
		{"a long array within one, made flat", `var a = []; a.length = 4e9; [a].flat()`, gizmo.ErrSize},
		{"a long array for each element", `[1].flatMap(() => { var a = []; a.length = 4e9; return a })`, gizmo.ErrSize},
		{"a long array as the name of a node", `var a = []; a.length = 4e9; iri(a)`, nil},
		{"a long array as a number", `var a = []; a.length = 4e9; g.V().limit(a)`, nil},
		{"a long array as the second argument of regex", `var a = []; a.length = 4e9; regex("x", a)`, nil},
		{"a string taken apart", `Object.entries("x".repeat(1e6))`, gizmo.ErrSize},
		{"an expression of many million steps", `g.V().filter(regex("(x{1000}|y)".repeat(3000))).all()`, gizmo.ErrSize},
		{"a pattern of many steps", `g.V().filter(like("%a".repeat(1e5))).all()`, gizmo.ErrSize},
		{"what is thrown hangs when shown", `throw {toString() { for (;;); }}`, nil},
		{"an error that hangs when shown", `class X extends Error { get message() { for (;;); } } throw new X()`, gizmo.ErrTimeout},
	}
	store := memstore.New(people()...)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			limit := time.Minute
			if errors.Is(tc.want, gizmo.ErrTimeout) {
				limit = 200 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			start := time.Now()
			err := gizmo.Run(ctx, store, tc.text, gizmo.Options{}, func(gizmo.Row) error { return nil })
			if err == nil {
				t.Fatal("no error")
			}
			if tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if tc.want == nil && (errors.Is(err, gizmo.ErrTimeout) || strings.Contains(err.Error(), "fault of the engine")) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took > limit+busy {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestGuardsKeepTheLanguage asks what the guards stand in front of: it does as JavaScript does.
func TestGuardsKeepTheLanguage(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{`Object("x") instanceof String && new Object() instanceof Object && ({}) instanceof Object`, true},
		{`class A extends Array { f() { return this.length } } new A(3).f()`, int64(3)},
		{`class E extends TypeError {} var e = new E("hi"); e instanceof E && e instanceof TypeError && e instanceof Error && e.message`, "hi"},
		{`try { null.x } catch (e) { e.constructor.name }`, "TypeError"},
		{`Object.keys({a: 1, b: 2}) + "|" + Object.entries({a: 1})`, "a,b|a,1"},
		{`[3, 1, 10].sort() + "|" + [3, 1, 10].sort((a, b) => b - a) + "|" + [3, 1].toSorted()`, "1,10,3|10,3,1|1,3"},
		{`var a = [3, , 1, undefined, 2].sort(); a.length + ":" + a + ":" + (4 in a)`, "5:1,2,3,,:false"},
		{`var a = [3, 2, 1]; a.sort(() => { a.length = 0; return 0 }); "" + a`, "3,2,1"},
		{`(function (a, b) { return this.c + a + b }).bind({c: 1}, 2)(3)`, int64(6)},
		{`[1, [2, [3]]].flat() + "|" + [1, [2, [3]]].flat(2) + "|" + [1, 2].flatMap(x => [x, x])`, "1,2,3|1,2,3|1,1,2,2"},
		{`String.raw` + "`a\\n${1}`", `a\n1`},
		{`[...new Map([["a", 1]])] + "|" + [...new Set("aab")] + "|" + [..."añ"].length`, "a,1|a,b|2"},
		{`/b(.)/.exec("abc")[1] + "abab".replace(/b/g, "c") + /x/gi.flags + "a1b2".split(/\d/)`, "cacacgia,b,"},
		{`JSON.stringify({d: new Date(0), n: [1, {x: null}]}) + new Date(5).valueOf()`, `{"d":"1970-01-01T00:00:00.000Z","n":[1,{"x":null}]}5`},
		{`(function* () { var x = yield 1; return x })().next().value`, int64(1)},
		{`Math.max.apply(null, [1, 3]) + Math.max(...[4, 2]) + [1, 2].map(String).join("")`, "712"},
	}
	store := memstore.New(people()...)
	for _, tc := range tests {
		var got any
		err := gizmo.Run(context.Background(), store, tc.text, gizmo.Options{Result: func(v any) { got = v }}, func(gizmo.Row) error { return nil })
		if err != nil || got != tc.want {
			t.Errorf("%s: got %#v %v, want %#v", tc.text, got, err, tc.want)
		}
	}
}
