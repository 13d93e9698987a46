// Command kg builds a knowledge graph from curated facts and answers questions about it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"kg/cmd/kg/internal/cli"
)

func main() { os.Exit(run()) }

// run exists so that deferred calls finish before the process exits.
func run() int {
	// A reader that went away ("| head") is an error of the write, not a signal that kills us.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	return cli.Main(ctx, os.Args[1:], cli.ProcessStreams())
}
