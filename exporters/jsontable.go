package exporters

import (
	"encoding/json"
	"io"
	"strings"
)

func jsonTable() Format {
	return Format{
		Name: "json", Extensions: []string{".json"}, MediaType: "application/json",
		About:  "the same rows as one JSON document, with what is known of the whole",
		Graphs: true, View: true,
		Write: tabular(func(w io.Writer, t *factTable) error {
			type document struct {
				About map[string]string `json:"about"`
				Count int               `json:"count"`
				Facts []jsonRow         `json:"facts"`
			}
			out := document{About: t.About.fields(), Count: len(t.Rows), Facts: []jsonRow{}}
			for _, row := range t.Rows {
				out.Facts = append(out.Facts, row)
			}
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			return enc.Encode(out)
		}),
	}
}

// jsonRow is a row as an object with its members in the order of the columns; empty cells are left
// out.
type jsonRow []any

// MarshalJSON writes the object.
func (r jsonRow) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, c := range factColumns() {
		if r[i] == nil {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		value, err := marshalPlain(r[i])
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, '"'), c.Name...), '"', ':')
		b = append(b, value...)
	}
	return append(b, '}'), nil
}

// marshalPlain is json.Marshal without the escapes for HTML.
func marshalPlain(value any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}
