package gizmo

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"kg/graph"
)

// A valueObject is a quad.Value inside a text. JavaScript's own strings and numbers stand for
// themselves wherever reading them back gives the same value; the rest is one of these. It turns
// into its text or number where JavaScript wants one.
type valueObject struct {
	s *session
	v quad.Value
}

var _ goja.DynamicObject = (*valueObject)(nil)

// Get returns a property: text, kind, lang, type, toString, valueOf or toJSON.
func (o *valueObject) Get(key string) goja.Value {
	switch key {
	case "text":
		text, _ := plainText(o.v)
		return o.s.vm.ToValue(text)
	case "kind":
		return o.s.vm.ToValue(kindName(o.v))
	case "lang":
		if l, ok := o.v.(quad.LangString); ok {
			return o.s.vm.ToValue(l.Lang)
		}
	case "type":
		if t, ok := o.v.(quad.TypedString); ok {
			return o.s.vm.ToValue(string(t.Type))
		}
	case "toString", "toJSON", "valueOf":
		return o.s.method("value."+key, func(call goja.FunctionCall) goja.Value { return o.s.valueMethod(key, call.This) })
	}
	return nil
}

// Set refuses: values do not change.
func (o *valueObject) Set(string, goja.Value) bool { return false }

// Has reports the properties.
func (o *valueObject) Has(key string) bool { return o.Get(key) != nil }

// Delete refuses.
func (o *valueObject) Delete(key string) bool { return !o.Has(key) }

// Keys lists nothing, so that a value is no bag of properties.
func (o *valueObject) Keys() []string { return nil }

func (s *session) valueMethod(key string, this goja.Value) goja.Value {
	o, ok := s.object(this).(*valueObject)
	if !ok {
		return s.fail("a value before ."+key+"()", "something else")
	}
	if key == "valueOf" {
		switch v := o.v.(type) {
		case quad.Int:
			return s.vm.ToValue(float64(v)) // arithmetic is JavaScript's
		case quad.Float:
			return s.vm.ToValue(float64(v))
		}
	}
	text, bare := plainText(o.v)
	if !bare {
		text = quad.StringOf(o.v)
	}
	return s.vm.ToValue(text)
}

// plainText is what Cayley shows for a literal inside a text; bare tells strings from the rest.
func plainText(v quad.Value) (text string, bare bool) {
	switch v := v.(type) {
	case quad.String:
		return string(v), true
	case quad.LangString:
		return string(v.Value), true
	case quad.Int:
		return strconv.FormatInt(int64(v), 10), true
	case quad.Float:
		return strconv.FormatFloat(float64(v), 'g', -1, 64), true
	case quad.TypedString:
		return string(v.Value), false
	case quad.IRI:
		return string(v), false
	case quad.BNode:
		return string(v), false
	default:
		return quad.StringOf(v), false
	}
}

func kindName(v quad.Value) string {
	switch v.(type) {
	case quad.IRI:
		return "iri"
	case quad.BNode:
		return "bnode"
	case quad.String:
		return "string"
	case quad.LangString:
		return "lang"
	case quad.Int:
		return "int"
	case quad.Float:
		return "float"
	case quad.Bool:
		return "bool"
	case quad.Time:
		return "time"
	default:
		return "typed"
	}
}

// maxSafe is the largest integer that a JavaScript number holds exactly.
const maxSafe = 1<<53 - 1

// toJS shows a value to the text.
func (s *session) toJS(v quad.Value) goja.Value {
	switch v := v.(type) {
	case nil:
		return goja.Undefined()
	case quad.IRI:
		if quad.StringToValue(v.String()) == quad.Value(v) {
			return s.vm.ToValue(v.String())
		}
	case quad.BNode:
		if quad.StringToValue(v.String()) == quad.Value(v) {
			return s.vm.ToValue(v.String())
		}
	case quad.String:
		if quad.StringToValue(string(v)) == quad.Value(v) {
			return s.vm.ToValue(string(v))
		}
	case quad.Int:
		if v >= -maxSafe && v <= maxSafe {
			return s.vm.ToValue(int64(v))
		}
	case quad.Float:
		if float64(v) != math.Trunc(float64(v)) {
			return s.vm.ToValue(float64(v))
		}
	case quad.Bool:
		return s.vm.ToValue(bool(v))
	case quad.Time:
		if d, err := s.vm.New(s.vm.Get("Date"), s.vm.ToValue(time.Time(v).UnixMilli())); err == nil {
			return d
		}
	}
	return s.valueOf(v)
}

// valueOf wraps a value.
func (s *session) valueOf(v quad.Value) goja.Value {
	return s.vm.NewDynamicObject(&valueObject{s: s, v: v})
}

// native turns a literal of a known datatype into the value that stores keep for it.
func native(t quad.TypedString) quad.Value {
	if name := xsdName(t.Type); name != "" {
		short := quad.TypedString{Value: t.Value, Type: quad.IRI("xsd:" + name)}
		if v := graph.Native(short); v != quad.Value(short) {
			return v
		}
	}
	return t
}

// object returns what stands behind one of this package's objects, a time.Time for a Date, and nil
// for any other value.
func (s *session) object(v goja.Value) any {
	o, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	switch o.ExportType() {
	case reflect.TypeFor[*pathObject](), reflect.TypeFor[*valueObject](), reflect.TypeFor[*filterObject](),
		reflect.TypeFor[*graphObject](), reflect.TypeFor[time.Time]():
		return o.Export()
	default:
		return nil
	}
}

// value reads a node from an argument.
func (s *session) value(v goja.Value) (quad.Value, error) {
	switch o := s.object(v).(type) {
	case *valueObject:
		return o.v, nil
	case time.Time:
		return quad.Time(o), nil
	case nil:
	default:
		return nil, fmt.Errorf("%s", s.describe(v))
	}
	if _, ok := v.(*goja.Object); ok || v == nil {
		return nil, fmt.Errorf("%s", s.describe(v))
	}
	switch x := v.Export().(type) {
	case string:
		q := quad.StringToValue(x)
		if q == nil {
			return nil, fmt.Errorf(`an empty string (str("") is the empty text)`)
		}
		return s.names.value(q), nil
	case bool:
		return quad.Bool(x), nil
	case int64:
		return quad.Int(x), nil
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<63 {
			return quad.Int(x), nil
		}
		return quad.Float(x), nil
	default:
		return nil, fmt.Errorf("%s", s.describe(v))
	}
}

// array lists the elements of a JavaScript array; ok is false for anything else.
func (s *session) array(v goja.Value) (items []goja.Value, ok bool) {
	o, ok := v.(*goja.Object)
	if !ok || o.ClassName() != "Array" {
		return nil, false
	}
	n := o.Get("length").ToInteger()
	if n > int64(s.limits.Array) {
		s.throw(fmt.Errorf("%w: an array of %d elements, %d are allowed", ErrSize, n, s.limits.Array))
	}
	for i := range n {
		items = append(items, o.Get(strconv.FormatInt(i, 10)))
	}
	return items, true
}

// describe names an argument in an error.
func (s *session) describe(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return "undefined"
	}
	if goja.IsNull(v) {
		return "null"
	}
	switch o := s.object(v).(type) {
	case *pathObject:
		return "a path"
	case *valueObject:
		return describe(o.v)
	case *filterObject:
		return "a filter"
	case *graphObject:
		return "the object g"
	case time.Time:
		return "a date"
	}
	if o, ok := v.(*goja.Object); ok {
		switch o.ClassName() {
		case "Array":
			return "an array"
		case "Function":
			return "a function"
		default:
			return "an object"
		}
	}
	switch x := v.Export().(type) {
	case string:
		return "the string " + strconv.Quote(clip(x))
	case bool:
		return strconv.FormatBool(x)
	default:
		return "the number " + v.String()
	}
}

func describe(v quad.Value) string {
	if v == nil {
		return "nothing"
	}
	return clip(quad.StringOf(v))
}

// clip keeps messages short.
func clip(s string) string {
	r := []rune(s)
	if len(r) <= 80 {
		return s
	}
	return string(r[:77]) + "…"
}
