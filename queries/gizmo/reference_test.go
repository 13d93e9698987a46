package gizmo_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// The reference: what a path means, written to be obviously right. It knows nothing but a slice of
// quads and goes over all of it for every step of every row.

type refRow struct {
	node quad.Value
	tags map[string]quad.Value
}

func (r refRow) at(node quad.Value, more ...any) refRow {
	tags := maps.Clone(r.tags)
	if tags == nil {
		tags = map[string]quad.Value{}
	}
	for i := 0; i < len(more); i += 2 {
		if v, _ := more[i+1].(quad.Value); v != nil {
			tags[more[i].(string)] = v
		}
	}
	return refRow{node, tags}
}

func (r refRow) with(tags map[string]quad.Value) refRow {
	out := r.at(r.node)
	maps.Copy(out.tags, tags)
	return out
}

func (r refRow) String() string {
	var b strings.Builder
	b.WriteString(quad.StringOf(r.node))
	for _, k := range slices.Sorted(maps.Keys(r.tags)) {
		fmt.Fprintf(&b, " %s=%s", k, quad.StringOf(r.tags[k]))
	}
	return b.String()
}

type refStep struct {
	method string
	args   []any // string, int64, float64, bool, quad.Value, *refPath, []any, refFilter, nil
}

type refPath struct{ steps []refStep }

type refFilter func(quad.Value) bool

type refLabels struct {
	all  bool
	rows []refRow
	tags []string
}

type reference struct{ quads []quad.Quad }

func (g *reference) nodes() []quad.Value {
	seen := map[quad.Value]bool{}
	var out []quad.Value
	for _, q := range g.quads {
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if v != nil && !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}

// run gives the rows of a path: from everywhere.
func (g *reference) run(p *refPath) []refRow {
	var rows []refRow
	for _, n := range g.nodes() {
		rows = append(rows, refRow{node: n})
	}
	return g.steps(p.steps, rows)
}

func (g *reference) steps(steps []refStep, rows []refRow) []refRow {
	labels := refLabels{all: true}
	back := map[string]refLabels{} // the labels that held where a tag was set
	for _, s := range steps {
		rows = dedupe(g.step(s, rows, &labels, back))
	}
	return rows
}

func dedupe(rows []refRow) []refRow {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r refRow) bool {
		k := r.String()
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}

func refValue(a any) quad.Value {
	switch a := a.(type) {
	case quad.Value:
		return a
	case string:
		return quad.StringToValue(a)
	case bool:
		return quad.Bool(a)
	case int64:
		return quad.Int(a)
	case float64:
		return quad.Float(a)
	}
	panic(fmt.Sprintf("reference: a value of type %T", a))
}

// via gives the nodes that a predicate (or label) argument stands for, each with its tags.
func (g *reference) via(args []any) (all bool, rows []refRow) {
	if len(args) == 0 || args[0] == nil {
		return true, nil
	}
	switch a := args[0].(type) {
	case *refPath:
		return false, g.run(a)
	case []any:
		if len(a) == 1 && a[0] == nil {
			return true, nil
		}
		for _, x := range a {
			_, r := g.via([]any{x})
			rows = append(rows, r...)
		}
		return len(a) == 0, rows
	default:
		return false, []refRow{{node: refValue(a)}}
	}
}

func refStrings(args []any) []string {
	var out []string
	for _, a := range args {
		switch a := a.(type) {
		case nil:
		case []any:
			out = append(out, refStrings(a)...)
		case string:
			out = append(out, a)
		default:
			out = append(out, quad.StringOf(refValue(a)))
		}
	}
	return out
}

func tail(args []any, n int) []any {
	if len(args) <= n {
		return nil
	}
	return args[n:]
}

// link lists, for one quad, the tags of each way in which its predicate and label are allowed.
func link(q quad.Quad, all bool, preds []refRow, predTags []string, labels refLabels) []map[string]quad.Value {
	var out []map[string]quad.Value
	if all {
		preds = []refRow{{node: q.Predicate}}
	}
	for _, p := range preds {
		if p.node != q.Predicate {
			continue
		}
		tags := maps.Clone(p.tags)
		if tags == nil {
			tags = map[string]quad.Value{}
		}
		for _, t := range predTags {
			tags[t] = q.Predicate
		}
		if labels.all {
			for _, t := range labels.tags {
				if q.Label != nil {
					tags[t] = q.Label
				}
			}
			out = append(out, tags)
			continue
		}
		for _, l := range labels.rows {
			if l.node == q.Label {
				t := maps.Clone(tags)
				maps.Copy(t, l.tags)
				for _, name := range labels.tags {
					t[name] = q.Label
				}
				out = append(out, t)
			}
		}
	}
	return out
}

func (g *reference) step(s refStep, rows []refRow, labels *refLabels, back map[string]refLabels) []refRow {
	var out []refRow
	hop := func(in bool, r refRow, all bool, preds []refRow, tags []string) {
		for _, q := range g.quads {
			from, to := q.Subject, q.Object
			if in {
				from, to = to, from
			}
			if from == r.node {
				for _, t := range link(q, all, preds, tags, *labels) {
					out = append(out, r.at(to).with(t))
				}
			}
		}
	}
	switch m := lower(s.method); m {
	case "V", "vertex", "v", "is":
		vals := flatten(s.args)
		for _, r := range rows {
			ok := len(vals) == 0
			for _, a := range vals {
				ok = ok || refValue(a) == r.node
			}
			if ok {
				out = append(out, r)
			}
		}
	case "out", "in", "both":
		all, preds := g.via(s.args)
		tags := refStrings(tail(s.args, 1))
		for _, r := range rows {
			if m != "in" {
				hop(false, r, all, preds, tags)
			}
			if m != "out" {
				hop(true, r, all, preds, tags)
			}
		}
	case "has", "hasR":
		all, preds := g.via(s.args)
		for _, r := range rows {
			for _, q := range g.quads {
				from, to := q.Subject, q.Object
				if m == "hasR" {
					from, to = to, from
				}
				if from == r.node && allowed(to, tail(s.args, 1)) {
					for _, t := range link(q, all, preds, nil, *labels) {
						out = append(out, r.with(t))
					}
				}
			}
		}
	case "save", "saveR", "saveOpt", "saveOptR":
		all, preds := g.via(s.args)
		var tag string
		if len(s.args) > 1 && s.args[1] != nil {
			tag = s.args[1].(string)
		} else {
			tag = quad.StringOf(refValue(s.args[0]))
		}
		for _, r := range rows {
			found := false
			for _, q := range g.quads {
				from, to := q.Subject, q.Object
				if strings.HasSuffix(m, "R") {
					from, to = to, from
				}
				if from == r.node {
					for _, t := range link(q, all, preds, nil, *labels) {
						found = true
						out = append(out, r.at(r.node, tag, to).with(t))
					}
				}
			}
			if !found && strings.Contains(m, "Opt") {
				out = append(out, r)
			}
		}
	case "tag", "as":
		for _, r := range rows {
			for _, t := range refStrings(s.args) {
				r = r.at(r.node, t, r.node)
				back[t] = *labels
			}
			out = append(out, r)
		}
	case "and", "intersect":
		other := g.run(s.args[0].(*refPath))
		for _, r := range rows {
			for _, o := range other {
				if o.node == r.node {
					out = append(out, r.with(o.tags))
				}
			}
		}
	case "or", "union":
		out = append(slices.Clone(rows), g.run(s.args[0].(*refPath))...)
	case "except", "difference":
		other := g.run(s.args[0].(*refPath))
		for _, r := range rows {
			if !slices.ContainsFunc(other, func(o refRow) bool { return o.node == r.node }) {
				out = append(out, r)
			}
		}
	case "follow":
		out = g.steps(s.args[0].(*refPath).steps, rows)
	case "followR":
		for _, n := range g.nodes() {
			for _, e := range g.steps(s.args[0].(*refPath).steps, []refRow{{node: n}}) {
				for _, r := range rows {
					if r.node == e.node {
						out = append(out, r.at(n).with(e.tags))
					}
				}
			}
		}
	case "followRecursive":
		out = g.recursive(s, rows)
	case "labels":
		for _, r := range rows {
			for _, q := range g.quads {
				if (q.Subject == r.node || q.Object == r.node) && q.Label != nil {
					out = append(out, r.at(q.Label))
				}
			}
		}
	case "inPredicates", "outPredicates", "saveInPredicates", "saveOutPredicates":
		for _, r := range rows {
			for _, q := range g.quads {
				end := q.Subject
				if strings.HasSuffix(m, "nPredicates") {
					end = q.Object
				}
				if r.node != end {
					continue
				}
				if strings.HasPrefix(m, "save") {
					out = append(out, r.at(r.node, s.args[0], q.Predicate))
				} else {
					out = append(out, r.at(q.Predicate))
				}
			}
		}
	case "labelContext":
		all, l := g.via(s.args)
		*labels = refLabels{all: all, rows: l, tags: refStrings(tail(s.args, 1))}
		return rows
	case "back":
		tag := s.args[0].(string)
		for _, r := range rows {
			if v := r.tags[tag]; v != nil {
				out = append(out, r.at(v))
			}
		}
		*labels = back[tag]
	case "filter":
		for _, r := range rows {
			if allowed(r.node, s.args) {
				out = append(out, r)
			}
		}
	case "unique":
		seen := map[quad.Value]bool{}
		for _, r := range rows {
			if !seen[r.node] {
				seen[r.node] = true
				out = append(out, r)
			}
		}
	case "distinct", "order", "sort", "m", "M", "morphism":
		return rows
	default:
		panic("reference: no step " + s.method)
	}
	return out
}

// recursive follows a path from all rows with equal tags together.
func (g *reference) recursive(s refStep, rows []refRow) []refRow {
	along, ok := s.args[0].(*refPath)
	if !ok {
		along = &refPath{[]refStep{{"out", s.args[:1]}}}
	}
	most, rest := int64(0), 1
	if len(s.args) > 1 {
		if n, ok := s.args[1].(int64); ok {
			most, rest = n, 2
		}
	}
	depthTags := refStrings(tail(s.args, rest))
	groups := map[string][]refRow{}
	for _, r := range rows {
		k := refRow{tags: r.tags}.String()
		groups[k] = append(groups[k], r)
	}
	var out []refRow
	for _, start := range groups {
		seen := map[quad.Value]bool{}
		frontier := start
		for depth := int64(1); len(frontier) > 0 && (most <= 0 || depth <= most); depth++ {
			var next []refRow
			for _, r := range g.steps(along.steps, frontier) {
				if seen[r.node] {
					continue
				}
				seen[r.node] = true
				next = append(next, start[0].at(r.node))
				row := r
				for _, t := range depthTags {
					row = row.at(row.node, t, quad.Int(depth))
				}
				out = append(out, row)
			}
			frontier = next
		}
	}
	return out
}

func flatten(args []any) []any {
	var out []any
	for _, a := range args {
		if l, ok := a.([]any); ok {
			out = append(out, flatten(l)...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// allowed checks a node against values (one of them) or filters (all of them).
func allowed(v quad.Value, args []any) bool {
	args = flatten(args)
	if len(args) == 0 {
		return true
	}
	if _, ok := args[0].(refFilter); ok {
		for _, f := range args {
			if !f.(refFilter)(v) {
				return false
			}
		}
		return true
	}
	return slices.ContainsFunc(args, func(a any) bool { return refValue(a) == v })
}

func lower(s string) string {
	if s == "V" || s == "M" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// recorder lets a text build paths for the reference.
type recorder struct {
	vm   *goja.Runtime
	runs []*refPath
	odd  bool // the text did something that the reference does not know
}

type recorded struct {
	r *recorder
	p *refPath
}

type recordedValue struct{ v any }

func (o *recordedValue) Get(string) goja.Value       { return nil }
func (o *recordedValue) Set(string, goja.Value) bool { return false }
func (o *recordedValue) Has(string) bool             { return false }
func (o *recordedValue) Delete(string) bool          { return true }
func (o *recordedValue) Keys() []string              { return nil }

func (o *recorded) Set(string, goja.Value) bool { return false }
func (o *recorded) Has(string) bool             { return true }
func (o *recorded) Delete(string) bool          { return true }
func (o *recorded) Keys() []string              { return nil }

func (o *recorded) Get(key string) goja.Value {
	return o.r.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		switch lower(key) {
		case "all":
			o.r.runs = append(o.r.runs, o.p)
			return goja.Undefined()
		case "toArray", "toValue", "tagArray", "tagValue", "forEach", "map", "count", "getLimit", "limit", "skip",
			"claims", "emit", "addNamespace", "addDefaultNamespaces", "loadNamespaces", "iRI", "uri":
			o.r.odd = true
			panic(o.r.vm.NewTypeError("odd"))
		}
		step := refStep{method: key}
		for _, a := range call.Arguments {
			step.args = append(step.args, unwrap(a.Export()))
		}
		if (len(step.args) == 0 || step.args[0] == nil) &&
			slices.Contains(strings.Fields("and or except follow followR union intersect difference"), lower(key)) {
			return call.This
		}
		return o.r.vm.NewDynamicObject(&recorded{o.r, &refPath{append(slices.Clone(o.p.steps), step)}})
	})
}

func unwrap(x any) any {
	switch x := x.(type) {
	case *recorded:
		return x.p
	case *recordedValue:
		return x.v
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = unwrap(x[i])
		}
		return out
	}
	return x
}

// record runs a text against the recorder; ok is false when the reference cannot judge it.
func record(text string) (runs []*refPath, ok bool) {
	r := &recorder{vm: goja.New()}
	g := r.vm.NewDynamicObject(&recorded{r, &refPath{}})
	set := func(name string, f func(args []string) any) {
		_ = r.vm.Set(name, func(call goja.FunctionCall) goja.Value {
			var args []string
			for _, a := range call.Arguments {
				args = append(args, a.String())
			}
			return r.vm.NewDynamicObject(&recordedValue{f(args)})
		})
	}
	set("iri", func(a []string) any { return quad.IRI(a[0]) })
	set("bnode", func(a []string) any { return quad.BNode(a[0]) })
	set("str", func(a []string) any { return quad.String(a[0]) })
	set("raw", func(a []string) any {
		if n := len(a[0]); n > 1 && a[0][0] == '"' && a[0][n-1] == '"' {
			return quad.String(a[0][1 : n-1])
		}
		return quad.StringToValue(a[0])
	})
	set("lang", func(a []string) any { return quad.LangString{Value: quad.String(a[0]), Lang: a[1]} })
	set("typed", func(a []string) any { return quad.TypedString{Value: quad.String(a[0]), Type: quad.IRI(a[1])} })
	for name, holds := range map[string]func(c int) bool{
		"lt": func(c int) bool { return c < 0 }, "lte": func(c int) bool { return c <= 0 },
		"gt": func(c int) bool { return c > 0 }, "gte": func(c int) bool { return c >= 0 },
	} {
		_ = r.vm.Set(name, func(call goja.FunctionCall) goja.Value {
			w := refValue(unwrap(call.Argument(0).Export()))
			return r.vm.NewDynamicObject(&recordedValue{refFilter(func(v quad.Value) bool {
				c, ok := refCompare(v, w)
				return ok && holds(c)
			})})
		})
	}
	_ = r.vm.Set("regex", func(call goja.FunctionCall) goja.Value {
		text := call.Argument(0).String()
		if v, ok := unwrap(call.Argument(0).Export()).(quad.IRI); ok {
			text = string(v)
		}
		re := regexp.MustCompile(text)
		refs := call.Argument(1).ToBoolean()
		return r.vm.NewDynamicObject(&recordedValue{refFilter(func(v quad.Value) bool { return refMatch(re, refs, v) })})
	})
	set("like", func(a []string) any {
		if a[0] == "" {
			return refFilter(func(quad.Value) bool { return false })
		} else if strings.Trim(a[0], "%") == "" {
			return refFilter(func(quad.Value) bool { return true })
		}
		p := regexp.QuoteMeta(a[0])
		re := regexp.MustCompile("^(?:" + strings.NewReplacer("%", ".*", `\?`, ".").Replace(p) + ")$")
		return refFilter(func(v quad.Value) bool { return refMatch(re, true, v) })
	})
	_ = r.vm.Set("g", g)
	_ = r.vm.Set("graph", g)
	if _, err := r.vm.RunString(text); err != nil || r.odd {
		return nil, false
	}
	return r.runs, true
}

func refMatch(re *regexp.Regexp, refs bool, v quad.Value) bool {
	switch v := v.(type) {
	case quad.String:
		return re.MatchString(string(v))
	case quad.LangString:
		return re.MatchString(string(v.Value))
	case quad.TypedString:
		return re.MatchString(string(v.Value))
	case quad.IRI:
		return refs && re.MatchString(string(v))
	case quad.BNode:
		return refs && re.MatchString(string(v))
	}
	return false
}

// refCompare compares values of one kind; numbers of both types are one kind.
func refCompare(a, b quad.Value) (int, bool) {
	num := func(v quad.Value) (float64, bool) {
		switch v := v.(type) {
		case quad.Int:
			return float64(v), true
		case quad.Float:
			return float64(v), true
		}
		return 0, false
	}
	if x, ok := num(a); ok {
		y, ok := num(b)
		switch {
		case x < y:
			return -1, ok
		case x > y:
			return 1, ok
		}
		return 0, ok
	}
	if fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) {
		return 0, false
	}
	switch a := a.(type) {
	case quad.String:
		return strings.Compare(string(a), string(b.(quad.String))), true
	case quad.IRI:
		return strings.Compare(string(a), string(b.(quad.IRI))), true
	case quad.BNode:
		return strings.Compare(string(a), string(b.(quad.BNode))), true
	}
	return 0, false
}
