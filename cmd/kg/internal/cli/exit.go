package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"kg/graph"
	"kg/queries"
	"kg/queries/gizmo"
)

// Exit codes; "kg help exit-codes" explains them to users.
const (
	exitDone        = 0
	exitCheck       = 1
	exitUsage       = 2
	exitBadInput    = 3
	exitIncomplete  = 4
	exitInterrupted = 130
)

// errCheck says that a check failed. What failed has been printed already.
var errCheck = errors.New("a check failed")

// errEmpty is the empty answer under --exit-status.
var errEmpty = errors.New("no rows")

// errIncomplete is an answer that is not the whole answer.
var errIncomplete = errors.New("the answer is incomplete")

// errTold marks an error that has been printed already.
var errTold = errors.New("told")

// A usageError is a command line that cannot be understood.
type usageError struct {
	path string // of the command: "kg query"
	text string
	hint string // "did you mean …?"
}

func usagef(path, hint, format string, args ...any) error {
	return &usageError{path: path, text: fmt.Sprintf(format, args...), hint: hint}
}

// Error says what was found and, if it is known, what was meant.
func (e *usageError) Error() string {
	if e.hint != "" {
		return e.text + "; " + e.hint
	}
	return e.text
}

// exitCode is the one place where errors become exit codes.
func exitCode(ctx context.Context, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case isClosedPipe(err):
		return exitDone
	case interrupted(ctx):
		return exitInterrupted
	case errors.As(err, &usage), errors.Is(err, graph.ErrAddress):
		return exitUsage
	case errors.Is(err, errCheck), errors.Is(err, errEmpty):
		return exitCheck
	case errors.Is(err, errIncomplete), errors.Is(err, queries.ErrTimeLimit):
		return exitIncomplete
	default:
		return exitBadInput
	}
}

// interrupted says whether a signal ended the command's context. A time limit is another context.
func interrupted(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded)
}

// isClosedPipe says whether the reader of the output went away, as head does when it has enough.
func isClosedPipe(err error) bool {
	var write *writeError
	return errors.As(err, &write) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe))
}

// A writeError is an error of standard output or of the file named by -o, told apart from other
// errors because a closed pipe there is no failure.
type writeError struct{ err error }

func (e *writeError) Error() string { return "writing the output: " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }

// report prints err for a person: each problem on a line of its own.
func report(ctx context.Context, std Streams, err error) {
	var usage *usageError
	switch {
	case err == nil, isClosedPipe(err), errors.Is(err, errCheck), errors.Is(err, errEmpty), errors.Is(err, errTold):
		return
	case interrupted(ctx):
		std.say("kg: interrupted\n")
		return
	}
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			std.say("kg: %s\n", visible(line))
		}
	}
	var text *gizmo.Error
	if errors.As(err, &text) {
		if _, excerpt, ok := strings.Cut(text.Detail(), "\n"); ok {
			std.say("%s\n", visible(excerpt))
		}
	}
	if errors.As(err, &usage) {
		std.say("Run \"%s --help\" for usage.\n", usage.path)
	}
}
