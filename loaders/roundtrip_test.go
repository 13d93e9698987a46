package loaders_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
	"kg/loaders"
)

// A twoWay is a format that is both written and read.
type twoWay struct {
	exporters.Format
	read string
}

func twoWays() []twoWay {
	var both []twoWay
	for _, f := range exporters.Formats() {
		if f.View {
			continue // cannot be read back
		}
		if f.Name == "nquads-stream" {
			both = append(both, twoWay{f, "nquads"})
		} else if r, err := loaders.ByName(f.Name); err == nil && r.Name == f.Name {
			both = append(both, twoWay{f, r.Name})
		}
	}
	return both
}

// through writes quads in a format and reads them again.
func (f twoWay) through(quads []quad.Quad) ([]quad.Quad, string, error) {
	text, err := f.write(quads)
	if err != nil {
		return nil, "", err
	}
	got, err := readBack(f.read, text)
	return got, text, err
}

func (f twoWay) write(quads []quad.Quad) (string, error) {
	var text bytes.Buffer
	err := f.Write(&text, exporters.Document{Quads: func(yield func(quad.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}, Namespaces: graph.DefaultNamespaces()})
	return text.String(), err
}

// readBack keeps the quads that a reader hands over, whatever it says of their places.
func readBack(format, text string) ([]quad.Quad, error) {
	f, err := loaders.ByName(format)
	if err != nil {
		return nil, err
	}
	var got []quad.Quad
	sink := graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
		got = append(got, q)
		return nil
	})
	return got, f.Load(context.Background(), strings.NewReader(text), "in", loaders.Options{Document: "d"}, sink)
}

// held is what of the quads a format can hold.
func (f twoWay) held(quads []quad.Quad) []quad.Quad {
	if f.Graphs {
		return quads
	}
	plain := make([]quad.Quad, len(quads))
	for i, q := range quads {
		q.Label = nil
		plain[i] = q
	}
	return plain
}

// randomQuads makes quads of all kinds of terms, in the form that readers give them. A few terms
// come again and again, so that writers have something to abbreviate.
func randomQuads(r *rand.Rand, n int) []quad.Quad {
	iris := []string{
		"https://example.org/kg/agency/nca", "https://example.org/kg/name", "https://example.org/kg/a.b", "https://example.org/kg/a.",
		"https://example.org/kg/", "https://example.org/kg", "https://example.org/kg/-a", "https://example.org/kg/a:b", "https://example.org/kg/%20é",
		"https://schema.org/name", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
		"http://www.w3.org/1999/02/22-rdf-syntax-ns#rest", "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "http://www.w3.org/2001/XMLSchema#integer",
		"urn:x:y", "mailto:a@example.org", "http://example.org/?a=b&c='d'#(e),;f!*", "http://例え.テスト/é", "http://x", "x:", "x:🚓",
	}
	texts := []string{
		"", "a", "London", "a\"b", `\`, `\n`, "\n", "\r\n", "\t\b\f", "\x00\x01\x1f\x7f", "é", "e\u0301", "\u0085\u2028\ufeff\ufffd\uffff", "🚓\U0010ffff",
		"'''", `"""`, "<x>", "<http://x/>", "_:b1", `"x"^^<http://x/>`, `"x"@en`, `"`, "@en", "true", "1", " 1 ", "]}>", "%20", "\\u0041", "{}", "null",
	}
	lexical := []string{"0", "7", "-7", "042", "+7", "-0", "9223372036854775808", "1.5", "1.50", ".5", "5.", "1e3", "1.0E3", "1.0E+3", "INF", "NaN", "-0.0E0", "true", "1", "2020", "2020-07", "2020-07-02", "2021-03-09T06:00:00Z", "2021-03-09T06:00:00.5Z", "2021-03-09T06:00:00+01:00", "2021-03-09T06:00:00", "", "soon"}
	types := []string{"integer", "decimal", "double", "float", "boolean", "date", "dateTime", "gYear", "string", "anyURI", "long"}
	langs := []string{"en", "nl-BE", "zh-Hant-TW", "en-GB-x-old", "EN"}
	ns := graph.DefaultNamespaces()
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	iri := func() quad.Value { return quad.IRI(ns.Shorten(pick(iris))) }
	node := func() quad.Value {
		if r.IntN(4) == 0 {
			return quad.BNode("b" + fmt.Sprint(r.IntN(3)))
		}
		return iri()
	}
	literal := func() quad.Value {
		switch r.IntN(4) {
		case 0:
			return quad.String(pick(texts))
		case 1:
			return quad.LangString{Value: quad.String(pick(texts)), Lang: pick(langs)}
		case 2:
			return graph.Native(quad.TypedString{Value: quad.String(pick(texts)), Type: quad.IRI(ns.Shorten(pick(iris)))})
		default:
			return graph.Native(quad.TypedString{Value: quad.String(pick(lexical)), Type: quad.IRI("xsd:" + pick(types))})
		}
	}
	var quads []quad.Quad
	for range n {
		q := quad.Quad{Subject: node(), Predicate: iri(), Object: node()}
		if r.IntN(3) > 0 {
			q.Object = literal()
		}
		if r.IntN(3) > 0 {
			q.Label = node()
		}
		if len(quads) > 0 { // what repeats is what is abbreviated
			last := quads[len(quads)-1]
			for _, d := range []quad.Direction{quad.Subject, quad.Predicate, quad.Label} {
				if r.IntN(2) == 0 {
					q.Set(d, last.Get(d))
				}
			}
		}
		quads = append(quads, q)
	}
	return quads
}

// What is written in a format, read, written in another and read again is what it was.
func TestRoundTrips(t *testing.T) {
	formats := twoWays()
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	if want := "nquads nquads-stream ntriples turtle trig jsonld jsonl cayley-json pquads"; strings.Join(names, " ") != want {
		t.Fatalf("written and read are %v, want %s", names, want)
	}
	r := rand.New(rand.NewPCG(6, 7))
	for range 40 {
		quads := randomQuads(r, 25)
		for _, first := range formats {
			once, text, err := first.through(quads)
			if err != nil {
				t.Fatalf("%s: %v\n%s", first.Name, err, text)
			}
			if want := first.held(quads); !isomorphic(want, once) {
				t.Fatalf("%s: want\n%s\ngot\n%s\nfrom\n%s", first.Name, printQuads(want), printQuads(once), text)
			}
			second := formats[r.IntN(len(formats))]
			twice, text, err := second.through(once)
			if err != nil {
				t.Fatalf("%s, then %s: %v\n%s", first.Name, second.Name, err, text)
			}
			if want := second.held(once); !isomorphic(want, twice) {
				t.Fatalf("%s, then %s: want\n%s\ngot\n%s\nfrom\n%s", first.Name, second.Name, printQuads(want), printQuads(twice), text)
			}
		}
	}
}

// An IRI whose scheme is one of our prefixes is somebody else's name, and stays it. Cayley's formats
// cannot tell it from a short name; all others can.
func TestNamesThatLookLikeOursComeBack(t *testing.T) {
	quads, err := readBack("nquads", "<kg:a> <schema:name> \"x\"^^<xsd:integer> <iri:kg:a> .\n<kg:a> <iri:x> <rdf:type> .\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range twoWays() {
		if f.Name == "cayley-json" || f.Name == "pquads" {
			continue
		}
		got, text, err := f.through(quads)
		if err != nil || !isomorphic(f.held(quads), got) {
			t.Errorf("%s: %v\n%s", f.Name, err, text)
		}
	}
}

// Any text survives every format, as a literal of each kind.
func FuzzRoundTrips(f *testing.F) {
	for _, s := range []string{"", "a", "\x00", "\"\\\n\r\t", "<a>", "_:a", `"x"^^<t:t>`, `"x"@en`, "\ufeff\ufffd\uffff\u2028", "🚓", "042", "true", "{}", "&lt;"} {
		f.Add(s)
	}
	formats := twoWays()
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // writers refuse it
		}
		subject, text := quad.IRI("kg:a"), quad.String(s)
		quads := []quad.Quad{
			{Subject: subject, Predicate: quad.IRI("kg:p"), Object: text},
			{Subject: subject, Predicate: quad.IRI("kg:q"), Object: quad.LangString{Value: text, Lang: "nl-BE"}},
			{Subject: quad.BNode("d_b"), Predicate: quad.IRI("kg:q"), Object: graph.Native(quad.TypedString{Value: text, Type: "xsd:integer"}), Label: subject},
			{Subject: subject, Predicate: quad.IRI("kg:q"), Object: graph.Native(quad.TypedString{Value: text, Type: "xsd:double"}), Label: subject},
			{Subject: subject, Predicate: quad.IRI("kg:q"), Object: graph.Native(quad.TypedString{Value: text, Type: "xsd:dateTime"}), Label: subject},
			{Subject: subject, Predicate: quad.IRI("kg:q"), Object: quad.TypedString{Value: text, Type: "http://x/t"}, Label: subject},
		}
		for _, format := range formats {
			got, document, err := format.through(quads)
			if err != nil || !isomorphic(format.held(quads), got) {
				t.Errorf("%s: %v\n%s", format.Name, err, document)
			}
		}
	})
}

// The graphs of the W3C suites survive every format.
func TestW3CRoundTrips(t *testing.T) {
	formats := twoWays()
	for _, suite := range []struct {
		dir, format string
		count       int
	}{
		{"rdf-turtle", "turtle", 313},
		{"rdf-trig", "trig", 356},
		{"rdf-n-quads", "nquads", 87},
		{"rdf-n-triples", "ntriples", 70},
	} {
		dir, cases := w3cSuite(t, suite.dir, suite.count)
		tried := 0
		for _, c := range cases {
			if strings.Contains(c.kind, "Negative") {
				continue
			}
			quads, err := loadFile(filepath.Join(dir, c.action), loaders.Options{
				Format: suite.format, Base: "https://w3c.github.io/rdf-tests/rdf/rdf11/" + suite.dir + "/" + c.action, Document: "d",
			})
			if err != nil {
				t.Fatal(c.name, err)
			}
			tried++
			for _, f := range formats {
				got, text, err := f.through(quads)
				if err != nil {
					t.Errorf("%s: %s: %v\n%s", c.name, f.Name, err, text)
				} else if !isomorphic(f.held(quads), got) {
					t.Errorf("%s: %s: want\n%s\ngot\n%s\nfrom\n%s", c.name, f.Name, printQuads(f.held(quads)), printQuads(got), text)
				}
			}
		}
		if tried < suite.count/3 {
			t.Errorf("%s: only %d of %d cases can be converted", suite.dir, tried, suite.count)
		}
	}
}
