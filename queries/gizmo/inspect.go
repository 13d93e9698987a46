package gizmo

import (
	"errors"
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// inspector decides, when a text is compiled, whether it is plain: whether all it can do is build
// paths and run them. Then no built-in of JavaScript needs a guard and its heap needs no watch.
// It allows what it knows to be harmless; everything else makes a text not plain.
type inspector struct {
	plain    bool
	declared map[string]bool // functions that the text declares, and whose names mean nothing else
	calls    bool            // it calls one of them: there may be recursion
	adds     int             // how often it adds or joins texts, which recursion could make grow
	inside   int             // functions around the node that is looked at
}

// addsMost is how many texts a plain text may join: each may be twice as long as the one before.
const addsMost = 6

// declare notes the functions of the top level.
func (in *inspector) declare(tree *ast.Program) {
	for _, st := range tree.Body {
		if f, ok := st.(*ast.FunctionDeclaration); ok && f.Function != nil && f.Function.Name != nil {
			if in.declared == nil {
				in.declared = make(map[string]bool)
			}
			in.declared[f.Function.Name.Name.String()] = true
		}
	}
	if in.declared == nil {
		return
	}
	walkTree(reflect.ValueOf(tree.Body), func(n any) bool {
		if b, ok := n.(*ast.Binding); ok { // a variable or parameter of that name, or a pattern
			if id, ok := b.Target.(*ast.Identifier); ok {
				delete(in.declared, id.Name.String())
			} else {
				in.declared = nil
				return false
			}
		}
		if a, ok := n.(*ast.AssignExpression); ok {
			if id, ok := a.Left.(*ast.Identifier); ok {
				delete(in.declared, id.Name.String())
			}
		}
		return true
	})
}

func (in *inspector) node(n any) {
	if !in.plain {
		return
	}
	switch n := n.(type) {
	case *ast.ExpressionStatement, *ast.VariableStatement, *ast.LexicalDeclaration, *ast.Binding,
		*ast.StringLiteral, *ast.BooleanLiteral, *ast.NullLiteral, *ast.ArrayLiteral, *ast.FunctionLiteral,
		*ast.ArrowFunctionLiteral, *ast.BlockStatement, *ast.ReturnStatement, *ast.IfStatement,
		*ast.ConditionalExpression, *ast.EmptyStatement, *ast.ParameterList, *ast.ExpressionBody,
		*ast.PropertyShort, *ast.UnaryExpression, *ast.TemplateElement, *ast.FunctionDeclaration:
	case *ast.BinaryExpression:
		if n.Operator == token.PLUS {
			in.adds++
		}
	case *ast.AssignExpression:
		// Outside of functions it happens once at most, like a declaration.
		_, named := n.Left.(*ast.Identifier)
		in.plain = named && n.Operator == token.ASSIGN && in.inside == 0
	case *ast.NumberLiteral:
		switch n.Value.(type) {
		case int64, float64:
		default:
			in.plain = false
		}
	case *ast.Identifier:
		// Names are checked where they are called; a built-in that is not called does nothing. A
		// reference to one could be passed on as a callback, though.
		in.plain = !builtinName(n.Name.String())
		return
	case *ast.DotExpression:
		in.node(n.Left)
		if name := n.Identifier.Name.String(); builtinMember(name) || nativeMethod(name) {
			in.plain = false // a built-in under another name: ({out: "".repeat}).out(1e9)
		}
		return
	case *ast.BracketExpression:
		switch n.Member.(type) {
		case *ast.NumberLiteral:
		default:
			in.plain = false
		}
		in.node(n.Left)
		return
	case *ast.CallExpression:
		if id, ok := n.Callee.(*ast.Identifier); ok && in.declared[id.Name.String()] {
			in.calls = true
		} else if !gizmoCall(n.Callee) {
			in.plain = false
		}
		if dot, ok := n.Callee.(*ast.DotExpression); ok { // its name was looked at
			in.node(dot.Left)
			for _, a := range n.ArgumentList {
				in.child(reflect.ValueOf(&a).Elem())
			}
			return
		}
	case *ast.ObjectLiteral:
		for _, p := range n.Value {
			if k, ok := p.(*ast.PropertyKeyed); ok {
				_, isFunc := k.Value.(*ast.FunctionLiteral)
				_, isArrow := k.Value.(*ast.ArrowFunctionLiteral)
				name, isName := k.Key.(*ast.StringLiteral)
				if !isName || builtinMember(name.Value.String()) {
					in.plain = false // "" + {toString: "".trim} would call it
				}
				if k.Computed || k.Kind != ast.PropertyKindValue || isFunc || isArrow {
					in.plain = false
				}
				in.node(k.Value)
				continue
			}
			in.plain = false
		}
		return
	case *ast.TemplateLiteral:
		in.adds += len(n.Expressions)
		if n.Tag != nil {
			in.plain = false
		}
	default:
		in.plain = false
		return
	}
	switch n.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		in.inside++
		defer func() { in.inside-- }()
	}
	in.children(reflect.ValueOf(n).Elem())
}

func (in *inspector) children(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				in.child(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			in.child(v.Index(i))
		}
	default:
	}
}

func (in *inspector) child(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if v.Kind() == reflect.Pointer && v.Type().Elem().PkgPath() == reflect.TypeFor[ast.Program]().PkgPath() {
			if _, ok := v.Interface().(*ast.VariableDeclaration); !ok { // the same bindings, listed again
				in.node(v.Interface())
			}
		}
	case reflect.Slice:
		in.children(v)
	case reflect.Struct:
		if v.Type().PkgPath() == reflect.TypeFor[ast.Program]().PkgPath() && v.CanAddr() {
			in.node(v.Addr().Interface())
		}
	default:
	}
}

// gizmoCall reports whether a call is one of Gizmo's own, by the name of what is called.
func gizmoCall(callee ast.Expression) bool {
	switch c := callee.(type) {
	case *ast.Identifier:
		return globalFunction(c.Name.String()) != nil
	case *ast.DotExpression:
		name := c.Identifier.Name.String()
		if id, ok := c.Left.(*ast.Identifier); ok && (id.Name == "g" || id.Name == "graph") && graphMethod(name) != nil {
			return true
		}
		// A part of a list or text is no longer than the whole, and nothing is asked of what is in it.
		return name == "slice" || pathMethod(lowerFirst(name)) != nil
	default:
		return false
	}
}

// builtinName reports whether a name is a global of JavaScript with anything behind it.
func builtinName(name string) bool {
	switch name {
	case "undefined", "NaN", "Infinity":
		return false
	}
	c := name[0]
	if c >= 'A' && c <= 'Z' {
		return true // the constructors and namespaces
	}
	switch name {
	case "eval", "globalThis", "parseInt", "parseFloat", "isNaN", "isFinite", "escape", "unescape",
		"decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "arguments":
		return true
	}
	return false
}

// builtinMember reports whether reading a member can hand out a built-in function or change one.
// Methods of Gizmo are looked up on paths and do no harm elsewhere either.
func builtinMember(name string) bool {
	switch name {
	case "constructor", "prototype", "length", "__proto__", "__defineGetter__", "__defineSetter__",
		"__lookupGetter__", "__lookupSetter__", "apply", "call", "bind", "toString", "valueOf", "toJSON",
		"toLocaleString", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "caller", "callee", "arguments":
		return true
	}
	return false
}

// nativeMethod reports whether a name is that of a method of texts, lists or numbers. To call one by this
// name is judged where it is called; to hand one on is not plain.
func nativeMethod(name string) bool {
	switch name {
	case "at", "charAt", "charCodeAt", "codePointAt", "concat", "endsWith", "includes", "indexOf", "lastIndexOf",
		"localeCompare", "match", "matchAll", "normalize", "padEnd", "padStart", "repeat", "replace", "replaceAll",
		"search", "slice", "split", "startsWith", "substring", "substr", "toLowerCase", "toUpperCase",
		"toLocaleLowerCase", "toLocaleUpperCase", "trim", "trimEnd", "trimStart", "trimLeft", "trimRight",
		"isWellFormed", "toWellFormed", "anchor", "big", "blink", "bold", "fixed", "fontcolor", "fontsize", "italics",
		"link", "small", "strike", "sub", "sup",
		"copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex", "flat",
		"flatMap", "forEach", "join", "keys", "map", "pop", "push", "reduce", "reduceRight", "reverse", "shift", "some",
		"sort", "splice", "toReversed", "toSorted", "toSpliced", "unshift", "values", "with",
		"toExponential", "toFixed", "toPrecision":
		return true
	}
	return false
}

// inspect reads the tree of a text before it is compiled. It refuses what could run for long without
// being stopped: integers of any size, and expressions that need a backtracking engine.
func (p *Program) inspect(tree *ast.Program) error {
	in := &inspector{plain: true}
	in.declare(tree)
	for _, st := range tree.Body {
		in.node(st)
	}
	if p.plain = in.plain && in.adds <= addsMost && !(in.calls && in.adds > 0); p.plain {
		return nil
	}
	var found *Error
	walkTree(reflect.ValueOf(tree.Body), func(n any) bool {
		switch n := n.(type) {
		case *ast.NumberLiteral:
			switch n.Value.(type) {
			case int64, float64:
			default:
				found = &Error{File: p.name, Want: "a number", Found: "the big integer " + clip(n.Literal)}
				p.placeIdx(found, tree.File, n.Idx)
			}
		case *ast.RegExpLiteral:
			if err := linear(n.Pattern, n.Flags); err != nil {
				errors.As(err, &found)
				found.File = p.name
				p.placeIdx(found, tree.File, n.Idx)
			}
		}
		return found == nil
	})
	if found != nil {
		return found
	}
	return nil
}

func (p *Program) placeIdx(e *Error, f *file.File, at file.Idx) {
	pos := f.Position(int(at) - 1)
	e.place(p.src, pos.Line, p.column(pos.Line, pos.Column))
}

// argPlace finds where the i-th argument of the call at a position stands in the text.
func (p *Program) argPlace(line, column, i int) (int, int, bool) {
	tree, err := parser.ParseFile(nil, p.name, p.src, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return 0, 0, false
	}
	found := file.Idx(0)
	walkTree(reflect.ValueOf(tree.Body), func(n any) bool {
		if call, ok := n.(*ast.CallExpression); ok && i < len(call.ArgumentList) {
			at := tree.File.Position(int(call.LeftParenthesis) - 1)
			if at.Line == line && at.Column == column {
				found = call.ArgumentList[i].Idx0()
			}
		}
		return found == 0
	})
	if found == 0 {
		return 0, 0, false
	}
	at := tree.File.Position(int(found) - 1)
	return at.Line, at.Column, true
}

// walkTree visits the nodes of a tree until visit returns false.
func walkTree(v reflect.Value, visit func(any) bool) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return true
		}
		if v.Kind() == reflect.Pointer {
			if v.Type().Elem().PkgPath() != reflect.TypeFor[ast.Program]().PkgPath() {
				return true
			}
			if !visit(v.Interface()) {
				return false
			}
		}
		return walkTree(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			if !walkTree(v.Index(i), visit) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !walkTree(v.Field(i), visit) {
				return false
			}
		}
	default:
	}
	return true
}
