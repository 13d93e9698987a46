package exporters

import (
	"bufio"
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"time"
	"unicode/utf8"
)

// A timeBar is a thing with its time.
type timeBar struct {
	id, name, class string
	first, last     time.Time
	text            string
}

// drawTimeline shows the dated events, operations and platforms, one a line, in order. Figures and
// seizures would be too many; their dates stand in the tables. It returns how many are shown.
func drawTimeline(n *Network) (template.HTML, int) {
	var bars []timeBar
	for _, node := range n.Nodes {
		if node.Class != "Event" && node.Class != "Operation" || node.Start.IsZero() && node.End.IsZero() {
			continue
		}
		start, end := node.Start, node.End
		if start.IsZero() {
			start = end
		}
		if end.IsZero() {
			end = start
		}
		if end.Last().Before(start.First()) {
			continue
		}
		text := start.String()
		if end != start {
			text += " to " + end.String()
		}
		bars = append(bars, timeBar{node.ID, node.Label, node.Class, start.First(), end.Last(), text})
	}
	if len(bars) == 0 {
		return "", 0
	}
	slices.SortFunc(bars, func(a, b timeBar) int {
		return cmp.Or(a.first.Compare(b.first), a.last.Compare(b.last), cmp.Compare(a.id, b.id))
	})
	return drawn(func(out *bufio.Writer) { writeTimelineSVG(out, bars) }), len(bars)
}

func writeTimelineSVG(out *bufio.Writer, bars []timeBar) {
	first, last := bars[0].first, bars[0].last
	for _, b := range bars {
		if b.last.After(last) {
			last = b.last
		}
	}
	from, to := first.Year(), last.Year()+1
	const width, row, top, names = 960.0, 20.0, 26.0, 300.0
	begin := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	span := time.Date(to, 1, 1, 0, 0, 0, 0, time.UTC).Sub(begin).Hours()
	x := func(t time.Time) float64 { return names + t.Sub(begin).Hours()/span*(width-names-10) }
	height := top + row*float64(len(bars)) + 10
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="Timeline of %d events and operations, %d to %d" font-family="Helvetica, Arial, sans-serif" font-size="11">`+"\n", width, height, len(bars), from, to-1)
	fmt.Fprint(out, `<rect width="100%" height="100%" fill="#ffffff"/>`+"\n")
	step := max(1, (to-from)/12)
	for year := from; year <= to; year += step {
		at := x(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		fmt.Fprintf(out, `<line x1="%.1f" y1="%.0f" x2="%.1f" y2="%.0f" stroke="#d5d5d5"/><text x="%.1f" y="16" fill="#444444">%d</text>`+"\n", at, top-6, at, height-6, at+2, year)
	}
	for i, b := range bars {
		y := top + row*float64(i)
		name := b.name
		if runes := []rune(name); len(runes) > 46 {
			name = string(runes[:45]) + "…"
		}
		wide := max(3, x(b.last)-x(b.first))
		fmt.Fprintf(out, `<a href="#%s"><title>%s: %s</title><text x="%.0f" y="%.1f" text-anchor="end" fill="#14202b">%s</text><rect x="%.1f" y="%.1f" width="%.1f" height="12" fill="%s" stroke="#444444"/></a>`+"\n",
			xmlText(anchor(b.id)), xmlText(b.name), xmlText(b.text), names-8, y+11, xmlText(name), x(b.first), y+1, wide, lookOf(b.class).colour)
		if right := x(b.first) + wide + 4; right+float64(utf8.RuneCountInString(b.text))*6 < width {
			fmt.Fprintf(out, `<text x="%.1f" y="%.1f" font-size="9" fill="#444444">%s</text>`+"\n", right, y+11, xmlText(b.text))
		}
	}
	fmt.Fprint(out, "</svg>\n")
}
