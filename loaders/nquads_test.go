package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kg/graph"
	"kg/loaders"
)

// TestObjects reads one object a row; the rest of the statement is always the same.
func TestObjects(t *testing.T) {
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	tests := []struct {
		name, object string
		want         quad.Value
	}{
		{"an IRI of ours gets short", "<https://example.org/kg/platform/anom>", quad.IRI("kg:platform/anom")},
		{"an IRI of nobody's stays", "<https://example.com/x>", quad.IRI("https://example.com/x")},
		{"an IRI that looks short is marked", "<kg:x>", quad.IRI("iri:kg:x")},
		{"an escape in an IRI is decoded before it gets short", `<https://example.org\u002Fkg/caf\u00E9>`, quad.IRI("kg:café")},
		{"a plain string", `"a"`, quad.String("a")},
		{"an empty string", `""`, quad.String("")},
		{"the ten escapes", `"\t\b\n\r\f\"\'\\\u0041\U0001F600"`, quad.String("\t\b\n\r\f\"'\\A😀")},
		{"a backslash at the end", `"\\"`, quad.String(`\`)},
		{"NUL as an escape", `"\u0000"`, quad.String("\x00")},
		{"a language keeps its case", `"a"@nl-BE`, quad.LangString{Value: "a", Lang: "nl-BE"}},
		{"an xsd:string is a plain string", `"a"^^<` + xsd + `string>`, quad.String("a")},
		{"a canonical integer is a number", `"42"^^<` + xsd + `integer>`, quad.Int(42)},
		{"an integer with zeros keeps its text", `"042"^^<` + xsd + `integer>`, quad.TypedString{Value: "042", Type: "xsd:integer"}},
		{"a huge integer keeps its text", `"99999999999999999999"^^<` + xsd + `integer>`, quad.TypedString{Value: "99999999999999999999", Type: "xsd:integer"}},
		{"a canonical double is a number", `"1.5E0"^^<` + xsd + `double>`, quad.Float(1.5)},
		{"another double keeps its text", `"1.5"^^<` + xsd + `double>`, quad.TypedString{Value: "1.5", Type: "xsd:double"}},
		{"a truth value", `"true"^^<` + xsd + `boolean>`, quad.Bool(true)},
		{"a decimal keeps its text", `"27.640"^^<` + xsd + `decimal>`, quad.TypedString{Value: "27.640", Type: "xsd:decimal"}},
		{"a time zone is kept", `"2021-03-09T01:00:00+01:00"^^<` + xsd + `dateTime>`, quad.TypedString{Value: "2021-03-09T01:00:00+01:00", Type: "xsd:dateTime"}},
		{"an unknown datatype", `"a"^^<https://example.com/t>`, quad.TypedString{Value: "a", Type: "https://example.com/t"}},
		{"a blank node gets the document's key", "_:b.1", quad.BNode("doc_b.1")},
		{"a blank node of another script", "_:café", quad.BNode("doc_café")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			statement := "<https://example.com/s> <https://example.com/p> " + tt.object + " .\n"
			// twice, since the second time the term is remembered
			got, err := loadText("nquads", statement+statement, loaders.Options{Document: "doc"})
			if err != nil {
				t.Fatal(err)
			}
			q := quad.Quad{Subject: quad.IRI("https://example.com/s"), Predicate: quad.IRI("https://example.com/p"), Object: tt.want}
			if diff := cmp.Diff(list{q, q}, got, cmpopts.EquateComparable(quad.Time{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBlankNodesOfTwoInputsDiffer(t *testing.T) {
	t.Chdir(t.TempDir())
	load := func(input string, o loaders.Options) string {
		o.Format, o.Stdin = "nquads", strings.NewReader("_:b1 <https://schema.org/name> \"A\" .")
		if input != "-" {
			writeFile(t, input, "_:b1 <https://schema.org/name> \"A\" .")
		}
		got, err := loadFile(input, o)
		if err != nil {
			t.Fatal(err)
		}
		return got[0].Subject.String()
	}
	a, b := load("a.nq", loaders.Options{}), load("b.nq", loaders.Options{})
	if a == b {
		t.Errorf("_:b1 of a.nq and of b.nq are both %s", a)
	}
	if again := load("a.nq", loaders.Options{}); again != a {
		t.Errorf("_:b1 of a.nq is %s, then %s", a, again)
	}
	if got := load("-", loaders.Options{Document: "7"}); got != "_:7_b1" {
		t.Errorf("_:b1 of the document 7 is %s", got)
	}
}

// TestPositions marks the place of the problem with ‸; the mark is not part of the input.
func TestPositions(t *testing.T) {
	for _, tt := range []struct{ name, input string }{
		{"on the first line", "‸wrong"},
		{"behind blanks", " \t ‸wrong"},
		{"after LF", "\n\n‸wrong\n"},
		{"after CRLF", "\r\n\r\n‸wrong\r\n"},
		{"after CR", "\r\r‸wrong\r"},
		{"after a mixture", "\n\r\n\r\r\n‸wrong"},
		{"behind characters of several bytes", "<https://example.com/é😀> ‸wrong"},
		{"after a byte order mark, which is no column", "\uFEFF‸wrong"},
		{"after statements", one + one + "‸wrong\n" + one},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _, _ := strings.Cut(tt.input, "‸")
			text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(before, "\uFEFF"))
			at := graph.Position{File: "in", Line: strings.Count(text, "\n") + 1}
			at.Column = len([]rune(text[strings.LastIndex(text, "\n")+1:])) + 1
			input := strings.ReplaceAll(tt.input, "‸", "")
			for _, in := range []string{"whole", "byte by byte"} {
				r := strings.NewReader(input)
				_, err := loadReader("nquads", r, loaders.Options{})
				if in == "byte by byte" {
					_, err = loadReader("nquads", iotest.OneByteReader(strings.NewReader(input)), loaders.Options{})
				}
				var p *graph.Problem
				if !errors.As(err, &p) {
					t.Fatalf("%s: found %v", in, err)
				}
				if diff := cmp.Diff(at, p.At); diff != "" {
					t.Errorf("%s (-want +got):\n%s", in, diff)
				}
			}
		})
	}
}

func TestQuadsHaveTheirPlace(t *testing.T) {
	f, err := loaders.ByName("nquads")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	sink := graph.SinkFunc(func(_ quad.Quad, at graph.Position) error {
		got = append(got, at.String())
		return nil
	})
	if err := f.Load(context.Background(), strings.NewReader(one+"\r\n\t "+one+"# c\n"+one), "x", loaders.Options{}, sink); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"x:1:1", "x:3:3", "x:5:1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLongLines holds the reader to its limit, whatever the chunks it is fed with.
func TestLongLines(t *testing.T) {
	long := "<https://example.org/kg/a> <https://schema.org/name> \"" + strings.Repeat("x", 1000) + "\" .\n"
	exact := len(long) - 1
	for _, tt := range []struct {
		name  string
		input string
		limit int
		want  int
		err   string
	}{
		{"a line of exactly the limit", long + one, exact, 2, ""},
		{"a line that is one byte too long", long + one, exact - 1, 1, "in:1:1: want a line of at most 1056 bytes, found a longer one"},
		{"a last line that is too long", one + long[:exact], 100, 1, "in:2:1: want a line of at most 100 bytes, found a longer one"},
		{"a line as long as many buffers", one + strings.Repeat(long[:exact], 200) + "\n" + one, 100, 2, "in:2:1: want a line of at most 100 bytes, found a longer one"},
		{"two lines", long + one + long, 100, 1, "in:1:1: want a line of at most 100 bytes, found a longer one\nin:3:1: want a line of at most 100 bytes, found a longer one"},
		{"lines that end in CR", strings.ReplaceAll(one+long+one, "\n", "\r"), 100, 2, "in:2:1: want a line of at most 100 bytes, found a longer one"},
		{"lines that end in CRLF", strings.ReplaceAll(one+long+one, "\n", "\r\n"), 100, 2, "in:2:1: want a line of at most 100 bytes, found a longer one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := loaders.Options{MaxTerm: tt.limit, KeepGoing: true}
			whole, err := loadText("nquads", tt.input, o)
			if got := text(err); got != tt.err || len(whole) != tt.want {
				t.Errorf("%d quads, %s\nwant %d, %s", len(whole), got, tt.want, tt.err)
			}
			split, err := loadReader("nquads", iotest.HalfReader(strings.NewReader(tt.input)), o)
			if got := text(err); got != tt.err || len(split) != tt.want {
				t.Errorf("in pieces: %d quads, %s\nwant %d, %s", len(split), got, tt.want, tt.err)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestKeepGoing bounds what is reported, and takes the sink's problems like its own.
func TestKeepGoing(t *testing.T) {
	input := strings.Repeat("wrong\n"+one, 5)
	refuse := graph.SinkFunc(func(_ quad.Quad, at graph.Position) error {
		return fmt.Errorf("checking: %w", &graph.Problem{At: at, Want: "something else"})
	})
	f, err := loaders.ByName("nquads")
	if err != nil {
		t.Fatal(err)
	}
	load := func(o loaders.Options, sink graph.Sink) error {
		return f.Load(context.Background(), strings.NewReader(input), "x", o, sink)
	}
	err = load(loaders.Options{KeepGoing: true, MaxProblems: 3}, refuse)
	want := `x:1:1: want a subject: an IRI in < > or a blank node like _:b1, found "wrong"
x:2:1: want something else
x:3:1: want a subject: an IRI in < > or a blank node like _:b1, found "wrong"
x: 7 more problems; the first 3 are shown`
	if diff := cmp.Diff(want, text(err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := load(loaders.Options{}, refuse); text(err) != `x:1:1: want a subject: an IRI in < > or a blank node like _:b1, found "wrong"` {
		t.Errorf("stopping at once: %v", err)
	}
	full := errors.New("no space left on device")
	count := 0
	err = load(loaders.Options{KeepGoing: true}, graph.SinkFunc(func(quad.Quad, graph.Position) error { count++; return full }))
	if !errors.Is(err, full) || count != 1 {
		t.Errorf("a broken sink is asked %d times: %v", count, err)
	}
}

func TestByName(t *testing.T) {
	for _, f := range loaders.Formats() {
		for _, name := range append([]string{f.Name, f.MediaType, strings.ToUpper(f.Name), " " + f.Name}, f.Extensions...) {
			got, err := loaders.ByName(name)
			if err != nil || got.Name != f.Name {
				t.Errorf("ByName(%q) is %q, %v; want %s", name, got.Name, err, f.Name)
			}
		}
	}
	if _, err := loaders.ByName(""); !errors.Is(err, loaders.ErrFormat) {
		t.Errorf("the empty name: %v", err)
	}
}

// TestAllocations keeps the price of a quad low: repeated terms are free, new ones cost two
// allocations each (three if they get short).
func TestAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector's own allocations count too")
	}
	f, err := loaders.ByName("nquads")
	if err != nil {
		t.Fatal(err)
	}
	sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { return nil })
	perQuad := func(input string) float64 {
		quads := strings.Count(input, "\n")
		empty := testing.AllocsPerRun(5, func() { _ = f.Load(context.Background(), strings.NewReader(""), "x", loaders.Options{}, sink) })
		all := testing.AllocsPerRun(5, func() {
			if err := f.Load(context.Background(), strings.NewReader(input), "x", loaders.Options{}, sink); err != nil {
				t.Fatal(err)
			}
		})
		return (all - empty) / float64(quads)
	}
	if n := perQuad(strings.Repeat(one, 1000)); n > 0.5 {
		t.Errorf("a repeated quad costs %.2f allocations", n)
	}
	if n := perQuad(distinct(1000)); n > 5.5 {
		t.Errorf("a quad of a new subject and a new object costs %.2f allocations", n)
	}
}
