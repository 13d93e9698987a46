package exporters

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A scene is a picture of a network as a list of what to draw, so that SVG and PNG show the same.
type scene struct {
	title         string
	width, height float64
	lines         []sceneLine
	nodes         []sceneNode
	legend        []string // classes, in order
	footer        []string
}

// A sceneLine stands for all facts between two nodes that lead the same way.
type sceneLine struct {
	from, to Point // at the rims of the nodes
	label    string
	tip      string
	dashed   bool // all of them are derived
}

type sceneNode struct {
	at          Point
	w, h        float64
	class       string
	lines       []string // the label
	tip, anchor string
}

const (
	sceneMargin  = 60.0
	nodeHeight   = 22.0
	lineHeight   = 14.0
	charWidth    = 6.6 // of the 12 px font, on the safe side
	labelChars   = 24  // a longer name goes on in the next line
	labelLines   = 3
	sceneLabels  = 150 // with more lines than that, labels on lines would cover each other
	footerHeight = 16.0
)

// newScene lays a network out.
func newScene(n *Network) *scene {
	s := &scene{title: n.View.About.Title}
	index := map[string]int{}
	for i, node := range n.Nodes {
		index[node.ID] = i
	}
	type pair struct{ from, to int }
	between := map[pair][]Edge{}
	var pairs []pair
	var edges [][2]int
	for _, e := range n.Edges {
		p := pair{index[e.Source], index[e.Target]}
		if between[p] == nil {
			pairs = append(pairs, p)
			edges = append(edges, [2]int{p.from, p.to})
		}
		between[p] = append(between[p], e)
	}
	classes := map[string]bool{}
	for _, node := range n.Nodes {
		classes[node.Class] = true
		box := newSceneNode(Named{node.Label, node.Class})
		box.tip, box.anchor = node.Class+": "+node.Label, node.ID
		s.nodes = append(s.nodes, box)
	}
	s.arrange(edges)
	for _, p := range pairs {
		if p.from == p.to {
			continue // a fact about itself has no line; the tables have it
		}
		s.lines = append(s.lines, s.line(p.from, p.to, between[p], between[pair{p.to, p.from}] != nil, len(pairs) <= sceneLabels))
	}
	for class := range classes {
		s.legend = append(s.legend, class)
	}
	slices.Sort(s.legend)
	s.footer = n.View.About.Lines()
	if len(s.footer) > 0 && s.footer[0] == s.title {
		s.footer = s.footer[1:]
	}
	s.frame()
	return s
}

// separate pushes boxes that cover each other apart, a little further each round, until none does or
// the rounds are over.
func (s *scene) separate() {
	const rounds, gap = 120, 8.0
	order := make([]int, len(s.nodes))
	widest := 0.0
	for i, n := range s.nodes {
		order[i] = i
		widest = max(widest, n.w)
	}
	for range rounds {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.nodes[a].at.X, s.nodes[b].at.X) })
		moved := false
		for i, first := range order {
			a := &s.nodes[first]
			for _, second := range order[i+1:] {
				b := &s.nodes[second]
				if b.at.X-a.at.X > widest+gap {
					break
				}
				dx := (a.w+b.w)/2 + gap - math.Abs(b.at.X-a.at.X)
				dy := (a.h+b.h)/2 + gap - math.Abs(b.at.Y-a.at.Y)
				if dx <= 0 || dy <= 0 {
					continue
				}
				moved = true
				if dy <= dx { // the shorter way
					by := math.Copysign(dy/2, b.at.Y-a.at.Y)
					a.at.Y, b.at.Y = a.at.Y-by, b.at.Y+by
				} else {
					by := math.Copysign(dx/2, b.at.X-a.at.X)
					a.at.X, b.at.X = a.at.X-by, b.at.X+by
				}
			}
		}
		if !moved {
			return
		}
	}
}

// line draws all facts from one node to another. Where facts lead both ways the two lines keep apart.
func (s *scene) line(from, to int, edges []Edge, both, labelled bool) sceneLine {
	a, b := s.nodes[from], s.nodes[to]
	l := sceneLine{from: rim(a, b.at), to: rim(b, a.at), dashed: true}
	if both {
		dx, dy := b.at.X-a.at.X, b.at.Y-a.at.Y
		if length := math.Hypot(dx, dy); length > 0 {
			sx, sy := -dy/length*4, dx/length*4
			l.from, l.to = Point{l.from.X + sx, l.from.Y + sy}, Point{l.to.X + sx, l.to.Y + sy}
		}
	}
	var labels, tips []string
	for _, e := range edges {
		if e.Values["backed_by"] != "derivation" {
			l.dashed = false
		}
		if !slices.Contains(labels, e.Label) {
			labels = append(labels, e.Label)
		}
		tips = append(tips, a.lines[0]+" "+e.Label+" "+b.lines[0]+": "+edgeTip(e))
	}
	l.tip = strings.Join(tips, "\n")
	if labelled {
		l.label = labels[0]
		if len(labels) > 1 {
			l.label += fmt.Sprintf(" +%d", len(labels)-1)
		}
	}
	return l
}

// rim is where the line from a node's middle to a point leaves the node's box.
func rim(n sceneNode, to Point) Point {
	dx, dy := to.X-n.at.X, to.Y-n.at.Y
	if dx == 0 && dy == 0 {
		return n.at
	}
	by := math.Inf(1)
	if dx != 0 {
		by = min(by, (n.w/2+2)/math.Abs(dx))
	}
	if dy != 0 {
		by = min(by, (n.h/2+2)/math.Abs(dy))
	}
	by = min(by, 1)
	return Point{n.at.X + dx*by, n.at.Y + dy*by}
}

// frame moves all into view and finds the size of the picture.
func (s *scene) frame() {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, n := range s.nodes {
		low.X, low.Y = min(low.X, n.at.X-n.w/2), min(low.Y, n.at.Y-n.h/2)
		high.X, high.Y = max(high.X, n.at.X+n.w/2), max(high.Y, n.at.Y+n.h/2)
	}
	if len(s.nodes) == 0 {
		low, high = Point{}, Point{}
	}
	top := sceneMargin + 30 // the title and the legend stand above
	move := func(p Point) Point { return Point{p.X - low.X + sceneMargin, p.Y - low.Y + top} }
	for i := range s.nodes {
		s.nodes[i].at = move(s.nodes[i].at)
	}
	for i := range s.lines {
		s.lines[i].from, s.lines[i].to = move(s.lines[i].from), move(s.lines[i].to)
	}
	s.width = max(high.X-low.X+2*sceneMargin, 640, float64(len(s.legend))*110+2*sceneMargin)
	s.height = high.Y - low.Y + top + sceneMargin + float64(len(s.footer))*footerHeight
}

// wrap breaks a name into lines at spaces; what does not fit ends in dots, and the whole name stands
// in the tip.
func wrap(name string) []string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return []string{"(no name)"}
	}
	var lines []string
	for _, word := range words {
		if n := len(lines); n > 0 && utf8.RuneCountInString(lines[n-1])+1+utf8.RuneCountInString(word) <= labelChars {
			lines[n-1] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	cut := len(lines) > labelLines
	if cut {
		lines = lines[:labelLines]
	}
	for i, line := range lines {
		runes := []rune(line)
		if len(runes) > labelChars+4 || cut && i == labelLines-1 {
			lines[i] = string(runes[:min(len(runes), labelChars+3)]) + "…"
		}
	}
	return lines
}

// outline is the shape of a class as corners around the middle; rounded says that it is an ellipse in
// the same box.
func (n sceneNode) outline(grow float64) (corners []Point, rounded bool) {
	w, h := n.w/2+grow, n.h/2+grow
	switch cmp.Or(lookOf(n.class).shape, "box") {
	case "ellipse":
		return []Point{{n.at.X - w, n.at.Y - h}, {n.at.X + w, n.at.Y + h}}, true
	case "hexagon", "octagon":
		cut := min(h, 9)
		return []Point{
			{n.at.X - w + cut, n.at.Y - h},
			{n.at.X + w - cut, n.at.Y - h},
			{n.at.X + w, n.at.Y},
			{n.at.X + w - cut, n.at.Y + h},
			{n.at.X - w + cut, n.at.Y + h},
			{n.at.X - w, n.at.Y},
		}, false
	case "folder", "tab":
		return []Point{
			{n.at.X - w, n.at.Y - h - 4},
			{n.at.X - w/2, n.at.Y - h - 4},
			{n.at.X - w/2 + 4, n.at.Y - h},
			{n.at.X + w, n.at.Y - h},
			{n.at.X + w, n.at.Y + h},
			{n.at.X - w, n.at.Y + h},
		}, false
	case "house":
		return []Point{{n.at.X - w, n.at.Y - h}, {n.at.X, n.at.Y - h - 8}, {n.at.X + w, n.at.Y - h}, {n.at.X + w, n.at.Y + h}, {n.at.X - w, n.at.Y + h}}, false
	case "parallelogram":
		return []Point{{n.at.X - w + 8, n.at.Y - h}, {n.at.X + w + 8, n.at.Y - h}, {n.at.X + w - 8, n.at.Y + h}, {n.at.X - w - 8, n.at.Y + h}}, false
	case "note":
		return []Point{{n.at.X - w, n.at.Y - h}, {n.at.X + w - 8, n.at.Y - h}, {n.at.X + w, n.at.Y - h + 8}, {n.at.X + w, n.at.Y + h}, {n.at.X - w, n.at.Y + h}}, false
	default:
		return []Point{{n.at.X - w, n.at.Y - h}, {n.at.X + w, n.at.Y - h}, {n.at.X + w, n.at.Y + h}, {n.at.X - w, n.at.Y + h}}, false
	}
}

// arrow is the head of a line: its tip and its two other corners.
func (l sceneLine) arrow() ([3]Point, bool) {
	dx, dy := l.to.X-l.from.X, l.to.Y-l.from.Y
	length := math.Hypot(dx, dy)
	if length < 1 {
		return [3]Point{}, false
	}
	ux, uy := dx/length, dy/length
	back := Point{l.to.X - ux*9, l.to.Y - uy*9}
	return [3]Point{l.to, {back.X - uy*4, back.Y + ux*4}, {back.X + uy*4, back.Y - ux*4}}, true
}
