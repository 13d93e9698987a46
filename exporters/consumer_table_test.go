package exporters_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// A seenTable is a table as some program sees it. Empty cells are left out.
type seenTable struct {
	Columns  []string         `json:"columns"`
	Types    []string         `json:"types"`
	Rows     []map[string]any `json:"rows"`
	Formulas []string         `json:"formulas"`
	About    any              `json:"about"`
}

// wantTable is the table that all table formats show, read from that in JSON.
func (w world) wantTable(t *testing.T) []map[string]any {
	t.Helper()
	var file struct{ Facts []map[string]any }
	w.read(t, "json", &file)
	return file.Facts
}

// asText is rows with every cell as text.
func asText(rows []map[string]any) []map[string]any {
	all := []map[string]any{}
	for _, row := range rows {
		of := map[string]any{}
		for name, cell := range row {
			switch x := cell.(type) {
			case float64:
				cell = strconv.FormatFloat(x, 'f', -1, 64)
			case bool:
				cell = strconv.FormatBool(x)
			}
			of[name] = cell
		}
		all = append(all, of)
	}
	return all
}

// onOneLine is rows as TSV has them: a tab or a new line is a space there.
func onOneLine(rows []map[string]any) []map[string]any {
	for _, row := range rows {
		for name, cell := range row {
			if text, ok := cell.(string); ok {
				row[name] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(text)
			}
		}
	}
	return rows
}

// Tools for tables find the rows that we wrote, numbers as numbers, and no formula.
func TestTableToolsReadOurTables(t *testing.T) {
	tellVersion(t, "duckdb", "pyarrow", "openpyxl")
	kinds := map[string]string{"number": "number", "number_up_to": "number", "base": "integer", "inferred": "boolean"}
	names := map[string]map[string]string{
		"parquet_pyarrow": {"number": "double", "integer": "int64", "boolean": "bool", "": "string"},
		"parquet_duckdb":  {"number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "": "VARCHAR"},
	}
	header := strings.Split(strings.SplitN(string(tricky(t, "tsv")), "\n", 2)[0], "\t")
	for _, w := range worlds(t) {
		want := w.wantTable(t)
		for _, test := range []struct {
			question, format string
			want             []map[string]any
		}{
			{"csv_duckdb", "csv", asText(want)},
			{"tsv_duckdb", "tsv", onOneLine(asText(want))},
			{"parquet_duckdb", "parquet", want},
			{"parquet_pyarrow", "parquet", want},
			{"rows_duckdb", "json-rows", want},
			{"xlsx_openpyxl", "xlsx", want},
		} {
			t.Run(w.name+": "+test.question, func(t *testing.T) {
				var got seenTable
				ask(t, test.question, w.file(t, test.format), &got)
				if test.format != "json-rows" {
					if diff := cmp.Diff(header, got.Columns); diff != "" {
						t.Errorf("columns (-want +got):\n%s", diff)
					}
				}
				if diff := cmp.Diff(test.want, got.Rows); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff[:min(len(diff), 4000)])
				}
				for i, found := range got.Types {
					if want := names[test.question][kinds[got.Columns[i]]]; want != "" && found != want {
						t.Errorf("%s is of type %s, want %s", got.Columns[i], found, want)
					}
				}
				if len(got.Formulas) > 0 {
					t.Errorf("formulas in %v", got.Formulas)
				}
				if test.question == "parquet_pyarrow" || test.format == "xlsx" {
					if said, _ := json.Marshal(got.About); !contains(string(said), "CC BY 4.0") || !contains(string(said), "0123abc") {
						t.Errorf("says of the whole: %s", said)
					}
				}
			})
		}
	}
	t.Run("a reader that guesses takes no text for a number", func(t *testing.T) {
		var types map[string]string
		ask(t, "csv_typed_duckdb", worlds(t)[0].file(t, "csv"), &types)
		for name, kind := range types {
			isNumber := kind == "BIGINT" || kind == "DOUBLE"
			if wantNumber := kinds[name] == "number" || kinds[name] == "integer"; isNumber != wantNumber {
				t.Errorf("%s is taken for %s", name, kind)
			}
		}
	})
}
