package server

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"kg/exporters"
	"kg/graph"
	"kg/queries"
)

func (s *Server) health(*http.Request, *held) (*reply, error) {
	return &reply{kind: "text/plain; charset=utf-8", body: []byte("ok\n"), fresh: true}, nil
}

// ready says whether questions can be answered: the store is open and reads well.
func (s *Server) ready(_ *http.Request, h *held) (*reply, error) {
	if err := h.Err(); err != nil {
		return nil, &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "the store does not read well", cause: err}
	}
	return &reply{kind: "text/plain; charset=utf-8", body: []byte("ready\n"), fresh: true}, nil
}

type aboutJSON struct {
	Program string     `json:"program"`
	Title   string     `json:"title"`
	Licence string     `json:"licence,omitempty"`
	Terms   string     `json:"terms,omitempty"`
	Dataset string     `json:"dataset"`
	Built   string     `json:"built"`
	Counts  countsJSON `json:"counts"`
	Base    string     `json:"base"`
}

type countsJSON struct {
	Quads   int `json:"quads"`
	Claims  int `json:"claims"`
	Derived int `json:"derived"`
}

func (s *Server) about(_ *http.Request, h *held) (*reply, error) {
	m := h.Manifest()
	return jsonReply(aboutJSON{
		Program: s.o.About.Program, Title: s.o.About.Title, Licence: s.o.About.Licence, Terms: s.o.About.Terms,
		Dataset: h.digest, Built: m.Built.UTC().Format(time.RFC3339),
		Counts: countsJSON{m.Counts.Quads, m.Counts.Claims, m.Counts.Derived}, Base: h.Namespaces().Expand("kg:"),
	})
}

type questionJSON struct {
	Name    string            `json:"name"`
	Summary string            `json:"summary"`
	Params  []paramJSON       `json:"params"`
	Columns []columnJSON      `json:"columns"`
	Example map[string]string `json:"example"`
	Answer  string            `json:"answer"`
	Cayley  string            `json:"cayley,omitempty"`
	Text    string            `json:"text,omitempty"`
}

type paramJSON struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Wants    string   `json:"wants"`
	Required bool     `json:"required"`
	Enum     []string `json:"enum,omitempty"`
	Default  string   `json:"default,omitempty"`
	Help     string   `json:"help"`
}

type columnJSON struct {
	Name  string       `json:"name"`
	Title string       `json:"title"`
	Type  queries.Type `json:"type"`
	List  bool         `json:"list"`
}

func (s *Server) describe(q *queries.Question, schema *graph.Schema) questionJSON {
	j := questionJSON{
		Name: q.Name, Summary: q.Summary, Params: []paramJSON{}, Columns: []columnJSON{}, Example: map[string]string{},
		Answer: "/api/kg/questions/" + url.PathEscape(q.Name) + "/answer",
	}
	if s.o.Cayley != nil {
		j.Cayley = "/ui/query?question=" + url.QueryEscape(q.Name)
	}
	for _, p := range q.Params {
		j.Params = append(j.Params, paramJSON{
			Name: p.Name, Type: p.Type, Wants: p.TypeName(schema), Required: !p.Optional && p.Default == "",
			Enum: p.Enum, Default: p.Default, Help: p.Help,
		})
	}
	for _, c := range q.Columns {
		j.Columns = append(j.Columns, columnJSON{c.Name, c.Title, c.Type, c.List})
	}
	for name, v := range q.Example.Params {
		j.Example[name] = v
	}
	return j
}

func (s *Server) questions(_ *http.Request, h *held) (*reply, error) {
	list := []questionJSON{}
	for _, name := range s.o.Questions.Names() {
		q, err := s.lookup(name)
		if err != nil {
			return nil, err
		}
		list = append(list, s.describe(q, h.Schema()))
	}
	return jsonReply(map[string]any{"questions": list})
}

func (s *Server) question(r *http.Request, h *held) (*reply, error) {
	q, err := s.lookup(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	j := s.describe(q, h.Schema())
	j.Text = q.Text
	return jsonReply(j)
}

type classJSON struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Label      string `json:"label"`
	Plural     string `json:"plural"`
	Path       string `json:"path"`
	Broader    string `json:"broader,omitempty"`
	Definition string `json:"definition"`
}

type predicateJSON struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Label      string   `json:"label"`
	Inverse    string   `json:"inverse,omitempty"`
	Definition string   `json:"definition"`
	Range      string   `json:"range"`
	Unit       string   `json:"unit,omitempty"`
	Many       bool     `json:"many"`
	Derived    bool     `json:"derived"`
	Domain     []string `json:"domain"`
}

func (s *Server) schema(_ *http.Request, h *held) (*reply, error) {
	classes, predicates := []classJSON{}, []predicateJSON{}
	for _, c := range h.Schema().Classes() {
		j := classJSON{ID: string(c.IRI), Name: c.Name, Label: c.Label, Plural: c.Plural, Path: c.Path, Definition: c.Definition}
		if b, ok := h.Schema().Class(c.Broader); ok {
			j.Broader = b.Name
		}
		classes = append(classes, j)
	}
	for _, p := range h.Schema().Predicates() {
		j := predicateJSON{
			ID: string(p.IRI), Name: p.Name, Label: p.Label, Inverse: p.Inverse, Definition: p.Definition,
			Range: p.Range.String(), Unit: p.Unit, Many: p.Many, Derived: p.Derived, Domain: []string{},
		}
		for _, c := range p.Domain {
			j.Domain = append(j.Domain, c.Name)
		}
		predicates = append(predicates, j)
	}
	return jsonReply(map[string]any{"classes": classes, "predicates": predicates})
}

type formatJSON struct {
	Name      string `json:"name"`
	Extension string `json:"extension"`
	MediaType string `json:"media_type"`
	About     string `json:"about"`
}

func (s *Server) formats(*http.Request, *held) (*reply, error) {
	list := []formatJSON{}
	for _, f := range exporters.Formats() {
		list = append(list, formatJSON{f.Name, strings.Join(f.Extensions[:min(1, len(f.Extensions))], ""), f.MediaType, f.About})
	}
	return jsonReply(map[string]any{"formats": list})
}
