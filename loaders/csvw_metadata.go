package loaders

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// csvwContext is the context that every metadata file names.
const csvwContext = "http://www.w3.org/ns/csvw"

// A tableGroup is what a metadata file says: of one table, or of several.
type tableGroup struct {
	file   string
	base   string // @base of the context, "" for none
	lang   string // @language of the context
	tables []*tableDescription
}

// A tableDescription is what is known of a table before its rows are read.
type tableDescription struct {
	at          graph.Position
	url         string // as the metadata write it
	iri         string // absolute where there is a base, else the url
	suppress    bool
	dialect     dialect
	columns     []*tableColumn // nil: the header tells
	inherited   inherited      // for columns that only the header tells
	primaryKey  []int
	foreignKeys []*foreignKey
	schemaID    string
}

// A tableColumn is a column with all that it inherits.
type tableColumn struct {
	inherited
	at       graph.Position
	name     string
	named    bool     // the metadata name it
	titles   []string // any of them may stand in the header
	virtual  bool
	suppress bool
}

// inherited is what a column takes from the schema, the table and the group where it says nothing itself.
type inherited struct {
	aboutURL, propertyURL, valueURL *uriTemplate
	templateAt                      graph.Position // of the last of the three, for messages
	datatype                        *datatype
	defaultText, lang               string
	null                            []string
	ordered, required               bool
	separator                       string
}

// A foreignKey says that cells of some columns are a row of another table.
type foreignKey struct {
	at        graph.Position
	columns   []int
	resource  string // url of the other table, or
	schema    string // the @id of its schema
	reference []string
	to        *tableDescription
	toColumns []int
	keys      *keySet
}

// A metadataReader makes a group out of nodes. It gathers problems and goes on.
type metadataReader struct {
	group    *tableGroup
	types    []baseType
	problems graph.Problems
	open     func(url string) (*node, error) // a schema or dialect in a file of its own
}

func (r *metadataReader) fail(n *node, want, hint string) {
	r.problems = append(r.problems, n.problem(want, hint))
}

// readGroup reads a metadata file. The error is [graph.Problems].
func readGroup(file string, root *node, base string, open func(string) (*node, error)) (*tableGroup, error) {
	r := &metadataReader{group: &tableGroup{file: file, base: base}, types: baseTypes(), open: open}
	if root.kind != '{' {
		r.fail(root, "an object that describes a table or several", "")
		return nil, r.problems
	}
	r.context(root)
	top := inherited{null: []string{""}, lang: "und", datatype: newDatatype(r.base("string"))} // @language is of titles and notes, not of cells
	if tables := root.get("tables"); tables != nil {
		r.known(root, "group of tables", "TableGroup", append(inheritedNames(), "tables", "dialect", "tableSchema", "tableDirection", "transformations", "notes"))
		top = r.inherit(root, top)
		if tables.kind != '[' || len(tables.items) == 0 {
			r.fail(tables, "an array of one table or more", "")
		}
		for _, t := range tables.items {
			r.table(t, top, root)
		}
	} else {
		r.table(root, top, nil)
	}
	r.linkKeys()
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b *graph.Problem) int {
			return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
		})
		return nil, r.problems
	}
	return r.group, nil
}

// context reads @context, which is the recommendation's alone or with a base and a language.
func (r *metadataReader) context(root *node) {
	c := root.get("@context")
	const want = `"@context": "` + csvwContext + `"`
	switch {
	case c == nil:
		r.problems = append(r.problems, &graph.Problem{At: root.at, Want: want, Found: "none", Hint: "is it metadata of CSV on the Web?"})
		return
	case c.kind == '"' && c.text == csvwContext:
		return
	case c.kind == '[' && len(c.items) == 2 && c.items[0].kind == '"' && c.items[0].text == csvwContext && c.items[1].kind == '{':
	default:
		r.fail(c, want+", alone or in an array with @base and @language", "")
		return
	}
	for _, m := range c.items[1].members {
		switch {
		case m.name == "@base" && m.value.kind == '"':
			base := m.value.text
			if !absolute([]byte(base)) {
				if r.group.base == "" {
					r.fail(m.value, "as @base an absolute IRI like https://example.org/", "")
					continue
				}
				base = newBase(r.group.base).resolve(base)
			}
			r.group.base = base
		case m.name == "@language" && m.value.kind == '"':
			r.group.lang = m.value.text
		default:
			r.problems = append(r.problems, &graph.Problem{At: m.at, Want: "@base and @language in the context", Found: quote([]byte(shown(m.name)), "")})
		}
	}
}

// notFacts are members that any object may have, and that say nothing of what the cells mean.
func notFacts() []string { return []string{"@context", "@id", "@type"} }

// known refuses members that the recommendation does not define for the object. Names with a colon are
// notes of other vocabularies, which minimal conversion leaves out.
func (r *metadataReader) known(n *node, what, class string, names []string) {
	for _, m := range n.members {
		if strings.Contains(m.name, ":") || slices.Contains(names, m.name) {
			continue
		}
		if slices.Contains(notFacts(), m.name) {
			if m.name == "@type" && (m.value.kind != '"' || m.value.text != class) {
				r.fail(m.value, fmt.Sprintf("%q as the @type of a %s", class, what), "")
			}
			continue
		}
		hint := graph.DidYouMean(m.name, names)
		if hint == "" {
			hint = "a note of your own has a prefix, as in dc:description"
		}
		r.problems = append(r.problems, &graph.Problem{At: m.at, Want: "a property of a " + what, Found: quote([]byte(shown(m.name)), ""), Hint: hint})
	}
}

func tableNames() []string {
	return append(inheritedNames(), "url", "dialect", "notes", "suppressOutput", "tableDirection", "tableSchema", "transformations")
}

// table reads the description of one table; group is the object around it, if there is one.
func (r *metadataReader) table(n *node, top inherited, group *node) {
	if n.kind != '{' {
		r.fail(n, "an object that describes a table", "")
		return
	}
	r.known(n, "table", "Table", tableNames())
	t := &tableDescription{at: n.at}
	if u := n.get("url"); u == nil || u.kind != '"' || u.text == "" {
		r.problems = append(r.problems, &graph.Problem{At: n.at, Want: `the "url" of a table: the name of its file`, Found: foundNode(u), Hint: "paths are relative to the metadata file"})
	} else {
		t.url = u.text
	}
	if t.iri = t.url; r.group.base != "" {
		t.iri = newBase(r.group.base).resolve(t.url)
	}
	t.suppress = r.truth(n, "suppressOutput", false)
	t.dialect = r.dialect(orElseNode(n.get("dialect"), group.get("dialect")), strings.EqualFold(path.Ext(t.url), ".tsv"))
	r.schema(t, orElseNode(n.get("tableSchema"), group.get("tableSchema")), r.inherit(n, top))
	r.group.tables = append(r.group.tables, t)
}

func foundNode(n *node) string {
	if n == nil {
		return "none"
	}
	return n.what()
}

func orElseNode(n, otherwise *node) *node {
	if n != nil {
		return n
	}
	return otherwise
}

// object follows a reference to a file of its own; it returns nil where there is no object.
func (r *metadataReader) object(n *node, what string) *node {
	if n != nil && n.kind == '"' {
		referred, err := r.open(n.text)
		if err != nil {
			if p := asProblem(err); p != nil && p.At == (graph.Position{}) {
				p.At = n.at
			}
			if other := r.problems.Collect(err); other != nil {
				r.fail(n, "a file that can be read", other.Error())
			}
			return nil
		}
		n = referred
	}
	if n != nil && n.kind != '{' {
		r.fail(n, "an object that describes a "+what, "")
		return nil
	}
	return n
}

func schemaNames() []string {
	return append(inheritedNames(), "columns", "foreignKeys", "primaryKey", "rowTitles")
}

// schema reads the columns and keys of a table.
func (r *metadataReader) schema(t *tableDescription, n *node, from inherited) {
	if n != nil && n.kind == '"' {
		t.schemaID = n.text
	}
	n = r.object(n, "schema")
	if n == nil {
		t.inherited = from
		return
	}
	if id := n.get("@id"); id != nil && id.kind == '"' {
		t.schemaID = id.text
	}
	r.known(n, "schema", "Schema", schemaNames())
	t.inherited = r.inherit(n, from)
	columns := n.get("columns")
	if columns != nil {
		if columns.kind != '[' {
			r.fail(columns, "an array of columns", "")
			return
		}
		for i, c := range columns.items {
			r.column(t, i, c)
		}
		r.checkNames(t)
	}
	t.primaryKey = r.columnList(t, n.get("primaryKey"), "primaryKey")
	r.columnList(t, n.get("rowTitles"), "rowTitles")
	r.foreignKeys(t, n.get("foreignKeys"))
}

func columnNames() []string {
	return append(inheritedNames(), "name", "suppressOutput", "titles", "virtual")
}

func (r *metadataReader) column(t *tableDescription, i int, n *node) {
	if n.kind != '{' {
		r.fail(n, "an object that describes a column", "")
		return
	}
	r.known(n, "column", "Column", columnNames())
	c := &tableColumn{inherited: r.inherit(n, t.inherited), at: n.at}
	c.suppress = r.truth(n, "suppressOutput", false)
	c.virtual = r.truth(n, "virtual", false)
	c.titles = r.titles(n.get("titles"))
	if name := n.get("name"); name != nil {
		c.name, c.named = name.text, true
		if name.kind != '"' || strings.HasPrefix(name.text, "_") || !variableName(name.text) {
			r.fail(name, "a name of letters, digits and _ that does not begin with _", "what stands in the header goes to titles")
			c.name = ""
		}
	}
	switch {
	case c.name != "":
	case len(c.titles) > 0:
		c.name = encodeName(c.titles[0])
	default:
		c.name = fmt.Sprintf("_col.%d", i+1)
	}
	if len(t.columns) > 0 && t.columns[len(t.columns)-1].virtual && !c.virtual {
		r.fail(n, "virtual columns after all others", "")
	}
	t.columns = append(t.columns, c)
}

func (r *metadataReader) checkNames(t *tableDescription) {
	seen := map[string]bool{}
	for _, c := range t.columns {
		if seen[c.name] {
			r.problems = append(r.problems, &graph.Problem{At: c.at, Want: "a name of its own for every column", Found: quote([]byte(c.name), "") + " again"})
		}
		seen[c.name] = true
	}
}

// titles reads a title, several, or some for each language.
func (r *metadataReader) titles(n *node) []string {
	switch {
	case n == nil:
		return nil
	case n.kind == '"':
		return []string{n.text}
	case n.kind == '[':
		var titles []string
		for _, item := range n.items {
			if item.kind != '"' {
				r.fail(item, "a title", "")
				continue
			}
			titles = append(titles, item.text)
		}
		return titles
	case n.kind == '{':
		var titles []string
		for _, m := range n.members {
			titles = append(titles, r.titles(m.value)...)
		}
		return titles
	default:
		r.fail(n, "a title", "")
		return nil
	}
}

// encodeName makes the name of a column out of its title, for templates.
func encodeName(title string) string {
	var b strings.Builder
	if strings.HasPrefix(title, "_") {
		b.WriteString("%5F")
		title = title[1:]
	}
	writeEncoded(&b, title, false)
	return strings.NewReplacer("-", "%2D", "~", "%7E").Replace(b.String())
}

// columnList reads the name of a column, or of several.
func (r *metadataReader) columnList(t *tableDescription, n *node, what string) []int {
	if n == nil {
		return nil
	}
	items := n.items
	if n.kind == '"' {
		items = []*node{n}
	}
	if len(items) == 0 {
		r.fail(n, "the names of columns as "+what, "")
	}
	var list []int
	for _, item := range items {
		i := slices.IndexFunc(t.columns, func(c *tableColumn) bool { return item.kind == '"' && c.name == item.text })
		if i < 0 {
			var names []string
			for _, c := range t.columns {
				names = append(names, c.name)
			}
			r.fail(item, "the name of a column as "+what, graph.DidYouMean(item.text, names))
			continue
		}
		list = append(list, i)
	}
	return list
}

// shortIRI is an IRI of the metadata as the store has it.
func shortIRI(ns graph.Namespaces, full string) quad.IRI { return quad.IRI(ns.Shorten(full)) }
