package exporters

import (
	"bufio"
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
)

// A mapPlace is a place with the things that are tied to it.
type mapPlace struct {
	id, name  string
	lat, long float64
	things    int
}

// drawMap shows the places that have things tied to them, on a grid of degrees: no tiles, no coast, no
// network. It returns how many there are.
func drawMap(n *Network) (template.HTML, int) {
	tied := map[string]int{}
	for _, e := range n.Edges {
		if e.Predicate == "kg:place" || e.Predicate == "kg:country" || e.Predicate == "kg:serverIn" || e.Predicate == "kg:basedIn" {
			tied[e.Target]++
		}
	}
	var places []mapPlace
	for _, node := range n.Nodes {
		if p, ok := pointOf(node); ok && tied[node.ID] > 0 {
			places = append(places, mapPlace{node.ID, node.Label, p.Coordinates[1], p.Coordinates[0], tied[node.ID]})
		}
	}
	if len(places) == 0 {
		return "", 0
	}
	slices.SortFunc(places, func(a, b mapPlace) int { return cmp.Or(cmp.Compare(b.things, a.things), cmp.Compare(a.id, b.id)) })
	return drawn(func(out *bufio.Writer) { writeMap(out, places) }), len(places)
}

// writeMap draws the part of the world that holds all places. The picture is equirectangular, with
// degrees of longitude as long as they are in the middle of it.
func writeMap(out *bufio.Writer, places []mapPlace) {
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for _, p := range places {
		west, east = min(west, p.long), max(east, p.long)
		south, north = min(south, p.lat), max(north, p.lat)
	}
	padLong, padLat := max(3, (east-west)*0.08), max(2, (north-south)*0.08)
	west, east = max(-180, west-padLong), min(180, east+padLong)
	south, north = max(-90, south-padLat), min(90, north+padLat)
	narrow := math.Cos((south + north) / 2 * math.Pi / 180)
	const width = 960.0
	perDegree := width / ((east - west) * narrow)
	height := (north - south) * perDegree
	if height > 620 {
		perDegree *= 620 / height
		height = 620
	}
	x := func(long float64) float64 { return (long - west) * narrow * perDegree }
	y := func(lat float64) float64 { return (north - lat) * perDegree }
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="Map of %d places" font-family="Helvetica, Arial, sans-serif">`+"\n", x(east), height, len(places))
	fmt.Fprint(out, `<rect width="100%" height="100%" fill="#eef3f7"/>`+"\n")
	step := gridStep(max(east-west, north-south))
	for long := math.Ceil(west/step) * step; long <= east; long += step {
		fmt.Fprintf(out, `<line x1="%.1f" y1="0" x2="%.1f" y2="%.1f" stroke="#c6d3dd"/><text x="%.1f" y="%.1f" font-size="9" fill="#4a5a66">%s</text>`+"\n", x(long), x(long), height, x(long)+2, height-4, degrees(long, "E", "W"))
	}
	for lat := math.Ceil(south/step) * step; lat <= north; lat += step {
		fmt.Fprintf(out, `<line x1="0" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#c6d3dd"/><text x="2" y="%.1f" font-size="9" fill="#4a5a66">%s</text>`+"\n", y(lat), x(east), y(lat), y(lat)-2, degrees(lat, "N", "S"))
	}
	var taken []labelBox
	for _, p := range places {
		r := 3 + 2.2*math.Sqrt(float64(p.things))
		fmt.Fprintf(out, `<a href="#%s"><title>%s: %d</title><circle cx="%.1f" cy="%.1f" r="%.1f" fill="#1f5fa8" fill-opacity="0.45" stroke="#123c6b"/>`, xmlText(anchor(p.id)), xmlText(p.name), p.things, x(p.long), y(p.lat), r)
		label := labelBox{x(p.long) + r + 3, y(p.lat) - 9, float64(len(p.name))*6 + 4, 13}
		if label.x+label.w > x(east) {
			label.x = x(p.long) - r - 3 - label.w
		}
		if !slices.ContainsFunc(taken, label.covers) { // the others have their title and the table
			taken = append(taken, label)
			fmt.Fprintf(out, `<text x="%.1f" y="%.1f" font-size="11" fill="#14202b">%s</text>`, label.x, label.y+12, xmlText(p.name))
		}
		fmt.Fprint(out, "</a>\n")
	}
	fmt.Fprint(out, "</svg>\n")
}

type labelBox struct{ x, y, w, h float64 }

func (a labelBox) covers(b labelBox) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// gridStep is how many degrees lie between two lines of the grid.
func gridStep(span float64) float64 {
	for _, step := range []float64{1, 2, 5, 10, 20, 30} {
		if span/step <= 10 {
			return step
		}
	}
	return 45
}

func degrees(n float64, plus, minus string) string {
	switch {
	case n > 0:
		return fmt.Sprintf("%g°%s", n, plus)
	case n < 0:
		return fmt.Sprintf("%g°%s", -n, minus)
	default:
		return "0°"
	}
}
