package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// The sections of "kg show", in the order in which they are printed.
const (
	sectionIs      = "what it is"
	sectionFigures = "figures"
	sectionClaims  = "claims"
	sectionDerived = "derived"
)

func showColumns() []queries.Column {
	return []queries.Column{
		Column("section", queries.TypeText),
		Column("about", queries.TypeEntity),
		Column("predicate", queries.TypePredicate),
		Column("value", TypeAny),
		List("said_by", queries.TypeEntity),
		List("sources", queries.TypeEntity),
		Column("reported_as", queries.TypeText),
		Column("standing", queries.TypeText),
		Column("rule", queries.TypeText),
		List("claims", queries.TypeClaim),
	}
}

// Show is all that is known about an entity: what it is, figures, claims, and what was concluded.
func (r *Reader) Show(ctx context.Context, id quad.IRI, statedOnly bool) (queries.Table, error) {
	name, err := r.Value(ctx, id)
	if err != nil {
		return queries.Table{}, err
	}
	sh := shower{r: r, ctx: ctx, id: id, statedOnly: statedOnly}
	for _, section := range []func() error{sh.whatItIs, sh.figuresAndClaims, sh.derived} {
		if err := section(); err != nil {
			return queries.Table{}, err
		}
	}
	return queries.Table{
		Question: "show", Params: map[string]any{"entity": name},
		Columns: showColumns(), Rows: sh.rows,
	}, nil
}

// A shower gathers the rows on one entity.
type shower struct {
	r          *Reader
	ctx        context.Context //nolint:containedctx // lives as long as one call
	id         quad.IRI
	statedOnly bool
	rows       [][]queries.Cell
}

// whatItIs lists the gazetteer's facts, and how often a document or speaker stands behind a claim.
func (sh *shower) whatItIs() error {
	var facts []quad.Quad
	behind := map[quad.IRI]int{}
	for q, err := range sh.r.Store.Match(sh.ctx, graph.Pattern{Subject: sh.id}) {
		if err != nil {
			return err
		}
		if q.Label == graph.Gazetteer && q.Predicate != graph.Name || q.Label == graph.SchemaIn || q.Label == nil {
			facts = append(facts, q)
		}
	}
	for q, err := range sh.r.Store.Match(sh.ctx, graph.Pattern{Object: sh.id, Label: graph.Provenance}) {
		if err != nil {
			return err
		}
		if p, _ := q.Predicate.(quad.IRI); p == graph.ReadIn || p == graph.SaidBy {
			behind[p]++
		}
	}
	graph.SortQuads(facts)
	slices.SortStableFunc(facts, func(a, b quad.Quad) int { return cmp.Compare(isOrder(a), isOrder(b)) })
	for _, q := range facts {
		p, _ := q.Predicate.(quad.IRI)
		value, err := sh.r.Cell(sh.ctx, q.Object)
		if err != nil {
			return err
		}
		sh.rows = append(sh.rows, []queries.Cell{Text(sectionIs), nil, {sh.r.Predicate(p, false)}, value, nil, nil, nil, nil, nil, nil})
	}
	for _, p := range []quad.IRI{graph.ReadIn, graph.SaidBy} {
		if n := behind[p]; n > 0 {
			label := sh.r.Predicate(p, true)
			sh.rows = append(sh.rows, []queries.Cell{
				Text(sectionIs), nil, {label}, Text(fmt.Sprintf("%d claims", n)), nil, nil, nil, nil, nil, nil,
			})
		}
	}
	return nil
}

// isOrder puts the class first, then kinds, then other names, then the rest.
func isOrder(q quad.Quad) int {
	switch q.Predicate {
	case graph.Type:
		return 0
	case graph.Kind:
		return 1
	case graph.AltLabel:
		return 2
	default:
		return 3
	}
}

// figuresAndClaims lists the figures about the entity, then the other claims in which it takes part.
func (sh *shower) figuresAndClaims() error {
	own, err := sh.r.Store.Claims(sh.ctx, sh.id, "", nil)
	if err != nil {
		return err
	}
	incoming, err := sh.r.Store.Claims(sh.ctx, "", "", sh.id)
	if err != nil {
		return err
	}
	figures, err := sh.figures()
	if err != nil {
		return err
	}
	numbers := slices.DeleteFunc(slices.Clone(own), func(c graph.Claim) bool { return !sh.isNumber(c) })
	own = slices.DeleteFunc(own, sh.isNumber)
	for _, figure := range figures {
		claims, err := sh.r.Store.Claims(sh.ctx, figure, "", nil)
		if err != nil {
			return err
		}
		numbers = append(numbers, slices.DeleteFunc(claims, func(c graph.Claim) bool { return !sh.isNumber(c) })...)
	}
	incoming = slices.DeleteFunc(incoming, func(c graph.Claim) bool { return slices.Contains(figures, c.Subject) })
	for _, part := range []struct {
		section string
		claims  []graph.Claim
	}{{sectionFigures, numbers}, {sectionClaims, own}, {sectionClaims, incoming}} {
		if err := sh.claims(part.section, part.claims); err != nil {
			return err
		}
	}
	return nil
}

// isNumber says whether a claim says how many.
func (sh *shower) isNumber(c graph.Claim) bool {
	p, ok := sh.r.Schema.Predicate(c.Predicate)
	return ok && p.Range == graph.RangeInteger
}

// Figures lists the figures that point to an entity, by id: those about it, of its place, of its
// operation, parts of it.
func (r *Reader) Figures(ctx context.Context, id quad.IRI) ([]quad.IRI, error) {
	return (&shower{r: r, ctx: ctx, id: id}).figures()
}

func (sh *shower) figures() ([]quad.IRI, error) {
	class, _ := sh.r.Schema.Class("kg:Figure")
	var figures []quad.IRI
	for q, err := range sh.r.Store.Match(sh.ctx, graph.Pattern{Object: sh.id}) {
		if err != nil {
			return nil, err
		}
		label, _ := q.Label.(quad.IRI)
		subject, _ := q.Subject.(quad.IRI)
		if label == graph.Provenance || sh.statedOnly && graph.IsDerivation(label) || subject == sh.id {
			continue
		}
		if c, ok := sh.r.Schema.ClassOf(subject); ok && class != nil && sh.r.Schema.IsA(c, class) && !slices.Contains(figures, subject) {
			figures = append(figures, subject)
		}
	}
	slices.Sort(figures)
	return figures, nil
}

// claims adds one row for each value that claims give, whoever says it.
func (sh *shower) claims(section string, claims []graph.Claim) error {
	for _, group := range bySubjectAndPredicate(claims) {
		standings, err := sh.r.standings(sh.ctx, group)
		if err != nil {
			return err
		}
		for _, same := range bySameValue(group) {
			if sh.statedOnly {
				same = slices.DeleteFunc(same, func(c graph.Claim) bool { return c.Basis == graph.Inferred })
			}
			if len(same) == 0 {
				continue
			}
			if err := sh.row(section, same, standings); err != nil {
				return err
			}
		}
	}
	return nil
}

// bySameValue groups claims that say the same in the same words.
func bySameValue(claims []graph.Claim) [][]graph.Claim {
	var groups [][]graph.Claim
	for _, c := range claims {
		i := slices.IndexFunc(groups, func(g []graph.Claim) bool {
			return g[0].Object == c.Object && g[0].UpTo == c.UpTo && g[0].Qualifier == c.Qualifier &&
				g[0].ReportedAs == c.ReportedAs && g[0].Basis == c.Basis && g[0].Valid == c.Valid && g[0].Rank == c.Rank
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// row adds the row of claims that say the same.
func (sh *shower) row(section string, same []graph.Claim, standings map[quad.IRI]standing) error {
	c := same[0]
	shown := func(other graph.Claim) string {
		v, err := sh.r.ClaimValue(sh.ctx, other)
		if err != nil {
			return ShortID(other.ID) // the store's error comes back with the next look-up
		}
		return v.Plain()
	}
	value, err := sh.r.ClaimValue(sh.ctx, c)
	if err != nil {
		return err
	}
	about, inverse := c.Subject, false
	if p, ok := sh.r.Schema.Predicate(c.Predicate); ok && c.Object == sh.id && c.Subject != sh.id && p.Inverse != "" {
		inverse = true
		if value, err = sh.r.Value(sh.ctx, c.Subject); err != nil {
			return err
		}
		value.Inferred = c.Basis == graph.Inferred
		about = sh.id
	}
	var speakers, sources, ids []quad.Value
	words := ""
	for _, one := range same {
		speakers, sources, ids = AppendNew(speakers, one.Speaker), AppendNew(sources, one.Source), AppendNew(ids, one.ID)
		if st, ok := standings[one.ID]; ok && (words == "" || st.preferred != "") {
			words = st.words(shown)
		}
	}
	more := []string{words, conversion(c)}
	if c.Rank == graph.Deprecated {
		more = append(more, "deprecated")
	}
	if held := c.Valid.String(); held != "" {
		more = append(more, "held "+held)
	}
	words = strings.Join(slices.DeleteFunc(more, func(s string) bool { return s == "" }), "; ")
	var cells [4]queries.Cell
	var aboutTerm []quad.Value
	if about != sh.id {
		aboutTerm = []quad.Value{about}
	}
	for i, terms := range [][]quad.Value{aboutTerm, speakers, sources, ids} {
		if cells[i], err = sh.r.Cell(sh.ctx, terms...); err != nil {
			return err
		}
	}
	sh.rows = append(sh.rows, []queries.Cell{
		Text(section), cells[0],
		{sh.r.Predicate(c.Predicate, inverse)},
		{value},
		cells[1], cells[2], Text(c.ReportedAs), Text(words), nil, cells[3],
	})
	return nil
}

// AppendNew appends an entity that is not in the list yet; nothing for none.
func AppendNew(list []quad.Value, iri quad.IRI) []quad.Value {
	if iri == "" || slices.Contains(list, quad.Value(iri)) {
		return list
	}
	return append(list, iri)
}

// derived lists what the program concluded about the entity.
func (sh *shower) derived() error {
	if sh.statedOnly {
		return nil
	}
	own, err := sh.r.Store.Derivations(sh.ctx, sh.id, "", nil)
	if err != nil {
		return err
	}
	incoming, err := sh.r.Store.Derivations(sh.ctx, "", "", sh.id)
	if err != nil {
		return err
	}
	for _, d := range append(own, incoming...) {
		subject, _ := d.Fact.Subject.(quad.IRI)
		predicate, _ := d.Fact.Predicate.(quad.IRI)
		var about queries.Cell
		other, inverse := d.Fact.Object, false
		if subject != sh.id {
			p, ok := sh.r.Schema.Predicate(predicate)
			if inverse = ok && p.Inverse != ""; inverse {
				other = subject
			} else if about, err = sh.r.Cell(sh.ctx, subject); err != nil {
				return err
			}
		}
		value, err := sh.r.Value(sh.ctx, other)
		if err != nil {
			return err
		}
		if value.Inferred, err = sh.r.InferredOnly(sh.ctx, d); err != nil {
			return err
		}
		claims := []quad.Value{d.ID}
		for _, from := range d.From {
			if graph.IsClaim(from) {
				claims = append(claims, from)
			}
		}
		ids, err := sh.r.Cell(sh.ctx, claims...)
		if err != nil {
			return err
		}
		sh.rows = append(sh.rows, []queries.Cell{
			Text(sectionDerived), about,
			{sh.r.Predicate(predicate, inverse)},
			{value},
			nil, nil, nil, nil, Text(strings.Join(d.Rules, "; ")), ids,
		})
	}
	return nil
}
