package graph_test

import (
	"math"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func TestNative(t *testing.T) {
	typed := func(value, datatype string) quad.TypedString {
		return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}
	}
	at := func(text string) quad.Value {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return quad.Time(v)
	}
	tests := []struct {
		name            string
		value, datatype string
		want            quad.Value // nil: stays typed
	}{
		{"a number", "42", "xsd:integer", quad.Int(42)},
		{"a negative number", "-42", "xsd:integer", quad.Int(-42)},
		{"zero", "0", "xsd:integer", quad.Int(0)},
		{"the greatest integer", "9223372036854775807", "xsd:integer", quad.Int(math.MaxInt64)},
		{"the least integer", "-9223372036854775808", "xsd:integer", quad.Int(math.MinInt64)},
		{"one more than the greatest", "9223372036854775808", "xsd:integer", nil},
		{"a zero in front", "042", "xsd:integer", nil},
		{"a plus", "+1", "xsd:integer", nil},
		{"minus zero", "-0", "xsd:integer", nil},
		{"a space", " 1", "xsd:integer", nil},
		{"an underscore, which Go would take", "1_000", "xsd:integer", nil},
		{"no digits", "", "xsd:integer", nil},
		{"another integer type", "42", "xsd:long", nil},
		{"an integer whose datatype is full", "42", "http://www.w3.org/2001/XMLSchema#integer", nil},

		{"a canonical double", "1.0E0", "xsd:double", quad.Float(1)},
		{"a small one", "-2.5E-3", "xsd:double", quad.Float(-0.0025)},
		{"the greatest double", "1.7976931348623157E308", "xsd:double", quad.Float(math.MaxFloat64)},
		{"the least double", "5.0E-324", "xsd:double", quad.Float(math.SmallestNonzeroFloat64)},
		{"a double as a decimal", "1.0", "xsd:double", nil},
		{"an exponent with a plus", "1.0E+0", "xsd:double", nil},
		{"Cayley's own spelling", "1E+00", "xsd:double", nil},
		{"a small e", "1.0e0", "xsd:double", nil},
		{"more digits than a double holds", "1.00000000000000000001E0", "xsd:double", nil},
		{"more than a double holds", "1.0E309", "xsd:double", nil},
		{"minus zero as a double, which equals zero in Go", "-0.0E0", "xsd:double", nil},
		{"zero as a double", "0.0E0", "xsd:double", quad.Float(0)},
		{"infinity", "INF", "xsd:double", nil},
		{"minus infinity", "-INF", "xsd:double", nil},
		{"not a number", "NaN", "xsd:double", nil},
		{"hexadecimal, which Go would take", "0x1p-2", "xsd:double", nil},
		{"a float of single precision", "1.0E0", "xsd:float", nil},
		{"a decimal", "1.5", "xsd:decimal", nil},

		{"true", "true", "xsd:boolean", quad.Bool(true)},
		{"false", "false", "xsd:boolean", quad.Bool(false)},
		{"true as a number", "1", "xsd:boolean", nil},
		{"false as a number", "0", "xsd:boolean", nil},
		{"True", "True", "xsd:boolean", nil},
		{"no truth at all", "", "xsd:boolean", nil},

		{"a time", "2021-03-09T05:00:00Z", "xsd:dateTime", at("2021-03-09T05:00:00Z")},
		{"a zone offset", "2021-03-09T05:00:00+01:00", "xsd:dateTime", nil},
		{"an offset of zero", "2021-03-09T05:00:00+00:00", "xsd:dateTime", nil},
		{"an unknown offset", "2021-03-09T05:00:00-00:00", "xsd:dateTime", nil},
		{"no zone", "2021-03-09T05:00:00", "xsd:dateTime", nil},
		{"a fraction, which Cayley cuts off when it compares", "2021-03-09T05:00:00.5Z", "xsd:dateTime", nil},
		{"a fraction of nothing", "2021-03-09T05:00:00.000Z", "xsd:dateTime", nil},
		{"a fraction after a comma", "2021-03-09T05:00:00,5Z", "xsd:dateTime", nil},
		{"the year 9999", "9999-12-31T23:59:59Z", "xsd:dateTime", at("9999-12-31T23:59:59Z")},
		{"the year 10000", "10000-01-01T00:00:00Z", "xsd:dateTime", nil},
		{"a year before our era", "-0001-01-01T00:00:00Z", "xsd:dateTime", nil},
		{"the end of a day", "2021-03-09T24:00:00Z", "xsd:dateTime", nil},
		{"a leap second", "2016-12-31T23:59:60Z", "xsd:dateTime", nil},
		{"a small z", "2021-03-09T05:00:00z", "xsd:dateTime", nil},
		{"a day that does not exist", "2021-02-30T05:00:00Z", "xsd:dateTime", nil},

		{"a plain string", "1", "xsd:string", quad.String("1")},
		{"a date", "2021-03-09", "xsd:date", nil},
		{"a datatype of nobody", "1", "urn:x", nil},
		{"no datatype", "1", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := typed(tt.value, tt.datatype)
			want := tt.want
			if want == nil {
				want = in
			}
			got := graph.Native(in)
			if got != want {
				t.Fatalf("Native(%v) = %#v, want %#v", in, got, want)
			}
			if back, ok := graph.Lexical(got); ok && back != in {
				t.Errorf("Lexical(%#v) = %v, want %v", got, back, in)
			}
		})
	}
}

func TestLexical(t *testing.T) {
	zone := time.FixedZone("", 3600)
	tests := []struct {
		name           string
		value          quad.Value
		text, datatype string
	}{
		{"an infinite double", quad.Float(math.Inf(1)), "INF", "xsd:double"},
		{"the other infinity", quad.Float(math.Inf(-1)), "-INF", "xsd:double"},
		{"not a number", quad.Float(math.NaN()), "NaN", "xsd:double"},
		{"minus zero", quad.Float(math.Copysign(0, -1)), "-0.0E0", "xsd:double"},
		{"a time of another zone, in UTC", quad.Time(time.Date(2021, 3, 9, 6, 0, 0, 5e8, zone)), "2021-03-09T05:00:00.5Z", "xsd:dateTime"},
		{"truth", quad.Bool(true), "true", "xsd:boolean"},
		{"a number", quad.Int(-7), "-7", "xsd:integer"},
		{"a large double", quad.Float(1e21), "1.0E21", "xsd:double"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := graph.Lexical(tt.value)
			if want := (quad.TypedString{Value: quad.String(tt.text), Type: quad.IRI(tt.datatype)}); !ok || got != want {
				t.Errorf("Lexical(%#v) = %v, %v, want %v", tt.value, got, ok, want)
			}
		})
	}
	for _, v := range []quad.Value{nil, quad.String("1"), quad.IRI("kg:x"), quad.TypedString{Value: "1", Type: "xsd:integer"}} {
		if got, ok := graph.Lexical(v); ok {
			t.Errorf("Lexical(%#v) = %v, want none", v, got)
		}
	}
}

func FuzzLiteral(f *testing.F) {
	for _, text := range []string{
		"", "0", "-0", "+0", "042", "9223372036854775808", "1.0E0", "1E+00", "-0.0E0", "1.0E309", "INF", "-INF", "NaN", "+Inf", "0x1p-2",
		"true", "1", "True", "2021-03-09T05:00:00Z", "2021-03-09T05:00:00.5Z", "10000-01-01T00:00:00Z", "2021-03-09T24:00:00Z", "\xff",
	} {
		for kind := range uint8(6) {
			f.Add(text, kind)
		}
	}
	datatypes := []quad.IRI{"xsd:integer", "xsd:double", "xsd:boolean", "xsd:dateTime", "xsd:decimal", "urn:x"}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		in := quad.TypedString{Value: quad.String(text), Type: datatypes[int(kind)%len(datatypes)]}
		v := graph.Native(in)
		back, native := graph.Lexical(v)
		if !native {
			if v != quad.Value(in) {
				t.Fatalf("Native(%v) = %#v, want it as it is", in, v)
			}
			return
		}
		if back != in {
			t.Errorf("Native(%v) = %#v, which prints as %v", in, v, back)
		}
		// Cayley knows a value by this spelling, so it must tell as much as the literal does.
		if in.Type != "xsd:double" && in.Type != "xsd:boolean" && v.String() != in.String() {
			t.Errorf("Cayley spells %v as %s", in, v)
		}
		if again := graph.Native(in); again != v {
			t.Errorf("%#v could never be found: it is not equal to %#v", v, again)
		}
	})
}
