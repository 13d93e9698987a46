package cli

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Streams is what a command knows of the process around it. Tests set every field by hand.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer

	// Whether a person sits at the other end, and how many columns fit beside each other on Out.
	InTerminal, OutTerminal, ErrTerminal bool
	Width                                int

	// Env looks an environment variable up; nil knows none.
	Env func(name string) (value string, set bool)

	// Dir is the folder in which project discovery starts; empty: the working folder.
	Dir string
}

// ProcessStreams returns the streams of this process.
func ProcessStreams() Streams {
	std := Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Env:         os.LookupEnv,
	}
	if std.OutTerminal {
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			std.Width = width
		}
	}
	return std
}

// env returns the value of an environment variable; one that is set to nothing counts as not set.
func (s Streams) env(name string) string {
	if s.Env == nil {
		return ""
	}
	value, _ := s.Env(name)
	return value
}

// say tells a person something. Nobody is left to tell when that fails.
func (s Streams) say(format string, args ...any) {
	_, _ = fmt.Fprintf(s.Err, format, args...)
}

// width is the number of columns of the terminal.
func (s Streams) width() int {
	if s.Width <= 0 {
		return 80
	}
	return s.Width
}
