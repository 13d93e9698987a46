package gizmo

import (
	"fmt"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// exportDepth is how deep emitted data may nest.
const exportDepth = 200

// export turns a JavaScript value into JSON-like data with quad.Value inside.
func (s *session) export(v goja.Value) (any, error) {
	n := 0
	return s.exportAt(v, 0, &n)
}

func (s *session) exportAt(v goja.Value, depth int, n *int) (any, error) {
	if *n++; *n > s.limits.Array {
		return nil, fmt.Errorf("%w: data of more than %d parts", ErrSize, s.limits.Array)
	}
	if depth > exportDepth {
		return nil, &Error{Want: fmt.Sprintf("data nested at most %d deep", exportDepth), Found: "more, or a circle"}
	}
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return nil, nil
	}
	switch o := s.object(v).(type) {
	case *valueObject:
		return o.v, nil
	case time.Time:
		return quad.Time(o.UTC()), nil
	case nil:
	default:
		return nil, &Error{Want: "data", Found: s.describe(v)}
	}
	if items, ok := s.array(v); ok {
		out := make([]any, len(items))
		for i, it := range items {
			x, err := s.exportAt(it, depth+1, n)
			if err != nil {
				return nil, err
			}
			out[i] = x
		}
		return out, nil
	}
	if o, ok := v.(*goja.Object); ok {
		switch o.ClassName() {
		case "Object", "Error":
		case "String", "Number", "Boolean":
			return o.Export(), nil
		default:
			return nil, &Error{Want: "data", Found: s.describe(v)}
		}
		out := make(map[string]any)
		for _, k := range o.Keys() {
			x, err := s.exportAt(o.Get(k), depth+1, n)
			if err != nil {
				return nil, err
			}
			out[k] = x
		}
		return out, nil
	}
	switch x := v.Export().(type) {
	case string, bool, int64:
		return x, nil
	case float64:
		if x-x != 0 {
			return nil, &Error{Want: "a finite number", Found: v.String()}
		}
		return x, nil
	default:
		return nil, &Error{Want: "data", Found: s.describe(v)}
	}
}

// params makes the frozen object params.
func (s *session) params(m map[string]any) (goja.Value, error) {
	return s.paramAt(m, 0)
}

func (s *session) paramAt(x any, depth int) (goja.Value, error) {
	if depth > exportDepth {
		return nil, fmt.Errorf("params: want data nested at most %d deep", exportDepth)
	}
	var o *goja.Object
	switch x := x.(type) {
	case nil:
		return goja.Null(), nil
	case quad.Value:
		return s.valueOf(s.names.value(x)), nil
	case map[string]any:
		o = s.vm.NewObject()
		for k, v := range x {
			p, err := s.paramAt(v, depth+1)
			if err != nil {
				return nil, err
			}
			if err := o.DefineDataProperty(k, p, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE); err != nil {
				return nil, fmt.Errorf("params: %s: %w", k, err)
			}
		}
	case []any:
		items := make([]any, len(x))
		for i, v := range x {
			p, err := s.paramAt(v, depth+1)
			if err != nil {
				return nil, err
			}
			items[i] = p
		}
		o = s.vm.NewArray(items...)
	case []string:
		items := make([]any, len(x))
		for i, v := range x {
			items[i] = v
		}
		o = s.vm.NewArray(items...)
	case []quad.Value:
		items := make([]any, len(x))
		for i, v := range x {
			items[i] = s.valueOf(s.names.value(v))
		}
		o = s.vm.NewArray(items...)
	case time.Time:
		return s.toJS(quad.Time(x)), nil
	case string, bool, int, int64, float64:
		return s.vm.ToValue(x), nil
	default:
		return nil, fmt.Errorf("params: want JSON-like data, found %T", x)
	}
	return o, s.freeze(o)
}

// freeze makes an object unchangeable.
func (s *session) freeze(o *goja.Object) error {
	freeze, ok := goja.AssertFunction(s.vm.Get("Object").ToObject(s.vm).Get("freeze"))
	if !ok {
		return fmt.Errorf("params: no Object.freeze")
	}
	_, err := freeze(goja.Undefined(), o)
	return err
}
