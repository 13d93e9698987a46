package gizmo

import (
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A period is the time from start up to, and without, end.
type period struct{ start, end time.Time }

// periodOf returns the time that a date covers: a year, a month, a day or an instant. A date with a
// zone covers the day there.
func periodOf(v quad.Value) (period, bool) {
	switch v := v.(type) {
	case quad.Time:
		t := time.Time(v)
		return period{t, t.Add(time.Nanosecond)}, true
	case quad.TypedString:
		return periodOfTyped(v)
	default:
		return period{}, false
	}
}

const xsdNamespace = "http://www.w3.org/2001/XMLSchema#"

// xsdName returns the name of a datatype of XML Schema, written in short or in full.
func xsdName(t quad.IRI) string {
	if name, ok := strings.CutPrefix(string(t), "xsd:"); ok {
		return name
	}
	if name, ok := strings.CutPrefix(string(t), xsdNamespace); ok {
		return name
	}
	return ""
}

func periodOfTyped(v quad.TypedString) (period, bool) {
	switch xsdName(v.Type) {
	case "gYear", "gYearMonth", "date":
		if d, err := graph.ParseDate(string(v.Value)); err == nil {
			return period{d.First(), d.Last().AddDate(0, 0, 1)}, true
		}
		if t, err := time.Parse("2006-01-02Z07:00", string(v.Value)); err == nil {
			return period{t.UTC(), t.UTC().AddDate(0, 0, 1)}, true
		}
	case "dateTime":
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
			if t, err := time.Parse(layout, string(v.Value)); err == nil {
				return period{t, t.Add(time.Nanosecond)}, true
			}
		}
	}
	return period{}, false
}

// overlaps reports whether two periods share an instant.
func (p period) overlaps(q period) bool {
	return p.start.Before(q.end) && q.start.Before(p.end)
}

// parseDate reads a date as people write it.
func parseDate(text string) (quad.Value, bool) {
	if d, err := graph.ParseDate(text); err == nil {
		return d.Value(), true
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return quad.Time(t), true
	}
	return nil, false
}

// allTime is a period that no date leaves.
func allTime() period {
	return period{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
}
