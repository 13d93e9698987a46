package loaders

import (
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// An entityTable is a table with an entity a row: what the entity is, not what a document says of
// it. All of it goes to the gazetteer.
type entityTable struct {
	file     string
	class    string // the name of the class
	id, name string // the columns of the slug and the name
	aliases  bool
	columns  []entityColumn
	same     []entityColumn // what holds for every entity of the table: predicate and value
}

// An entityColumn is a column and the predicate that it fills.
type entityColumn struct {
	column, predicate string
	split             bool // several values, separated by |
}

// entityTables lists the tables in the order in which they are read. To add a column, name it here
// and in the table.
func entityTables() []entityTable {
	kind := entityColumn{"kind", "kind", true}
	country := entityColumn{"country", "country", true}
	address := entityColumn{"url", "schema:url", false}
	note := entityColumn{"note", "note", false}
	asOf := entityColumn{"as_of", "asOf", false}
	aggregate := entityColumn{"aggregate", "aggregate", false}
	next := entityColumn{"next_in_series", "nextInSeries", false}
	disputes := entityColumn{"disputes", "disputes", true}
	entities := func(file, class string, columns ...entityColumn) entityTable {
		return entityTable{file: file, class: class, id: "slug", name: "name", aliases: true, columns: columns}
	}
	seizures := entities("seizures.csv", "Seizure", asOf, aggregate, next, disputes, note)
	seizures.same = []entityColumn{{column: "goods", predicate: "measure"}}
	return []entityTable{
		{file: "sources.csv", class: "Source", id: "source_id", name: "title", columns: []entityColumn{
			{"publisher", "dcterms:publisher", false},
			{"published", "dcterms:issued", false},
			{"published_before", "publishedBefore", false},
			address, kind, note,
		}},
		entities("locations.csv", "Location", kind,
			entityColumn{"within", "within", true},
			entityColumn{"country_code", "countryCode", false},
			entityColumn{"lat", "geo:lat", false},
			entityColumn{"long", "geo:long", false},
			note),
		entities("agencies.csv", "Agency", kind, country, entityColumn{"seat", "seat", false}, address, note),
		entities("companies.csv", "Company", kind, country, entityColumn{"seat", "seat", false}, address, note),
		entities("platforms.csv", "Platform", kind, note),
		entities("operations.csv", "Operation", kind, country, note),
		entities("events.csv", "Event", kind, note),
		entities("items.csv", "Item", entityColumn{"broader", "skos:broader", true}, note),
		entities("figures.csv", "Figure",
			entityColumn{"about", "about", true},
			entityColumn{"measure", "measure", false},
			entityColumn{"place", "place", true},
			entityColumn{"population", "population", false},
			entityColumn{"period", "period", false},
			entityColumn{"includes", "includes", true},
			entityColumn{"start", "schema:startDate", false},
			entityColumn{"end", "schema:endDate", false},
			asOf, aggregate,
			entityColumn{"part_of", "partOf", true},
			next, disputes, note),
		seizures,
	}
}

func (t entityTable) header() []string {
	names := []string{t.id, t.name}
	if t.aliases {
		names = append(names, "aliases")
	}
	for _, c := range t.columns {
		names = append(names, c.column)
	}
	return names
}

// required says whether a cell must not be empty: rules and answers go by the kind of a thing and by
// what a figure counts.
func (e entityColumn) required() bool {
	return e.predicate == "kind" || e.predicate == "measure" || e.predicate == "about"
}

// called is an entity that has a name.
type called struct {
	entity quad.IRI
	at     graph.Position
}

// entity reads a row of an entity table.
func (c *curator) entity(t entityTable, class *graph.Class, row Row) error {
	var problems graph.Problems
	fail := func(column string, p *graph.Problem) {
		p.At = row.At(column)
		problems = append(problems, p)
	}
	slug := row.Text(t.id)
	if p := checkSlug(slug); p != nil {
		c.unread[class.Path] = true
		fail(t.id, p)
		return problems
	}
	iri := quad.IRI("kg:" + class.Path + "/" + slug)
	if first, again := c.entities[iri]; again {
		fail(t.id, &graph.Problem{Want: "a slug of its own", Found: fmt.Sprintf("%q again", slug), Hint: "it stands in " + first.String() + " already"})
		return problems
	}
	c.define(iri, row.At(t.id))
	if name := row.Text(t.name); name == "" {
		fail(t.name, &graph.Problem{Want: "a name", Found: "an empty cell"})
	} else if err := c.named(iri, class, name, row.At(t.name)); err != nil {
		if other := problems.Collect(err); other != nil {
			return other
		}
	}
	var facts []quad.Quad
	add := func(p *graph.Predicate, v quad.Value) {
		facts = append(facts, quad.Quad{Subject: iri, Predicate: p.IRI, Object: v, Label: graph.Gazetteer})
	}
	if t.aliases {
		seen := map[string]bool{row.Text(t.name): true}
		for _, alias := range split(row.Text("aliases")) {
			switch {
			case alias == "":
				fail("aliases", &graph.Problem{Want: "aliases separated by one |", Found: "an empty one"})
			case seen[alias]:
				fail("aliases", &graph.Problem{Want: "names that differ", Found: fmt.Sprintf("%q again", alias)})
			default:
				facts = append(facts, quad.Quad{Subject: iri, Predicate: graph.AltLabel, Object: quad.String(alias), Label: graph.Gazetteer})
			}
			seen[alias] = true
		}
	}
	for _, column := range t.columns {
		p, ok := c.schema.PredicateNamed(column.predicate, "")
		if !ok {
			return fmt.Errorf("%s: the schema has no predicate %s", t.file, column.predicate)
		}
		text := row.Text(column.column)
		if text == "" {
			if column.required() {
				fail(column.column, &graph.Problem{Want: c.wanted(p, class), Found: "an empty cell"})
			}
			continue
		}
		texts := []string{text}
		if column.split {
			texts = split(text)
		}
		for _, text := range texts {
			v, problem := c.value(p, class, text, true, row.At(column.column))
			if problem == nil {
				problem = c.checkDegrees(p, text)
			}
			if problem != nil {
				fail(column.column, problem)
				continue
			}
			add(p, v)
			c.primary[iri] = c.primary[iri] || v == graph.KindPrimary
		}
	}
	for _, s := range t.same {
		if p, ok := c.schema.PredicateNamed(s.predicate, ""); ok {
			if v, problem := c.value(p, class, s.column, true, row.At(t.id)); problem == nil {
				add(p, v)
			}
		}
	}
	for _, ends := range [][2]string{{"start", "end"}, {"published", "published_before"}} {
		if p := backwards(row.Text(ends[0]), row.Text(ends[1])); p != nil {
			fail(ends[1], p)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	for _, q := range facts {
		if err := c.add(q, row.At(t.id)); err != nil {
			return err
		}
	}
	return nil
}

// define notes that an entity is there.
func (c *curator) define(iri quad.IRI, at graph.Position) {
	c.entities[iri] = at
	class, slug, _ := strings.Cut(strings.TrimPrefix(string(iri), "kg:"), "/")
	c.slugs[class] = append(c.slugs[class], slug)
}

// named says of what class an entity is, the wider ones included, and how it is called. Two documents
// may have one title; of anything else, the same name twice is the same thing twice.
func (c *curator) named(iri quad.IRI, class *graph.Class, name string, at graph.Position) error {
	key := class.Name + " " + graph.Fold(name)
	if first, taken := c.names[key]; taken && class.Name != "Source" {
		return &graph.Problem{
			At: at, Want: "a name of its own",
			Found: fmt.Sprintf("%q, which %s has too", name, written(first.entity)),
			Hint:  "see " + first.at.String(),
		}
	}
	c.names[key] = called{iri, at}
	facts := []quad.Quad{{Subject: iri, Predicate: graph.Name, Object: quad.String(name), Label: graph.Gazetteer}}
	for k, ok := class, true; ok; k, ok = c.schema.Class(k.Broader) {
		facts = append(facts, quad.Quad{Subject: iri, Predicate: graph.Type, Object: k.IRI, Label: graph.Gazetteer})
	}
	for _, q := range facts {
		if err := c.add(q, at); err != nil {
			return err
		}
	}
	return nil
}

// split cuts a cell of several values; an empty cell has none.
func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "|")
}
