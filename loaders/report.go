package loaders

import (
	"fmt"

	"kg/graph"
)

// A report gathers the problems of one input: the first only, or as many as [Options] allow.
type report struct {
	file      string
	keepGoing bool
	limit     int
	problems  graph.Problems
	more      int
}

func newReport(file string, o Options) *report {
	return &report{file: file, keepGoing: o.KeepGoing, limit: o.MaxProblems}
}

// add takes a problem (or several, or an error that holds one) and returns nil if reading shall go
// on. It returns what is no problem, and the first problem where one is enough.
func (r *report) add(err error) error {
	if !r.keepGoing {
		return err
	}
	var found graph.Problems
	if other := found.Collect(err); other != nil {
		return other
	}
	room := min(len(found), r.limit-len(r.problems))
	r.problems = append(r.problems, found[:room]...)
	r.more += len(found) - room
	return nil
}

// end returns all that was gathered. The last error is one after which nothing more could be read.
func (r *report) end(last error) error {
	if !r.keepGoing {
		return last
	}
	if last != nil {
		if other := r.problems.Collect(last); other != nil {
			return other
		}
	}
	if r.more > 0 {
		r.problems = append(r.problems, &graph.Problem{
			At:    graph.Position{File: r.file},
			Found: fmt.Sprintf("%d more problems", r.more),
			Hint:  fmt.Sprintf("the first %d are shown", r.limit),
		})
	}
	return r.problems.Join()
}
