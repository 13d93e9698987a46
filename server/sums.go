package server

import (
	"net/http"
	"slices"
	"strings"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// sum adds up without counting anything twice.
func (s *Server) sum(r *http.Request, h *held) (*reply, error) {
	a, reader := asked(r), s.reader(h)
	request := queries.SumRequest{
		Measure: answers.SumMeasure(a.required("measure")), By: a.keys("by"),
		From: a.date("from"), To: a.date("to"), Naive: a.flag("naive"), StatedOnly: a.flag("stated_only"),
	}
	if (graph.Span{From: request.From, Until: request.To}).Backwards() {
		a.fault("to", "a date after "+request.From.String(), request.To.String())
	}
	filters := answers.SumFilters{
		Platform: a.text("platform"), Agency: a.text("agency"), Operation: a.text("operation"), Place: a.text("place"), Item: a.text("item"),
	}
	p := a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	if err := reader.Narrow(r.Context(), &request, filters); err != nil {
		return nil, err
	}
	t, err := reader.Sum(r.Context(), request)
	if err != nil {
		return nil, err
	}
	return tableReply(h, t, p.cut(&t, r)...)
}

// keys reads what a total is broken down by, each given by itself or several with commas.
func (a *asking) keys(name string) []string {
	var known, list []string
	for _, k := range queries.SumKeys() {
		known = append(known, k.Name)
	}
	for _, given := range a.list(name, len(known)) {
		for word := range strings.SplitSeq(given, ",") {
			key := answers.SumKey(word)
			switch {
			case !slices.Contains(known, key):
				a.fault(name, "one of "+strings.Join(known, ", "), shortened(word))
			case slices.Contains(list, key):
				a.fault(name, "each key once", key)
			default:
				list = append(list, key)
			}
		}
	}
	return list
}

// conflicts lists where documents disagree, by how much, and which claim is preferred.
func (s *Server) conflicts(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	entities := a.list("id", 100)
	o := answers.ConflictsOptions{Rounding: a.flag("rounding"), Sort: a.word("sort", answers.ConflictOrders()...)}
	p := a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	t, roundings, err := s.reader(h).Conflicts(r.Context(), entities, o)
	if err != nil {
		return nil, err
	}
	return tableReply(h, t, append(p.cut(&t, r), queries.Member{Name: "roundings", Value: roundings})...)
}

// proofJSON is what a fact rests on.
type proofJSON struct {
	ID    string      `json:"id,omitempty"`
	Fact  string      `json:"fact"`
	Words []string    `json:"words"`
	Below []proofJSON `json:"below"`
}

// why shows what a fact rests on: the claims as a table, and the proof as a tree.
func (s *Server) why(r *http.Request, h *held) (*reply, error) {
	a := asked(r)
	args := a.fact()
	p := a.page(defaultRows)
	if err := a.done(); err != nil {
		return nil, err
	}
	reader := s.reader(h)
	t, err := reader.Claims(r.Context(), args, false)
	if err != nil {
		return nil, err
	}
	proofs, words, err := reader.Why(r.Context(), args)
	if err != nil {
		return nil, err
	}
	more := append(p.cut(&t, r), queries.Member{Name: "proof", Value: proofTree(proofs)}, queries.Member{Name: "rests_on", Value: words})
	return tableReply(h, t, more...)
}

func proofTree(list []answers.Proof) []proofJSON {
	out := []proofJSON{}
	for _, p := range list {
		out = append(out, proofJSON{ID: string(p.ID), Fact: p.Fact, Words: orNone(p.Words), Below: proofTree(p.Below)})
	}
	return out
}

// fact reads what is asked about: an entity, a predicate or none, an object or none.
func (a *asking) fact() []string {
	args := []string{a.required("id")}
	predicate, object := a.text("predicate"), a.text("object")
	if predicate != "" {
		args = append(args, predicate)
	} else if object != "" && a.err == nil {
		a.err = bad("object: want a predicate besides, found none")
	}
	if object != "" {
		args = append(args, object)
	}
	return args
}
