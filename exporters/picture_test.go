package exporters_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/exporters"
	"kg/graph"
)

// ring is a ring of n nodes with a tail of one.
func ring(n int) [][2]int {
	edges := [][2]int{{0, n}}
	for i := range n {
		edges = append(edges, [2]int{i, (i + 1) % n})
	}
	return edges
}

func TestLayoutIsTheSameEachTime(t *testing.T) {
	edges := append(ring(40), [2]int{45, 46}, [2]int{45, 45}, [2]int{46, 45})
	first := exporters.Layout(50, edges)
	if diff := cmp.Diff(first, exporters.Layout(50, edges)); diff != "" {
		t.Error(diff)
	}
	for i, p := range first {
		if math.IsNaN(p.X) || math.IsInf(p.X, 0) || math.IsNaN(p.Y) || math.IsInf(p.Y, 0) || p.X < 0 || p.Y < 0 {
			t.Errorf("node %d is at %v", i, p)
		}
		for j, q := range first[:i] {
			if math.Hypot(p.X-q.X, p.Y-q.Y) < 20 {
				t.Errorf("nodes %d and %d cover each other at %v and %v", i, j, p, q)
			}
		}
	}
}

func TestLayoutKeepsNeighboursTogether(t *testing.T) {
	edges := ring(30)
	at := exporters.Layout(31, edges)
	distance := func(a, b int) float64 { return math.Hypot(at[a].X-at[b].X, at[a].Y-at[b].Y) }
	near, all, pairs := 0.0, 0.0, 0.0
	for _, e := range edges {
		near += distance(e[0], e[1]) / float64(len(edges))
	}
	for i := range at {
		for j := range i {
			all += distance(i, j)
			pairs++
		}
	}
	if all /= pairs; near > all/2 {
		t.Errorf("an edge is %.0f long, two nodes are %.0f apart: nothing was drawn together", near, all)
	}
}

func TestLayoutOfLittle(t *testing.T) {
	for _, test := range []struct {
		name  string
		n     int
		edges [][2]int
	}{
		{"nothing", 0, nil},
		{"one node", 1, nil},
		{"one node tied to itself", 1, [][2]int{{0, 0}}},
		{"two nodes apart", 2, nil},
		{"two nodes with an edge either way", 2, [][2]int{{0, 1}, {1, 0}}},
	} {
		if got := len(exporters.Layout(test.n, test.edges)); got != test.n {
			t.Errorf("%s: %d places", test.name, got)
		}
	}
}

// strange is a subgraph whose names try to break out of the formats.
func strange(t *testing.T) exporters.Document {
	t.Helper()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	const anom, police, place, seizure = quad.IRI("kg:platform/anom"), quad.IRI("kg:agency/police"), quad.IRI("kg:location/fiji"), quad.IRI("kg:seizure/s")
	claim := func(i int) quad.IRI { return quad.IRI(fmt.Sprintf("kg:claim/T-%d", i)) }
	fact := func(i int, s quad.IRI, p quad.IRI, o quad.Value) []quad.Quad {
		return []quad.Quad{
			{Subject: s, Predicate: p, Object: o, Label: claim(i)},
			{Subject: claim(i), Predicate: graph.ReadIn, Object: quad.IRI("kg:source/paper"), Label: graph.Provenance},
			{Subject: claim(i), Predicate: graph.SaidBy, Object: police, Label: graph.Provenance},
		}
	}
	named := func(s quad.IRI, name string) quad.Quad {
		return quad.Quad{Subject: s, Predicate: graph.Name, Object: quad.String(name), Label: graph.Gazetteer}
	}
	quads := slices.Concat(
		[]quad.Quad{
			named(anom, `ANOM <b>"bold"</b> & </script><script>alert(1)</script> ]]> --`),
			named(police, "Police"), named(place, "فيجي"), named(seizure, "Seizure\nof two lines"),
			named("kg:source/paper", "A paper"),
			{Subject: quad.IRI("kg:source/paper"), Predicate: quad.IRI("schema:url"), Object: quad.IRI("javascript:alert(1)"), Label: graph.Gazetteer},
			{Subject: place, Predicate: quad.IRI("geo:lat"), Object: quad.TypedString{Value: "-17.7", Type: "xsd:decimal"}, Label: graph.Gazetteer},
			{Subject: place, Predicate: quad.IRI("geo:long"), Object: quad.TypedString{Value: "178.0", Type: "xsd:decimal"}, Label: graph.Gazetteer},
		},
		fact(1, police, "kg:infiltrated", anom),
		fact(2, seizure, "kg:place", place),
		fact(3, seizure, "kg:fromPlatform", anom),
		fact(4, seizure, "kg:massGrams", quad.Int(27640000)),
		fact(5, seizure, "kg:massGrams", quad.Int(28000000)),
		fact(6, "kg:event/raid", "schema:startDate", quad.TypedString{Value: "2021", Type: "xsd:gYear"}),
		fact(7, "kg:event/raid", "kg:targeted", anom),
	)
	return exporters.Document{
		Quads: sequence(nil, quads...), Namespaces: graph.DefaultNamespaces(), Schema: schema,
		About: exporters.About{Title: "Strange <things>", Licence: "CC BY 4.0", Terms: "https://creativecommons.org/licenses/by/4.0/", Command: "kg export --depth 2"},
	}
}

func exported(t *testing.T, format string, d exporters.Document) []byte {
	t.Helper()
	f, err := exporters.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSVGIsWellFormedAndHarmless(t *testing.T) {
	picture := exported(t, "svg", strange(t))
	d := xml.NewDecoder(bytes.NewReader(picture))
	var texts []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "script" || token.Name.Local == "b" {
				t.Errorf("a name became the element %s", token.Name.Local)
			}
		case xml.CharData:
			texts = append(texts, string(token))
		}
	}
	for _, want := range []string{"Strange <things>", "فيجي", "infiltrated", "T-1"} {
		if !strings.Contains(strings.Join(texts, "\n"), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
}

func TestPNGShowsTheSamePicture(t *testing.T) {
	picture := exported(t, "png", strange(t))
	image, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for y := 0; y < image.Bounds().Dy(); y += 3 {
		for x := 0; x < image.Bounds().Dx(); x += 3 {
			r, g, b, _ := image.At(x, y).RGBA()
			colours[[3]uint32{r >> 8, g >> 8, b >> 8}] = true
		}
	}
	for class, want := range map[string][3]uint32{"platform": {0xf4, 0xc7, 0xc3}, "agency": {0xc6, 0xdb, 0xef}, "paper": {0xff, 0xff, 0xff}} {
		if !colours[want] {
			t.Errorf("the colour of %s is not in the picture", class)
		}
	}
	if !bytes.Equal(picture, exported(t, "png", strange(t))) {
		t.Error("a second picture differs")
	}
}

var (
	ids   = regexp.MustCompile(`\sid="([^"]*)"`)
	links = regexp.MustCompile(`\shref="([^"]*)"`)
	loads = regexp.MustCompile(`(?i)<(img|iframe|link|script[^>]*\ssrc|object|embed|audio|video)\b|url\(|@import`)
)

func TestStoryStandsAlone(t *testing.T) {
	page := string(exported(t, "story", strange(t)))
	found := map[string]int{}
	for _, m := range ids.FindAllStringSubmatch(page, -1) {
		if found[m[1]]++; found[m[1]] > 1 {
			t.Errorf("two elements have the id %s", m[1])
		}
	}
	for _, m := range links.FindAllStringSubmatch(page, -1) {
		switch target, inside := strings.CutPrefix(m[1], "#"); {
		case inside && found[target] == 0:
			t.Errorf("the link %s leads nowhere", m[1])
		case !inside && !strings.HasPrefix(m[1], "https://"):
			t.Errorf("a link to %s", m[1])
		}
	}
	if m := loads.FindString(page); m != "" {
		t.Errorf("the page loads something: %s", m)
	}
	if strings.Contains(page, "<b>") || strings.Contains(page, "alert(1)</script>") {
		t.Error("a name was read as HTML")
	}
	if n := strings.Count(page, "<script>"); n != 1 {
		t.Errorf("%d scripts", n)
	}
}

func TestStoryCitesEveryClaim(t *testing.T) {
	page := string(exported(t, "story", strange(t)))
	for i := range 7 {
		id := fmt.Sprintf("T-%d", i+1)
		row := regexp.MustCompile(`<tr>.*<code>` + id + `</code></td><td><a href="#s1">\[1\]</a></td></tr>`).FindString(page)
		if row == "" {
			t.Errorf("%s has no citation", id)
		}
	}
	for _, want := range []string{"27.64 t", "28 t", "preferred", "backs 7 of the claims here", "<svg", "2021"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// With the schema at hand predicates have terms, and all else full IRIs.
func TestJSONLDNamesThePredicatesOfTheSchema(t *testing.T) {
	text := string(exported(t, "jsonld", strange(t)))
	for _, want := range []string{
		`"massGrams":{"@id":"https://example.org/kg/massGrams"}`, `"massGrams":[{"@value":"27640000"`, `{"@id":"https://example.org/kg/platform/anom"}`, `"startDate":[`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the document", want)
		}
	}
	if strings.Contains(text, `"https://example.org/kg/massGrams":[`) {
		t.Error("a predicate with a term stands under its IRI")
	}
}
