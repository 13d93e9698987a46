package exporters

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func ftm() Format {
	return Format{
		Name: "ftm", Extensions: []string{".ftm.json", ".ftm"}, MediaType: "application/json+ftm",
		About:  "FollowTheMoney entities, one a line (OpenAleph, OpenSanctions): facts between things as links with their claim",
		Graphs: true, View: true,
		Write: writeFTM,
	}
}

// An ftmEntity is a line. FollowTheMoney lets every property have several values, so that claims that
// disagree stand side by side.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

func (e *ftmEntity) add(property, value string) {
	if value != "" && !slices.Contains(e.Properties[property], value) {
		e.Properties[property] = append(e.Properties[property], value)
	}
}

// ftmSchema is the schema of FollowTheMoney for a class, "" for classes that are words of others there.
func ftmSchema(class string) string {
	return map[string]string{
		"Platform": "Organization", "Company": "Company", "Agency": "PublicBody", "Operation": "Event", "Event": "Event",
		"Figure": "Event", "Seizure": "Event", "Location": "Address", "Source": "Article", "Agent": "Organization",
	}[class]
}

// ftmProperty is the property that takes a predicate's literal, "" where none does.
func ftmProperty(schema string, predicate quad.IRI) string {
	switch schema {
	case "Organization", "Company", "PublicBody":
		switch predicate {
		case "schema:foundingDate":
			return "incorporationDate"
		case "schema:dissolutionDate":
			return "dissolutionDate"
		case "schema:url":
			return "website"
		case "kg:status":
			return "status"
		}
	case "Event":
		switch predicate {
		case graph.StartDate:
			return "startDate"
		case graph.EndDate:
			return "endDate"
		case "kg:asOf":
			return "date"
		}
	case "Address":
		switch predicate {
		case "geo:lat":
			return "latitude"
		case "geo:long":
			return "longitude"
		case "kg:countryCode":
			return "country"
		}
	case "Article":
		switch predicate {
		case graph.Issued:
			return "publishedAt"
		case "dcterms:publisher":
			return "publisher"
		case "schema:url":
			return "sourceUrl"
		}
	}
	switch predicate {
	case "kg:describedAs":
		return "description"
	case graph.Note:
		return "notes"
	}
	return ""
}

func writeFTM(w io.Writer, d Document) error {
	v, err := newView(d)
	if err != nil {
		return err
	}
	entities := map[quad.IRI]*ftmEntity{}
	for _, id := range v.Things() {
		if schema := ftmSchema(v.Class(id)); schema != "" {
			entities[id] = v.ftmEntity(id, schema)
		}
	}
	var links []*ftmEntity
	figures := 0
	for _, f := range v.Facts {
		of := entities[f.Subject]
		if of == nil {
			continue
		}
		object, _ := f.Object.(quad.IRI)
		switch to := entities[object]; {
		case v.IsThing(f.Object) && to != nil:
			links = append(links, v.ftmLink(f, of, to))
		case v.IsThing(f.Object):
			of.add("keywords", v.Name(object))
		case f.Predicate == graph.Kind:
			of.add(ftmKind(of.Schema), v.word(f.Object))
		default:
			if v.ftmLiteral(of, f) {
				figures++
			}
		}
	}
	d.lose(figures, "figure stands in words: FollowTheMoney has no quantities", "figures stand in words: FollowTheMoney has no quantities")
	lines := []*ftmEntity{}
	if about := d.About.ftm(); about != nil {
		lines = append(lines, about)
	}
	for _, id := range v.Things() {
		if e := entities[id]; e != nil {
			lines = append(lines, e)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, e := range append(lines, links...) {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// ftm is what is said of the whole, as a document: lines of FollowTheMoney have no head.
func (a About) ftm() *ftmEntity {
	lines := a.Lines()
	if len(lines) == 0 {
		return nil
	}
	return &ftmEntity{ID: ftmHash(strings.Join(lines, "\n")), Schema: "Article", Properties: map[string][]string{
		"title": {cmp.Or(a.Title, "About this export")}, "summary": {strings.Join(lines, "\n")},
	}}
}

func (v *View) ftmEntity(id quad.IRI, schema string) *ftmEntity {
	e := &ftmEntity{ID: ftmID(id), Schema: schema, Properties: map[string][]string{}}
	e.add("name", v.Name(id))
	switch {
	case schema == "Article":
		e.add("title", v.Name(id))
	case schema == "Address":
		e.add("full", v.Name(id))
	case v.Class(id) == "Platform":
		e.add("classification", "platform")
	}
	for _, alias := range v.Aliases(id) {
		e.add("alias", alias)
	}
	return e
}

// ftmKind is the property that takes the word of a kind.
func ftmKind(schema string) string {
	switch schema {
	case "Organization", "Company", "PublicBody":
		return "classification"
	default:
		return "keywords"
	}
}

// ftmLiteral puts a literal where it belongs, else in words into the notes; it says whether it was a
// quantity.
func (v *View) ftmLiteral(e *ftmEntity, f Fact) (quantity bool) {
	claim := ""
	if f.ID != "" {
		claim = " [" + ShortID(f.ID) + "]"
	}
	property := ftmProperty(e.Schema, f.Predicate)
	if property == "latitude" || property == "longitude" {
		if _, onEarth := v.degrees(f.Subject, f.Predicate, map[string]float64{"latitude": 90, "longitude": 180}[property]); !onEarth {
			property = ""
		}
	}
	if property != "" && !isMissing(f.Object) {
		text := v.word(f.Object)
		if property == "country" {
			text = strings.ToLower(text)
		}
		e.add(property, text)
		return false
	}
	text := v.Label(f.Predicate) + ": " + v.Text(f)
	if f.ReportedAs != "" && f.Object != graph.SomeValue {
		text += " (“" + f.ReportedAs + "”)"
	}
	e.add("summary", text+claim)
	return v.Unit(f.Predicate) != ""
}

// ftmLink is a fact between two things: the one link of FollowTheMoney that says nothing of its kind,
// since what police does to networks is in none of the others; the kind is its role.
func (v *View) ftmLink(f Fact, from, to *ftmEntity) *ftmEntity {
	link := &ftmEntity{ID: ftmHash(from.ID + " " + string(f.Predicate) + " " + to.ID), Schema: "UnknownLink", Properties: map[string][]string{}}
	link.add("subject", from.ID)
	link.add("object", to.ID)
	link.add("role", v.Label(f.Predicate))
	if f.ID != "" {
		link.ID = ftmHash(string(f.ID) + link.ID) // a label of another's making may stand on several facts
		if graph.IsClaim(f.ID) {
			link.add("recordId", ShortID(f.ID))
		} else {
			link.add("recordId", string(f.ID))
		}
	}
	link.add("startDate", f.Valid.From.String())
	link.add("endDate", f.Valid.Until.String())
	if f.Source != "" {
		r := v.Record(f.Source)
		if v.things[f.Source] {
			link.add("proof", ftmID(f.Source))
		}
		link.add("sourceUrl", r.Address)
		link.add("publisher", r.Publisher)
	}
	if f.Speaker != "" {
		link.add("summary", "said by "+v.Name(f.Speaker))
	}
	if f.Basis == graph.Inferred {
		link.add("summary", "concluded by the editors")
	}
	if f.Derived != nil {
		link.add("summary", "concluded by rule: "+strings.Join(f.Derived.Rules, ", "))
	}
	if f.Rank != "" {
		link.add("status", v.word(f.Rank))
	}
	for _, note := range f.Notes {
		link.add("description", note)
	}
	return link
}

// ftmID is an entity's id, of the few characters that FollowTheMoney takes: kg-platform-sky-ecc.
func ftmID(id quad.IRI) string {
	path, slug, ok := strings.Cut(strings.TrimPrefix(string(id), "kg:"), "/")
	if ok && strings.HasPrefix(string(id), "kg:") && lettersOnly(path) && ftmSlug(slug) {
		return "kg-" + path + "-" + slug
	}
	return ftmHash(string(id))
}

func ftmHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "kg." + hex.EncodeToString(sum[:16]) // a point, which no other id has there
}

func lettersOnly(s string) bool {
	for _, c := range []byte(s) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

func ftmSlug(s string) bool {
	for i, c := range []byte(s) {
		if !alphanumeric(c) && (c != '-' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return s != ""
}
