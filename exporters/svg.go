package exporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func svg() Format {
	return Format{
		Name: "svg", Extensions: []string{".svg"}, MediaType: "image/svg+xml",
		About:  "a picture of the graph, the same on every machine; claims show as tooltips",
		Graphs: true, View: true,
		Write: func(w io.Writer, d Document) error {
			s, err := sceneOf(d)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(w)
			fmt.Fprint(out, xmlHeader)
			s.writeSVG(out, "")
			return out.Flush()
		},
	}
}

// crowded is from how many things on a picture is no longer read.
const crowded = 400

// sceneOf reads the picture of a document.
func sceneOf(d Document) (*scene, error) {
	tell := d.Lost
	d.Lost = nil // no attribute is shown, so none is shown instead of another
	n, err := newNetwork(d)
	if err != nil {
		return nil, err
	}
	d.Lost = tell
	d.lose(n.attributes(), "attribute is left out: a picture shows names and facts between entities", "attributes are left out: a picture shows names and facts between entities")
	if len(n.Nodes) > crowded {
		d.lose(len(n.Nodes), "thing is in one picture", "things are in one picture, more than people read; --class, --predicate or a smaller --depth make it smaller")
	}
	return newScene(n), nil
}

// fitting is how wide a picture may be to be read when a page shrinks it to its own width.
const fitting = 1500

// writeSVG draws the scene. With a link prefix every node links to its entity on the same page.
func (s *scene) writeSVG(out *bufio.Writer, link string) {
	fit := ""
	if link != "" && s.width <= fitting {
		fit = ` class="fit"`
	}
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg"%s viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s" font-family="Helvetica, Arial, sans-serif" font-size="12">`+"\n",
		fit, s.width, s.height, s.width, s.height, xmlText(fmt.Sprintf("%s: %d things and %d connections", s.title, len(s.nodes), len(s.lines))))
	fmt.Fprintf(out, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", xmlText(s.title))
	if link == "" {
		fmt.Fprintf(out, "<text x=\"%.0f\" y=\"30\" font-size=\"18\" font-weight=\"bold\" fill=\"#111111\">%s</text>\n", sceneMargin, xmlText(s.title))
	}
	for i, class := range s.legend {
		key := sceneNode{at: Point{sceneMargin + 8 + float64(i)*110, 52}, w: 16, h: 10, class: class}
		svgShape(out, key, 0)
		fmt.Fprintf(out, "<text x=\"%.1f\" y=\"56\" fill=\"#333333\">%s</text>\n", key.at.X+14, xmlText(class))
	}
	for _, l := range s.lines {
		dash := ""
		if l.dashed {
			dash = ` stroke-dasharray="5 4"`
		}
		fmt.Fprintf(out, "<g><title>%s</title><line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#767676\"%s/>", xmlText(l.tip), l.from.X, l.from.Y, l.to.X, l.to.Y, dash)
		if head, ok := l.arrow(); ok {
			fmt.Fprintf(out, "<polygon points=\"%s\" fill=\"#767676\"/>", svgPoints(head[:]))
		}
		if l.label != "" {
			fmt.Fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\" fill=\"#555555\" text-anchor=\"middle\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">%s</text>",
				(l.from.X+l.to.X)/2, (l.from.Y+l.to.Y)/2-2, xmlText(l.label))
		}
		fmt.Fprint(out, "</g>\n")
	}
	for _, n := range s.nodes {
		open, closed := "<g>", "</g>"
		if link != "" {
			open, closed = `<a href="`+xmlText(link+anchor(n.anchor))+`">`, "</a>"
		}
		fmt.Fprintf(out, "%s<title>%s</title>", open, xmlText(n.tip))
		svgShape(out, n, 0)
		for i, line := range n.lines {
			y := n.at.Y + 4 + (float64(i)-float64(len(n.lines)-1)/2)*lineHeight
			fmt.Fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"#111111\">%s</text>", n.at.X, y, xmlText(line))
		}
		fmt.Fprintf(out, "%s\n", closed)
	}
	if link == "" {
		for i, line := range s.footer {
			fmt.Fprintf(out, "<text x=\"%.0f\" y=\"%.1f\" font-size=\"10\" fill=\"#555555\">%s</text>\n", sceneMargin, s.height-12-float64(len(s.footer)-1-i)*footerHeight, xmlText(line))
		}
	}
	fmt.Fprint(out, "</svg>\n")
}

func svgShape(out *bufio.Writer, n sceneNode, grow float64) {
	corners, rounded := n.outline(grow)
	fill := lookOf(n.class).colour
	if rounded {
		fmt.Fprintf(out, "<ellipse cx=\"%.1f\" cy=\"%.1f\" rx=\"%.1f\" ry=\"%.1f\" fill=\"%s\" stroke=\"#444444\"/>",
			n.at.X, n.at.Y, (corners[1].X-corners[0].X)/2, (corners[1].Y-corners[0].Y)/2, fill)
		return
	}
	fmt.Fprintf(out, "<polygon points=\"%s\" fill=\"%s\" stroke=\"#444444\"/>", svgPoints(corners), fill)
}

func svgPoints(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%.1f,%.1f", p.X, p.Y)
	}
	return b.String()
}
