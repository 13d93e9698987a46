package graph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Position is a place in an input. Line and Column count from 1; zero means unknown.
type Position struct {
	File         string // a path as the user gave it, "-" for standard input
	Line, Column int    // Column counts characters, not bytes
}

// String prints the position as editors read it: file:line:column.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			s += ":" + strconv.Itoa(p.Column)
		}
	}
	return s
}

// A Problem is one thing wrong with an input: where it stands, what was wanted, what was found and,
// if that is known, what to do next.
type Problem struct {
	At    Position
	Want  string // "a date like 2020-07-02"
	Found string // printed as it is: quote it where it is the input's own text
	Hint  string // "did you mean kg:ledBy?"
	Err   error  // a sentinel or the cause, for errors.Is; its text is printed only when Want is empty
}

// Error prints the problem on one line.
func (p *Problem) Error() string {
	var b strings.Builder
	if s := p.At.String(); s != "" {
		b.WriteString(s + ": ")
	}
	switch {
	case p.Want != "" && p.Found != "":
		fmt.Fprintf(&b, "want %s, found %s", p.Want, p.Found)
	case p.Want != "":
		b.WriteString("want " + p.Want)
	case p.Err != nil && p.Found != "":
		fmt.Fprintf(&b, "%v: %s", p.Err, p.Found)
	case p.Err != nil:
		b.WriteString(p.Err.Error())
	default:
		b.WriteString(p.Found)
	}
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Problems is every problem of an input, in the order in which they were met. It is an error of
// several lines, one a problem.
type Problems []*Problem

// Error prints one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems, so that errors.Is and errors.As look into each.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Join returns the problems as an error: nil when there are none.
func (ps Problems) Join() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Collect adds err to the problems if it is one or several of them and returns nil; any other error
// is returned as it is, and so is what else was joined with problems ([errors.Join]). A nil *Problem,
// as a check returns it that found nothing, adds nothing.
func (ps *Problems) Collect(err error) error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		switch e := e.(type) { //nolint:errorlint // the loop unwraps: what is outermost decides
		case *Problem:
			if e != nil {
				*ps = append(*ps, e)
			}
			return nil
		case interface{ Unwrap() []error }: // Problems, or errors that were joined
			var others []error
			for _, part := range e.Unwrap() {
				others = append(others, ps.Collect(part))
			}
			return errors.Join(others...)
		}
	}
	return err
}
