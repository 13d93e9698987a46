// Package answers makes the tables that no saved question gives: all that is known about an entity, who
// claims what, what a search finds, how two things connect, what lies around one, what is counted. The
// command line prints them and the server sends them, so they are made in one place.
package answers

import (
	"kg/graph"
)

// A Reader answers from an open store. Several goroutines may use it at once.
type Reader struct {
	Store  *graph.Store
	Schema *graph.Schema

	// Places tells for the id of a claim (A-SEED-010) the file and line of the table that holds it. It
	// is called when claims are listed; nil where the facts are no tables.
	Places func() map[string]string
}
