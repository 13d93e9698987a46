package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

func newClaims(a *app) *cobra.Command {
	var f tableFlags
	var stated bool
	c := &cobra.Command{
		Use:   "claims ENTITY [PREDICATE [OBJECT]]",
		Short: "Show who said what about an entity, where and in which words",
		Long: `claims prints one row a claim in which the entity is the subject or the object: its
id, the fact, who said it, the document, the documents that said it first, the figure
in the document's words, the hedge, and the line of the curated table where the facts
are tables. PREDICATE and OBJECT narrow it down; an OBJECT may be a number or a date.

A fact that the program concluded is shown with its rule; the claims that it was
concluded from follow it, named in the column "supports". ENTITY may also be the id
of a claim or of a derivation.`,
		Example: `  kg claims seizure/antwerp-cocaine-2021
  kg claims seizure/antwerp-cocaine-2021 massGrams
  kg claims seizure/antwerp-cocaine-2021 massGrams "27.64 t"
  kg claims A-SEED-010`,
		Args:              wantArgs(1, 3, "ENTITY [PREDICATE [OBJECT]]"),
		ValidArgsFunction: completeEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			t, err := s.claimsTable(cmd.Context(), args, stated)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&stated, "stated-only", false, "leave out what the editors or a rule concluded")
	return c
}

func claimColumns() []queries.Column {
	return []queries.Column{
		column("claim", queries.TypeClaim),
		column("subject", queries.TypeEntity),
		column("predicate", queries.TypePredicate),
		column("value", typeAny),
		column("said_by", queries.TypeEntity),
		column("source", queries.TypeEntity),
		listColumn("origins", queries.TypeEntity),
		column("reported_as", queries.TypeText),
		column("qualifier", queries.TypeText),
		column("held", queries.TypeText),
		column("standing", queries.TypeText),
		column("rule", queries.TypeText),
		column("supports", queries.TypeClaim),
		column("note", queries.TypeText),
		column("line", queries.TypeText),
	}
}

// claimsTable looks up what the arguments name and lists the claims.
func (s *session) claimsTable(ctx context.Context, args []string, statedOnly bool) (queries.Table, error) {
	w, err := s.whatIsAsked(ctx, args)
	if err != nil {
		return queries.Table{}, err
	}
	about := w.about
	list := claimLister{s: s, ctx: ctx, places: s.project.places()}
	switch {
	case graph.IsClaim(about):
		err = list.one(about)
	case graph.IsDerivation(about):
		err = list.derivation(about)
	default:
		err = list.around(w, statedOnly)
	}
	aboutShown, naming := s.value(ctx, about)
	if err == nil {
		err = naming
	}
	return queries.Table{
		Question: "claims", Params: map[string]any{"entity": aboutShown},
		Columns: claimColumns(), Rows: list.rows,
	}, err
}

// An asked is the fact that a user asks about: an entity, a predicate or none, another entity or a value
// or none.
type asked struct {
	about, other quad.IRI
	predicate    *graph.Predicate
	value        string // as the user wrote it, where the predicate takes no entity
}

// predicateIRI is the predicate, or "" for any.
func (w asked) predicateIRI() quad.IRI {
	if w.predicate == nil {
		return ""
	}
	return w.predicate.IRI
}

// object is the other entity as a value, nil for any.
func (w asked) object() quad.Value {
	if w.other == "" {
		return nil
	}
	return w.other
}

// whatIsAsked looks up what the arguments name.
func (s *session) whatIsAsked(ctx context.Context, args []string) (asked, error) {
	var w asked
	var err error
	if w.about, err = s.store.Find(ctx, args[0]); err != nil {
		return w, err
	}
	if len(args) > 1 {
		if w.predicate, err = s.predicateNamed(args[1]); err != nil {
			return w, err
		}
	}
	if len(args) > 2 {
		if r := w.predicate.Range; r != graph.RangeEntity && r != graph.RangeAny {
			w.value = args[2]
			return w, nil
		}
		w.other, err = s.store.Find(ctx, args[2])
	}
	return w, err
}

// fits says whether a claim gives the value that is asked about, as people or as the store write it.
func (s *session) fits(ctx context.Context, c graph.Claim, text string) (bool, error) {
	if text == "" {
		return true, nil
	}
	v, err := s.claimValue(ctx, c)
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

// predicateNamed finds a predicate by name, label, inverse label or IRI.
func (s *session) predicateNamed(word string) (*graph.Predicate, error) {
	if p, ok := s.schema.PredicateNamed(s.store.Namespaces().Normal(word), ""); ok {
		return p, nil
	}
	key := graph.Fold(word)
	var names []string
	for _, p := range s.schema.Predicates() {
		if key != "" && (graph.Fold(p.Name) == key || graph.Fold(p.Label) == key || graph.Fold(p.Inverse) == key) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return nil, &graph.Problem{
		Want: "a predicate", Found: fmt.Sprintf("%q", word),
		Hint: orElse(graph.DidYouMean(word, names), "kg schema predicates lists them"),
	}
}

// A claimLister turns claims and derivations into rows.
type claimLister struct {
	s      *session
	ctx    context.Context //nolint:containedctx // lives as long as one call
	places map[string]string
	rows   [][]queries.Cell
}

// around lists what is said of an entity and of what points to it.
func (l *claimLister) around(w asked, statedOnly bool) error {
	about, predicate, object, other := w.about, w.predicateIRI(), w.object(), w.other
	store := l.s.store
	claims, err := store.Claims(l.ctx, about, predicate, object)
	if err != nil {
		return err
	}
	incoming, err := store.Claims(l.ctx, other, predicate, about)
	if err != nil {
		return err
	}
	claims = append(claims, incoming...)
	if w.value != "" {
		return l.ofValue(claims, w.value, statedOnly)
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
		standings, err := l.s.standings(l.ctx, group)
		if err != nil {
			return err
		}
		for _, c := range group {
			ok, err := l.s.fits(l.ctx, c, value)
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
		standings, err := l.s.standings(l.ctx, group)
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
	c, err := l.s.store.Claim(l.ctx, id)
	if err != nil {
		return err
	}
	group, err := l.s.store.Claims(l.ctx, c.Subject, c.Predicate, nil)
	if err != nil {
		return err
	}
	standings, err := l.s.standings(l.ctx, group)
	if err != nil {
		return err
	}
	return l.claim(c, "", standings[id])
}

func (l *claimLister) derivation(id quad.IRI) error {
	d, err := l.s.store.Derivation(l.ctx, id)
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
	inferred, err := l.s.inferredOnly(l.ctx, d)
	if err != nil {
		return err
	}
	if err := l.row(conclusion, line{rule: strings.Join(d.Rules, "; "), note: gazetteerNote(d), inferred: inferred}); err != nil {
		return err
	}
	for _, from := range d.From {
		if !graph.IsClaim(from) {
			continue
		}
		c, err := l.s.store.Claim(l.ctx, from)
		if err != nil {
			return err
		}
		if err := l.claim(c, d.ID, standing{}); err != nil {
			return err
		}
	}
	return nil
}

// gazetteerNote says that a fact was concluded from the gazetteer too, which has no claims to show.
func gazetteerNote(d graph.Derivation) string {
	if slices.Contains(d.From, graph.Gazetteer) {
		return "also from the gazetteer"
	}
	return ""
}

func (l *claimLister) claim(c graph.Claim, supports quad.IRI, st standing) error {
	shown := func(other graph.Claim) string {
		v, err := l.s.claimValue(l.ctx, other)
		if err != nil {
			return shortID(other.ID) // the store's error comes back with the next look-up
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
	if text := origin(c); text != "" {
		notes = append(notes, text)
	}
	return l.row(c, line{
		supports: supports, standing: st.words(shown), note: remarks(notes),
		place: l.places[shortID(c.ID)],
	})
}

// origin tells what a claim repeats or, where the editors concluded it, what it follows from.
func origin(c graph.Claim) string {
	if len(c.DerivedFrom) == 0 {
		return ""
	}
	ids := make([]string, len(c.DerivedFrom))
	for i, from := range c.DerivedFrom {
		ids[i] = shortID(from)
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
	value, err := l.s.claimValue(l.ctx, c)
	if err != nil {
		return err
	}
	var cells [5]queries.Cell
	for i, term := range []quad.IRI{c.ID, c.Subject, c.Speaker, c.Source, more.supports} {
		if cells[i], err = l.s.cell(l.ctx, term); err != nil {
			return err
		}
	}
	var origins queries.Cell
	if graph.IsClaim(c.ID) {
		first, err := l.s.store.Origins(l.ctx, c)
		if err != nil {
			return err
		}
		for _, id := range first {
			v, err := l.s.value(l.ctx, id)
			if err != nil {
				return err
			}
			origins = append(origins, v)
		}
	}
	predicate := l.s.predicate(c.Predicate, false)
	predicate.Inferred = more.inferred
	l.rows = append(l.rows, []queries.Cell{
		cells[0], cells[1],
		{predicate},
		{value},
		cells[2], cells[3], origins,
		textCell(c.ReportedAs), textCell(qualifier(c)), textCell(c.Valid.String()),
		textCell(more.standing), textCell(more.rule), cells[4], textCell(more.note), textCell(more.place),
	})
	return nil
}
