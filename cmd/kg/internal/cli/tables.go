package cli

import (
	"kg/queries"
	"kg/queries/answers"
)

// textColumns are columns of plain text; their titles are made from their names.
func textColumns(names ...string) []queries.Column {
	list := make([]queries.Column, len(names))
	for i, name := range names {
		list[i] = column(name, queries.TypeText)
	}
	return list
}

// column makes a column's title from its name: "said_by" is "said by".
func column(name string, t queries.Type) queries.Column { return answers.Column(name, t) }

func textRow(cells ...string) []queries.Cell {
	row := make([]queries.Cell, len(cells))
	for i, s := range cells {
		row[i] = textCell(s)
	}
	return row
}

// textCell holds the text, or nothing.
func textCell(s string) queries.Cell { return answers.Text(s) }

func intCell(n int) queries.Cell { return answers.Int(n) }
