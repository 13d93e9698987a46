// Package worker runs query texts of strangers in processes of their own. No check inside a process
// stops all that a text may do: a string that doubles is a fatal want of memory, some built-ins never
// look at the clock. The end of a process stops everything.
//
// A [Pool] keeps a few processes, each of them this program once more, reading the same store
// ([Serve]). A process runs one text at a time. One that does not answer in time, or dies, is replaced.
package worker
