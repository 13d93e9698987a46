package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
)

// errStopped is the end of one text by Ctrl-C; the prompt goes on.
var errStopped = errors.New("interrupted; the prompt goes on")

// interrupts takes Ctrl-C away from the program, so that it ends only the text that runs. In a script
// nobody is there to go on, and Ctrl-C ends the program as always.
func (p *prompt) interrupts() (release func()) {
	if !p.app.std.InTerminal {
		return func() {}
	}
	p.signals = make(chan os.Signal, 1)
	p.catch()
	return func() { signal.Stop(p.signals) }
}

func (p *prompt) catch() {
	signal.Reset(os.Interrupt)
	signal.Notify(p.signals, os.Interrupt)
}

// interruptible runs something that Ctrl-C may end. A second Ctrl-C, while the first has not helped
// yet, ends the program.
func (p *prompt) interruptible(ctx context.Context, run func(context.Context) error) error {
	if p.signals == nil {
		return run(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	finished := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-p.signals:
			signal.Reset(os.Interrupt)
			cancel(errStopped)
		case <-finished:
		}
	}()
	err := run(ctx)
	close(finished)
	<-watched
	stopped := errors.Is(context.Cause(ctx), errStopped)
	cancel(nil)
	if !stopped {
		return err
	}
	p.catch()
	return errStopped
}
