package loaders

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kg/graph"
)

// maxKeys bounds the rows of a table whose keys are remembered: some 100 bytes each.
const maxKeys = 10_000_000

// A keySet remembers the keys of a table by their fingerprints.
type keySet struct {
	lines map[[16]byte]int // → the line that has it
}

// keyOf is the fingerprint of some cells of a row, and whether all of them are empty.
func keyOf(values [][]string, columns []int) (key [16]byte, empty bool) {
	h := sha256.New()
	empty = true
	for _, i := range columns {
		fmt.Fprintf(h, "%d:", len(values[i]))
		for _, text := range values[i] {
			empty = false
			fmt.Fprintf(h, "%d:%s", len(text), text)
		}
	}
	copy(key[:], h.Sum(nil))
	return key, empty
}

// add remembers a key and returns the line that has it already, 0 if none has.
func (k *keySet) add(key [16]byte, line int) int {
	if first := k.lines[key]; first > 0 {
		return first
	}
	k.lines[key] = line
	return 0
}

// foreignKeys reads the references of a schema to other tables.
func (r *metadataReader) foreignKeys(t *tableDescription, n *node) {
	if n == nil {
		return
	}
	if n.kind != '[' {
		r.fail(n, "an array as foreignKeys", "")
	}
	for _, item := range n.items {
		reference := item.get("reference")
		if item.kind != '{' || reference == nil || reference.kind != '{' || item.get("columnReference") == nil {
			r.fail(item, "an object with columnReference and reference", "")
			continue
		}
		r.known(item, "foreign key", "", []string{"columnReference", "reference"})
		r.known(reference, "reference", "", []string{"resource", "schemaReference", "columnReference"})
		k := &foreignKey{at: item.at, columns: r.columnList(t, item.get("columnReference"), "columnReference")}
		k.resource, k.schema = r.text(reference, "resource", ""), r.text(reference, "schemaReference", "")
		k.reference = r.titles(reference.get("columnReference"))
		if (k.resource == "") == (k.schema == "") || len(k.reference) != len(k.columns) || len(k.columns) == 0 {
			r.fail(reference, "a reference with resource or schemaReference, and as many columns", "")
			continue
		}
		t.foreignKeys = append(t.foreignKeys, k)
	}
}

// linkKeys finds the tables that foreign keys mean.
func (r *metadataReader) linkKeys() {
	for _, t := range r.group.tables {
		for _, k := range t.foreignKeys {
			r.linkKey(k)
		}
	}
}

func (r *metadataReader) linkKey(k *foreignKey) {
	var urls []string
	for _, to := range r.group.tables {
		urls = append(urls, to.url)
		if k.resource != "" && to.url == k.resource || k.schema != "" && to.schemaID == k.schema {
			k.to = to
		}
	}
	if k.to == nil {
		r.problems = append(r.problems, &graph.Problem{
			At: k.at, Want: "a foreign key to a table of these metadata: " + strings.Join(urls, ", "),
			Found: quote([]byte(shown(k.resource+k.schema)), ""), Hint: graph.DidYouMean(k.resource, urls),
		})
		return
	}
	for _, name := range k.reference {
		i := slices.IndexFunc(k.to.columns, func(c *tableColumn) bool { return c.name == name })
		if i < 0 {
			r.problems = append(r.problems, &graph.Problem{At: k.at, Want: "a foreign key to columns of " + k.to.url, Found: quote([]byte(shown(name)), "")})
			return
		}
		k.toColumns = append(k.toColumns, i)
	}
}

// readKeys reads the tables that foreign keys of t mean, for their keys alone. What is wrong with their
// other cells is told when they are loaded themselves.
func (l *tableLoader) readKeys(ctx context.Context, t *tableDescription) error {
	for _, k := range t.foreignKeys {
		if k.keys != nil {
			continue
		}
		k.keys = &keySet{lines: map[[16]byte]int{}}
		rows, closeRows, err := l.openRows(ctx, k.to)
		if err != nil {
			return err
		}
		name, err := l.name(k.to)
		if err == nil {
			err = collectKeys(ctx, newTableReading(l, k.to, rows, name), k)
		}
		if closing := closeRows(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func collectKeys(ctx context.Context, c *tableReading, k *foreignKey) error {
	if err := c.header(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%cancelEvery == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		record, err := c.rows.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case asProblem(err) != nil && !isFinal(err):
			continue
		case err != nil:
			return err
		}
		values, problems := c.values(record)
		if len(problems) > 0 && values == nil {
			continue
		}
		key, empty := keyOf(values, k.toColumns)
		if empty {
			continue
		}
		if len(k.keys.lines) >= maxKeys {
			return tooManyKeys(k.at, "the foreign key")
		}
		k.keys.add(key, record.number)
	}
}

func tooManyKeys(at graph.Position, what string) error {
	return &graph.Problem{
		At: at, Want: fmt.Sprintf("%s over at most %d rows", what, maxKeys), Found: "more",
		Hint: "take it out of the metadata, and check it elsewhere",
	}
}

// checkKeys holds a row against the primary key and the foreign keys of its table.
func (c *tableReading) checkKeys(record tableRecord, values [][]string) graph.Problems {
	var problems graph.Problems
	t := c.table
	if len(t.primaryKey) > 0 {
		at := c.position(record, t.primaryKey[0])
		key, _ := keyOf(values, t.primaryKey)
		text := keyText(values, t.primaryKey)
		switch first := c.keys.add(key, record.number); {
		case slices.ContainsFunc(t.primaryKey, func(i int) bool { return len(values[i]) == 0 }):
			problems = append(problems, &graph.Problem{At: at, Want: "a primary key without empty cells", Found: text})
		case first > 0:
			problems = append(problems, &graph.Problem{At: at, Want: "a primary key of its own", Found: text + " again", Hint: fmt.Sprintf("line %d has it already", first)})
		}
	}
	for _, k := range t.foreignKeys {
		key, empty := keyOf(values, k.columns)
		if _, there := k.keys.lines[key]; !there && !empty {
			problems = append(problems, &graph.Problem{
				At: c.position(record, k.columns[0]), Want: "a row of " + k.to.url + " with this " + strings.Join(k.reference, ", "),
				Found: keyText(values, k.columns),
			})
		}
	}
	return problems
}

func keyText(values [][]string, columns []int) string {
	var texts []string
	for _, i := range columns {
		texts = append(texts, strings.Join(values[i], ";"))
	}
	text := strings.Join(texts, ", ")
	if text == "" {
		return "an empty cell"
	}
	return quote([]byte(shown(text)), "")
}
