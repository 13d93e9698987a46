package graph

import (
	"fmt"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
)

// A Date is a day, a month or a year: as precise as the document that gives it. Month and Day are
// zero where they are not given; the zero Date is no date.
type Date struct {
	Year, Month, Day int
}

// ParseDate reads 2020, 2020-07 or 2020-07-02. The error is a *[Problem] without a position.
func ParseDate(text string) (Date, error) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if len(text) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, text)
		if err != nil || t.Year() == 0 {
			break
		}
		d := Date{Year: t.Year()}
		if len(layout) > 4 {
			d.Month = int(t.Month())
		}
		if len(layout) > 7 {
			d.Day = t.Day()
		}
		return d, nil
	}
	return Date{}, &Problem{Want: "a date like 2020-07-02, 2020-07 or 2020", Found: fmt.Sprintf("%q", text)}
}

// DateOf returns the date in a value of the store, and whether it holds one.
func DateOf(v quad.Value) (Date, bool) {
	t, ok := v.(quad.TypedString)
	if !ok {
		return Date{}, false
	}
	d, err := ParseDate(string(t.Value))
	return d, err == nil && d.Value() == t
}

// Value returns the literal of the store: xsd:gYear, xsd:gYearMonth or xsd:date.
func (d Date) Value() quad.Value {
	t := xsdDate
	switch {
	case d.Month == 0:
		t = xsdGYear
	case d.Day == 0:
		t = xsdGYearMonth
	}
	return quad.TypedString{Value: quad.String(d.String()), Type: t}
}

// IsZero says whether the date is missing.
func (d Date) IsZero() bool { return d.Year == 0 }

// String prints the date as precisely as it is known.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	s := fmt.Sprintf("%04d", d.Year)
	if d.Month > 0 {
		s += "-" + pad2(d.Month)
	}
	if d.Day > 0 {
		s += "-" + pad2(d.Day)
	}
	return s
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// First is the first day that the date may mean.
func (d Date) First() time.Time {
	return time.Date(d.Year, time.Month(max(1, d.Month)), max(1, d.Day), 0, 0, 0, 0, time.UTC)
}

// Last is the last day that the date may mean.
func (d Date) Last() time.Time {
	switch {
	case d.Month == 0:
		return time.Date(d.Year, time.December, 31, 0, 0, 0, 0, time.UTC)
	case d.Day == 0:
		return time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC)
	default:
		return d.First()
	}
}

// Compare orders dates of any precision: by the first day that they may mean, and from the same
// first day the less precise before the more precise: 2020, 2020-01, 2020-01-01, 2020-01-02. No date
// stands last. Only equal dates compare as 0.
func (d Date) Compare(e Date) int {
	switch {
	case d == e, d.IsZero() && e.IsZero():
		return 0
	case d.IsZero():
		return 1
	case e.IsZero():
		return -1
	}
	if c := d.First().Compare(e.First()); c != 0 {
		return c
	}
	return e.Last().Compare(d.Last()) // the wider date first
}

// Overlaps says whether the two dates may mean the same day. A missing date may mean any.
func (d Date) Overlaps(e Date) bool {
	return Span{d, d}.Overlaps(Span{e, e})
}

// A Span is the time from one date to another; a zero date leaves that end open.
type Span struct {
	From, Until Date
}

// Overlaps says whether the spans may share a day.
func (s Span) Overlaps(t Span) bool {
	return notAfter(s.From, t.Until) && notAfter(t.From, s.Until)
}

// notAfter says whether a span that starts at from can share a day with one that ends at until.
func notAfter(from, until Date) bool {
	return from.IsZero() || until.IsZero() || !from.First().After(until.Last())
}

// Backwards says whether the span certainly ends before it starts.
func (s Span) Backwards() bool {
	return !s.From.IsZero() && !s.Until.IsZero() && s.Until.Last().Before(s.From.First())
}

// String prints the span for people: "2021-02-20 to 2021-04-03", "since 2020", "until 2020-07".
func (s Span) String() string {
	switch {
	case s.From.IsZero() && s.Until.IsZero():
		return ""
	case s.From.IsZero():
		return "until " + s.Until.String()
	case s.Until.IsZero():
		return "since " + s.From.String()
	case s.From == s.Until:
		return s.From.String()
	default:
		return s.From.String() + " to " + s.Until.String()
	}
}
