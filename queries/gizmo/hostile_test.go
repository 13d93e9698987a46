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

// busy is how late a test may be on a machine that has other work: far less than what hangs would take.
const busy = time.Minute

// TestHostileTexts runs what stops Cayley's process, and more of the kind: each ends with an error
// of its own, in time.
func TestHostileTexts(t *testing.T) {
	deep := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	tests := []struct {
		name, text string
		want       error
	}{
		{"an endless loop", `while(true){}`, gizmo.ErrTimeout},
		{"an endless loop that catches", `while(true){ try { while(true){} } catch(e) {} finally { continue } }`, gizmo.ErrTimeout},
		{"recursion", `(function f(){ f() })()`, gizmo.ErrDepth},
		{"recursion that catches", `function f(){ try { f() } catch(e) { f() } } f()`, gizmo.ErrDepth},
		{"recursion through a path", `var n = 0; function f(){ g.V("<alice>").forEach(f) } f()`, gizmo.ErrDepth},
		{"a string that doubles", `var s = "x"; while(true) s += s`, gizmo.ErrMemory},
		{"an array that grows", `var a = []; while(true) a.push([1,2,3])`, gizmo.ErrMemory},
		{"a string that doubles line by line", `var s = "0123456789abcdef"` + strings.Repeat("\ns = s + s", 60), gizmo.ErrMemory},
		{"repeat", `"x".repeat(2**31)`, gizmo.ErrSize},
		{"repeat under the name of a step", `var x = {out: "".repeat}; x.out(3e8)`, gizmo.ErrSize},
		{"repeat under the name of a step, assigned", `var x; x = {out: "".repeat}; x.out(3e8)`, gizmo.ErrSize},
		{"repeat of a repeat", `"x".repeat(1e6).repeat(1e6)`, gizmo.ErrSize},
		{"padStart", `"x".padStart(2**31)`, gizmo.ErrSize},
		{"padEnd", `"x".padEnd(2**30, "yz")`, gizmo.ErrSize},
		{"new Array and join", `new Array(1e9).join("x")`, gizmo.ErrSize},
		{"Array called by another name", `[].constructor(1e9).fill(0)`, gizmo.ErrSize},
		{"a length that is set", `var a = []; a.length = 4e9; a.fill(1)`, gizmo.ErrSize},
		{"a length that is set, as text", `var a = []; a.length = 4e9; "" + a`, gizmo.ErrSize},
		{"Array.from a length", `Array.from({length: 1e9})`, gizmo.ErrSize},
		{"apply with a length", `Math.max.apply(null, {length: 1e9})`, gizmo.ErrSize},
		{"Reflect.apply with a length", `Reflect.apply(Math.max, null, {length: 1e9})`, gizmo.ErrSize},
		{"concat of arrays", `var a = new Array(1e4).fill(1); for(;;) a = a.concat(a)`, gizmo.ErrSize},
		{"concat of strings", `var a = "x".repeat(1e6); for(;;) a = a.concat(a)`, gizmo.ErrSize},
		{"join of long strings", `new Array(1e5).fill("x".repeat(1e6)).join("")`, gizmo.ErrSize},
		{"replaceAll with a long text", `"x".repeat(1e6).replaceAll("x", "y".repeat(1e6))`, gizmo.ErrSize},
		{"replace with a function", `"x".repeat(1e4).replace(/x/g, function(){ return "y".repeat(1e5) })`, gizmo.ErrSize},
		{"spread of a long array", `var a = []; a.length = 4e9; [...a]`, gizmo.ErrSize},
		{"a slow regular expression", `var s = "a".repeat(1e6); /(a{0,500}){0,2}b/.test(s)`, gizmo.ErrSize},
		{"deep JSON", `JSON.parse("[".repeat(1e6))`, gizmo.ErrDepth},
		{"a deep array as JSON", `var a = []; for (var i = 0; i < 5e4; i++) a = [a]; JSON.stringify(a)`, gizmo.ErrDepth},
		{"a deep array as text", `var a = []; for (var i = 0; i < 5e4; i++) a = [a]; "" + a`, gizmo.ErrDepth},
		{"a deep array made flat", `var a = []; for (var i = 0; i < 5e4; i++) a = [a]; a.flat(Infinity)`, gizmo.ErrDepth},
		{"a deep array emitted", `var a = []; for (var i = 0; i < 5e4; i++) a = [a]; g.emit(a)`, nil},
		{"toJSON without end", `JSON.stringify({toJSON: function(){ return {a: this} }})`, nil},
		{"JSON without end", `function F(){ this.toJSON = function(){ return {a: new F()} } } JSON.stringify(new F())`, gizmo.ErrDepth},
		{"a circle emitted", `var a = {}; a.a = a; g.emit(a)`, nil},
		{"a path that doubles", `var p = g.V(); for (var i = 0; i < 100; i++) p = p.and(p); p.all()`, gizmo.ErrDepth},
		{"a path that grows", `var p = g.V(); for(;;) p = p.out()`, gizmo.ErrDepth},
		{"sorting a long array", `var a = []; for (var i = 0; i < 1e5; i++) a.push("k" + (i * 7919 % 500009)); for(;;) a.sort()`, gizmo.ErrTimeout},
		{"promises without end", `function f(){ Promise.resolve().then(f) } f()`, gizmo.ErrTimeout},
		{"a generator without end", `Array.from((function*(){ while(true) yield [1,2,3,4,5,6,7,8] })())`, gizmo.ErrMemory},
		{"out of an object", `g.V().out({})`, nil},
		{"in of an object", `g.V().in({})`, nil},
		{"both of an object", `g.V().both({})`, nil},
		{"a tag that is a number", `g.V().out("<p>", 5)`, nil},
		{"followRecursive of an object", `g.V().followRecursive({})`, nil},
		{"labelContext of an object", `g.V().labelContext({})`, nil},
		{"iri of an object", `iri({})`, nil},
		{"str of undefined", `str(undefined)`, nil},
		{"str of a missing parameter", `str(params.missing)`, nil},
		{"lang with one argument", `lang("x")`, nil},
		{"lang of an object", `lang("x", {})`, nil},
		{"a list with a hole", `g.V().out(["<a>", null])`, nil},
		{"back over labels", `g.V().followR(g.M().labels()).all()`, nil},
		{"has without a predicate", `g.V().has()`, nil},
		{"an unknown method", `g.V().outt("<follows>").all()`, nil},
		{"eval", `eval("1")`, nil},
		{"a function from a string", `(function(){}).constructor("while(true){}")()`, nil},
		{"a generator from a string", `(function*(){}).constructor("x")`, nil},
		{"big integers", `2n ** 100000000n`, nil},
		{"big integers in a function", `(() => 2n ** 100000000n)()`, nil},
		{"look-ahead", `/(?=a)b/.test("x")`, nil},
		{"look-ahead at run time", `new RegExp("(?=a)b")`, nil},
		{"look-ahead in match", `"x".match("(?=a)b")`, nil},
		{"a back-reference", `/(a+)+\1$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")`, nil},
		{"a bad filter", `g.V().filter(regex("(?=a)"))`, nil},
		{"deep brackets", deep("(", "1", ")", 15_000) + ".x.y", nil},
		{"deep arrays", deep("[", "", "]", 15_000) + ".x.y", nil},
		{"deep operators", strings.Repeat("!", 30_000) + "a.b.c", nil},
		{"a long sum", "a.b.c" + strings.Repeat("+1", 15_000), nil},
		{"deep functions", strings.Repeat("a=>", 10_000) + "(", nil},
		{"deep templates", strings.Repeat("`${", 10_000), nil},
		{"deep blocks", strings.Repeat("{", 30_000), nil},
		{"deep ifs", strings.Repeat("if(1)", 6_000) + "x.y.z", nil},
		{"a long chain", "g" + strings.Repeat(".a", 15_000), nil},
		{"many calls", "g" + strings.Repeat("()", 15_000), nil},
		{"deep conditions", strings.Repeat("a?b:", 8_000) + "c", nil},
		{"deep news", strings.Repeat("new ", 8_000) + "x", nil},
		{"deep destructuring", "var " + deep("[", "a", "]", 15_000) + " = 1", nil},
		{"deep regular expression", "/" + deep("(", "a", ")", 15_000) + "/.test('x')", nil},
		{"a text that is too long", strings.Repeat(" ", 70_000), gizmo.ErrSize},
		{"bytes that are not text", "g.V(\"\xff\")", nil},
		{"a thrown null", `throw null`, nil},
		{"a thrown path", `throw g.V()`, nil},
		{"a setter", `Object.defineProperty(Object.prototype, "x", {set: function(v){ throw v }}); ({}).x = 1`, nil},
	}
	store := memstore.New(people()...)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			limit := time.Minute // far more than any needs, so that a busy machine meets the limit that is meant
			if errors.Is(tc.want, gizmo.ErrTimeout) {
				limit = 300 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			start := time.Now()
			err := gizmo.Run(ctx, store, tc.text, gizmo.Options{Name: "h.gizmo", Limits: gizmo.Limits{Memory: 64 << 20}}, func(gizmo.Row) error { return nil })
			if err == nil {
				t.Fatalf("no error")
			}
			early := errors.Is(tc.want, gizmo.ErrSize) && errors.Is(err, gizmo.ErrMemory) // the watch was first
			if tc.want != nil && !errors.Is(err, tc.want) && !early {
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

// TestGuardsCannotBeAvoided tries to reach a built-in from texts that look as if they only built paths.
func TestGuardsCannotBeAvoided(t *testing.T) {
	store := memstore.New(people()...)
	for _, text := range []string{
		`function f(s) { return f(s + s) } f("x")`,
		"function f(s) { return f(`${s}${s}`) } f('x')",
		`function f(x) { return x } f = "".repeat; f(5)`,
		`function f() {} var f = "x".repeat; f.call("x", 2**31)`,
		`function f(f) { return f(5) } f("x".repeat)`,
		`g.V("<alice>").forEach(function (d) { d.id.repeat(2**31) })`,
		`g.V("<alice>").forEach(function (d) { d.id["rep" + "eat"](2**31) })`,
		`g.V("<alice>").forEach(({id}) => id.padEnd(2**31))`,
		`({out: function (s) { return this.out(s + s) }}).out("x")`,
		`[1e9].map(function (n) { return new Array(n) })[0].fill(0)`,
		`g.V("<alice>").toArray().map(function (x) { return x }).constructor(1e9).join()`,
		`var o = {get out() { while (true) {} }}; o.out`,
		`var {constructor: c} = []; c(1e9).join()`,
		`g.V("<alice>").constructor.constructor("while(true){}")()`,
		`iri("x").toString.constructor("while(true){}")()`,
		`"x".repeat\u0028 2**31)`,
		`"x".\u0072epeat(2**31)`,
		`"x"?.repeat(2**31)`,
		`"x".repeat.call("x", 2**31)`,
		`with ("x") { repeat(2**31) }`,
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		start := time.Now()
		err := gizmo.Run(ctx, store, text, gizmo.Options{Limits: gizmo.Limits{Memory: 64 << 20}}, func(gizmo.Row) error { return nil })
		if err == nil {
			t.Errorf("%s: no error", text)
		}
		if took := time.Since(start); took > 500*time.Millisecond+busy {
			t.Errorf("%s: took %v", text, took)
		}
		cancel()
	}
}
