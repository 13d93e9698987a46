package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func tsvTable() Format {
	return Format{
		Name: "tsv", Extensions: []string{".tsv"}, MediaType: "text/tab-separated-values",
		About:  "the same rows, parted by tabs; a tab or a new line in a cell becomes a space",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			out := bufio.NewWriter(w)
			fmt.Fprintln(out, strings.Join(factHeader(), "\t"))
			for _, row := range t.Rows {
				cells := texts(row)
				for i := range cells {
					cells[i] = tsvCell(cells[i])
				}
				fmt.Fprintln(out, strings.Join(cells, "\t"))
			}
			return out.Flush()
		}),
	}
}
