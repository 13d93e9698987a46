package gizmo

import (
	"context"
	"fmt"
	"io"
	"math"
	"regexp"
	"unicode/utf8"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/shape"
	"github.com/cayleygraph/quad"
)

// test is a filter of this package.
type test interface {
	filter
	passes(ctx context.Context, v quad.Value) bool
}

// numberTest compares numbers, whatever their type: gt(10) sees 10.5 as well as 11.
type numberTest struct {
	op  iterator.Operator
	val quad.Value // Int or Float
}

func (t numberTest) passes(_ context.Context, v quad.Value) bool {
	return kindOf(v) == kindNumber && holds(t.op, compareNumbers(v, t.val))
}

// BuildIterator applies the test to an iterator.
func (t numberTest) BuildIterator(qs cayley.QuadStore, it cayley.Iterator) cayley.Iterator {
	return testIterator(qs, it, t)
}

// String is used in plans.
func (t numberTest) String() string { return fmt.Sprintf("%v %s", t.op, textIn(t.val)) }

// bounds writes the test as one for integers and one for floats, in Cayley's terms.
func (t numberTest) bounds() (ints, floats shape.Comparison) {
	f, isFloat := t.val.(quad.Float)
	if !isFloat {
		n := t.val.(quad.Int)
		return shape.Comparison{Op: t.op, Val: n}, shape.Comparison{Op: t.op, Val: quad.Float(n)}
	}
	floats = shape.Comparison{Op: t.op, Val: f}
	edge := math.Floor(float64(f)) // n > 10.5 and n <= 10.5 are n > 10 and n <= 10
	if t.op == iterator.CompareLT || t.op == iterator.CompareGTE {
		edge = math.Ceil(float64(f))
	}
	n := quad.Int(math.MaxInt64)
	if edge < -(1 << 63) {
		n = math.MinInt64
	} else if edge < 1<<63 {
		n = quad.Int(edge)
	}
	return shape.Comparison{Op: t.op, Val: n}, floats
}

// dateTest compares dates of any precision. A date is before another when all of it is.
type dateTest struct {
	op  iterator.Operator
	val quad.Value
}

func (t dateTest) passes(_ context.Context, v quad.Value) bool {
	p, ok := periodOf(v)
	if !ok {
		return false
	}
	q, _ := periodOf(t.val)
	switch t.op {
	case iterator.CompareLT:
		return !p.end.After(q.start)
	case iterator.CompareLTE:
		return p.start.Before(q.end)
	case iterator.CompareGT:
		return !p.start.Before(q.end)
	default:
		return p.end.After(q.start)
	}
}

// BuildIterator applies the test to an iterator.
func (t dateTest) BuildIterator(qs cayley.QuadStore, it cayley.Iterator) cayley.Iterator {
	return testIterator(qs, it, t)
}

// String is used in plans.
func (t dateTest) String() string { return fmt.Sprintf("%v %s", t.op, textIn(t.val)) }

// duringTest keeps dates that share an instant with a span.
type duringTest struct {
	from, to quad.Value // nil: open
	span     period
}

func (t duringTest) passes(_ context.Context, v quad.Value) bool {
	p, ok := periodOf(v)
	return ok && p.overlaps(t.span)
}

// BuildIterator applies the test to an iterator.
func (t duringTest) BuildIterator(qs cayley.QuadStore, it cayley.Iterator) cayley.Iterator {
	return testIterator(qs, it, t)
}

// String is used in plans.
func (t duringTest) String() string { return "during " + textIn(t.from) + " to " + textIn(t.to) }

func textIn(v quad.Value) string {
	if v == nil {
		return "…"
	}
	return quad.StringOf(v)
}

func testIterator(qs cayley.QuadStore, it cayley.Iterator, t test) cayley.Iterator {
	return iterator.NewValueFilter(qs, it, func(v quad.Value) (bool, error) {
		return t.passes(context.Background(), v), nil
	})
}

// comparison makes the filter for lt, lte, gt and gte.
func comparison(op iterator.Operator, v quad.Value) (filter, error) {
	switch v := v.(type) {
	case quad.Int:
		return numberTest{op, v}, nil
	case quad.Float:
		if math.IsNaN(float64(v)) {
			return nil, &Error{Want: "a value to compare with", Found: "NaN"}
		}
		return numberTest{op, v}, nil
	case quad.String, quad.IRI, quad.BNode, quad.Time:
		if _, ok := v.(quad.Time); ok {
			return dateTest{op, v}, nil
		}
		return shape.Comparison{Op: op, Val: v}, nil
	case quad.TypedString:
		if _, ok := periodOf(v); ok {
			return dateTest{op, v}, nil
		}
	}
	return nil, &Error{Want: "a number, a date, a string or an IRI to compare with", Found: describe(v)}
}

// compares is a comparison of values of one type, as Cayley defines it.
func compares(v quad.Value, op iterator.Operator, with quad.Value) bool {
	switch w := with.(type) {
	case quad.Int:
		n, ok := v.(quad.Int)
		return ok && iterator.RunIntOp(n, op, w)
	case quad.Float:
		f, ok := v.(quad.Float)
		return ok && iterator.RunFloatOp(f, op, w)
	case quad.String:
		s, ok := v.(quad.String)
		return ok && iterator.RunStrOp(string(s), op, string(w))
	case quad.IRI:
		s, ok := v.(quad.IRI)
		return ok && iterator.RunStrOp(string(s), op, string(w))
	case quad.BNode:
		s, ok := v.(quad.BNode)
		return ok && iterator.RunStrOp(string(s), op, string(w))
	default:
		return dateTest{op, with}.passes(context.Background(), v)
	}
}

func holds(op iterator.Operator, c int) bool {
	switch op {
	case iterator.CompareLT:
		return c < 0
	case iterator.CompareLTE:
		return c <= 0
	case iterator.CompareGT:
		return c > 0
	default:
		return c >= 0
	}
}

// longText is the length from which matching asks the context on the way.
const longText = 8 << 10

// matches applies a regular expression to the text of a value. Go's expressions take time linear in
// the text; of a long text they are fed piece by piece, so that they can be stopped.
func matches(ctx context.Context, re *regexp.Regexp, refs bool, v quad.Value) bool {
	var text string
	switch v := v.(type) {
	case quad.String:
		text = string(v)
	case quad.LangString:
		text = string(v.Value)
	case quad.TypedString:
		text = string(v.Value)
	case quad.IRI:
		if !refs {
			return false
		}
		text = string(v)
	case quad.BNode:
		if !refs {
			return false
		}
		text = string(v)
	default:
		return false
	}
	if len(text) < longText {
		return re.MatchString(text)
	}
	return re.MatchReader(&runes{ctx: ctx, text: text})
}

// runes reads a text until the context ends.
type runes struct {
	ctx  context.Context
	text string
	n    int
}

// ReadRune returns the next character.
func (r *runes) ReadRune() (rune, int, error) {
	if r.n++; r.n&0xfff == 0 && r.ctx.Err() != nil || r.text == "" {
		return 0, 0, io.EOF
	}
	c, size := utf8.DecodeRuneInString(r.text)
	r.text = r.text[size:]
	return c, size, nil
}

func wildcard(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile(shape.Wildcard{Pattern: pattern}.Regexp())
}
