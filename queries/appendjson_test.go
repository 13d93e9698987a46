package queries_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

// written is a value as a table's rows have it.
func written(v queries.Value) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	queries.Table{Columns: []queries.Column{{Name: "x"}}, Rows: [][]queries.Cell{{{v}}}}.WriteJSONL(w)
	_ = w.Flush() // a buffer takes everything
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), `{"x": `), "}\n")
}

// values are those that a text and a number make in every place.
func values(text string, n int64, f float64) []queries.Value {
	return []queries.Value{
		{},
		{Term: quad.String(text)},
		{Term: quad.LangString{Value: quad.String(text), Lang: "nl"}},
		{Term: quad.TypedString{Value: quad.String(text), Type: "xsd:date"}, Inferred: true},
		{Term: quad.IRI(text), Label: text},
		{Term: quad.IRI("kg:x/" + text), Rule: text, Inferred: true, Unnamed: true},
		{Term: quad.Int(n), Rule: text},
		{Term: quad.Int(n), Inferred: true},
		{Term: quad.Bool(n > 0)},
		{Term: quad.Float(f)},
		{Term: quad.Float(f), Inferred: true},
		{Term: quad.Int(n), Unit: "gram", InUnit: text, Number: text, Symbol: "t"},
		{Term: quad.Int(n), Unit: "gram", InUnit: "-27.64", UpTo: quad.Int(n), UpToInUnit: "28", Qualifier: "kg:nearly", ReportedAs: text, Claim: quad.IRI("kg:claim/" + text)},
		{Term: quad.IRI("kg:someValue"), Unit: text, ReportedAs: text, Inferred: true},
	}
}

// What is written without encoding/json is what encoding/json writes.
func FuzzValuesAreWrittenAsEncodingJSONWrites(f *testing.F) {
	f.Add("EncroChat", int64(1), 1.5)
	f.Add("a \"b\" \\ <c> & \u2028 \u2029 \x00\x1f\x7f\b\f\n\r\t \xff\xc3 é 警察", int64(math.MinInt64), math.NaN())
	f.Add("", int64(0), math.Inf(1))
	f.Add("1e5", int64(7), 1e300)
	f.Add("--1.2.3", int64(7), math.Copysign(0, -1))
	f.Fuzz(func(t *testing.T, text string, n int64, number float64) {
		for i, v := range values(text, n, number) {
			if want, got := string(queries.JSONText(v)), written(v); got != want {
				t.Errorf("value %d: want %s, found %s", i, want, got)
			}
			if got := written(v); !json.Valid([]byte(got)) {
				t.Errorf("value %d: no JSON: %s", i, got)
			}
		}
	})
}
