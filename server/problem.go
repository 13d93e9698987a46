package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
	"kg/queries/gizmo"
	"kg/server/worker"
)

// The words that say which kind of error an answer is.
const (
	codeBadRequest   = "bad_request"
	codeUnauthorized = "unauthorized"
	codeForbidden    = "forbidden"
	codeNotFound     = "not_found"
	codeAmbiguous    = "ambiguous"
	codeMethod       = "method_not_allowed"
	codeTooLarge     = "too_large"
	codeUnfit        = "unprocessable"
	codeTooMany      = "too_many_requests"
	codeTime         = "time_limit"
	codeMemory       = "memory_limit"
	codeInternal     = "internal"
	codeUnavailable  = "unavailable"
)

// statusGone is what the log says of a client that left before the answer.
const statusGone = 499

// A refusal is an error with what HTTP says of it.
type refusal struct {
	status  int
	code    string
	message string
	retry   int // seconds until it is worth asking again; 0: not said
	cause   error
}

// Error is the message.
func (e *refusal) Error() string { return e.message }

// Unwrap returns what was behind it.
func (e *refusal) Unwrap() error { return e.cause }

// bad is the error of a request that cannot be understood.
func bad(message string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: codeBadRequest, message: message}
}

type errorJSON struct {
	Status      int         `json:"status"`
	Code        string      `json:"code"`
	Message     string      `json:"message"`
	ID          string      `json:"id"`
	Suggestions []thingJSON `json:"suggestions,omitempty"`
	Line        int         `json:"line,omitempty"`
	Column      int         `json:"column,omitempty"`
	Excerpt     string      `json:"excerpt,omitempty"`
}

// thingJSON is an entity, as in tables.
type thingJSON struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// understood finds what HTTP says of an error.
func understood(err error) *refusal {
	var known *refusal
	var missing *graph.NotFoundError
	var ambiguous *graph.AmbiguousError
	var problem *graph.Problem
	var problems graph.Problems
	var text *gizmo.Error
	var large *http.MaxBytesError
	say := func(status int, code string) *refusal {
		return &refusal{status: status, code: code, message: err.Error(), cause: err}
	}
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &large):
		return &refusal{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, message: "the body is too large"}
	case errors.Is(err, worker.ErrBusy):
		return &refusal{status: http.StatusTooManyRequests, code: codeTooMany, message: "too many texts are waiting to be run", retry: 2, cause: err}
	case errors.Is(err, worker.ErrWaited), errors.Is(err, worker.ErrNone):
		return &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "no text can be run now", retry: 5, cause: err}
	case errors.Is(err, queries.ErrTimeLimit), errors.Is(err, gizmo.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return say(http.StatusGatewayTimeout, codeTime)
	case errors.Is(err, gizmo.ErrMemory):
		return say(http.StatusUnprocessableEntity, codeMemory)
	case errors.Is(err, gizmo.ErrRows), errors.Is(err, gizmo.ErrSize), errors.Is(err, gizmo.ErrDepth):
		return say(http.StatusUnprocessableEntity, codeUnfit)
	case errors.Is(err, context.Canceled):
		return say(statusGone, codeUnavailable)
	case errors.Is(err, queries.ErrUnknownQuestion):
		return say(http.StatusNotFound, codeNotFound)
	case errors.As(err, &missing):
		return say(http.StatusNotFound, codeNotFound)
	case errors.As(err, &ambiguous):
		return say(http.StatusConflict, codeAmbiguous)
	case errors.Is(err, graph.ErrNoNode):
		return say(http.StatusNotFound, codeNotFound)
	case errors.Is(err, graph.ErrNotWritable), errors.Is(err, graph.ErrNoStore), errors.Is(err, graph.ErrStoreVersion):
		return &refusal{status: http.StatusInternalServerError, code: codeInternal, message: "the store cannot be changed; the server's log says why", cause: err}
	case errors.As(err, &problem), errors.As(err, &problems), errors.As(err, &text), errors.Is(err, worker.ErrText):
		return say(http.StatusBadRequest, codeBadRequest)
	default:
		return &refusal{status: http.StatusInternalServerError, code: codeInternal, message: "a fault of the program", cause: err}
	}
}

// fail answers with an error.
func (s *Server) fail(o *outcome, r *http.Request, err error) {
	e := understood(err)
	if e.status == http.StatusInternalServerError && e.cause != nil {
		s.o.Log.Error("no answer", "id", o.id, "path", r.URL.Path, "reason", e.cause.Error())
	}
	if o.begun {
		panic(http.ErrAbortHandler)
	}
	j := errorJSON{Status: e.status, Code: e.code, Message: e.message, ID: o.id}
	var missing *graph.NotFoundError
	var ambiguous *graph.AmbiguousError
	var text *gizmo.Error
	var problem *graph.Problem
	switch {
	case errors.As(err, &missing):
		for _, c := range missing.Suggestions {
			j.Suggestions = append(j.Suggestions, thingJSON{string(c.ID), c.Name})
		}
	case errors.As(err, &ambiguous):
		for _, c := range ambiguous.Candidates {
			j.Suggestions = append(j.Suggestions, thingJSON{string(c.ID), c.Name})
		}
	case errors.As(err, &text):
		j.Line, j.Column, j.Excerpt = text.Line, text.Column, text.Excerpt
	case errors.As(err, &problem):
		j.Line, j.Column = problem.At.Line, problem.At.Column
	}
	h := o.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Encoding")
	if e.retry > 0 {
		h.Set("Retry-After", decimal(e.retry))
	}
	h.Set("Content-Type", kindJSON)
	body, _ := json.Marshal(s.errorBody(r, j)) // strings and numbers can always be encoded
	h.Set("Content-Length", decimal(len(body)+1))
	o.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = o.Write(append(body, '\n')) // a client that left needs no error
	}
}

// errorBody is the body of an error. Of Cayley's API the member error is the message alone, since its
// clients show it.
func (s *Server) errorBody(r *http.Request, j errorJSON) any {
	if isCayley(r.URL.Path) {
		return struct {
			Error  string `json:"error"`
			Line   int    `json:"line,omitempty"`
			Column int    `json:"column,omitempty"`
		}{j.Message, j.Line, j.Column}
	}
	return map[string]any{"error": j}
}

// isCayley says whether an address is of Cayley's API.
func isCayley(path string) bool {
	return strings.HasPrefix(path, "/api/v1/") || strings.HasPrefix(path, "/api/v2/")
}

// thing is an entity as tables have it.
func thing(v queries.Value) thingJSON {
	iri, _ := v.Term.(quad.IRI)
	return thingJSON{ID: string(iri), Name: v.Plain()}
}
