package loaders

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A tableReading is the reading of one table.
type tableReading struct {
	loader   *tableLoader
	table    *tableDescription
	rows     tableRows
	file     string
	sheet    bool
	columns  []*tableColumn
	physical int // columns that are not virtual
	index    map[string]int
	keys     *keySet
	row      int // rows read
	blanks   string
	lists    int
	base     baseIRI
	prefixes map[string]string
	fixed    map[*uriTemplate]map[string]quad.IRI // IRIs of templates that only name the column, by its name
	about    aboutRow
}

func newTableReading(l *tableLoader, t *tableDescription, rows tableRows, name string) *tableReading {
	file, _ := splitMember(name)
	c := &tableReading{
		loader: l, table: t, rows: rows, file: name, sheet: isSpreadsheet(file),
		keys: &keySet{lines: map[[16]byte]int{}}, prefixes: csvwPrefixes(), fixed: map[*uriTemplate]map[string]quad.IRI{},
	}
	if absolute([]byte(t.iri)) {
		c.base = newBase(t.iri)
	}
	return c
}

// table loads one table.
func (l *tableLoader) table(ctx context.Context, t *tableDescription, number int) (err error) {
	if err := l.readKeys(ctx, t); err != nil {
		return err
	}
	rows, closeRows, err := l.openRows(ctx, t)
	if err != nil {
		return err
	}
	defer func() {
		if closing := closeRows(); err == nil && closing != nil {
			err = fmt.Errorf("closing %s: %w", t.url, closing)
		}
	}()
	name, err := l.name(t)
	if err != nil {
		return err
	}
	c := newTableReading(l, t, rows, name)
	c.blanks = l.options.Document + "_t" + strconv.Itoa(number+1) + "r"
	if err := c.header(); err != nil {
		return err
	}
	for {
		record, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			if asProblem(err) == nil || isFinal(err) {
				return readProblem(name, err)
			}
			if err := l.out.report.add(err); err != nil {
				return err
			}
			continue
		}
		if err := l.out.cancelled(); err != nil {
			return err
		}
		if err := c.convert(record); err != nil {
			return err
		}
	}
}

// header reads the header rows and settles the columns.
func (c *tableReading) header() error {
	t := c.table
	var titles [][]cell
	for range t.dialect.headerRows {
		record, err := c.rows.next()
		if errors.Is(err, io.EOF) {
			return &graph.Problem{At: graph.Position{File: c.file, Line: 1, Column: 1}, Want: "a header", Found: "the end of the table"}
		}
		if err != nil {
			return readProblem(c.file, err)
		}
		titles = append(titles, slices.Clone(record.cells))
	}
	if t.columns == nil {
		if len(titles) == 0 {
			return &graph.Problem{At: t.at, Want: "columns in the metadata of a table without a header", Found: "none"}
		}
		for i, cell := range titles[0] {
			name := encodeName(cell.text)
			if name == "" {
				name = fmt.Sprintf("_col.%d", i+1)
			}
			c.columns = append(c.columns, &tableColumn{inherited: t.inherited, name: name, at: c.at(cell)})
		}
	} else {
		c.columns = t.columns
	}
	c.index = map[string]int{}
	for i, column := range c.columns {
		if first, again := c.index[column.name]; again {
			return &graph.Problem{At: column.at, Want: "a name of its own for every column", Found: fmt.Sprintf("%q again; it is column %d already", shown(column.name), first+1)}
		}
		c.index[column.name] = i
		if !column.virtual {
			c.physical++
		}
	}
	var problems graph.Problems
	for _, row := range titles {
		problems = append(problems, c.checkTitles(row)...)
	}
	return append(problems, c.checkTemplates()...).Join()
}

func (c *tableReading) at(cell cell) graph.Position {
	return graph.Position{File: c.file, Line: cell.line, Column: cell.column}
}

// checkTitles holds a row of the header against the metadata. Every header row may give a title of its own.
func (c *tableReading) checkTitles(row []cell) graph.Problems {
	if c.table.columns == nil {
		return nil
	}
	var problems graph.Problems
	if len(row) != c.physical {
		at := graph.Position{File: c.file, Line: 1}
		if len(row) > 0 {
			at = c.at(row[min(len(row)-1, c.physical)])
		}
		p := &graph.Problem{At: at, Want: fmt.Sprintf("%d columns, as the metadata have", c.physical), Found: strconv.Itoa(len(row))}
		if len(row) == 1 && strings.ContainsAny(row[0].text, ";\t|,") {
			p.Hint = `is the delimiter right? "dialect": {"delimiter": ";"}`
		}
		return graph.Problems{p}
	}
	if c.table.dialect.headerRows > 1 {
		return nil // which of several rows holds the titles is not said
	}
	for i, cell := range row {
		column := c.columns[i]
		names := column.titles
		if len(names) == 0 && column.named {
			names = []string{column.name}
		}
		if len(names) == 0 || slices.Contains(names, cell.text) || len(column.titles) == 0 && encodeName(cell.text) == column.name {
			continue
		}
		p := &graph.Problem{At: c.at(cell), Want: "the column " + quote([]byte(shown(names[0])), "") + " of the metadata", Found: quote([]byte(shown(cell.text)), "")}
		if j := slices.IndexFunc(c.columns, func(other *tableColumn) bool {
			return other.name == cell.text || slices.Contains(other.titles, cell.text)
		}); j >= 0 {
			p.Hint = fmt.Sprintf("the metadata have it as column %d; columns stand in the order of the table", j+1)
		}
		problems = append(problems, p)
	}
	return problems
}

// checkTemplates refuses templates that name no column: a variable that means nothing would vanish.
func (c *tableReading) checkTemplates() graph.Problems {
	var problems graph.Problems
	told := map[graph.Position]bool{}
	for _, column := range c.columns {
		for _, t := range []*uriTemplate{column.aboutURL, column.propertyURL, column.valueURL} {
			if t == nil {
				continue
			}
			for _, name := range t.variables() {
				if _, ok := c.index[name]; ok || slices.Contains(rowVariables(), name) || told[column.templateAt] {
					continue
				}
				var names []string
				for _, other := range c.columns {
					names = append(names, other.name)
				}
				told[column.templateAt] = true
				problems = append(problems, &graph.Problem{
					At: column.templateAt, Want: "the name of a column in a URI template", Found: quote([]byte("{"+shown(name)+"}"), ""),
					Hint: orHint(graph.DidYouMean(name, names), "the columns are "+strings.Join(names, ", ")),
				})
			}
		}
	}
	return problems
}

func orHint(hint, otherwise string) string {
	if hint != "" {
		return hint
	}
	return otherwise
}

func rowVariables() []string {
	return []string{"_row", "_sourceRow", "_column", "_sourceColumn", "_name"}
}

// position is the place of a cell; for what has no cell, where its row begins.
func (c *tableReading) position(record tableRecord, i int) graph.Position {
	if i < len(record.cells) && i < c.physical {
		return c.at(record.cells[i])
	}
	return graph.Position{File: c.file, Line: record.number, Column: 1}
}

// values reads the cells of a row: the texts of the literals, none for an empty cell. The values are nil
// for a row of the wrong length.
func (c *tableReading) values(record tableRecord) ([][]string, graph.Problems) {
	if n := len(record.cells); n != c.physical && !(c.sheet && n < c.physical) {
		p := &graph.Problem{
			At: graph.Position{File: c.file, Line: record.number}, Want: fmt.Sprintf("%d cells", c.physical),
			Found: strconv.Itoa(n), Hint: "an empty cell needs its delimiter too",
		}
		if n > c.physical {
			p.At, p.Hint = c.at(record.cells[c.physical]), "a cell that holds the delimiter stands in quotes"
		}
		return nil, graph.Problems{p}
	}
	values := make([][]string, len(c.columns))
	var problems graph.Problems
	for i, column := range c.columns {
		text := ""
		if i < len(record.cells) && !column.virtual {
			text = record.cells[i].text
		}
		v, p := column.read(text)
		if p == nil && c.sheet && slices.Contains(sheetErrors(), text) && len(v) > 0 {
			p = &graph.Problem{Want: "a value", Found: "the spreadsheet's error " + text, Hint: `mend it, or let it mean nothing: "null": ["` + text + `", ""]`}
		}
		if p != nil {
			p.At = c.position(record, i)
			problems = append(problems, p)
		}
		values[i] = v
	}
	return values, problems
}

// read makes the values of a cell out of its text: none where the cell is empty.
func (c *tableColumn) read(text string) ([]string, *graph.Problem) {
	text = c.datatype.trim(text)
	if text == "" {
		text = c.defaultText
	}
	empty := text == "" && c.separator != "" || slices.Contains(c.null, text)
	if empty {
		if c.required {
			return nil, &graph.Problem{Want: "a value (the column is required)", Found: foundCell(text)}
		}
		return nil, nil
	}
	texts := []string{text}
	if c.separator != "" {
		texts = strings.Split(text, c.separator)
	}
	var values []string
	for _, text := range texts {
		if c.separator != "" {
			if c.datatype.name != "string" && c.datatype.name != "anyAtomicType" {
				text = strings.TrimSpace(text)
			}
			if text == "" {
				text = c.defaultText
			}
			if slices.Contains(c.null, text) {
				continue
			}
		}
		lexical, want := c.datatype.literal(text)
		if want != "" {
			return nil, &graph.Problem{Want: want, Found: foundCell(text)}
		}
		values = append(values, lexical)
	}
	return values, nil
}

// convert hands over what a row says.
func (c *tableReading) convert(record tableRecord) error {
	c.row++
	values, problems := c.values(record)
	if values != nil && len(problems) == 0 {
		problems = c.checkKeys(record, values)
		if len(c.keys.lines) > maxKeys {
			return tooManyKeys(c.table.at, "a primary key")
		}
	}
	if len(problems) > 0 {
		return c.report(problems)
	}
	var quads []placedQuad
	for i, column := range c.columns {
		if column.suppress {
			continue
		}
		made, p := c.cell(record, values, i)
		if p != nil {
			if p.At == (graph.Position{}) {
				p.At = c.position(record, i)
			}
			if err := c.report(graph.Problems{p}); err != nil {
				return err
			}
			return nil // the rest of the row would tell it again
		}
		quads = append(quads, made...)
	}
	for _, q := range quads {
		if err := c.loader.out.add(q.Quad, q.at); err != nil {
			return err
		}
	}
	return nil
}

type placedQuad struct {
	quad.Quad
	at graph.Position
}

// report takes the problems of a row; it returns the first one if that ends the load.
func (c *tableReading) report(problems graph.Problems) error {
	for _, p := range problems {
		if err := c.loader.out.report.add(p); err != nil {
			return err
		}
	}
	return nil
}

// cell makes the quads of one cell.
func (c *tableReading) cell(record tableRecord, values [][]string, i int) ([]placedQuad, *graph.Problem) {
	column := c.columns[i]
	var object quad.Value
	if column.valueURL != nil {
		if len(values[i]) == 0 && !column.virtual {
			return nil, nil
		}
		iri, filled, p := c.expand(column.valueURL, record, values, i)
		if p != nil || !filled {
			return nil, p
		}
		object = iri
	} else if len(values[i]) == 0 && !(column.separator != "" && column.ordered) {
		return nil, nil
	}
	subject, p := c.subject(record, values, i)
	if p != nil {
		return nil, p
	}
	predicate, p := c.predicate(record, values, i)
	if p != nil {
		return nil, p
	}
	at := c.position(record, i)
	one := func(v quad.Value) placedQuad {
		return placedQuad{quad.Quad{Subject: subject, Predicate: predicate, Object: v}, at}
	}
	switch {
	case object != nil:
		return []placedQuad{one(object)}, nil
	case column.separator != "" && column.ordered:
		return c.list(one, column, values[i]), nil
	}
	var quads []placedQuad
	for _, text := range values[i] {
		quads = append(quads, one(c.literal(column, text)))
	}
	return quads, nil
}

// literal is one value of a cell.
func (c *tableReading) literal(column *tableColumn, text string) quad.Value {
	d := column.datatype
	if d.id != "" {
		return graph.Native(quad.TypedString{Value: quad.String(text), Type: shortIRI(c.loader.options.Namespaces, string(d.id))})
	}
	if d.name == "string" {
		if column.lang != "und" && column.lang != "" {
			return quad.LangString{Value: quad.String(text), Lang: column.lang}
		}
		return quad.String(text)
	}
	return graph.Native(quad.TypedString{Value: quad.String(text), Type: d.iri})
}

// list makes the quads of an ordered list.
func (c *tableReading) list(one func(quad.Value) placedQuad, column *tableColumn, values []string) []placedQuad {
	node := func() quad.BNode {
		c.lists++
		return quad.BNode(c.blanks + "l" + strconv.Itoa(c.lists))
	}
	if len(values) == 0 {
		return []placedQuad{one(quad.IRI("rdf:nil"))}
	}
	here := node()
	quads := []placedQuad{one(here)}
	at := quads[0].at
	for i, text := range values {
		var rest quad.Value = quad.IRI("rdf:nil")
		var next quad.BNode
		if i+1 < len(values) {
			next = node()
			rest = next
		}
		quads = append(quads,
			placedQuad{quad.Quad{Subject: here, Predicate: quad.IRI("rdf:first"), Object: c.literal(column, text)}, at},
			placedQuad{quad.Quad{Subject: here, Predicate: quad.IRI("rdf:rest"), Object: rest}, at})
		here = next
	}
	return quads
}
