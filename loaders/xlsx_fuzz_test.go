package loaders_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"kg/loaders"
)

// FuzzSheet changes the XML of a sheet, of the shared texts and of the styles of a workbook: nothing may
// panic, and problems have places.
func FuzzSheet(f *testing.F) {
	book := excelize.NewFile()
	for _, cell := range []struct {
		at string
		v  any
	}{{"A1", "id"}, {"B1", "n"}, {"A2", "x"}, {"B2", 1.5}, {"A3", true}} {
		if err := book.SetCellValue("Sheet1", cell.at, cell.v); err != nil {
			f.Fatal(err)
		}
	}
	packed, err := book.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	whole, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string]string{}
	for _, m := range whole.File {
		r, err := m.Open()
		if err != nil {
			f.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		parts[m.Name] = string(text)
	}
	const sheet, texts, styles = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
	f.Add(parts[sheet], parts[texts], parts[styles])
	f.Add(`<worksheet><sheetData><row r="1"><c r="XFD1" t="s"><v>9</v></c></row></sheetData></worksheet>`, "<sst/>", "<styleSheet/>")
	f.Add(`<worksheet><sheetData><row r="99999999"><c r="A" s="-1"><v>1</v></c></row></sheetData></worksheet>`, "", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for name, text := range parts {
			switch name {
			case sheet:
				text = a
			case texts:
				text = b
			case styles:
				text = c
			}
			member, err := w.Create(name)
			if err == nil {
				_, err = member.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "b.xlsx")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loaders.Infer(context.Background(), file, loaders.InferOptions{}); err != nil {
			wantPlace(t, err)
		}
	})
}
