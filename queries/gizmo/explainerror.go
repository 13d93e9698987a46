package gizmo

import (
	"errors"
	"strings"

	"kg/graph"
)

// explain turns a message of the engine into what was wanted, what was found and what to do. The word
// is the name that is wrong, if it is one.
func explain(message string) (e Error, word string) {
	if _, rest, ok := strings.Cut(message, "Object has no member '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		return Error{Want: "a method of Gizmo", Found: "." + name + "()", Hint: graph.DidYouMean(name, methodNames())}, name
	}
	if rest, ok := strings.CutPrefix(message, "ReferenceError: "); ok {
		if name, ok := strings.CutSuffix(rest, " is not defined"); ok {
			return Error{Want: "a name that the text or Gizmo defines", Found: name, Hint: graph.DidYouMean(name, globalNames())}, name
		}
	}
	return Error{Found: message}, ""
}

// pointAt moves the place from the bracket of a call, where the engine sees the mistake, to the name
// before it.
func (e *Error) pointAt(word string) {
	line := []rune(e.Excerpt)
	n := len([]rune(word))
	if at := e.Column - 1; at >= n && at <= len(line) && string(line[at-n:at]) == word {
		e.Column -= n
	}
}

// argError gives an error the place of the i-th argument of the call that is running.
func (s *session) argError(i int, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	for _, frame := range s.vm.CaptureCallStack(0, nil) {
		at := frame.Position()
		if at.Line == 0 {
			continue
		}
		line, column := at.Line, at.Column
		if l, c, ok := s.prog.argPlace(line, column, i); ok {
			line, column = l, c
		}
		e.place(s.prog.src, line, s.prog.column(line, column))
		break
	}
	return e
}
