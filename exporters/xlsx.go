package exporters

import (
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

func xlsx() Format {
	return Format{
		Name: "xlsx", Extensions: []string{".xlsx"}, MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		About:  "the same rows as a workbook: sheet facts with numbers as numbers, sheet about",
		Graphs: true, View: true,
		Write: tabular(writeXLSX),
	}
}

// xlsxRows is how many rows a sheet has at most.
const xlsxRows = 1 << 20

// writeXLSX streams the rows into the sheet. Text is text, whatever it looks like: no cell is a formula.
func writeXLSX(w io.Writer, t *factTable) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closing := book.Close(); err == nil {
			err = closing
		}
	}()
	// a time of its own would make each file differ
	long := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	if err := book.SetDocProps(&excelize.DocProperties{Created: long, Modified: long, Title: t.About.Title, Creator: orKG(t.About.Program)}); err != nil {
		return err
	}
	const facts, about = "facts", "about"
	if err := book.SetSheetName("Sheet1", facts); err != nil {
		return err
	}
	if len(t.Rows) >= xlsxRows {
		return tooManyRows(len(t.Rows))
	}
	sheet, err := book.NewStreamWriter(facts)
	if err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, 0, len(factColumns()))
	for _, c := range factColumns() {
		header = append(header, c.Name)
	}
	if err := sheet.SetRow("A1", header); err != nil {
		return err
	}
	for i, row := range t.Rows {
		cell, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(cell, row); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	if _, err := book.NewSheet(about); err != nil {
		return err
	}
	for i, line := range t.About.Lines() {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := book.SetCellStr(about, cell, line); err != nil {
			return err
		}
	}
	return book.Write(w)
}
