package cli

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries/answers"
)

func newWhy(a *app) *cobra.Command {
	var f tableFlags
	var tree bool
	c := &cobra.Command{
		Use:   "why SUBJECT [PREDICATE [OBJECT]]",
		Short: "Show what a fact rests on, down to claims, documents and rows",
		Long: `why shows what stands behind a fact: the claims that state it, who said so in which
document, the row of the curated table, and how many documents were the first to say
it (copies of one release count once). A fact that a rule concluded is shown as a
tree: the rule, and below it the claims it was concluded from; below a claim that
repeats or follows from others, those.

Subject and object may be swapped, OBJECT may be a number or a date, and SUBJECT alone
may be the id of a claim or a derivation. On a terminal the answer is a tree, which
--tree asks for in a pipe too; with --format it is the table of "kg claims".`,
		Example: `  kg why be-federal-police cracked sky-ecc
  kg why seizure/antwerp-cocaine-2021 massGrams "27.64 t" --tree
  kg why A-SEED-007 --format json`,
		Args:              wantArgs(1, 3, "SUBJECT [PREDICATE [OBJECT]]"),
		ValidArgsFunction: completeEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if tree && (a.format != "" || a.json) {
				return usagef(cmd.CommandPath(), "give one of them", "--tree is a form of its own, --format another")
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if tree || a.format == "" && !a.json && a.std.OutTerminal {
				return a.printTree(cmd.Context(), s, args, f)
			}
			t, err := s.reader().Claims(cmd.Context(), args, false)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&tree, "tree", false, "print the tree in a pipe too")
	return c
}

// A branch is a fact in a proof, with what it rests on.
type branch struct {
	title string
	lines []string
	below []branch
}

// printTree prints what a fact rests on.
func (a *app) printTree(ctx context.Context, s *session, args []string, f tableFlags) error {
	w, err := s.reader().WhatIsAsked(ctx, args)
	if err != nil {
		return err
	}
	g := grower{s: s, ctx: ctx, places: s.project.places(), documents: map[quad.IRI]bool{}, all: map[quad.IRI]graph.Claim{}}
	branches, err := g.branches(w)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.std.Out)
	paint := colourOn(a.color, a.std, a.std.OutTerminal)
	tree := treePrinter{w: out, paint: paint}
	if a.std.OutTerminal {
		tree.width = a.std.width()
	}
	for i, b := range branches {
		if i > 0 {
			fmt.Fprintln(out)
		}
		tree.print(b, "", "")
	}
	if len(branches) > 0 {
		sum, err := g.summary()
		if err != nil {
			return err
		}
		fmt.Fprintln(out)
		tree.text(sum, "", "", false)
	}
	if err := out.Flush(); err != nil {
		return &writeError{err}
	}
	if len(branches) == 0 {
		a.note("nothing here says so")
		if f.exitStatus {
			return errEmpty
		}
	}
	return nil
}

// A treePrinter prints branches, with long lines broken between words on a terminal.
type treePrinter struct {
	w     *bufio.Writer
	paint painter
	width int // 0: lines are not broken
}

// print prints a branch; first stands before its title, rest before its other lines.
func (p treePrinter) print(b branch, first, rest string) {
	bar := "  "
	if len(b.below) > 0 {
		bar = "│ "
	}
	p.text(b.title, first, rest+bar+"    ", true)
	for _, line := range b.lines {
		p.text(line, rest+bar+"  ", rest+bar+"    ", false)
	}
	for i, child := range b.below {
		if i == len(b.below)-1 {
			p.print(child, rest+"└─ ", rest+"   ")
		} else {
			p.print(child, rest+"├─ ", rest+"│  ")
		}
	}
}

// text prints a text behind first, and what does not fit on its line behind next.
func (p treePrinter) text(words, first, next string, title bool) {
	words = strings.ReplaceAll(visible(words), "\n", " ")
	if p.width > 0 {
		room := p.width - max(text.StringWidth(first), text.StringWidth(next))
		words = text.WrapSoft(words, max(room, narrowestValue))
	}
	prefix := first
	for line := range strings.Lines(words) {
		if line = strings.TrimRight(line, " \n"); title {
			line = p.paint.paint(styleTitle, line)
		}
		fmt.Fprintf(p.w, "%s%s\n", prefix, line)
		prefix = next
	}
}

// A grower makes the tree of a proof.
type grower struct {
	s         *session
	ctx       context.Context //nolint:containedctx // lives as long as one call
	places    map[string]string
	documents map[quad.IRI]bool // in which the claims were read
	all       map[quad.IRI]graph.Claim
}

// branches finds the facts that fit what is asked, in either direction.
func (g *grower) branches(w answers.Asked) ([]branch, error) {
	store := g.s.store
	switch {
	case graph.IsClaim(w.About):
		c, err := store.Claim(g.ctx, w.About)
		if err != nil {
			return nil, err
		}
		b, err := g.claim(c, nil)
		return []branch{b}, err
	case graph.IsDerivation(w.About):
		d, err := store.Derivation(g.ctx, w.About)
		if err != nil {
			return nil, err
		}
		b, err := g.derivation(d)
		return []branch{b}, err
	}
	var list []branch
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
func (g *grower) of(subject, predicate quad.IRI, object quad.Value, value string) ([]branch, error) {
	var list []branch
	derived, err := g.s.store.Derivations(g.ctx, subject, predicate, object)
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
	claims, err := g.s.store.Claims(g.ctx, subject, predicate, object)
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		ok, err := g.s.reader().Fits(g.ctx, c, value)
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
func (g *grower) gazetteer(subject, predicate quad.IRI, object quad.Value) ([]branch, error) {
	if subject == "" || predicate == "" {
		return nil, nil
	}
	p := graph.Pattern{Subject: subject, Predicate: predicate, Label: graph.Gazetteer, Object: object}
	var quads []quad.Quad
	for q, err := range g.s.store.Match(g.ctx, p) {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	graph.SortQuads(quads)
	var list []branch
	for _, q := range quads {
		title, err := g.fact(graph.Claim{Subject: subject, Predicate: predicate, Object: q.Object})
		if err != nil {
			return nil, err
		}
		list = append(list, branch{title: title, lines: []string{"what it is: the gazetteer, which needs no document"}})
	}
	return list, nil
}

// partOfFact stands between the parts of a fact.
const partOfFact = " · "

// fact is a fact in words: "Blue Police · cracked · Hush".
func (g *grower) fact(c graph.Claim) (string, error) {
	subject, err := g.s.value(g.ctx, c.Subject)
	if err != nil {
		return "", err
	}
	value, err := g.s.claimValue(g.ctx, c)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{subject.Text(), g.s.predicate(c.Predicate, false).Label, value.Text()}, partOfFact), nil
}

// derivation is a fact that a rule concluded, above the claims it was concluded from.
func (g *grower) derivation(d graph.Derivation) (branch, error) {
	subject, _ := d.Fact.Subject.(quad.IRI)
	predicate, _ := d.Fact.Predicate.(quad.IRI)
	title, err := g.fact(graph.Claim{Subject: subject, Predicate: predicate, Object: d.Fact.Object})
	if err != nil {
		return branch{}, err
	}
	b := branch{title: title, lines: []string{"concluded (" + shortID(d.ID) + "): " + strings.Join(d.Rules, "; ")}}
	for _, from := range d.From {
		if !graph.IsClaim(from) {
			b.lines = append(b.lines, answers.GazetteerNote(d))
			continue
		}
		c, err := g.s.store.Claim(g.ctx, from)
		if err != nil {
			return b, err
		}
		child, err := g.claim(c, nil)
		if err != nil {
			return b, err
		}
		b.below = append(b.below, child)
	}
	return b, nil
}

// claim is a claim, above what it repeats or follows from. way holds the claims above it.
func (g *grower) claim(c graph.Claim, way []quad.IRI) (branch, error) {
	if c.Rank != graph.Deprecated {
		g.all[c.ID] = c
		g.documents[c.Source] = true
	}
	fact, err := g.fact(c)
	if err != nil {
		return branch{}, err
	}
	b := branch{title: shortID(c.ID) + partOfFact + fact}
	if err := g.words(&b, c); err != nil {
		return b, err
	}
	for _, from := range c.DerivedFrom {
		switch {
		case !graph.IsClaim(from):
			name, err := g.s.value(g.ctx, from)
			if err != nil {
				return b, err
			}
			b.lines = append(b.lines, "repeats "+name.Text())
		case slices.Contains(way, from) || from == c.ID:
			b.lines = append(b.lines, "repeats "+shortID(from)+", which stands above")
		default:
			other, err := g.s.store.Claim(g.ctx, from)
			if err != nil {
				b.lines = append(b.lines, "repeats "+shortID(from)+", which is not here")
				continue
			}
			child, err := g.claim(other, append(slices.Clone(way), c.ID))
			if err != nil {
				return b, err
			}
			b.below = append(b.below, child)
		}
	}
	return b, nil
}

// words says who said it, where, how, and in which row.
func (g *grower) words(b *branch, c graph.Claim) error {
	source, err := g.s.value(g.ctx, c.Source)
	if err != nil {
		return err
	}
	said := "read in " + source.Text()
	if c.Speaker != "" {
		speaker, err := g.s.value(g.ctx, c.Speaker)
		if err != nil {
			return err
		}
		said = "said by " + speaker.Text() + ", " + said
	}
	documents, err := g.s.documents(g.ctx, []graph.Claim{c})
	if err != nil {
		return err
	}
	var about []string
	if concept, ok := g.s.schema.Concept(documents[c.Source].Kind); ok {
		about = append(about, concept.Label)
	}
	if issued := documents[c.Source].Issued; !issued.IsZero() {
		about = append(about, issued.String())
	}
	if len(about) > 0 {
		said += " (" + strings.Join(about, ", ") + ")"
	}
	b.lines = append(b.lines, said)
	first, err := g.s.store.Origins(g.ctx, c)
	if err != nil {
		return err
	}
	if len(first) > 0 && c.Basis != graph.Inferred && !slices.Contains(first, c.Source) {
		names, err := g.s.cell(g.ctx, values(first)...)
		if err != nil {
			return err
		}
		b.lines = append(b.lines, "first said in "+cellText(names, false))
	}
	if c.ReportedAs != "" {
		b.lines = append(b.lines, "in its words: \""+c.ReportedAs+"\"")
	}
	if c.Basis == graph.Inferred {
		b.lines = append(b.lines, "concluded by the editors; no document says it in so many words")
	}
	if held := c.Valid.String(); held != "" {
		b.lines = append(b.lines, "held "+held)
	}
	if c.Rank == graph.Deprecated {
		b.lines = append(b.lines, "deprecated: it supports nothing")
	}
	b.lines = append(b.lines, c.Notes...)
	if place := g.places[shortID(c.ID)]; place != "" {
		b.lines = append(b.lines, place)
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
	origins, err := g.s.store.Origins(g.ctx, claims...)
	if err != nil {
		return "", err
	}
	names, err := g.s.cell(g.ctx, values(origins)...)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s in %s; %s: %s", plural(len(claims), "claim"), plural(len(g.documents), "document"), plural(len(origins), "origin"), cellText(names, false)), nil
}
