package exporters

import (
	"encoding/csv"
	"io"
)

func csvTable() Format {
	return Format{
		Name: "csv", Extensions: []string{".csv"}, MediaType: "text/csv",
		About:  "a fact a row with claim, speaker and document, for spreadsheets and scripts",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			out := csv.NewWriter(w)
			if err := out.Write(factHeader()); err != nil {
				return err
			}
			for _, row := range t.Rows {
				if err := out.Write(texts(row)); err != nil {
					return err
				}
			}
			out.Flush()
			return out.Error()
		}),
	}
}
