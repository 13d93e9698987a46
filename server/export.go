package server

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// export sends the graph, or a part of it, as a file.
func (s *Server) export(r *http.Request, h *held) (*reply, error) {
	a, reader := asked(r), s.reader(h)
	format, err := exporters.ByName(a.required("format"))
	if err != nil && a.err == nil {
		a.err = err
	}
	choice := answers.Choice{
		Entities: a.list("id", 100), Path: a.flag("path"),
		Depth: a.number("depth", 1, 1, 6), PerNode: a.number("per_node", 1000, 0, 1_000_000),
		Direction: graph.Direction(max(0, slices.Index([]string{"either", "forward", "backward"}, a.word("direction", "either", "forward", "backward")))),
		Classes:   a.list("class", 50), Predicates: a.list("predicate", 50), Sources: a.list("source", 50), Places: a.list("place", 50),
		Preferred: a.flag("preferred"), WithoutClaims: a.flag("no_claims"), StatedOnly: a.flag("stated_only"),
	}
	if choice.Path && len(choice.Entities) != 2 && a.err == nil {
		a.err = bad(fmt.Sprintf("path: want two entities as id, found %d", len(choice.Entities)))
	}
	choice.During.From, choice.During.Until = a.date("since"), a.date("until")
	if err := s.behindAnswer(r, h, a, &choice); err != nil {
		return nil, err
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	chosen, err := reader.Choose(r.Context(), choice)
	if err != nil {
		return nil, err
	}
	about := s.o.About
	about.Title, about.Dataset, about.Command = chosen.Title, h.digest, ""
	notes := []string{}
	if h.clock != nil {
		about.Title += ", " + h.clock.String()
		notes = append(notes, h.clock.Note)
	}
	document := exporters.Document{
		Quads: func(func(quad.Quad, error) bool) {}, Namespaces: h.Namespaces(), Schema: h.Schema(), About: about,
		Lost: func(text string) { notes = append(notes, text) },
	}
	if chosen.Empty {
		notes = append(notes, chosen.Why+", so no quads")
	} else {
		document.Quads = h.Subgraph(r.Context(), chosen.Selection)
	}
	name := graph.Slug(about.Title) + strings.Join(format.Extensions[:min(1, len(format.Extensions))], "")
	return &reply{
		kind:    orBinary(format.MediaType),
		headers: [][2]string{{"Content-Disposition", `attachment; filename="` + name + `"`}, {"Trailer", "Kg-Note"}},
		stream: func(w io.Writer) error {
			if err := format.Write(w, document); err != nil {
				return err
			}
			for _, entity := range slices.Sorted(maps.Keys(chosen.Cut)) {
				notes = append(notes, fmt.Sprintf("%s brings %d facts more than per_node allows; they were left out", entity, chosen.Cut[entity]))
			}
			for _, note := range notes {
				outcomeOf(r).Header().Add("Kg-Note", url.PathEscape(note))
			}
			return nil
		},
	}, nil
}

// behindAnswer adds the claims behind the answer to a question.
func (s *Server) behindAnswer(r *http.Request, h *held, a *asking, choice *answers.Choice) error {
	name := a.text("question")
	if name == "" {
		return nil
	}
	q, err := s.lookup(name)
	if err != nil {
		return err
	}
	given := map[string]string{}
	choice.Question = name
	for _, p := range q.Params {
		if v := a.text("param." + p.Name); v != "" {
			given[p.Name] = v
			choice.Question += ", " + p.Name + " " + v
		}
	}
	if err := a.done(); err != nil {
		return err
	}
	t, err := q.Run(r.Context(), h.Store, given, queries.Options{Claims: true, StatedOnly: choice.StatedOnly, Timeout: answerTime})
	if err != nil {
		return err
	}
	choice.Claims = answers.ClaimsIn(*t)
	return nil
}

// date is a day, a month or a year.
func (a *asking) date(name string) graph.Date {
	text := a.text(name)
	if text == "" {
		return graph.Date{}
	}
	d, err := graph.ParseDate(text)
	if err != nil {
		a.fault(name, "a date like 2020-07-02, 2020-07 or 2020", text)
	}
	return d
}

func orBinary(kind string) string {
	if kind == "" {
		return "application/octet-stream"
	}
	return kind
}
