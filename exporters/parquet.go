package exporters

import (
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

func parquetTable() Format {
	return Format{
		Name: "parquet", Extensions: []string{".parquet"}, MediaType: "application/vnd.apache.parquet",
		About:  "the same rows in columns with types, for DuckDB, pandas and Spark",
		Graphs: true, View: true,
		Write: tabular(writeParquet),
	}
}

// writeParquet writes every column as optional, and what is known of the whole as metadata of the
// file.
func writeParquet(w io.Writer, t *factTable) error {
	columns := parquetColumns{Group: parquet.Group{}}
	for _, c := range factColumns() {
		columns.Group[c.Name] = parquet.Optional(parquet.Compressed(parquetNode(c.Type), &zstd.Codec{}))
	}
	schema := parquet.NewSchema("facts", columns)
	options := []parquet.WriterOption{schema, parquet.CreatedBy("kg", "", "")}
	for name, text := range t.About.fields() {
		options = append(options, parquet.KeyValueMetadata("kg."+name, text))
	}
	out := parquet.NewWriter(w, options...)
	for _, cells := range t.Rows {
		row := make(parquet.Row, len(cells))
		for i, cell := range cells {
			if cell == nil {
				row[i] = parquet.NullValue().Level(0, 0, i)
				continue
			}
			row[i] = parquet.ValueOf(cell).Level(0, 1, i)
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}

// parquetColumns is a group whose columns stand in the order in which people read them, not in that of
// the alphabet.
type parquetColumns struct{ parquet.Group }

// Fields lists the columns.
func (p parquetColumns) Fields() []parquet.Field {
	by := map[string]parquet.Field{}
	for _, f := range p.Group.Fields() {
		by[f.Name()] = f
	}
	var fields []parquet.Field
	for _, c := range factColumns() {
		fields = append(fields, by[c.Name])
	}
	return fields
}

func parquetNode(t KeyType) parquet.Node {
	switch t {
	case IntegerKey:
		return parquet.Leaf(parquet.Int64Type)
	case DecimalKey:
		return parquet.Leaf(parquet.DoubleType)
	case BooleanKey:
		return parquet.Leaf(parquet.BooleanType)
	default:
		return parquet.String()
	}
}
