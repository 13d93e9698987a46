package exporters

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// thing makes the object of a thing.
func (s *stixBundler) thing(id quad.IRI) {
	v := s.v
	class := v.Class(id)
	kind := stixType(class)
	o := s.object(kind, s.ids[id], map[string]any{"iri": v.Full(id), "class": class})
	description := strings.Join(s.said[id], "\n")
	if description != "" {
		o["description"] = description
	}
	if quotes := s.quotes[id]; len(quotes) > 0 {
		o["external_references"] = quotes
	}
	if labels := v.Kinds(id); len(labels) > 0 {
		o["labels"] = labels
	}
	o["name"] = v.Name(id)
	switch kind {
	case "infrastructure":
		o["infrastructure_types"] = []string{"unknown"}
		if aliases := v.Aliases(id); len(aliases) > 0 {
			o["aliases"] = aliases
		}
	case "identity":
		o["identity_class"] = "organization"
		if class == "Agency" {
			o["sectors"] = []string{"government"}
		}
	case "grouping":
		o["context"] = "unspecified"
		o["object_refs"] = s.references(id)
	case "note":
		delete(o, "name")
		delete(o, "description")
		o["abstract"] = v.Name(id)
		o["content"] = cmp.Or(description, v.Name(id))
		o["object_refs"] = s.references(id)
	case "location":
		s.location(o, id)
	case "report":
		s.report(o, id)
	}
	s.objects = append(s.objects, o)
}

// references lists the objects that a thing is tied to. There must be one, so the author stands in
// where the export has none.
func (s *stixBundler) references(id quad.IRI) []string {
	refs := slices.Clone(s.refs[id])
	slices.Sort(refs)
	refs = slices.Compact(refs)
	if len(refs) == 0 {
		return []string{s.author}
	}
	return refs
}

// location says where a place is: its country, its coordinates, else by its name, as a region.
func (s *stixBundler) location(o stixObject, id quad.IRI) {
	v := s.v
	lat, hasLat := v.degrees(id, "geo:lat", 90)
	long, hasLong := v.degrees(id, "geo:long", 180)
	if hasLat && hasLong {
		o["latitude"], o["longitude"] = lat, long
	}
	code, hasCode := v.literal(id, "kg:countryCode")
	if hasCode && len(code) == 2 && code != "EU" { // which is none in ISO 3166
		o["country"] = code
		return
	}
	if !hasLat || !hasLong {
		o["region"] = regionWord(v.Name(id))
	}
}

// regionWord writes a name as the vocabulary of regions does: western-europe.
func regionWord(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(name)), "-")
}

func (s *stixBundler) report(o stixObject, id quad.IRI) {
	r := s.v.Record(id)
	o["published"] = s.time
	if !r.Issued.IsZero() {
		o["published"] = r.Issued.First().Format(stixTime)
	}
	reference := stixObject{"source_name": cmp.Or(r.Publisher, s.v.Name(id)), "description": s.v.Name(id)}
	setURL(reference, r.Address)
	o["external_references"] = []stixObject{reference}
	backs := slices.Clone(s.backs[id])
	slices.Sort(backs)
	if backs = slices.Compact(backs); len(backs) == 0 {
		backs = s.references(id)
	}
	o["object_refs"] = backs
}
