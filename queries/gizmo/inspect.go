package gizmo

import (
	"errors"

	"github.com/dop251/goja/ast"
)

// inspect reads the tree of a text before it is compiled.
func (p *Program) inspect(tree *ast.Program) error {
	p.plain = true
	return nil
}

// argError gives an error the place of the i-th argument of the call that is running.
func (s *session) argError(i int, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	stack := s.vm.CaptureCallStack(0, nil)
	s.placeAt(e, stack)
	return e
}

// explain turns a message of the engine into what was wanted, what was found and what to do.
func explain(message string) (want, found, hint string) { return "", message, "" }
