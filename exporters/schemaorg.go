package exporters

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func schemaOrg() Format {
	return Format{
		Name: "schemaorg", Extensions: []string{".schema.jsonld"}, MediaType: "application/ld+json",
		About:  "schema.org as JSON-LD, for web pages and search engines: things, observations, and every claim as a Claim",
		Graphs: true, View: true,
		Write: writeSchemaOrg,
	}
}

// A node is an object of JSON-LD; the encoder sorts its members.
type node map[string]any

func ref(id string) node { return node{"@id": id} }

// add adds a value to a member, which becomes a list with its second one.
func (n node) add(member string, value any) {
	switch known := n[member].(type) {
	case nil:
		n[member] = value
	case []any:
		n[member] = append(known, value)
	default:
		n[member] = []any{known, value}
	}
}

// schemaOrgType is the type of schema.org for a thing.
func (v *View) schemaOrgType(id quad.IRI) string {
	switch class := v.Class(id); class {
	case "Source":
		if v.Record(id).Kind == "kg:kind/press" {
			return "NewsArticle"
		}
		return "CreativeWork"
	default:
		return map[string]string{
			"Platform": "Service", "Company": "Organization", "Agency": "GovernmentOrganization", "Agent": "Organization", "Operation": "Event",
			"Event": "Event", "Location": "Place", "Figure": "Observation", "Seizure": "Observation", "Item": "DefinedTerm",
		}[class]
	}
}

// schemaOrgTerm is the property of schema.org for a predicate, "" where there is none: the fact is
// said by its Claim alone. One of schema.org itself, or that the schema of the graph gives as exactly
// or closely the same, is taken where schema.org has it for things of that type.
func (v *View) schemaOrgTerm(kind string, predicate quad.IRI) string {
	switch predicate {
	case graph.StartDate, graph.EndDate:
		if kind == "Event" {
			return strings.TrimPrefix(string(predicate), "schema:")
		}
		return "observationPeriod" // filled from both
	case "schema:foundingDate", "schema:dissolutionDate":
		if kind == "Organization" || kind == "GovernmentOrganization" {
			return strings.TrimPrefix(string(predicate), "schema:")
		}
		return ""
	case "kg:ledBy":
		return "organizer"
	case "kg:announcedOn", "kg:place", "kg:concerns", "kg:carriedOutBy":
		if kind != "Event" {
			return ""
		}
	case "dcterms:publisher":
		return "publisher"
	case graph.Issued:
		return "datePublished"
	case graph.PartOf:
		return map[string]string{"Event": "superEvent", "GovernmentOrganization": "parentOrganization"}[kind]
	case "kg:describedAs":
		return "description"
	case "owl:sameAs", "skos:exactMatch":
		return "sameAs"
	case "kg:participant", "kg:supportedBy", "kg:coordinatedBy":
		return map[string]string{"Event": "contributor"}[kind]
	case "kg:measure":
		return "measuredProperty"
	case "kg:seat":
		return "" // schema.org wants a place there, and has it in words
	}
	if p, ok := v.Schema.Predicate(predicate); ok {
		for _, term := range []quad.IRI{predicate, p.Exact, p.Close} {
			if name, ok := strings.CutPrefix(string(term), "schema:"); ok {
				return name
			}
		}
	}
	return ""
}

func writeSchemaOrg(w io.Writer, d Document) error {
	v, err := newView(d)
	if err != nil {
		return err
	}
	base := v.Namespaces.Expand("kg:")
	nodes := map[quad.IRI]node{}
	for _, id := range v.Things() {
		nodes[id] = v.schemaOrgThing(id)
	}
	var claims []node
	words := 0
	for _, f := range v.Facts {
		n := nodes[f.Subject]
		if n == nil {
			continue
		}
		if !v.schemaOrgFact(n, f) {
			words++
		}
		if graph.IsClaim(f.ID) {
			claims = append(claims, v.schemaOrgClaim(f))
			if review := v.schemaOrgReview(f); review != nil {
				claims = append(claims, review)
			}
		}
	}
	d.lose(words, "fact stands only in the words of a Claim: schema.org has no property for it", "facts stand only in the words of Claims: schema.org has no properties for them")
	all := []node{d.About.schemaOrg(base)}
	for _, id := range v.Things() {
		v.schemaOrgPeriod(nodes[id], id)
		v.schemaOrgGeo(nodes[id], id)
		all = append(all, nodes[id])
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(node{"@context": node{"@vocab": "https://schema.org/"}, "@graph": append(all, claims...)})
}

// schemaOrg is what is said of the whole.
func (a About) schemaOrg(base string) node {
	n := node{"@type": "Dataset", "@id": base + "dataset", "name": cmp.Or(a.Title, "kg")}
	for member, text := range map[string]string{"version": a.Dataset, "license": cmp.Or(a.Terms, a.Licence), "creditText": a.Program} {
		if text != "" {
			n[member] = text
		}
	}
	n["description"] = strings.Join(a.Lines(), ". ")
	return n
}

func (v *View) schemaOrgThing(id quad.IRI) node {
	kind := v.schemaOrgType(id)
	n := node{"@id": v.Full(id), "@type": kind, "name": v.Name(id)}
	for _, alias := range v.Aliases(id) {
		n.add("alternateName", alias)
	}
	for _, word := range v.Kinds(id) {
		n.add("additionalType", v.Namespaces.Expand("kg:kind/"+word))
	}
	return n
}

// schemaOrgFact puts a fact into the node of its subject, where schema.org has a place for it.
func (v *View) schemaOrgFact(n node, f Fact) bool {
	kind, _ := n["@type"].(string)
	if v.Unit(f.Predicate) != "" && kind == "Observation" {
		n.add("value", v.schemaOrgQuantity(f))
		return true
	}
	term := v.schemaOrgTerm(kind, f.Predicate)
	iri, isIRI := f.Object.(quad.IRI)
	switch {
	case f.Predicate == graph.Kind, term == "observationPeriod", f.Predicate == "geo:lat", f.Predicate == "geo:long":
		return true // stands elsewhere
	case isMissing(f.Object):
		return false
	case f.Predicate == "kg:countryCode":
		n["address"] = node{"@type": "PostalAddress", "addressCountry": v.word(f.Object)}
	case term == "":
		return false
	case isIRI:
		n.add(term, ref(v.Full(iri)))
	case v.isURL(f.Predicate):
		n.add(term, textOf(f.Object))
	default:
		n.add(term, v.word(f.Object))
	}
	return true
}

func (v *View) isURL(predicate quad.IRI) bool {
	p, ok := v.Schema.Predicate(predicate)
	return ok && p.Range == graph.RangeURL
}

// schemaOrgQuantity is what one claim says of how many, with its hedge as a bound.
func (v *View) schemaOrgQuantity(f Fact) node {
	n := node{"@type": "QuantitativeValue"}
	unit := v.Unit(f.Predicate)
	if f.ID != "" {
		n["subjectOf"] = ref(v.Full(f.ID))
	}
	if f.ReportedAs != "" {
		n["description"] = f.ReportedAs
	}
	amount, isNumber := f.Object.(quad.Int)
	if !isNumber {
		n["name"] = v.Text(f)
		return n
	}
	value := json.Number(v.Schema.InUnit(unit, int64(amount)))
	n["unitText"] = unit
	upTo, isRange := f.UpTo.(quad.Int)
	switch {
	case isRange:
		n["minValue"], n["maxValue"] = value, json.Number(v.Schema.InUnit(unit, int64(upTo)))
	case f.Qualifier == graph.AtLeast:
		n["minValue"] = value
	case f.Qualifier == graph.AtMost, f.Qualifier == graph.Nearly:
		n["maxValue"] = value
	default:
		n["value"] = value
	}
	return n
}

// schemaOrgClaim is a claim: who said what, where and when.
func (v *View) schemaOrgClaim(f Fact) node {
	n := node{"@id": v.Full(f.ID), "@type": "Claim", "identifier": ShortID(f.ID), "text": v.sentence(f), "about": ref(v.Full(f.Subject))}
	if f.Speaker != "" {
		n["author"] = ref(v.Full(f.Speaker))
	}
	if f.Source != "" {
		n["appearance"] = ref(v.Full(f.Source))
		if r := v.Record(f.Source); !r.Issued.IsZero() {
			n["datePublished"] = r.Issued.String()
		}
	}
	for _, from := range f.DerivedFrom {
		n.add("isBasedOn", ref(v.Full(from)))
	}
	if valid := spanText(f.Valid); valid != "" {
		n["temporalCoverage"] = valid
	}
	return n
}

// sentence is a fact in words: "Users of Hush: count about 60,000".
func (v *View) sentence(f Fact) string {
	return v.Name(f.Subject) + ": " + v.Label(f.Predicate) + " " + v.Text(f)
}

// spanText is a time as ISO 8601 writes it, with .. for an open end.
func spanText(s graph.Span) string {
	if s.From.IsZero() && s.Until.IsZero() {
		return ""
	}
	return cmp.Or(s.From.String(), "..") + "/" + cmp.Or(s.Until.String(), "..")
}

// schemaOrgReview is what the editors found about a claim, nil where they left it as it is: only what
// they chose or withdrew is a review, two claims that disagree are not.
func (v *View) schemaOrgReview(f Fact) node {
	if f.Rank != graph.Deprecated && f.Rank != graph.Preferred {
		return nil
	}
	rating := node{"@type": "Rating", "alternateName": v.word(f.Rank), "worstRating": 1, "bestRating": 5, "ratingValue": 1}
	if f.Rank == graph.Preferred {
		rating["ratingValue"] = 5
	}
	n := node{
		"@id": v.Full(f.ID) + "#review", "@type": "ClaimReview", "claimReviewed": v.sentence(f), "itemReviewed": ref(v.Full(f.ID)),
		"reviewRating": rating, "author": ref(v.Full(graph.Editors)),
	}
	if len(f.Notes) > 0 {
		n["reviewBody"] = strings.Join(f.Notes, " ")
	}
	return n
}

// schemaOrgPeriod is the time that an observation covers.
func (v *View) schemaOrgPeriod(n node, id quad.IRI) {
	if n["@type"] != "Observation" {
		return
	}
	start, _ := v.literal(id, graph.StartDate)
	end, _ := v.literal(id, graph.EndDate)
	if start != "" || end != "" {
		n["temporalCoverage"] = cmp.Or(start, "..") + "/" + cmp.Or(end, "..")
	}
}

func (v *View) schemaOrgGeo(n node, id quad.IRI) {
	lat, ok1 := v.degrees(id, "geo:lat", 90)
	long, ok2 := v.degrees(id, "geo:long", 180)
	if ok1 && ok2 {
		n["geo"] = node{"@type": "GeoCoordinates", "latitude": lat, "longitude": long}
	}
}
