package loaders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// The shape of the metadata of the curated tables, in the order in which a person reads it.
type (
	describedGroup struct {
		Context     string           `json:"@context"`
		Description string           `json:"dc:description"`
		Tables      []describedTable `json:"tables"`
	}
	describedTable struct {
		URL      string          `json:"url"`
		Suppress bool            `json:"suppressOutput,omitempty"`
		Schema   describedSchema `json:"tableSchema"`
	}
	describedSchema struct {
		AboutURL    string            `json:"aboutUrl,omitempty"`
		PrimaryKey  string            `json:"primaryKey"`
		Columns     []describedColumn `json:"columns"`
		ForeignKeys []describedKey    `json:"foreignKeys,omitempty"`
	}
	describedColumn struct {
		Name        string `json:"name"`
		Titles      string `json:"titles,omitempty"`
		Description string `json:"dc:description,omitempty"`
		Datatype    any    `json:"datatype,omitempty"`
		Separator   string `json:"separator,omitempty"`
		Required    bool   `json:"required,omitempty"`
		Suppress    bool   `json:"suppressOutput,omitempty"`
		Virtual     bool   `json:"virtual,omitempty"`
		PropertyURL string `json:"propertyUrl,omitempty"`
		ValueURL    string `json:"valueUrl,omitempty"`
	}
	describedKey struct {
		Column    string `json:"columnReference"`
		Reference struct {
			Resource string `json:"resource"`
			Column   string `json:"columnReference"`
		} `json:"reference"`
	}
)

// CuratedMetadata describes the curated tables in the folder dir of fsys as CSV on the Web, so that any
// tool that knows these can read them, and convert what the recommendation can express: names, classes,
// words of lists, places, who said a claim in which document. What it cannot express stands in the
// dc:description of its column: several entities in a cell, dates of mixed precision, and values whose
// meaning lies in other columns.
func CuratedMetadata(fsys fs.FS, dir string, schema *graph.Schema, ns graph.Namespaces) ([]byte, error) {
	d := &describer{curator: curator{schema: schema}, ns: ns}
	g := describedGroup{Context: csvwContext, Description: "The curated tables. Written from the list of their columns; correct that, not this file."}
	for _, t := range entityTables() {
		table, err := d.entities(t)
		if err != nil {
			return nil, err
		}
		g.Tables = append(g.Tables, table)
	}
	files, err := claimFiles(fsys, dir)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		g.Tables = append(g.Tables, d.claims(file))
	}
	g.Tables = append(g.Tables, describedTable{URL: leftOutTable, Suppress: true, Schema: describedSchema{PrimaryKey: "claim_id", Columns: []describedColumn{
		{Name: "claim_id", Titles: "claim_id", Required: true}, {Name: "reason", Titles: "reason", Required: true},
	}}})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(g); err != nil {
		return nil, fmt.Errorf("metadata of %s: %w", dir, err)
	}
	return b.Bytes(), nil
}

// A describer turns what the tables' reader knows of columns into metadata.
type describer struct {
	curator
	ns graph.Namespaces
}

func (d *describer) full(iri quad.IRI) string { return d.ns.Expand(string(iri)) }

func (d *describer) entities(t entityTable) (describedTable, error) {
	class, ok := d.schema.Class(quad.IRI("kg:" + t.class))
	if !ok {
		return describedTable{}, fmt.Errorf("%s: the schema has no class %s", t.file, t.class)
	}
	out := describedTable{URL: t.file}
	s := &out.Schema
	s.AboutURL, s.PrimaryKey = d.full(quad.IRI("kg:"+class.Path))+"/{"+t.id+"}", t.id
	s.Columns = append(s.Columns,
		describedColumn{Name: t.id, Titles: t.id, Required: true, Suppress: true},
		describedColumn{Name: t.name, Titles: t.name, Required: true, PropertyURL: d.full(graph.Name)})
	if t.aliases {
		s.Columns = append(s.Columns, describedColumn{Name: "aliases", Titles: "aliases", Separator: "|", PropertyURL: d.full(graph.AltLabel)})
	}
	for _, column := range t.columns {
		p, ok := d.schema.PredicateNamed(column.predicate, "")
		if !ok {
			return out, fmt.Errorf("%s: the schema has no predicate %s", t.file, column.predicate)
		}
		c, key := d.column(column, p, class)
		s.Columns = append(s.Columns, c)
		if key != nil {
			s.ForeignKeys = append(s.ForeignKeys, *key)
		}
	}
	for k, n := class, 1; k != nil; n++ {
		s.Columns = append(s.Columns, describedColumn{Name: fmt.Sprintf("class%d", n), Virtual: true, PropertyURL: d.full(graph.Type), ValueURL: d.full(k.IRI)})
		k, _ = d.schema.Class(k.Broader)
	}
	for _, same := range t.same {
		p, ok := d.schema.PredicateNamed(same.predicate, "")
		if !ok {
			return out, fmt.Errorf("%s: the schema has no predicate %s", t.file, same.predicate)
		}
		if word, ok := d.schema.ConceptNamed(same.column, d.lists(p, class)...); ok {
			s.Columns = append(s.Columns, describedColumn{Name: same.predicate, Virtual: true, PropertyURL: d.full(p.IRI), ValueURL: d.full(word.IRI)})
		}
	}
	return out, nil
}

// column describes a column that a predicate fills, and the table that it refers to.
func (d *describer) column(column entityColumn, p *graph.Predicate, of *graph.Class) (describedColumn, *describedKey) {
	c := describedColumn{Name: column.column, Titles: column.column, Description: p.Definition, Required: column.required(), PropertyURL: d.full(p.IRI)}
	leftOut := func(why string) {
		c.Suppress = true
		c.Description = strings.TrimSpace(c.Description + " " + why)
	}
	if column.split {
		c.Separator = "|"
	}
	switch p.Range {
	case graph.RangeEntity, graph.RangeAny:
		path := bareClass(d.schema, p, of)
		if column.split {
			leftOut("Several entities, each " + orElseText(path != "", "a slug, or class/slug", "class/slug") + "; a template makes one address of a cell, so a conversion leaves them out.")
			return c, nil
		}
		if path == "" {
			c.ValueURL = d.full("kg:") + "{+" + c.Name + "}"
			return c, nil
		}
		c.ValueURL = d.full(quad.IRI("kg:"+path)) + "/{" + c.Name + "}"
		return c, d.key(c.Name, path)
	case graph.RangeConcept:
		prefix := d.wordPrefix(p, of)
		if column.split || prefix == "" {
			leftOut("Words: " + strings.Join(d.schema.Words(d.lists(p, of)...), ", ") + "; several in a cell, so a conversion leaves them out.")
			return c, nil
		}
		c.ValueURL = prefix + "{" + c.Name + "}"
	case graph.RangeDate:
		d.date(&c)
	case graph.RangeURL:
		c.Datatype, c.ValueURL = "anyURI", "{+"+c.Name+"}"
	case graph.RangeInteger:
		c.Datatype = "integer"
	case graph.RangeDecimal:
		c.Datatype = "decimal"
	case graph.RangeBoolean:
		c.Datatype = "boolean"
	case graph.RangeText, graph.RangeName:
	}
	return c, nil
}

func orElseText(yes bool, text, otherwise string) string {
	if yes {
		return text
	}
	return otherwise
}

// date describes a column of dates of any precision, for which there is no datatype.
func (d *describer) date(c *describedColumn) {
	c.Datatype = struct {
		Base   string `json:"base"`
		Format string `json:"format"`
	}{"string", "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}
	c.Suppress = true
	c.Description = strings.TrimSpace(c.Description + " A day, month or year (xsd:date, xsd:gYearMonth, xsd:gYear); a column has one datatype, so a conversion leaves it out.")
}

// wordPrefix is what stands before the words of a list in their IRIs, "" where that differs.
func (d *describer) wordPrefix(p *graph.Predicate, of *graph.Class) string {
	prefix := ""
	lists := d.lists(p, of)
	for _, word := range d.schema.Words(lists...) {
		concept, ok := d.schema.ConceptNamed(word, lists...)
		if !ok {
			return ""
		}
		before, ok := strings.CutSuffix(d.full(concept.IRI), word)
		if !ok || prefix != "" && before != prefix {
			return ""
		}
		prefix = before
	}
	return prefix
}

// key is the reference to the table of a class, nil where none holds it.
func (d *describer) key(column, path string) *describedKey {
	for _, t := range entityTables() {
		class, ok := d.schema.Class(quad.IRI("kg:" + t.class))
		if ok && class.Path == path {
			k := &describedKey{Column: column}
			k.Reference.Resource, k.Reference.Column = t.file, t.id
			return k
		}
	}
	return nil
}

// claims describes a table of claims: each row as the claim that it is. The fact that is claimed lies
// across columns, which a conversion cannot put together.
func (d *describer) claims(file string) describedTable {
	t := describedTable{URL: file, Schema: describedSchema{AboutURL: d.full("kg:claim/") + "{claim_id}", PrimaryKey: "claim_id"}}
	across := "What is claimed is subject, predicate, value and unit together; a conversion leaves it out."
	notes := map[string]string{
		"subject": across, "predicate": across, "value": across, "value_max": "The upper end of a range. " + across, "unit": across,
		"derived_from": "Claims or documents, separated by |; a template makes one address of a cell, so a conversion leaves them out.",
	}
	made := map[string]describedColumn{
		"reported_as":    {PropertyURL: d.full(graph.ReportedAs)},
		"note":           {PropertyURL: d.full(graph.Note)},
		"speaker":        {PropertyURL: d.full(graph.SaidBy), ValueURL: d.full("kg:") + "{+speaker}"},
		"source_id":      {PropertyURL: d.full(graph.ReadIn), ValueURL: d.full("kg:source/") + "{source_id}", Required: true},
		"converted_from": {PropertyURL: d.full(graph.ConvertedFrom), ValueURL: d.full("kg:claim/") + "{converted_from}"},
		"qualifier":      d.word(graph.QualifierIs, "qualifier"),
		"rank":           d.word(graph.RankIs, "rank"),
	}
	for _, name := range claimColumns() {
		c := made[name]
		c.Name, c.Titles = name, name
		switch {
		case name == "claim_id":
			c.Required, c.Suppress = true, true
		case name == "valid_from", name == "valid_until":
			d.date(&c)
		case notes[name] != "":
			c.Suppress, c.Description = true, notes[name]
			c.Required = name == "subject" || name == "predicate" || name == "value"
			if name == "derived_from" {
				c.Separator = "|"
			}
		}
		t.Schema.Columns = append(t.Schema.Columns, c)
	}
	t.Schema.ForeignKeys = append(t.Schema.ForeignKeys, *d.key("source_id", "source"))
	return t
}

// word describes a column whose words are the list of the same name.
func (d *describer) word(predicate quad.IRI, list string) describedColumn {
	c := describedColumn{PropertyURL: d.full(predicate)}
	p, ok := d.schema.Predicate(predicate)
	if !ok {
		return c
	}
	if c.ValueURL = d.wordPrefix(p, nil); c.ValueURL != "" {
		c.ValueURL += "{" + list + "}"
	}
	return c
}
