package gizmo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// session is one run of a program. It is used by one goroutine; only the watch runs beside it.
type session struct {
	ctx    context.Context
	prog   *Program
	store  cayley.QuadStore
	vm     *goja.Runtime
	opts   Options
	limits Limits
	each   func(Row) error
	mem    meter

	rows     int
	over     atomic.Pointer[error] // set by the watch
	fatal    error                 // ends the run, whatever the text does with exceptions
	funcs    map[string]goja.Value // methods of paths and values, made when first asked for
	names    names
	warned   map[warning]struct{}
	rewrites bool     // the store rewrites shapes
	guards   *guarded // of the built-ins; nil for plain texts
}

func newSession(ctx context.Context, p *Program, store cayley.QuadStore, opts Options, each func(Row) error) (*session, error) {
	s := &session{
		ctx: ctx, prog: p, store: cayley.Unwrap(store), opts: opts,
		limits: opts.Limits.withDefaults(), each: each,
		funcs: make(map[string]goja.Value, 8),
	}
	var err error
	if s.store, err = viewOf(s.store); err != nil {
		return nil, err
	}
	s.mem.limit = s.limits.Memory
	s.names.base = opts.Namespaces
	s.rewrites = rewritesShapes(s.store)
	if err := ctx.Err(); err != nil {
		return nil, s.limit(err)
	}
	e := p.engine()
	if s.vm, s.guards = e.vm, e.guards; s.guards != nil {
		s.guards.s = s
	}
	s.vm.SetMaxCallStackSize(s.limits.CallDepth)
	if err := s.vm.GlobalObject().SetPrototype(s.vm.NewDynamicObject(&globals{s: s})); err != nil {
		return nil, err
	}
	if opts.Params != nil {
		v, err := s.params(opts.Params)
		if err != nil {
			return nil, err
		}
		if err := s.vm.GlobalObject().DefineDataProperty("params", v, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, s.limit(err)
	}
	return s, nil
}

// run runs the program and turns whatever ended it into an error of this package.
func (s *session) run() error {
	if err := s.ctx.Err(); err != nil {
		return s.ended(err)
	}
	stop := context.AfterFunc(s.ctx, func() { s.vm.Interrupt(s.ctx.Err()) })
	defer stop()
	if !s.prog.plain {
		defer s.watch()()
	}
	v, err := s.vm.RunProgram(s.prog.code)
	if s.fatal != nil {
		return s.ended(s.fatal)
	}
	if err != nil {
		return s.ended(err)
	}
	return s.last(v)
}

// errReceiver carries the error of the caller's function through the engine.
type errReceiver struct{ err error }

func (e errReceiver) Error() string { return e.err.Error() }

// ended gives the reason of the end its final form.
func (s *session) ended(err error) error {
	var recv errReceiver
	if errors.As(err, &recv) {
		return recv.err
	}
	var overflow *goja.StackOverflowError
	if errors.As(err, &overflow) {
		e := &Error{File: s.prog.name, Err: fmt.Errorf("%w: more than %d calls within calls", ErrDepth, s.limits.CallDepth)}
		s.placeAt(e, overflow.Stack())
		return e
	}
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		if cause, ok := interrupted.Value().(error); ok {
			e := s.limit(cause)
			s.placeAt(e, interrupted.Stack())
			return e
		}
	}
	var ex *goja.Exception
	if errors.As(err, &ex) {
		return s.exception(ex)
	}
	return s.limit(err)
}

// limit wraps the error of a limit or of the context.
func (s *session) limit(err error) *Error { return s.prog.limit(err) }

// exception describes what a text threw, or what a built-in threw at it.
func (s *session) exception(ex *goja.Exception) error {
	e, word := &Error{File: s.prog.name, Err: ex.Unwrap()}, ""
	var own *Error
	if errors.As(ex.Unwrap(), &own) {
		copied := *own
		e = &copied
		e.File = s.prog.name
	} else if e.Err == nil {
		text := exceptionText(ex)
		if err := s.ctx.Err(); err != nil {
			return s.limit(err) // making the text took the rest of the time
		}
		described, name := explain(text)
		described.File = s.prog.name
		e, word = &described, name
	}
	if e.Line == 0 {
		s.placeAt(e, ex.Stack())
		e.pointAt(word)
	}
	return e
}

// exceptionText is what was thrown, as a text. To make one of an object can run code of the text: only
// errors are asked, and one that does not answer is an object like any other.
func exceptionText(ex *goja.Exception) (text string) {
	v := ex.Value()
	if v == nil {
		return ex.Error()
	}
	defer func() {
		if recover() != nil {
			text = "an object was thrown"
		}
		text = strings.TrimSpace(clip(text))
	}()
	if o, ok := v.(*goja.Object); ok && o.ClassName() != "Error" {
		return "an object was thrown"
	}
	return v.String()
}

// placeAt gives an error the place of the innermost frame that belongs to the text.
func (s *session) placeAt(e *Error, stack []goja.StackFrame) {
	for i := range stack {
		if at := stack[i].Position(); at.Line > 0 {
			e.place(s.prog.src, at.Line, s.prog.column(at.Line, at.Column))
			return
		}
	}
}

// throw raises an error in the text. Limits cannot be caught there.
func (s *session) throw(err error) goja.Value {
	if isLimit(err) {
		var recv errReceiver
		if !errors.As(err, &recv) {
			e := s.limit(err)
			s.placeAt(e, s.vm.CaptureCallStack(0, nil))
			err = e
		}
		s.stop(err)
	}
	panic(s.vm.NewGoError(err))
}

// stop ends the run as soon as the engine takes its next step.
func (s *session) stop(err error) {
	if s.fatal == nil {
		s.fatal = err
	}
	s.vm.Interrupt(err)
}

func isLimit(err error) bool {
	var recv errReceiver
	return errors.Is(err, ErrMemory) || errors.Is(err, ErrRows) || errors.Is(err, ErrDepth) || errors.Is(err, ErrSize) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &recv)
}

// fail raises a mistake in the arguments of a call.
func (s *session) fail(want, found string) goja.Value {
	return s.throw(&Error{Want: want, Found: found})
}

// emit hands a row to the caller.
func (s *session) emit(r Row) error {
	if s.rows >= s.limits.Rows {
		return fmt.Errorf("%w: %d", ErrRows, s.limits.Rows)
	}
	s.rows++
	if err := s.each(r); err != nil {
		return errReceiver{err}
	}
	return nil
}

// last reports the value of the text's last expression.
func (s *session) last(v goja.Value) error {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return nil
	}
	if o, ok := v.(*goja.Object); ok {
		if p, ok := o.Export().(*pathObject); ok {
			if !p.ran && !s.prog.names {
				s.warn(&Error{Want: "a final such as .all() after the last path", Found: "none: the path has not run"})
			}
			return s.fatal
		}
	}
	if s.opts.Result == nil {
		return nil
	}
	x, err := s.export(v)
	if err != nil {
		return s.ended(err)
	}
	s.opts.Result(x)
	return nil
}

// names resolves IRIs.
type names struct {
	base interface {
		Normal(string) string
		Expand(string) string
	}
	extra map[string]string // prefixes that the text added: "ex:" to "http://example.org/"
}

func (n *names) normal(iri string) string {
	if len(n.extra) > 0 {
		if i := strings.IndexByte(iri, ':'); i >= 0 && n.base.Expand(iri) == iri {
			if full, ok := n.extra[iri[:i+1]]; ok {
				iri = full + iri[i+1:]
			}
		}
	}
	return n.base.Normal(iri)
}

// value gives the IRIs in a value the name that the store uses.
func (n *names) value(v quad.Value) quad.Value {
	switch v := v.(type) {
	case quad.IRI:
		return quad.IRI(n.normal(string(v)))
	case quad.TypedString:
		v.Type = quad.IRI(n.normal(string(v.Type)))
		return native(v)
	default:
		return v
	}
}
