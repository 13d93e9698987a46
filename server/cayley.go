package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
	"kg/server/worker"
)

// kindPlain is how Cayley's first API sends JSON: its own page takes anything else for parsed already.
const kindPlain = "text/plain; charset=utf-8"

// What Cayley's clients get when they do not say how many rows they want.
const cayleyRows = 100

// cayleyRoutes lists the addresses of Cayley's API.
func (s *Server) cayleyRoutes(mux *http.ServeMux) {
	mux.Handle("POST /api/v1/query/{language}", s.answering(s.v1Query))
	mux.Handle("POST /api/v1/shape/{language}", s.answering(s.v1Shape))
	mux.Handle("GET /api/v2/query", s.answering(s.v2Query))
	mux.Handle("POST /api/v2/query", s.answering(s.v2Query))
	mux.Handle("GET /api/v2/read", s.answering(s.v2Read))
	mux.Handle("POST /api/v2/read", s.answering(s.v2Read))
	mux.Handle("GET /api/v2/formats", s.answering(s.v2Formats))
	s.writeRoutes(mux)
}

// text reads a query text from a body. One that is cut would be another text.
func text(r *http.Request) (string, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	if len(b) == 0 {
		return "", bad("query is empty")
	}
	return string(b), nil
}

// runText runs a text in a process of its own.
func (s *Server) runText(r *http.Request, j worker.Job) (worker.Result, error) {
	if s.o.Texts == nil {
		return worker.Result{}, worker.ErrNone
	}
	return s.o.Texts.Run(r.Context(), j)
}

// gizmo answers with the rows of a text as the command line prints them.
func (s *Server) gizmo(r *http.Request, _ *held) (*reply, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(strings.ToLower(kind)) != "application/json" {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, code: codeBadRequest, message: "want a body of type application/json"}
	}
	var body struct {
		Text   string         `json:"text"`
		Params map[string]any `json:"params"`
		Claims bool           `json:"claims"`
		Limit  int            `json:"limit"`
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		return nil, bad("the body: want an object with text, params, claims and limit: " + err.Error())
	}
	if body.Limit < 0 || body.Limit > maxRows {
		return nil, bad("limit: want a whole number from 1 to " + strconv.Itoa(maxRows) + ", found " + strconv.Itoa(body.Limit))
	}
	if body.Limit == 0 {
		body.Limit = defaultRows
	}
	result, err := s.runText(r, worker.Job{
		Kind: worker.KindTable, Language: "gizmo", Text: body.Text, Params: body.Params, Claims: body.Claims, Limit: body.Limit,
	})
	if err != nil {
		return nil, err
	}
	return &reply{kind: kindJSON, body: result.Body, fresh: true}, nil
}

func (s *Server) v1Query(r *http.Request, _ *held) (*reply, error) {
	q, err := text(r)
	if err != nil {
		return nil, err
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit")) // as Cayley: what is no number is none
	if limit == 0 {
		limit = cayleyRows
	}
	return s.cayleyAnswer(r, worker.Job{Kind: worker.KindCayley, Language: r.PathValue("language"), Text: q, Limit: limit}, kindPlain)
}

func (s *Server) v1Shape(r *http.Request, _ *held) (*reply, error) {
	q, err := text(r)
	if err != nil {
		return nil, err
	}
	return s.cayleyAnswer(r, worker.Job{Kind: worker.KindShape, Language: r.PathValue("language"), Text: q}, kindPlain)
}

func (s *Server) v2Query(r *http.Request, _ *held) (*reply, error) {
	values := r.URL.Query()
	language := values.Get("lang")
	if language == "" {
		return nil, bad("query language not specified")
	}
	q := values.Get("qu")
	if r.Method == http.MethodPost {
		var err error
		if q, err = text(r); err != nil {
			return nil, err
		}
	}
	if q == "" {
		return nil, bad("query is empty")
	}
	kind := "application/json"
	linked := strings.HasPrefix(strings.TrimSpace(r.Header.Get("Accept")), "application/ld+json")
	if linked {
		kind = "application/ld+json"
	}
	return s.cayleyAnswer(r, worker.Job{Kind: worker.KindCayley, Language: language, Text: q, Limit: cayleyRows, Linked: linked}, kind)
}

// cayleyAnswer runs a text. Rows that were left out are told in a header too, since Cayley's clients
// look at nothing but the rows.
func (s *Server) cayleyAnswer(r *http.Request, j worker.Job, kind string) (*reply, error) {
	result, err := s.runText(r, j)
	if err != nil {
		return nil, err
	}
	a := &reply{kind: kind, body: result.Body, fresh: true}
	if result.Truncated {
		a.headers = append(a.headers, [2]string{"Kg-Truncated", "true"})
	}
	return a, nil
}

// v2Read sends quads.
func (s *Server) v2Read(r *http.Request, h *held) (*reply, error) {
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			return nil, bad("the form cannot be read: " + err.Error())
		}
		values = r.Form
	}
	format, err := cayleyFormat(values.Get("format"), r.Header.Get("Accept"))
	if err != nil {
		return nil, err
	}
	patterns, err := patterns(h, values)
	if err != nil {
		return nil, err
	}
	namespaces := h.Namespaces()
	return &reply{
		kind: orBinary(format.MediaType), fresh: true,
		stream: func(w io.Writer) error {
			return format.Write(w, exporters.Document{
				Namespaces: namespaces, Schema: h.Schema(), About: s.o.About,
				Quads: func(yield func(quad.Quad, error) bool) {
					for _, p := range patterns {
						for q, err := range h.Match(r.Context(), p) {
							if !yield(q, err) || err != nil {
								return
							}
						}
					}
				},
			})
		},
	}, nil
}

// cayleyFormats are the formats by the names that Cayley gives them, the default first.
func cayleyFormats() [][2]string {
	return [][2]string{{"nquads", "nquads-stream"}, {"jsonld", "jsonld"}, {"json", "cayley-json"}, {"pquads", "pquads"}}
}

func cayleyFormat(name, accept string) (exporters.Format, error) {
	accept, _, _ = strings.Cut(accept, ",")
	accept, _, _ = strings.Cut(accept, ";")
	var first exporters.Format
	for i, pair := range cayleyFormats() {
		f, err := exporters.ByName(pair[1])
		if err != nil {
			return f, err
		}
		if i == 0 {
			first = f
		}
		if pair[0] == name || name == "" && accept != "" && f.MediaType == strings.TrimSpace(accept) {
			return f, nil
		}
	}
	if name != "" {
		return first, bad("format is not supported for reading data")
	}
	return first, nil
}

// mostPatterns bounds the combinations of what is asked for.
const mostPatterns = 1000

// patterns are the quads asked for: every combination of the values given for each direction.
func patterns(h *held, values url.Values) ([]graph.Pattern, error) {
	list := []graph.Pattern{{}}
	for _, direction := range []struct {
		name string
		set  func(p *graph.Pattern, v quad.Value)
	}{
		{"sub", func(p *graph.Pattern, v quad.Value) { p.Subject = v }},
		{"pred", func(p *graph.Pattern, v quad.Value) { p.Predicate = v }},
		{"obj", func(p *graph.Pattern, v quad.Value) { p.Object = v }},
		{"label", func(p *graph.Pattern, v quad.Value) { p.Label = v }},
	} {
		text := values.Get(direction.name)
		if text == "" {
			continue
		}
		var more []graph.Pattern
		for _, p := range list {
			for part := range strings.SplitSeq(text, ",") {
				direction.set(&p, h.meant(quad.StringToValue(part)))
				more = append(more, p)
				if len(more) > mostPatterns {
					return nil, bad("the values make more than " + strconv.Itoa(mostPatterns) + " combinations")
				}
			}
		}
		list = more
	}
	return list, nil
}

func (s *Server) v2Formats(*http.Request, *held) (*reply, error) {
	type formatJSON struct {
		ID     string   `json:"id"`
		Read   bool     `json:"read,omitempty"`
		Write  bool     `json:"write"`
		Ext    []string `json:"ext,omitempty"`
		Mime   []string `json:"mime,omitempty"`
		Binary bool     `json:"binary,omitempty"`
	}
	var list []formatJSON
	for _, pair := range cayleyFormats() {
		f, err := exporters.ByName(pair[1])
		if err != nil {
			return nil, err
		}
		list = append(list, formatJSON{pair[0], s.o.Writing != nil, true, f.Extensions, []string{f.MediaType}, pair[0] == "pquads"})
	}
	return jsonReply(list)
}
