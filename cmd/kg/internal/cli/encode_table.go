package cli

import (
	"bufio"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"kg/queries"
)

// narrowest is the width below which wrapping makes a column unreadable.
const narrowest = 8

// encodeTable aligns the columns for people. On a terminal long cells are wrapped until the table
// fits; nothing is cut.
func encodeTable(w *bufio.Writer, t queries.Table, o encodeOptions) {
	if len(t.Columns) == 0 {
		return
	}
	cells := make([][]string, 0, len(t.Rows))
	for _, row := range t.Rows {
		line := make([]string, len(t.Columns))
		for i := range t.Columns {
			line[i] = visible(cellText(row[i], o.ids))
		}
		cells = append(cells, line)
	}
	widths := fit(naturalWidths(t, cells), o.width)

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
			row[i] = s
			if t.Columns[i].Type == queries.TypeClaim {
				row[i] = o.paint.paint(styleQuiet, s)
			}
		}
		tw.AppendRow(row)
	}
	w.WriteString(tw.Render())
	w.WriteByte('\n')
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

// visible keeps control characters of the data away from the terminal; line feeds stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0:
			return '�'
		}
		return r
	}, s)
}

func naturalWidths(t queries.Table, cells [][]string) []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = text.StringWidthWithoutEscSequences(c.Title)
	}
	for _, line := range cells {
		for i, s := range line {
			widths[i] = max(widths[i], text.LongestLineLen(s))
		}
	}
	return widths
}

// fit narrows the widest columns until the table fits into total columns of the terminal. A total of
// zero has no limit.
func fit(widths []int, total int) []int {
	if total <= 0 {
		return widths
	}
	const gap = 2
	room := total - gap*(len(widths)-1)
	for {
		sum, widest, second := 0, 0, 0
		for i, w := range widths {
			sum += w
			if w > widths[widest] {
				widest = i
			}
		}
		if sum <= room || widths[widest] <= narrowest {
			return widths
		}
		for i, w := range widths {
			if i != widest {
				second = max(second, w)
			}
		}
		// Down to the next widest, or as far as needed, whichever is less; at least one.
		widths[widest] -= max(1, min(sum-room, widths[widest]-max(second, narrowest)))
	}
}
