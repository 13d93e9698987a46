package gizmo

import (
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/voc"
	"github.com/dop251/goja"
)

// A graphObject is g.
type graphObject struct{ s *session }

var _ goja.DynamicObject = (*graphObject)(nil)

// Get returns a method of g.
func (o *graphObject) Get(key string) goja.Value {
	f := graphMethod(key)
	if f == nil {
		return nil
	}
	return o.s.method("g."+key, func(call goja.FunctionCall) goja.Value {
		return f(args{s: o.s, name: key, vals: call.Arguments})
	})
}

// Set refuses: g is the same for every text.
func (o *graphObject) Set(string, goja.Value) bool { return false }

// Has reports whether g has a method.
func (o *graphObject) Has(key string) bool { return graphMethod(key) != nil }

// Delete refuses.
func (o *graphObject) Delete(key string) bool { return !o.Has(key) }

// Keys hides the methods from enumeration.
func (o *graphObject) Keys() []string { return nil }

func graphMethod(name string) func(args) goja.Value {
	switch name {
	case "V", "Vertex":
		return func(a args) goja.Value {
			nodes := a.values()
			a.s.lintEntities(nodes)
			return a.s.newPath((*path)(nil).then(isStep{nodes}))
		}
	case "M", "Morphism":
		return func(a args) goja.Value { return a.s.newPath(nil) }
	case "IRI", "Uri":
		return func(a args) goja.Value {
			a.count(1, 1)
			return a.s.valueOf(a.s.names.value(quad.IRI(a.iriText(0))))
		}
	case "emit", "Emit":
		return emit
	case "addNamespace", "AddNamespace":
		return func(a args) goja.Value {
			a.count(2, 2)
			a.s.names.add(strings.TrimSuffix(a.string(0), ":")+":", a.iriText(1))
			return goja.Undefined()
		}
	case "addDefaultNamespaces", "AddDefaultNamespaces":
		return func(a args) goja.Value {
			var ns voc.Namespaces
			voc.CloneTo(&ns)
			for _, n := range ns.List() {
				a.s.names.add(n.Prefix, n.Full)
			}
			return goja.Undefined()
		}
	case "loadNamespaces", "LoadNamespaces":
		return loadNamespaces
	default:
		return nil
	}
}

func (n *names) add(prefix, full string) {
	if n.extra == nil {
		n.extra = make(map[string]string)
	}
	n.extra[prefix] = full
}

func emit(a args) goja.Value {
	v := a.at(0)
	if missing(v) {
		return goja.Null()
	}
	x, err := a.s.export(v)
	if err != nil {
		a.s.throw(a.s.argError(0, err))
	}
	if err := a.s.emit(Row{Emitted: x}); err != nil {
		a.s.throw(err)
	}
	return goja.Null()
}

// loadNamespaces reads the prefixes that a Cayley store keeps as nodes of type cayley:namespace.
func loadNamespaces(a args) goja.Value {
	s := a.s
	ref := func(iris ...quad.IRI) []cayley.Ref {
		var out []cayley.Ref
		for _, i := range iris {
			if r := s.store.ValueOf(i); r != nil {
				out = append(out, r)
			}
		}
		return out
	}
	types := ref("rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
	class := ref("cayley:namespace", "http://cayley.io/vocab#namespace")
	prefix := ref("cayley:prefix", "http://cayley.io/vocab#prefix")
	x := newExec(s.ctx, s.store, &s.mem)
	oneOf := func(r cayley.Ref, of []cayley.Ref) bool {
		for _, o := range of {
			if x.same(r, o) {
				return true
			}
		}
		return false
	}
	for _, c := range class {
		x.each(s.store.QuadIterator(quad.Object, c), func(q cayley.Ref) bool {
			if !oneOf(s.store.QuadDirection(q, quad.Predicate), types) {
				return true
			}
			node := s.store.QuadDirection(q, quad.Subject)
			full, ok := s.store.NameOf(node).(quad.IRI)
			if !ok {
				return true
			}
			return x.each(s.store.QuadIterator(quad.Subject, node), func(q cayley.Ref) bool {
				if oneOf(s.store.QuadDirection(q, quad.Predicate), prefix) {
					if p, ok := s.store.NameOf(s.store.QuadDirection(q, quad.Object)).(quad.IRI); ok {
						s.names.add(string(p), string(full))
					}
				}
				return true
			})
		})
	}
	if x.err != nil {
		s.throw(x.err)
	}
	return goja.Undefined()
}
