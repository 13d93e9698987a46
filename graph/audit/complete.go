package audit

import (
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// dangling finds links to entities of ours that nothing defines.
func dangling(in *inspection) {
	told := map[quad.IRI]bool{}
	check := func(id, about quad.IRI, role string) {
		if id == "" || in.defined[id] || told[id] || in.class(id) == "" || graph.IsClaim(id) || graph.IsDerivation(id) {
			return
		}
		told[id] = true
		in.report(about, "an entity that is defined", short(id)+" "+role, orAdvice(graph.DidYouMean(short(id), in.near(id)), asHint(in.rule.Advice)))
	}
	for _, q := range in.quads {
		label, _ := q.Label.(quad.IRI)
		if label == graph.SchemaIn {
			continue
		}
		subject, _ := q.Subject.(quad.IRI)
		object, _ := q.Object.(quad.IRI)
		about := subject
		if graph.IsClaim(label) {
			about = label
		}
		if label != graph.Provenance {
			check(subject, about, "as subject")
		}
		predicate, _ := q.Predicate.(quad.IRI)
		if p, ok := in.schema.Predicate(predicate); ok && p.Range != graph.RangeConcept && predicate != graph.Type {
			check(object, about, "under "+p.Name)
		}
	}
}

// near lists the entities of the same class.
func (in *inspection) near(id quad.IRI) []string {
	var list []string
	for _, s := range in.subjects {
		if in.class(s) == in.class(id) {
			list = append(list, short(s))
		}
	}
	return list
}

func orAdvice(hint, advice string) string {
	if hint != "" {
		return hint
	}
	return advice
}

// nameless finds entities that have a class and no name.
func nameless(in *inspection) {
	for _, id := range in.subjects {
		if in.class(id) != "" && !in.has(id, graph.Name) {
			in.report(id, "a name", "none for "+short(id))
		}
	}
}

// slugsGone finds entities that were published once and are neither there nor another name of one.
func slugsGone(in *inspection) {
	aliases := map[string]bool{}
	for k, values := range in.objects {
		if k.predicate != graph.AltLabel {
			continue
		}
		for _, v := range values {
			if text, ok := v.(quad.String); ok {
				aliases[in.class(k.subject)+" "+string(text)] = true
			}
		}
	}
	for _, published := range in.reviewed.Slugs {
		id := published.Entity
		_, slug, _ := strings.Cut(short(id), "/")
		if in.defined[id] || aliases[in.class(id)+" "+slug] {
			continue
		}
		in.reportAt(published.At, id, short(id)+" or an entity with the alias "+slug, "neither", orAdvice(renamed(in, id), asHint(in.rule.Advice)))
	}
}

// renamed proposes what may have taken the place of a slug.
func renamed(in *inspection, id quad.IRI) string {
	near := graph.Nearest(short(id), in.near(id))
	if near == "" {
		return ""
	}
	_, slug, _ := strings.Cut(short(id), "/")
	return "if it is " + near + " now, add " + slug + " to the aliases there"
}

// placeless finds what should lie somewhere and does not say where.
func placeless(in *inspection) {
	for _, id := range in.subjects {
		switch in.class(id) {
		case "Seizure":
			if !in.has(id, "kg:place") && !in.isTrue(id, "kg:aggregate") {
				in.report(id, "a place", "none for "+short(id))
			}
		case "Location":
			kinds := in.links(id, graph.Kind)
			if slices.Contains(kinds, "kg:kind/continent") || slices.Contains(kinds, "kg:kind/region") {
				continue // too wide for one point
			}
			if !in.has(id, graph.Within) {
				in.report(id, "the wider place in which it lies", "none for "+short(id), "fill the column within")
			}
			if !in.has(id, "geo:lat") || !in.has(id, "geo:long") {
				in.report(id, "coordinates", "none for "+short(id), "fill the columns lat and long")
			}
		case "Agency":
			if !in.has(id, "kg:country") && !slices.Contains(in.links(id, graph.Kind), "kg:kind/international-organisation") && !slices.Contains(in.links(id, graph.Kind), "kg:kind/joint-team") {
				in.report(id, "a country", "none for "+short(id), "fill the column country; a union counts as one")
			}
		}
	}
}

func (in *inspection) isTrue(id, predicate quad.IRI) bool {
	return slices.Contains(in.objects[subjectPredicate{id, predicate}], quad.Value(quad.Bool(true)))
}

// numberless finds figures of which no document gives a number, nor says that there is one.
func numberless(in *inspection) {
	for _, id := range in.subjects {
		if in.isFigure(id) && len(in.measures(id)) == 0 {
			in.report(id, "a claim that says how much or how many", "none for "+short(id))
		}
	}
}

// claimTwice finds claims that say the same thing of one document.
func claimTwice(in *inspection) {
	type key struct {
		subject, predicate, source quad.IRI
		object, upTo               string
		qualifier, basis           quad.IRI
		valid                      graph.Span
		speaker, converted         quad.IRI
	}
	first := map[key]quad.IRI{}
	for _, c := range in.claims {
		k := key{
			c.Subject, c.Predicate, c.Source, quad.ToString(c.Object), quad.ToString(c.UpTo),
			c.Qualifier, c.Basis, c.Valid, c.Speaker, c.ConvertedFrom,
		}
		if c.Object == graph.SomeValue {
			k.upTo = c.ReportedAs
		}
		if was, again := first[k]; again {
			in.report(c.ID, "each thing once from a document", short(c.ID)+" says what "+short(was)+in.where(was)+" says")
			continue
		}
		first[k] = c.ID
	}
}
