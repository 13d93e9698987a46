package gizmo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"unicode/utf8"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

// A Program is a compiled Gizmo text. It may be run many times, also at the same time.
type Program struct {
	name, src string
	code      *goja.Program
	names     bool // the last statement gives a name to something: a path there need not run
	plain     bool // the text only builds and runs paths: no built-in needs a guard

	spare atomic.Pointer[engine] // ready for the next run
	runs  atomic.Int64           // of texts that need guards
}

// Compile reads a Gizmo text. The error is an [*Error] with the place of the first mistake.
func Compile(name, text string) (*Program, error) {
	return compileText(name, text, Limits{}.withDefaults().Text)
}

func compileText(name, text string, limit int) (*Program, error) {
	if len(text) > limit {
		return nil, &Error{File: name, Want: fmt.Sprintf("a text of at most %d bytes", limit), Found: fmt.Sprintf("%d", len(text)), Hint: "pass data as params", Err: ErrSize}
	}
	if !utf8.ValidString(text) {
		return nil, &Error{File: name, Want: "a text in UTF-8", Found: "other bytes"}
	}
	p := &Program{name: name, src: text}
	tree, err := parser.ParseFile(nil, name, text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, p.syntaxError(err)
	}
	if n := len(tree.Body); n > 0 {
		if st, ok := tree.Body[n-1].(*ast.ExpressionStatement); ok {
			_, p.names = st.Expression.(*ast.AssignExpression)
		}
	}
	if err := p.inspect(tree); err != nil {
		return nil, err
	}
	code, err := goja.CompileAST(tree, false)
	if err != nil {
		return nil, p.syntaxError(err)
	}
	p.code = code
	return p, nil
}

// Run evaluates a Gizmo text against a store and calls each for every row, in the order found. An
// error that each returns ends the run and is returned as it is.
func Run(ctx context.Context, store cayley.QuadStore, text string, opts Options, each func(Row) error) error {
	p, err := compileText(opts.Name, text, opts.Limits.withDefaults().Text)
	if err != nil {
		return err
	}
	return p.Run(ctx, store, opts, each)
}

// Run evaluates the program against a store, as the function [Run] does. Options.Name does not
// matter here: the program has its own.
func (p *Program) Run(ctx context.Context, store cayley.QuadStore, opts Options, each func(Row) error) (err error) {
	defer func() {
		r := recover()
		switch {
		case r == nil:
		case ctx.Err() != nil: // the time ended while the engine was being made ready
			err = p.limit(ctx.Err())
		default:
			err = &Error{File: p.name, Found: fmt.Sprintf("a fault of the engine: %v", r), Hint: "please report it with the text"}
		}
	}()
	s, err := newSession(ctx, p, store, opts, each)
	if err != nil {
		return err
	}
	return s.run()
}

// limit is the error of a run that a limit ended, or that was cancelled.
func (p *Program) limit(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		if e.File == "" {
			e.File = p.name
		}
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = outOfTime{}
	}
	return &Error{File: p.name, Err: err}
}

// outOfTime is [ErrTimeout] and the context's own word for it.
type outOfTime struct{}

func (outOfTime) Error() string   { return ErrTimeout.Error() }
func (outOfTime) Unwrap() []error { return []error{ErrTimeout, context.DeadlineExceeded} }

func (p *Program) syntaxError(err error) error {
	e := &Error{File: p.name, Want: "Gizmo (JavaScript)", Err: err}
	var list parser.ErrorList
	var one *goja.CompilerSyntaxError
	var syntax *parser.Error
	switch {
	case errors.As(err, &list) && len(list) > 0:
		e.Found = lowerFirst(list[0].Message)
		e.place(p.src, list[0].Position.Line, p.column(list[0].Position.Line, list[0].Position.Column))
	case errors.As(err, &syntax):
		e.Found = lowerFirst(syntax.Message)
		e.place(p.src, syntax.Position.Line, p.column(syntax.Position.Line, syntax.Position.Column))
	case errors.As(err, &one) && one.File != nil:
		e.Found = lowerFirst(one.Message)
		at := one.File.Position(one.Offset)
		e.place(p.src, at.Line, p.column(at.Line, at.Column))
	default:
		e.Found = lowerFirst(err.Error())
	}
	return e
}

// column turns a column that goja counts in bytes into one of characters.
func (p *Program) column(line, column int) int {
	text := p.src
	for ; line > 1; line-- {
		i := indexNewline(text)
		if i < 0 {
			return column
		}
		text = text[i+1:]
	}
	if column < 1 || column-1 > len(text) {
		return column
	}
	return utf8.RuneCountInString(text[:column-1]) + 1
}

func indexNewline(s string) int {
	for i := range len(s) {
		if s[i] == '\n' {
			return i
		}
	}
	return -1
}
