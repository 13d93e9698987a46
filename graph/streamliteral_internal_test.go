package graph

import (
	"testing"

	"github.com/cayleygraph/quad"
)

// TestPlainLiteralsAreWhatTheirValuesAre compares the looks of a literal with the value that is made of it.
func TestPlainLiteralsAreWhatTheirValuesAre(t *testing.T) {
	texts := []string{
		"", "0", "-0", "-", "7", "-7", "07", "+7", "1e3", " 1", "1 ", "999999999999999999", "-999999999999999999",
		"9223372036854775807", "9223372036854775808", "12a", "٣",
		"2020-07-02", "2020-02-29", "2021-02-29", "1900-02-29", "2000-02-29", "2020-04-30", "2020-04-31", "2020-12-31", "2020-12-32",
		"2020-13-01", "2020-00-01", "2020-01-00", "0000-01-01", "0999-01-01", "2020-7-02", "2020-07-2", "2020/07/02", "-020-01-01", "-123-01-01",
		"2020-07-02Z", "2020-07", "2020", "20a0-07-02", "2020-a7-02", "2020-07-b2", "٣٣-07-02",
	}
	plain := 0
	for _, datatype := range []quad.IRI{xsdInteger, xsdDate, xsdGYear, xsdDouble, "xsd:decimal"} {
		for _, text := range texts {
			term := Term{Kind: TypedTerm, Text: []byte(text), More: []byte(datatype)}
			v := term.Value()
			n, isInt := v.(quad.Int)
			day, isDate := DateOf(v)
			is, got := term.plain()
			switch {
			case is == plainInteger && (!isInt || got != int64(n)):
				t.Errorf("%q of type %s is taken for the integer %d, but is %v", text, datatype, got, v)
			case is == plainDate && (!isDate || day.Day == 0 || storable(v) != v):
				t.Errorf("%q of type %s is taken for a day, but is %v", text, datatype, v)
			case is != notPlain:
				plain++
			}
		}
	}
	if plain != 6+5 {
		t.Errorf("%d literals are plain, want 11", plain)
	}
}
