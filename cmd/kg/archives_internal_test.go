package main

import (
	"archive/zip"
	"encoding/csv"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// zipFiles packs files into an archive.
func zipFiles(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := zip.NewWriter(f)
	for _, name := range args[1:] {
		member, err := w.Create(name)
		ts.Check(err)
		_, err = member.Write([]byte(ts.ReadFile(name)))
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(f.Close())
}

// workbook makes the first sheet of a workbook out of a CSV file: whole numbers as numbers, the rest as
// text.
func workbook(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[1]))).ReadAll()
	ts.Check(err)
	book := excelize.NewFile()
	for i, row := range rows {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			ts.Check(err)
			if n, err := strconv.Atoi(text); err == nil {
				ts.Check(book.SetCellInt("Sheet1", cell, int64(n)))
				continue
			}
			ts.Check(book.SetCellStr("Sheet1", cell, text))
		}
	}
	ts.Check(book.SaveAs(ts.MkAbs(args[0])))
}
