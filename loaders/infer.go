package loaders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"kg/graph"
)

const (
	// maxDistinct bounds the values that are remembered to tell whether a column is unique, over all
	// columns: 16 bytes each.
	maxDistinct = 4_000_000
	// maxSample bounds the different values of a column that are looked up.
	maxSample = 500
)

// InferOptions say how to look at a table.
type InferOptions struct {
	Options

	// URL is the "url" of the table in the metadata: its path from where they will lie. Empty: its name.
	URL string

	// Lookup says which entity a text means, by its full IRI; "" for none. Nil: nothing is looked up.
	Lookup func(ctx context.Context, text string) (iri string, err error)
}

// Infer reads a table whole (.csv, .tsv, packed or not, a sheet of a workbook, "-" for standard input)
// and writes first metadata for it, as JSON for a person to correct: names, datatypes that hold for
// every row, the key, links to known entities. What is doubtful stands in dc:description. The same table
// always gives the same metadata. Memory is bounded, whatever the size of the table.
func Infer(ctx context.Context, input string, o InferOptions) ([]byte, error) {
	d, err := guessDialect(ctx, input, o.Options)
	if err != nil {
		return nil, err
	}
	rows, closeRows, err := openInferred(ctx, input, d, o.Options)
	if err != nil {
		return nil, err
	}
	t := &tableGuess{input: input, dialect: d}
	err = t.read(ctx, rows)
	if closing := closeRows(); err == nil && closing != nil {
		err = fmt.Errorf("closing %s: %w", input, closing)
	}
	if err != nil {
		return nil, err
	}
	if o.Lookup != nil {
		for _, c := range t.columns {
			if err := c.lookUp(ctx, o.Lookup); err != nil {
				return nil, err
			}
		}
	}
	if t.url = o.URL; t.url == "" {
		t.url = tableURL(input)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(t.metadata()); err != nil {
		return nil, fmt.Errorf("metadata of %s: %w", input, err)
	}
	return b.Bytes(), nil
}

// tableURL is the "url" of a table whose metadata lie beside it.
func tableURL(input string) string {
	if input == StandardInput {
		return "table.csv"
	}
	file, member := splitMember(input)
	url := urlEncoded(filepath.Base(file))
	if member != "" {
		url += memberMark + urlEncoded(member)
	}
	return url
}

func urlEncoded(s string) string {
	var b strings.Builder
	writeEncoded(&b, s, false)
	return b.String()
}

// A tableGuess is what is found out about a table.
type tableGuess struct {
	input, url string
	dialect    dialect
	columns    []*columnGuess
	rows       int
	otherSize  int // rows with another number of cells than the header
	otherLine  int // the first of them
	hashRows   int // rows that begin with #
	distinct   int // values that are remembered
}

// openInferred opens a table; of standard input the first part has been read already.
func openInferred(ctx context.Context, input string, d dialect, o Options) (tableRows, func() error, error) {
	d.comment, d.commentUnsaid = "", false
	return openTable(ctx, input, d, o)
}

// guessDialect tells the delimiter by the header: the one that stands there most often. Standard input
// can be read only once, so that its name must tell: it is taken for CSV with commas.
func guessDialect(ctx context.Context, input string, o Options) (dialect, error) {
	name := strings.ToLower(input)
	d := defaultDialect(strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"), ".tsv"))
	if file, _ := splitMember(input); input == StandardInput || isSpreadsheet(file) || d.delimiter != "," {
		return d, nil
	}
	r, closeText, err := openText(ctx, input, o)
	if err != nil {
		return d, err
	}
	line, err := newLines(r, MaxLine).next()
	if closing := closeText(); closing != nil {
		return d, fmt.Errorf("closing %s: %w", input, closing)
	}
	if err != nil {
		return d, nil //nolint:nilerr // whatever it is, reading the table tells it with its place
	}
	most := 0
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		if n := outsideQuotes(line, delimiter[0]); n > most {
			d.delimiter, most = delimiter, n
		}
	}
	return d, nil
}

func outsideQuotes(line []byte, c byte) int {
	n, quoted := 0, false
	for _, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case b == c && !quoted:
			n++
		}
	}
	return n
}

// read looks at every row.
func (t *tableGuess) read(ctx context.Context, rows tableRows) error {
	header, err := rows.next()
	if errors.Is(err, io.EOF) {
		return &graph.Problem{At: graph.Position{File: t.input, Line: 1, Column: 1}, Want: "a table with a header", Found: "an empty file"}
	}
	if err != nil {
		return readProblem(t.input, err)
	}
	t.hash(header)
	used := map[string]bool{}
	for i, c := range header.cells {
		t.columns = append(t.columns, newColumnGuess(c.text, i, used))
	}
	for {
		record, err := rows.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return readProblem(t.input, err)
		}
		if t.rows++; t.rows%cancelEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		t.row(record)
	}
}

// hash counts rows that some tools take for comments.
func (t *tableGuess) hash(record tableRecord) {
	if len(record.cells) > 0 && strings.HasPrefix(record.cells[0].text, "#") && record.cells[0].column == 1 {
		t.hashRows++
	}
}

func (t *tableGuess) row(record tableRecord) {
	t.hash(record)
	if n := len(record.cells); n > len(t.columns) || n < len(t.columns) && !isSpreadsheet(FileOf(t.input)) {
		if t.otherSize++; t.otherSize == 1 {
			t.otherLine = record.number
		}
	}
	for i, c := range t.columns {
		text := ""
		if i < len(record.cells) {
			text = record.cells[i].text
		}
		c.see(text, record.number, &t.distinct)
	}
}

// The shape of what is written, in the order in which a person reads it.
type (
	inferredTable struct {
		Context     string          `json:"@context"`
		URL         string          `json:"url"`
		Description string          `json:"dc:description,omitempty"`
		Dialect     *inferredFormat `json:"dialect,omitempty"`
		Schema      inferredSchema  `json:"tableSchema"`
	}
	inferredFormat struct {
		Delimiter string           `json:"delimiter,omitempty"`
		Comment   *json.RawMessage `json:"commentPrefix,omitempty"`
	}
	inferredSchema struct {
		AboutURL    string           `json:"aboutUrl,omitempty"`
		PropertyURL string           `json:"propertyUrl,omitempty"`
		PrimaryKey  string           `json:"primaryKey,omitempty"`
		Columns     []inferredColumn `json:"columns"`
	}
	inferredColumn struct {
		Name        string   `json:"name"`
		Titles      string   `json:"titles"`
		Description string   `json:"dc:description,omitempty"`
		Datatype    any      `json:"datatype,omitempty"`
		Null        []string `json:"null,omitempty"`
		Required    bool     `json:"required,omitempty"`
		PropertyURL string   `json:"propertyUrl,omitempty"`
		ValueURL    string   `json:"valueUrl,omitempty"`
	}
)

// metadata puts together what was found out.
func (t *tableGuess) metadata() inferredTable {
	file, _ := splitMember(t.input)
	name := graph.Slug(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	if name == "" || t.input == StandardInput {
		name = "table"
	}
	m := inferredTable{Context: csvwContext, URL: t.url}
	m.Schema.PropertyURL = "https://example.org/" + name + "#{_name}"
	notes := []string{fmt.Sprintf("Inferred from %s; correct what is wrong.", counted(t.rows, "row"))}
	key := t.key()
	switch {
	case key == nil && t.rows > 0:
		notes = append(notes, "No column tells the rows apart, so each row is a blank node; an aboutUrl names them.")
	case key != nil && key.link != "":
		m.Schema.AboutURL = key.link
	case key != nil && key.datatype() == "anyURI":
		m.Schema.AboutURL = "{+" + key.name + "}"
	case key != nil:
		m.Schema.AboutURL = "https://example.org/" + name + "/{" + key.name + "}"
	}
	if key != nil {
		m.Schema.PrimaryKey = key.name
	}
	if t.otherSize > 0 {
		notes = append(notes, fmt.Sprintf("%s not %s, as the header has (the first: line %d); loading refuses them.", counted(t.otherSize, "row")+haveOrHas(t.otherSize), counted(len(t.columns), "cell"), t.otherLine))
	}
	if slices.ContainsFunc(t.columns, func(c *columnGuess) bool { return c.title == "" || strings.Trim(c.title, "0123456789.,-") == "" }) {
		notes = append(notes, "Is the first row a header? Some of its cells are empty or numbers.")
	}
	if t.dialect.delimiter != "," && t.dialect.delimiter != "\t" || t.dialect.delimiter == "\t" && !strings.Contains(strings.ToLower(file), ".tsv") {
		m.Dialect = &inferredFormat{Delimiter: t.dialect.delimiter}
	}
	if t.hashRows > 0 {
		if m.Dialect == nil {
			m.Dialect = &inferredFormat{}
		}
		null := json.RawMessage("null")
		m.Dialect.Comment = &null
		notes = append(notes, fmt.Sprintf(`%s with #: taken as data; if they are comments, commentPrefix is "#".`, counted(t.hashRows, "row")+beginOrBegins(t.hashRows)))
	}
	m.Description = strings.Join(notes, " ")
	m.Schema.Columns = []inferredColumn{}
	for _, c := range t.columns {
		m.Schema.Columns = append(m.Schema.Columns, c.column(c == key, t.rows))
	}
	return m
}

func haveOrHas(n int) string {
	if n == 1 {
		return " has"
	}
	return " have"
}

func beginOrBegins(n int) string {
	if n == 1 {
		return " begins"
	}
	return " begin"
}

// key chooses the column that tells rows apart: unique, never empty, and of all such the one that is
// called like a key, else the first that is text or a whole number.
func (t *tableGuess) key() *columnGuess {
	var first *columnGuess
	for _, c := range t.columns {
		if !c.unique(t.rows) || !slices.Contains([]string{"string", "integer", "anyURI"}, c.datatype()) {
			continue
		}
		if slices.Contains([]string{"id", "slug", "key", "code", "iri", "uri", "url"}, c.name) || strings.HasSuffix(c.name, "_id") {
			return c
		}
		if first == nil {
			first = c
		}
	}
	return first
}
