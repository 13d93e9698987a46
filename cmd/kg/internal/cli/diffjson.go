package cli

import (
	"bufio"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// The shape of kg diff --format json. Identifiers are short; values come as text for people beside the
// term itself.
type (
	jsonClaim struct {
		Claim     string `json:"claim"`
		Subject   string `json:"subject"`
		Predicate string `json:"predicate"`
		Value     string `json:"value"` // the term: an identifier, a number in the base unit, a literal
		Text      string `json:"text"`
		Source    string `json:"source"`
		Speaker   string `json:"speaker,omitempty"`
		Reason    string `json:"reason,omitempty"` // why it was withdrawn
	}
	jsonChange struct {
		Field string   `json:"field"`
		Old   []string `json:"old"`
		New   []string `json:"new"`
	}
	jsonCorrection struct {
		Old     jsonClaim    `json:"old"`
		New     jsonClaim    `json:"new"`
		Changes []jsonChange `json:"changes"`
	}
	jsonEntity struct {
		Entity string `json:"entity"`
		Name   string `json:"name"`
	}
	jsonRenaming struct {
		Old    jsonEntity `json:"old"`
		New    jsonEntity `json:"new"`
		Merged bool       `json:"merged"`
		Kept   bool       `json:"old_name_kept"`
	}
	jsonRedescription struct {
		jsonEntity
		Changes []string `json:"changes"`
	}
)

// writeJSON prints the changes for programs, one a line.
func (d *differ) writeJSON(w *bufio.Writer) {
	w.WriteString("{\n")
	member := func(name string, value any) {
		w.WriteString(`  "` + name + `": `)
		w.Write(queries.JSONText(value))
		w.WriteString(",\n")
	}
	member("schema_version", queries.JSONVersion)
	member("from", d.before.name)
	member("to", d.after.name)
	member("differ", !d.Empty())
	correction := func(list []graph.Correction) func(int) any {
		return func(i int) any {
			c := list[i]
			out := jsonCorrection{Old: d.jsonClaim(c.Old), New: d.jsonClaim(c.New), Changes: []jsonChange{}}
			for _, change := range c.Changes {
				out.Changes = append(out.Changes, jsonChange{change.Field, termTexts(change.Old), termTexts(change.New)})
			}
			return out
		}
	}
	entity := func(list []graph.Entity) func(int) any {
		return func(i int) any { return jsonEntity{shortID(list[i].IRI), list[i].Name} }
	}
	fact := func(list []quad.Quad) func(int) any {
		return func(i int) any { return list[i].NQuad() }
	}
	lists := []struct {
		name string
		n    int
		of   func(int) any
	}{
		{"corrected", len(d.Corrected), correction(d.Corrected)},
		{"withdrawn", len(d.Withdrawn), func(i int) any {
			c := d.jsonClaim(d.Withdrawn[i])
			c.Reason = d.after.leftOut[c.Claim]
			return c
		}},
		{"added", len(d.Added), func(i int) any { return d.jsonClaim(d.Added[i]) }},
		{"renumbered", len(d.Renumbered), correction(d.Renumbered)},
		{"entities_renamed", len(d.Renamed), func(i int) any {
			r := d.Renamed[i]
			return jsonRenaming{jsonEntity{shortID(r.Old.IRI), r.Old.Name}, jsonEntity{shortID(r.New.IRI), r.New.Name}, r.Merged, r.Kept}
		}},
		{"entities_removed", len(d.EntitiesRemoved), entity(d.EntitiesRemoved)},
		{"entities_added", len(d.EntitiesAdded), entity(d.EntitiesAdded)},
		{"entities_described_anew", len(d.Redescribed), func(i int) any {
			r := d.Redescribed[i]
			return jsonRedescription{jsonEntity{shortID(r.New.IRI), r.New.Name}, d.description(r)}
		}},
		{"facts_removed", len(d.FactsRemoved), fact(d.FactsRemoved)},
		{"facts_added", len(d.FactsAdded), fact(d.FactsAdded)},
	}
	for i, l := range lists {
		if i > 0 {
			w.WriteString(",\n")
		}
		queries.JSONList(w, l.name, l.n, func(i int) { w.Write(queries.JSONText(l.of(i))) })
	}
	w.WriteString("\n}\n")
}

func (d *differ) jsonClaim(c graph.Claim) jsonClaim {
	return jsonClaim{
		Claim: shortID(c.ID), Subject: shortID(c.Subject), Predicate: shortID(c.Predicate),
		Value: termText(c.Object), Text: d.said(c), Source: shortID(c.Source), Speaker: shortID(c.Speaker),
	}
}

// termText is a term as tables write it, numbers in the base unit.
func termText(v quad.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case quad.IRI:
		return shortID(v)
	case quad.String:
		return string(v)
	case quad.TypedString:
		return string(v.Value)
	}
	if typed, ok := graph.Lexical(v); ok {
		return string(typed.Value)
	}
	return quad.ToString(v)
}

func termTexts(values []quad.Value) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = termText(v)
	}
	return texts
}
