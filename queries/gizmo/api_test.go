package gizmo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries/gizmo"
)

func TestRows(t *testing.T) {
	kg := []quad.Quad{
		{Subject: quad.IRI("kg:platform/sky"), Predicate: quad.IRI("schema:name"), Object: quad.String("Sky ECC")},
		{Subject: quad.IRI("kg:platform/sky"), Predicate: quad.IRI("kg:users"), Object: quad.Int(1 << 60)},
		{Subject: quad.IRI("kg:platform/sky"), Predicate: quad.IRI("kg:seen"), Object: quad.TypedString{Value: "2020", Type: "xsd:gYear"}},
	}
	ns := gizmo.Options{Namespaces: graph.DefaultNamespaces()}
	with := func(params map[string]any) gizmo.Options { return gizmo.Options{Params: params} }
	tests := []struct {
		name, text string
		quads      []quad.Quad
		opts       gizmo.Options
		want       []string
	}{
		{"a full IRI means the short one", `g.V("<https://example.org/kg/platform/sky>").out("<https://schema.org/name>").all()`, kg, ns, []string{`"Sky ECC"`}},
		{"a full IRI in iri()", `g.V(iri("https://example.org/kg/platform/sky")).out(iri("schema:name")).all()`, kg, ns, []string{`"Sky ECC"`}},
		{"a full IRI in g.IRI()", `g.V(g.IRI("https://example.org/kg/platform/sky")).has(g.IRI("schema:name")).all()`, kg, ns, []string{`<kg:platform/sky>`}},
		{"a full datatype", `g.V(typed("2020","http://www.w3.org/2001/XMLSchema#gYear")).in().all()`, kg, ns, []string{`<kg:platform/sky>`}},
		{"a prefix of the text", `g.addNamespace("p","https://example.org/kg/platform/"); g.V("<p:sky>").all()`, kg, ns, []string{`<kg:platform/sky>`}},
		{"a prefix that is taken stays what it is", `g.addNamespace("kg","https://other/"); g.V("<kg:platform/sky>").all()`, kg, ns, []string{`<kg:platform/sky>`}},
		{"params as an object", `g.V(params.who).out(params.how).all()`, people(), with(map[string]any{"who": "<alice>", "how": []any{"<follows>"}}), []string{"<bob>"}},
		{"params of quad values", `g.V(params.who).all()`, people(), with(map[string]any{"who": quad.IRI("alice")}), []string{"<alice>"}},
		{"params that look like code", `g.V(str(params.x)).all()`, append(people(), quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: quad.String(`"); g.V().all(); ("`)}), with(map[string]any{"x": `"); g.V().all(); ("`}), []string{`"\"); g.V().all(); (\""`}},
		{"params do not change", `params.a = 2; params.b.push(3); g.emit(params)`, people(), with(map[string]any{"a": 1, "b": map[string]any{}}), nil},
		{"params do not change, quietly", `params.a = 2; params.c = 1; g.emit(params)`, people(), with(map[string]any{"a": 1}), []string{"map[a:1]"}},
		{"no params at all", `g.emit(typeof params.x)`, people(), gizmo.Options{}, []string{"undefined"}},
		{"an emitted value keeps its type", `g.emit({who: iri("a"), n: 1, f: 1.5, l: [lang("x","en")]})`, people(), gizmo.Options{}, []string{`map[f:1.5 l:["x"@en] n:1 who:<a>]`}},
		{"a large integer stays exact through the text", `g.V().out("<kg:users>").forEach(function(d){ g.V(d.id).in("<kg:users>").all() })`, kg, gizmo.Options{}, []string{"<kg:platform/sky>"}},
		{"a string that looks like an IRI stays a string through the text", `g.V().out("<name>").forEach(function(d){ g.V(d.id).in("<name>").all() })`, varied(), gizmo.Options{}, []string{"<alice>", "<bob>", "<dani>"}},
		{"distinct rows", `g.V("<charlie>","<dani>").out("<follows>").distinct().all()`, people(), gizmo.Options{}, []string{"<bob>", "<dani>", "<greg>"}},
		{"claims by option", `g.V("<emily>").out("<status>").all()`, people(), gizmo.Options{Claims: true}, []string{`"smart_person" [<smart_graph>]`}},
		{"claims of conditions", `g.V("<bob>").claims().has("<age>").has("<follows>").all()`, varied(), gizmo.Options{}, []string{"<bob> [<census>]"}},
		{"claims of an optional tag", `g.V("<emily>").claims().saveOpt("<age>","a").saveOpt("<no>","b").all()`, varied(), gizmo.Options{}, []string{`<emily> a="40"^^<xsd:integer> [<smart_graph>]`}},
		{"the later of two tags with one name counts", `g.V("<alice>").tag("x").out("<follows>").tag("x").all()`, people(), gizmo.Options{}, []string{"<bob> x=<bob>"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := rows(t, tc.quads, tc.text, tc.opts)
			if tc.want == nil {
				if err == nil {
					t.Fatalf("no error, but %q", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	mixed := []quad.Quad{}
	for i, v := range []quad.Value{
		quad.Int(7), quad.Int(42), quad.Float(40.5), quad.String("b"), quad.String("a"), quad.IRI("z"), quad.BNode("n"), quad.Bool(true),
		quad.TypedString{Value: "2020-07", Type: "xsd:gYearMonth"},
		quad.TypedString{Value: "2020", Type: "xsd:gYear"},
		quad.TypedString{Value: "2020-07-02", Type: "xsd:date"},
		quad.TypedString{Value: "7.5", Type: "xsd:decimal"},
		quad.LangString{Value: "a", Lang: "en"},
		quad.TypedString{Value: "x", Type: "geo:wkt"},
	} {
		mixed = append(mixed, quad.Quad{Subject: quad.IRI(fmt.Sprint("s", i)), Predicate: quad.IRI("p"), Object: v})
	}
	tests := []struct{ name, text, want string }{
		{
			"by kind, and by what values mean", `g.V().out("<p>").order().all()`,
			`7 7.5 40.5 42 2020 2020-07 2020-07-02 true a a b x z n`,
		},
		{"backwards", `g.V().out("<p>").filter(gt(0)).order("desc").all()`, `42 40.5 7.5 7`},
		{"by a tag", `g.V().save("<p>","v").has("<p>",gt(0)).order("v").all()`, `s0 s11 s2 s1`},
		{"by a tag, backwards", `g.V().save("<p>","v").has("<p>",gt(0)).order("-v").all()`, `s1 s2 s11 s0`},
		{"a missing tag stands last, either way", `g.V("<s0>","<p>","<s1>").saveOpt("<p>","v").order("-v").all()`, `s1 s0 p`},
		{"then a page", `g.V().out("<p>").filter(gt(0)).order().skip(1).limit(2).all()`, `7.5 40.5`},
		{"by two tags", `g.V().save("<p>","v").tag("n").has("<p>",gt(0)).tag("k").order("v","desc","n").limit(1).all()`, `s1`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			err := gizmo.Run(context.Background(), memstore.New(mixed...), tc.text, gizmo.Options{}, func(r gizmo.Row) error {
				s := strings.Trim(quad.StringOf(r.Value), "<>_:")
				if strings.HasPrefix(s, `"`) {
					s = strings.ToLower(s[1 : strings.LastIndex(s[1:], `"`)+1])
				}
				if f, ok := r.Value.(quad.Float); ok {
					s = fmt.Sprint(float64(f))
				}
				got = append(got, s)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, strings.Join(got, " ")); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	// The marker ‸ stands before the place that the error names.
	tests := []struct{ name, text, want string }{
		{"a bad argument", "g.V()\n  .out(‸{})", "want a predicate, a list of them or a path in out(), found an object"},
		{"the second of two arguments", `g.V("<a>", ‸null).all()`, "want a value in V(), found null"},
		{"after letters of several bytes", `g.V("Zürich").tag(‸5)`, "want the name of a tag in tag(), found the number 5"},
		{"within a function", "function f(x) {\n\treturn str(‸x)\n}\nf()", "want a string in str(), found undefined"},
		{"an unknown method", `g.V().‸owt("<p>")`, "want a method of Gizmo, found .owt(); did you mean out?"},
		{"an unknown name", `‸iris("x")`, "want a name that the text or Gizmo defines, found iris; did you mean iri?"},
		{"a slip of syntax", "g.V(\n  ‸]", "want Gizmo (JavaScript), found unexpected token ]"},
		{"an exception of the text", `throw ‸new Error("stop")`, "Error: stop"},
		{"a big integer", `g.emit(‸5n)`, "want a number, found the big integer 5n"},
		{"a backtracking expression", `var x = ‸/(?=a)/`, "want a regular expression without look-ahead, look-behind and back-reference, found /(?=a)/"},
		{"a bad expression", `g.V().filter(regex(‸"("))`, "want a regular expression without look-ahead and back-reference (RE2), found missing closing ): ("},
		{"a tag that was not set", `g.V().tag("a").back("b").all‸()`, `want a tag set before with tag(), found "b"; tags so far: "a"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			before, _, ok := strings.Cut(tc.text, "‸")
			if !ok {
				t.Fatal("no marker")
			}
			text := strings.Replace(tc.text, "‸", "", 1)
			_, err := rows(t, people(), text, gizmo.Options{Name: "q.gizmo"})
			var e *gizmo.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			line := strings.Count(before, "\n") + 1
			column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
			if d := cmp.Diff(fmt.Sprintf("q.gizmo:%d:%d: %s", line, column, tc.want), err.Error()); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if want := strings.Split(text, "\n")[line-1]; e.Excerpt != want {
				t.Errorf("excerpt %q, want %q", e.Excerpt, want)
			}
		})
	}
}

// words is a vocabulary of a few names.
type words []quad.IRI

func (w words) Predicate(p quad.IRI) bool { return w.Entity(p) }

func (w words) Entity(e quad.IRI) bool {
	for _, x := range w {
		if x == e {
			return true
		}
	}
	return false
}

func (w words) Nearest(quad.IRI, bool) []quad.IRI { return w[:1] }

func TestLint(t *testing.T) {
	text := `g.V("<alcie>").out("<folows>").save("<status>","s").all()`
	var warnings []string
	opts := gizmo.Options{Name: "q.gizmo", Vocabulary: words{"follows", "status"}, Warn: func(e *gizmo.Error) { warnings = append(warnings, e.Error()) }}
	if _, err := rows(t, people(), text, opts); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"q.gizmo:1:5: want a known entity, found <alcie>; did you mean <follows>?",
		"q.gizmo:1:20: want a known predicate, found <folows>; did you mean <follows>?",
	}
	if d := cmp.Diff(want, warnings); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	opts.Strict = true
	if _, err := rows(t, people(), text, opts); err == nil || err.Error() != want[0] {
		t.Errorf("strict: got %v", err)
	}
	warnings = nil
	opts.Strict = false
	if _, err := rows(t, people(), `g.V("<alice>").out("<follows>")`, opts); err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "a final") {
		t.Errorf("a path without a final: %v %q", err, warnings)
	}
}

func TestLimits(t *testing.T) {
	var many []quad.Quad
	for i := range 5000 {
		many = append(many, quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: quad.String(strings.Repeat("x", 200) + fmt.Sprint(i))})
	}
	store := memstore.New(many...)
	tests := []struct {
		name, text string
		limits     gizmo.Limits
		want       error
		rows       int
	}{
		{"rows are delivered up to the limit, and then it is said", `g.V("<s>").out("<p>").all()`, gizmo.Limits{Rows: 10}, gizmo.ErrRows, 10},
		{"no text lifts the limit", `try { g.V("<s>").out("<p>").getLimit(-1) } catch (e) { g.emit(1) }`, gizmo.Limits{Rows: 10}, gizmo.ErrRows, 10},
		{"as many rows as allowed are no error", `g.V("<s>").out("<p>").getLimit(10)`, gizmo.Limits{Rows: 10}, nil, 10},
		{"sorting is counted", `g.V("<s>").out("<p>").order().all()`, gizmo.Limits{Memory: 1 << 20}, gizmo.ErrMemory, 0},
		{"arrays of rows are counted", `g.V("<s>").out("<p>").toArray()`, gizmo.Limits{Memory: 1 << 20}, gizmo.ErrMemory, 0},
		{"distinct rows are counted", `g.V("<s>").out("<p>").distinct().all()`, gizmo.Limits{Memory: 100_000}, gizmo.ErrMemory, 1562},
		{"depth", `function f(n){ return n && f(n-1) } f(100)`, gizmo.Limits{CallDepth: 50}, gizmo.ErrDepth, 0},
		{"steps", `g.V().out().out().out().all()`, gizmo.Limits{Steps: 2}, gizmo.ErrDepth, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			n := 0
			err := gizmo.Run(context.Background(), store, tc.text, gizmo.Options{Limits: tc.limits}, func(gizmo.Row) error { n++; return nil })
			if !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if n != tc.rows {
				t.Errorf("%d rows, want %d", n, tc.rows)
			}
		})
	}
}

func TestReceiverEndsTheRun(t *testing.T) {
	stop := errors.New("enough")
	n := 0
	err := gizmo.Run(context.Background(), memstore.New(people()...), `try { g.V().all() } catch (e) {} g.V().all()`, gizmo.Options{}, func(gizmo.Row) error {
		n++
		return stop
	})
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("got %v after %d rows", err, n)
	}
}

func TestProgramsAreShared(t *testing.T) {
	p, err := gizmo.Compile("q.gizmo", `var n = 0; n = n + 1; g.emit(n); g.V(params.who).out("<follows>").all()`)
	if err != nil {
		t.Fatal(err)
	}
	store := memstore.New(people()...)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				n := 0
				if err := p.Run(context.Background(), store, gizmo.Options{Params: map[string]any{"who": "<charlie>"}}, func(r gizmo.Row) error {
					if n++; n == 1 && r.Emitted != int64(1) {
						return fmt.Errorf("a run sees another: %v", r.Emitted)
					}
					return nil
				}); err != nil || n != 3 {
					t.Errorf("%d rows, %v", n, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRowJSON(t *testing.T) {
	want := []gizmo.Row{
		{Value: quad.IRI("kg:a"), Tags: []gizmo.Tag{{"a", quad.Int(1 << 62)}, {"b", quad.Float(42)}, {"c", quad.Bool(true)}}},
		{Value: quad.String("<kg:a>"), Claims: []quad.Value{quad.IRI("c/1"), quad.BNode("x")}},
		{Value: quad.LangString{Value: "x", Lang: "en"}, Tags: []gizmo.Tag{{"t", quad.TypedString{Value: "2020", Type: "xsd:gYear"}}}},
		{Value: quad.String("bad \xff bytes")},
		{Value: quad.String("")},
		{Tags: []gizmo.Tag{{"only", quad.IRI("x")}}},
		{Emitted: map[string]any{"n": int64(1), "f": 1.5, "$": "x", "$int": "7", "v": quad.IRI("a"), "l": []any{nil, true, "s"}}},
		{Emitted: "text"},
	}
	for _, r := range want {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var got gizmo.Row
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", b, d)
		}
	}
}

func TestExplain(t *testing.T) {
	got, err := gizmo.Explain(context.Background(), memstore.New(people()...), `g.V("<charlie>").out("<follows>").has("<status>","cool_person").all()`, gizmo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `path: 2 rows, evaluated here
  all of: about 2, really 2
    objects of quads, subject <charlie>, predicate <follows> (by subject): about 2, really 2
    each node once: about 3, really 3
      subjects of quads, object "cool_person", predicate <status> (by object): about 3, really 3
`
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestLastValue(t *testing.T) {
	var got any
	if _, err := rows(t, people(), `g.V("<alice>").out("<follows>").count()`, gizmo.Options{Result: func(x any) { got = x }}); err != nil || got != int64(1) {
		t.Errorf("got %v, %v", got, err)
	}
}

// batched is a store that names references many at a time.
type batched struct {
	*memstore.QuadStore
	asked, calls *int
}

// ValuesOf names references.
func (b batched) ValuesOf(_ context.Context, refs []cayley.Ref) ([]quad.Value, error) {
	*b.calls++
	*b.asked += len(refs)
	out := make([]quad.Value, len(refs))
	for i, r := range refs {
		out[i] = b.NameOf(r)
	}
	return out, nil
}

// RefsOf is not used.
func (b batched) RefsOf(context.Context, []quad.Value) ([]cayley.Ref, error) {
	return nil, errors.New("not used")
}

func TestBatches(t *testing.T) {
	var quads []quad.Quad
	for i := range 1000 {
		quads = append(quads, quad.Quad{Subject: quad.IRI("hub"), Predicate: quad.IRI("has"), Object: quad.Int(i), Label: quad.IRI("l")})
	}
	asked, calls := 0, 0
	store := batched{memstore.New(quads...), &asked, &calls}
	text := `g.V("<hub>").tag("h").claims().out("<has>").tag("n").all(); g.V("<hub>").followRecursive("<has>","d").getLimit(3)`
	var got, want []string
	collect := func(into *[]string) func(gizmo.Row) error {
		return func(r gizmo.Row) error { *into = append(*into, show(r)); return nil }
	}
	if err := gizmo.Run(context.Background(), store, text, gizmo.Options{}, collect(&got)); err != nil {
		t.Fatal(err)
	}
	if err := gizmo.Run(context.Background(), store.QuadStore, text, gizmo.Options{}, collect(&want)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-one by one +batched)\n%s", d)
	}
	if len(got) != 1003 || calls > 6 || asked > 1100 {
		t.Errorf("%d rows, %d references in %d calls", len(got), asked, calls)
	}
}

// TestRunsDoNotAddUp asks many small questions in one text: what the engine held for one is given back.
func TestRunsDoNotAddUp(t *testing.T) {
	text := `for (var i = 0; i < 2000; i++) { g.V().order().toArray(); g.V("<charlie>").pathsTo("<greg>") }`
	if _, err := rows(t, people(), text, gizmo.Options{Limits: gizmo.Limits{Memory: 64 << 20}}); err != nil {
		t.Error(err)
	}
}
