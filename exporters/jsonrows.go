package exporters

import (
	"encoding/json"
	"io"
)

func rowsTable() Format {
	return Format{
		Name: "json-rows", Extensions: []string{".rows.jsonl"}, MediaType: "application/jsonl",
		About:  "the same rows, a JSON object a line",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			for _, row := range t.Rows {
				if err := enc.Encode(jsonRow(row)); err != nil {
					return err
				}
			}
			return nil
		}),
	}
}
