package cli

import (
	"bufio"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"kg/queries"
)

// encodeTable aligns the columns for people; nothing is cut. On a terminal it leaves out columns that are
// empty in every row and wraps long cells between words; where that is not enough it prints each row as
// a block of lines.
func encodeTable(w *bufio.Writer, t queries.Table, o encodeOptions) {
	if len(t.Columns) == 0 {
		return
	}
	if o.width > 0 && len(t.Rows) > 0 {
		t = withoutEmptyColumns(t)
	}
	cells := texts(t, o)
	widths := naturalWidths(t, cells)
	if len(t.Rows) > 0 && !narrow(widths, leastWidths(t, cells), o.width) {
		encodeRecords(w, t, cells, o)
		return
	}

	tw := table.NewWriter()
	tw.SetStyle(plainStyle(o.paint))
	tw.SuppressTrailingSpaces()
	header := make(table.Row, len(t.Columns))
	configs := make([]table.ColumnConfig, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = o.paint.paint(styleTitle, c.Title)
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft}
		if rightAligned(c) {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	tw.AppendHeader(header)
	tw.SetColumnConfigs(configs)
	for _, line := range cells {
		row := make(table.Row, len(line))
		for i, s := range line {
			row[i] = paintCell(t.Columns[i], s, o.paint)
		}
		tw.AppendRow(row)
	}
	w.WriteString(tw.Render())
	w.WriteByte('\n')
}

// withoutEmptyColumns leaves out the columns that say nothing in any row.
func withoutEmptyColumns(t queries.Table) queries.Table {
	out := queries.Table{Rows: make([][]queries.Cell, len(t.Rows))}
	for i, c := range t.Columns {
		if !slices.ContainsFunc(t.Rows, func(row []queries.Cell) bool { return len(row[i]) > 0 }) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for r, row := range t.Rows {
			out.Rows[r] = append(out.Rows[r], row[i])
		}
	}
	return out
}

// encodeRecords prints each row as a block: one line a column that has a value, titles to the left.
func encodeRecords(w *bufio.Writer, t queries.Table, cells [][]string, o encodeOptions) {
	indent := 0
	for _, c := range t.Columns {
		indent = max(indent, text.StringWidthWithoutEscSequences(c.Title)+gap)
	}
	for n, line := range cells {
		if n > 0 {
			w.WriteByte('\n')
		}
		for i, s := range line {
			if s == "" {
				continue
			}
			title := t.Columns[i].Title
			w.WriteString(o.paint.paint(styleTitle, title))
			w.WriteString(strings.Repeat(" ", indent-text.StringWidthWithoutEscSequences(title)))
			s = strings.TrimRight(text.WrapSoft(s, max(o.width-indent, narrowestValue)), " \n")
			for j, part := range strings.Split(s, "\n") {
				if j > 0 {
					w.WriteString(strings.Repeat(" ", indent))
				}
				w.WriteString(paintCell(t.Columns[i], strings.TrimRight(part, " "), o.paint))
				w.WriteByte('\n')
			}
		}
	}
}

// narrowestValue is the width of values in blocks on a terminal that is narrower than their titles.
const narrowestValue = 20

// texts is what the cells say.
func texts(t queries.Table, o encodeOptions) [][]string {
	cells := make([][]string, 0, len(t.Rows))
	for _, row := range t.Rows {
		line := make([]string, len(t.Columns))
		for i := range t.Columns {
			line[i] = visible(cellText(row[i], o.ids))
		}
		cells = append(cells, line)
	}
	return cells
}

func paintCell(c queries.Column, s string, paint painter) string {
	if c.Type == queries.TypeClaim {
		return paint.paint(styleQuiet, s)
	}
	return s
}

// plainStyle is a table without a frame: a line under the titles, two spaces between columns.
func plainStyle(paint painter) table.Style {
	s := table.StyleLight
	s.Name = "kg"
	s.Options = table.Options{SeparateHeader: true, SeparateColumns: true}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", ""
	s.Box.MiddleVertical = "  "
	s.Box.MiddleSeparator = "──"
	s.Format.Header = text.FormatDefault
	if paint {
		s.Color.Separator = text.Colors{text.Faint}
	}
	return s
}

// visible keeps what is not text away from the terminal; line feeds stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		return shown(r)
	}, s)
}

// gap is how many spaces part two columns.
const gap = 2

// readable is the width above which a column may be narrowed at all.
const readable = 14

func naturalWidths(t queries.Table, cells [][]string) []int {
	return widthsOf(t, cells, text.LongestLineLen)
}

// leastWidths are those that neither break a word nor make a tower of short lines.
func leastWidths(t queries.Table, cells [][]string) []int {
	return widthsOf(t, cells, func(s string) int {
		return max(longestWord(s), min(text.LongestLineLen(s), readable))
	})
}

// widthsOf measures every column by its title and its cells.
func widthsOf(t queries.Table, cells [][]string, width func(string) int) []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = width(c.Title)
		for _, line := range cells {
			widths[i] = max(widths[i], width(line[i]))
		}
	}
	return widths
}

// tooWide says whether the columns need more than the terminal's total; zero has no limit.
func tooWide(widths []int, total int) bool {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return total > 0 && sum > total
}

// narrow takes from the widest column that is not at its least width until the table fits.
func narrow(widths, least []int, total int) bool {
	for tooWide(widths, total) {
		widest := -1
		for i, w := range widths {
			if w > least[i] && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		widths[widest]--
	}
	return true
}

// longestWord is the width below which a text cannot be wrapped between words.
func longestWord(s string) int {
	longest := 0
	for word := range strings.FieldsSeq(s) {
		longest = max(longest, text.StringWidthWithoutEscSequences(word))
	}
	return longest
}
