package loaders_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kg/loaders"
)

// workbook writes a workbook with one cell of every kind.
func workbook(t *testing.T, name string) {
	t.Helper()
	f := excelize.NewFile()
	style := func(format string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	builtIn, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2021, 2, 3, 15, 4, 5, 0, time.UTC)
	rows := [][]any{
		{"id", "text", "number", "rounded", "share", "day", "moment", "clock", "short", "elapsed", "flag", "sum", "tail"},
		{1, "042", 0.1, 1234.5678, 0.125, day, day, 0.75, day, 1.5, true, nil, nil},
		{2, nil, 12345678901234, -1, nil, nil, nil, nil, nil, nil, false, nil, "end"},
		{},
		{3, "=1+1", 1e21, 42, 1, day, day, 0.5, day, 0.25, true, nil, ""},
	}
	for i, row := range rows {
		for j, v := range row {
			if v == nil {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for column, id := range map[string]int{
		"D": style("#,##0"), "E": style(`0%;[Red]-0%`), "F": style(`dd/mm/yy`), "G": style(`d. mmmm yyyy "um" hh:mm`),
		"H": style("h:mm AM/PM"), "I": builtIn, "J": style("[h]:mm"),
	} {
		for _, row := range []string{"2", "5"} {
			if err := f.SetCellStyle("Sheet1", column+row, column+row, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := f.NewSheet("Other sheet"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetRow("Other sheet", "A1", &[]any{"id", "who"}); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetRow("Other sheet", "A2", &[]any{"x", "#N/A"}); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
}

const sheetMetadata = `{"@context": "http://www.w3.org/ns/csvw", "tables": [
 {"url": "book.xlsx#Sheet1", "tableSchema": {"aboutUrl": "https://example.org/{id}", "propertyUrl": "https://example.org/{_name}", "columns": [
  {"titles": "id", "datatype": "integer", "suppressOutput": true},
  {"titles": "text"}, {"titles": "number", "datatype": "double"}, {"titles": "rounded", "datatype": "decimal"},
  {"titles": "share", "datatype": "decimal"}, {"titles": "day", "datatype": "date"}, {"titles": "moment", "datatype": "datetime"},
  {"titles": "clock", "datatype": "time"}, {"titles": "short", "datatype": "date"}, {"titles": "elapsed"},
  {"titles": "flag", "datatype": {"base": "boolean", "format": "TRUE|FALSE"}}, {"titles": "sum"}, {"titles": "tail"}]}},
 {"url": "book.xlsx#Other%20sheet", "tableSchema": {"aboutUrl": "https://example.org/{id}", "propertyUrl": "https://example.org/{_name}"}}
]}`

func TestSheet(t *testing.T) {
	t.Chdir(t.TempDir())
	workbook(t, "book.xlsx")
	if err := os.WriteFile("book.xlsx-metadata.json", []byte(sheetMetadata), 0o644); err != nil {
		t.Fatal(err)
	}
	var got list
	if err := loaders.LoadTable(context.Background(), "book.xlsx#Sheet1", loaders.Options{}, &got); err != nil {
		t.Fatal(err)
	}
	const xsd = "^^<http://www.w3.org/2001/XMLSchema#"
	want := []string{
		"1 text 042", "1 number 0.1 double", "1 rounded 1234.5678 decimal", "1 share 0.125 decimal", "1 day 2021-02-03 date",
		"1 moment 2021-02-03T15:04:05 dateTime", "1 clock 18:00:00 time", "1 short 2021-02-03 date", "1 elapsed 36:00", "1 flag true boolean",
		"2 number 12345678901234 double", "2 rounded -1 decimal", "2 flag false boolean", "2 tail end",
		"3 text =1+1", "3 number 1E+21 double", "3 rounded 42 decimal", "3 share 1 decimal", "3 day 2021-02-03 date",
		"3 moment 2021-02-03T15:04:05 dateTime", "3 clock 12:00:00 time", "3 short 2021-02-03 date", "3 elapsed 6:00", "3 flag true boolean",
	}
	short := strings.NewReplacer("<https://example.org/", "", xsd, " ", "> .", "", " .", "", ">", "", `"`, "")
	var lines []string
	for line := range strings.Lines(printQuads(got)) {
		lines = append(lines, strings.TrimSpace(short.Replace(line)))
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSheetProblems(t *testing.T) {
	t.Chdir(t.TempDir())
	workbook(t, "book.xlsx")
	whole, err := os.ReadFile("book.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"book.xlsx-metadata.json":  sheetMetadata,
		"m.json":                   `{"@context": "http://www.w3.org/ns/csvw", "url": "x.csv", "tableSchema": {"aboutUrl": "https://example.org/{id}", "propertyUrl": "https://example.org/{_name}"}}`,
		"text.xlsx":                "id,name\n1,x\n",
		"torn.xlsx":                string(whole[:len(whole)/2]),
		"empty.zip":                "PK\x05\x06" + strings.Repeat("\x00", 18),
		"empty.xlsx":               "PK\x05\x06" + strings.Repeat("\x00", 18),
		"zipped.xlsx":              zipOf(t, map[string]string{"xl/workbook.xml": "<workbook>"}),
		"bomb.xlsx":                zipOf(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", 100<<20)}),
		"text.csv":                 string(whole),
		"text.csv" + "-other.json": "{}",
	} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ name, input, metadata, want string }{
		{"a sheet that is not there", "book.xlsx#Sheet2", "m.json", `book.xlsx: want a sheet "Sheet2", found Sheet1, Other sheet; did you mean Sheet1?`},
		{"several sheets", "book.xlsx", "m.json", "book.xlsx: want one sheet, found Sheet1, Other sheet; name it, as in book.xlsx#Sheet1"},
		{"an error of the spreadsheet", "book.xlsx#Other sheet", "", `book.xlsx#Other sheet:2:2: want a value, found the spreadsheet's error #N/A; mend it, or let it mean nothing: "null": ["#N/A", ""]`},
		{"a table called a workbook", "text.xlsx", "m.json", "text.xlsx: want a workbook of the form .xlsx, found a damaged one (not a valid zip file); save it again as .xlsx (.xls and .ods are not read)"},
		{"half a workbook", "torn.xlsx", "m.json", "torn.xlsx: want a workbook of the form .xlsx, found a damaged one (not a valid zip file)"},
		{"an empty archive", "empty.xlsx", "m.json", "empty.xlsx: want "},
		{"an archive of something else", "zipped.xlsx", "m.json", "zipped.xlsx: want "},
		{"a bomb", "bomb.xlsx", "m.json", "bomb.xlsx: want an archive that unpacks to at most 300 times its size"},
		{"a workbook called a table", "text.csv", "m.json", "text.csv: want UTF-8 text (plain, .gz or .zst), found a zip archive (or a spreadsheet)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := loaders.LoadTable(context.Background(), tt.input, loaders.Options{Metadata: tt.metadata}, new(list))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("found %v\nwant  %s", err, tt.want)
			}
			if strings.Contains(tt.name, "bomb") && !errors.Is(err, loaders.ErrBomb) {
				t.Error("it is not called a bomb")
			}
		})
	}
}
