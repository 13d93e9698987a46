package server

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// tableReply is a table as the command line prints it, with more members.
func tableReply(h *held, t queries.Table, more ...queries.Member) (*reply, error) {
	if h.clock != nil {
		more = append(more, queries.Member{Name: "clock", Value: h.clock})
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	t.Count = max(t.Count, len(t.Rows))
	t.WriteJSON(w, more...)
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return &reply{kind: kindJSON, body: b.Bytes()}, nil
}

// answer runs a saved question.
func (s *Server) answer(r *http.Request, h *held) (*reply, error) {
	return s.ask(r, h, r.PathValue("name"))
}

// timeline is the saved question of that name.
func (s *Server) timeline(r *http.Request, h *held) (*reply, error) {
	return s.ask(r, h, "timeline")
}

// ask runs a question with the parameters of a request.
func (s *Server) ask(r *http.Request, h *held, name string) (*reply, error) {
	q, err := s.lookup(name)
	if err != nil {
		return nil, err
	}
	a := asked(r)
	p := a.page(defaultRows)
	o := queries.Options{Claims: a.flag("claims"), StatedOnly: a.flag("stated_only"), Timeout: answerTime}
	t, err := q.Run(r.Context(), h.Store, a.params(q), o)
	if fault := a.done(); fault != nil {
		return nil, fault
	}
	if err != nil {
		return nil, err
	}
	return tableReply(h, *t, p.cut(t, r)...)
}

// params are the parameters of a question: by their own names, or behind "param.".
func (a *asking) params(q *queries.Question) map[string]string {
	given := map[string]string{}
	for _, p := range q.Params {
		if !a.read[p.Name] {
			if v := a.text(p.Name); v != "" {
				given[p.Name] = v
			}
		}
		if v := a.text("param." + p.Name); v != "" {
			given[p.Name] = v
		}
	}
	return given
}

// cardJSON says what an entity is in brief.
type cardJSON struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Class     string        `json:"class"`
	ClassName string        `json:"class_name"`
	Names     []string      `json:"names"`
	Kinds     []thingJSON   `json:"kinds"`
	Position  *positionJSON `json:"position,omitempty"`
	Conflicts int           `json:"conflicts"`
	Figures   int           `json:"figures"`
	Claims    int           `json:"claims"`
}

type positionJSON struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// entity is the card of an entity.
func (s *Server) entity(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	text, stated, p := a.required("id"), a.flag("stated_only"), a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	id, err := h.Find(r.Context(), text)
	if err != nil {
		return nil, err
	}
	reader := s.reader(h)
	var t queries.Table
	if graph.IsClaim(id) || graph.IsDerivation(id) {
		t, err = reader.Claims(r.Context(), []string{string(id)}, stated)
	} else {
		t, err = reader.Show(r.Context(), id, stated)
	}
	if err != nil {
		return nil, err
	}
	card, err := s.card(r.Context(), h, id, t)
	if err != nil {
		return nil, err
	}
	more := p.cut(&t, r)
	return tableReply(h, t, append(more, queries.Member{Name: "entity", Value: card})...)
}

// card gathers what an entity is from the facts that need no claim, and counts its rows.
func (s *Server) card(ctx context.Context, h *held, id quad.IRI, t queries.Table) (cardJSON, error) {
	node, err := s.node(ctx, h, id)
	if err != nil {
		return cardJSON{}, err
	}
	card := cardJSON{ID: node.ID, Name: node.Name, Class: node.Class, ClassName: node.ClassName, Names: []string{}, Kinds: []thingJSON{}}
	var position positionJSON
	found := 0
	for q, err := range h.Match(ctx, graph.Pattern{Subject: id}) {
		if err != nil {
			return card, err
		}
		switch q.Predicate {
		case graph.AltLabel:
			if text, ok := q.Object.(quad.String); ok {
				card.Names = append(card.Names, string(text))
			}
		case graph.Kind:
			v, err := s.reader(h).Value(ctx, q.Object)
			if err != nil {
				return card, err
			}
			card.Kinds = append(card.Kinds, thing(v))
		case quad.IRI("geo:lat"):
			found += degrees(q.Object, &position.Lat)
		case quad.IRI("geo:long"):
			found += degrees(q.Object, &position.Lon)
		}
	}
	if found == 2 {
		card.Position = &position
	}
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			text := ""
			if len(row[i]) > 0 {
				text = row[i][0].Plain()
			}
			switch {
			case c.Name == "standing" && strings.Contains(text, "conflicts with"):
				card.Conflicts++
			case c.Name == "section" && text == "figures":
				card.Figures++
			case c.Name == "section" && text == "claims":
				card.Claims++
			}
		}
	}
	return card, nil
}

// claims lists who said what.
func (s *Server) claims(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	args := a.fact()
	stated, p := a.flag("stated_only"), a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	t, err := s.reader(h).Claims(r.Context(), args, stated)
	if err != nil {
		return nil, err
	}
	return tableReply(h, t, p.cut(&t, r)...)
}

// search finds entities by a text.
func (s *Server) search(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	text, p := a.required("q"), a.page(20)
	if len(text) > 200 {
		a.fault("q", "at most 200 bytes", shortened(text))
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	t, err := s.reader(h).Search(r.Context(), text, p.offset+p.limit)
	if err != nil {
		return nil, err
	}
	return tableReply(h, t, p.cut(&t, r)...)
}

// near lists what lies around an entity.
func (s *Server) near(r *http.Request, h *held) (*reply, error) {
	a, reader := asked(r), s.reader(h)
	id := a.required("id")
	o := graph.NearOptions{
		Walk: a.walk(reader), Depth: a.number("depth", 1, 1, 4),
		PerNode: a.number("neighbours", graph.DefaultPerNode, 1, 500),
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	t, answer, err := reader.Near(r.Context(), id, o)
	if err != nil {
		return nil, err
	}
	t.Truncated = len(answer.Limits) > 0
	return tableReply(h, t, queries.Member{Name: "limits", Value: orNone(answer.Limits)})
}

// stats counts what is in the graph.
func (s *Server) stats(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	p := a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	t, err := s.reader(h).Stats(r.Context())
	if err != nil {
		return nil, err
	}
	return tableReply(h, t, p.cut(&t, r)...)
}

// orNone is a list that JSON writes as [] when it is empty.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
