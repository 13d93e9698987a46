package exporters

import (
	"cmp"
	"crypto/sha1" //nolint:gosec // what RFC 9562 asks for in names, no secret
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func stix() Format {
	return Format{
		Name: "stix", Extensions: []string{".stix.json"}, MediaType: "application/stix+json;version=2.1",
		About:  "STIX 2.1 bundle (OpenCTI, MISP): things, relationships with their claim, figures as notes, documents as reports",
		Graphs: true, View: true,
		Write: writeSTIX,
	}
}

// A stixObject is an object of a bundle; the encoder sorts its members.
type stixObject map[string]any

// A stixBundler makes the objects of a view. Ids are hashes of full IRIs, and times are those of the
// documents: the same graph gives the same bundle.
type stixBundler struct {
	v         *View
	time      string // of all objects: when the youngest document came out
	author    string
	marking   string // of the licence, or ""
	extension string
	ids       map[quad.IRI]string

	said    map[quad.IRI][]string // subject → what is said of it, in words
	refs    map[quad.IRI][]string // subject → the objects that it is tied to
	backs   map[quad.IRI][]string // document → the objects that it backs
	quotes  map[quad.IRI][]stixObject
	objects []stixObject
}

const stixTime = "2006-01-02T15:04:05.000Z"

// stixType is the type of object for a class, "" where there is none. Operations and events are
// groupings: a campaign is what an adversary does, and an incident has no properties yet. Figures are
// notes, since STIX has no quantities.
func stixType(class string) string {
	return map[string]string{
		"Platform": "infrastructure", "Company": "identity", "Agency": "identity", "Agent": "identity", "Operation": "grouping", "Event": "grouping",
		"Location": "location", "Figure": "note", "Seizure": "note", "Source": "report",
	}[class]
}

func writeSTIX(w io.Writer, d Document) error {
	v, err := newView(d)
	if err != nil {
		return err
	}
	s := newSTIX(v)
	s.head(d.About)
	figures := s.facts()
	for _, id := range v.Things() {
		if s.ids[id] != "" {
			s.thing(id)
		}
	}
	d.lose(figures, "figure stands in the words of a note: STIX has no quantities", "figures stand in the words of notes: STIX has no quantities")
	slices.SortStableFunc(s.objects, func(a, b stixObject) int { return cmp.Compare(a["id"].(string), b["id"].(string)) })
	all, err := json.Marshal(s.objects)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(struct {
		Type    string       `json:"type"`
		ID      string       `json:"id"`
		Objects []stixObject `json:"objects"`
	}{"bundle", "bundle--" + nameUUID(string(all)), s.objects})
}

func newSTIX(v *View) *stixBundler {
	s := &stixBundler{
		v: v, ids: map[quad.IRI]string{}, said: map[quad.IRI][]string{}, refs: map[quad.IRI][]string{},
		backs: map[quad.IRI][]string{}, quotes: map[quad.IRI][]stixObject{},
	}
	youngest := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // without any document
	for _, id := range v.Things() {
		if kind := stixType(v.Class(id)); kind != "" {
			s.ids[id] = kind + "--" + nameUUID(v.Full(id))
		}
		if day := v.Record(id).Issued; !day.IsZero() && day.First().After(youngest) {
			youngest = day.First()
		}
	}
	s.time = youngest.Format(stixTime)
	s.author = "identity--" + nameUUID(v.Namespaces.Expand("kg:stix/author"))
	s.extension = "extension-definition--" + nameUUID(v.Namespaces.Expand("kg:stix/extension"))
	return s
}

// head makes the objects that are about the bundle: who made it, its licence, and what our properties mean.
func (s *stixBundler) head(a About) {
	s.objects = append(s.objects, stixObject{
		"type": "identity", "spec_version": "2.1", "id": s.author, "created": s.time, "modified": s.time,
		"name": cmp.Or(a.Title, "kg"), "identity_class": "system", "description": strings.Join(a.Lines(), "\n"),
	})
	if a.Licence != "" {
		statement := a.Licence
		if a.Terms != "" {
			statement += ", " + a.Terms
		}
		s.marking = "marking-definition--" + nameUUID(statement)
		s.objects = append(s.objects, stixObject{
			"type": "marking-definition", "spec_version": "2.1", "id": s.marking, "created": s.time, "created_by_ref": s.author,
			"definition_type": "statement", "definition": map[string]string{"statement": statement},
		})
	}
	s.objects = append(s.objects, stixObject{
		"type": "extension-definition", "spec_version": "2.1", "id": s.extension, "created": s.time, "modified": s.time, "created_by_ref": s.author,
		"name": "kg", "version": "1.0.0", "extension_types": []string{"property-extension"},
		"schema": s.v.Namespaces.Expand("kg:stix/extension"),
		"description": "iri: the address of a thing in the graph. class: its class. predicate: the relationship in the words of the graph's schema. " +
			"claim: the id of the claim or derivation that it stands on. start, end: as precise as the documents give them.",
	})
}

// object makes an object with what all of them have.
func (s *stixBundler) object(kind, id string, own map[string]any) stixObject {
	o := stixObject{"type": kind, "spec_version": "2.1", "id": id, "created": s.time, "modified": s.time, "created_by_ref": s.author}
	if s.marking != "" {
		o["object_marking_refs"] = []string{s.marking}
	}
	properties := map[string]any{"extension_type": "property-extension"}
	for name, value := range own {
		if value != "" {
			properties[name] = value
		}
	}
	o["extensions"] = map[string]any{s.extension: properties}
	return o
}

// facts makes relationships, and gathers what is said of each thing; it returns how many figures
// became words.
func (s *stixBundler) facts() (figures int) {
	v := s.v
	for _, f := range v.Facts {
		from := s.ids[f.Subject]
		if from == "" || f.Predicate == graph.Kind { // kinds are labels
			continue
		}
		object, _ := f.Object.(quad.IRI)
		to := s.ids[object]
		if v.IsThing(f.Object) && to != "" {
			s.refs[f.Subject] = append(s.refs[f.Subject], to)
			if s.related(from, to) {
				s.relationship(f, from, to)
				continue
			}
		}
		text := v.Label(f.Predicate) + ": " + v.Text(f)
		if f.ReportedAs != "" && f.Object != graph.SomeValue {
			text += " (“" + f.ReportedAs + "”)"
		}
		if f.ID != "" {
			text += " [" + ShortID(f.ID) + "]"
		}
		if v.Unit(f.Predicate) != "" {
			figures++
		}
		s.said[f.Subject] = append(s.said[f.Subject], text)
		if reference := s.reference(f); reference != nil {
			s.quotes[f.Subject] = append(s.quotes[f.Subject], reference)
		}
		if f.Source != "" {
			s.backs[f.Source] = append(s.backs[f.Source], from)
		}
	}
	return figures
}

// related says whether a fact becomes a relationship. What a note is about stands in the note.
func (s *stixBundler) related(from, to string) bool {
	for _, id := range []string{from, to} {
		if kind, _, _ := strings.Cut(id, "--"); kind == "note" || kind == "report" {
			return false
		}
	}
	return true
}

func (s *stixBundler) relationship(f Fact, from, to string) {
	v := s.v
	id := "relationship--" + nameUUID(v.Full(f.Subject)+" "+v.Full(f.Predicate)+" "+to+" "+v.Full(f.ID))
	r := s.object("relationship", id, map[string]any{
		"predicate": v.Full(f.Predicate), "claim": shortOrNone(f.ID), "start": f.Valid.From.String(), "end": f.Valid.Until.String(),
	})
	r["relationship_type"], r["source_ref"], r["target_ref"] = "related-to", from, to
	words := []string{v.Name(f.Subject) + " " + v.Label(f.Predicate) + " " + v.Text(f)}
	if f.Speaker != "" {
		words = append(words, "said by "+v.Name(f.Speaker))
	}
	if f.Basis == graph.Inferred {
		words = append(words, "concluded by the editors")
	}
	if f.Derived != nil {
		words = append(words, "concluded by rule: "+strings.Join(f.Derived.Rules, ", "))
	}
	r["description"] = strings.Join(append(words, f.Notes...), "; ")
	begin, end := f.Valid.From, f.Valid.Until
	if !begin.IsZero() {
		r["start_time"] = begin.First().Format(stixTime)
	}
	if last := end.Last(); !end.IsZero() && (begin.IsZero() || last.After(begin.First())) {
		r["stop_time"] = last.Format(stixTime)
	}
	if reference := s.reference(f); reference != nil {
		r["external_references"] = []stixObject{reference}
	}
	s.objects = append(s.objects, r)
	if f.Source != "" {
		s.backs[f.Source] = append(s.backs[f.Source], id)
	}
}

// reference says where a claim was read, nil of a fact without one.
func (s *stixBundler) reference(f Fact) stixObject {
	if f.Source == "" {
		return nil
	}
	r := s.v.Record(f.Source)
	reference := stixObject{"source_name": cmp.Or(r.Publisher, r.Title, string(f.Source)), "external_id": ShortID(f.ID)}
	if r.Title != "" {
		reference["description"] = r.Title
	}
	setURL(reference, r.Address)
	return reference
}

// setURL gives a reference its address, with what cannot stand in a URI escaped, as STIX wants URIs. An
// address of another kind than of the Web stays out.
func setURL(reference stixObject, address string) {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return
	}
	var b strings.Builder
	for _, c := range []byte(address) {
		if c <= ' ' || c >= 0x7F || strings.IndexByte("<>\"{}|^`\\", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	reference["url"] = b.String()
}

func shortOrNone(id quad.IRI) string {
	if id == "" {
		return ""
	}
	return ShortID(id)
}

// nameUUID is a UUID of version 5, of a name in the namespace of URLs: the same name has the same UUID
// everywhere.
func nameUUID(name string) string {
	space, _ := hex.DecodeString("6ba7b8119dad11d180b400c04fd430c8")
	sum := sha1.Sum(append(space, name...)) //nolint:gosec // see above
	u := sum[:16]
	u[6], u[8] = u[6]&0x0F|0x50, u[8]&0x3F|0x80
	h := hex.EncodeToString(u)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
