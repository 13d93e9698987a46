package gizmo

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// explain turns a message of the engine into what was wanted, what was found and what to do.
func explain(message string) (want, found, hint string) {
	if _, rest, ok := strings.Cut(message, "Object has no member '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		return "a method of Gizmo", "." + name + "()", nearest(name, methodNames())
	}
	if rest, ok := strings.CutPrefix(message, "ReferenceError: "); ok {
		if name, ok := strings.CutSuffix(rest, " is not defined"); ok {
			return "a name that the text or Gizmo defines", name, nearest(name, globalNames())
		}
	}
	return "", message, ""
}

// nearest suggests the name that resembles a word most, if one does.
func nearest(word string, names []string) string {
	best, distance := "", len(word)/3+2
	for _, n := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(n)); d < distance {
			best, distance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}

// argError gives an error the place of the i-th argument of the call that is running.
func (s *session) argError(i int, err error) error {
	e, ok := err.(*Error)
	if !ok {
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
