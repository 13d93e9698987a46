// Package cli is the kg command: one file a command, each turning arguments into calls of the
// other packages and their answers into tables.
//
// Data go to standard output and nothing else does; words to people go to standard error. Every
// table leaves through one encoder (encode*.go), every error through one switch (exit.go), so that
// all commands agree on formats and exit codes. Only this package knows of cobra, colours, progress
// and terminals, and it reaches the process (files, environment, terminal) through [Streams].
package cli
