package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// A Proof is what a fact rests on: a rule with the claims below it, or a claim with the documents and
// claims that it repeats or follows from.
type Proof struct {
	ID    quad.IRI // of the claim or derivation; "" for what the gazetteer holds
	Fact  string   // in words
	Words []string // who said it, where, how
	Below []Proof
}

// Why shows what the facts rest on that the arguments name (an entity, claim or derivation; a predicate;
// an object), in either direction, and how many claims, documents and origins these are.
func (r *Reader) Why(ctx context.Context, args []string) (proofs []Proof, sum string, err error) {
	w, err := r.WhatIsAsked(ctx, args)
	if err != nil {
		return nil, "", err
	}
	g := grower{r: r, ctx: ctx, documents: map[quad.IRI]bool{}, all: map[quad.IRI]graph.Claim{}}
	if r.Places != nil {
		g.places = r.Places()
	}
	if proofs, err = g.proofs(w); err != nil || len(proofs) == 0 {
		return nil, "", err
	}
	sum, err = g.summary()
	return proofs, sum, err
}

// A grower makes the tree of a proof.
type grower struct {
	r         *Reader
	ctx       context.Context //nolint:containedctx // lives as long as one call
	places    map[string]string
	documents map[quad.IRI]bool // in which the claims were read
	all       map[quad.IRI]graph.Claim
}

// proofs finds the facts that fit what is asked, in either direction.
func (g *grower) proofs(w Asked) ([]Proof, error) {
	store := g.r.Store
	switch {
	case graph.IsClaim(w.About):
		c, err := store.Claim(g.ctx, w.About)
		if err != nil {
			return nil, err
		}
		b, err := g.claim(c, nil)
		return []Proof{b}, err
	case graph.IsDerivation(w.About):
		d, err := store.Derivation(g.ctx, w.About)
		if err != nil {
			return nil, err
		}
		b, err := g.derivation(d)
		return []Proof{b}, err
	}
	var list []Proof
	ways := [][2]quad.Value{{w.About, w.Object()}}
	if w.Value == "" {
		ways = append(ways, [2]quad.Value{w.Object(), w.About})
	}
	for _, way := range ways {
		subject, _ := way[0].(quad.IRI)
		facts, err := g.of(subject, w.PredicateIRI(), way[1], w.Value)
		if err != nil {
			return nil, err
		}
		list = append(list, facts...)
	}
	return list, nil
}

// of lists what is concluded, stated, and held without a document.
func (g *grower) of(subject, predicate quad.IRI, object quad.Value, value string) ([]Proof, error) {
	var list []Proof
	derived, err := g.r.Store.Derivations(g.ctx, subject, predicate, object)
	if err != nil {
		return nil, err
	}
	for _, d := range derived {
		b, err := g.derivation(d)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	claims, err := g.r.Store.Claims(g.ctx, subject, predicate, object)
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		ok, err := g.r.Fits(g.ctx, c, value)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		b, err := g.claim(c, nil)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	gazetteer, err := g.gazetteer(subject, predicate, object)
	return append(list, gazetteer...), err
}

// gazetteer lists facts that need no document. Only a whole question finds them: there are many.
func (g *grower) gazetteer(subject, predicate quad.IRI, object quad.Value) ([]Proof, error) {
	if subject == "" || predicate == "" {
		return nil, nil
	}
	p := graph.Pattern{Subject: subject, Predicate: predicate, Label: graph.Gazetteer, Object: object}
	var quads []quad.Quad
	for q, err := range g.r.Store.Match(g.ctx, p) {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	graph.SortQuads(quads)
	var list []Proof
	for _, q := range quads {
		title, err := g.fact(graph.Claim{Subject: subject, Predicate: predicate, Object: q.Object})
		if err != nil {
			return nil, err
		}
		list = append(list, Proof{Fact: title, Words: []string{"what it is: the gazetteer, which needs no document"}})
	}
	return list, nil
}

// partOfFact stands between the parts of a fact.
const partOfFact = " · "

// fact is a fact in words: "Blue Police · cracked · Hush".
func (g *grower) fact(c graph.Claim) (string, error) {
	subject, err := g.r.Value(g.ctx, c.Subject)
	if err != nil {
		return "", err
	}
	value, err := g.r.ClaimValue(g.ctx, c)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{subject.Text(), g.r.Predicate(c.Predicate, false).Label, value.Text()}, partOfFact), nil
}

// derivation is a fact that a rule concluded, above the claims it was concluded from.
func (g *grower) derivation(d graph.Derivation) (Proof, error) {
	subject, _ := d.Fact.Subject.(quad.IRI)
	predicate, _ := d.Fact.Predicate.(quad.IRI)
	title, err := g.fact(graph.Claim{Subject: subject, Predicate: predicate, Object: d.Fact.Object})
	if err != nil {
		return Proof{}, err
	}
	b := Proof{ID: d.ID, Fact: title, Words: []string{"concluded (" + ShortID(d.ID) + "): " + strings.Join(d.Rules, "; ")}}
	for _, from := range d.From {
		if !graph.IsClaim(from) {
			b.Words = append(b.Words, GazetteerNote(d))
			continue
		}
		c, err := g.r.Store.Claim(g.ctx, from)
		if err != nil {
			return b, err
		}
		child, err := g.claim(c, nil)
		if err != nil {
			return b, err
		}
		b.Below = append(b.Below, child)
	}
	return b, nil
}

// claim is a claim, above what it repeats or follows from. way holds the claims above it.
func (g *grower) claim(c graph.Claim, way []quad.IRI) (Proof, error) {
	if c.Rank != graph.Deprecated {
		g.all[c.ID] = c
		g.documents[c.Source] = true
	}
	fact, err := g.fact(c)
	if err != nil {
		return Proof{}, err
	}
	b := Proof{ID: c.ID, Fact: fact}
	if err := g.words(&b, c); err != nil {
		return b, err
	}
	for _, from := range c.DerivedFrom {
		switch {
		case !graph.IsClaim(from):
			name, err := g.r.Value(g.ctx, from)
			if err != nil {
				return b, err
			}
			b.Words = append(b.Words, "repeats "+name.Text())
		case slices.Contains(way, from) || from == c.ID:
			b.Words = append(b.Words, "repeats "+ShortID(from)+", which stands above")
		default:
			other, err := g.r.Store.Claim(g.ctx, from)
			if err != nil {
				b.Words = append(b.Words, "repeats "+ShortID(from)+", which is not here")
				continue
			}
			child, err := g.claim(other, append(slices.Clone(way), c.ID))
			if err != nil {
				return b, err
			}
			b.Below = append(b.Below, child)
		}
	}
	return b, nil
}

// words says who said it, where, how, and in which row.
func (g *grower) words(b *Proof, c graph.Claim) error {
	source, err := g.r.Value(g.ctx, c.Source)
	if err != nil {
		return err
	}
	said := "read in " + source.Text()
	if c.Speaker != "" {
		speaker, err := g.r.Value(g.ctx, c.Speaker)
		if err != nil {
			return err
		}
		said = "said by " + speaker.Text() + ", " + said
	}
	documents, err := g.r.Documents(g.ctx, []graph.Claim{c})
	if err != nil {
		return err
	}
	var about []string
	if concept, ok := g.r.Schema.Concept(documents[c.Source].Kind); ok {
		about = append(about, concept.Label)
	}
	if issued := documents[c.Source].Issued; !issued.IsZero() {
		about = append(about, issued.String())
	}
	if len(about) > 0 {
		said += " (" + strings.Join(about, ", ") + ")"
	}
	b.Words = append(b.Words, said)
	first, err := g.r.Store.Origins(g.ctx, c)
	if err != nil {
		return err
	}
	if len(first) > 0 && c.Basis != graph.Inferred && !slices.Contains(first, c.Source) {
		names, err := g.r.Cell(g.ctx, values(first)...)
		if err != nil {
			return err
		}
		b.Words = append(b.Words, "first said in "+joined(names))
	}
	if c.ReportedAs != "" {
		b.Words = append(b.Words, "in its words: \""+c.ReportedAs+"\"")
	}
	if c.Basis == graph.Inferred {
		b.Words = append(b.Words, "concluded by the editors; no document says it in so many words")
	}
	if held := c.Valid.String(); held != "" {
		b.Words = append(b.Words, "held "+held)
	}
	if c.Rank == graph.Deprecated {
		b.Words = append(b.Words, "deprecated: it supports nothing")
	}
	b.Words = append(b.Words, c.Notes...)
	if place := g.places[ShortID(c.ID)]; place != "" {
		b.Words = append(b.Words, place)
	}
	return nil
}

func values(ids []quad.IRI) []quad.Value {
	list := make([]quad.Value, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

// summary counts the claims, the documents, and the documents that were the first to say it.
func (g *grower) summary() (string, error) {
	if len(g.all) == 0 {
		return "no claim is needed", nil
	}
	var claims []graph.Claim
	for _, c := range g.all {
		claims = append(claims, c)
	}
	origins, err := g.r.Store.Origins(g.ctx, claims...)
	if err != nil {
		return "", err
	}
	names, err := g.r.Cell(g.ctx, values(origins)...)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s in %s; %s: %s", counted(len(claims), "claim"), counted(len(g.documents), "document"), counted(len(origins), "origin"), joined(names)), nil
}

// joined is a cell as one piece of text.
func joined(cell queries.Cell) string {
	texts := make([]string, len(cell))
	for i, v := range cell {
		texts[i] = v.Text()
	}
	return strings.Join(texts, "; ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
