package exporters

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

func pngPicture() Format {
	return Format{
		Name: "png", Extensions: []string{".png"}, MediaType: "image/png",
		About:  "the same picture as pixels, for slides and messages",
		Graphs: true, View: true,
		Write: writePNG,
	}
}

// A picture is drawn at twice its size, for sharp text, unless that would take too much memory.
const (
	pngScale  = 2.0
	pngPixels = 120e6
)

func writePNG(w io.Writer, d Document) error {
	s, err := sceneOf(d)
	if err != nil {
		return err
	}
	scale := min(pngScale, math.Sqrt(pngPixels/(s.width*s.height)))
	c, err := newCanvas(s.width, s.height, scale)
	if err != nil {
		return err
	}
	c.draw(s)
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, c.image)
}

// A canvas draws a scene into an image.
type canvas struct {
	image  *image.RGBA
	scale  float64
	fonts  map[bool]*opentype.Font // by bold
	faces  map[faceKey]font.Face
	raster *vector.Rasterizer
}

type faceKey struct {
	size float64
	bold bool
}

func newCanvas(width, height, scale float64) (*canvas, error) {
	c := &canvas{
		image: image.NewRGBA(image.Rect(0, 0, int(math.Ceil(width*scale)), int(math.Ceil(height*scale)))),
		scale: scale, fonts: map[bool]*opentype.Font{}, faces: map[faceKey]font.Face{}, raster: &vector.Rasterizer{},
	}
	for bold, ttf := range map[bool][]byte{false: goregular.TTF, true: gobold.TTF} {
		parsed, err := opentype.Parse(ttf)
		if err != nil {
			return nil, err
		}
		c.fonts[bold] = parsed
	}
	draw.Draw(c.image, c.image.Bounds(), image.White, image.Point{}, draw.Src)
	return c, nil
}

func (c *canvas) draw(s *scene) {
	grey := hexColour("#555555")
	c.text(Point{sceneMargin, 30}, s.title, 18, true, hexColour("#111111"), 0)
	for i, class := range s.legend {
		key := sceneNode{at: Point{sceneMargin + 8 + float64(i)*110, 52}, w: 16, h: 10, class: class}
		c.shape(key)
		c.text(Point{key.at.X + 14, 56}, class, 12, false, hexColour("#333333"), 0)
	}
	for _, l := range s.lines {
		c.line(l, hexColour("#767676"))
	}
	for _, l := range s.lines {
		if l.label == "" {
			continue
		}
		middle := Point{(l.from.X + l.to.X) / 2, (l.from.Y+l.to.Y)/2 - 2}
		w := c.width(l.label, 9, false)
		c.fill([]Point{{middle.X - w/2 - 1, middle.Y - 8}, {middle.X + w/2 + 1, middle.Y - 8}, {middle.X + w/2 + 1, middle.Y + 2}, {middle.X - w/2 - 1, middle.Y + 2}}, color.RGBA{255, 255, 255, 220})
		c.text(middle, l.label, 9, false, grey, 0.5)
	}
	for _, n := range s.nodes {
		c.shape(n)
		for i, line := range n.lines {
			y := n.at.Y + 4 + (float64(i)-float64(len(n.lines)-1)/2)*lineHeight
			c.text(Point{n.at.X, y}, line, 12, false, hexColour("#111111"), 0.5)
		}
	}
	for i, line := range s.footer {
		c.text(Point{sceneMargin, s.height - 12 - float64(len(s.footer)-1-i)*footerHeight}, line, 10, false, grey, 0)
	}
}

// shape draws the rim of a class's shape and its inside.
func (c *canvas) shape(n sceneNode) {
	for _, layer := range []struct {
		grow   float64
		colour color.Color
	}{{0.5, hexColour("#444444")}, {-0.5, hexColour(lookOf(n.class).colour)}} {
		corners, rounded := n.outline(layer.grow)
		if rounded {
			corners = ellipse(n.at, (corners[1].X-corners[0].X)/2, (corners[1].Y-corners[0].Y)/2)
		}
		c.fill(corners, layer.colour)
	}
}

// ellipse is an ellipse as a polygon whose corners nobody sees.
func ellipse(middle Point, rx, ry float64) []Point {
	const corners = 72
	points := make([]Point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = Point{middle.X + rx*cos, middle.Y + ry*sin}
	}
	return points
}

func (c *canvas) line(l sceneLine, colour color.Color) {
	dx, dy := l.to.X-l.from.X, l.to.Y-l.from.Y
	length := math.Hypot(dx, dy)
	if length < 0.5 {
		return
	}
	const dash, gap, half = 5.0, 4.0, 0.5
	ux, uy := dx/length, dy/length
	piece := length
	if l.dashed {
		piece = dash
	}
	for at := 0.0; at < length; at += piece + gap {
		end := min(at+piece, length)
		a := Point{l.from.X + ux*at, l.from.Y + uy*at}
		b := Point{l.from.X + ux*end, l.from.Y + uy*end}
		c.fill([]Point{{a.X - uy*half, a.Y + ux*half}, {b.X - uy*half, b.Y + ux*half}, {b.X + uy*half, b.Y - ux*half}, {a.X + uy*half, a.Y - ux*half}}, colour)
	}
	if head, ok := l.arrow(); ok {
		c.fill(head[:], colour)
	}
}

// fill draws a polygon. Only the part of the image that it covers is looked at.
func (c *canvas) fill(corners []Point, colour color.Color) {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, p := range corners {
		low.X, low.Y = min(low.X, p.X*c.scale), min(low.Y, p.Y*c.scale)
		high.X, high.Y = max(high.X, p.X*c.scale), max(high.Y, p.Y*c.scale)
	}
	bounds := image.Rect(int(math.Floor(low.X)), int(math.Floor(low.Y)), int(math.Ceil(high.X))+1, int(math.Ceil(high.Y))+1)
	if bounds.Intersect(c.image.Bounds()).Empty() {
		return
	}
	c.raster.Reset(bounds.Dx(), bounds.Dy())
	for i, p := range corners {
		x, y := float32(p.X*c.scale-float64(bounds.Min.X)), float32(p.Y*c.scale-float64(bounds.Min.Y))
		if i == 0 {
			c.raster.MoveTo(x, y)
		} else {
			c.raster.LineTo(x, y)
		}
	}
	c.raster.ClosePath()
	c.raster.Draw(c.image, bounds, image.NewUniform(colour), image.Point{})
}

// text writes a line; anchor 0 begins at the point, 0.5 has it in the middle.
func (c *canvas) text(at Point, text string, size float64, bold bool, colour color.Color, anchor float64) {
	face := c.face(size, bold)
	if face == nil {
		return
	}
	x := at.X - c.width(text, size, bold)*anchor
	d := font.Drawer{Dst: c.image, Src: image.NewUniform(colour), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(x * c.scale * 64), Y: fixed.Int26_6(at.Y * c.scale * 64)}}
	d.DrawString(text)
}

// width is how wide a text is, in pixels of the scene.
func (c *canvas) width(text string, size float64, bold bool) float64 {
	face := c.face(size, bold)
	if face == nil {
		return 0
	}
	return float64(font.MeasureString(face, text)) / 64 / c.scale
}

func (c *canvas) face(size float64, bold bool) font.Face {
	key := faceKey{size, bold}
	if face, ok := c.faces[key]; ok {
		return face
	}
	face, err := opentype.NewFace(c.fonts[bold], &opentype.FaceOptions{Size: size * c.scale, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil // an empty size; there is none
	}
	c.faces[key] = face
	return face
}

// hexColour reads #rrggbb.
func hexColour(text string) color.RGBA {
	n, _ := strconv.ParseUint(text[1:], 16, 32) // our own table
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}
