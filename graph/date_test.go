package graph_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func date(t testing.TB, text string) graph.Date {
	t.Helper()
	if text == "" {
		return graph.Date{}
	}
	d, err := graph.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// randomDate favours dates that are near each other and of all precisions.
func randomDate(r *rand.Rand) graph.Date {
	d := graph.Date{Year: 2019 + r.IntN(3)}
	if r.IntN(3) > 0 {
		d.Month = 1 + r.IntN(12)
		if r.IntN(2) > 0 {
			d.Day = 1 + r.IntN(28)
		}
	}
	if r.IntN(20) == 0 {
		return graph.Date{}
	}
	return d
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		name, text  string
		want        graph.Date
		datatype    quad.IRI
		first, last string
	}{
		{"a day", "2021-02-20", graph.Date{Year: 2021, Month: 2, Day: 20}, "xsd:date", "2021-02-20", "2021-02-20"},
		{"a month", "2020-07", graph.Date{Year: 2020, Month: 7}, "xsd:gYearMonth", "2020-07-01", "2020-07-31"},
		{"a February", "2021-02", graph.Date{Year: 2021, Month: 2}, "xsd:gYearMonth", "2021-02-01", "2021-02-28"},
		{"a February of a leap year", "2020-02", graph.Date{Year: 2020, Month: 2}, "xsd:gYearMonth", "2020-02-01", "2020-02-29"},
		{"a December", "2020-12", graph.Date{Year: 2020, Month: 12}, "xsd:gYearMonth", "2020-12-01", "2020-12-31"},
		{"a year", "2020", graph.Date{Year: 2020}, "xsd:gYear", "2020-01-01", "2020-12-31"},
		{"the first year", "0001", graph.Date{Year: 1}, "xsd:gYear", "0001-01-01", "0001-12-31"},
		{"the last year", "9999-12-31", graph.Date{Year: 9999, Month: 12, Day: 31}, "xsd:date", "9999-12-31", "9999-12-31"},
		{"a leap day", "2020-02-29", graph.Date{Year: 2020, Month: 2, Day: 29}, "xsd:date", "2020-02-29", "2020-02-29"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := graph.ParseDate(tt.text)
			if err != nil || got != tt.want {
				t.Fatalf("ParseDate(%q) = %v, %v", tt.text, got, err)
			}
			if got.String() != tt.text {
				t.Errorf("printed as %q", got)
			}
			value := quad.TypedString{Value: quad.String(tt.text), Type: tt.datatype}
			if got.Value() != quad.Value(value) {
				t.Errorf("value %v, want %v", got.Value(), value)
			}
			if back, ok := graph.DateOf(value); !ok || back != got {
				t.Errorf("DateOf(%v) = %v, %v", value, back, ok)
			}
			if f, l := got.First().Format(time.DateOnly), got.Last().Format(time.DateOnly); f != tt.first || l != tt.last {
				t.Errorf("means %s to %s, want %s to %s", f, l, tt.first, tt.last)
			}
		})
	}
}

func TestParseDateRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                   "",
		"a word":                    "soon",
		"a day that does not exist": "2021-02-30",
		"no leap year":              "2021-02-29",
		"month 13":                  "2021-13",
		"month 0":                   "2021-00",
		"day 0":                     "2021-01-00",
		"the year 0":                "0000",
		"a year before our era":     "-021",
		"a year of five digits":     "20210",
		"one digit for the month":   "2021-7-02",
		"one digit for the day":     "2021-07-2",
		"the other way round":       "02-07-2021",
		"slashes":                   "2021/07/02",
		"a zone":                    "2021-07-02Z",
		"a time":                    "2021-07-02T00:00:00Z",
		"a space":                   "2021 ",
		"other digits":              "٢٠٢١",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := graph.ParseDate(text)
			var p *graph.Problem
			if !errors.As(err, &p) || got != (graph.Date{}) {
				t.Fatalf("ParseDate(%q) = %v, %v", text, got, err)
			}
			if want := fmt.Sprintf("want a date like 2020-07-02, 2020-07 or 2020, found %q", text); err.Error() != want {
				t.Errorf("message %q, want %q", err, want)
			}
		})
	}
}

func TestDateOfOtherValues(t *testing.T) {
	for name, v := range map[string]quad.Value{
		"nothing":                     nil,
		"text":                        quad.String("2020"),
		"a year called a date":        quad.TypedString{Value: "2020", Type: "xsd:date"},
		"a day called a year":         quad.TypedString{Value: "2020-07-02", Type: "xsd:gYear"},
		"a year of a foreign type":    quad.TypedString{Value: "2020", Type: "http://www.w3.org/2001/XMLSchema#gYear"},
		"a date with a zone":          quad.TypedString{Value: "2020-07-02Z", Type: "xsd:date"},
		"a number":                    quad.Int(2020),
		"the value of no date at all": graph.Date{}.Value(),
	} {
		t.Run(name, func(t *testing.T) {
			if d, ok := graph.DateOf(v); ok {
				t.Errorf("DateOf(%v) = %v", v, d)
			}
		})
	}
}

func TestDatesInOrder(t *testing.T) {
	want := []string{"2019", "2019-12-31", "2020", "2020-01", "2020-01-01", "2020-01-02", "2020-02", "2020-02-01", "2020-12", "2021", ""}
	dates := make([]graph.Date, len(want))
	for i, j := range rand.New(rand.NewPCG(1, 2)).Perm(len(want)) {
		dates[i] = date(t, want[j])
	}
	slices.SortFunc(dates, graph.Date.Compare)
	for i, d := range dates {
		if d.String() != want[i] {
			t.Fatalf("sorted: %v, want %v", dates, want)
		}
	}
}

// The order is total: of any three dates no two contradict, and only equal dates compare as equal.
func TestOrderOfDatesIsTotal(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		a, b, c := randomDate(r), randomDate(r), randomDate(r)
		if a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%v and %v: %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v, %v, %v go in a circle", a, b, c)
		}
		if (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("%v and %v compare as %d", a, b, a.Compare(b))
		}
		if a.Overlaps(b) != b.Overlaps(a) || !a.Overlaps(a) {
			t.Fatalf("overlap of %v and %v is not mutual", a, b)
		}
		if !a.IsZero() && !b.IsZero() && !a.Overlaps(b) && a.Compare(b) != a.First().Compare(b.First()) {
			t.Fatalf("%v and %v share no day and are ordered otherwise than their days", a, b)
		}
	}
	if (graph.Date{Month: 1}).Compare(graph.Date{}) != 0 {
		t.Error("two missing dates are not equal")
	}
}

func TestOverlap(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"the same day", "2020-07-02", "2020-07-02", true},
		{"a day and the next", "2020-07-02", "2020-07-03", false},
		{"a day of a month", "2020-07-31", "2020-07", true},
		{"a day after a month", "2020-08-01", "2020-07", false},
		{"a month of a year", "2020-12", "2020", true},
		{"a month after a year", "2021-01", "2020", false},
		{"a missing date may be any", "", "2020", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := date(t, tt.a).Overlaps(date(t, tt.b)); got != tt.want {
				t.Errorf("%q overlaps %q: %v", tt.a, tt.b, got)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	tests := []struct {
		name        string
		from, until string
		print       string
		backwards   bool
		overlaps    [][2]string
		apart       [][2]string
	}{
		{
			"the six weeks of Antwerp", "2021-02-20", "2021-04-03", "2021-02-20 to 2021-04-03", false,
			[][2]string{{"2021-04-02", "2021-04-03"}, {"2021", "2021"}, {"", "2021-02"}, {"2021-04-03", ""}, {"", ""}},
			[][2]string{{"2021-04-04", ""}, {"", "2021-02-19"}, {"2020", "2021-01"}},
		},
		{"open at its end", "2020", "", "since 2020", false, [][2]string{{"2030", "2040"}, {"2020-12-31", "2020-12-31"}}, [][2]string{{"", "2019"}}},
		{"open at its start", "", "2020-07", "until 2020-07", false, [][2]string{{"2020-07-31", ""}}, [][2]string{{"2020-08", ""}}},
		{"open at both", "", "", "", false, [][2]string{{"1900", "1900"}, {"", ""}}, nil},
		{"one day", "2020-07-02", "2020-07-02", "2020-07-02", false, [][2]string{{"2020", "2020"}}, [][2]string{{"2020-07-03", ""}}},
		{"a day within its own year", "2020-07-02", "2020", "2020-07-02 to 2020", false, nil, nil},
		{"backwards", "2021", "2020-12-31", "2021 to 2020-12-31", true, nil, nil},
		{"backwards by a day", "2021-04-03", "2021-04-02", "2021-04-03 to 2021-04-02", true, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := graph.Span{From: date(t, tt.from), Until: date(t, tt.until)}
			if s.String() != tt.print {
				t.Errorf("printed as %q, want %q", s, tt.print)
			}
			if s.Backwards() != tt.backwards {
				t.Errorf("backwards: %v", s.Backwards())
			}
			for want, others := range map[bool][][2]string{true: tt.overlaps, false: tt.apart} {
				for _, o := range others {
					other := graph.Span{From: date(t, o[0]), Until: date(t, o[1])}
					if s.Overlaps(other) != want || other.Overlaps(s) != want {
						t.Errorf("%q overlaps %q: %v and %v, want %v", s, other, s.Overlaps(other), other.Overlaps(s), want)
					}
				}
			}
		})
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2020", "2020-07", "2020-07-02", "0000", "-001", "2021-02-29", "20200702", "2020-7", "", "\xff\xff\xff\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := graph.ParseDate(text)
		if err != nil {
			if d != (graph.Date{}) {
				t.Errorf("ParseDate(%q) = %v beside an error", text, d)
			}
			return
		}
		if d.String() != text || d.IsZero() || d.First().After(d.Last()) {
			t.Errorf("ParseDate(%q) = %v", text, d)
		}
		if back, ok := graph.DateOf(d.Value()); !ok || back != d {
			t.Errorf("DateOf(%v) = %v, %v", d.Value(), back, ok)
		}
	})
}
