package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

func claimColumns() []queries.Column {
	return []queries.Column{
		Column("claim", queries.TypeClaim),
		Column("subject", queries.TypeEntity),
		Column("predicate", queries.TypePredicate),
		Column("value", TypeAny),
		Column("said_by", queries.TypeEntity),
		Column("source", queries.TypeEntity),
		List("origins", queries.TypeEntity),
		Column("reported_as", queries.TypeText),
		Column("qualifier", queries.TypeText),
		Column("held", queries.TypeText),
		Column("standing", queries.TypeText),
		Column("rule", queries.TypeText),
		Column("supports", queries.TypeClaim),
		Column("note", queries.TypeText),
		Column("line", queries.TypeText),
	}
}

// Claims looks up what the arguments name and lists the claims.
func (r *Reader) Claims(ctx context.Context, args []string, statedOnly bool) (queries.Table, error) {
	w, err := r.WhatIsAsked(ctx, args)
	if err != nil {
		return queries.Table{}, err
	}
	about := w.About
	list := claimLister{r: r, ctx: ctx}
	if r.Places != nil {
		list.places = r.Places()
	}
	switch {
	case graph.IsClaim(about):
		err = list.one(about)
	case graph.IsDerivation(about):
		err = list.derivation(about)
	default:
		err = list.around(w, statedOnly)
	}
	aboutShown, naming := r.Value(ctx, about)
	if err == nil {
		err = naming
	}
	return queries.Table{
		Question: "claims", Params: map[string]any{"entity": aboutShown},
		Columns: claimColumns(), Rows: list.rows,
	}, err
}

// An Asked is the fact that a user asks about: an entity, a predicate or none, another entity or a value
// or none.
type Asked struct {
	About, Other quad.IRI
	Predicate    *graph.Predicate
	Value        string // as the user wrote it, where the predicate takes no entity
}

// PredicateIRI is the predicate, or "" for any.
func (w Asked) PredicateIRI() quad.IRI {
	if w.Predicate == nil {
		return ""
	}
	return w.Predicate.IRI
}

// Object is the other entity as a value, nil for any.
func (w Asked) Object() quad.Value {
	if w.Other == "" {
		return nil
	}
	return w.Other
}

// WhatIsAsked looks up what the arguments name: an entity, a predicate, an object.
func (r *Reader) WhatIsAsked(ctx context.Context, args []string) (Asked, error) {
	var w Asked
	var err error
	if w.About, err = r.Store.Find(ctx, args[0]); err != nil {
		return w, err
	}
	if len(args) > 1 {
		if w.Predicate, err = r.PredicateNamed(args[1]); err != nil {
			return w, err
		}
	}
	if len(args) > 2 {
		if r := w.Predicate.Range; r != graph.RangeEntity && r != graph.RangeAny {
			w.Value = args[2]
			return w, nil
		}
		w.Other, err = r.Store.Find(ctx, args[2])
	}
	return w, err
}

// Fits says whether a claim gives the value that is asked about, as people or as the store write it.
func (r *Reader) Fits(ctx context.Context, c graph.Claim, text string) (bool, error) {
	if text == "" {
		return true, nil
	}
	v, err := r.ClaimValue(ctx, c)
	if err != nil {
		return false, err
	}
	bare := v
	bare.Qualifier = ""
	for _, written := range []string{v.Plain(), bare.Plain(), v.InUnit, v.Number, quad.ToString(c.Object), c.ReportedAs} {
		if written != "" && graph.Fold(written) == graph.Fold(text) {
			return true, nil
		}
	}
	return false, nil
}

// PredicateNamed finds a predicate by name, label, inverse label or IRI.
func (r *Reader) PredicateNamed(word string) (*graph.Predicate, error) {
	if p, ok := r.Schema.PredicateNamed(r.Store.Namespaces().Normal(word), ""); ok {
		return p, nil
	}
	key := graph.Fold(word)
	var names []string
	for _, p := range r.Schema.Predicates() {
		if key != "" && (graph.Fold(p.Name) == key || graph.Fold(p.Label) == key || graph.Fold(p.Inverse) == key) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return nil, &graph.Problem{
		Want: "a predicate", Found: fmt.Sprintf("%q", word),
		Hint: cmp.Or(graph.DidYouMean(word, names), "kg schema predicates lists them"),
	}
}

// A claimLister turns claims and derivations into rows.
type claimLister struct {
	r      *Reader
	ctx    context.Context //nolint:containedctx // lives as long as one call
	places map[string]string
	rows   [][]queries.Cell
}

// around lists what is said of an entity and of what points to it.
func (l *claimLister) around(w Asked, statedOnly bool) error {
	about, predicate, object, other := w.About, w.PredicateIRI(), w.Object(), w.Other
	store := l.r.Store
	claims, err := store.Claims(l.ctx, about, predicate, object)
	if err != nil {
		return err
	}
	incoming, err := store.Claims(l.ctx, other, predicate, about)
	if err != nil {
		return err
	}
	claims = append(claims, incoming...)
	if w.Value != "" {
		return l.ofValue(claims, w.Value, statedOnly)
	}
	if err := l.claims(claims, statedOnly); err != nil || statedOnly {
		return err
	}
	derived, err := store.Derivations(l.ctx, about, predicate, object)
	if err != nil {
		return err
	}
	toIt, err := store.Derivations(l.ctx, other, predicate, about)
	if err != nil {
		return err
	}
	for _, d := range append(derived, toIt...) {
		if err := l.proof(d); err != nil {
			return err
		}
	}
	return nil
}

// ofValue lists the claims that give a value. How they stand to the others is told all the same.
func (l *claimLister) ofValue(claims []graph.Claim, value string, statedOnly bool) error {
	for _, group := range bySubjectAndPredicate(claims) {
		standings, err := l.r.standings(l.ctx, group)
		if err != nil {
			return err
		}
		for _, c := range group {
			ok, err := l.r.Fits(l.ctx, c, value)
			if err != nil {
				return err
			}
			if !ok || statedOnly && c.Basis == graph.Inferred {
				continue
			}
			if err := l.claim(c, "", standings[c.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *claimLister) claims(claims []graph.Claim, statedOnly bool) error {
	for _, group := range bySubjectAndPredicate(claims) {
		standings, err := l.r.standings(l.ctx, group)
		if err != nil {
			return err
		}
		for _, c := range group {
			if statedOnly && c.Basis == graph.Inferred {
				continue
			}
			if err := l.claim(c, "", standings[c.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

// bySubjectAndPredicate groups claims, keeping their order.
func bySubjectAndPredicate(claims []graph.Claim) [][]graph.Claim {
	type key struct{ s, p quad.IRI }
	at := map[key]int{}
	var groups [][]graph.Claim
	for _, c := range claims {
		k := key{c.Subject, c.Predicate}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, nil)
		}
		if !slices.ContainsFunc(groups[i], func(g graph.Claim) bool { return g.ID == c.ID }) {
			groups[i] = append(groups[i], c)
		}
	}
	return groups
}

// one lists a claim by its id, compared with the others on its subject and predicate.
func (l *claimLister) one(id quad.IRI) error {
	c, err := l.r.Store.Claim(l.ctx, id)
	if err != nil {
		return err
	}
	group, err := l.r.Store.Claims(l.ctx, c.Subject, c.Predicate, nil)
	if err != nil {
		return err
	}
	standings, err := l.r.standings(l.ctx, group)
	if err != nil {
		return err
	}
	return l.claim(c, "", standings[id])
}

func (l *claimLister) derivation(id quad.IRI) error {
	d, err := l.r.Store.Derivation(l.ctx, id)
	if err != nil {
		return err
	}
	return l.proof(d)
}

// proof lists a derived fact, then the claims that it was concluded from.
func (l *claimLister) proof(d graph.Derivation) error {
	subject, _ := d.Fact.Subject.(quad.IRI)
	predicate, _ := d.Fact.Predicate.(quad.IRI)
	conclusion := graph.Claim{ID: d.ID, Subject: subject, Predicate: predicate, Object: d.Fact.Object}
	inferred, err := l.r.InferredOnly(l.ctx, d)
	if err != nil {
		return err
	}
	if err := l.row(conclusion, line{rule: strings.Join(d.Rules, "; "), note: GazetteerNote(d), inferred: inferred}); err != nil {
		return err
	}
	for _, from := range d.From {
		if !graph.IsClaim(from) {
			continue
		}
		c, err := l.r.Store.Claim(l.ctx, from)
		if err != nil {
			return err
		}
		if err := l.claim(c, d.ID, standing{}); err != nil {
			return err
		}
	}
	return nil
}

// GazetteerNote says that a fact was concluded from the gazetteer too, which has no claims to show.
func GazetteerNote(d graph.Derivation) string {
	if slices.Contains(d.From, graph.Gazetteer) {
		return "also from the gazetteer"
	}
	return ""
}

func (l *claimLister) claim(c graph.Claim, supports quad.IRI, st standing) error {
	shown := func(other graph.Claim) string {
		v, err := l.r.ClaimValue(l.ctx, other)
		if err != nil {
			return ShortID(other.ID) // the store's error comes back with the next look-up
		}
		return v.Plain()
	}
	notes := slices.Clone(c.Notes)
	if c.Rank == graph.Deprecated {
		notes = append(notes, "deprecated")
	}
	if text := conversion(c); text != "" {
		notes = append(notes, text)
	}
	if text := Origin(c); text != "" {
		notes = append(notes, text)
	}
	return l.row(c, line{
		supports: supports, standing: st.words(shown), note: remarks(notes),
		place: l.places[ShortID(c.ID)],
	})
}

// Origin tells what a claim repeats or, where the editors concluded it, what it follows from.
func Origin(c graph.Claim) string {
	if len(c.DerivedFrom) == 0 {
		return ""
	}
	ids := make([]string, len(c.DerivedFrom))
	for i, from := range c.DerivedFrom {
		ids[i] = ShortID(from)
	}
	verb := "repeats "
	if c.Basis == graph.Inferred {
		verb = "concluded from "
	}
	return verb + strings.Join(ids, ", ")
}

// remarks puts notes one after the other: as a sentence of its own after a sentence, else after a
// semicolon.
func remarks(notes []string) string {
	text := ""
	for _, note := range notes {
		switch {
		case text == "":
			text = note
		case strings.HasSuffix(text, "."):
			first, size := utf8.DecodeRuneInString(note)
			text += " " + string(unicode.ToUpper(first)) + strings.TrimSuffix(note[size:], ".") + "."
		default:
			text += "; " + note
		}
	}
	return text
}

// line is what a row says beside the claim itself.
type line struct {
	standing, rule, note, place string
	supports                    quad.IRI
	inferred                    bool // of a derived fact: no documents state what it follows from
}

func (l *claimLister) row(c graph.Claim, more line) error {
	value, err := l.r.ClaimValue(l.ctx, c)
	if err != nil {
		return err
	}
	var cells [5]queries.Cell
	for i, term := range []quad.IRI{c.ID, c.Subject, c.Speaker, c.Source, more.supports} {
		if cells[i], err = l.r.Cell(l.ctx, term); err != nil {
			return err
		}
	}
	var origins queries.Cell
	if graph.IsClaim(c.ID) {
		first, err := l.r.Store.Origins(l.ctx, c)
		if err != nil {
			return err
		}
		for _, id := range first {
			v, err := l.r.Value(l.ctx, id)
			if err != nil {
				return err
			}
			origins = append(origins, v)
		}
	}
	predicate := l.r.Predicate(c.Predicate, false)
	predicate.Inferred = more.inferred
	l.rows = append(l.rows, []queries.Cell{
		cells[0], cells[1],
		{predicate},
		{value},
		cells[2], cells[3], origins,
		Text(c.ReportedAs), Text(Qualifier(c)), Text(c.Valid.String()),
		Text(more.standing), Text(more.rule), cells[4], Text(more.note), Text(more.place),
	})
	return nil
}
