package loaders

import (
	"cmp"
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
	part := entityColumn{"part_of", "partOf", true}
	next := entityColumn{"next_in_series", "nextInSeries", false}
	disputes := entityColumn{"disputes", "disputes", true}
	entities := func(file, class string, columns ...entityColumn) entityTable {
		return entityTable{file: file, class: class, id: "slug", name: "name", aliases: true, columns: columns}
	}
	seizures := entities("seizures.csv", "Seizure", asOf, aggregate, part, next, disputes, note)
	seizures.same = []entityColumn{{column: "goods", predicate: "measure"}}
	return []entityTable{
		{file: "sources.csv", class: "Source", id: "source_id", name: "title", columns: []entityColumn{
			{"publisher", "dcterms:publisher", false},
			{"published", "dcterms:issued", false},
			{"published_before", "publishedBefore", false},
			address, kind,
			{"derived_from", "prov:wasDerivedFrom", true},
			note,
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
			part, next, disputes, note),
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

// An entityRow is a row on its way to the facts of an entity.
type entityRow struct {
	*curator
	Row
	table    entityTable
	class    *graph.Class
	iri      quad.IRI
	facts    []quad.Quad
	problems graph.Problems
}

// entity reads a row of an entity table.
func (c *curator) entity(t entityTable, class *graph.Class, row Row) error {
	r := &entityRow{curator: c, Row: row, table: t, class: class}
	if !r.identify() {
		return r.problems
	}
	if err := r.name(); err != nil {
		return err
	}
	r.aliases()
	for _, column := range t.columns {
		if err := r.column(column); err != nil {
			return err
		}
	}
	for _, same := range t.same {
		if err := r.fact(same, t.id, same.column); err != nil {
			return err
		}
	}
	for _, ends := range [][2]string{{"start", "end"}, {"published", "published_before"}} {
		if p := backwards(row.Text(ends[0]), row.Text(ends[1])); p != nil {
			r.fail(ends[1], p)
		}
	}
	if len(r.problems) > 0 {
		return r.problems
	}
	for _, q := range r.facts {
		if err := c.add(q, row.At(t.id)); err != nil {
			return err
		}
	}
	return nil
}

func (r *entityRow) fail(column string, p *graph.Problem) {
	p.At = r.At(column)
	r.problems = append(r.problems, p)
}

func (r *entityRow) state(predicate quad.IRI, v quad.Value) {
	r.facts = append(r.facts, quad.Quad{Subject: r.iri, Predicate: predicate, Object: v, Label: graph.Gazetteer})
}

// identify reads the slug, which must be new in its class. Without one there is nothing to speak of.
func (r *entityRow) identify() bool {
	slug := r.Text(r.table.id)
	if p := checkSlug(slug); p != nil {
		r.unread[r.class.Path] = true
		r.fail(r.table.id, p)
		return false
	}
	r.iri = quad.IRI("kg:" + r.class.Path + "/" + slug)
	if first, again := r.entities[r.iri]; again {
		r.fail(r.table.id, &graph.Problem{Want: "a slug of its own", Found: fmt.Sprintf("%q again", slug), Hint: "it stands in " + first.String() + " already"})
		return false
	}
	r.define(r.iri, r.At(r.table.id))
	return true
}

func (r *entityRow) name() error {
	name := r.Text(r.table.name)
	if name == "" {
		r.fail(r.table.name, &graph.Problem{Want: "a name", Found: foundCell("")})
		return nil
	}
	if err := r.named(r.iri, r.class, name, r.At(r.table.name)); err != nil {
		return r.problems.Collect(err)
	}
	return nil
}

func (r *entityRow) aliases() {
	seen := map[string]bool{r.Text(r.table.name): true}
	for _, alias := range split(r.Text("aliases")) {
		switch {
		case alias == "":
			r.fail("aliases", &graph.Problem{Want: "aliases separated by one |", Found: "an empty one"})
		case strings.TrimSpace(alias) != alias:
			r.fail("aliases", &graph.Problem{Want: "aliases separated by | without blanks", Found: foundCell(alias)})
		case seen[alias]:
			r.fail("aliases", &graph.Problem{Want: "names that differ", Found: fmt.Sprintf("%q again", alias)})
		default:
			r.state(graph.AltLabel, quad.String(alias))
		}
		seen[alias] = true
	}
}

// column reads the values of one of the table's own columns.
func (r *entityRow) column(column entityColumn) error {
	text := r.Text(column.column)
	if text == "" {
		if p, ok := r.schema.PredicateNamed(column.predicate, ""); ok && column.required() {
			r.fail(column.column, &graph.Problem{Want: r.wanted(p, r.class), Found: foundCell("")})
		}
		return nil
	}
	texts := []string{text}
	if column.split {
		texts = split(text)
	}
	for _, text := range texts {
		if err := r.fact(column, column.column, text); err != nil {
			return err
		}
	}
	return nil
}

// fact reads one value; at is the column that a problem is about.
func (r *entityRow) fact(column entityColumn, at, text string) error {
	p, ok := r.schema.PredicateNamed(column.predicate, "")
	if !ok {
		return fmt.Errorf("%s: the schema has no predicate %s", r.table.file, column.predicate)
	}
	v, problem := r.value(p, r.class, text, true, r.At(at))
	if problem == nil {
		problem = cmp.Or(r.checkDegrees(p, text), r.checkCopy(p, v, r.At(at)))
	}
	if problem != nil {
		r.fail(at, problem)
		return nil
	}
	r.state(p.IRI, v)
	r.primary[r.iri] = r.primary[r.iri] || v == graph.KindPrimary
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
