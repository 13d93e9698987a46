package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// writeNotice writes the changes as a corrections notice: what was wrong and what is right, for readers
// of what was published before. Claims that only have a new id are no news to them.
func (d *differ) writeNotice(w *bufio.Writer) {
	fmt.Fprintf(w, "# Corrections\n\nWhat changed from `%s` to `%s`.\n", d.before.name, d.after.name)
	if d.Empty() {
		w.WriteString("\nNothing.\n")
		return
	}
	section := func(title, intro string, n int) {
		if n > 0 {
			fmt.Fprintf(w, "\n## %s\n\n%s\n\n", title, intro)
		}
	}
	section("Corrected", "These figures and facts were given otherwise before.", len(d.Corrected))
	for _, c := range d.Corrected {
		fmt.Fprintf(w, "- **%s** (%s):", markdownCell(d.title(c.New)), markdownCell(d.name(c.New.Source)))
		parts := d.parts(c)
		for i, p := range parts {
			stop := ";"
			if i == len(parts)-1 {
				stop = "."
			}
			fmt.Fprint(w, correctionWords(p)+stop)
		}
		fmt.Fprintf(w, " Claim %s.\n", shortID(c.New.ID))
	}
	claims := func(list []graph.Claim, why map[string]string) {
		for _, c := range list {
			fmt.Fprintf(w, "- **%s**: %s (%s). Claim %s.", markdownCell(d.title(c)), markdownCell(d.said(c)), markdownCell(d.name(c.Source)), shortID(c.ID))
			if reason := why[shortID(c.ID)]; reason != "" {
				fmt.Fprintf(w, " Reason: %s.", markdownCell(strings.TrimSuffix(reason, ".")))
			}
			w.WriteByte('\n')
		}
	}
	section("Withdrawn", "These are no longer claimed.", len(d.Withdrawn))
	claims(d.Withdrawn, d.after.leftOut)
	section("Added", "These are new.", len(d.Added))
	claims(d.Added, nil)
	section("Renamed", "These are called otherwise now.", len(d.Renamed))
	for _, r := range d.Renamed {
		fmt.Fprintf(w, "- %s.\n", markdownCell(d.renaming(r)))
	}
	entities := func(title, intro string, list []graph.Entity) {
		section(title, intro, len(list))
		for _, e := range list {
			fmt.Fprintf(w, "- %s (%s)\n", markdownCell(orElse(e.Name, shortID(e.IRI))), d.className(e.IRI))
		}
	}
	entities("No longer in the data", "Nothing is said of these any more.", d.EntitiesRemoved)
	entities("New in the data", "These are spoken of for the first time.", d.EntitiesAdded)
	section("Described anew", "Descriptions that need no document: names, kinds, places.", len(d.Redescribed))
	for _, r := range d.Redescribed {
		fmt.Fprintf(w, "- **%s**: %s.\n", markdownCell(r.New.Name), markdownCell(strings.Join(d.description(r), "; ")))
	}
	if n := len(d.FactsAdded) + len(d.FactsRemoved); n > 0 {
		fmt.Fprintf(w, "\n%s changed that stand under no claim.\n", countOf(n, "fact", "facts"))
	}
}

// correctionWords is " value: 61,000, not 60,000".
func correctionWords(p correctedPart) string {
	switch {
	case p.old == "":
		return fmt.Sprintf(" %s: %s, where none was given", p.what, markdownCell(p.now))
	case p.now == "":
		return fmt.Sprintf(" %s: none, not %s", p.what, markdownCell(p.old))
	default:
		return fmt.Sprintf(" %s: %s, not %s", p.what, markdownCell(p.now), markdownCell(p.old))
	}
}

// className is the class of an entity, for people.
func (d *differ) className(iri quad.IRI) string {
	if c, ok := d.schema.ClassOf(iri); ok {
		return c.Label
	}
	return "unknown"
}
