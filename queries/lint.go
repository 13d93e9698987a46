package queries

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Patterns of Gizmo text. The lint reads texts as people do, not as JavaScript: what it refuses is
// always wrong, what it lets pass is still checked when it runs.
var (
	tagPattern     = regexp.MustCompile(`\.(?:tag|as|Tag|As)\(([^()]*)\)`)
	hopPattern     = regexp.MustCompile(`\.(?:out|in|both|Out|In|Both|labelContext|saveInPredicates|saveOutPredicates)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)`)
	savePattern    = regexp.MustCompile(`\.(save|saveR|saveOpt|saveOptR|Save|SaveR)\(\s*"<([^">]*)>"\s*(?:,\s*"([^"]*)")?\s*\)`)
	stringPattern  = regexp.MustCompile(`"([^"]*)"`)
	iriPattern     = regexp.MustCompile(`"<([^">]*)>"`)
	paramPattern   = regexp.MustCompile(`\bparams\.([A-Za-z_][A-Za-z0-9_]*)`)
	emitPattern    = regexp.MustCompile(`\bg\.emit\(`)
	commentPattern = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
)

// Lint reports what is wrong with the question as a text: a column that no tag fills, a name that
// the schema does not know, two saves of facts that may be several on one path (they lose and cross
// rows), a parameter that the head does not declare or the text does not use.
func (q *Question) Lint(schema *graph.Schema) graph.Problems {
	l := linter{q: q, schema: schema}
	// Comments become blanks, so that positions stay what they are.
	l.text = commentPattern.ReplaceAllStringFunc(q.Text, func(c string) string {
		return strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return ' '
		}, c)
	})
	l.tags()
	l.names()
	l.saves()
	l.params()
	l.head()
	return l.problems
}

type linter struct {
	q        *Question
	schema   *graph.Schema
	text     string
	problems graph.Problems
}

func (l *linter) fault(offset int, want, found, hint string) {
	before := l.text[:offset]
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	l.problems = append(l.problems, &graph.Problem{
		At: graph.Position{File: l.q.File, Line: line, Column: column}, Want: want, Found: found, Hint: hint,
	})
}

func (l *linter) headFault(want, found, hint string) {
	l.problems = append(l.problems, &graph.Problem{At: graph.Position{File: l.q.File}, Want: want, Found: found, Hint: hint})
}

// tags checks the names of the tags and that every column has one.
func (l *linter) tags() {
	made := map[string]int{}
	note := func(text string, at int) {
		if _, twice := made[text]; !twice {
			made[text] = at
		}
	}
	for _, m := range tagPattern.FindAllStringSubmatchIndex(l.text, -1) {
		for _, s := range stringPattern.FindAllStringSubmatchIndex(l.text[m[2]:m[3]], -1) {
			note(l.text[m[2]+s[2]:m[2]+s[3]], m[2]+s[2])
		}
	}
	for _, m := range hopPattern.FindAllStringSubmatchIndex(l.text, -1) {
		// The last plain word among the arguments is the tag: predicates are IRIs.
		for _, s := range stringPattern.FindAllStringSubmatchIndex(l.text[m[2]:m[3]], -1) {
			if word := l.text[m[2]+s[2] : m[2]+s[3]]; !strings.ContainsAny(word, "<>:") {
				note(word, m[2]+s[2])
			}
		}
	}
	for _, m := range savePattern.FindAllStringSubmatchIndex(l.text, -1) {
		if m[6] >= 0 {
			note(l.text[m[6]:m[7]], m[6])
		}
	}
	for name, at := range made {
		if name == "id" || !wordForm.MatchString(name) {
			l.fault(at, "a tag of small letters, digits and _, other than id", strconv.Quote(name), "")
		}
	}
	if emitPattern.MatchString(l.text) {
		return // the columns may come from objects
	}
	for _, c := range l.q.Columns {
		if _, ok := made[c.Name]; c.fromText() && !ok {
			l.headFault("a tag "+c.Name+" in the text, for the column", "none", "")
		}
	}
	if _, ok := made[figureTag]; len(l.q.Sum) > 0 && !ok {
		l.headFault("a tag "+figureTag+" in the text of a question that sums", "none", "")
	}
}

// names checks every IRI that looks like one of ours.
func (l *linter) names() {
	var known []string
	for _, p := range l.schema.Predicates() {
		known = append(known, string(p.IRI))
	}
	for _, c := range l.schema.Classes() {
		known = append(known, string(c.IRI))
	}
	for _, m := range iriPattern.FindAllStringSubmatchIndex(l.text, -1) {
		name := l.text[m[2]:m[3]]
		iri := quad.IRI(name)
		if _, ok := l.schema.Predicate(iri); ok {
			continue
		}
		if _, ok := l.schema.Class(iri); ok {
			continue
		}
		if _, ok := l.schema.Concept(iri); ok {
			continue
		}
		if _, ok := l.schema.ClassOf(iri); ok || iri == "kg:unit" {
			continue // an entity: the store knows it or finds nothing
		}
		l.fault(m[2], "a predicate, class or concept of the schema", "<"+name+">", graph.DidYouMean(name, known))
	}
}

// saves refuses a second save on one path of a fact that may be several.
func (l *linter) saves() {
	for _, statement := range statements(l.text) {
		first := ""
		for _, m := range savePattern.FindAllStringSubmatchIndex(l.text[statement.from:statement.to], -1) {
			name := l.text[statement.from+m[4] : statement.from+m[5]]
			if p, ok := l.schema.Predicate(quad.IRI(name)); ok && !p.Many {
				continue
			}
			if first != "" {
				l.fault(statement.from+m[0], "one save of a fact that may be several, on one path", "a second one, of "+name+" beside "+first,
					"join with tag, out and back")
			}
			first = name
		}
	}
}

type span struct{ from, to int }

// statements cuts a text at its semicolons.
func statements(text string) []span {
	var list []span
	from := 0
	for i, r := range text {
		if r == ';' {
			list = append(list, span{from, i})
			from = i + 1
		}
	}
	return append(list, span{from, len(text)})
}

// params holds the parameters of the head and those of the text against each other.
func (l *linter) params() {
	used := map[string]bool{}
	for _, m := range paramPattern.FindAllStringSubmatchIndex(l.text, -1) {
		name := l.text[m[2]:m[3]]
		used[name] = true
		if _, ok := l.q.Param(name); !ok {
			l.fault(m[2], "a parameter that the head declares", "params."+name, graph.DidYouMean(name, l.q.ParamNames()))
		}
	}
	for _, p := range l.q.Params {
		if !used[p.Name] && p.Bound == "" {
			l.headFault("params."+p.Name+" in the text", "a parameter that is not used", "")
		}
		if _, ok := l.schema.Class(quad.IRI("kg:" + p.Type)); !ok && !slices.Contains(paramTypes(), p.Type) {
			var classes []string
			for _, c := range l.schema.Classes() {
				classes = append(classes, c.Name)
			}
			l.headFault("a class of the schema for parameter "+p.Name, strconv.Quote(p.Type), graph.DidYouMean(p.Type, classes))
		}
	}
}

// head checks what of the head needs the schema.
func (l *linter) head() {
	for _, c := range l.q.Columns {
		for _, name := range c.Facts {
			p, ok := l.schema.PredicateNamed(name, "")
			switch {
			case !ok:
				l.headFault("a predicate of the schema for column "+c.Name, strconv.Quote(name), graph.DidYouMean(name, l.schema.PredicateNames()))
			case p.Many && !c.List:
				l.headFault(fmt.Sprintf("list: true for column %s, as %s may be several", c.Name, name), "a single value", "")
			}
		}
		for _, name := range c.Order {
			if _, ok := l.schema.PredicateNamed(name, ""); !ok && c.Type == TypePredicate {
				l.headFault("predicates of the schema in the order of "+c.Name, strconv.Quote(name), "")
			}
		}
	}
}
