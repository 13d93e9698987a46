package server

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// Bounds of what is read to count an entity's neighbours and to find the edges among several.
const (
	countedNeighbours = 2000
	maxNodes          = 300
)

type nodeJSON struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Class     string `json:"class"`
	ClassName string `json:"class_name"`

	X *float64 `json:"x,omitempty"` // where it stands in a picture, where that was asked for
	Y *float64 `json:"y,omitempty"`
}

type edgeJSON struct {
	ID        string          `json:"id"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Predicate queries.Value   `json:"predicate"`
	Derived   bool            `json:"derived"`
	Rule      string          `json:"rule,omitempty"`
	Preferred string          `json:"preferred,omitempty"`
	Claims    []queries.Value `json:"claims"`
	SaidBy    []queries.Value `json:"said_by"`
	Sources   []queries.Value `json:"sources"`
}

type graphJSON struct {
	Nodes  []nodeJSON `json:"nodes"`
	Edges  []edgeJSON `json:"edges"`
	Limits []string   `json:"limits,omitempty"`
	Clock  *clockJSON `json:"clock,omitempty"`
}

// A drawing gathers nodes and edges, each once, in the order in which they come.
type drawing struct {
	s      *Server
	h      *held
	reader *answers.Reader
	nodes  map[quad.Value]bool
	edges  map[string]bool
	graph  graphJSON
}

func (s *Server) drawing(h *held) *drawing {
	return &drawing{
		s: s, h: h, reader: s.reader(h), nodes: map[quad.Value]bool{}, edges: map[string]bool{},
		graph: graphJSON{Nodes: []nodeJSON{}, Edges: []edgeJSON{}},
	}
}

// node is an entity, or a literal by its text.
func (s *Server) node(ctx context.Context, h *held, v quad.Value) (nodeJSON, error) {
	shown, err := s.reader(h).Value(ctx, v)
	if err != nil {
		return nodeJSON{}, err
	}
	n := nodeJSON{ID: quad.ToString(v), Name: shown.Plain()}
	iri, ok := v.(quad.IRI)
	if !ok {
		return n, nil
	}
	n.ID = string(iri)
	classes, err := h.ClassesOf(ctx, iri)
	if err != nil || len(classes) == 0 {
		return n, err
	}
	n.Class, n.ClassName = classes[0].Name, classes[0].Label
	return n, nil
}

func (d *drawing) addNode(ctx context.Context, v quad.Value) error {
	if d.nodes[v] {
		return nil
	}
	d.nodes[v] = true
	n, err := d.s.node(ctx, d.h, v)
	d.graph.Nodes = append(d.graph.Nodes, n)
	return err
}

// addHop adds the facts of a hop, each from its subject to its object.
func (d *drawing) addHop(ctx context.Context, hop graph.Hop) error {
	for _, v := range []quad.Value{hop.From, hop.To} {
		if err := d.addNode(ctx, v); err != nil {
			return err
		}
	}
	for _, f := range hop.Facts {
		fact := f.Fact(hop)
		e := edgeJSON{
			ID:   quad.ToString(fact.Subject) + " " + string(f.Predicate) + " " + quad.ToString(fact.Object),
			From: idOf(fact.Subject), To: idOf(fact.Object),
			Predicate: d.reader.Predicate(f.Predicate, false), Derived: f.Derived(), Preferred: f.Rule,
			Claims: []queries.Value{}, SaidBy: []queries.Value{}, Sources: []queries.Value{},
		}
		if d.edges[e.ID] {
			continue
		}
		d.edges[e.ID] = true
		if err := d.evidence(ctx, &e, f); err != nil {
			return err
		}
		d.graph.Edges = append(d.graph.Edges, e)
	}
	return nil
}

// evidence adds what stands behind a fact.
func (d *drawing) evidence(ctx context.Context, e *edgeJSON, f graph.HopFact) error {
	var claims, speakers, sources []quad.Value
	for _, c := range f.Claims {
		claims, speakers, sources = answers.AppendNew(claims, c.ID), answers.AppendNew(speakers, c.Speaker), answers.AppendNew(sources, c.Source)
	}
	var rules []string
	for _, der := range f.Derivations {
		claims = answers.AppendNew(claims, der.ID)
		for _, from := range der.From {
			if graph.IsClaim(from) {
				claims = answers.AppendNew(claims, from)
			}
		}
		rules = append(rules, der.Rules...)
	}
	e.Rule = strings.Join(rules, "; ")
	inferred, err := d.reader.HopInferred(ctx, f)
	if err != nil {
		return err
	}
	e.Predicate.Inferred = inferred
	for _, list := range []struct {
		terms []quad.Value
		to    *[]queries.Value
	}{{claims, &e.Claims}, {speakers, &e.SaidBy}, {sources, &e.Sources}} {
		cell, err := d.reader.Cell(ctx, list.terms...)
		if err != nil {
			return err
		}
		*list.to = append(*list.to, cell...)
	}
	return nil
}

func idOf(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return string(iri)
	}
	return quad.ToString(v)
}

type classCount struct {
	Class string `json:"class"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

type predicateCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

type expansionJSON struct {
	Center     nodeJSON         `json:"center"`
	Nodes      []nodeJSON       `json:"nodes"`
	Edges      []edgeJSON       `json:"edges"`
	Shown      int              `json:"shown"`
	Total      int              `json:"total"`
	Next       *string          `json:"next"`
	Classes    []classCount     `json:"classes"`
	Predicates []predicateCount `json:"predicates"`
	Limits     []string         `json:"limits"`
	Clock      *clockJSON       `json:"clock,omitempty"`
}

// expand is a bounded part of an entity's neighbours.
func (s *Server) expand(r *http.Request, h *held) (*reply, error) {
	a, d := asked(r), s.drawing(h)
	text := a.required("id")
	words := a.list("class", 50)
	walk := a.walk(d.reader)
	p := page{offset: a.number("offset", 0, 0, math.MaxInt32), limit: a.number("limit", 50, 1, 500)}
	places := a.flag("layout")
	if err := a.done(); err != nil {
		return nil, err
	}
	var classes []string
	for _, word := range words {
		c, err := d.reader.ClassNamed(word)
		if err != nil {
			return nil, err
		}
		classes = append(classes, c.Name)
	}
	id, err := h.Find(r.Context(), text)
	if err != nil {
		return nil, err
	}
	answer, err := h.Near(r.Context(), id, graph.NearOptions{Walk: walk, PerNode: countedNeighbours})
	if err != nil {
		return nil, err
	}
	out := expansionJSON{Clock: h.clock, Limits: orNone(answer.Limits), Nodes: []nodeJSON{}, Classes: []classCount{}, Predicates: []predicateCount{}}
	if out.Center, err = s.node(r.Context(), h, id); err != nil {
		return nil, err
	}
	found, err := s.count(r.Context(), h, &out, d.reader, answer.Neighbours, classes)
	if err != nil {
		return nil, err
	}
	out.Total = len(found)
	if len(classes) == 0 {
		out.Total += answer.LeftOut[id]
	}
	from, to := min(p.offset, len(found)), min(p.offset+p.limit, len(found))
	out.Shown = to
	if to < len(found) {
		next := address(r, "offset", strconv.Itoa(to))
		out.Next = &next
	}
	d.nodes[id] = true // it is the centre
	for _, n := range found[from:to] {
		if err := d.addHop(r.Context(), n.Hop); err != nil {
			return nil, err
		}
	}
	out.Nodes, out.Edges = d.graph.Nodes, d.graph.Edges
	if places {
		if err := arranged(append(pointers(out.Nodes), &out.Center), out.Edges); err != nil {
			return nil, err
		}
	}
	return jsonReply(out)
}

// count counts the neighbours by class and predicate, and returns those of the wanted classes.
func (s *Server) count(ctx context.Context, h *held, out *expansionJSON, reader *answers.Reader, all []graph.Neighbour, wanted []string) ([]graph.Neighbour, error) {
	classes, predicates := map[string]*classCount{}, map[quad.IRI]int{}
	var found []graph.Neighbour
	for _, n := range all {
		c := classCount{}
		if iri, ok := n.To.(quad.IRI); ok {
			of, err := h.ClassesOf(ctx, iri)
			if err != nil {
				return nil, err
			}
			if len(of) > 0 {
				c.Class, c.Name = of[0].Name, of[0].Label
			}
		}
		if classes[c.Class] == nil {
			classes[c.Class] = &c
		}
		classes[c.Class].Count++
		seen := map[quad.IRI]bool{}
		for _, f := range n.Facts {
			if !seen[f.Predicate] {
				seen[f.Predicate] = true
				predicates[f.Predicate]++
			}
		}
		if len(wanted) == 0 || slices.Contains(wanted, c.Class) {
			found = append(found, n)
		}
	}
	for _, c := range classes {
		out.Classes = append(out.Classes, *c)
	}
	for p, n := range predicates {
		out.Predicates = append(out.Predicates, predicateCount{ID: string(p), Name: reader.Predicate(p, false).Label, Count: n})
	}
	slices.SortFunc(out.Classes, func(a, b classCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Class, b.Class))
	})
	slices.SortFunc(out.Predicates, func(a, b predicateCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ID, b.ID))
	})
	return found, nil
}

// graph is the edges among the entities named.
func (s *Server) graph(r *http.Request, h *held) (*reply, error) {
	a, d := asked(r), s.drawing(h)
	texts := a.list("id", maxNodes)
	walk, places := a.walk(d.reader), a.flag("layout")
	if len(texts) == 0 && a.err == nil {
		a.err = bad("id: want at least one entity, found none")
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	among := map[quad.Value]bool{}
	var ids []quad.IRI
	for _, text := range texts {
		id, err := h.Find(r.Context(), text)
		if err != nil {
			return nil, err
		}
		if !among[id] {
			among[id] = true
			ids = append(ids, id)
		}
		if err := d.addNode(r.Context(), id); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		answer, err := h.Near(r.Context(), id, graph.NearOptions{Walk: walk, PerNode: countedNeighbours})
		if err != nil {
			return nil, err
		}
		if left := answer.LeftOut[id]; left > 0 {
			d.graph.Limits = append(d.graph.Limits, strconv.Itoa(left)+" neighbours of "+string(id)+" were not looked at")
		}
		for _, n := range answer.Neighbours {
			if !among[n.To] {
				continue
			}
			if err := d.addHop(r.Context(), n.Hop); err != nil {
				return nil, err
			}
		}
	}
	d.graph.Clock = h.clock
	if places {
		if err := arranged(pointers(d.graph.Nodes), d.graph.Edges); err != nil {
			return nil, err
		}
	}
	return jsonReply(d.graph)
}

// path is the shortest ways between two entities.
func (s *Server) path(r *http.Request, h *held) (*reply, error) {
	a, d := asked(r), s.drawing(h)
	from, to := a.required("from"), a.required("to")
	o := graph.PathOptions{
		Walk:    a.walk(d.reader),
		MaxHops: a.number("max", graph.DefaultHops, 1, 12), MaxPaths: a.number("paths", graph.DefaultPaths, 1, 200),
	}
	places := a.flag("layout")
	if err := a.done(); err != nil {
		return nil, err
	}
	t, answer, err := d.reader.Paths(r.Context(), from, to, o)
	if err != nil {
		return nil, err
	}
	paths := [][]string{}
	for _, path := range answer.Paths {
		var ids []string
		for i, hop := range path {
			if err := d.addHop(r.Context(), hop); err != nil {
				return nil, err
			}
			if i == 0 {
				ids = append(ids, idOf(hop.From))
			}
			ids = append(ids, idOf(hop.To))
		}
		paths = append(paths, ids)
	}
	t.Truncated = len(answer.Limits) > 0
	if places {
		if err := arranged(pointers(d.graph.Nodes), d.graph.Edges); err != nil {
			return nil, err
		}
	}
	return tableReply(h, t, queries.Member{Name: "limits", Value: orNone(answer.Limits)}, queries.Member{Name: "paths", Value: paths},
		queries.Member{Name: "graph", Value: d.graph})
}

// degrees reads a number of degrees, and says how many it read.
func degrees(v quad.Value, to *float64) int {
	text := ""
	switch v := v.(type) {
	case quad.Float:
		*to = float64(v)
		return 1
	case quad.Int:
		*to = float64(v)
		return 1
	case quad.TypedString:
		text = string(v.Value)
	case quad.String:
		text = string(v)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	*to = n
	return 1
}
