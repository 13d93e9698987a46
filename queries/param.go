package queries

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// The types of a parameter that are no class of the schema.
const (
	paramEntity  = "entity" // a thing of any class
	paramText    = "text"
	paramDate    = "date"
	paramInteger = "integer"
	paramBoolean = "boolean"
)

// The bounds that a date may set.
const (
	boundSince = "since"
	boundUntil = "until"
)

func paramTypes() []string {
	return []string{paramEntity, paramText, paramDate, paramInteger, paramBoolean}
}

// ErrParameter is the cause of an error about a parameter: unknown, missing, or of another type.
var ErrParameter = errors.New("parameter")

// TypeName says for people what the parameter takes: "a platform", "a date", "one of day, month".
func (p Param) TypeName(schema *graph.Schema) string {
	if len(p.Enum) > 0 {
		return "one of " + strings.Join(p.Enum, ", ")
	}
	switch p.Type {
	case paramEntity:
		return "an entity"
	case paramText:
		return "a text"
	case paramDate:
		return "a date like 2020-07-02, 2020-07 or 2020"
	case paramInteger:
		return "a whole number"
	case paramBoolean:
		return "true or false"
	}
	label := p.Type
	if c, ok := schema.Class(quad.IRI("kg:" + p.Type)); ok {
		label = c.Label
	}
	return article(label)
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// IsEntity says whether the parameter is looked up in the graph.
func (p Param) IsEntity() bool {
	return p.Type == paramEntity || !slices.Contains(paramTypes(), p.Type)
}

// arguments are the parameters of one run: as the text sees them and as the table shows them.
type arguments struct {
	forText  map[string]any
	forTable map[string]any
}

// bind checks and converts what a user gave. All problems are reported.
func (q *Question) bind(ctx context.Context, store *graph.Store, given map[string]string) (arguments, error) {
	a := arguments{forText: map[string]any{}, forTable: map[string]any{}}
	var problems graph.Problems
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := q.Param(name); !ok {
			problems = append(problems, q.unknownParam(name))
		}
	}
	for _, p := range q.Params {
		text, ok := given[p.Name]
		if !ok {
			text, ok = p.Default, p.Default != ""
		}
		if !ok {
			a.forText[p.Name] = nil // so that a text may ask for it
			if !p.Optional {
				problems = append(problems, q.paramProblem(p.Name, store.Schema(), p, "none", p.Help))
			}
			continue
		}
		value, shown, err := q.convert(ctx, store, p, text)
		if err != nil {
			if err := problems.Collect(err); err != nil {
				return a, err
			}
			continue
		}
		a.forText[p.Name], a.forTable[p.Name] = value, shown
	}
	return a, problems.Join()
}

func (q *Question) unknownParam(name string) *graph.Problem {
	names := q.ParamNames()
	hint := graph.DidYouMean(name, names)
	want := "one of the parameters " + strings.Join(names, ", ")
	if len(names) == 0 {
		want = "no parameter"
	}
	return &graph.Problem{
		At: graph.Position{File: q.Name}, Want: want, Found: strconv.Quote(name), Hint: hint,
		Err: fmt.Errorf("%w %q is unknown", ErrParameter, name),
	}
}

func (q *Question) paramProblem(name string, schema *graph.Schema, p Param, found, hint string) *graph.Problem {
	return &graph.Problem{
		At: graph.Position{File: q.Name + ": " + name}, Want: p.TypeName(schema), Found: found, Hint: hint,
		Err: fmt.Errorf("%w %q", ErrParameter, name),
	}
}

// convert turns a text into the value for the Gizmo text and the one for the table.
func (q *Question) convert(ctx context.Context, store *graph.Store, p Param, text string) (value, shown any, err error) {
	wrong := func(found, hint string) error {
		return q.paramProblem(p.Name, store.Schema(), p, found, hint)
	}
	switch {
	case len(p.Enum) > 0:
		if !slices.Contains(p.Enum, text) {
			return nil, nil, wrong(strconv.Quote(text), graph.DidYouMean(text, p.Enum))
		}
		return text, text, nil
	case p.IsEntity():
		return q.entity(ctx, store, p, text)
	}
	switch p.Type {
	case paramDate:
		d, err := graph.ParseDate(text)
		if err != nil {
			return nil, nil, wrong(strconv.Quote(text), "")
		}
		return d.String(), d.String(), nil
	case paramInteger:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, nil, wrong(strconv.Quote(text), "")
		}
		return n, n, nil
	case paramBoolean:
		switch text {
		case "true", "yes", "1":
			return true, true, nil
		case "false", "no", "0":
			return false, false, nil
		}
		return nil, nil, wrong(strconv.Quote(text), "")
	default:
		return text, text, nil
	}
}

// entity looks a thing up by name, alias, slug or IRI.
func (q *Question) entity(ctx context.Context, store *graph.Store, p Param, text string) (value, shown any, err error) {
	var classes []quad.IRI
	if p.Type != paramEntity {
		classes = []quad.IRI{quad.IRI("kg:" + p.Type)}
	}
	id, err := store.Find(ctx, text, classes...)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %s: %w", q.Name, p.Name, err)
	}
	w := newWorld(ctx, store)
	return id, w.entity(id), w.err
}
