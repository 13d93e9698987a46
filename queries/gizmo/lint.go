package gizmo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// warning tells one finding of the lint from another.
type warning struct {
	line, column int
	found        string
}

// lintPredicates checks the predicates in the i-th argument of the call that is running.
func (s *session) lintPredicates(i int, nodes []quad.Value) {
	if s.opts.Vocabulary == nil {
		return
	}
	for _, n := range nodes {
		if s.lintEnough() {
			return
		}
		if p, ok := n.(quad.IRI); ok && !s.opts.Vocabulary.Predicate(p) {
			s.unknown(i, "a known predicate", p, true)
		}
	}
}

// lintEntities checks nodes. One that the store has is known, whatever the vocabulary says.
func (s *session) lintEntities(nodes []quad.Value) {
	if s.opts.Vocabulary == nil {
		return
	}
	for i, n := range nodes {
		if s.lintEnough() {
			return
		}
		e, ok := n.(quad.IRI)
		if !ok || s.opts.Vocabulary.Entity(e) || s.opts.Vocabulary.Predicate(e) || s.store.ValueOf(e) != nil {
			continue
		}
		s.unknown(i, "a known entity", e, false)
	}
}

// lintMost bounds the findings of one run. A list of a thousand unknown names needs no thousand lines,
// and each costs a search for the nearest known name.
const lintMost = 20

// lintEnough ends the run when its time is over, and the lint when it has said enough.
func (s *session) lintEnough() bool {
	if err := s.ctx.Err(); err != nil {
		s.throw(err)
	}
	return len(s.warned) >= lintMost
}

func (s *session) unknown(i int, want string, iri quad.IRI, predicate bool) {
	e := &Error{Want: want, Found: iri.String()}
	if near := s.opts.Vocabulary.Nearest(iri, predicate); len(near) > 0 {
		words := make([]string, len(near))
		for i, n := range near {
			words[i] = n.String()
		}
		e.Hint = "did you mean " + strings.Join(words, " or ") + "?"
	}
	err := s.argError(i, e)
	if s.opts.Strict {
		s.throw(err)
	}
	s.warn(e)
}

// warn reports a finding, once for each place.
func (s *session) warn(e *Error) {
	e.File = s.prog.name
	if s.opts.Strict {
		s.fatal = e
		return
	}
	w := warning{e.Line, e.Column, e.Found}
	if _, ok := s.warned[w]; ok || s.opts.Warn == nil {
		return
	}
	if s.warned == nil {
		s.warned = make(map[warning]struct{})
	}
	s.warned[w] = struct{}{}
	s.opts.Warn(e)
}

// quoted joins words for a message.
func quoted(words []string) string {
	words = slices.Compact(slices.Sorted(slices.Values(words)))
	return strings.Trim(fmt.Sprintf("%q", words), "[]")
}
