package server

import (
	"context"
	"net/http"
	"strings"

	"kg/graph"
)

// What the clocks are called in an address. They mean what --known-at, --valid-at and --undated mean on
// the command line.
const (
	knownAt = "known_at"
	validAt = "valid_at"
	undated = "undated"
)

// clockJSON is the member clock: by when it was asked, and what that left out.
type clockJSON struct {
	KnownAt string           `json:"known_at,omitempty"`
	ValidAt string           `json:"valid_at,omitempty"`
	Undated bool             `json:"undated"`
	Counts  graph.ViewCounts `json:"counts"`
	Note    string           `json:"note"` // the same for people
	clock   graph.Clock
}

// String names the clocks: "known at 2020-07-03".
func (c *clockJSON) String() string { return c.clock.String() }

func clockOf(c graph.Clock, left graph.ViewCounts) *clockJSON {
	return &clockJSON{
		KnownAt: c.Known.String(), ValidAt: c.Valid.String(), Undated: c.Undated, Counts: left, clock: c,
		Note: c.String() + ": " + left.Words(undated+"=true"),
	}
}

// askedClock reads the clocks of a request, and nothing else of it.
func askedClock(r *http.Request) (graph.Clock, error) {
	a := asked(r)
	return a.clock(), a.err
}

// clock reads the parameters of the clocks.
func (a *asking) clock() graph.Clock {
	c := graph.Clock{Undated: a.flag(undated)}
	for _, p := range []struct {
		name string
		to   *graph.Date
	}{{knownAt, &c.Known}, {validAt, &c.Valid}} {
		text := a.text(p.name)
		if text == "" {
			continue
		}
		d, err := graph.ParseDate(text)
		if err != nil && a.err == nil {
			a.err = bad(p.name + ": " + err.Error())
		}
		*p.to = d
	}
	if c.Undated && c.Known.IsZero() && a.err == nil {
		a.err = bad(undated + " says what " + knownAt + " does with documents without a date; give " + knownAt + " too")
	}
	return c
}

// clocked answers from the view that the clocks of a request make of the store.
func (s *Server) clocked(h handler) handler {
	return func(r *http.Request, base *held) (*reply, error) {
		clock, err := askedClock(r)
		if err != nil {
			return nil, err
		}
		r = withClocks(r)
		if clock.IsZero() {
			return h(r, base)
		}
		view, give, err := s.views.take(r.Context(), base, clock)
		if err != nil {
			return nil, err
		}
		outcomeOf(r).atEnd(give) // not before: an answer may be read from the view while it is sent
		a, err := h(r, view)
		if err == nil {
			err = view.Err()
		}
		return a, err
	}
}

// showClock answers what the clocks leave out, and nothing else.
func (s *Server) showClock(r *http.Request, h *held) (*reply, error) {
	if err := asked(r).done(); err != nil {
		return nil, err
	}
	if h.clock == nil {
		return nil, bad(knownAt + ": want a date, found none; or give " + validAt)
	}
	return jsonReply(h.clock)
}

// clocksKey marks the requests whose clocks were understood.
type clocksKey struct{}

func withClocks(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), clocksKey{}, true))
}

// hasClocks says whether an address takes clocks.
func hasClocks(r *http.Request) bool {
	return r.Context().Value(clocksKey{}) != nil
}

// versionFor names what a request is answered from: the dataset and the clocks that choose among its
// claims.
func versionFor(r *http.Request, h *held) string {
	if !mayHaveClocks(r.URL.RawQuery) {
		return h.digest
	}
	clock, err := askedClock(r)
	if err != nil || clock.IsZero() {
		return h.digest
	}
	return h.digest + " " + clock.String()
}

// mayHaveClocks says whether a query has the name of a clock, or one that is written with escapes.
func mayHaveClocks(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name == knownAt || name == validAt || strings.ContainsAny(name, "%+;") {
			return true
		}
	}
	return false
}
