package exporters

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// A Named is something that a picture shows in a box: its label and its class decide how large that is.
type Named struct{ Label, Class string }

// Arrange returns the middles of the boxes as SVG and PNG place them, for who draws the same network
// elsewhere: nodes with edges between them, each node named by its index. Where the picture begins is
// left open.
func Arrange(nodes []Named, edges [][2]int) []Point {
	s := &scene{}
	for _, n := range nodes {
		s.nodes = append(s.nodes, newSceneNode(n))
	}
	s.arrange(edges)
	at := make([]Point, len(s.nodes))
	for i, n := range s.nodes {
		at[i] = n.at
	}
	return at
}

// newSceneNode makes the box of a node.
func newSceneNode(n Named) sceneNode {
	lines := wrap(n.Label)
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	round := 0.0
	if lookOf(n.Class).shape == "ellipse" {
		round = 22 // its corners are cut
	}
	return sceneNode{
		w: float64(width)*charWidth + 18 + round, h: nodeHeight + float64(len(lines)-1)*lineHeight, class: n.Class, lines: lines,
	}
}

// wider is how much wider than high a layout is made: boxes with names are wide, and so are pages.
const wider = 1.3

// arrange places the boxes. The order of the edges, and whether there are several between two nodes,
// moves nothing.
func (s *scene) arrange(edges [][2]int) {
	pairs := make([][2]int, len(edges))
	for i, e := range edges {
		pairs[i] = [2]int{min(e[0], e[1]), max(e[0], e[1])}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for i, p := range Layout(len(s.nodes), slices.Compact(pairs)) {
		s.nodes[i].at = Point{float64(p.X * wider), p.Y}
	}
	s.separate()
}
