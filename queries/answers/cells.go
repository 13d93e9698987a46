package answers

import (
	"strings"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

// Column makes a column's title from its name: "said_by" is "said by".
func Column(name string, t queries.Type) queries.Column {
	return queries.Column{Name: name, Title: strings.ReplaceAll(name, "_", " "), Type: t}
}

// List is a column whose cells hold several values.
func List(name string, t queries.Type) queries.Column {
	c := Column(name, t)
	c.List = true
	return c
}

// Text is a cell that holds the text, or nothing.
func Text(s string) queries.Cell {
	if s == "" {
		return nil
	}
	return queries.Cell{{Term: quad.String(s), Label: s}}
}

// Int is a cell that holds a number.
func Int(n int) queries.Cell {
	return queries.Cell{{Term: quad.Int(n)}}
}
