package gizmo

import (
	"errors"
	"strings"

	"kg/graph"
)

// Limits that ended a run. A run that was cancelled returns an error that is context.Canceled, one
// that ran out of time is both ErrTimeout and context.DeadlineExceeded.
var (
	ErrTimeout = errors.New("the time limit is over")
	ErrRows    = errors.New("the row limit is reached")
	ErrDepth   = errors.New("the depth limit is reached")
	ErrMemory  = errors.New("the memory limit is reached")
	ErrSize    = errors.New("a string or array is over its size limit")
)

// An Error is one thing wrong with a Gizmo text: where it stands, what was wanted, what was found.
type Error struct {
	File         string
	Line, Column int    // from 1, in characters; zero when unknown
	Excerpt      string // the line of the text
	Want         string
	Found        string
	Hint         string // what to do next
	Err          error  // the cause or a limit, for errors.Is
}

// Error prints the problem on one line; [Error.Detail] shows the text below it.
func (e *Error) Error() string { return e.Problem().Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Problem returns the error in the form in which all inputs report theirs.
func (e *Error) Problem() *graph.Problem {
	return &graph.Problem{
		At:   graph.Position{File: e.File, Line: e.Line, Column: e.Column},
		Want: e.Want, Found: e.Found, Hint: e.Hint, Err: e.Err,
	}
}

// Detail prints the problem, the line and a mark below the column.
func (e *Error) Detail() string {
	if e.Excerpt == "" {
		return e.Error()
	}
	var pad strings.Builder
	for i, r := range []rune(e.Excerpt) {
		if i+1 >= e.Column {
			break
		}
		if r == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
	}
	return e.Error() + "\n  " + e.Excerpt + "\n  " + pad.String() + "^"
}

// excerptMax keeps the excerpt of a generated text, all on one line, printable.
const excerptMax = 200

// place fills in line, column and excerpt from the text.
func (e *Error) place(src string, line, column int) {
	if line <= 0 {
		return
	}
	e.Line, e.Column = line, column
	lines := strings.SplitN(src, "\n", line+1)
	if line > len(lines) {
		return
	}
	text := []rune(strings.TrimRight(lines[line-1], "\r"))
	if len(text) > excerptMax {
		return // a column in a line of this length says enough
	}
	e.Excerpt = string(text)
}
