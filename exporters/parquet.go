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
	columns := parquet.Group{}
	for _, c := range factColumns() {
		columns[c.Name] = parquet.Optional(parquet.Compressed(parquetNode(c.Type), &zstd.Codec{}))
	}
	schema := parquet.NewSchema("facts", columns)
	options := []parquet.WriterOption{schema, parquet.CreatedBy("kg", "", "")}
	for name, text := range t.About.fields() {
		options = append(options, parquet.KeyValueMetadata("kg."+name, text))
	}
	out := parquet.NewWriter(w, options...)
	for _, row := range t.Rows {
		values := map[string]any{}
		for i, c := range factColumns() {
			if row[i] != nil {
				values[c.Name] = row[i]
			}
		}
		if err := out.Write(values); err != nil {
			return err
		}
	}
	return out.Close()
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
