package cli

import (
	"context"
	"runtime/debug"
)

// Main runs the command line and returns the exit code of the process. It is the whole program as
// tests see it: no error and no panic leaves it.
func Main(ctx context.Context, args []string, std Streams) (code int) {
	defer func() {
		if p := recover(); p != nil {
			code = crashed(std, p)
		}
	}()
	collectLater(std)
	if std.OutTerminal {
		out := &screen{w: std.Out}
		defer func() { _ = out.Close() }() // what is kept back is no whole character
		std.Out = out
	}
	a := &app{std: std}
	root := newRoot(a, args)
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	root.SetArgs(append([]string{}, args...)) // never nil: cobra would read os.Args
	err := root.ExecuteContext(ctx)
	if closing := a.close(); closing != nil && err == nil {
		err = closing
	}
	report(ctx, std, err)
	return exitCode(ctx, err)
}

// crashed reports a panic, which is a fault of the program and never of its user, in one line.
// KG_DEBUG adds the trace that a report of the fault needs.
func crashed(std Streams, p any) int {
	std.say("kg: internal fault: %v; please report it with the command that you ran and the output of \"kg version\" (KG_DEBUG=1 prints a trace to send along)\n", p)
	if std.env(envDebug) != "" {
		std.say("%s", debug.Stack())
	}
	return exitBadInput
}
