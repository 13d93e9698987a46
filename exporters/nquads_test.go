package exporters_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
)

func TestCanonicalNQuads(t *testing.T) {
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	tests := []struct {
		name   string
		object quad.Value
		want   string
	}{
		{"an IRI of ours", quad.IRI("kg:location/uk"), "<https://example.org/kg/location/uk>"},
		{"an IRI of somebody else's", quad.IRI("http://x.org/é?a=b#c"), "<http://x.org/é?a=b#c>"},
		{"an IRI that looks short", quad.IRI("iri:kg:x"), "<kg:x>"},
		{"a blank node", quad.BNode("b1"), "_:b1"},
		{"a blank node with dots and accents", quad.BNode("é.1-·2"), "_:é.1-·2"},
		{"text", quad.String("London"), `"London"`},
		{"empty text", quad.String(""), `""`},
		{"text in a language, as it is written", quad.LangString{Value: "Londen", Lang: "nl-BE"}, `"Londen"@nl-BE`},
		{"a date", quad.TypedString{Value: "2020-07", Type: "xsd:gYearMonth"}, `"2020-07"^^<` + xsd + `gYearMonth>`},
		{"a datatype of somebody else's", quad.TypedString{Value: "x", Type: "http://x/t"}, `"x"^^<http://x/t>`},
		{"a string of type string", quad.TypedString{Value: "x", Type: "xsd:string"}, `"x"`},

		{"a number", quad.Int(-27640000), `"-27640000"^^<` + xsd + `integer>`},
		{"a number that is not canonical", quad.TypedString{Value: "042", Type: "xsd:integer"}, `"042"^^<` + xsd + `integer>`},
		{"a double", quad.Float(1), `"1.0E0"^^<` + xsd + `double>`},
		{"an infinite double", quad.Float(math.Inf(-1)), `"-INF"^^<` + xsd + `double>`},
		{"truth", quad.Bool(true), `"true"^^<` + xsd + `boolean>`},
		{"a time of another zone", quad.Time(time.Date(2021, 3, 9, 6, 0, 0, 0, time.FixedZone("", 3600))), `"2021-03-09T05:00:00Z"^^<` + xsd + `dateTime>`},

		{"quotes and backslashes", quad.String(`a "b" \c`), `"a \"b\" \\c"`},
		{"apostrophes and slashes", quad.String(`'/'`), `"'/'"`},
		{"named control characters", quad.String("\b\t\n\f\r"), `"\b\t\n\f\r"`},
		{"other control characters", quad.String("\x00\x01\x07\x0b\x0e\x1f"), `"\u0000\u0001\u0007\u000B\u000E\u001F"`},
		{"delete", quad.String("\x7f"), `"\u007F"`},
		{"the controls above delete stay", quad.String("\u0080\u0085\u009f"), "\"\u0080\u0085\u009f\""},
		{"line separators of Unicode stay", quad.String("\u2028\u2029"), "\"\u2028\u2029\""},
		{"the ends of the plane that are no characters", quad.String("\ufffd\ufffe\uffff"), "\"\ufffd\\uFFFE\\uFFFF\""},
		{"the private use area", quad.String("\ue000"), "\"\ue000\""},
		{"the supplementary planes", quad.String("🚓\U00010000\U0010ffff"), "\"🚓\U00010000\U0010ffff\""},
		{"a byte order mark", quad.String("\ufeff"), "\"\ufeff\""},
		{"accents are not composed", quad.String("e\u0301"), "\"e\u0301\""},
		{"text in a language is escaped alike", quad.LangString{Value: "\n", Lang: "en"}, `"\n"@en`},
		{"and typed text", quad.TypedString{Value: "\"", Type: "xsd:date"}, `"\""^^<` + xsd + `date>`},

		{"a space in an IRI", quad.IRI("http://x/a b"), `<http://x/a\u0020b>`},
		{"brackets and quotes in an IRI", quad.IRI("http://x/<a>\"{}|^`\\"), `<http://x/\u003Ca\u003E\u0022\u007B\u007D\u007C\u005E\u0060\u005C>`},
		{"a line break in an IRI", quad.IRI("http://x/\n\x00"), `<http://x/\u000A\u0000>`},
		{"a bracket in a datatype", quad.TypedString{Value: "x", Type: "http://x/>"}, `"x"^^<http://x/\u003E>`},
		{"an IRI beyond the plane", quad.IRI("http://x/🚓"), `<http://x/🚓>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := write(t, "nquads", about(tt.object))
			if err != nil {
				t.Fatal(err)
			}
			want := "<https://example.org/kg/agency/nca> <https://example.org/kg/seat> " + tt.want + " .\n"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNQuadsGraphNames(t *testing.T) {
	q := about(quad.Int(1))
	q.Label = quad.IRI("kg:claim/A-1")
	named, err := write(t, "nquads", q)
	if want := `"1"^^<http://www.w3.org/2001/XMLSchema#integer> <https://example.org/kg/claim/A-1> .`; err != nil || !strings.HasSuffix(named, want+"\n") {
		t.Errorf("%s, %v, want it to end in %s", named, err, want)
	}
	q.Label = quad.BNode("g")
	if blank, err := write(t, "nquads", q); err != nil || !strings.HasSuffix(blank, "> _:g .\n") {
		t.Errorf("%s, %v", blank, err)
	}
}

func TestNQuadsAreSortedAndDifferent(t *testing.T) {
	var quads []quad.Quad
	for i := range 50 {
		q := about(quad.Int(i % 20))
		if i%2 == 0 {
			q.Label = quad.IRI(fmt.Sprintf("kg:claim/%d", i%6))
		}
		quads = append(quads, q, about(quad.TypedString{Value: "7", Type: "xsd:integer"}))
	}
	want, err := write(t, "nquads", quads...)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(want)
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("not sorted, or a line stands twice:\n%s", want)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		r.Shuffle(len(quads), func(i, j int) { quads[i], quads[j] = quads[j], quads[i] })
		if again, _ := write(t, "nquads", quads...); again != want {
			t.Fatal("another order of the quads gives another document")
		}
	}
}

// unescape reads what stands between quotes or brackets.
func unescape(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		if j := strings.IndexByte("btnfr\"\\", s[i+1]); j >= 0 {
			b.WriteByte("\b\t\n\f\r\"\\"[j])
			i += 2
			continue
		}
		r, err := strconv.ParseUint(s[i+2:i+6], 16, 32)
		if s[i+1] != 'u' || err != nil {
			t.Fatalf("escape %q", s[i:])
		}
		b.WriteRune(rune(r))
		i += 6
	}
	return b.String()
}

func FuzzNQuads(f *testing.F) {
	for _, s := range []string{"", "London", "\x00\x1f\x7f", "\"\\\n", "🚓\ufffe", "\\u0041", "a\xff", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := write(t, "nquads", about(quad.String(text)))
		if (err == nil) != utf8.ValidString(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		if strings.Count(got, "\n") != 1 || strings.ContainsFunc(got[:len(got)-1], func(r rune) bool { return r < ' ' || r == 0x7F }) {
			t.Fatalf("%q is not one line of print", got)
		}
		written := strings.TrimSuffix(strings.TrimPrefix(got, `<https://example.org/kg/agency/nca> <https://example.org/kg/seat> "`), "\" .\n")
		if back := unescape(t, written); back != text {
			t.Errorf("%q was written as %q, which reads %q", text, written, back)
		}
		iri, err := write(t, "nquads", about(quad.IRI("http://x/"+text)))
		if err != nil {
			t.Fatal(err)
		}
		iri = strings.TrimSuffix(strings.TrimPrefix(iri, `<https://example.org/kg/agency/nca> <https://example.org/kg/seat> <http://x/`), "> .\n")
		if strings.ContainsAny(iri, "<>\"{}|^` \n") || unescape(t, iri) != text {
			t.Errorf("IRI ending in %q was written as %q", text, iri)
		}
	})
}

func BenchmarkNQuads(b *testing.B) {
	quads := make([]quad.Quad, 10000)
	for i := range quads {
		quads[i] = about(quad.String(fmt.Sprint("text number ", i*7919%10000)))
		quads[i].Label = quad.IRI(fmt.Sprint("kg:claim/", i))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := write(b, "nquads", quads...); err != nil {
			b.Fatal(err)
		}
	}
}
