package worker

import (
	"errors"
	"strings"

	"kg/queries/gizmo"
	"kg/queries/languages"
)

// ErrText says that a text in a language other than Gizmo has a mistake.
var ErrText = errors.New("a mistake in the text")

// A Fault is an error on its way out of a process.
type Fault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Excerpt string `json:"excerpt,omitempty"`
	Want    string `json:"want,omitempty"`
	Found   string `json:"found,omitempty"`
	Hint    string `json:"hint,omitempty"`
	Limit   string `json:"limit,omitempty"` // the limit's name
	Text    string `json:"text,omitempty"`  // of an error that has no place in the text
	Mistake bool   `json:"mistake,omitempty"`
}

// limits names the limits of a run on their way through a pipe.
func limits() map[string]error {
	return map[string]error{
		"time": gizmo.ErrTimeout, "rows": gizmo.ErrRows, "depth": gizmo.ErrDepth, "memory": gizmo.ErrMemory, "size": gizmo.ErrSize,
	}
}

// Pack makes an error ready to travel.
func Pack(err error) *Fault {
	f := &Fault{}
	for name, limit := range limits() {
		if errors.Is(err, limit) {
			f.Limit = name
		}
	}
	var e *gizmo.Error
	if !errors.As(err, &e) {
		var mistake *languages.TextError
		f.Mistake = errors.As(err, &mistake)
		f.Text = err.Error()
		return f
	}
	f.File, f.Line, f.Column, f.Excerpt, f.Want, f.Found, f.Hint = e.File, e.Line, e.Column, e.Excerpt, e.Want, e.Found, e.Hint
	if e.Want == "" && e.Err != nil {
		f.Text = e.Err.Error()
	}
	return f
}

// Unpack makes the error again: a [*gizmo.Error], a limit, or one that says what the other did.
func (f *Fault) Unpack() error {
	var cause error
	switch {
	case f.Limit != "":
		if cause = limits()[f.Limit]; cause != nil && f.Text != "" {
			cause = reachedLimit{text: f.Text, limit: cause}
		}
	case f.Mistake:
		return &textMistake{f.Text}
	case f.Text != "":
		cause = errors.New(f.Text)
	}
	if f.File == "" && cause != nil {
		return cause
	}
	return &gizmo.Error{File: f.File, Line: f.Line, Column: f.Column, Excerpt: f.Excerpt, Want: f.Want, Found: f.Found, Hint: f.Hint, Err: cause}
}

// A reachedLimit is the error of a limit in the words of the process that met it, which has the numbers.
type reachedLimit struct {
	text  string
	limit error
}

// Error is what the other process said.
func (e reachedLimit) Error() string { return e.text }

// Unwrap returns the limit.
func (e reachedLimit) Unwrap() error { return e.limit }

// textMistake is [ErrText] in the language's own words.
type textMistake struct{ text string }

func (e *textMistake) Error() string { return e.text }
func (e *textMistake) Unwrap() error { return ErrText }

// OutOfMemory says whether what a process left on standard error tells that the Go runtime gave up for
// want of memory. Where the kernel refuses a page that the runtime has counted on, it ends with a fault
// of segmentation instead of a word about memory; C's library, which has no room for the stack of one
// more thread, and the race detector's runtime, which allocates for itself, have words of their own.
func OutOfMemory(complaint string) bool {
	for _, sign := range []string{"out of memory", "cannot allocate memory", "SIGSEGV", "pthread_create failed", "ThreadSanitizer"} {
		if strings.Contains(complaint, sign) {
			return true
		}
	}
	return false
}
