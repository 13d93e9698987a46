package loaders

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"kg/graph"
)

const (
	// maxWorkbook bounds what a workbook unpacks to; sheets above maxSheetInMemory go through a temporary
	// file.
	maxWorkbook      = 4 << 30
	maxSheetInMemory = 32 << 20
)

// Forms in which dates of sheets are handed on, whatever the sheet shows.
const (
	sheetDate     = `yyyy\-mm\-dd`
	sheetDateTime = `yyyy\-mm\-dd\Thh:mm:ss`
	sheetTime     = `hh:mm:ss`
)

// sheetErrors are what a cell shows that could not be computed.
func sheetErrors() []string {
	return []string{"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
}

// sheetRows reads the rows of a sheet. Texts, numbers and truth values come as they are stored, not as
// a format rounds them; dates and times, which are stored as numbers, in the form of ISO 8601.
type sheetRows struct {
	ctx     context.Context
	name    string
	rows    *excelize.Rows
	number  int
	columns int // of the first row, which the others are filled up to
	d       dialect
	cells   []cell
}

// openSheet opens a sheet of a workbook; without a name, the only one that is not hidden.
func openSheet(ctx context.Context, name, file, sheet string, d dialect) (rows tableRows, closeRows func() error, err error) {
	f, err := openWorkbook(file)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if r := recover(); r != nil { // of excelize, on a workbook made to break it
			err = brokenWorkbook(file, fmt.Errorf("%v", r))
		}
		if err != nil {
			_ = f.Close() // the error at hand is the one to tell
		}
	}()
	if sheet, err = chooseSheet(f, file, sheet); err != nil {
		return nil, nil, err
	}
	if err := plainFormats(f); err != nil {
		return nil, nil, brokenWorkbook(file, err)
	}
	r, err := f.Rows(sheet)
	if err != nil {
		return nil, nil, brokenWorkbook(file, err)
	}
	s := &sheetRows{ctx: ctx, name: name, rows: r, d: d}
	return s, func() error { return errors.Join(r.Close(), f.Close()) }, nil
}

// openWorkbook opens a workbook within bounds.
func openWorkbook(file string) (f *excelize.File, err error) {
	z, err := openZip(file)
	if err != nil {
		var p *graph.Problem
		if errors.As(err, &p) && errors.Is(err, zip.ErrFormat) {
			p.Want, p.Hint = "a workbook of the form .xlsx", "save it again as .xlsx (.xls and .ods are not read)"
		}
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("closing %s: %w", file, err)
	}
	defer func() {
		if r := recover(); r != nil { // of excelize, on a workbook made to break it
			f, err = nil, brokenWorkbook(file, fmt.Errorf("%v", r))
		}
	}()
	f, err = excelize.OpenFile(file, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: maxSheetInMemory})
	switch {
	case errors.Is(err, os.ErrPermission), errors.Is(err, os.ErrNotExist):
		return nil, unopened(file, err)
	case err != nil:
		return nil, brokenWorkbook(file, err)
	}
	return f, nil
}

func brokenWorkbook(file string, err error) error {
	return &graph.Problem{
		At: graph.Position{File: file}, Want: "a whole workbook of the form .xlsx", Found: "one that cannot be read (" + shown(strings.ReplaceAll(err.Error(), "\n", " ")) + ")",
		Hint: "save it again, or as CSV", Err: fmt.Errorf("%w: %w", errFinal, err),
	}
}

func chooseSheet(f *excelize.File, file, sheet string) (string, error) {
	var sheets []string
	for _, name := range f.GetSheetList() {
		if name == sheet {
			return name, nil
		}
		if visible, err := f.GetSheetVisible(name); err != nil || visible {
			sheets = append(sheets, name)
		}
	}
	p := &graph.Problem{At: graph.Position{File: file}, Want: "a sheet " + quote([]byte(shown(sheet)), ""), Found: firstOf(sheets), Hint: graph.DidYouMean(sheet, sheets)}
	switch {
	case sheet != "":
		return "", p
	case len(sheets) == 1:
		return sheets[0], nil
	case len(sheets) == 0:
		p.Want, p.Found, p.Hint = "a sheet", "none", ""
	default:
		p.Want, p.Hint = "one sheet", "name it, as in "+file+memberMark+sheets[0]
	}
	return "", p
}

// plainFormats replaces the number formats of a workbook that is open for reading: dates get the form of
// ISO 8601, everything else none at all, so that what is stored is read and not what fits a column.
func plainFormats(f *excelize.File) error {
	if _, err := f.GetStyle(0); err != nil || f.Styles == nil || f.Styles.CellXfs == nil {
		return err
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			if n != nil {
				codes[n.NumFmtID] = n.FormatCode
			}
		}
	}
	forms := map[string]*int{}
	styles := len(f.Styles.CellXfs.Xf)
	for _, form := range []string{sheetDate, sheetDateTime, sheetTime} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &form})
		if err != nil {
			return err
		}
		forms[form] = f.Styles.CellXfs.Xf[id].NumFmtID
	}
	general := 0
	for i := range styles {
		xf := &f.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		code, ok := codes[*xf.NumFmtID]
		if !ok {
			code = builtInFormat(*xf.NumFmtID)
		}
		switch form := dateForm(code); {
		case form == "elapsed":
		case form != "":
			xf.NumFmtID = forms[form]
		default:
			xf.NumFmtID = &general
		}
	}
	return nil
}

// builtInFormat gives the built-in formats that show dates a code; the others have none.
func builtInFormat(id int) string {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 57 && id <= 58:
		return "yyyy-mm-dd"
	case id == 22:
		return "yyyy-mm-dd hh:mm"
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 55, id == 56:
		return "hh:mm:ss"
	case id == 46, id == 47:
		return "[h]:mm:ss"
	default:
		return ""
	}
}

// dateForm is the form for the numbers that a format shows as dates or times, "" for other numbers.
// Hours above 24 ([h]:mm) stay as the sheet shows them: "elapsed".
func dateForm(code string) string {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	day, clock := false, false
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				return ""
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return ""
			}
			if inner := code[i+1 : i+n]; inner != "" && strings.Trim(inner, "hms") == "" {
				return "elapsed"
			}
			i += n
		case 'g', '#', '0', '?', '%':
			if code[i] == 'g' || !clock { // General; ss.0 has a zero too
				return ""
			}
		case 'y', 'd':
			day = true
		case 'h', 's':
			clock = true
		case 'm':
			if !clock && !strings.Contains(code[i:], "s") {
				day = true
			}
		}
	}
	switch {
	case day && clock:
		return sheetDateTime
	case day:
		return sheetDate
	case clock:
		return sheetTime
	default:
		return ""
	}
}

// next returns the next row that is not blank.
func (s *sheetRows) next() (record tableRecord, err error) {
	defer func() {
		if r := recover(); r != nil { // of excelize, on a workbook made to break it
			err = brokenWorkbook(s.name, fmt.Errorf("%v", r))
		}
	}()
	for {
		if err := context.Cause(s.ctx); err != nil {
			return tableRecord{}, err
		}
		if !s.rows.Next() {
			if err := s.rows.Error(); err != nil {
				return tableRecord{}, brokenWorkbook(s.name, err)
			}
			return tableRecord{}, io.EOF
		}
		s.number++
		texts, err := s.rows.Columns()
		if err != nil {
			return tableRecord{}, brokenWorkbook(s.name, err)
		}
		if s.number <= s.d.skipRows {
			continue
		}
		if err := s.fill(texts); err != nil {
			return tableRecord{}, err
		}
		if blank(s.cells) {
			continue
		}
		return tableRecord{cells: s.cells, number: s.number}, nil
	}
}

// fill makes cells of the texts of a row, as many as the first row has. Empty cells at the end are none
// of the table's.
func (s *sheetRows) fill(texts []string) error {
	for len(texts) > 0 && texts[len(texts)-1] == "" {
		texts = texts[:len(texts)-1]
	}
	s.cells = s.cells[:0]
	for i, text := range texts {
		if i < s.d.skipCols {
			continue
		}
		c := cell{text: text, line: s.number, column: i + 1}
		if len(text) > MaxCell {
			return &graph.Problem{At: graph.Position{File: s.name, Line: c.line, Column: c.column}, Want: fmt.Sprintf("a cell of at most %d bytes", MaxCell), Found: "a longer one"}
		}
		if s.d.trimStart {
			c.text = strings.TrimLeft(c.text, " \t")
		}
		if s.d.trimEnd {
			c.text = strings.TrimRight(c.text, " \t")
		}
		s.cells = append(s.cells, c)
	}
	for len(s.cells) > 0 && len(s.cells) < s.columns {
		s.cells = append(s.cells, cell{line: s.number, column: s.d.skipCols + len(s.cells) + 1})
	}
	if s.columns == 0 {
		s.columns = len(s.cells)
	}
	return nil
}
