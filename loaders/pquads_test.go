package loaders_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	cayleyjson "github.com/cayleygraph/quad/json"
	"github.com/cayleygraph/quad/pquads"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

// sample has a value of every kind that Cayley knows.
func sample() []quad.Quad {
	s, p := quad.IRI("x:s"), quad.IRI("x:p")
	at := time.Date(2020, 7, 2, 10, 0, 0, 0, time.UTC)
	return []quad.Quad{
		{Subject: s, Predicate: p, Object: quad.IRI("x:o")},
		{Subject: s, Predicate: p, Object: quad.IRI("x:o"), Label: quad.IRI("x:g")},
		{Subject: s, Predicate: quad.IRI("x:q"), Object: quad.BNode("b1")},
		{Subject: quad.BNode("b1"), Predicate: p, Object: quad.String("text with \"quotes\", \\ and\nlines"), Label: quad.BNode("g")},
		{Subject: s, Predicate: p, Object: quad.LangString{Value: "tekst \"1\"", Lang: "nl-BE"}},
		{Subject: s, Predicate: p, Object: quad.TypedString{Value: "042", Type: "xsd:integer"}},
		{Subject: s, Predicate: p, Object: quad.TypedString{Value: "27.640", Type: "http://www.w3.org/2001/XMLSchema#decimal"}},
		{Subject: s, Predicate: p, Object: quad.Int(-7)},
		{Subject: s, Predicate: p, Object: quad.Float(1.5)},
		{Subject: s, Predicate: p, Object: quad.Bool(true)},
		{Subject: s, Predicate: p, Object: quad.Bool(false)},
		{Subject: s, Predicate: p, Object: quad.Time(at)},
	}
}

// wanted is what the sample is for us: blank nodes renamed, datatypes short.
func wanted() []quad.Quad {
	quads := rename(sample())
	for i, q := range quads {
		for _, d := range quad.Directions {
			if b, ok := q.Get(d).(quad.BNode); ok {
				quads[i].Set(d, "d_"+b)
			}
		}
		if t, ok := q.Object.(quad.TypedString); ok {
			quads[i].Object = quad.TypedString{Value: t.Value, Type: quad.IRI(graph.DefaultNamespaces().Normal(string(t.Type)))}
		}
	}
	return quads
}

// TestCayleyRoundTrips reads what Cayley's own writers write. Every value arrives as it was.
func TestCayleyRoundTrips(t *testing.T) {
	for _, tt := range []struct {
		name, format string
		writer       func(*bytes.Buffer) quad.WriteCloser
	}{
		{"protobuf", "pquads", func(b *bytes.Buffer) quad.WriteCloser { return pquads.NewWriter(b, nil) }},
		{"protobuf with every term", "pquads", func(b *bytes.Buffer) quad.WriteCloser { return pquads.NewWriter(b, &pquads.Options{Full: true}) }},
		{"protobuf of RDF only", "pquads", func(b *bytes.Buffer) quad.WriteCloser { return pquads.NewWriter(b, &pquads.Options{Strict: true}) }},
		{"a JSON array", "cayley-json", func(b *bytes.Buffer) quad.WriteCloser { return cayleyjson.NewWriter(b) }},
		{"a stream of JSON", "cayley-json", func(b *bytes.Buffer) quad.WriteCloser { return cayleyjson.NewStreamWriter(b) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var file bytes.Buffer
			w := tt.writer(&file)
			if _, err := w.WriteQuads(sample()); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := loadReader(tt.format, &file, loaders.Options{Document: "d"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fmt.Sprintf("%#v", wanted()), fmt.Sprintf("%#v", []quad.Quad(got))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(printQuads(wanted()), printQuads(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPQuadsGoldenInputs keeps the inputs of the golden tests what they are called. With -update it
// writes them.
func TestPQuadsGoldenInputs(t *testing.T) {
	var whole bytes.Buffer
	w := pquads.NewWriter(&whole, nil)
	for _, q := range sample() {
		if err := w.WriteQuad(q); err != nil {
			t.Fatal(err)
		}
	}
	all := whole.String()
	head := all[:8] + "\x02\x10\x01" // not strict
	message := func(fields ...string) string {
		body := strings.Join(fields, "")
		return string(binary.AppendUvarint(nil, uint64(len(body)))) + body
	}
	field := func(number int, body string) string {
		return string(binary.AppendUvarint(nil, uint64(number<<3|2))) + message(body)
	}
	s, p, o := field(1, field(3, "x:s")), field(2, field(3, "x:p")), field(3, field(3, "x:o"))
	for name, content := range map[string]string{
		"every-kind-of-value":   all,
		"empty-file":            "",
		"no-quads":              head,
		"another-file":          "<x:s> <x:p> <x:o> .\n",
		"another-version":       all[:4] + "\x02\x00\x00\x00" + all[8:],
		"cut-off-head":          all[:9],
		"cut-off-quad":          all[:len(all)-3],
		"cut-off-length":        head + message(s, p, o) + "\x80",
		"too-long":              head + message(s, p, o) + "\xFF\xFF\xFF\xFF\x0F" + s,
		"endless-length":        head + strings.Repeat("\xFF", 20),
		"bad-wire-type":         head + message(s, p, o) + message("\x0F"),
		"field-too-long":        head + message(s, p, "\x1A\x20"),
		"field-zero":            head + message("\x02\x00"),
		"empty-value":           head + message(s, p, field(3, "")),
		"no-subject":            head + message(p, o),
		"relative-iri":          head + message(field(1, field(3, "alice")), p, o) + message(o),
		"space-in-iri":          head + message(s, field(2, field(3, "x:a b")), o),
		"text-as-subject":       head + message(field(1, field(2, "alice")), p, o),
		"raw-values":            head + message(field(1, field(1, "<x:s>")), field(2, field(1, "<x:p>")), field(3, field(1, "bob"))),
		"not-utf8":              head + message(s, p, field(3, field(2, "caf\xE9"))),
		"bad-language":          head + message(s, p, field(3, field(6, field(1, "x")+field(2, "no language")))),
		"bad-blank-node":        head + message(field(1, field(4, "a b")), p, o),
		"far-away-time":         head + message(s, p, field(3, field(10, "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"))),
		"fields-of-the-future":  head + message(s, p, o, field(9, "later"), "\x50\x01", "\x59\x00\x00\x00\x00\x00\x00\x00\x00", "\x65\x00\x00\x00\x00"),
		"nul":                   head + message(s, p, field(3, field(2, "a\x00b"))),
		"good-after-a-bad-term": head + message(s, p, field(3, field(6, field(1, "x")+field(2, "?")))) + message(o),
	} {
		path := filepath.Join("testdata", "pquads", name+".in")
		if *update {
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != content {
			t.Errorf("%s is not what its name says", path)
		}
	}
}

// TestJSONIsWhatTheLibraryTakes compares with the standard library: it refuses the same texts, but
// for those that lose something: members twice, bytes that are no UTF-8, halves of characters.
func TestJSONIsWhatTheLibraryTakes(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, ` { "a" : [ 1 , 2 ] } `, `""`, `0`, `-0`, `-1.5e+10`, `1E5`, `true`, `null`, `"\u00e9\n"`, `"` + "\u007f" + `"`,
		``, ` `, `{`, `[1,]`, `{"a":}`, `{"a" 1}`, `{a:1}`, `[1 2]`, `01`, `1.`, `.5`, `-`, `1e`, `+1`, `nul`, `truefalse`, `"a`, `"\x"`, `"\u12"`,
		"\"a\tb\"", "\"a\nb\"", `{} {}`, `[}`, `{]`, `'a'`, `//`, "\uFEFF{}", `{"a":1,}`, `NaN`,
	} {
		line := `{"id":"a","schema":"Thing","x":` + strings.ReplaceAll(text, "\n", " ") + `}`
		err := json.Unmarshal([]byte(line), new(any))
		_, own := loadText("ftm", line, loaders.Options{})
		if own != nil && strings.Contains(own.Error(), "jq -c") {
			own = nil // it is JSON, and nothing that an entity has
		}
		if own != nil && strings.Contains(own.Error(), "found an empty name") {
			own = nil
		}
		if (err == nil) != (own == nil) {
			t.Errorf("%s: the library says %v, we say %v", line, err, own)
		}
	}
}
