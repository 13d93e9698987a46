package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// A differ prints what changed between two versions.
type differ struct {
	*graph.Difference
	schema        *graph.Schema
	before, after diffSide
	paint         painter
}

// name is what people call a thing, now or before.
func (d *differ) name(iri quad.IRI) string {
	for _, v := range []*graph.Version{d.after.version, d.before.version} {
		if e, ok := v.Entity(iri); ok && e.Name != "" {
			return e.Name
		}
	}
	if c, ok := d.schema.Concept(iri); ok {
		return c.Word
	}
	return shortID(iri)
}

// said is what a claim says, with its unit, range and hedge.
func (d *differ) said(c graph.Claim) string {
	if p, ok := d.schema.Predicate(c.Predicate); ok && p.Range == graph.RangeInteger && p.Unit != "" {
		return queries.ClaimedQuantity(d.schema, p.Unit, c).Plain()
	}
	text := d.term(c.Object)
	if c.UpTo != nil {
		text += " to " + d.term(c.UpTo)
	}
	if q := answers.Qualifier(c); q != "" {
		text += " (" + q + ")"
	}
	return text
}

func (d *differ) term(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return d.name(iri)
	}
	return queries.Value{Term: v}.Plain()
}

// A correctedPart is what a correction changed, in words: from one text to another, "" for nothing.
type correctedPart struct {
	what, old, now string
}

// parts puts the changes of a claim in words. Value, range, hedge and precision are one figure to a
// reader.
func (d *differ) parts(c graph.Correction) []correctedPart {
	var list []correctedPart
	told := false
	for _, change := range c.Changes {
		part := correctedPart{what: strings.ReplaceAll(strings.TrimSuffix(change.Field, "_id"), "_", " ")}
		switch change.Field {
		case "value", "value_max", "qualifier", "precision":
			if told {
				continue
			}
			told = true
			part.what, part.old, part.now = "value", d.said(c.Old), d.said(c.New)
			if part.old == part.now { // 5 and 5.0
				part.what, part.old, part.now = "precision", digitText(d, c.Old), digitText(d, c.New)
			}
		case "predicate":
			part.old, part.now = d.predicates(change.Old), d.predicates(change.New)
		default:
			part.old, part.now = d.terms(change.Old), d.terms(change.New)
		}
		list = append(list, part)
	}
	return list
}

// digitText says how precisely a claim's figure is given.
func digitText(d *differ, c graph.Claim) string {
	if c.LastDigit == 0 {
		return "as the figure shows"
	}
	unit := ""
	if p, ok := d.schema.Predicate(c.Predicate); ok {
		unit = p.Unit
	}
	return "to " + queries.Quantity(d.schema, unit, c.LastDigit).Plain()
}

func (d *differ) terms(values []quad.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = d.term(v)
	}
	return strings.Join(texts, "; ")
}

func (d *differ) predicates(values []quad.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		iri, _ := v.(quad.IRI)
		texts[i] = string(iri)
		if p, ok := d.schema.Predicate(iri); ok {
			texts[i] = p.Label
		}
	}
	return strings.Join(texts, "; ")
}

// renaming says in words what became of an entity.
func (d *differ) renaming(r graph.Renaming) string {
	text := r.Old.Name
	switch {
	case r.Merged:
		text += " is now part of " + r.New.Name
	case r.Old.Name != r.New.Name:
		text += " is now called " + r.New.Name
	default:
		text += " has another identifier"
	}
	if r.Old.IRI != r.New.IRI {
		text += fmt.Sprintf(" (%s → %s)", shortID(r.Old.IRI), shortID(r.New.IRI))
	}
	if !r.Kept {
		text += "; the old name is not among its names"
	}
	return text
}

// description says in words what changed in how an entity is described.
func (d *differ) description(r graph.Redescription) []string {
	var list []string
	for _, a := range r.Gained {
		list = append(list, "also called "+a)
	}
	for _, a := range r.Lost {
		list = append(list, "no longer called "+a)
	}
	for _, q := range r.Removed {
		list = append(list, "no longer "+d.predicates([]quad.Value{q.Predicate})+": "+d.term(q.Object))
	}
	for _, q := range r.Added {
		list = append(list, d.predicates([]quad.Value{q.Predicate})+": "+d.term(q.Object))
	}
	return list
}

// writeText lists all changes, for a terminal.
func (d *differ) writeText(w *bufio.Writer) {
	if d.Empty() {
		return
	}
	fmt.Fprintf(w, "from %s to %s\n", d.before.name, d.after.name)
	section := func(title string, n int) {
		if n > 0 {
			fmt.Fprintf(w, "\n%s\n", d.paint.paint(styleTitle, fmt.Sprintf("%s (%d)", title, n)))
		}
	}
	claim := func(sign string, c graph.Claim) {
		fmt.Fprintf(w, "  %s %s  %s: %s  %s\n", sign, shortID(c.ID), d.title(c), d.said(c), d.paint.paint(styleQuiet, "["+d.name(c.Source)+"]"))
	}
	section("corrected", len(d.Corrected))
	for _, c := range d.Corrected {
		fmt.Fprintf(w, "  ~ %s  %s  %s\n", idChange(c), d.title(c.New), d.paint.paint(styleQuiet, "["+d.name(c.New.Source)+"]"))
		for _, p := range d.parts(c) {
			fmt.Fprintf(w, "      %s: %s → %s\n", p.what, orElse(p.old, "none"), orElse(p.now, "none"))
		}
	}
	section("withdrawn", len(d.Withdrawn))
	for _, c := range d.Withdrawn {
		claim("-", c)
		if why := d.after.leftOut[shortID(c.ID)]; why != "" {
			fmt.Fprintf(w, "      %s\n", why)
		}
	}
	section("added", len(d.Added))
	for _, c := range d.Added {
		claim("+", c)
	}
	section("under new ids", len(d.Renumbered))
	for _, c := range d.Renumbered {
		fmt.Fprintf(w, "  ~ %s  %s: %s\n", idChange(c), d.title(c.New), d.said(c.New))
	}
	section("entities renamed", len(d.Renamed))
	for _, r := range d.Renamed {
		fmt.Fprintf(w, "  ~ %s\n", d.renaming(r))
	}
	section("entities removed", len(d.EntitiesRemoved))
	for _, e := range d.EntitiesRemoved {
		fmt.Fprintf(w, "  - %s  %s\n", shortID(e.IRI), e.Name)
	}
	section("entities added", len(d.EntitiesAdded))
	for _, e := range d.EntitiesAdded {
		fmt.Fprintf(w, "  + %s  %s\n", shortID(e.IRI), e.Name)
	}
	section("entities described anew", len(d.Redescribed))
	for _, r := range d.Redescribed {
		fmt.Fprintf(w, "  ~ %s  %s\n", shortID(r.New.IRI), r.New.Name)
		for _, line := range d.description(r) {
			fmt.Fprintf(w, "      %s\n", line)
		}
	}
	section("other facts", len(d.FactsRemoved)+len(d.FactsAdded))
	for _, q := range d.FactsRemoved {
		fmt.Fprintf(w, "  - %s\n", q.NQuad())
	}
	for _, q := range d.FactsAdded {
		fmt.Fprintf(w, "  + %s\n", q.NQuad())
	}
}

// idChange is the id of a corrected claim, or both.
func idChange(c graph.Correction) string {
	if c.Old.ID == c.New.ID {
		return shortID(c.New.ID)
	}
	return shortID(c.Old.ID) + " → " + shortID(c.New.ID)
}
