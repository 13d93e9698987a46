package exporters

import (
	"cmp"
	"math"
	"slices"
)

// A Point is a place in a picture, in pixels, y downwards.
type Point struct{ X, Y float64 }

// Layout places n nodes so that those with an edge lie near each other and the others apart. The same
// graph gets the same places, on every machine: nothing is drawn by lot, and products are rounded one
// by one, so that no processor fuses them with sums. Parts that no edge connects are laid out one by
// one and set side by side, the largest first.
func Layout(n int, edges [][2]int) []Point {
	at := make([]Point, n)
	var placed []box
	for _, part := range parts(n, edges) {
		local := make(map[int]int, len(part))
		for i, node := range part {
			local[node] = i
		}
		var within [][2]int
		seen := map[[2]int]bool{}
		for _, e := range edges {
			a, ok := local[e[0]]
			b := local[e[1]]
			if !ok || a == b || seen[[2]int{min(a, b), max(a, b)}] {
				continue
			}
			seen[[2]int{min(a, b), max(a, b)}] = true
			within = append(within, [2]int{a, b})
		}
		points := force(len(part), within)
		placed = append(placed, box{part, points})
	}
	pack(placed, at)
	return at
}

// Distances of a layout, in pixels.
const (
	edgeLength = 170 // about; labels of nodes need the room
	boxMargin  = 110
)

// parts lists the connected parts, the largest first, nodes in order.
func parts(n int, edges [][2]int) [][]int {
	root := make([]int, n)
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, e := range edges {
		a, b := find(e[0]), find(e[1])
		root[max(a, b)] = min(a, b)
	}
	by := map[int][]int{}
	var roots []int
	for i := range n {
		r := find(i)
		if by[r] == nil {
			roots = append(roots, r)
		}
		by[r] = append(by[r], i)
	}
	list := make([][]int, 0, len(roots))
	for _, r := range roots {
		list = append(list, by[r])
	}
	slices.SortStableFunc(list, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return list
}

// force lays a connected part out: nodes repel each other, edges pull, and both calm down.
func force(n int, edges [][2]int) []Point {
	at := spiral(n, edges)
	if n < 2 {
		return at
	}
	rounds := max(30, min(400, 40_000_000/(n*40)))
	moves := make([]Point, n)
	for round := range rounds {
		heat := edgeLength * (1 - float64(round)/float64(rounds))
		repel(at, moves)
		for _, e := range edges {
			pull(at, moves, e[0], e[1])
		}
		for i, m := range moves {
			length := math.Hypot(m.X, m.Y)
			if length == 0 {
				continue
			}
			step := min(length, heat)
			at[i].X += float64(m.X / length * step)
			at[i].Y += float64(m.Y / length * step)
		}
	}
	return at
}

// spiral is where nodes start: those with most edges in the middle, along a sunflower's spiral.
func spiral(n int, edges [][2]int) []Point {
	degree := make([]int, n)
	for _, e := range edges {
		degree[e[0]]++
		degree[e[1]]++
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(degree[b], degree[a]) })
	at := make([]Point, n)
	const golden = 2.399963229728653 // the angle between a sunflower's seeds
	for rank, node := range order {
		r := float64(edgeLength * 0.5 * math.Sqrt(float64(rank)))
		at[node] = Point{float64(r * math.Cos(float64(rank)*golden)), float64(r * math.Sin(float64(rank)*golden))}
	}
	return at
}

// pull draws the ends of an edge together, the more the longer it is.
func pull(at, moves []Point, a, b int) {
	dx, dy := at[b].X-at[a].X, at[b].Y-at[a].Y
	length := math.Hypot(dx, dy)
	by := length / edgeLength * 0.5
	moves[a].X += float64(dx * by)
	moves[a].Y += float64(dy * by)
	moves[b].X -= float64(dx * by)
	moves[b].Y -= float64(dy * by)
}

// repel sets moves to how strongly each node is driven off by the others. Far nodes count together:
// the work grows with n log n.
func repel(at, moves []Point) {
	tree := newQuadtree(at)
	for i := range at {
		moves[i] = tree.push(at, i)
	}
}

// A quadtree sums nodes up by squares.
type quadtree struct{ cells []quadCell }

type quadCell struct {
	x, y, side float64 // a corner, and the length of an edge
	cx, cy     float64 // the middle of its nodes
	count      float64
	node       int // the only node, -1 where there are none or several
	child      int // the first of four cells, 0 for a leaf
}

func newQuadtree(at []Point) *quadtree {
	low, high := at[0], at[0]
	for _, p := range at {
		low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
		high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
	}
	side := max(high.X-low.X, high.Y-low.Y, 1)
	t := &quadtree{cells: []quadCell{{x: low.X, y: low.Y, side: side, node: -1}}}
	for i := range at {
		t.add(at, 0, i)
	}
	return t
}

// smallestCell ends the parting of cells whose nodes lie on one point.
const smallestCell = 1e-3

func (t *quadtree) add(at []Point, cell, node int) {
	for {
		c := &t.cells[cell]
		c.cx = (c.cx*c.count + at[node].X) / (c.count + 1)
		c.cy = (c.cy*c.count + at[node].Y) / (c.count + 1)
		c.count++
		switch {
		case c.count == 1:
			c.node = node
			return
		case c.side < smallestCell:
			c.node = -1
			return
		}
		if c.child == 0 {
			t.part(at, cell)
		}
		cell = t.into(at[node], cell)
	}
}

// part gives a cell four children and hands its node down.
func (t *quadtree) part(at []Point, cell int) {
	c := t.cells[cell]
	half := c.side / 2
	first := len(t.cells)
	for i := range 4 {
		t.cells = append(t.cells, quadCell{x: c.x + half*float64(i%2), y: c.y + half*float64(i/2), side: half, node: -1})
	}
	t.cells[cell].child, t.cells[cell].node = first, -1
	if c.node >= 0 {
		child := &t.cells[t.into(at[c.node], cell)]
		child.cx, child.cy, child.count, child.node = at[c.node].X, at[c.node].Y, 1, c.node
	}
}

func (t *quadtree) into(p Point, cell int) int {
	c := t.cells[cell]
	i := 0
	if p.X >= c.x+c.side/2 {
		i++
	}
	if p.Y >= c.y+c.side/2 {
		i += 2
	}
	return c.child + i
}

// push is the force of all others on a node.
func (t *quadtree) push(at []Point, node int) Point {
	const wide = 0.8 // a cell this wide, seen from a distance of 1, counts as one
	var sum Point
	stack := []int{0}
	for len(stack) > 0 {
		cell := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		c := &t.cells[cell]
		if c.count == 0 || c.node == node {
			continue
		}
		dx, dy := at[node].X-c.cx, at[node].Y-c.cy
		distance := math.Hypot(dx, dy)
		if c.child > 0 && c.side > wide*distance {
			stack = append(stack, c.child, c.child+1, c.child+2, c.child+3)
			continue
		}
		if distance < 1 { // on one point: apart, each its own way
			angle := float64(node)
			dx, dy, distance = math.Cos(angle), math.Sin(angle), 1
		}
		by := c.count * edgeLength * edgeLength * 0.5 / (distance * distance)
		sum.X += float64(dx * by)
		sum.Y += float64(dy * by)
	}
	return sum
}

// A box is a part with its own coordinates.
type box struct {
	nodes  []int
	points []Point
}

// pack sets the parts in rows, about as wide as high, and writes where their nodes are.
func pack(boxes []box, at []Point) {
	area := 0.0
	widest := 0.0
	for _, b := range boxes {
		w, h := b.size()
		area += (w + boxMargin) * (h + boxMargin)
		widest = max(widest, w+boxMargin)
	}
	width := max(widest, math.Sqrt(area)*1.3)
	x, y, row := 0.0, 0.0, 0.0
	for _, b := range boxes {
		w, h := b.size()
		if x > 0 && x+w > width {
			x, y, row = 0, y+row+boxMargin, 0
		}
		low := b.low()
		for i, node := range b.nodes {
			at[node] = Point{math.Round((b.points[i].X-low.X+x)*10) / 10, math.Round((b.points[i].Y-low.Y+y)*10) / 10}
		}
		x += w + boxMargin
		row = max(row, h)
	}
}

func (b box) low() Point {
	low := b.points[0]
	for _, p := range b.points {
		low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
	}
	return low
}

func (b box) size() (w, h float64) {
	low, high := b.low(), b.points[0]
	for _, p := range b.points {
		high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
	}
	return high.X - low.X, high.Y - low.Y
}
