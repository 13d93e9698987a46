package queries_test

import (
	"encoding/json"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

func TestQuantitiesForPeople(t *testing.T) {
	s := schema(t)
	for _, tc := range []struct {
		name           string
		unit           string
		claim          graph.Claim
		want           string
		number, symbol string
	}{
		{"tonnes keep every digit", "gram", graph.Claim{Object: quad.Int(27640000)}, "27.64 t", "27.64", "t"},
		{"a gram more is not rounded away", "gram", graph.Claim{Object: quad.Int(27640001)}, "27.640001 t", "27.640001", "t"},
		{"kilograms", "gram", graph.Claim{Object: quad.Int(450000)}, "450 kg", "450", "kg"},
		{"a tonne less a gram", "gram", graph.Claim{Object: quad.Int(999999)}, "999.999 kg", "999.999", "kg"},
		{"grams", "gram", graph.Claim{Object: quad.Int(12)}, "12 g", "12", "g"},
		{"nothing", "gram", graph.Claim{Object: quad.Int(0)}, "0 g", "0", "g"},
		{"thousands of tonnes", "gram", graph.Claim{Object: quad.Int(1234567000000)}, "1,234,567 t", "1234567", "t"},
		{"the largest number", "gram", graph.Claim{Object: quad.Int(9223372036854775807)}, "9,223,372,036,854.775807 t", "9223372036854.775807", "t"},
		{"the smallest number", "gram", graph.Claim{Object: quad.Int(-9223372036854775808)}, "-9,223,372,036,854.775808 t", "-9223372036854.775808", "t"},
		{"counts", "count", graph.Claim{Object: quad.Int(60000)}, "60,000", "60000", ""},
		{"small counts", "count", graph.Claim{Object: quad.Int(746)}, "746", "746", ""},
		{"money in whole pounds", "GBP", graph.Claim{Object: quad.Int(5400000000)}, "54,000,000 GBP", "54000000", "GBP"},
		{"money with pennies", "GBP", graph.Claim{Object: quad.Int(150050)}, "1,500.5 GBP", "1500.5", "GBP"},
		{"pennies", "GBP", graph.Claim{Object: quad.Int(5)}, "0.05 GBP", "0.05", "GBP"},
		{"bitcoin", "BTC", graph.Claim{Object: quad.Int(150000000)}, "1.5 BTC", "1.5", "BTC"},
		{"shares", "percent", graph.Claim{Object: quad.Int(1250)}, "12.5%", "12.5", "%"},
		{"weeks", "week", graph.Claim{Object: quad.Int(6)}, "6 weeks", "6", "weeks"},
		{"one week", "week", graph.Claim{Object: quad.Int(1)}, "1 week", "1", "weeks"},
		{"data", "gigabyte", graph.Claim{Object: quad.Int(1_500_000_000_000)}, "1.5 TB", "1.5", "TB"},
		{"less data than the smallest unit", "gigabyte", graph.Claim{Object: quad.Int(500_000_000)}, "0.5 GB", "0.5", "GB"},
		{"at least", "gram", graph.Claim{Object: quad.Int(2000000), Qualifier: graph.AtLeast}, "at least 2 t", "2", "t"},
		{"at most", "count", graph.Claim{Object: quad.Int(9), Qualifier: graph.AtMost}, "at most 9", "9", ""},
		{"nearly", "gram", graph.Claim{Object: quad.Int(11000000), Qualifier: graph.Nearly}, "nearly 11 t", "11", "t"},
		{"about", "GBP", graph.Claim{Object: quad.Int(150000), Qualifier: graph.Approx}, "about 1,500 GBP", "1500", "GBP"},
		{"an estimate", "EUR", graph.Claim{Object: quad.Int(140000000000), Qualifier: graph.Estimated}, "an estimated 1,400,000,000 EUR", "1400000000", "EUR"},
		{"a range", "gram", graph.Claim{Object: quad.Int(2000000), UpTo: quad.Int(3000000)}, "2 to 3 t", "2", "t"},
		{"a range over two units", "gram", graph.Claim{Object: quad.Int(450000), UpTo: quad.Int(1200000)}, "450 kg to 1.2 t", "450", "kg"},
		{"about a range", "count", graph.Claim{Object: quad.Int(1000), UpTo: quad.Int(2000), Qualifier: graph.Approx}, "about 1,000 to 2,000", "1000", ""},
		{"dozens", "count", graph.Claim{Object: graph.SomeValue, ReportedAs: "dozens", Qualifier: graph.Approx}, "dozens (no number given)", "", ""},
		{"some", "count", graph.Claim{Object: graph.SomeValue}, "some (no number given)", "", ""},
		{"none", "count", graph.Claim{Object: graph.NoValue}, "none", "", ""},
		{"withheld", "count", graph.Claim{Object: graph.Withheld}, "withheld", "", ""},
		{"inferred", "count", graph.Claim{Object: quad.Int(3), Basis: graph.Inferred}, "3 (inferred)", "3", ""},
		{"a unit that the schema does not know", "furlong", graph.Claim{Object: quad.Int(1000)}, "1,000 furlong", "1000", "furlong"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := queries.ClaimedQuantity(s, tc.unit, tc.claim)
			if v.Text() != tc.want || v.Number != tc.number || v.Symbol != tc.symbol {
				t.Errorf("got %q, %q and %q; want %q, %q and %q", v.Text(), v.Number, v.Symbol, tc.want, tc.number, tc.symbol)
			}
		})
	}
}

func TestOtherValuesForPeople(t *testing.T) {
	for _, tc := range []struct {
		value queries.Value
		want  string
	}{
		{queries.Value{Term: quad.IRI("kg:platform/x"), Label: "X"}, "X"},
		{queries.Value{Term: quad.IRI("kg:platform/x")}, "kg:platform/x"},
		{queries.Value{Term: quad.IRI("kg:agency/x"), Label: "X", Unnamed: true, Inferred: true}, "X (unnamed group) (inferred)"},
		{queries.Value{Term: quad.Int(12345)}, "12,345"},
		{queries.Value{Term: quad.Bool(true)}, "true"},
		{queries.Value{Term: quad.String("words")}, "words"},
		{queries.Value{Term: graph.Date{Year: 2020, Month: 7}.Value()}, "2020-07"},
		{queries.Value{}, ""},
	} {
		if got := tc.value.Text(); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestValuesAsJSON(t *testing.T) {
	s := schema(t)
	quantity := func(unit string, c graph.Claim) queries.Value { return queries.ClaimedQuantity(s, unit, c) }
	for _, tc := range []struct {
		name  string
		value queries.Value
		want  string
	}{
		{
			"a quantity", quantity("gram", graph.Claim{ID: "kg:claim/A-1", Object: quad.Int(28000000), Qualifier: graph.Nearly, ReportedAs: "Nearly 28 tons"}),
			`{"value":28000000,"unit":"gram","text":"28 t","qualifier":"nearly","reported_as":"Nearly 28 tons","claim":"A-1"}`,
		},
		{"a range", quantity("gram", graph.Claim{Object: quad.Int(1), UpTo: quad.Int(2)}), `{"value":1,"up_to":2,"unit":"gram","text":"1 to 2 g"}`},
		{"money in its unit, not in cents", quantity("EUR", graph.Claim{Object: quad.Int(140000000000)}), `{"value":1400000000,"unit":"EUR","text":"1,400,000,000 EUR"}`},
		{"money with cents", quantity("EUR", graph.Claim{Object: quad.Int(150050), UpTo: quad.Int(160001)}), `{"value":1500.5,"up_to":1600.01,"unit":"EUR","text":"1,500.5 to 1,600.01 EUR"}`},
		{"a share in per cent", quantity("percent", graph.Claim{Object: quad.Int(1250)}), `{"value":12.5,"unit":"percent","text":"12.5%"}`},
		{"a stated zero", quantity("count", graph.Claim{Object: quad.Int(0)}), `{"value":0,"unit":"count","text":"0"}`},
		{"no number", quantity("count", graph.Claim{Object: graph.SomeValue, ReportedAs: "dozens"}), `{"unit":"count","text":"dozens (no number given)","reported_as":"dozens","missing":"someValue"}`},
		{"an entity", queries.Value{Term: quad.IRI("kg:platform/x"), Label: "X"}, `{"id":"kg:platform/x","name":"X"}`},
		{"an inferred entity", queries.Value{Term: quad.IRI("kg:platform/x"), Label: "X", Inferred: true}, `{"id":"kg:platform/x","name":"X","inferred":true}`},
		{"an unnamed group", queries.Value{Term: quad.IRI("kg:agency/x"), Label: "X", Unnamed: true}, `{"id":"kg:agency/x","name":"X","unnamed":true}`},
		{"a text", queries.Value{Term: quad.String("words")}, `"words"`},
		{"a text in a language", queries.Value{Term: quad.LangString{Value: "mots", Lang: "fr"}}, `"mots"`},
		{"a date", queries.Value{Term: graph.Date{Year: 2020}.Value()}, `"2020"`},
		{"an inferred date", queries.Value{Term: graph.Date{Year: 2020}.Value(), Inferred: true}, `{"value":"2020","inferred":true}`},
		{"a number", queries.Value{Term: quad.Int(3)}, `3`},
		{"a fraction", queries.Value{Term: quad.Float(1.5)}, `1.5`},
		{"a boolean", queries.Value{Term: quad.Bool(true)}, `true`},
		{"nothing", queries.Value{}, `null`},
		{"a blank node", queries.Value{Term: quad.BNode("b")}, `"_:b"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := json.Marshal(tc.value)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %s, %v; want %s", got, err, tc.want)
			}
		})
	}
}
